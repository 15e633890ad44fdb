"""Plans: asking for one, the list, which one is in force, and deciding about what a plan proposes."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from planner.models import (
    MINOR,
    Booking,
    BookingKind,
    Job,
    Person,
    PersonKind,
    Phase,
    Plan,
    PlanState,
    Preset,
    Project,
    RoleNeed,
    Scenario,
    ScenarioSubject,
    Seat,
    User,
    Workspace,
    folded,
)
from planner.schemas.planning_plans import PlanSaid
from planner.services.editing import next_number
from planner.services.listing import Page, Query, paged
from planner.services.planning import in_force
from planner.services.planning.causes import Cause, cause
from planner.services.planning.scenario_documents import KINDS, title_of
from planner.services.planning.trying import tried
from planner.services.refused import Refused
from planner.services.staffing.projects import id_in
from planner.translate import PlanRequest
from planner.translate import weights_of as preset_weights

MOST_TRIES = 5
STAFF = (PersonKind.EMPLOYEE, PersonKind.CONTRACTOR)


@dataclass(frozen=True)
class PlanningFacts:
    """What there is to be planned, for the page that asks for a plan."""

    workspace: Workspace
    projects: list[Project]
    num_seats: int
    num_projects: int
    num_staff: int
    num_candidates: int


class OwnLine(NamedTuple):
    """A seat that a person is agreed on, as they read it; `to_on` is its last day."""

    title: str
    project: str
    phase: str
    from_on: date
    to_on: date
    fte_pct: int


def planning_facts(session: Session) -> PlanningFacts:
    """What there is to be planned."""
    projects = list(session.scalars(select(Project).order_by(folded(Project.name))))
    kinds = dict(session.execute(select(Person.kind, func.count()).group_by(Person.kind)).all())
    return PlanningFacts(
        workspace=session.get_one(Workspace, 1),
        projects=projects,
        num_seats=session.scalar(select(func.count()).select_from(Seat)) or 0,
        num_projects=len(projects),
        num_staff=sum(kinds.get(kind, 0) for kind in STAFF),
        num_candidates=kinds.get(PersonKind.CANDIDATE, 0),
    )


def asked_like(facts: PlanningFacts, again: Plan | None) -> dict[str, Any]:
    """What the form says at first: the workspace's defaults, or what was asked for an earlier plan."""
    workspace = facts.workspace
    usual = {
        "title": workspace.name,
        "starts_on": workspace.moment_of(0),
        "num_periods": workspace.num_periods,
        "preset": Preset.FILL.value,
        "weights": weights_of(Preset.FILL.value, workspace.weights),
        "kinds": [kind.value for kind in PersonKind],
        "is_growth": workspace.is_growth,
        "max_hires": workspace.limits.get("max_hires"),
        "hire_budget": minor_of(workspace.limits.get("hire_budget")),
        "budget": minor_of(workspace.limits.get("budget")),
        "max_changes": workspace.limits.get("max_changes"),
        "time_limit_s": 20,
    }
    if again is None:
        return usual
    asked = PlanSaid.model_validate(again.request)
    said = asked.model_dump(mode="python", exclude_none=True)
    return {**usual, **said, "preset": asked.preset.value, "kinds": [str(k) for k in asked.kinds or PersonKind]}


def weights_of(preset: str | None, usual: Mapping[str, int] | None = None) -> dict[str, int]:
    """What a preset weighs, by name; an unknown preset weighs as the first does."""
    known = Preset(preset) if preset in set(Preset) else Preset.FILL
    return asdict(preset_weights(known, usual))


def request_plan(session: Session, said: PlanSaid, *, by: User, token: str, scenario: Scenario | None = None) -> Plan:
    """Puts a plan in the queue; the same token gives the same plan, so that a double click asks once.

    With a scenario, the plan answers it and belongs to it. Raises Refused where there is nothing to plan, or to plan
    again, where the scenario says what is not possible any more, or where others ask faster than plans can be numbered.
    """
    num_seats = _num_seats(session, said) if scenario is None else _num_seats_in(session, said, scenario)
    for _try in range(MOST_TRIES):
        earlier = session.scalar(select(Plan).where(Plan.request_token == token))
        if earlier is not None:
            return earlier
        if not num_seats:
            raise Refused("nothing_to_plan")
        if said.replans is not None and session.get(Plan, said.replans) is None:
            raise Refused("no_such_plan", field="replans")
        with suppress(IntegrityError), session.begin_nested():  # the number or the token may be taken meanwhile
            return _queued(session, said, num_seats, by, token, scenario)
    raise Refused("too_many_plans")


def _queued(session: Session, said: PlanSaid, num_seats: int, by: User, token: str, scenario: Scenario | None) -> Plan:
    plan = Plan(
        number=next_number(session, Plan.number),
        title=said.title,
        request_token=token,
        preset=said.preset,
        request=said.model_dump(mode="json"),
        created_by_id=by.id,
        starts_on=said.starts_on.date(),
        num_periods=said.num_periods,
        num_seats=num_seats,
        scenario_id=scenario.id if scenario is not None else None,
    )
    session.add_all([plan, Job(plan=plan)])
    session.flush()
    return plan


def _num_seats(session: Session, said: PlanSaid) -> int:
    """How many seats the projects that are asked for have."""
    statement = select(func.count()).select_from(Seat).join(Seat.need).join(RoleNeed.phase)
    if said.projects:
        statement = statement.where(Phase.project_id.in_(said.projects))
    return session.scalar(statement) or 0


