"""What is reported of teams: planned against present dates and cost, who is allocated, what is open, what was decided.

Everything is about the phases of the projects that are wanted which touch the wanted days; such a phase counts whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import (
    MINOR,
    Decision,
    DecisionKind,
    HireDecision,
    NeedAnswer,
    NeedState,
    NeedStep,
    Person,
    Phase,
    Project,
    Requisition,
    RequisitionState,
    RoleNeed,
    Seat,
    Side,
    User,
    now,
)
from planner.services.outcomes.wanted import Wanted
from planner.services.planning import baselines, versions
from planner.services.planning.baselines import PhaseMark
from planner.services.staffing.free_time import Window, free_time
from planner.services.work.forecast import loads_of
from planner.services.work.holdings import Holding, Present, present
from planner.translate import Untranslatable
from planner.translate.money import Money

DAY_S = 86_400
MOST_CHANGES = 200


@dataclass(frozen=True)
class PhaseLine:
    """A phase and its team: when it was to be and when it is, its seats, what its people cost then and cost now.

    The dates are of periods, the ends are out. `slip` counts the periods by which the end has moved. Costs are in whole
    units; what was not known then is None.
    """

    phase_id: int
    phase: str
    project_id: int
    project: str
    first_start: int | None
    first_end: int | None
    start: int
    end: int
    num_seats: int
    num_held: int
    num_agreed: int
    cost_first: int | None
    cost_in_force: int | None
    cost_now: int

    @property
    def slip(self) -> int | None:
        return None if self.first_end is None else self.end - self.first_end


@dataclass(frozen=True)
class MonthLine:
    """A month: what people on staff can give, what the wanted projects and all others take of it, what is left.

    In percent of full time, summed over the periods that begin in the month.
    """

    month: date
    capacity: int
    wanted: int
    others: int
    bench: int

    @property
    def used_pct(self) -> int | None:
        return round(100 * (self.wanted + self.others) / self.capacity) if self.capacity else None


@dataclass(frozen=True)
class ProjectLine:
    """A project: its phases together, beside its budget."""

    project_id: int
    name: str
    client: str
    pm: str
    num_phases: int
    num_late: int
    num_seats: int
    num_held: int
    cost_first: int | None
    cost_in_force: int | None
    cost_now: int
    budget: int | None

    @property
    def over_budget(self) -> int | None:
        """By how much today's cost passes the budget; below 0 where it is within."""
        return None if self.budget is None else self.cost_now - self.budget


@dataclass(frozen=True)
class ResponseLine:
    """How long one side takes to answer about role needs: median days, how many answers, and what waits now."""

    side: Side
    num: int
    median_days: float | None
    num_waiting: int
    longest_days: float | None


@dataclass(frozen=True)
class HireLine:
    """Hiring for the wanted projects: requisitions by state, and people hired in the wanted days."""

    num_draft: int
    num_open: int
    num_filled: int
    num_hired: int


@dataclass(frozen=True)
class ChangeLine:
    """What somebody decided about a seat or a phase since a plan first came in force, and why."""

    at: datetime
    by: str
    kind: DecisionKind
    project: str
    what: str
    reason: str


@dataclass(frozen=True)
class TeamReport:
    """The whole report."""

    here: Present
    wanted: Wanted
    project: Project | None
    first_at: datetime | None
    projects: Sequence[ProjectLine]
    phases: Sequence[PhaseLine]
    months: Sequence[MonthLine]
    responses: Sequence[ResponseLine]
    hires: HireLine
    changes: Sequence[ChangeLine]
    is_cost_whole: bool

    def total(self, name: str) -> int:
        """A figure of all phases together; those that do not know it add nothing."""
        return sum(getattr(line, name) or 0 for line in self.phases)

    @property
    def late(self) -> list[PhaseLine]:
        """The phases that end later than they were to, the latest first."""
        return sorted((line for line in self.phases if (line.slip or 0) > 0), key=lambda line: -(line.slip or 0))

    @property
    def used_pct(self) -> int | None:
        """Percent of everybody's time that is allocated."""
        given = sum(line.capacity for line in self.months)
        taken = sum(line.wanted + line.others for line in self.months)
        return round(100 * taken / given) if given else None


def team_report(session: Session, wanted: Wanted) -> TeamReport:
    """Reads all of it; a handful of queries, however many projects there are."""
    here = present(session)
    first, last = wanted.periods(here.workspace)
    projects = [row for row in session.scalars(select(Project).order_by(Project.name, Project.id))
                if wanted.takes(row.id, row.client)]  # fmt: skip
    ids = {project.id for project in projects}
    marks = list(baselines.first_marks(session))
    costs = _Costs(session, here)
    phases = list(_phases(session, here, ids, (first, last), marks, costs))
    return TeamReport(
        here=here,
        wanted=wanted,
        project=session.get(Project, wanted.project_id) if wanted.project_id is not None else None,
        first_at=marks[0].at if marks else None,
        projects=list(_projects(session, projects, phases)),
        phases=phases,
        months=_months(session, here, ids, first, last),
        responses=_responses(session, ids, wanted),
        hires=_hires(session, ids, wanted),
        changes=_changes(session, ids, marks[0].at if marks else None, wanted),
        is_cost_whole=costs.is_whole,
    )


