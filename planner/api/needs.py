"""What a PM and operations say to each other about a role need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response
from flask_babel import lazy_gettext as _

from planner import db
from planner.api import asking
from planner.api.answers import shown
from planner.api.operations import edited, operation
from planner.models import NeedAnswer, NeedStepKind, RoleNeed
from planner.schemas.staffing_answers import AnswerReasonSaid, CounterSaid, NeedAnswerSeen
from planner.schemas.staffing_needs import NeedSeen
from planner.services.staffing import answering_needs as verbs

TAG = _("Role needs")


@dataclass(frozen=True)
class Word:
    """A word that one side may say."""

    name: str
    action: str
    kind: NeedStepKind
    summary: Any


WORDS = (
    Word("ask", "need.ask", NeedStepKind.ASKED, _("Role needs: ask operations")),
    Word("accept", "need.answer", NeedStepKind.ACCEPTED, _("Role needs: accept")),
    Word("decline", "need.answer", NeedStepKind.DECLINED, _("Role needs: decline")),
    Word("insist", "need.ask", NeedStepKind.INSISTED, _("Role needs: insist")),
    Word("withdraw", "need.ask", NeedStepKind.WITHDRAWN, _("Role needs: withdraw the request")),
    Word("take", "need.ask", NeedStepKind.COUNTER_ACCEPTED, _("Role needs: take what operations offer")),
)


def init(pages: Blueprint) -> None:
    """Registers a route for each word, for the counter-offer, and for all that was said."""
    pages.get("/needs/<int:need_id>/answer")(answer_show)
    pages.post("/needs/<int:need_id>/answer/counter")(answer_counter)
    for word in WORDS:
        _word(pages, word)


@operation("need.see", RoleNeed, tag=TAG, summary=_("Role needs: what operations say"), gives=NeedAnswerSeen)
def answer_show(need: RoleNeed) -> Response:
    return shown(_told(need, verbs.answer_of(db.session(), need)), NeedAnswerSeen)


@operation(
    "need.answer",
    RoleNeed,
    tag=TAG,
    summary=_("Role needs: offer something else"),
    about=_("Other dates, effort, levels, or a person; the project manager answers."),
    takes=CounterSaid,
    gives=NeedAnswerSeen,
    is_versioned=True,
    can_be_refused=True,
)
def answer_counter(need: RoleNeed) -> Response:
    said, by, session = asking.said(CounterSaid), asking.actor(), db.session()

    def offer(version: int) -> dict[str, Any]:
        return _told(need, verbs.counter(session, need, said, version, by=by))

    return edited(need, NeedSeen, offer, said, gives=NeedAnswerSeen)


def _word(pages: Blueprint, word: Word) -> None:
    @pages.post(f"/needs/<int:need_id>/answer/{word.name}", endpoint=f"need_{word.name}")
    @operation(
        word.action,
        RoleNeed,
        tag=TAG,
        summary=word.summary,
        takes=AnswerReasonSaid,
        gives=NeedAnswerSeen,
        is_versioned=True,
        can_be_refused=True,
    )
    def saying(need: RoleNeed) -> Response:
        said, by, session = asking.said(AnswerReasonSaid), asking.actor(), db.session()

        def say(version: int) -> dict[str, Any]:
            if word.kind is NeedStepKind.COUNTER_ACCEPTED:
                return _told(need, verbs.accept_counter(session, need, said, version, by=by))
            return _told(need, verbs.say(session, need, word.kind, said, version, by=by))

        return edited(need, NeedSeen, say, said, gives=NeedAnswerSeen)


def _told(need: RoleNeed, answer: NeedAnswer | None) -> dict[str, Any]:
    if answer is None:
        return {"need_id": need.id, "state": None, "steps": []}
    return {"need_id": need.id, "state": answer.state, "steps": list(answer.steps)}
