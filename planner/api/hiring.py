"""Hiring's own routes: signing a requisition, moving candidates, the two approvals of a hire, and the chain."""

from __future__ import annotations

from flask import Blueprint, Response
from flask_babel import lazy_gettext as _

from planner import access, db
from planner.api import asking
from planner.api.answers import shown
from planner.api.operations import edited, operation
from planner.models import Candidate, PipelineColumn, Plan, Requisition, Side
from planner.schemas.hiring_candidates import (
    ApprovalSaid,
    CandidateSeen,
    MovedSeen,
    MovesSaid,
    ShortlistSaid,
    StageSaid,
    UndoSaid,
)
from planner.schemas.hiring_chains import ChainSeen
from planner.schemas.hiring_pipeline import ColumnSeen, PlaceSaid
from planner.schemas.hiring_requisitions import CriteriaSaid, GapSaid, RequisitionSeen, SignatureSaid, StateSaid
from planner.services.hiring import candidates, chains, decisions, pipeline, requisitions, terms

REQUISITIONS, CANDIDATES = _("Requisitions"), _("Candidates")


def init(pages: Blueprint) -> None:
    """Registers the routes of hiring that other nouns do not have."""
    requisition, candidate = "/requisitions/<int:requisition_id>", "/candidates/<int:candidate_id>"
    pages.post(f"{requisition}/state")(requisition_state)
    pages.put(f"{requisition}/criteria")(requisition_criteria)
    pages.post(f"{requisition}/sign-project")(requisition_sign_project)
    pages.post(f"{requisition}/sign-operations")(requisition_sign_operations)
    pages.post("/requisitions/from-gap")(requisition_from_gap)
    pages.post(f"{candidate}/stage")(candidate_stage)
    pages.post("/candidates/moves")(candidate_moves)
    pages.post(f"{candidate}/shortlist")(candidate_shortlist)
    pages.post(f"{candidate}/approve-project")(candidate_approve_project)
    pages.post(f"{candidate}/approve-operations")(candidate_approve_operations)
    pages.post(f"{candidate}/withdraw-project")(candidate_withdraw_project)
    pages.post(f"{candidate}/undo-hire")(candidate_undo_hire)
    pages.post("/columns/<int:column_id>/place")(column_place)
    pages.get("/chains/<chain_key>")(chain_show)


@operation(
    "requisition.edit",
    Requisition,
    tag=REQUISITIONS,
    summary=_("Requisitions: say how far one has come"),
    about=_("One opens only with the signatures of both sides on its criteria as they are."),
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
    "requisition.edit",
    Requisition,
    tag=REQUISITIONS,
    summary=_("Requisitions: say the criteria of one anew"),
    about=_("They get a new number, which both sides sign."),
    takes=CriteriaSaid,
    gives=RequisitionSeen,
    is_versioned=True,
    can_be_refused=True,
)
def requisition_criteria(requisition: Requisition) -> Response:
    said, session, by = asking.said(CriteriaSaid), db.session(), asking.actor()
    return edited(
        requisition,
        RequisitionSeen,
        lambda version: requisitions.edit_criteria(session, requisition, said, version, by=by),
        said,
    )


@operation(
    "requisition.sign_project",
    Requisition,
    tag=REQUISITIONS,
    summary=_("Requisitions: sign the criteria of one for the project"),
    about=_("A second person signs for operations; with both signatures a draft opens."),
    takes=SignatureSaid,
    gives=RequisitionSeen,
    is_versioned=True,
    can_be_refused=True,
)
def requisition_sign_project(requisition: Requisition) -> Response:
    return _signed(requisition, Side.PROJECT)


@operation(
    "requisition.sign_operations",
    Requisition,
    tag=REQUISITIONS,
    summary=_("Requisitions: sign the criteria of one for operations"),
    about=_("A second person signs for the project; with both signatures a draft opens."),
    takes=SignatureSaid,
    gives=RequisitionSeen,
    is_versioned=True,
    can_be_refused=True,
)
def requisition_sign_operations(requisition: Requisition) -> Response:
    return _signed(requisition, Side.OPERATIONS)


@operation(
    "requisition.add",
    tag=REQUISITIONS,
    summary=_("Requisitions: draft one for a seat that a plan leaves open"),
    about=_("Everything that the seat asks for is carried over; asked twice, it is drafted once."),
    can_be_hidden=True,
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
    tag=CANDIDATES,
    summary=_("Candidates: move one to another stage"),
    about=_("Declining wants a reason. Nobody is hired by a move: two people approve."),
    takes=StageSaid,
    gives=CandidateSeen,
    is_versioned=True,
    can_be_refused=True,
)
def candidate_stage(candidate: Candidate) -> Response:
    said, session, by = asking.said(StageSaid), db.session(), asking.actor()
    return edited(
        candidate,
        CandidateSeen,
        lambda version: candidates.move_candidate(session, candidate, said, version, by=by),
        said,
    )


