"""What operations need to see of the department: how long things take, how hiring goes, which skills are short."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from statistics import median
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from planner.models import (
    Allocation,
    Candidate,
    NeedAnswer,
    NeedStep,
    NeedStepKind,
    Origin,
    Plan,
    PlanStep,
    Requisition,
    Side,
    Site,
    Stage,
    StepKind,
    Terms,
    now,
)
from planner.services.hiring.funnel import Funnel, funnel
from planner.services.outcomes.skill_gap import SkillGap, skill_gap
from planner.services.outcomes.team import DAY_S
from planner.services.outcomes.wanted import Wanted
from planner.services.work.forecast import Forecast, forecast
from planner.services.work.holdings import Present, present

WAY = (Stage.NEW, Stage.SCREENING, Stage.INTERVIEW, Stage.OFFER, Stage.HIRED)


class ProcessKind(StrEnum):
    """A step of the department's work, from what begins it to what ends it."""

    NEED_ANSWERED = "need_answered"
    OFFER_ANSWERED = "offer_answered"
    SIGNED_PROJECT = "signed_project"
    SIGNED_OPERATIONS = "signed_operations"
    SIGNED = "signed"
    FILLED = "filled"
    FILLED_PM = "filled_pm"
    FILLED_OPERATIONS = "filled_operations"
    FILLED_CANDIDATE = "filled_candidate"
    PLAN_ANSWERED = "plan_answered"


@dataclass(frozen=True)
class ProcessLine:
    """How long a step takes: how many have ended, their median and longest in days; how many wait, the longest."""

    kind: ProcessKind
    num: int
    median_days: float | None
    longest_days: float | None
    num_waiting: int = 0
    waiting_days: float | None = None


@dataclass(frozen=True)
class StageLine:
    """How many candidates have ever come to a stage, and how many stand there now."""

    stage: Stage
    num_reached: int
    num_now: int


@dataclass(frozen=True)
class SiteLine:
    """A site in the periods ahead: people on staff, what they can give, what is allocated, what is left (bench)."""

    site: str
    num_people: int
    capacity: int
    allocated: int
    bench: int

    @property
    def used_pct(self) -> int | None:
        return round(100 * self.allocated / self.capacity) if self.capacity else None


@dataclass(frozen=True)
class Acceptance:
    """What became of what was proposed: plans, and the seats of the plan in force."""

    num_proposed: int
    num_approved: int
    num_changes_asked: int
    num_seats: int
    num_as_proposed: int
    num_by_hand: int


@dataclass(frozen=True)
class DepartmentReport:
    """The whole report."""

    here: Present
    wanted: Wanted
    ahead: Forecast
    processes: Sequence[ProcessLine]
    funnel: Funnel
    stages: Sequence[StageLine]
    gap: SkillGap
    sites: Sequence[SiteLine]
    acceptance: Acceptance

    def process(self, kind: ProcessKind) -> ProcessLine:
        """One step."""
        return next(line for line in self.processes if line.kind is kind)


def department_report(session: Session, wanted: Wanted) -> DepartmentReport:
    """Reads all of it; a handful of queries."""
    here = present(session)
    ahead = forecast(session, now=here)
    hiring = funnel(session)
    return DepartmentReport(
        here=here,
        wanted=wanted,
        ahead=ahead,
        processes=[*_of_needs(session, wanted), *_of_requisitions(session, wanted), *_of_hires(hiring),
                   _of_plans(session, wanted)],
        funnel=hiring,
        stages=_stages(session),
        gap=skill_gap(session, here),
        sites=_sites(session, ahead),
        acceptance=_acceptance(session, here, wanted),
    )  # fmt: skip


def _line(kind: ProcessKind, days: Sequence[float], waiting: Sequence[float] = ()) -> ProcessLine:
    middle = median(days) if days else None
    return ProcessLine(kind, len(days), middle, max(days, default=None), len(waiting), max(waiting, default=None))


def _of_needs(session: Session, wanted: Wanted) -> list[ProcessLine]:
    """What operations say to a role need, and what PMs say to a counter-offer."""
    answered: dict[Side, list[float]] = defaultdict(list)
    waiting: dict[Side, list[float]] = defaultdict(list)
    statement = select(NeedAnswer).options(selectinload(NeedAnswer.steps))
    for answer in session.scalars(statement):
        for step in answer.steps:
            if _is_answer(step) and wanted.from_on <= step.at.date() <= wanted.to_on:
                answered[step.side].append(step.waited_s / DAY_S)
        last = answer.steps[-1] if answer.steps else None
        if last is not None and answer.state.waits_for_operations:
            waiting[Side.OPERATIONS].append(_since(last.at))
        elif last is not None and last.kind is NeedStepKind.COUNTERED:
            waiting[Side.PROJECT].append(_since(last.at))
    return [
        _line(ProcessKind.NEED_ANSWERED, answered[Side.OPERATIONS], waiting[Side.OPERATIONS]),
        _line(ProcessKind.OFFER_ANSWERED, answered[Side.PROJECT], waiting[Side.PROJECT]),
    ]


def _is_answer(step: NeedStep) -> bool:
    """Whether a step answers the other side; asking, and taking back what was asked, do not."""
    return step.kind not in (NeedStepKind.ASKED, NeedStepKind.WITHDRAWN)


