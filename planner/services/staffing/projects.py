"""Projects: add, edit, list, and the figures that their pages open with."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from planner.models import (
    Booking,
    BookingKind,
    FinishedWork,
    Phase,
    Project,
    RoleName,
    RoleNeed,
    Seat,
    User,
    UserRole,
    Workspace,
    fold,
    folded,
)
from planner.schemas.staffing_projects import ProjectSaid
from planner.services.editing import fill, require_version
from planner.services.listing import Page, Query, paged
from planner.services.refused import Refused

Row = TypeVar("Row", bound=Any)


@dataclass(frozen=True)
class Figures:
    """What a project adds up to. `effort_pct` sums percent of full time over periods: 100 is one full-time period."""

    num_phases: int = 0
    num_seats: int = 0
    num_held: int = 0
    num_periods: int = 0
    effort_pct: int = 0
    starts_on: datetime | None = None
    ends_on: datetime | None = None

    @property
    def num_open(self) -> int:
        """The seats that nobody holds in force."""
        return self.num_seats - self.num_held


def add_project(session: Session, said: ProjectSaid) -> Project:
    """Adds a project. Raises Refused where the PM is no project manager."""
    _require_pm(session, said.pm_id)
    project = fill(Project(), said, leave=("due_on",))
    project.due_on = snapped(workspace_of(session), said.due_on)
    return add_keyed(session, project, "j")


def edit_project(session: Session, project: Project, said: ProjectSaid, version: int | None) -> Project:
    """Edits a project. Raises Stale, and Refused where the PM is no project manager."""
    require_version(project, version)
    if said.pm_id != project.pm_id:
        _require_pm(session, said.pm_id)
    fill(project, said, leave=("due_on",))
    project.due_on = snapped(workspace_of(session), said.due_on)
    return project


def page_of_projects(session: Session, query: Query) -> Page[Project]:
    """The projects, as the URL asks for them."""
    starts = select(Phase.project_id, func.min(Phase.earliest_on).label("start")).group_by(Phase.project_id).subquery()
    statement = select(Project).outerjoin(starts, starts.c.project_id == Project.id)
    return paged(
        session,
        statement,
        query,
        sorts={
            "name": folded(Project.name),
            "client": folded(Project.client),
            "priority": Project.priority,
            "due": Project.due_on,
            "budget": Project.budget_minor,
            "start": starts.c.start,
        },
        default="name",
        search=(Project.name, Project.client, Project.objective, Project.kind, Project.key),
        filters={
            "kind": lambda found, value: found.where(folded(Project.kind) == fold(value)),
            "pm": lambda found, value: found.where(Project.pm_id == id_in(value)),
            "priority": lambda found, value: found.where(Project.priority == id_in(value)),
        },
    )


def managers(session: Session) -> list[User]:
    """The users who may be the PM of a project, by name."""
    holders = select(UserRole.user_id).where(UserRole.role == RoleName.PROJECT_MANAGER)
    return list(session.scalars(select(User).where(User.id.in_(holders)).order_by(folded(User.name))))


def kinds(session: Session) -> list[str]:
    """The kinds of projects that are in use or were, each in the way in which it is mostly written, by name."""
    columns = (Project.kind, FinishedWork.kind)
    texts = [text.strip() for column in columns for text in session.scalars(select(column).where(column != ""))]
    said = Counter(texts)
    written: dict[str, str] = {}
    for text, _num in said.most_common():
        written.setdefault(fold(text), text)
    return [written[key] for key in sorted(written)]


def manager_names(session: Session, projects: Sequence[Project]) -> dict[int, str]:
    """The names of the PMs of some projects, by the PM's id."""
    ids = {project.pm_id for project in projects if project.pm_id is not None}
    return dict(session.execute(select(User.id, User.name).where(User.id.in_(ids))).all())


def figures_of(session: Session, projects: Sequence[Project]) -> dict[int, Figures]:
    """What each project adds up to, in three queries for all of them."""
    workspace = workspace_of(session)
    ids = [project.id for project in projects]
    seats = _seats_of(session, ids)
    held = _held_of(session, ids)
    spans = _spans_of(session, ids, workspace)
    return {
        ident: Figures(**seats.get(ident, {}), **spans.get(ident, {}), num_held=held.get(ident, 0)) for ident in ids
    }


