"""How a page asks for a task, for moves of tasks, for hours, and for another task."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.widgets import HiddenInput

from planner.forms.asking import AskingForm
from planner.forms.fields import NumberField, PickField
from planner.forms.hiring_board import TickedField
from planner.forms.staffing_people import day
from planner.forms.staffing_projects import SearchField
from planner.schemas.work_tasks import (
    HoursSaid,
    MergeSaid,
    OtherSaid,
    PlaceOfTaskSaid,
    TaskMovesSaid,
    TaskSaid,
    TickSaid,
    UnlinkSaid,
)

_TICK = re.compile(r"^\[([ xX]?)\]\s*")


class ChecklistField(TextAreaField):
    """Lines to tick off, one to a line; those that are done begin with [x]."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "\n".join(f"[x] {line['text']}" if line["is_done"] else line["text"] for line in self.data or ())

    def process_data(self, value: Any) -> None:
        self.data: Any = [_line(row) for row in value or ()]

    def process_formdata(self, valuelist: list[Any]) -> None:
        lines = (line.strip() for line in (valuelist[0] if valuelist else "").splitlines())
        self.data = [_typed(line) for line in lines if line]


class TaskForm(AskingForm):
    """A piece of work."""

    schema = TaskSaid
    title = StringField(_("Title"))
    text = TextAreaField(_("What is to be done"))
    owner_id = SearchField(
        _("Owner"),
        "owners",
        _("There is nobody by the name of “%(name)s” on staff, or there are several."),
        description=_("Empty: whoever holds the seat below, or nobody."),
    )
    seat_id = PickField(
        _("Seat"),
        "seats",
        blank=_("none"),
        description=_("The work is part of what the seat is for; without an owner it follows whoever holds the seat."),
    )
    phase_id = PickField(_("Phase"), "phases", blank=_("none"))
    requisition_id = PickField(_("Requisition"), "requisitions", blank=_("none"))
    feedback_id = PickField(_("Feedback"), "feedback", blank=_("none"))
    iteration_id = PickField(_("Iteration"), "iterations", blank=_("none"))
    estimate_h = NumberField(_("Estimate"), least=0)
    actual_h = NumberField(_("Spent so far"), least=0)
    starts_on = day(_("Starts"))
    due_on = day(_("Due"))
    checklist = ChecklistField(_("Checklist"), description=_("One line each; put [x] before what is done."))


class PlaceOfTaskForm(AskingForm):
    """Where a task moves."""

    schema = PlaceOfTaskSaid
    column_id = PickField(_("Move to"), "columns")
    reason = StringField(_("Reason"))


class TaskMovesForm(AskingForm):
    """The tasks that are ticked, and the column that they move to.

    A card's own buttons, and a drop, send `one` card with its place ("id:version:column:after", where `after` is the
    card above, "first" or nothing) and leave the ticks alone.
    """

    schema = TaskMovesSaid
    one = HiddenField()
    tasks = TickedField(_("Tasks"))
    column_id = PickField(_("Move to"), "columns")
    reason = StringField(_("Reason"))

    def payload(self) -> dict[str, Any]:
        said = super().payload()
        if self.one.data:
            ident, version, column, after = (*str(self.one.data).split(":", 3), "", "", "")[:4]
            place = {"is_first": True} if after == "first" else {"after_id": after or None}
            said |= {"tasks": [{"id": ident, "version": version}], "column_id": column, **place}
        return said


class TickForm(AskingForm):
    """A line of the checklist, done or not."""

    schema = TickSaid
    line_id = IntegerField(widget=HiddenInput())
    is_done = BooleanField(false_values=(False, "false", "", "0"))


class HoursForm(AskingForm):
    """Hours that were spent."""

    schema = HoursSaid
    hours = NumberField(_("Hours to add"), least=0)


class OtherForm(AskingForm):
    """Another task, found by its title."""

    schema = OtherSaid
    other_id = SearchField(_("The other task"), "tasks", _("No other task is called “%(name)s”, or several are."))


class MergeForm(OtherForm):
    """The task into which one goes."""

    schema = MergeSaid


class PairForm(AskingForm):
    """Another task, by its number."""

    schema = UnlinkSaid
    other_id = IntegerField(widget=HiddenInput())


def _line(row: Any) -> dict[str, Any]:
    """A line of a record, or one that a page begins with."""
    if isinstance(row, dict):
        return {"text": row["text"], "is_done": bool(row.get("is_done"))}
    return {"text": row.text, "is_done": row.is_done}


def _typed(line: str) -> dict[str, Any]:
    found = _TICK.match(line)
    return {"text": line[found.end() :] if found else line, "is_done": bool(found and found[1].strip())}
