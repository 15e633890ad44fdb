"""How a page asks for a file of the exchange format."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, StringField

from planner.forms.asking import AskingForm
from planner.schemas.planning_files import PlanFileSaid, ProblemFileSaid


class FileForm(AskingForm):
    """A form with a file."""

    file: FileField

    def content(self) -> bytes:
        """The bytes of the file, however often they are asked for."""
        self.file.data.seek(0)
        data: bytes = self.file.data.read()
        return data


class ProblemFileForm(FileForm):
    """A staffing problem to open."""

    schema = ProblemFileSaid
    file = FileField(_("Staffing problem (JSON)"), validators=[FileRequired(_("Choose a file."))])
    is_replacing = BooleanField(_("Replace the people, projects and plans that are here"))


class PlanFileForm(FileForm):
    """A plan file to open on the workspace."""

    schema = PlanFileSaid
    title = StringField(_("Title"))
    file = FileField(_("Staffing plan (JSON)"), validators=[FileRequired(_("Choose a file."))])
