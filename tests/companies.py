"""A company too large for a proof within seconds, and what must hold of every answer."""

from __future__ import annotations

from random import Random

import referee
from build import candidate, person, phase, problem, project, rule, seat, skill, span

from solver.check import score, violations
from solver.problem import Calendar, Problem, to_document
from solver.solution import Result, Status
from solver.solution import to_document as plan_to_document


def company(seed: int = 1, people: int = 30, seats: int = 90, periods: int = 40) -> Problem:
    """Too much for a proof within seconds: seats that overlap in time, rules, candidates, phases that may move."""
    rng = Random(seed)
    skills = [f"skill {n}" for n in range(6)]
    crew = [
        (candidate if n % 5 == 4 else person)(
            f"p{n}",
            skills={name: rng.randint(1, 5) for name in rng.sample(skills, 3)},
            styles={"empathy": rng.choice([2.0, 3.0, 4.5])},
            capacity=(span(0, periods, rng.choice([100, 100, 60])),),
        )
        for n in range(people)
    ]
    phases = []
    for n in range(seats // 5):
        length = rng.randint(4, 12)
        begin = rng.randint(0, periods - length - 3)
        team = tuple(
            seat(
                f"s{n}.{k}",
                to=length,
                fte=rng.choice([50, 100]),
                mentoring=True,
                skills=(skill(rng.choice(skills), rng.randint(2, 4)),),
            )
            for k in range(5)
        )
        rules = (rule("mean", style="empathy", min=3.2, weight=300), rule("apart", people=("p1", "p2")))
        phases.append(phase(f"f{n}", *team, earliest=begin, latest=begin + rng.choice([0, 3]), team_rules=rules))
    return problem(
        *crew,
        calendar=Calendar(periods),
        projects=tuple(project(f"j{n}", one, priority=rng.randint(1, 5)) for n, one in enumerate(phases)),
    )


def assert_right(asked: Problem, result: Result) -> None:
    """The plan and its figures, in the rulebook's eyes and, where it is there, the referee's."""
    document = plan_to_document(asked, result)
    assert referee.complaints(to_document(asked), document) == []
    if result.solution is None:
        return
    assert violations(asked, result.solution) == []
    assert score(asked, result.solution).objective == result.objective
    assert result.bound is not None
    assert result.objective is not None
    assert result.bound >= result.objective
    assert (result.status is Status.OPTIMAL) == (result.bound == result.objective)
    assert set(result.unfilled) == asked.seat_by_id.keys() - result.solution.holders.keys()
