"""Who follows what is said about a record: whoever spoke, was named or is responsible, unless they said otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from planner.models import (
    Agreement,
    Alert,
    Booking,
    Candidate,
    Feedback,
    Follow,
    Idea,
    Objective,
    Phase,
    Plan,
    Project,
    Requisition,
    RoleNeed,
    Seat,
    Task,
    User,
)
from planner.services.work.kinds import may_see, reference, subject


def followers(session: Session, row: Any) -> list[User]:
    """Who follows a record, and may see it, by name."""
    said = {one.user_id: one for one in session.scalars(select(Follow).where(Follow.subject == subject(row)))}
    ids = {ident for ident, one in said.items() if one.is_following}
    ids |= {ident for ident in responsible_ids(session, row) if ident not in said}
    found = session.scalars(select(User).where(User.id.in_(ids), User.active).order_by(User.name, User.id))
    return [user for user in found if may_see(user, row)]


def follow(session: Session, row: Any, user: User, *, is_following: bool) -> None:
    """Follows a record from now on, or does not."""
    found = _said(session, row, user)
    if found is not None:
        found.is_following = is_following
    else:
        _add(session, row, user, is_following=is_following)
    session.flush()


def begin(session: Session, row: Any, users: Iterable[User]) -> None:
    """Lets users follow a record who have not said that they do not want to."""
    for user in users:
        if _said(session, row, user) is None:
            _add(session, row, user, is_following=True)
    session.flush()


def responsible_ids(session: Session, row: Any) -> set[int]:
    """The users who answer for a record: a project's manager, who holds a seat, who made, proposed or opened it."""
    found = {project.pm_id for project in _projects(row)}
    if isinstance(row, Seat):
        found |= set(session.scalars(_holders(row)))
    if isinstance(row, Plan):
        found |= {row.created_by_id}
        found |= set(session.scalars(select(Agreement.proposed_by_id).where(Agreement.plan_id == row.id)))
    if isinstance(row, Task):
        found |= {row.created_by_id, *session.scalars(_logins(row))}
    if isinstance(row, Feedback | Idea):
        found |= {row.by_id}
    requisition = row.requisition if isinstance(row, Candidate) else row
    if isinstance(requisition, Requisition):
        found |= {requisition.opened_by_id}
    return {ident for ident in found if ident is not None}


def _holders(seat: Seat) -> Any:
    """The logins of whoever is on a seat."""
    return select(User.id).join(Booking, Booking.person_id == User.person_id).where(Booking.seat_id == seat.id)


def _logins(task: Task) -> Any:
    """The logins of whoever's a task is."""
    whose = task.whose
    return select(User.id).where(User.person_id == (whose.id if whose is not None else None))


def _projects(row: Any) -> Iterator[Project]:
    """The project that a record belongs to, if any."""
    match row:
        case Project():
            yield row
        case Phase():
            yield row.project
        case RoleNeed():
            yield row.phase.project
        case Feedback() | Idea() | Objective() if row.project is not None:
            yield row.project
        case Seat() | Requisition() if row.need is not None:
            yield row.need.phase.project
        case Candidate() if row.requisition is not None:
            yield from _projects(row.requisition)
        case Task() if row.board.project is not None:
            yield row.board.project
        case Alert() if row.seat is not None:
            yield row.seat.need.phase.project
        case Alert() if row.team_rule is not None:
            yield row.team_rule.phase.project


def _said(session: Session, row: Any, user: User) -> Follow | None:
    return session.scalar(select(Follow).where(Follow.subject == subject(row), Follow.user_id == user.id))


def _add(session: Session, row: Any, user: User, *, is_following: bool) -> None:
    try:
        with session.begin_nested():
            said = {"subject": subject(row), "user_id": user.id, "is_following": is_following}
            session.add(Follow(**said, **reference(row)))
    except IntegrityError:
        return  # another window of theirs was a moment faster
