"""Which requisitions to open: the profiles whose hiring adds most to a plan, each verified by solving again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from solver.check import score, violations
from solver.explain.profiles import profiles
from solver.problem import Limits, Person, Problem
from solver.problem.market import Market
from solver.search import Options, StopFlag, solve
from solver.solution import Result, Solution

BASE_SHARE, JOINT_SHARE = 0.25, 0.35  # of the time; what is left verifies each profile by itself
MOST_OPENINGS = 5  # where no limit is said
Tell = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Opening:
    """A profile, and what hiring such a person, and nobody else who is new, does to the plan.

    `worth` is the objective gained over the best plan without anybody new, `num_filled` by how many seats that plan
    fills more. `num_chosen` says how many such people are among those best hired together; `seats` are what these
    would hold, for others what such a person would hold alone. `first` is the period in which they would begin, `fte`
    the most that one of them would work in any period.
    """

    person: Person
    worth: int
    seats: tuple[str, ...]
    num_filled: int
    first: int
    fte: int
    num_chosen: int

    @property
    def is_chosen(self) -> bool:
        """Whether such a person is among those that are best hired together."""
        return self.num_chosen > 0


@dataclass(frozen=True, slots=True)
class Openings:
    """What came of the question.

    `given` is the objective of the plan that was asked about, `reassigned` that of the best plan found with nobody new,
    `together` that with those who are chosen; `bound` is what no plan with the profiles can pass, where one is proven.
    """

    given: int
    reassigned: int
    together: int
    bound: int | None
    openings: tuple[Opening, ...]

    @property
    def is_better_reassigned(self) -> bool:
        """Whether people who are there already do it better than anybody new."""
        return not any(opening.is_chosen for opening in self.openings)


def openings(
    problem: Problem,
    given: Result,
    market: Market,
    options: Options,
    *,
    max_hires: int | None = None,
    hire_budget: int | None = None,
    tell: Tell | None = None,
    stop: StopFlag | None = None,
) -> Openings:
    """The profiles that are best hired within the limits, and what each would be worth alone, the most first.

    Candidates who are there already count within the limits, as in any plan, also in the one without anybody new.
    `tell` hears how far it is, from 0 to 1.
    """
    stop, tell = stop or StopFlag(), tell or _unheard
    start = given.solution or Solution()
    problem = problem.replace(limits=_limits(problem, start, max_hires, hire_budget))
    base = _solved(problem, options, BASE_SHARE, start, stop)
    tell(BASE_SHARE)
    pool = profiles(problem, base.solution or start, market)
    question = problem.replace(people=(*problem.people, *pool))
    joint = _solved(question, options, JOINT_SHARE, base.solution or start, stop)
    tell(BASE_SHARE + JOINT_SHARE)
    chosen = _narrowed(question, joint, _used(joint, pool))
    shown = _distinct([*chosen, *pool])[: max(MOST_OPENINGS, len(chosen))]
    share = (1 - BASE_SHARE - JOINT_SHARE) / max(1, len(shown))
    found = []
    for n, person in enumerate(shown, start=1):
        alone = problem.replace(people=(*problem.people, person))
        result = _solved(alone, options, share, base.solution or start, stop)
        found.append(_opening(alone, person, base, result))
        together = [one for one in chosen if _kind(one) == _kind(person)]
        if together:
            found[-1] = _with_seats(found[-1], question, joint, together)
        tell(BASE_SHARE + JOINT_SHARE + n * share)
    return Openings(
        given=given.objective or 0,
        reassigned=base.objective or 0,
        together=joint.objective or 0,
        bound=joint.bound,
        openings=tuple(_ranked(one for one in found if one.worth > 0 or one.is_chosen)),
    )


def _solved(problem: Problem, options: Options, share: float, start: Solution, stop: StopFlag) -> Result:
    limit_s = max(1.0, share * options.time_limit_s)
    return solve(problem, replace(options, time_limit_s=limit_s, start=start), stop=stop)


def _limits(problem: Problem, given: Solution, max_hires: int | None, hire_budget: int | None) -> Limits:
    """The plan's own limits, and those that were said; without any, a handful more than the plan hires anyway."""
    hired = {who for who in given.holders.values() if problem.person_of[who].is_hire}
    usual = max_hires if max_hires is not None else len(hired) + MOST_OPENINGS
    return replace(
        problem.limits,
        max_hires=_least(usual, problem.limits.max_hires if max_hires is None else None),
        hire_budget=_least(hire_budget, problem.limits.hire_budget if hire_budget is None else None),
    )


def _least(said: int | None, limit: int | None) -> int | None:
    return min((one for one in (said, limit) if one is not None), default=None)


