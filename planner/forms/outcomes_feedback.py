"""How pages ask for feedback: of staff, of a client behind a link, and for the link itself."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Optional

from planner.forms.asking import AskingForm
from planner.forms.fields import PickField, WordsField
from planner.forms.outcomes_words import FEEDBACK_STATE_WORDS, SENTIMENT_WORDS, SOURCE_WORDS
from planner.forms.staffing_projects import SearchField
from planner.schemas.outcomes_feedback import ClientLinkSaid, ClientSaid, FeedbackSaid, FeedbackStateSaid
from planner.schemas.said import Said


class SentimentField(RadioField):
    """How somebody felt, on five steps with words; nothing is chosen beforehand."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        choices = [SelectChoice(str(value), words) for value, words in SENTIMENT_WORDS]
        super().__init__(label, choices=choices, validate_choice=False, **kwargs)


class FeedbackForm(AskingForm):
    """What a client or a user said."""

    schema = FeedbackSaid
    text = TextAreaField(_("What they said"), description=_("As near to their own words as you can."))
    sentiment = SentimentField(
        _("How they felt"), description=_("As they showed it; nothing is guessed from the words.")
    )
    source = WordsField(_("It came by"), SOURCE_WORDS)
    said_by = StringField(
        _("Who said it"), description=_("A name or a role at the client’s; leave it empty if it is not to be known.")
    )
    said_on = DateField(_("When"), validators=[Optional()])
    project_id = PickField(_("Project"), "projects", blank=_("in general"))
    phase_id = PickField(_("Team of the phase"), "phases", blank=_("the project as a whole"))
    seat_id = PickField(_("Seat"), "seats", blank=_("no single seat"))
    skill_id = SearchField(_("Skill"), "skills", _("There is no skill “%(name)s”. Choose one of the list."))
    style_id = PickField(
        _("Work style"),
        "styles",
        blank=_("none"),
        description=_("Say what was seen at work, not what somebody is like."),
    )


class FeedbackStateForm(AskingForm):
    """What became of feedback."""

    schema = FeedbackStateSaid
    state = WordsField(_("State"), FEEDBACK_STATE_WORDS)
    reason = TextAreaField(_("Reason"), description=_("Wanted where nothing is done."))


class ClientForm(AskingForm):
    """What a client says. The field that people do not see is filled in by programs only."""

    schema = ClientSaid
    sentiment = SentimentField(_("How happy are you with our work?"))
    text = TextAreaField(_("What should we keep, what should we change?"))
    said_by = StringField(_("Your name"))
    website = StringField(_("Leave this empty"))

    @property
    def is_by_program(self) -> bool:
        """Whether the field that people do not see was filled in."""
        return bool(self.website.data)


class ClientLinkForm(AskingForm):
    """A link for a client."""

    schema = ClientLinkSaid
    phase_id = PickField(_("About"), "phases", blank=_("the project as a whole"))
    until = DateField(_("It opens until"), validators=[Optional()], description=_("This day included."))
    is_single_use = BooleanField(_("It is good for one answer only"))
    note = StringField(_("Whom it is for"), description=_("Only you and your colleagues see this."))


class ClickForm(AskingForm):
    """One press of a button, on the version that was read."""

    schema = Said