@operation(
    "candidate.edit",
    tag=CANDIDATES,
    summary=_("Candidates: move several to one stage"),
    about=_("All of them move, each at the version that was read, or none does."),
    takes=MovesSaid,
    gives=MovedSeen,
    can_be_refused=True,
)
def candidate_moves() -> Response:
    moved = candidates.move_candidates(db.session(), asking.said(MovesSaid), by=asking.actor())
    db.session().commit()
    return shown({"items": moved}, MovedSeen)


@operation(
    "candidate.edit",
    Candidate,
    tag=CANDIDATES,
    summary=_("Candidates: put one on the shortlist, or take them off it"),
    takes=ShortlistSaid,
    gives=CandidateSeen,
    is_versioned=True,
    can_be_refused=True,
)
def candidate_shortlist(candidate: Candidate) -> Response:
    said, session, by = asking.said(ShortlistSaid), db.session(), asking.actor()
    return edited(
        candidate,
        CandidateSeen,
        lambda version: candidates.shortlist(session, candidate, said, version, by=by),
        said,
    )


@operation(
    "candidate.approve_project",
    Candidate,
    tag=CANDIDATES,
    summary=_("Candidates: approve of hiring one, for the project"),
    about=_("The first of two approvals, of the suggestion of the newest plan at the version that was read."),
    takes=ApprovalSaid,
    gives=CandidateSeen,
    is_versioned=True,
    can_be_refused=True,
)
def candidate_approve_project(candidate: Candidate) -> Response:
    return _approved(candidate, Side.PROJECT)


@operation(
    "candidate.approve_operations",
    Candidate,
    tag=CANDIDATES,
    summary=_("Candidates: hire one, by the approval of operations"),
    about=_("The second of two approvals, by another person than the first."),
    takes=ApprovalSaid,
    gives=CandidateSeen,
    is_versioned=True,
    can_be_refused=True,
)
def candidate_approve_operations(candidate: Candidate) -> Response:
    return _approved(candidate, Side.OPERATIONS)


@operation(
    "candidate.approve_project",
    Candidate,
    tag=CANDIDATES,
    summary=_("Candidates: take the first approval of a hire back"),
    takes=UndoSaid,
    gives=CandidateSeen,
    is_versioned=True,
    can_be_refused=True,
)
def candidate_withdraw_project(candidate: Candidate) -> Response:
    said, session, by = asking.said(UndoSaid), db.session(), asking.actor()
    return edited(
        candidate,
        CandidateSeen,
        lambda version: decisions.withdraw(session, candidate, Side.PROJECT, said, version, by=by),
        said,
    )


@operation(
    "candidate.approve_operations",
    Candidate,
    tag=CANDIDATES,
    summary=_("Candidates: undo a hire"),
    about=_("The person is a candidate with an offer again, and must be decided on anew."),
    takes=UndoSaid,
    gives=CandidateSeen,
    is_versioned=True,
    can_be_refused=True,
)
def candidate_undo_hire(candidate: Candidate) -> Response:
    said, session, by = asking.said(UndoSaid), db.session(), asking.actor()
    return edited(
        candidate,
        CandidateSeen,
        lambda version: decisions.undo_hire(session, candidate, said, version, by=by),
        said,
    )


@operation(
    "column.edit",
    PipelineColumn,
    tag=_("Columns of the pipeline"),
    summary=_("Columns: move one a place to the left or to the right"),
    takes=PlaceSaid,
    gives=ColumnSeen,
    is_versioned=True,
    can_be_refused=True,
)
def column_place(column: PipelineColumn) -> Response:
    said, session = asking.said(PlaceSaid), db.session()
    return edited(column, ColumnSeen, lambda version: pipeline.place_column(session, column, said, version), said)


@operation(
    "chain.see",
    tag=_("Chains"),
    summary=_("Chains: all that followed from one role need"),
    about=_("The code stands on role needs' seats in every export, on requisitions and on decisions."),
    gives=ChainSeen,
)
def chain_show(chain_key: str) -> Response:
    chain = chains.find_chain(db.session(), chain_key)
    if chain is None:
        raise access.Hidden("chain")
    return shown(chain, ChainSeen)


def _signed(requisition: Requisition, side: Side) -> Response:
    session, by = db.session(), asking.actor()
    said = asking.said(SignatureSaid)
    return edited(
        requisition, RequisitionSeen, lambda version: terms.sign(session, requisition, side, said, version, by=by), said
    )


def _approved(candidate: Candidate, side: Side) -> Response:
    session, by = db.session(), asking.actor()
    said = asking.said(ApprovalSaid)
    return edited(
        candidate,
        CandidateSeen,
        lambda version: decisions.approve(session, candidate, side, said, version, by=by),
        said,
    )
