"""How a page asks for a plan's sheet that comes back, and for what shall stand where both sides have changed it."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired

from planner.forms.planning_files import FileForm
from planner.forms.planning_plans import ReasonForm
from planner.schemas.sheets_plans import SheetFileSaid, SheetTakenSaid

CHOICE, NAME = "choose:", "name:"


class SheetFileForm(FileForm):
    """A sheet to bring back."""

    schema = SheetFileSaid
    file = FileField(_("Sheet (XLSX, XLS, ODS or CSV)"), validators=[FileRequired(_("Choose a file."))])


class SheetTakeForm(ReasonForm):
    """The choices of a merge; the page writes a radio button for each side of each cell."""

    schema = SheetTakenSaid

    @property
    def choices(self) -> dict[str, str]:
        """Which side was chosen, by cell."""
        return _named(CHOICE)

    @property
    def names(self) -> dict[str, str]:
        """Who is meant, by seat."""
        return _named(NAME)

    def payload(self) -> dict[str, Any]:
        return {**super().payload(), "choices": self.choices, "names": self.names}


def _named(prefix: str) -> dict[str, str]:
    return {
        name.removeprefix(prefix): value for name, value in request.form.items() if name.startswith(prefix) and value
    }
