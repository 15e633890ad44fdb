"""Skills held against skills needed, period by period: the gap.

For a skill at a level, *held* is the time of everybody on staff who has that level or more, *needed* the effort of all
seats that must have it at that level or more. Somebody who has two skills stands in two rows, and a seat that asks for
two as well: rows must not be added up, and a row without a gap promises nothing, since its people may be wanted
elsewhere. What the rows cannot say, one more figure does: the effort that nobody is left for *at best*, whichever way
everybody's time is divided among the seats whose every must-have skill they hold. Each person-hour counts there once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import NeedSkill, RoleNeed, Skill
from planner.services.outcomes.flow import uncovered
from planner.services.staffing.free_time import Window, free_time
from planner.services.staffing.utilisation import present_idx
from planner.services.work.alert_finding import levels_held
from planner.services.work.holdings import Present, present

PERIODS = 26
Lines = frozenset[tuple[int, int]]  # what a seat must have: (skill, level)


@dataclass(frozen=True)
class GapRow:
    """A skill at a level or more: held and needed in each period, in percent of full time; how many people hold it."""

    skill: Skill
    level: int
    num_holders: int
    held: tuple[int, ...]
    needed: tuple[int, ...]

    @property
    def short(self) -> tuple[int, ...]:
        """What is missing in each period, whatever else its holders do."""
        return tuple(max(0, need - have) for need, have in zip(self.needed, self.held, strict=True))

    @property
    def tightest(self) -> float:
        """In its tightest period, what is needed for each part that is held."""
        return max(need / max(1, have) for need, have in zip(self.needed, self.held, strict=True))


@dataclass(frozen=True)
class SkillGap:
    """All skills that seats ahead must have; `needed` is all effort, `uncovered` what nobody is left for at best."""

    first_idx: int
    last_idx: int
    rows: Sequence[GapRow]
    needed: tuple[int, ...]
    uncovered: tuple[int, ...]
    of_skills: Mapping[int, int]  # by skill, the uncovered effort of seats that ask for it

    @property
    def short_rows(self) -> list[GapRow]:
        """The rows that are short in some period, the most first."""
        return sorted((row for row in self.rows if any(row.short)), key=lambda row: -sum(row.short))

    @property
    def single(self) -> list[GapRow]:
        """What one person alone holds, and what nobody does."""
        return [row for row in self.rows if row.num_holders <= 1]


def skill_gap(session: Session, here: Present | None = None) -> SkillGap:
    """The gap of the periods ahead, of all that is asked for, whether or not somebody holds the seat already."""
    here = here or present(session)
    first = present_idx(here.workspace)
    last = max(first + 1, min(here.workspace.num_periods, first + PERIODS))
    asked, eased = _asked(session)
    demand = _demand(here, asked, first, last)
    held = levels_held(session)
    staff = [row.id for row in here.people.values() if not row.kind.is_hire]
    given = free_time(session, staff, Window(here.workspace, first, last))
    rows = _rows(session, demand, held, given, last - first)
    rest = _rest(here, eased, held, given, first, last)
    of_skills: dict[int, int] = defaultdict(int)
    for period in rest:
        for lines, num in period.items():
            for skill_id, _level in lines:
                of_skills[skill_id] += num
    return SkillGap(
        first, last, rows,
        needed=tuple(sum(period.values()) for period in demand),
        uncovered=tuple(sum(period.values()) for period in rest),
        of_skills=of_skills,
    )  # fmt: skip


def _asked(session: Session) -> tuple[dict[int, Lines], dict[int, Lines]]:
    """By role need what it must have; and what will do at best: one level less where somebody may be guided."""
    statement = (
        select(NeedSkill.need_id, NeedSkill.skill_id, NeedSkill.level, RoleNeed.is_mentoring_allowed)
        .join(RoleNeed, RoleNeed.id == NeedSkill.need_id)
        .where(NeedSkill.is_must)
    )
    asked: dict[int, set[tuple[int, int]]] = defaultdict(set)
    eased: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for need_id, skill_id, level, is_eased in session.execute(statement):
        asked[need_id].add((skill_id, level))
        if level > is_eased:
            eased[need_id].add((skill_id, level - is_eased))
    return ({k: frozenset(v) for k, v in asked.items()}, {k: frozenset(v) for k, v in eased.items()})


def _demand(here: Present, asked: Mapping[int, Lines], first: int, last: int) -> list[dict[Lines, int]]:
    """In each period, the effort of seats by what they must have."""
    periods: list[dict[Lines, int]] = [defaultdict(int) for _ in range(last - first)]
    for one in here.holdings:
        lines = asked.get(one.seat.need_id, frozenset())
        for idx in range(max(first, one.seat.first_idx), min(last, one.seat.last_idx)):
            periods[idx - first][lines] += one.seat.fte_pct
    return periods


def _rows(
    session: Session,
    demand: Sequence[Mapping[Lines, int]],
    held: Mapping[int, Mapping[int, int]],
    given: Mapping[int, Sequence[int]],
    num: int,
) -> list[GapRow]:
    levels = sorted({line for period in demand for lines in period for line in lines})
    skills = {row.id: row for row in session.scalars(select(Skill).where(Skill.id.in_({one for one, _ in levels})))}
    rows = []
    for skill_id, level in levels:
        holders = [ident for ident, has in held.get(skill_id, {}).items() if has >= level]
        needed = [
            sum(effort for lines, effort in period.items() if any(s == skill_id and n >= level for s, n in lines))
            for period in demand
        ]
        have = [sum(given[ident][n] for ident in holders) for n in range(num)]
        rows.append(GapRow(skills[skill_id], level, len(holders), tuple(have), tuple(needed)))
    return sorted(rows, key=lambda row: (row.skill.name.casefold(), row.level))


def _rest(
    here: Present,
    eased: Mapping[int, Lines],
    held: Mapping[int, Mapping[int, int]],
    given: Mapping[int, Sequence[int]],
    first: int,
    last: int,
) -> list[dict[Lines, int]]:
    """In each period, the effort by type that nobody is left for at best."""
    demand = _demand(here, eased, first, last)
    kinds = {lines for period in demand for lines in period}
    able = {
        ident: frozenset(
            lines for lines in kinds if all(held.get(skill, {}).get(ident, 0) >= level for skill, level in lines)
        )
        for ident in given
    }
    rest = []
    for n, period in enumerate(demand):
        supply: dict[frozenset[Lines], int] = defaultdict(int)
        for ident, kinds_of in able.items():
            supply[kinds_of] += given[ident][n]
        rest.append(uncovered(period, supply))
    return rest
