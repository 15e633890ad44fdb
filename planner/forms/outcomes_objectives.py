"""How pages ask for an objective, a reading of it, and what became of it."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DateField, StringField, TextAreaField
from wtforms.validators import Optional

from planner.forms.asking import AskingForm, RowForm, Rows
from planner.forms.fields import NumberField, PickField, WordsField
from planner.forms.outcomes_words import MEASURE_WORDS, OBJECTIVE_STATE_WORDS
from planner.models import MEASURED, SERVING, ObjectiveSource
from planner.schemas.outcomes_objectives import SOURCE_OF, ObjectiveSaid, ObjectiveStateSaid, ReadingSaid
from planner.wording import Refusal


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
    from_value = NumberField(_("From"))
    target_value = NumberField(_("Target"), description=_("Below the beginning where less is better."))
    from_on = DateField(_("From day"), validators=[Optional()])
    by_on = DateField(_("By day"), validators=[Optional()])
    read_from = PickField(
        _("Where its readings come from"),
        "sources",
        blank=None,
        default=str(ObjectiveSource.READINGS),
        description=_("Tasks that are done are counted by themselves, and a metric is read by itself."),
    )
    links = Rows(ServingRow, _("What serves it"), empty=1)

    def payload(self) -> dict[str, Any]:
        said = super().payload()
        places = [row["of"].rpartition("-") for row in said.get("links", [])]
        serving = [{column: ident} for column, _dash, ident in places]
        column, _dash, ident = str(self.read_from.data or "").rpartition("-")
        source = {"source": SOURCE_OF[column], column: ident} if column in MEASURED else {"source": ident}
        return {**said, **source, "links": serving}

    def refuse(self, refused: Refusal) -> None:
        """What serves it stands in one pick here, whatever it is."""
        where, _dot, column = (refused.field or "").rpartition(".")
        if where.startswith("links") and column in SERVING:
            refused.field = f"{where}.of"
        super().refuse(refused)

    def _field_at(self, place: tuple[int | str, ...]) -> list[Any]:
        """Where its readings come from stands in one pick here, too."""
        is_source = place[:1] in [("source",), *((column,) for column in MEASURED)]
        return super()._field_at(("read_from",) if is_source else place)


class ReadingForm(AskingForm):
    """How far it was on a day."""

    schema = ReadingSaid
    value = NumberField(_("Value"))
    read_on = DateField(_("On"), validators=[Optional()])
    note = StringField(_("Note"))


class ObjectiveStateForm(AskingForm):
    """What became of an objective."""

    schema = ObjectiveStateSaid
    state = WordsField(_("State"), OBJECTIVE_STATE_WORDS)
    reason = TextAreaField(_("Reason"))