def said_of(plan: Plan) -> PlanSaid:
    """What a plan was asked for; one from a file, what it would have been."""
    usual = {"title": plan.title, "starts_on": plan.starts_on.isoformat(), "num_periods": plan.num_periods}
    return PlanSaid.model_validate(plan.request or usual)


def _num_seats_in(session: Session, said: PlanSaid, scenario: Scenario) -> int:
    """How many seats they have in a scenario. Raises Refused where some of what it says is not possible any more."""
    with tried(session, scenario) as applied:
        asked = said.model_copy(update={"projects": [applied.real(ident) for ident in said.projects]})
        num_seats = _num_seats(session, asked)
    by_id = {one.id: one for one in scenario.subjects}
    why = [_refused_in_words(session, by_id[ident], refused) for ident, refused in applied.refused.items()]
    if why:
        raise Refused("scenario_does_not_hold", why=why)
    return num_seats


def _refused_in_words(session: Session, record: ScenarioSubject, refused: Refused) -> Cause:
    """What a scenario says that its verb refuses by now, and why."""
    title = title_of(session.get(KINDS[record.kind].model, record.subject_id), record)
    return cause("scenario_does_not_hold_here", title=title, reason=cause(refused.code, **refused.params))


def to_request(plan: Plan, ids: Mapping[int, int] | None = None) -> PlanRequest:
    """What a plan was asked for, as the translation takes it; `ids` are the rows of what only its scenario has."""
    said = said_of(plan)
    return PlanRequest(
        title=said.title,
        starts_on=said.starts_on.date(),
        num_periods=said.num_periods,
        project_ids=frozenset((ids or {}).get(ident, ident) for ident in said.projects) or None,
        kinds=frozenset(said.kinds) or frozenset(PersonKind),
        preset=said.preset,
        weights=said.weights.model_dump() if said.weights is not None else {},
        limits={
            "max_hires": said.max_hires,
            "hire_budget": _units(said.hire_budget),
            "budget": _units(said.budget),
            "max_changes": said.max_changes,
        },
        is_growth=said.is_growth,
        time_limit_s=said.time_limit_s,
        seed=said.seed,
        is_reproducible=said.is_reproducible,
        replans=said.replans,
    )


def minor_of(units: int | None) -> int | None:
    """Minor units of money, as people are asked for it."""
    return units * MINOR if units is not None else None


def _units(minor: int | None) -> int | None:
    """Whole units of money, as the solver counts."""
    return minor // MINOR if minor is not None else None


def page_of_plans(session: Session, query: Query) -> Page[Plan]:
    """The plans of what is there, as the URL asks for them, the newest first."""
    return paged(
        session,
        select(Plan).where(Plan.scenario_id.is_(None)).options(joinedload(Plan.created_by)),
        query,
        sorts={"number": Plan.number, "title": folded(Plan.title), "cost": Plan.cost, "made": Plan.created_at},
        default="-number",
        search=(Plan.title,),
        filters={"state": lambda statement, value: statement.where(Plan.state == value)},
    )


def plan_in_force(session: Session) -> Plan | None:
    """The plan that is in force, if there is one."""
    found = in_force.plan_in_force(session)
    return found.plan if found is not None else None


def ready_plans(session: Session, most: int = 50) -> list[Plan]:
    """The newest plans that can be shown."""
    ready = select(Plan).where(Plan.state == PlanState.READY)
    return list(session.scalars(ready.order_by(Plan.number.desc()).limit(most)))


def newest_plan(session: Session, scenario: Scenario | None = None, *, before: Plan | None = None) -> Plan | None:
    """The newest plan that is ready and answers what is there, or a scenario; of those asked for before another."""
    scenario_id = scenario.id if scenario is not None else None
    ready = select(Plan).where(Plan.state == PlanState.READY, Plan.scenario_id == scenario_id)
    if before is not None:
        ready = ready.where(Plan.number < before.number)
    return session.scalars(ready.order_by(Plan.number.desc()).limit(1)).first()


def plan_to_show(session: Session, asked: str) -> Plan | None:
    """The ready plan with this id, else the one in force, else the newest."""
    if asked.isdecimal():
        ready = select(Plan).where(Plan.state == PlanState.READY, Plan.id == id_in(asked))
        return session.scalars(ready).first()
    return plan_in_force(session) or newest_plan(session)


def own_bookings(session: Session, user: User) -> list[OwnLine]:
    """The seats that the user's person is agreed on, the first to begin first."""
    if user.person_id is None:
        return []
    workspace = session.get_one(Workspace, 1)
    statement = (
        select(Booking)
        .where(Booking.person_id == user.person_id, Booking.booking == BookingKind.HARD, Booking.is_in_force)
        .options(joinedload(Booking.seat).joinedload(Seat.need).joinedload(RoleNeed.phase))
    )
    lines = [_own_line(workspace, booking) for booking in session.scalars(statement)]
    return sorted(lines, key=lambda line: (line.from_on, line.title))


def _own_line(workspace: Workspace, booking: Booking) -> OwnLine:
    need = booking.seat.need
    phase = need.phase
    start = workspace.idx_of(phase.earliest_on) if booking.start_idx is None else booking.start_idx
    end = start + (phase.duration if need.to_offset is None else need.to_offset)
    return OwnLine(
        need.title,
        phase.project.name,
        phase.name,
        workspace.moment_of(start + need.from_offset).date(),
        (workspace.moment_of(end) - timedelta(days=1)).date(),
        need.fte_pct,
    )
