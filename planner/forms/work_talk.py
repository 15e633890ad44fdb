"""How pages ask for a comment, and for how somebody wants to be told of what."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import FormField, HiddenField, StringField, TextAreaField

from planner.forms.asking import AskingForm, RowForm
from planner.forms.fields import WordsField
from planner.forms.work_talk_words import KINDS, WAYS
from planner.models import NotificationKind, Way
from planner.schemas.work_talk import ChoicesSaid, CommentSaid, ResolvedSaid, TextSaid

HOURS = tuple((str(hour), f"{hour:02}:00") for hour in range(24))
TOLD = tuple(WAYS.items())


class CommentForm(AskingForm):
    """A comment, or an answer to one."""

    schema = CommentSaid
    # with ids of their own: it stands on pages that have other forms
    text = TextAreaField(
        _("Comment"), id="comment-text", description=_("Markdown is understood; @ and a full name tells somebody.")
    )
    mention = StringField(
        _("Tell somebody"), id="comment-mention", render_kw={"list": "talk-people", "autocomplete": "off"}
    )
    parent_id = HiddenField()
    seat_key = HiddenField()


class TextForm(AskingForm):
    """A comment, said otherwise."""

    schema = TextSaid
    text = TextAreaField(_("Comment"), description=_("Markdown is understood; @ and a full name tells somebody."))


class SettleForm(AskingForm):
    """Whether what a comment began is settled; a button on the comment says it."""

    schema = ResolvedSaid
    is_resolved = HiddenField()


class WaysForm(RowForm):
    """How one is told of each kind of thing."""

    mention = WordsField(KINDS[NotificationKind.MENTION], TOLD, default=Way.MAIL)
    comment = WordsField(KINDS[NotificationKind.COMMENT], TOLD, default=Way.DIGEST)
    decision = WordsField(KINDS[NotificationKind.DECISION], TOLD, default=Way.DIGEST)
    plan_in_force = WordsField(KINDS[NotificationKind.PLAN_IN_FORCE], TOLD, default=Way.MAIL)
    alert = WordsField(KINDS[NotificationKind.ALERT], TOLD, default=Way.DIGEST)


class ChoicesForm(AskingForm):
    """How one wants to be told of what, and when the digest comes."""

    schema = ChoicesSaid
    ways = FormField(WaysForm)
    digest_hour = WordsField(_("The daily digest comes at"), HOURS)
