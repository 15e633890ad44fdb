"""On what basis a candidate's data is used, for each purpose; what is withdrawn ends at once, in waiting plans too."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import Candidate, EventKind, Purpose, Stage, UseOfData, User, now
from planner.schemas.hiring_rights import UseSaid, WithdrawnSaid
from planner.services.editing import require_version, touch
from planner.services.hiring.candidates import put_at
from planner.services.refused import Refused


def uses_of(session: Session, candidate: Candidate) -> dict[Purpose, UseOfData]:
    """The basis of each purpose, where one was noted."""
    rows = session.scalars(select(UseOfData).where(UseOfData.candidate_id == candidate.id))
    return {row.purpose: row for row in rows}


def set_use(session: Session, candidate: Candidate, said: UseSaid, version: int | None) -> UseOfData:
    """Notes on what basis the data is used for a purpose from now on. Raises Stale."""
    require_version(candidate, version)
    row = uses_of(session, candidate).get(said.purpose) or UseOfData(candidate_id=candidate.id, purpose=said.purpose)
    row.basis, row.given_at, row.withdrawn_at = said.basis, now(), None
    session.add(row)
    touch(session, candidate)
    return row


def withdraw_use(
    session: Session, candidate: Candidate, said: WithdrawnSaid, version: int | None, *, by: User
) -> UseOfData:
    """Ends the use for a purpose. Without recruitment the candidate is withdrawn: no plan proposes them any more.

    Raises Stale; Refused where it was not in use, or the candidate was hired on it.
    """
    require_version(candidate, version)
    row = uses_of(session, candidate).get(said.purpose)
    if row is None or row.withdrawn_at is not None:
        raise Refused("not_in_use", field="purpose")
    if candidate.stage is Stage.HIRED:
        raise Refused("hire_is_undone_apart", field="purpose", name=candidate.person.name)
    row.withdrawn_at = now()
    if said.purpose is Purpose.RECRUITMENT and candidate.stage.is_considered:
        put_at(candidate, Stage.WITHDRAWN, EventKind.MOVED, by=by, reason=said.reason)
    touch(session, candidate)
    return row
