"""How pages ask for what comes in: a file or a text, an application, and a draft to be confirmed."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, StringField, TextAreaField

from planner.forms.asking import AskingForm, RowForm, Rows
from planner.forms.fields import LanguagesField, PickField
from planner.forms.planning_files import FileForm
from planner.forms.staffing_projects import whole_number
from planner.schemas.hiring_intake import ApplicationSaid, ConfirmedSaid, IntakeSaid
from planner.schemas.said import Said

ACCEPTED = ".pdf,.docx,.json,.txt"


class IntakeForm(FileForm):
    """A file, or a text."""

    schema = IntakeSaid
    requisition_id = PickField(_("For requisition"), "requisitions", blank=_("none yet"))
    file = FileField(_("CV or JSON Resume"), description=_("PDF, DOCX, JSON or text."))
    text = TextAreaField(_("Or a pasted text"))

    @property
    def has_file(self) -> bool:
        """Whether a file was chosen."""
        return bool(self.file.data and self.file.data.filename)


class ApplicationForm(FileForm):
    """Somebody's own application. The field that people do not see is filled in by programs only."""

    schema = ApplicationSaid
    name = StringField(_("Your name"))
    email = StringField(_("Your e-mail address"))
    file = FileField(_("Your CV"), description=_("PDF, DOCX, JSON Resume or text. Please no photo."))
    message = TextAreaField(_("What you want to say"))
    has_read_notice = BooleanField(_("I have read how my data is used"))
    website = StringField(_("Leave this empty"))

    @property
    def has_file(self) -> bool:
        """Whether a file was chosen."""
        return bool(self.file.data and self.file.data.filename)

    @property
    def is_by_program(self) -> bool:
        """Whether the field that people do not see was filled in."""
        return bool(self.website.data)


class DropForm(AskingForm):
    """Nothing is said but that nothing is taken."""

    schema = Said


class ConfirmedSkillRow(RowForm):
    """A skill that was read; without a level it is not taken."""

    skill_id = HiddenField()
    level = whole_number(_("Level"))


class ConfirmForm(AskingForm):
    """A draft, field by field."""

    schema = ConfirmedSaid
    name = StringField(_("Name"))
    email = StringField(_("E-mail"))
    languages = LanguagesField(_("Languages"), description=_("Separated by commas."))
    requisition_id = PickField(_("For requisition"), "requisitions", blank=_("none yet"))
    skills = Rows(ConfirmedSkillRow, _("Skills"))
    note = TextAreaField(_("Note"), description=_("Only what matters for the work. Candidates may ask to read it."))
    merge_into = PickField(_("This is"), "known", blank=_("somebody new"))
    is_another_person = BooleanField(_("Another person with the same address"))

    def payload(self) -> dict[str, Any]:
        said = super().payload()
        said["skills"] = [row for row in said.get("skills", []) if row.get("level") is not None]
        return said
