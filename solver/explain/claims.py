"""What a question demands: each demand by itself, and the question without it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from solver.explain.asking import with_phase, with_seat
from solver.problem import Pairing, Person, Phase, Problem, Project, Seat, Span

LIMITS = ("max_hires", "hire_budget", "budget", "max_changes")
MUSTS = ("skill", "style", "tag", "any_of", "max_cost")


class ClaimKind(StrEnum):
    """What sort of demand: of a seat, of somebody on a seat, of a team, of a project, of a phase, of the whole plan.

    The last three are no rules of a question; they say what a plan for an open seat must not cost: that people work
    when they said they would, and that seats which are filled stay so.
    """

    MUST = "must"
    BAN = "ban"
    PIN = "pin"
    TEAM_RULE = "team_rule"
    BUDGET = "budget"
    WHOLE = "all_or_nothing"
    LIMIT = "limit"
    WINDOW = "window"
    ORDER = "order"
    TIME = "time"
    FILLED = "filled"


@dataclass(frozen=True, slots=True)
class Claim:
    """One demand.

    `name` is the kind of a must (skill, style, tag, any_of, max_cost) or which limit of the plan; `what` the skill,
    style or tags; `index` the team rule's place; `value` the level, ceiling, budget or limit.
    """

    kind: ClaimKind
    seat: str | None = None
    person: str | None = None
    phase: str | None = None
    project: str | None = None
    name: str = ""
    what: tuple[str, ...] = ()
    index: int | None = None
    value: int | None = None


def claims_of(problem: Problem) -> list[Claim]:
    """All demands of a question that a plan could do without."""
    return [
        *(claim for seat in problem.seat_by_id.values() for claim in musts_of(seat)),
        *(Claim(ClaimKind.BAN, seat=row.seat, person=row.person) for row in dict.fromkeys(problem.bans)),
        *(Claim(ClaimKind.PIN, seat=row.seat, person=row.person) for row in dict.fromkeys(problem.pins)),
        *(claim for phase in problem.phase_by_id.values() for claim in rules_of(phase)),
        *_money_and_limits(problem),
    ]


def musts_of(seat: Seat) -> Iterator[Claim]:
    """The must-haves of a seat."""
    for skill in seat.skills:
        if skill.must:
            yield Claim(ClaimKind.MUST, seat=seat.id, name="skill", what=(skill.skill,), value=skill.level)
    for style in seat.styles:
        if style.must:
            yield Claim(ClaimKind.MUST, seat=seat.id, name="style", what=(style.style,))
    for tag in dict.fromkeys(seat.tags):
        yield Claim(ClaimKind.MUST, seat=seat.id, name="tag", what=(tag,))
    for group in dict.fromkeys(seat.any_of):
        yield Claim(ClaimKind.MUST, seat=seat.id, name="any_of", what=group)
    if seat.max_cost is not None:
        yield Claim(ClaimKind.MUST, seat=seat.id, name="max_cost", value=seat.max_cost)


def rules_of(phase: Phase) -> Iterator[Claim]:
    """The hard rules of a phase's team."""
    for n, rule in enumerate(phase.team_rules):
        if rule.is_hard:
            yield Claim(ClaimKind.TEAM_RULE, phase=phase.id, index=n, name=str(rule.rule))


def _money_and_limits(problem: Problem) -> Iterator[Claim]:
    for project in problem.projects:
        if project.budget is not None:
            yield Claim(ClaimKind.BUDGET, project=project.id, value=project.budget)
        if project.all_or_nothing:
            yield Claim(ClaimKind.WHOLE, project=project.id)
    for key in LIMITS:
        if (limit := getattr(problem.limits, key)) is not None:
            yield Claim(ClaimKind.LIMIT, name=key, value=limit)


