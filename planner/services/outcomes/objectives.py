"""Objectives: added, edited, read, closed; each with what serves it, and how far it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, String, cast, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from planner.models import (
    Idea,
    MeasureKind,
    Objective,
    ObjectiveLink,
    ObjectiveReading,
    ObjectiveSource,
    ObjectiveState,
    Phase,
    Project,
    RoleNeed,
    User,
    folded,
    now,
    today,
)
from planner.schemas.outcomes_objectives import LinkSaid, ObjectiveSaid, ObjectiveStateSaid, ReadingSaid
from planner.services.editing import fill, require_version, touch
from planner.services.listing import Page, Query, narrowed, paged
from planner.services.outcomes.measuring import SOURCES, measure_from, with_sources
from planner.services.outcomes.progress import Progress, Reading, progress_of, rank
from planner.services.refused import Refused
from planner.services.staffing.projects import id_in

MOST_SHOWN = 500  # objectives of one page: seniors look at all of them at once
SEARCHED = (Objective.title, Objective.measure, Objective.why)
SERVERS: Mapping[str, type] = {"project_id": Project, "phase_id": Phase, "need_id": RoleNeed, "idea_id": Idea}


@dataclass(frozen=True)
class Line:
    """An objective, how far it is today, and the readings that say so, wherever they come from."""

    objective: Objective
    progress: Progress
    readings: Sequence[Reading] = field(default=(), repr=False)


def add_objective(session: Session, project: Project | None, said: ObjectiveSaid) -> Objective:
    """Adds an objective of a project, or of the department. Raises Refused where what serves it is not there."""
    objective = fill(Objective(project_id=project.id if project is not None else None), said)
    _serve(session, objective, said.links)
    measure_from(session, objective, said)
    session.add(objective)
    session.flush()
    return objective


def edit_objective(session: Session, objective: Objective, said: ObjectiveSaid, version: int | None) -> Objective:
    """Edits an objective. Raises Stale; Refused where readings are below zero, or what serves is gone."""
    require_version(objective, version)
    if said.measure_kind is not MeasureKind.NUMBER and any(row.value < 0 for row in objective.readings):
        raise Refused("readings_are_negative", field="measure_kind")
    with session.no_autoflush:  # what is said of it, and where its readings come from, are one edit
        fill(objective, said)
        measure_from(session, objective, said)
    _serve(session, objective, said.links)
    session.flush()
    return objective


def add_reading(session: Session, objective: Objective, said: ReadingSaid, *, by: User) -> ObjectiveReading:
    """Keeps how far an objective was on a day. Raises Refused where it is closed, or the value cannot be."""
    if objective.state is not ObjectiveState.OPEN:
        raise Refused("objective_is_closed")
    if objective.source is not ObjectiveSource.READINGS:
        raise Refused("objective_is_measured")
    if said.value < 0 and objective.measure_kind is not MeasureKind.NUMBER:
        raise Refused("count_is_negative", field="value")
    reading = fill(ObjectiveReading(by_name=by.name or by.email), said)
    objective.readings.append(reading)
    touch(session, objective)
    return reading


def set_state(
    session: Session, objective: Objective, said: ObjectiveStateSaid, version: int | None, *, by: User
) -> Objective:
    """Closes an objective with a reason, or opens it again. Raises Stale."""
    require_version(objective, version)
    objective.state, objective.state_reason = said.state, said.reason
    objective.state_by, objective.state_at = by.name or by.email, now()
    session.flush()
    return objective


def page_of_objectives(session: Session, query: Query) -> Page[Objective]:
    """The objectives, as the URL asks for them."""
    return paged(
        session,
        _whole(),
        query,
        sorts={"title": folded(Objective.title), "by": Objective.by_on, "id": Objective.id},
        default="by",
        search=SEARCHED,
        filters={"of": _of, "project_id": _of, "state": _in_state},
    )


def lines(session: Session, query: Query) -> list[Line]:
    """The objectives that the URL asks for, late first; those that are open unless it asks for more."""
    wanted = narrowed(_whole(), query, search=SEARCHED, filters={"of": _of})
    wanted = _in_state(wanted, query.value("state") or "open")
    return measured(session, list(session.scalars(wanted.order_by(Objective.by_on, Objective.id).limit(MOST_SHOWN))))


def open_objectives(session: Session) -> list[Objective]:
    """The objectives that are open, with their readings."""
    return list(session.scalars(_in_state(_whole(), "open").order_by(Objective.by_on, Objective.id)))


def lines_of_project(session: Session, project: Project) -> list[Line]:
    """A project's own objectives, and those of others that it serves, late first."""
    serving = select(ObjectiveLink.objective_id).where(
        or_(
            ObjectiveLink.project_id == project.id,
            ObjectiveLink.phase_id.in_(select(Phase.id).where(Phase.project_id == project.id)),
            ObjectiveLink.need_id.in_(select(RoleNeed.id).join(Phase).where(Phase.project_id == project.id)),
        )
    )
    wanted = _whole().where(or_(Objective.project_id == project.id, Objective.id.in_(serving)))
    return measured(session, list(session.scalars(wanted)))


