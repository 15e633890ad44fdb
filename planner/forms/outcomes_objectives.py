"""How pages ask for an objective, a reading of it, and what became of it."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DateField, FloatField, StringField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import NumberInput

from planner.forms.asking import AskingForm, RowForm, Rows
from planner.forms.fields import PickField, WordsField
from planner.forms.outcomes_words import MEASURE_WORDS, OBJECTIVE_STATE_WORDS
from planner.models import SERVING
from planner.schemas.outcomes_objectives import ObjectiveSaid, ObjectiveStateSaid, ReadingSaid
from planner.wording import Refusal


def any_number(label: Any, **kwargs: Any) -> Any:
    """A field for a number with any digits behind the point; whether it may stay empty is the schema's to say."""
    return FloatField(label, validators=[Optional()], widget=NumberInput(step="any"), **kwargs)


class ServingRow(RowForm):
    """What serves an objective: "phase_id-12"."""

    of = PickField(_("What serves it"), "serving", blank=_("nothing chosen"))
    keys = ("of",)


class ObjectiveForm(AskingForm):
    """An objective."""

    schema = ObjectiveSaid
    title = StringField(_("Objective"), description=_("What shall be true by then, in a sentence."))
    why = TextAreaField(_("Why it matters"))
    measure = StringField(_("What is measured"), description=_("Such as: bookings by e-mail in a month."))
    measure_kind = WordsField(_("The values are"), MEASURE_WORDS)
    unit = StringField(_("Unit"), description=_("Empty for plain things or percent."))
    from_value = any_number(_("From"))
    target_value = any_number(_("Target"), description=_("Below the beginning where less is better."))
    from_on = DateField(_("From day"), validators=[Optional()])
    by_on = DateField(_("By day"), validators=[Optional()])
    links = Rows(ServingRow, _("What serves it"), empty=1)

    def __init__(self, *args: Any, obj: Any = None, **kwargs: Any) -> None:
        if obj is not None:
            kwargs["data"] = {"links": [{"of": _place(link)} for link in obj.links]}
        super().__init__(*args, obj=obj, **kwargs)

    def payload(self) -> dict[str, Any]:
        said = super().payload()
        places = [row["of"].rpartition("-") for row in said.get("links", [])]
        return {**said, "links": [{column: ident} for column, _dash, ident in places]}

    def refuse(self, refused: Refusal) -> None:
        """What serves it stands in one pick here, whatever it is."""
        where, _dot, column = (refused.field or "").rpartition(".")
        if where.startswith("links") and column in SERVING:
            refused.field = f"{where}.of"
        super().refuse(refused)


class ReadingForm(AskingForm):
    """How far it was on a day."""

    schema = ReadingSaid
    value = any_number(_("Value"))
    read_on = DateField(_("On"), validators=[Optional()])
    note = StringField(_("Note"))


class ObjectiveStateForm(AskingForm):
    """What became of an objective."""

    schema = ObjectiveStateSaid
    state = WordsField(_("State"), OBJECTIVE_STATE_WORDS)
    reason = TextAreaField(_("Reason"))


def _place(link: Any) -> str:
    return next(f"{name}-{getattr(link, name)}" for name in SERVING if getattr(link, name) is not None)