class _Costs:
    """What people cost today, in whole units; somebody in a currency without a rate counts nothing, and it is said."""

    def __init__(self, session: Session, here: Present) -> None:
        money = Money(session, here.workspace, here.workspace.calendar_start_on)
        self._units: dict[int, int] = {}
        self.is_whole = True
        for ident, minor, currency in session.execute(select(Person.id, Person.cost_minor, Person.cost_currency)):
            try:
                self._units[ident] = money.units(minor, currency)
            except Untranslatable:
                self._units[ident], self.is_whole = 0, False

    def of(self, one: Holding) -> int:
        """A seat for all its periods, with who holds it."""
        if one.person_id is None:
            return 0
        size = one.seat.fte_pct * (one.seat.last_idx - one.seat.first_idx)
        return self._units[one.person_id] * size // 100


def _phases(
    session: Session,
    here: Present,
    project_ids: set[int],
    span: tuple[int, int],
    marks: Sequence[baselines.Mark],
    costs: _Costs,
) -> Iterator[PhaseLine]:
    seats: dict[int, list[Holding]] = defaultdict(list)
    for one in here.holdings:
        seats[one.seat.phase_id].append(one)
    in_force = _marks_in_force(session, here)
    statement = select(Phase, Project.name).join(Project, Project.id == Phase.project_id)
    for phase, name in session.execute(statement.order_by(Project.name, Project.id, Phase.earliest_on, Phase.id)):
        start = _start(here, phase)
        if phase.project_id not in project_ids or start >= span[1] or start + phase.duration <= span[0]:
            continue
        first = next((mark.phases[phase.key] for mark in marks if phase.key in mark.phases), None)
        held = [one for one in seats[phase.id] if one.person_id is not None]
        yield PhaseLine(
            phase_id=phase.id,
            phase=phase.name,
            project_id=phase.project_id,
            project=name,
            first_start=None if first is None else min(first.start_idx, start) if first.is_cut else first.start_idx,
            first_end=None if first is None else first.end_idx,
            start=start,
            end=start + phase.duration,
            num_seats=len(seats[phase.id]),
            num_held=len(held),
            num_agreed=sum(one.is_agreed for one in held),
            cost_first=None if first is None else first.cost,
            cost_in_force=in_force[phase.key].cost if phase.key in in_force else None,
            cost_now=sum(costs.of(one) for one in held),
        )


def _marks_in_force(session: Session, here: Present) -> Mapping[str, PhaseMark]:
    if here.found is None:
        return {}
    version = versions.version_of(session, here.found.plan, here.found.version_number)
    return baselines.phases_at(session, version)


def _start(here: Present, phase: Phase) -> int:
    """The period in which a phase starts, by the plan in force where it may move."""
    earliest = here.workspace.idx_of(phase.earliest_on)
    if phase.earliest_on == phase.latest_on:
        return earliest
    return max(earliest, here.starts.get(phase.key, earliest))


def _projects(session: Session, projects: Iterable[Project], phases: Sequence[PhaseLine]) -> Iterator[ProjectLine]:
    """The projects of which some phase is reported."""
    names = dict(session.execute(select(User.id, User.name)).all())
    of: dict[int, list[PhaseLine]] = defaultdict(list)
    for line in phases:
        of[line.project_id].append(line)
    for project in projects:
        mine = of[project.id]
        if mine:
            yield ProjectLine(
                project_id=project.id,
                name=project.name,
                client=project.client,
                pm=names.get(project.pm_id, "") if project.pm_id is not None else "",
                num_phases=len(mine),
                num_late=sum((line.slip or 0) > 0 for line in mine),
                num_seats=sum(line.num_seats for line in mine),
                num_held=sum(line.num_held for line in mine),
                cost_first=_sum(line.cost_first for line in mine),
                cost_in_force=_sum(line.cost_in_force for line in mine),
                cost_now=sum(line.cost_now for line in mine),
                budget=None if project.budget_minor is None else project.budget_minor // MINOR,
            )


