"""Sentences for why a spreadsheet is not read, or does not come back, by code."""

from __future__ import annotations

from flask_babel import lazy_gettext

SHEET_REFUSALS = {
    "cell_is_too_long": lazy_gettext(
        "Row %(row)s of the file holds a text that is longer than %(most)s characters, which is the most that is read. "
        "Shorten it."
    ),
    "file_is_no_sheet": lazy_gettext(
        "This is not a spreadsheet. Choose an Excel file (XLSX or XLS), an OpenDocument sheet (ODS) or a CSV."
    ),
    "plan_has_moved_on": lazy_gettext(
        "The plan was changed after the sheet was taken. Restore the version before under the plan’s versions, if you "
        "want it back."
    ),
    "sheet_cannot_be_written": lazy_gettext("%(reason)s"),
    "sheet_changed_nothing": lazy_gettext("The sheet has changed nothing, so there is nothing to undo."),
    "sheet_is_none_of_a_plan": lazy_gettext(
        "No sheet in this file has the column Id of a plan’s sheet. Download one under Export, and bring that back."
    ),
    "sheet_is_taken": lazy_gettext("This sheet is taken already. Bring it back once more to compare it anew."),
    "sheet_wants_choices": lazy_gettext("Choose for each cell that both sides have changed: %(num)s are left."),
    "sheet_file_too_large": lazy_gettext(
        "The file is larger than %(most)s MB. Split it, or leave out what is not needed."
    ),
    "sheet_has_bad_text_index": lazy_gettext(
        "The workbook is damaged: one of its cells points to a text that is not in the file. Open and save it in Excel."
    ),
    "sheet_has_entities": lazy_gettext(
        "The file declares XML entities, which no spreadsheet needs and which can be made to fill the memory. "
        "It was not read."
    ),
    "sheet_has_nul": lazy_gettext(
        "Line %(row)s of the file holds a NUL character, which no text has. Export the file again as CSV (UTF-8)."
    ),
    "sheet_has_odd_names": lazy_gettext(
        "A part of the file is named to lead out of its folder, which no spreadsheet needs. It was not read."
    ),
    "sheet_has_too_many_cells": lazy_gettext(
        "The file has more than %(most)s cells. Split it, or delete the formatted empty rows and columns."
    ),
    "sheet_has_too_many_columns": lazy_gettext(
        "The sheet “%(sheet)s” reaches further to the right than column %(most)s. Delete what stands there."
    ),
    "sheet_has_too_many_parts": lazy_gettext(
        "The file is packed from more than %(most)s parts, more than any spreadsheet has. It was not read."
    ),
    "sheet_has_too_many_rows": lazy_gettext(
        "The sheet “%(sheet)s” has more than %(most)s rows. Split it, or delete the empty rows at its end."
    ),
    "sheet_has_too_many_sheets": lazy_gettext(
        "The file has more than %(most)s sheets. Leave only those that are needed."
    ),
    "sheet_is_damaged": lazy_gettext(
        "The file is damaged, or not whole. Open it in your spreadsheet and save it again."
    ),
    "sheet_is_empty": lazy_gettext("There is nothing in this file: no row has a value."),
    "sheet_is_encrypted": lazy_gettext("The file is protected by a password. Save it without one."),
    "sheet_is_web_page": lazy_gettext(
        "This is a web page or an XML file under the name of a spreadsheet. Open it in Excel and save it as XLSX."
    ),
    "sheet_is_xlsb": lazy_gettext("This is a binary workbook (XLSB). Save it as XLSX."),
    "sheet_mixes_delimiters": lazy_gettext(
        "Row %(row)s of the file separates its cells by “%(found)s”, the others by “%(usual)s”. Export the file again, "
        "with one of them."
    ),
    "sheet_quotes_unbalanced": lazy_gettext(
        "From line %(row)s of the file on, a cell begins with a quotation mark that never ends. Correct it there."
    ),
    "sheet_unpacks_too_large": lazy_gettext(
        "The file unpacks to far more than it shows (the most is %(most)s MB), and was not read."
    ),
}
