"""Everything that is kept about one candidate, and nothing about anybody else: who rated or decided is not named."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.exchange import person_file
from planner.models import (
    AgreedRating,
    Allocation,
    Attachment,
    Booking,
    Candidate,
    Comment,
    Intake,
    Person,
    Plan,
    Scorecard,
    Seat,
    now,
)
from planner.services.hiring import notices, sheets, uses
from planner.services.hiring.criteria import Criterion, criteria_shown

Table = list[dict[str, Any]]


def packed(session: Session, candidate: Candidate, language: str) -> bytes:
    """The ZIP that a candidate is given: JSON, CSV, a page to read, and their files."""
    tables, files = tables_of(session, candidate), files_of(session, candidate)
    return person_file.write(candidate.person.name, tables, files, at=now(), language=language)


def tables_of(session: Session, candidate: Candidate) -> dict[str, Table]:
    """The tables of an export, by name; each row holds plain values."""
    person = candidate.person
    return {
        "person": [_person(person)],
        "process": [_process(candidate)],
        "capacity": _rows(person.capacity_spans, "from_on", "to_on", "fte_pct"),
        "absences": _rows(person.absences, "from_on", "to_on", "kind"),
        "skills": [{"skill": row.skill.name, **_part(row, "level", "source", "rated_on")} for row in person.skills],
        "work_styles": [
            {"style": row.style.name, **_part(row, "score", "source", "rated_on")} for row in person.styles
        ],
        "wishes": [{"project": row.project.name, "wish": row.wish} for row in person.wishes],
        "criteria": [_criterion(line) for line in _criteria(session, candidate)],
        "events": _rows(candidate.events, "at", "kind", "from_stage", "to_stage", "reason"),
        "approvals": _rows(candidate.approvals, "at", "side", "reason", "plan_number", "is_suggested"),
        "ratings": list(_ratings(session, candidate)),
        "agreed_ratings": _rows(_below(session, AgreedRating, candidate), "kind", "key", "score", "agreed_at"),
        "plans": list(_plans(session, person)),
        "bookings": list(_bookings(session, person)),
        "notices": [
            {"version": row.notice.number, **_part(row, "shown_at", "how"), "text": row.notice.text}
            for row in notices.shown_to(session, candidate)
        ],
        "uses_of_data": _rows(
            uses.uses_of(session, candidate).values(), "purpose", "basis", "given_at", "withdrawn_at"
        ),
        "requests": _rows(sheets.requests_of(session, candidate), "kind", "text", "asked_at", "answer", "answered_at"),
        "incoming": _rows(_below(session, Intake, candidate), "kind", "came_at"),
        "comments": _rows(_below(session, Comment, candidate), "at", "text"),
        "files": _rows(_below(session, Attachment, candidate), "name", "added_at"),
    }


def files_of(session: Session, candidate: Candidate) -> dict[str, bytes]:
    """The candidate's own files, under names that are safe in an archive."""
    return {
        f"files/{row.id}-{_safe(row.name)}": row.data
        for row in session.scalars(select(Attachment).where(Attachment.candidate_id == candidate.id))
    }


def _person(person: Person) -> dict[str, Any]:
    said = _part(
        person, "name", "email", "kind", "cost_minor", "cost_currency", "hire_cost_minor", "earliest_on",
        "notice_periods", "ramp_up_periods", "ramp_up_pct", "acceptance_pct", "created_at",
    )  # fmt: skip
    site = person.site.name if person.site is not None else ""
    return {**said, "site": site, "languages": ", ".join(person.languages), "tags": ", ".join(person.tags)}


def _process(candidate: Candidate) -> dict[str, Any]:
    requisition = candidate.requisition
    said = _part(candidate, "stage", "stage_since_on", "applied_on", "source", "note", "next_step", "is_shortlisted")
    return {**said, "requisition": requisition.title if requisition is not None else ""}


def _criteria(session: Session, candidate: Candidate) -> list[Criterion]:
    return criteria_shown(session, candidate.requisition) if candidate.requisition is not None else []


def _criterion(line: Criterion) -> dict[str, Any]:
    name = line.row.name if line.row is not None else line.name or ", ".join(line.tags)
    asked = f"{line.level}" if line.kind == "skill" else f"{line.min:g}–{line.max:g}" if line.kind == "style" else ""
    return {"kind": line.kind, "name": name, "asked": asked, "is_must": line.is_must, "reason": line.reason}


def _ratings(session: Session, candidate: Candidate) -> Iterable[dict[str, Any]]:
    """What raters gave, by the number of the card: they are other people, and not named."""
    cards = session.scalars(select(Scorecard).where(Scorecard.candidate_id == candidate.id).order_by(Scorecard.id))
    for number, card in enumerate(cards, start=1):
        for rating in card.ratings:
            yield {"card": number, "at": _plain(card.submitted_at), **_part(rating, "kind", "key", "score", "evidence")}
        if card.note:
            yield {"card": number, "at": _plain(card.submitted_at), "kind": "note", "evidence": card.note}


def _plans(session: Session, person: Person) -> Iterable[dict[str, Any]]:
    rows = (
        select(Plan.number, Plan.created_at, Allocation.seat_key, Allocation.booking)
        .join(Allocation, Allocation.plan_id == Plan.id)
        .where(Allocation.person_key == person.key)
        .order_by(Plan.number)
    )
    for number, at, seat_key, booking in session.execute(rows):
        yield {"plan": number, "at": _plain(at), "seat": seat_key, "booking": str(booking)}


def _bookings(session: Session, person: Person) -> Iterable[dict[str, Any]]:
    rows = select(Booking, Seat).join(Seat, Seat.id == Booking.seat_id).where(Booking.person_id == person.id)
    for booking, seat in session.execute(rows):
        yield {"seat": seat.need.title, **_part(booking, "booking", "reason", "decided_at")}


def _below(session: Session, table: Any, candidate: Candidate) -> list[Any]:
    return list(session.scalars(select(table).where(table.candidate_id == candidate.id).order_by(table.id)))


def _rows(rows: Iterable[Any], *names: str) -> Table:
    return [_part(row, *names) for row in rows]


def _part(row: Any, *names: str) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _safe(name: str) -> str:
    return "".join(c if c.isalnum() or c in "._-" else "_" for c in name)[-100:].lstrip(".") or "file"
