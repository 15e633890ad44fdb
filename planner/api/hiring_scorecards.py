"""The API's scorecards: one's own, the others' once one's own is in, and what is agreed on."""

from __future__ import annotations

from flask import Blueprint, Response
from flask_babel import lazy_gettext as _

from planner import access, db
from planner.api import asking
from planner.api.answers import shown
from planner.api.operations import edited, operation
from planner.models import Candidate
from planner.schemas.hiring_candidates import CandidateSeen
from planner.schemas.hiring_scorecards import AgreedSaid, ScorecardSaid, ScorecardSeen, ScorecardsSeen
from planner.services.hiring import scorecards

TAG = _("Scorecards")


def init(pages: Blueprint) -> None:
    """Registers the routes of scorecards."""
    candidate = "/candidates/<int:candidate_id>"
    pages.get(f"{candidate}/scorecards")(scorecard_list)
    pages.post(f"{candidate}/scorecard")(scorecard_save)
    pages.post(f"{candidate}/scorecards/agree")(scorecard_agree)


@operation(
    "scorecard.see",
    Candidate,
    tag=TAG,
    summary=_("Scorecards: those that one may read by now"),
    about=_("Who may rate a candidate reads the others' cards once their own is in."),
    gives=ScorecardsSeen,
)
def scorecard_list(candidate: Candidate) -> Response:
    user = asking.actor()
    may_rate = access.allowed(user, "scorecard.add", candidate)
    view = scorecards.view_of(db.session(), candidate, user, may_rate=may_rate)
    own = [view.own] if view.own is not None else []
    return shown({"items": [*own, *view.others], "num_hidden": view.num_hidden}, ScorecardsSeen)


@operation(
    "scorecard.add",
    Candidate,
    tag=TAG,
    summary=_("Scorecards: hand in one’s own, whole"),
    about=_("What was not seen is left out. A card that is in stays as it is."),
    takes=ScorecardSaid,
    gives=ScorecardSeen,
    status=201,
    can_be_refused=True,
)
def scorecard_save(candidate: Candidate) -> Response:
    said, by, session = asking.said(ScorecardSaid), asking.actor(), db.session()
    own = scorecards.view_of(session, candidate, by, may_rate=True).own
    version = own.version if own is not None else None
    card = scorecards.save_scorecard(session, candidate, said, version, by=by)
    session.commit()
    return shown(card, ScorecardSeen, 201)


@operation(
    "scorecard.agree",
    Candidate,
    tag=TAG,
    summary=_("Scorecards: write what was agreed on into the profile"),
    takes=AgreedSaid,
    gives=CandidateSeen,
    is_versioned=True,
    can_be_refused=True,
)
def scorecard_agree(candidate: Candidate) -> Response:
    said, by, session = asking.said(AgreedSaid), asking.actor(), db.session()
    return edited(
        candidate, CandidateSeen, lambda version: scorecards.agree(session, candidate, said, version, by=by), said
    )