def _of_requisitions(session: Session, wanted: Wanted) -> list[ProcessLine]:
    """From the draft of a requisition to its signatures."""
    days: dict[ProcessKind, list[float]] = defaultdict(list)
    waiting: list[float] = []
    statement = select(Requisition).options(selectinload(Requisition.terms).selectinload(Terms.signatures))
    for requisition in session.scalars(statement):
        signed = {one.side: one.at for terms in requisition.terms[:1] for one in terms.signatures}
        if not wanted.from_on <= requisition.created_at.date() <= wanted.to_on:
            continue
        for side, kind in (
            (Side.PROJECT, ProcessKind.SIGNED_PROJECT),
            (Side.OPERATIONS, ProcessKind.SIGNED_OPERATIONS),
        ):
            if side in signed:
                days[kind].append(_between(requisition.created_at, signed[side]))
        if len(signed) == 2:
            days[ProcessKind.SIGNED].append(_between(requisition.created_at, max(signed.values())))
        elif str(requisition.state) in ("draft", "open"):
            waiting.append(_since(requisition.created_at))
    return [
        _line(ProcessKind.SIGNED_PROJECT, days[ProcessKind.SIGNED_PROJECT]),
        _line(ProcessKind.SIGNED_OPERATIONS, days[ProcessKind.SIGNED_OPERATIONS]),
        _line(ProcessKind.SIGNED, days[ProcessKind.SIGNED], waiting),
    ]


def _of_hires(hiring: Funnel) -> list[ProcessLine]:
    """From the draft of a requisition to the hire, and on whose side the days passed, as the funnel counts them."""
    columns = {
        ProcessKind.FILLED: "days",
        ProcessKind.FILLED_PM: "pm_days",
        ProcessKind.FILLED_OPERATIONS: "operations_days",
        ProcessKind.FILLED_CANDIDATE: "candidate_days",
    }
    return [_line(kind, [getattr(one, name) for one in hiring.filled]) for kind, name in columns.items()]


def _of_plans(session: Session, wanted: Wanted) -> ProcessLine:
    """From the proposal of a plan to a yes, or to changes that are asked for."""
    asked: dict[int, datetime] = {}
    days: list[float] = []
    for step in _steps(session):
        if step.kind is StepKind.PROPOSED:
            asked[step.plan_id] = step.at
        elif step.kind is StepKind.WITHDRAWN:
            asked.pop(step.plan_id, None)
        elif step.plan_id in asked and step.kind in (StepKind.APPROVED, StepKind.CHANGES_ASKED):
            begun = asked.pop(step.plan_id)
            if wanted.from_on <= step.at.date() <= wanted.to_on:
                days.append(_between(begun, step.at))
    return _line(ProcessKind.PLAN_ANSWERED, days, [_since(at) for at in asked.values()])


def _steps(session: Session) -> Iterable[PlanStep]:
    statement = select(PlanStep).join(Plan, Plan.id == PlanStep.plan_id).where(Plan.scenario_id.is_(None))
    return session.scalars(statement.order_by(PlanStep.id))


def _stages(session: Session) -> list[StageLine]:
    """The way of candidates: whoever has come to a stage has passed those before it."""
    reached = dict.fromkeys(WAY, 0)
    at: dict[Stage, int] = defaultdict(int)
    statement = select(Candidate).options(selectinload(Candidate.events))
    for candidate in session.scalars(statement):
        at[candidate.stage] += 1
        stages = {candidate.stage, *(event.to_stage for event in candidate.events)}
        furthest = max((WAY.index(stage) for stage in stages if stage in WAY), default=0)
        for stage in WAY[: furthest + 1]:
            reached[stage] += 1
    return [StageLine(stage, reached[stage], at[stage]) for stage in WAY]


def _sites(session: Session, ahead: Forecast) -> list[SiteLine]:
    """Staff by site, the largest bench first; people at none stand together."""
    names = dict(session.execute(select(Site.id, Site.name)).all())
    rows: dict[str, list[int]] = {}
    for line in ahead.staff:
        row = rows.setdefault(names.get(line.person.site_id, "") if line.person.site_id else "", [0, 0, 0, 0])
        for n, value in enumerate((1, sum(line.capacity), sum(line.load), line.bench)):
            row[n] += value
    found = [SiteLine(site, *values) for site, values in rows.items()]
    return sorted(found, key=lambda line: (-line.bench, line.site))


def _acceptance(session: Session, here: Present, wanted: Wanted) -> Acceptance:
    counted: dict[StepKind, int] = defaultdict(int)
    for step in _steps(session):
        if wanted.from_on <= step.at.date() <= wanted.to_on:
            counted[step.kind] += 1
    origins: list[Any] = []
    if here.plan is not None:
        origins = list(session.scalars(select(Allocation.origin).where(Allocation.plan_id == here.plan.id)))
    return Acceptance(
        counted[StepKind.PROPOSED],
        counted[StepKind.APPROVED],
        counted[StepKind.CHANGES_ASKED],
        len(origins),
        sum(origin is not Origin.HAND for origin in origins),
        sum(origin is Origin.HAND for origin in origins),
    )


def _between(begin: datetime, end: datetime) -> float:
    return max(0.0, (end - begin).total_seconds() / DAY_S)


def _since(at: datetime) -> float:
    return _between(at, now())