def without(problem: Problem, claims: Iterable[Claim]) -> Problem:
    """The same question without some of its demands; a must-have becomes nice to have where that means anything."""
    kinds: dict[ClaimKind, set[Claim]] = {}
    for claim in claims:
        kinds.setdefault(claim.kind, set()).add(claim)
    musts: dict[str, list[Claim]] = {}
    for claim in kinds.get(ClaimKind.MUST, ()):
        musts.setdefault(claim.seat or "", []).append(claim)
    for seat, lines in musts.items():
        problem = with_seat(problem, without_musts(problem.seat_by_id[seat], lines))
    for claim in (*kinds.get(ClaimKind.WINDOW, ()), *kinds.get(ClaimKind.ORDER, ())):
        problem = with_phase(problem, _free(problem, problem.phase_by_id[claim.phase or ""], claim))
    pinned, banned = (_pairs(kinds.get(kind, ())) for kind in (ClaimKind.PIN, ClaimKind.BAN))
    limits = {claim.name: None for claim in kinds.get(ClaimKind.LIMIT, ())}
    return problem.replace(
        people=_with_time(problem, kinds.get(ClaimKind.TIME, ())),
        projects=tuple(_project(project, kinds) for project in problem.projects),
        pins=tuple(row for row in problem.pins if row not in pinned),
        bans=tuple(row for row in problem.bans if row not in banned),
        limits=replace(problem.limits, **limits),
    )


def without_musts(seat: Seat, claims: Collection[Claim]) -> Seat:
    """A seat that no longer insists on these."""
    gone = {(claim.name, claim.what) for claim in claims}
    return replace(
        seat,
        skills=tuple(replace(x, must=x.must and ("skill", (x.skill,)) not in gone) for x in seat.skills),
        styles=tuple(replace(x, must=x.must and ("style", (x.style,)) not in gone) for x in seat.styles),
        tags=tuple(tag for tag in seat.tags if ("tag", (tag,)) not in gone),
        any_of=tuple(group for group in seat.any_of if ("any_of", group) not in gone),
        max_cost=None if ("max_cost", ()) in gone else seat.max_cost,
    )


def _free(problem: Problem, phase: Phase, claim: Claim) -> Phase:
    """A phase that may start whenever it fits the calendar, or before those that it follows have ended."""
    if claim.kind is ClaimKind.ORDER:
        return replace(phase, after=())
    return replace(phase, earliest=0, latest=problem.calendar.periods - phase.duration)


def _pairs(claims: Iterable[Claim]) -> set[Pairing]:
    return {Pairing(claim.seat or "", claim.person or "") for claim in claims}


def _project(project: Project, kinds: dict[ClaimKind, set[Claim]]) -> Project:
    freed = {claim.project for claim in kinds.get(ClaimKind.BUDGET, ())}
    parted = {claim.project for claim in kinds.get(ClaimKind.WHOLE, ())}
    ruled = {(claim.phase, claim.index) for claim in kinds.get(ClaimKind.TEAM_RULE, ())}
    return replace(
        project,
        budget=None if project.id in freed else project.budget,
        all_or_nothing=project.all_or_nothing and project.id not in parted,
        phases=tuple(_phase(phase, ruled) for phase in project.phases) if ruled else project.phases,
    )


def _phase(phase: Phase, ruled: set[tuple[str | None, int | None]]) -> Phase:
    """Without some rules; a rule in their place that says nothing keeps the others' places."""
    rules = tuple(
        replace(rule, weight=0) if (phase.id, n) in ruled else rule for n, rule in enumerate(phase.team_rules)
    )
    return replace(phase, team_rules=rules)


def _with_time(problem: Problem, claims: Iterable[Claim]) -> tuple[Person, ...]:
    """The people; those whose time is no matter work full time from the first period on."""
    freed = {who for claim in claims for who in claim.what}
    always = (Span(0, problem.calendar.periods, 100),)
    return tuple(
        replace(person, capacity=always, hire=replace(person.hire, earliest=0)) if person.id in freed else person
        for person in problem.people
    )
