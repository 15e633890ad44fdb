"""The sample's requisitions and candidates, and what was agreed before its first plan."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from sqlalchemy.orm import Session

from planner.models import (
    Ban,
    Booking,
    BookingKind,
    Candidate,
    CandidateEvent,
    EventKind,
    Requisition,
    RequisitionState,
    Side,
    Signature,
    Stage,
    User,
    chain_of_need,
)
from planner.services import catalogue
from planner.services.editing import next_number
from planner.services.hiring.criteria import criteria_of
from planner.services.hiring.pipeline import load_columns
from planner.services.hiring.terms import number_terms
from planner.services.sample.company import Company, Row, instant

WAYS = {  # by which a candidate came to a stage
    Stage.NEW: (Stage.NEW,),
    Stage.SCREENING: (Stage.NEW, Stage.SCREENING),
    Stage.INTERVIEW: (Stage.NEW, Stage.SCREENING, Stage.INTERVIEW),
    Stage.OFFER: (Stage.NEW, Stage.SCREENING, Stage.INTERVIEW, Stage.OFFER),
    Stage.DECLINED: (Stage.NEW, Stage.SCREENING, Stage.DECLINED),
    Stage.WITHDRAWN: (Stage.NEW, Stage.SCREENING, Stage.INTERVIEW, Stage.WITHDRAWN),
}
HIRING_NAME = "Marguerite Lavoie"  # who runs the sample company's hiring


def add_hiring(session: Session, company: Company) -> None:
    data = catalogue.read("candidates")
    first = next_number(session, Requisition.number)
    requisitions = {
        row["id"]: _requisition(company, number, row) for number, row in enumerate(data["requisition"], start=first)
    }
    load_columns(session)
    session.add_all(requisitions.values())
    session.flush()
    for row in data["requisition"]:
        _sign(session, company, requisitions[row["id"]])
    for row in data["candidate"]:
        session.add(_candidate(company, requisitions[row["requisition"]], row))
    session.flush()


def _candidate(company: Company, requisition: Requisition, row: Row) -> Candidate:
    """A candidate, and how far they have come since they applied."""
    candidate = Candidate(
        person=company.people[row["name"]],
        requisition=requisition,
        note=row.get("note", ""),
        next_step=row.get("next_step", ""),
        **{name: row[name] for name in ("stage", "stage_since_on", "applied_on", "source")},
    )
    ids = {"requisition_id": requisition.id, "by_name": HIRING_NAME}
    began, way = row["applied_on"], WAYS[Stage(row["stage"])]
    candidate.events.append(CandidateEvent(kind=EventKind.ADDED, at=instant(began), to_stage=Stage.NEW, **ids))
    for n, (before, after) in enumerate(pairwise(way), start=1):
        moved = {"kind": EventKind.MOVED, "from_stage": before, "to_stage": after}
        day = began + n * (row["stage_since_on"] - began) // (len(way) - 1)
        candidate.events.append(CandidateEvent(at=instant(day), **moved, **ids))
    return candidate


def _sign(session: Session, company: Company, requisition: Requisition) -> None:
    """The first terms of a requisition; those of an open one are signed by its PM, or who stands in, and operations."""
    terms = number_terms(session, requisition, by=None)
    terms.changed_at, terms.changed_by = requisition.created_at, HIRING_NAME
    if requisition.state is RequisitionState.DRAFT or requisition.need is None:
        return
    pm = requisition.need.phase.project.pm_id or company.user_ids["philippe.aubry"]
    for side, user_id in ((Side.PROJECT, pm), (Side.OPERATIONS, company.user_ids["marguerite.lavoie"])):
        user = session.get_one(User, user_id)
        terms.signatures.append(Signature(side=side, by_id=user.id, by_name=user.name, at=requisition.created_at))
    session.flush()


def _requisition(company: Company, number: int, row: Row) -> Requisition:
    """A requisition for a role need, with the criteria that it carries over from it."""
    need, workspace = company.needs[row["need"]], company.workspace
    start = workspace.idx_of(need.phase.earliest_on)
    ends = need.phase.duration if need.to_offset is None else need.to_offset
    return Requisition(
        number=number,
        chain=chain_of_need(need.id),
        title=need.title,
        state=RequisitionState(row["state"]),
        need=need,
        seat_key=need.seats[0].key,
        num_seats=need.count,
        starts_on=workspace.moment_of(start + need.from_offset),
        ends_on=workspace.moment_of(start + ends),
        fte_pct=need.fte_pct,
        max_cost_minor=need.max_cost_minor,
        criteria=criteria_of(need),
        reason=row["reason"],
        opened_by_id=company.user_ids["marguerite.lavoie"],
        created_at=instant(row["opened_on"]),
        is_sample=True,
    )


def add_agreed(session: Session, company: Company, data: Row) -> None:
    """What was decided before the first plan: hard bookings, and bans."""
    for row in data["booking"]:
        start = company.workspace.idx_of(company.needs[row["need"]].phase.earliest_on)
        session.add(Booking(booking=BookingKind.HARD, is_in_force=True, start_idx=start, **_decision(company, row)))
    session.add_all(Ban(**_decision(company, row)) for row in data["ban"])
    session.flush()


def _decision(company: Company, row: Row) -> dict[str, Any]:
    return {
        "seat": company.needs[row["need"]].seats[0],
        "person": company.people[row["person"]],
        "reason": row["reason"],
        "decided_by": row["by"],
        "decided_at": instant(row["on"]),
    }
