"""Sentences for why a sheet is not imported, or not undone, by code."""

from __future__ import annotations

from flask_babel import lazy_gettext

IMPORT_REFUSALS = {
    "no_sheet_came_in": lazy_gettext("Choose a file, or paste cells with their headings."),
    "choices_are_open": lazy_gettext("%(num)s rows were changed on both sides. Choose which value holds."),
    "column_is_not_known": lazy_gettext("There is no column called “%(name)s”."),
    "column_is_mapped_twice": lazy_gettext("Another column has this meaning already."),
    "import_is_no_import": lazy_gettext("This was not imported: there is nothing to undo."),
    "import_is_over": lazy_gettext("This was imported already."),
    "import_is_undone": lazy_gettext("This was undone already."),
    "no_column_is_mapped": lazy_gettext("Say of at least one column what it means."),
    "nothing_to_import": lazy_gettext("There is nothing to change: what the sheet says is here already."),
    "removal_not_yours": lazy_gettext("You may not remove “%(title)s”."),
    "table_is_not_known": lazy_gettext("There is no such table. Choose one of: %(kinds)s."),
    "sheet_is_not_there": lazy_gettext("The file has no such sheet. It has: %(names)s."),
    "not_your_project": lazy_gettext("This project is another manager’s: you may see it, but not change it."),
    "rows_are_refused": lazy_gettext("%(num)s rows are refused. Correct them, or leave them out."),
}
