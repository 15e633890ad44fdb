"""The funnel: from a need to a filled seat, how long each side takes, where people come from, who accepts offers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from planner.models import (
    Candidate,
    CandidateEvent,
    EventKind,
    HireDecision,
    Requisition,
    Side,
    Stage,
    Terms,
    now,
)

DAY_S = 86_400


class Spell(NamedTuple):
    """Days that passed on somebody's side."""

    side: str  # pm, operations, candidate
    days: float


@dataclass(frozen=True)
class TimeToFill:
    """A requisition that was filled: days from its draft to the hire, and on whose side they passed."""

    requisition: Requisition
    days: float
    pm_days: float
    operations_days: float
    candidate_days: float


@dataclass(frozen=True)
class StageTime:
    """How long candidates stay at a stage: the median of those who have left it, and how many are there now."""

    stage: Stage
    num_left: int
    median_days: float | None
    num_now: int


@dataclass(frozen=True)
class SourceRow:
    """Where candidates come from, and how far they come."""

    source: str
    num: int
    num_interviewed: int
    num_offered: int
    num_hired: int


@dataclass(frozen=True)
class Approver:
    """How somebody decides: how often as the plan suggests, and how long after it was ready, in the middle."""

    name: str
    num: int
    num_followed: int
    median_days: float | None

    @property
    def followed_pct(self) -> int:
        """Percent of approvals that follow the plan."""
        return 100 * self.num_followed // self.num


@dataclass(frozen=True)
class Funnel:
    """The whole report."""

    filled: Sequence[TimeToFill]
    stages: Sequence[StageTime]
    sources: Sequence[SourceRow]
    num_offers: int
    num_accepted: int
    approvers: Sequence[Approver]

    @property
    def accepted_pct(self) -> int | None:
        """Percent of the offers that have ended which led to a hire."""
        return 100 * self.num_accepted // self.num_offers if self.num_offers else None

    def middle(self, name: str) -> float | None:
        """The median of one of the times to fill."""
        return median(getattr(one, name) for one in self.filled) if self.filled else None


def funnel(session: Session) -> Funnel:
    """Reads all that has happened; a handful of queries, however many candidates."""
    candidates = list(
        session.scalars(
            select(Candidate).options(
                selectinload(Candidate.events), selectinload(Candidate.approvals), joinedload(Candidate.requisition)
            )
        )
    )
    offers = [one for one in candidates if _reached(one, Stage.OFFER)]
    ended = [one for one in offers if one.stage in (Stage.HIRED, Stage.DECLINED, Stage.WITHDRAWN)]
    return Funnel(
        filled=_times_to_fill(session, candidates),
        stages=_stage_times(candidates),
        sources=_sources(candidates),
        num_offers=len(ended),
        num_accepted=sum(one.stage is Stage.HIRED for one in ended),
        approvers=_approvers(session, candidates),
    )