def _used(result: Result, pool: Sequence[Person]) -> list[Person]:
    """Those of the pool who hold a seat."""
    holders = set((result.solution or Solution()).holders.values())
    return [person for person in pool if person.id in holders]


def _narrowed(problem: Problem, result: Result, people: Sequence[Person]) -> list[Person]:
    """The same people without what none of their seats asks for; as they were, where the plan is worse without it.

    A team rule may count a skill that the person's own seat does not ask for: so the rulebook decides.
    """
    solution, narrowed = result.solution or Solution(), []
    for person in people:
        narrow = _narrow(problem, solution, person)
        changed = problem.replace(people=tuple(narrow if one is person else one for one in problem.people))
        if not violations(changed, solution) and score(changed, solution).objective >= (result.objective or 0):
            problem = changed
            narrowed.append(narrow)
        else:
            narrowed.append(person)
    return narrowed


def _narrow(problem: Problem, solution: Solution, person: Person) -> Person:
    seats = [problem.seat_by_id[seat] for seat, who in solution.holders.items() if who == person.id]
    levels: dict[str, int] = {}
    for line in (line for seat in seats for line in seat.skills if line.skill in person.skills):
        levels[line.skill] = min(person.skills[line.skill], max(line.level, levels.get(line.skill, 0)))
    styles = {line.style for seat in seats for line in seat.styles}
    tags = {tag for seat in seats for tag in (*seat.tags, *(one for group in seat.any_of for one in group))}
    return replace(
        person,
        skills=levels,
        styles={style: value for style, value in person.styles.items() if style in styles},
        tags=tuple(tag for tag in person.tags if tag in tags),
    )


def _kind(person: Person) -> tuple[object, ...]:
    """What makes two profiles alike."""
    return tuple(sorted(person.skills.items())), tuple(sorted(person.styles.items())), person.tags, person.cost


def _distinct(people: Sequence[Person]) -> list[Person]:
    """Each profile once, whoever of those alike comes first."""
    found: dict[object, Person] = {}
    for person in people:
        found.setdefault(_kind(person), person)
    return list(found.values())


def _ranked(found: Iterable[Opening]) -> list[Opening]:
    """The chosen ones, then those worth the most; without those that are like one before, but for their cost."""
    ranked: list[Opening] = []
    seen = set()
    for one in sorted(found, key=lambda one: (not one.is_chosen, -one.worth)):
        kind = _kind(replace(one.person, cost=0))
        if one.is_chosen or kind not in seen:
            ranked.append(one)
        seen.add(kind)
    return ranked


def _opening(problem: Problem, person: Person, base: Result, result: Result) -> Opening:
    """What a person does to the plan alone, as narrow as that plan allows."""
    solution = result.solution or Solution()
    [narrow] = _narrowed(problem, result, [person])
    held = _held(solution, person)
    return _at_work(
        Opening(
            person=narrow,
            worth=(result.objective or 0) - (base.objective or 0) if held else 0,
            seats=held,
            num_filled=len(solution.holders) - len((base.solution or Solution()).holders),
            first=0,
            fte=0,
            num_chosen=0,
        ),
        problem,
        solution,
        [held],
    )


def _with_seats(opening: Opening, problem: Problem, joint: Result, people: Sequence[Person]) -> Opening:
    """The same of people who are chosen together: as they are in that plan, with the seats that they hold there."""
    solution = joint.solution or Solution()
    chosen = replace(opening, person=people[0], num_chosen=len(people))
    return _at_work(chosen, problem, solution, [_held(solution, person) for person in people])


def _at_work(opening: Opening, problem: Problem, solution: Solution, held: Sequence[Sequence[str]]) -> Opening:
    loads = [_loads(problem, solution, seats) for seats in held]
    return replace(
        opening,
        seats=tuple(sorted(seat for seats in held for seat in seats)),
        first=min((period for one in loads for period in one), default=0),
        fte=max((load for one in loads for load in one.values()), default=0),
    )


def _held(solution: Solution, person: Person) -> tuple[str, ...]:
    return tuple(seat for seat, who in solution.holders.items() if who == person.id)


def _loads(problem: Problem, solution: Solution, seats: Sequence[str]) -> dict[int, int]:
    """Percent of full time by period, of somebody who holds these seats."""
    loads: dict[int, int] = {}
    for ident in seats:
        seat, phase = problem.seat_by_id[ident], problem.phase_of_seat[ident]
        start = solution.starts.get(phase.id, phase.earliest)
        for period in range(start + seat.from_, start + seat.to):
            loads[period] = loads.get(period, 0) + seat.fte
    return loads


def _unheard(_share: float) -> None:
    """Nobody listens."""
