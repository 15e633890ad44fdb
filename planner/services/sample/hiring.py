"""The sample's requisitions and candidates, and what was agreed before its first plan."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from planner.models import Ban, Booking, BookingKind, Candidate, Requisition
from planner.services import catalogue
from planner.services.editing import next_number
from planner.services.hiring.requisitions import criteria_of
from planner.services.sample.company import Company, Row, instant


def add_hiring(session: Session, company: Company) -> None:
    data = catalogue.read("candidates")
    first = next_number(session, Requisition.number)
    requisitions = {
        row["id"]: _requisition(company, number, row) for number, row in enumerate(data["requisition"], start=first)
    }
    session.add_all(requisitions.values())
    session.add_all(
        Candidate(
            person=company.people[row["name"]],
            requisition=requisitions[row["requisition"]],
            note=row.get("note", ""),
            **{name: row[name] for name in ("stage", "stage_since_on", "applied_on", "source")},
        )
        for row in data["candidate"]
    )
    session.flush()


def _requisition(company: Company, number: int, row: Row) -> Requisition:
    """A requisition for a role need, with the criteria that it carries over from it."""
    need, workspace = company.needs[row["need"]], company.workspace
    start = workspace.idx_of(need.phase.earliest_on)
    ends = need.phase.duration if need.to_offset is None else need.to_offset
    return Requisition(
        number=number,
        title=need.title,
        state=row["state"],
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
