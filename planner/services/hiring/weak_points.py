"""What speaks against a candidate, shown beside what speaks for them; it decides nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from planner.models import Candidate, RatingSource, Requisition
from planner.services.hiring.criteria import Criterion

LIKELY_PCT = 70  # an offer that is accepted less often is told


@dataclass(frozen=True, slots=True)
class WeakPoint:
    """One thing to ask about: `code` finds the sentence, `line` is the criterion it is about, where it is one."""

    code: str
    line: Criterion | None = None
    value: Any = None


def weak_points(candidate: Candidate, criteria: Sequence[Criterion]) -> list[WeakPoint]:
    """What a candidate lacks of the criteria, what only they themselves say, and what makes the hire uncertain."""
    return [*_lacking(candidate, criteria), *_uncertain(candidate, candidate.requisition)]


def _lacking(candidate: Candidate, criteria: Sequence[Criterion]) -> Iterator[WeakPoint]:
    skills = {row.skill_id: row for row in candidate.person.skills}
    styles = {row.style_id: row for row in candidate.person.styles}
    for line in criteria:
        if line.row is None:
            continue
        held: Any = (skills if line.kind == "skill" else styles).get(line.row.id)
        if held is None:
            yield WeakPoint("not_known", line)
        elif line.kind == "skill" and held.level < line.level:
            yield WeakPoint("below_level", line, held.level)
        elif line.kind == "style" and not line.min <= held.score <= line.max:
            yield WeakPoint("outside_band", line, held.score)
        elif held.source is RatingSource.SELF:
            yield WeakPoint("only_self_reported", line)


def _uncertain(candidate: Candidate, requisition: Requisition | None) -> Iterator[WeakPoint]:
    person = candidate.person
    if person.acceptance_pct < LIKELY_PCT:
        yield WeakPoint("may_decline", value=person.acceptance_pct)
    starts_on: datetime | None = requisition.starts_on if requisition is not None else None
    if starts_on is not None and person.earliest_on is not None and person.earliest_on > starts_on:
        yield WeakPoint("starts_late", value=person.earliest_on)
    ceiling = requisition.max_cost_minor if requisition is not None else None
    if ceiling is not None and not person.cost_currency and person.cost_minor > ceiling:
        yield WeakPoint("costs_more", value=person.cost_minor)