def _times_to_fill(session: Session, candidates: Iterable[Candidate]) -> list[TimeToFill]:
    """Each requisition from its draft to its last hire, the latest first."""
    hires: dict[int, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        if candidate.stage is Stage.HIRED and candidate.requisition_id is not None:
            hires[candidate.requisition_id].append(candidate)
    statement = select(Requisition).where(Requisition.id.in_(hires))
    rows = session.scalars(statement.options(selectinload(Requisition.terms).selectinload(Terms.signatures)))
    found = [_time_to_fill(row, max(hires[row.id], key=_hired_at)) for row in rows]
    return sorted(found, key=lambda one: one.requisition.number, reverse=True)


def _time_to_fill(requisition: Requisition, candidate: Candidate) -> TimeToFill:
    begun, ended = requisition.created_at, _hired_at(candidate)
    shares = dict.fromkeys(("pm", "operations", "candidate"), 0.0)
    for spell in _spells(requisition, candidate, begun, ended):
        shares[spell.side] += spell.days
    return TimeToFill(requisition, _days(begun, ended), shares["pm"], shares["operations"], shares["candidate"])


def _spells(requisition: Requisition, candidate: Candidate, begun: datetime, ended: datetime) -> Iterable[Spell]:
    """On whose side the days passed, without a gap and without an overlap.

    Until both have signed, they are whose signature was missing last; then operations', who look for people, until the
    candidate has an offer, which is the candidate's time until the PM has approved; from there to the hire it is
    operations' again. Whatever the order of events, each moment counts once.
    """
    signed = {one.side: one.at for terms in requisition.terms[:1] for one in terms.signatures}
    opened = max(signed.values(), default=begun)
    last = max(signed, key=lambda side: signed[side]) if signed else Side.OPERATIONS
    offered = next((event.at for event in candidate.events if event.to_stage is Stage.OFFER), None)
    approved = next((one.at for one in candidate.approvals if one.side is Side.PROJECT), None)
    marks = [
        ("pm" if last is Side.PROJECT else "operations", opened),
        ("operations", offered or opened),
        ("candidate", approved or ended),
        ("operations", ended),
    ]
    here = begun
    for side, until in marks:
        there = min(max(until, here), ended)
        yield Spell(side, _days(here, there))
        here = there


def _stage_times(candidates: Iterable[Candidate]) -> list[StageTime]:
    """From the events: each stay that has ended, by stage."""
    stays: Mapping[Stage, list[float]] = defaultdict(list)
    num_now: Counter[Stage] = Counter()
    for candidate in candidates:
        num_now[candidate.stage] += 1
        moves = [event for event in candidate.events if event.to_stage is not None]
        for before, after in pairwise(moves):
            if before.to_stage is not None and before.to_stage is not after.to_stage:
                stays[before.to_stage].append(_days(before.at, after.at))
    return [
        StageTime(stage, len(stays[stage]), median(stays[stage]) if stays[stage] else None, num_now[stage])
        for stage in Stage
        if stage.is_considered
    ]


def _sources(candidates: Iterable[Candidate]) -> list[SourceRow]:
    groups: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        groups[candidate.source.split(" by ")[0].strip()].append(candidate)
    rows = [
        SourceRow(
            source,
            len(some),
            sum(_reached(one, Stage.INTERVIEW) for one in some),
            sum(_reached(one, Stage.OFFER) for one in some),
            sum(one.stage is Stage.HIRED for one in some),
        )
        for source, some in groups.items()
    ]
    return sorted(rows, key=lambda row: (-row.num, row.source))


def _approvers(session: Session, candidates: Iterable[Candidate]) -> list[Approver]:
    """Everyone who has approved of a hire, also of one whose candidate is gone: those follow from the decision."""
    followed: dict[str, list[bool]] = defaultdict(list)
    waited: dict[str, list[float]] = defaultdict(list)
    for candidate in candidates:
        for one in candidate.approvals:
            followed[one.by_name].append(one.is_suggested)
            if one.plan_ready_at is not None:
                waited[one.by_name].append(_days(one.plan_ready_at, one.at))
    there = {candidate.person_id for candidate in candidates}
    for decision in session.scalars(select(HireDecision)):
        if decision.person_id is not None and decision.person_id not in there and decision.pm_plan:
            for name in (decision.pm_name, decision.ops_name):
                followed[name].append(bool(decision.seat_keys))
    return [
        Approver(name, len(given), sum(given), median(waited[name]) if waited[name] else None)
        for name, given in sorted(followed.items())
    ]


def _reached(candidate: Candidate, stage: Stage) -> bool:
    """Whether a candidate has ever stood at a stage, or stands there now."""
    return candidate.stage is stage or any(event.to_stage is stage for event in candidate.events)


def _hired_at(candidate: Candidate) -> datetime:
    hired: list[CandidateEvent] = [event for event in candidate.events if event.kind is EventKind.HIRED]
    return hired[-1].at if hired else now()


def _days(begin: datetime, end: datetime) -> float:
    return max(0.0, (end - begin).total_seconds() / DAY_S)
