"""Phases of a project: add, edit, and the order between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from planner.models import (
    Booking,
    NeedSkill,
    NeedStyle,
    Phase,
    PhaseOrder,
    Project,
    RoleNeed,
    Seat,
    TeamRule,
    Workspace,
    folded,
)
from planner.schemas.staffing_projects import PhaseSaid
from planner.services.editing import fill, require_version, touch
from planner.services.listing import Page, Query, paged
from planner.services.refused import Refused
from planner.services.staffing.projects import add_keyed, id_in, snapped, workspace_of


def add_phase(session: Session, project: Project, said: PhaseSaid) -> Phase:
    """Adds a phase after the project's others. Raises Refused on an unknown phase to follow."""
    before = _followed(session, said.after_ids, None)
    phase = Phase(project_id=project.id, position=_next_position(session, project))
    _fill(session, phase, said)
    add_keyed(session, phase, "f")
    _follow(session, phase, before)
    session.refresh(phase)
    return phase


def edit_phase(session: Session, phase: Phase, said: PhaseSaid, version: int | None) -> Phase:
    """Edits a phase; its place stays. Raises Stale, and Refused on a circle or where a need would not fit any more."""
    require_version(phase, version)
    before = _followed(session, said.after_ids, phase)
    _require_room(phase, said.duration)
    _fill(session, phase, said)
    _follow(session, phase, before)
    touch(session, phase)
    session.refresh(phase, ["after"])
    return phase


def page_of_phases(session: Session, query: Query) -> Page[Phase]:
    """The phases of all projects, as the URL asks for them."""
    return paged(
        session,
        select(Phase).options(selectinload(Phase.after)),
        query,
        sorts={"name": folded(Phase.name), "start": Phase.earliest_on, "id": Phase.id},
        default="id",
        search=(Phase.name, Phase.key),
        filters={"project_id": lambda found, value: found.where(Phase.project_id == id_in(value))},
    )


def phases_of(session: Session, project: Project) -> list[Phase]:
    """A project's phases in time order, with everything that its page shows of them."""
    statement = (
        select(Phase)
        .where(Phase.project_id == project.id)
        .order_by(Phase.earliest_on, Phase.position, Phase.id)
        .options(
            selectinload(Phase.after).joinedload(PhaseOrder.before),
            selectinload(Phase.needs).selectinload(RoleNeed.skills).joinedload(NeedSkill.skill),
            selectinload(Phase.needs).selectinload(RoleNeed.styles).joinedload(NeedStyle.style),
            selectinload(Phase.needs).selectinload(RoleNeed.seats),
            selectinload(Phase.team_rules).joinedload(TeamRule.skill),
            selectinload(Phase.team_rules).joinedload(TeamRule.style),
        )
    )
    return list(session.scalars(statement))


def holders_of(session: Session, project: Project) -> dict[int, list[Booking]]:
    """Who holds the project's seats in force, by seat."""
    statement = (
        select(Booking)
        .join(Seat, Seat.id == Booking.seat_id)
        .join(RoleNeed, RoleNeed.id == Seat.need_id)
        .join(Phase, Phase.id == RoleNeed.phase_id)
        .where(Phase.project_id == project.id, Booking.is_in_force)
        .options(joinedload(Booking.person))
        .order_by(Booking.id)
    )
    held: dict[int, list[Booking]] = {}
    for booking in session.scalars(statement):
        held.setdefault(booking.seat_id, []).append(booking)
    return held


def others(session: Session, project: Project, phase: Phase | None) -> list[tuple[int, str, str]]:
    """The phases that a phase may come after, its own project's first: (id, phase, other project or nothing)."""
    statement = (
        select(Phase.id, Phase.name, Project.name, Project.id)
        .join(Project)
        .where(Phase.id != (phase.id if phase else None))
        .order_by(Project.id != project.id, folded(Project.name), Phase.position, Phase.id)
    )
    return [(i, name, "" if owner == project.id else other) for i, name, other, owner in session.execute(statement)]


def is_beyond_horizon(workspace: Workspace, phase: Phase) -> bool:
    """Whether a phase could end after the periods that a plan covers unless it asks for more."""
    return workspace.idx_of(phase.latest_on) + phase.duration > workspace.num_periods


def is_before_calendar(workspace: Workspace, phase: Phase) -> bool:
    """Whether a phase could start before the workspace's calendar does."""
    return workspace.idx_of(phase.earliest_on) < 0


def _fill(session: Session, phase: Phase, said: PhaseSaid) -> None:
    workspace = workspace_of(session)
    _require_dates(workspace, said)
    fill(phase, said, leave=("earliest_on", "latest_on"))
    phase.earliest_on = workspace.moment_of(workspace.idx_of(said.earliest_on))
    phase.latest_on = snapped(workspace, said.latest_on) or phase.earliest_on


def _require_dates(workspace: Workspace, said: PhaseSaid) -> None:
    """Dates end with the year 9999; a phase that would end later cannot be shown."""
    try:
        workspace.moment_of(workspace.idx_of(said.latest_on or said.earliest_on) + said.duration)
    except OverflowError as error:
        raise Refused("phase_ends_too_late", field="duration") from error


def _require_room(phase: Phase, duration: int) -> None:
    """Raises Refused where a role need would reach beyond the phase's end."""
    for need in phase.needs:
        if max(need.from_offset + 1, need.to_offset or 0) > duration:
            least = max(need.from_offset + 1, need.to_offset or 0)
            raise Refused("phase_too_short_for_need", field="duration", need=need.title, least=least)


def _followed(session: Session, ids: Sequence[int], phase: Phase | None) -> list[Phase]:
    """The phases to follow, in the order given. Raises Refused where one is unknown or leads back to this phase."""
    wanted = list(dict.fromkeys(ids))
    found = {row.id: row for row in session.scalars(select(Phase).where(Phase.id.in_(wanted)))}
    if len(found) < len(wanted):
        raise Refused("phase_unknown", field="after_ids")
    circle = _circle(session, phase, wanted) if phase is not None else []
    if circle:
        names = dict(session.execute(select(Phase.id, Phase.name).where(Phase.id.in_(circle))).all())
        raise Refused("phases_in_a_circle", field="after_ids", circle=" → ".join(names[ident] for ident in circle))
    return [found[ident] for ident in wanted]


def _circle(session: Session, phase: Phase, wanted: Sequence[int]) -> list[int]:
    """The way round, in time order, from a phase back to itself that following these would make; else nothing."""
    before: dict[int, list[int]] = {}
    for after_id, before_id in session.execute(select(PhaseOrder.phase_id, PhaseOrder.before_id)):
        before.setdefault(after_id, []).append(before_id)
    before[phase.id] = list(wanted)
    ways, seen = [[phase.id]], set()
    while ways:
        way = ways.pop()
        for ident in before.get(way[-1], []):
            if ident == phase.id:
                return [*way, ident][::-1]
            if ident not in seen:
                seen.add(ident)
                ways.append([*way, ident])
    return []


def _follow(session: Session, phase: Phase, before: Sequence[Phase]) -> None:
    present: Mapping[int, PhaseOrder] = {row.before_id: row for row in phase.after}
    kept = {other.id for other in before}
    for ident, row in present.items():
        if ident not in kept:
            session.delete(row)
    for position, other in enumerate(before):
        row = present.get(other.id) or PhaseOrder(phase_id=phase.id, before_id=other.id)
        row.position = position
        session.add(row)
    session.flush()


def _next_position(session: Session, project: Project) -> int:
    last = session.scalar(select(func.max(Phase.position)).where(Phase.project_id == project.id))
    return 0 if last is None else last + 1