def measured(session: Session, objectives: Sequence[Objective]) -> list[Line]:
    """Objectives with how far each is today, late first."""
    readings: dict[int, list[Reading]] = {}
    for source, read in SOURCES.items():
        readings |= read(session, [one for one in objectives if one.source is source])
    told = [(one, readings.get(one.id, [])) for one in objectives]
    found = [Line(one, progress_of(one, read, today()), read) for one, read in told]
    return sorted(found, key=lambda line: (*rank(line.progress, line.objective.by_on), line.objective.id))


def line_of(session: Session, objective: Objective) -> Line:
    """One objective, and how far it is today."""
    return measured(session, [objective])[0]


def could_serve(session: Session, project: Project | None) -> list[tuple[str, int, str, str]]:
    """What may be named as serving an objective: (column, id, name, what it is part of)."""
    ideas = [("idea_id", ident, title, "") for ident, title in session.execute(_ideas(project))]
    if project is None:
        rows = session.execute(select(Project.id, Project.name).order_by(folded(Project.name)))
        return [*(("project_id", ident, name, "") for ident, name in rows), *ideas]
    phases = select(Phase).where(Phase.project_id == project.id).order_by(Phase.position, Phase.id)
    found = [("project_id", project.id, project.name, "")]
    for phase in session.scalars(phases.options(selectinload(Phase.needs))):
        found.append(("phase_id", phase.id, phase.name, ""))
        found += [("need_id", need.id, need.title, phase.name) for need in phase.needs]
    return [*found, *ideas]


def _ideas(project: Project | None) -> Any:
    """The ideas that may serve an objective: those of its project, or all, the latest first."""
    statement = select(Idea.id, Idea.title).order_by(Idea.id.desc()).limit(MOST_SHOWN)
    return statement.where(Idea.project_id == project.id) if project is not None else statement


def _serve(session: Session, objective: Objective, links: Sequence[LinkSaid]) -> None:
    """Makes what serves an objective that which was said; what stays keeps its row."""
    present = {_place(link): link for link in objective.links}
    wanted = [link.place for link in links]
    for n, (column, ident) in enumerate(wanted):
        if (column, ident) in present:
            continue
        if session.get(SERVERS[column], ident) is None:
            raise Refused("choice_is_not_there", field=f"links.{n}.{column}")
        objective.links.append(ObjectiveLink(**{column: ident}))
    for place, link in present.items():
        if place not in wanted:
            objective.links.remove(link)
    if set(present) != set(wanted) and objective.id is not None:
        touch(session, objective)


def _place(link: ObjectiveLink) -> tuple[str, int]:
    return next((name, getattr(link, name)) for name in SERVERS if getattr(link, name) is not None)


def _whole() -> Select[Any]:
    return select(Objective).options(joinedload(Objective.project), selectinload(Objective.links), *with_sources())


def _of(found: Select[Any], value: str) -> Select[Any]:
    is_department = Objective.project_id.is_(None)
    if value == "department":
        return found.where(is_department)
    return found.where(~is_department if value == "projects" else Objective.project_id == id_in(value))


def _in_state(found: Select[Any], value: str) -> Select[Any]:
    return found if value == "all" else found.where(cast(Objective.state, String) == value)
