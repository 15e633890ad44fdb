"""The API's ideas: votes, decisions, and what became of them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response
from flask_babel import lazy_gettext as _

from planner import db
from planner.api import asking
from planner.api.answers import shown
from planner.api.operations import edited, operation
from planner.api.routes import Resource, Rights
from planner.models import Idea
from planner.schemas.outcomes_ideas import IdeaDecided, IdeaSaid, IdeaSeen, OutcomeSaid, OutcomeSeen, VotesSeen
from planner.services.outcomes import ideas as verbs

TAG = _("Ideas")

IDEAS = Resource(
    "ideas",
    TAG,
    Idea,
    Rights.of("idea"),
    IdeaSeen,
    IdeaSaid,
    page=lambda session, query, _user: verbs.page_of_ideas(session, query),
    sorts=("title", "votes", "at", "state", "id"),
    filters={
        "project": _("Only those of a project, by its id; none for those in general."),
        "skill": _("Only those about a skill, by its id."),
        "style": _("Only those about a work style, by its id."),
        "state": _("Only those in a state."),
        "feedback": _("Only those that came out of a piece of feedback, by its id."),
    },
    add=verbs.add_idea,
    edit=lambda session, idea, said, version, **_by: verbs.edit_idea(session, idea, said, version),
    removes=lambda _session, idea: (idea, idea.title),
    is_told_by=True,
)


def init(pages: Blueprint) -> None:
    """Registers what an idea has beside the five routes of a resource."""
    idea = "/ideas/<int:idea_id>"
    pages.get(f"{idea}/votes")(vote_show)
    pages.post(f"{idea}/votes")(vote_add)
    pages.post(f"{idea}/votes/take_back")(vote_take_back)
    pages.post(f"{idea}/decision")(idea_decide)
    pages.post(f"{idea}/outcomes")(outcome_add)


@operation("idea.see", Idea, tag=TAG, summary=_("Ideas: votes"), gives=VotesSeen)
def vote_show(idea: Idea) -> Response:
    return shown(verbs.votes_of(db.session(), [idea], asking.actor())[idea.id], VotesSeen)


@operation(
    "idea.vote",
    Idea,
    tag=TAG,
    summary=_("Ideas: vote"),
    about=_("Saying it twice is saying it once."),
    gives=VotesSeen,
    status=201,
)
def vote_add(idea: Idea) -> Response:
    votes = verbs.vote(db.session(), idea, by=asking.actor())
    db.session().commit()
    return shown(votes, VotesSeen, 201)


@operation("idea.vote", Idea, tag=TAG, summary=_("Ideas: take one’s vote back"), gives=VotesSeen)
def vote_take_back(idea: Idea) -> Response:
    votes = verbs.take_back(db.session(), idea, by=asking.actor())
    db.session().commit()
    return shown(votes, VotesSeen)


@operation(
    "idea.decide",
    Idea,
    tag=TAG,
    summary=_("Ideas: decide"),
    about=_("A yes, a no, and that it is done, want a reason."),
    takes=IdeaDecided,
    gives=IdeaSeen,
    is_versioned=True,
    can_be_refused=True,
)
def idea_decide(idea: Idea) -> Response:
    said, by, session = asking.said(IdeaDecided), asking.actor(), db.session()

    def say(version: int) -> Any:
        return verbs.decide(session, idea, said, version, by=by)

    return edited(idea, IdeaSeen, say, said)


@operation(
    "idea.decide",
    Idea,
    tag=TAG,
    summary=_("Ideas: say what became of one"),
    takes=OutcomeSaid,
    gives=OutcomeSeen,
    status=201,
    can_be_refused=True,
)
def outcome_add(idea: Idea) -> Response:
    outcome = verbs.note_outcome(db.session(), idea, asking.said(OutcomeSaid), by=asking.actor())
    db.session().commit()
    return shown(outcome, OutcomeSeen, 201)