def _sum(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _months(session: Session, here: Present, project_ids: set[int], first: int, last: int) -> list[MonthLine]:
    """Staff month by month."""
    last = min(last, max(here.workspace.num_periods, first + 1))
    staff = [row.id for row in here.people.values() if not row.kind.is_hire]
    given = free_time(session, staff, Window(here.workspace, first, last))
    loads = loads_of(here, first, last)
    mine = [0] * (last - first)
    on_staff = set(staff)
    for one in here.held:
        if one.person_id in on_staff and one.seat.project_id in project_ids:
            for idx in range(max(first, one.seat.first_idx), min(last, one.seat.last_idx)):
                mine[idx - first] += one.seat.fte_pct
    totals: dict[date, list[int]] = {}
    nothing = [0] * (last - first)
    for n in range(last - first):
        month = here.workspace.moment_of(first + n).date().replace(day=1)
        row = totals.setdefault(month, [0, 0, 0, 0])
        capacity = sum(given[ident][n] for ident in staff)
        taken = sum(loads.get(ident, nothing)[n] for ident in staff)
        row[0] += capacity
        row[1] += mine[n]
        row[2] += taken - mine[n]
        row[3] += sum(max(0, given[ident][n] - loads.get(ident, nothing)[n]) for ident in staff)
    return [MonthLine(month, *row) for month, row in sorted(totals.items())]


def _responses(session: Session, project_ids: set[int], wanted: Wanted) -> list[ResponseLine]:
    """How long each side took, and what waits for it now."""
    begin, end = _instants(wanted)
    waited: dict[Side, list[float]] = defaultdict(list)
    steps = select(NeedStep.side, NeedStep.waited_s, NeedStep.at, Phase.project_id)
    for side, seconds, at, project_id in session.execute(_of_needs(steps.join(NeedAnswer))):
        if project_id in project_ids and begin <= at < end and side in (Side.PROJECT, Side.OPERATIONS):
            waited[side].append(seconds / DAY_S)
    pending: dict[Side, list[float]] = defaultdict(list)
    last: dict[int, tuple[NeedState, datetime]] = {}
    newest = select(NeedAnswer.id, NeedAnswer.state, NeedStep.at, Phase.project_id)
    for ident, state, at, project_id in session.execute(_of_needs(newest.join(NeedStep)).order_by(NeedStep.id)):
        if project_id in project_ids:
            last[ident] = (state, at)
    for state, at in last.values():
        if state.waits_for_operations or state is NeedState.COUNTERED:
            side = Side.OPERATIONS if state.waits_for_operations else Side.PROJECT
            pending[side].append((now() - at).total_seconds() / DAY_S)
    return [
        ResponseLine(
            side,
            len(waited[side]),
            median(waited[side]) if waited[side] else None,
            len(pending[side]),
            max(pending[side], default=None),
        )
        for side in (Side.OPERATIONS, Side.PROJECT)
    ]


def _of_needs(statement: Any) -> Any:
    return statement.join(RoleNeed, RoleNeed.id == NeedAnswer.need_id).join(Phase, Phase.id == RoleNeed.phase_id)


def _hires(session: Session, project_ids: set[int], wanted: Wanted) -> HireLine:
    """Requisitions for the wanted projects, and hires that were decided in the wanted days."""
    begin, end = _instants(wanted)
    rows = (
        select(Requisition.state, Phase.project_id)
        .join(RoleNeed, RoleNeed.id == Requisition.need_id)
        .join(Phase, Phase.id == RoleNeed.phase_id)
    )
    states = [state for state, project_id in session.execute(rows) if project_id in project_ids]
    hired = (
        select(HireDecision.ops_at, Phase.project_id)
        .join(Requisition, Requisition.number == HireDecision.requisition_number)
        .join(RoleNeed, RoleNeed.id == Requisition.need_id)
        .join(Phase, Phase.id == RoleNeed.phase_id)
        .where(HireDecision.person_id.is_not(None))
    )
    num_hired = sum(begin <= at < end and ident in project_ids for at, ident in session.execute(hired))
    return HireLine(
        states.count(RequisitionState.DRAFT),
        states.count(RequisitionState.OPEN),
        states.count(RequisitionState.FILLED),
        num_hired,
    )


def _changes(session: Session, project_ids: set[int], since: datetime | None, wanted: Wanted) -> list[ChangeLine]:
    """What was decided by hand since a plan first came in force, the latest first; agreeing as it stands is none."""
    if since is None:
        return []
    begin, end = _instants(wanted)
    seats = {
        key: (project_id, project, title)
        for key, project_id, project, title in session.execute(
            select(Seat.key, Phase.project_id, Project.name, RoleNeed.title)
            .join(RoleNeed, RoleNeed.id == Seat.need_id)
            .join(Phase, Phase.id == RoleNeed.phase_id)
            .join(Project, Project.id == Phase.project_id)
        )
    }
    phases = {
        key: (project_id, project, name)
        for key, project_id, project, name in session.execute(
            select(Phase.key, Phase.project_id, Project.name, Phase.name).join(Project, Project.id == Phase.project_id)
        )
    }
    statement = (
        select(Decision)
        .where(
            Decision.kind != DecisionKind.ACCEPT, Decision.decided_at >= max(since, begin), Decision.decided_at < end
        )
        .order_by(Decision.id.desc())
        .limit(10 * MOST_CHANGES)
    )
    found = []
    for row in session.scalars(statement):
        known = seats.get(row.seat_key or "") or phases.get(row.phase_key or "")
        if known is not None and known[0] in project_ids:
            found.append(ChangeLine(row.decided_at, row.decided_by, row.kind, known[1], known[2], row.reason))
    return found[:MOST_CHANGES]


def _instants(wanted: Wanted) -> tuple[datetime, datetime]:
    """The wanted days as instants, the end out."""
    begin = datetime.combine(wanted.from_on, time.min, UTC)
    return begin, datetime.combine(wanted.to_on + timedelta(days=1), time.min, UTC)
