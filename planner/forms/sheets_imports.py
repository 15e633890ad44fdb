"""How pages ask for a sheet, and what its columns mean."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import BooleanField, FieldList, TextAreaField

from planner.forms.asking import AskingForm
from planner.forms.fields import PickField
from planner.schemas.sheets_imports import MOST_COLUMNS, MappingSaid, UploadSaid

ACCEPTED = ".xlsx,.xlsm,.xls,.ods,.csv,.tsv,.txt"


class UploadForm(AskingForm):
    """A file, or cells that were copied in a spreadsheet."""

    schema = UploadSaid
    file = FileField(_("Spreadsheet"), description=_("XLSX, XLS, ODS or CSV; the first row that has headings counts."))
    text = TextAreaField(
        _("Cells copied in a spreadsheet"), description=_("With their headings in the first row, cells apart by tabs.")
    )

    def content(self) -> bytes:
        """The bytes of the file; nothing where none was chosen."""
        if not self.file.data:
            return b""
        self.file.data.seek(0)
        data: bytes = self.file.data.read()
        return data

    @property
    def file_name(self) -> str:
        return str(getattr(self.file.data, "filename", "") or "")


class MappingForm(AskingForm):
    """What each column means, in the order of the sheet."""

    schema = MappingSaid
    columns = FieldList(PickField(_("means"), "columns", blank=_("leave it out")), max_entries=MOST_COLUMNS)
    is_clearing = BooleanField(
        _("An empty cell clears what is here"), description=_("Without this, an empty cell says nothing.")
    )

    def payload(self) -> dict[str, Any]:
        """Every column in its place, also one that is left out."""
        return {
            "columns": [entry.data or "" for entry in self.columns.entries],
            "is_clearing": bool(self.is_clearing.data),
        }
