"""How the board asks to move candidates, and how its columns are named."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, IntegerField, StringField
from wtforms.fields import Field
from wtforms.widgets import HiddenInput

from planner.forms.asking import AskingForm
from planner.forms.fields import PickField, WordsField
from planner.forms.hiring_candidates import STAGES
from planner.schemas.hiring_candidates import MovesSaid
from planner.schemas.hiring_pipeline import ColumnSaid, PlaceSaid


class TickedField(Field):
    """Candidates that are ticked, each sent as "id:version"; what is no such pair is left to the schema to refuse."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        pairs = [str(value).partition(":") for value in valuelist if value]
        self.data: Any = [{"id": ident, "version": version} for ident, _colon, version in pairs]

    def _value(self) -> str:
        return ""


class MovesForm(AskingForm):
    """The candidates that are ticked, and the column that they move to: "interview", or "interview-3".

    A card's own buttons, and a drop, send `one` card with its column ("id:version:column") and leave the ticks alone.
    """

    schema = MovesSaid
    one = HiddenField()
    candidates = TickedField(_("Candidates"))
    to = PickField(_("Move to"), "columns")
    reason = StringField(_("Reason"))

    def payload(self) -> dict[str, Any]:
        said, to = super().payload(), str(self.to.data or "")
        if self.one.data:
            ident, version, to = (*str(self.one.data).split(":", 2), "", "")[:3]
            said["candidates"] = [{"id": ident, "version": version}]
        stage, _dash, column = to.partition("-")
        return {**said, "stage": stage, "column_id": column or None}


class ColumnForm(AskingForm):
    """A column of the board."""

    schema = ColumnSaid
    stage = WordsField(_("Stage"), STAGES, description=_("What it means for planning."))
    name = StringField(_("Name"), description=_("Empty: as the stage is called."))
    name_fr = StringField(_("French name"))


class PlaceForm(AskingForm):
    """One place to the left or to the right."""

    schema = PlaceSaid
    by = IntegerField(widget=HiddenInput())
