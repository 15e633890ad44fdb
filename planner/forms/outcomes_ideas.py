"""How pages ask for an idea, what is decided on it, what became of it, and for cards that move on the board."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.fields import Field

from planner.forms.asking import AskingForm
from planner.forms.fields import PickField, WordsField
from planner.forms.outcomes_words import IDEA_STATE_WORDS, LANE_WORDS, OUTCOME_WORDS
from planner.forms.staffing_projects import SearchField
from planner.schemas.outcomes_ideas import CardsMoved, IdeaDecided, IdeaSaid, OutcomeSaid


class IdeaForm(AskingForm):
    """An idea."""

    schema = IdeaSaid
    title = StringField(_("The idea, in a sentence"))
    text = TextAreaField(_("What would be different, and what it would take"))
    project_id = PickField(_("Project"), "projects", blank=_("in general"))
    skill_id = SearchField(_("Skill"), "skills", _("There is no skill “%(name)s”. Choose one of the list."))
    style_id = PickField(_("Work style"), "styles", blank=_("none"))
    feedback_id = HiddenField()


class DecideForm(AskingForm):
    """What is decided on an idea."""

    schema = IdeaDecided
    state = WordsField(_("State"), IDEA_STATE_WORDS)
    reason = TextAreaField(_("Reason"), description=_("Everybody who has the idea, or voted for it, reads it."))


class OutcomeForm(AskingForm):
    """What became of an idea."""

    schema = OutcomeSaid
    kind = WordsField(_("It has"), OUTCOME_WORDS)
    text = StringField(_("What exactly"), description=_("Such as: attention to detail from 3.5 on e-mail production."))
    need_id = PickField(_("Of the role need"), "needs", blank=_("none"))
    address = StringField(
        _("Its page here"), description=_("The part of the address behind the host, such as /projects/3.")
    )


class CardsField(Field):
    """Cards that are ticked, each sent as "kind-id:version"; what is none is left to the schema to refuse."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data: Any = [card_of(str(value)) for value in valuelist if value]

    def _value(self) -> str:
        return ""


class CardsForm(AskingForm):
    """The cards that are ticked, and the column that they move to.

    A card's own buttons, and a drop, send `one` card with its column ("idea-3:1:done") and leave the ticks alone.
    """

    schema = CardsMoved
    one = HiddenField()
    cards = CardsField(_("Cards"))
    to = WordsField(_("Move to"), LANE_WORDS)
    reason = StringField(_("Reason"))

    def payload(self) -> dict[str, Any]:
        said = super().payload()
        if self.one.data:
            card, _colon, to = str(self.one.data).rpartition(":")
            said |= {"cards": [card_of(card)], "to": to}
        return said


def card_of(text: str) -> dict[str, str]:
    """A card as a form names it."""
    named, _colon, version = text.partition(":")
    kind, _dash, ident = named.partition("-")
    return {"kind": kind, "id": ident, "version": version}
