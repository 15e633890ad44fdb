"""Hiring's own routes: how far a requisition and a candidate have come, and opening a requisition from a gap."""

from __future__ import annotations

from flask import Blueprint, Response
from flask_babel import lazy_gettext as _

from planner import access, db
from planner.api import asking
from planner.api.answers import shown
from planner.api.operations import edited, operation
from planner.models import Candidate, Plan, Requisition
from planner.schemas.hiring_candidates import CandidateSeen, StageSaid
from planner.schemas.hiring_requisitions import GapSaid, RequisitionSeen, StateSaid
from planner.services.hiring import candidates, requisitions


def init(pages: Blueprint) -> None:
    """Registers the routes of hiring that other nouns do not have."""
    pages.post("/requisitions/<int:requisition_id>/state")(requisition_state)
    pages.post("/requisitions/from-gap")(requisition_from_gap)
    pages.post("/candidates/<int:candidate_id>/stage")(candidate_stage)


@operation(
    "requisition.edit",
    Requisition,
    tag=_("Requisitions"),
    summary=_("Requisitions: say how far one has come"),
    takes=StateSaid,
    gives=RequisitionSeen,
    is_versioned=True,
    can_be_refused=True,
)
def requisition_state(requisition: Requisition) -> Response:
    said, session = asking.said(StateSaid), db.session()
    return edited(
        requisition,
        RequisitionSeen,
        lambda version: requisitions.set_state(session, requisition, said, version),
        said,
    )


@operation(
    "requisition.add",
    tag=_("Requisitions"),
    summary=_("Requisitions: open one for a seat that a plan leaves open"),
    about=_("Everything that the seat asks for is carried over; asked twice, it is opened once."),
    takes=GapSaid,
    gives=RequisitionSeen,
    status=201,
    can_be_refused=True,
)
def requisition_from_gap() -> Response:
    said, by = asking.said(GapSaid), asking.actor()
    plan = db.session().get(Plan, said.plan_id)
    if plan is None:
        raise access.Hidden("plan")
    access.require(by, "plan.see", plan)
    requisition = requisitions.open_from_gap(db.session(), plan=plan, seat_key=said.seat_key, by=by)
    db.session().commit()
    return shown(requisition, RequisitionSeen, 201)


@operation(
    "candidate.edit",
    Candidate,
    tag=_("Candidates"),
    summary=_("Candidates: move one to another stage"),
    takes=StageSaid,
    gives=CandidateSeen,
    is_versioned=True,
    can_be_refused=True,
)
def candidate_stage(candidate: Candidate) -> Response:
    said, session = asking.said(StageSaid), db.session()
    return edited(
        candidate, CandidateSeen, lambda version: candidates.move_candidate(session, candidate, said, version), said
    )
