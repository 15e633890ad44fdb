"""How a page asks for a task board, its columns and its iterations."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, StringField, TextAreaField
from wtforms.widgets import HiddenInput

from planner.forms.asking import AskingForm
from planner.forms.fields import PickField, WordsField
from planner.forms.staffing_people import day
from planner.forms.staffing_projects import whole_number
from planner.models import ColumnMeaning
from planner.schemas.work_boards import BoardSaid, ColumnPlaceSaid, IterationSaid, TaskColumnSaid

MEANINGS = (
    (ColumnMeaning.TODO, _("to do")),
    (ColumnMeaning.DOING, _("being done")),
    (ColumnMeaning.DONE, _("done")),
)


class BoardForm(AskingForm):
    """A board: of a project, of a phase, or of a process of the department."""

    schema = BoardSaid
    name = StringField(_("Name"))
    project_id = PickField(
        _("Project"), "projects", blank=_("none"), description=_("Its board, for all that is not one phase’s own.")
    )
    phase_id = PickField(
        _("Phase"),
        "phases",
        blank=_("none"),
        description=_("The board of one team. With neither, it is of a process of the department."),
    )
    purpose = TextAreaField(_("What it is for"))


class TaskColumnForm(AskingForm):
    """A column of a board."""

    schema = TaskColumnSaid
    name = StringField(_("Name"))
    meaning = WordsField(_("What it means"), MEANINGS, description=_("What counts as begun, and what as done."))
    wip_limit = whole_number(
        _("Tasks at most"), description=_("Over it, a task is moved here only with a reason. Empty: as many as come.")
    )


class ColumnPlaceForm(AskingForm):
    """One place to the left or to the right."""

    schema = ColumnPlaceSaid
    by = IntegerField(widget=HiddenInput())


class IterationForm(AskingForm):
    """An iteration of a board."""

    schema = IterationSaid
    name = StringField(_("Name"))
    starts_on = day(_("From"))
    ends_on = day(_("Until, this day included"))
    goal = TextAreaField(_("Goal"), description=_("What shall be true at its end."))
