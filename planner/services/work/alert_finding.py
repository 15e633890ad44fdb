"""What is not as it should be with the plan in force: found anew each time, each thing known by what it is about.

A period of somebody counts in one alert only: where they give nothing at all, each of their seats of that period is
one whose holder is away; where they give something, and less than they have to do, they are overloaded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from planner.models import (
    AlertKind,
    CountKind,
    NeedSkill,
    Person,
    PersonSkill,
    Phase,
    RoleNeed,
    RuleKind,
    TeamRule,
)
from planner.services.planning import replanning
from planner.services.refused import Refused
from planner.services.staffing import matching
from planner.services.work.forecast import Forecast, forecast
from planner.services.work.holdings import Holding, Present, present


@dataclass(frozen=True)
class Found:
    """An alert as it stands: `num` says how bad it is, `facts` are what its sentence is made of."""

    kind: AlertKind
    subject: str  # the column that names it
    ident: int
    num: int
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[AlertKind, int]:
        """What it is known by."""
        return self.kind, self.ident


@dataclass(frozen=True)
class SkillAhead:
    """A skill that seats ahead cannot do without, at a level: what they take of it, and who on staff has it."""

    skill_id: int
    level: int
    effort: int
    holders: frozenset[int]
    phase_ids: frozenset[int]


def find(session: Session) -> list[Found]:
    """Everything that is not as it should be."""
    here = present(session)
    ahead = forecast(session, now=here)
    return [
        *_overloads(ahead),
        *_of_seats(here, ahead),
        *_without_back_up(session, here, ahead),
        *_single_holders(session, here, ahead),
        *_not_covered(session, here, ahead),
        *_plan_breaks(session, here),
    ]


def _overloads(ahead: Forecast) -> Iterator[Found]:
    """People with more to do than time, in periods in which they give any."""
    for line in ahead.lines:
        over = [too_much if give else 0 for too_much, give in zip(line.over, line.capacity, strict=True)]
        if not any(over):
            continue
        at = [n for n, too_much in enumerate(over) if too_much]
        worst = max(at, key=lambda n: (over[n], -n))
        facts = {
            "num_periods": len(at),
            "first_idx": ahead.first_idx + at[0],
            "last_idx": ahead.first_idx + at[-1] + 1,
            "worst_idx": ahead.first_idx + worst,
            "worst_pct": round(100 * line.load[worst] / line.capacity[worst]),
        }
        yield Found(AlertKind.OVERLOAD, "person_id", line.person.id, sum(over), facts)


def _of_seats(here: Present, ahead: Forecast) -> Iterator[Found]:
    """Seats whose holder has left, or gives nothing in some of their periods."""
    gives = {line.person.id: line.capacity for line in ahead.lines}
    for one in here.holdings:
        first, last = _ahead(one, ahead)
        if first >= last:
            continue
        facts = {"first_idx": first, "last_idx": last, "person_id": one.person_id}
        if one.left is not None:
            yield Found(AlertKind.VACATED, "seat_id", one.seat.seat_id, last - first, facts | {"left": str(one.left)})
        elif one.person_id is not None:
            at = [idx for idx in range(first, last) if not gives[one.person_id][idx - ahead.first_idx]]
            if at:
                facts |= {"num_periods": len(at), "first_idx": at[0], "last_idx": at[-1] + 1}
                yield Found(AlertKind.AWAY, "seat_id", one.seat.seat_id, len(at), facts)


def _ahead(one: Holding, ahead: Forecast) -> tuple[int, int]:
    """What of a seat still lies ahead, within the window."""
    return max(one.seat.first_idx, ahead.first_idx), min(one.seat.last_idx, ahead.last_idx)


def _without_back_up(session: Session, here: Present, ahead: Forecast) -> Iterator[Found]:
    """Seats for which nobody else on staff who could is free in any of the periods ahead."""
    held = [one for one in here.held if _ahead(one, ahead)[0] < _ahead(one, ahead)[1]]
    could = _who_could(session, {one.seat.need_id for one in held})
    free = {
        line.person.id: [give - load for give, load in zip(line.capacity, line.load, strict=True)]
        for line in ahead.staff
    }
    for one in held:
        first, last = _ahead(one, ahead)
        others = [ident for ident in could[one.seat.need_id] if ident != one.person_id and ident in free]
        at = range(first - ahead.first_idx, last - ahead.first_idx)
        if any(free[ident][n] >= one.seat.fte_pct for ident in others for n in at):
            continue
        facts = {
            "person_id": one.person_id,
            "num_could": len(others),
            "num_periods": len(at),
            "first_idx": first,
            "last_idx": last,
        }
        yield Found(AlertKind.NO_BACK_UP, "seat_id", one.seat.seat_id, len(at), facts)


def _who_could(session: Session, need_ids: set[int]) -> dict[int, frozenset[int]]:
    """By role need, everybody who holds its must-haves; needs that ask the same are asked about once."""
    statement = select(RoleNeed).where(RoleNeed.id.in_(need_ids))
    needs = session.scalars(statement.options(selectinload(RoleNeed.skills), selectinload(RoleNeed.styles)))
    known: dict[matching.Asked, frozenset[int]] = {}
    found: dict[int, frozenset[int]] = {}
    for need in needs:
        asked = matching.musts_of(need)
        if asked not in known:
            rows = session.execute(matching.laid_out(session, asked, is_brief=True))
            known[asked] = frozenset(row.id for row in rows if matching.LACKED not in row.lacks)
        found[need.id] = known[asked]
    return found


def skills_ahead(session: Session, here: Present, ahead: Forecast) -> list[SkillAhead]:
    """Every skill that a seat ahead must have, level by level."""
    efforts: dict[int, int] = defaultdict(int)
    phases: dict[int, int] = {}
    for one in here.holdings:
        effort = one.seat.effort(ahead.first_idx, ahead.last_idx)
        if effort:
            efforts[one.seat.need_id] += effort
            phases[one.seat.need_id] = one.seat.phase_id
    asked: dict[tuple[int, int], list[int]] = defaultdict(list)
    lines = select(NeedSkill.need_id, NeedSkill.skill_id, NeedSkill.level).where(NeedSkill.is_must)
    for need_id, skill_id, level in session.execute(lines):
        if need_id in efforts:
            asked[skill_id, level].append(need_id)
    levels = levels_held(session)
    return [
        SkillAhead(
            skill_id,
            level,
            sum(efforts[need_id] for need_id in need_ids),
            frozenset(ident for ident, has in levels.get(skill_id, {}).items() if has >= level),
            frozenset(phases[need_id] for need_id in need_ids),
        )
        for (skill_id, level), need_ids in sorted(asked.items())
    ]


def levels_held(session: Session) -> Mapping[int, Mapping[int, int]]:
    """By skill, the level of everybody on staff who has any."""
    statement = (
        select(PersonSkill.skill_id, PersonSkill.person_id, PersonSkill.level)
        .join(Person, Person.id == PersonSkill.person_id)
        .where(Person.kind.not_in(matching.HIRES), PersonSkill.level > 0)
    )
    levels: dict[int, dict[int, int]] = defaultdict(dict)
    for skill_id, person_id, level in session.execute(statement):
        levels[skill_id][person_id] = level
    return levels


def _single_holders(session: Session, here: Present, ahead: Forecast) -> Iterator[Found]:
    """Skills that seats ahead must have and one person on staff holds: at the lowest level at which it is only one."""
    seen: set[int] = set()
    for one in skills_ahead(session, here, ahead):
        if len(one.holders) == 1 and one.skill_id not in seen:
            seen.add(one.skill_id)
            facts = {
                "level": one.level,
                "person_id": next(iter(one.holders)),
                "phase_ids": sorted(one.phase_ids),
                "effort": one.effort,
            }
            yield Found(AlertKind.SINGLE_HOLDER, "skill_id", one.skill_id, one.effort, facts)


@dataclass(frozen=True)
class Cover:
    """A rule of back-up cover, and how many on the team hold the skill by the plan in force."""

    rule: TeamRule
    num_held: int

    @property
    def num_short(self) -> int:
        return max(0, (self.rule.at_least or 0) - self.num_held)

    @property
    def is_covered(self) -> bool:
        return not self.num_short


def covers(session: Session, here: Present, phase_ids: set[int] | None = None) -> list[Cover]:
    """The rules “at least so many on the team hold this skill” of some phases, or of all."""
    is_cover = (TeamRule.rule == RuleKind.COUNT, TeamRule.of == CountKind.SKILL, TeamRule.at_least >= 1)
    statement = select(TeamRule).where(*is_cover).options(selectinload(TeamRule.skill), selectinload(TeamRule.phase))
    if phase_ids is not None:
        statement = statement.where(TeamRule.phase_id.in_(phase_ids))
    teams: dict[int, set[int]] = defaultdict(set)
    for one in here.held:
        if one.person_id is not None:
            teams[one.seat.phase_id].add(one.person_id)
    rules = list(session.scalars(statement.order_by(TeamRule.phase_id, TeamRule.position, TeamRule.id)))
    held = _levels_of(session, {rule.skill_id for rule in rules if rule.skill_id is not None})
    return [
        Cover(
            rule, sum(held.get((ident, rule.skill_id or 0), 0) >= (rule.level or 1) for ident in teams[rule.phase_id])
        )
        for rule in rules
    ]


def _levels_of(session: Session, skill_ids: set[int]) -> dict[tuple[int, int], int]:
    """Everybody's level in some skills, candidates' too: they may sit on the team."""
    columns = (PersonSkill.person_id, PersonSkill.skill_id, PersonSkill.level)
    rows = session.execute(select(*columns).where(PersonSkill.skill_id.in_(skill_ids)))
    return {(person_id, skill_id): level for person_id, skill_id, level in rows}


def _not_covered(session: Session, here: Present, ahead: Forecast) -> Iterator[Found]:
    """Rules of back-up cover that the plan in force does not keep, of phases that are not over."""
    if here.plan is None:
        return
    lasting = {one.seat.phase_id for one in here.holdings if one.seat.last_idx > ahead.first_idx}
    for cover in covers(session, here, lasting):
        if cover.num_short:
            facts = {"num_held": cover.num_held, "at_least": cover.rule.at_least}
            yield Found(AlertKind.NOT_COVERED, "team_rule_id", cover.rule.id, cover.num_short, facts)


def _plan_breaks(session: Session, here: Present) -> Iterator[Found]:
    """The plan in force, where seats of it no longer hold."""
    try:
        state = replanning.state_of(session) if here.plan is not None else None
    except Refused:  # no question can be made of what is there: the plan's page says why
        return
    if state is not None and state.num_seats:
        facts = {"num_seats": state.num_seats, "num_at_least": state.num_at_least}
        yield Found(AlertKind.PLAN_BREAKS, "plan_id", state.plan.id, state.num_seats, facts)


def phase_names(session: Session, ids: set[int]) -> dict[int, Phase]:
    """Phases by their ids, with their projects."""
    statement = select(Phase).where(Phase.id.in_(ids)).options(selectinload(Phase.project))
    return {phase.id: phase for phase in session.scalars(statement)}