def figures(session: Session, project: Project) -> Figures:
    """What one project adds up to."""
    return figures_of(session, [project])[project.id]


def num_agreed(session: Session, *where: ColumnElement[bool]) -> int:
    """How many hard bookings stand on the seats that a condition picks out of seats, needs and phases."""
    statement = (
        select(func.count())
        .select_from(Booking)
        .join(Seat, Seat.id == Booking.seat_id)
        .join(RoleNeed, RoleNeed.id == Seat.need_id)
        .join(Phase, Phase.id == RoleNeed.phase_id)
        .where(Booking.booking == BookingKind.HARD, *where)
    )
    return session.scalar(statement) or 0


def workspace_of(session: Session) -> Workspace:
    """The workspace that everything belongs to."""
    return session.get_one(Workspace, 1)


def snapped(workspace: Workspace, moment: datetime | None) -> datetime | None:
    """The start of the period in which a moment lies."""
    return workspace.moment_of(workspace.idx_of(moment)) if moment is not None else None


def add_keyed(session: Session, row: Row, letter: str) -> Row:
    """Adds a row whose key is a letter and its id; giving the key is no edit, so the version stays 1."""
    row.key = uuid.uuid4().hex
    session.add(row)
    session.flush()
    table = row.__table__
    key = free_key(session, table.c.key, f"{letter}{row.id}")
    session.execute(update(table).where(table.c.id == row.id).values(key=key))
    set_committed_value(row, "key", key)
    return row


def id_in(value: str) -> int:
    """The row id that a URL's filter names; one that no row has where it names none."""
    return int(value) if value.isdecimal() and len(value) < 10 else -1


def free_key(session: Session, column: Any, wanted: str) -> str:
    """The wanted key, or the nearest one that nothing else carries: a file may have brought it in already."""
    key, number = wanted, 1
    while session.scalar(select(column).where(column == key).limit(1)) is not None:
        number += 1
        key = f"{wanted}-{number}"
    return key


def _require_pm(session: Session, user_id: int | None) -> None:
    if user_id is not None and user_id not in {user.id for user in managers(session)}:
        raise Refused("pm_is_no_project_manager", field="pm_id")


def _seats_of(session: Session, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    ends = func.coalesce(RoleNeed.to_offset, Phase.duration)
    effort = func.sum(RoleNeed.count * RoleNeed.fte_pct * (ends - RoleNeed.from_offset))
    statement = (
        select(Phase.project_id, func.sum(RoleNeed.count), effort)
        .join(RoleNeed, RoleNeed.phase_id == Phase.id)
        .where(Phase.project_id.in_(ids))
        .group_by(Phase.project_id)
    )
    return {ident: {"num_seats": seats, "effort_pct": pct} for ident, seats, pct in session.execute(statement)}


def _held_of(session: Session, ids: Sequence[int]) -> dict[int, int]:
    statement = (
        select(Phase.project_id, func.count(Booking.seat_id.distinct()))
        .join(RoleNeed, RoleNeed.phase_id == Phase.id)
        .join(Seat, Seat.need_id == RoleNeed.id)
        .join(Booking, Booking.seat_id == Seat.id)
        .where(Phase.project_id.in_(ids), Booking.is_in_force)
        .group_by(Phase.project_id)
    )
    return dict(session.execute(statement).all())


def _spans_of(session: Session, ids: Sequence[int], workspace: Workspace) -> dict[int, dict[str, Any]]:
    spans: dict[int, dict[str, Any]] = {}
    columns = (Phase.project_id, Phase.earliest_on, Phase.latest_on, Phase.duration)
    for ident, earliest, latest, duration in session.execute(select(*columns).where(Phase.project_id.in_(ids))):
        end = latest + duration * workspace.step
        span = spans.setdefault(ident, {"num_phases": 0, "starts_on": earliest, "ends_on": end})
        span["num_phases"] += 1
        span["starts_on"], span["ends_on"] = min(span["starts_on"], earliest), max(span["ends_on"], end)
    for span in spans.values():
        span["num_periods"] = -(-(span["ends_on"] - span["starts_on"]) // workspace.step)
    return spans
