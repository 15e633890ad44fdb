"""How a page asks for a file of the exchange format."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, StringField

from planner.forms.asking import AskingForm
from planner.schemas.planning_files import PlanFileSaid, ProblemFileSaid


class ProblemFileForm(AskingForm):
    """A staffing problem to open."""

    schema = ProblemFileSaid
    file = FileField(_("Staffing problem (JSON)"), validators=[FileRequired(_("Choose a file."))])
    is_replacing = BooleanField(_("Replace the people, projects and plans that are here"))


class PlanFileForm(AskingForm):
    """A plan file to open on the workspace."""

    schema = PlanFileSaid
    title = StringField(_("Title"))
    file = FileField(_("Staffing plan (JSON)"), validators=[FileRequired(_("Choose a file."))])
