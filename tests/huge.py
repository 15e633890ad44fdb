"""Tiny problems blown up to the contract's limits: the same choices, with figures that no float holds."""

from __future__ import annotations

from dataclasses import replace

from solver.problem import LARGEST, Calendar, Person, Phase, Problem, Project, Seat, Weights

MOST = 10**6
CENT = LARGEST - 1  # a figure that is no round number


def blown_up(problem: Problem, times: int, *, has_money: bool) -> Problem:
    """Everything lasts so many times as long, as far as calendars go, and is worth, and costs, as much as may be.

    Movable phases keep as many starts as they had. Without money, nobody costs anything.
    """

    times = min(times, LARGEST // problem.calendar.periods)

    def person(asked: Person) -> Person:
        spans = (replace(span, from_=span.from_ * times, to=span.to * times) for span in asked.capacity)
        hire = replace(asked.hire, cost=min(asked.hire.cost * MOST, CENT), earliest=asked.hire.earliest * times)
        return replace(asked, capacity=tuple(spans), cost=min(asked.cost * MOST, CENT) if has_money else 0, hire=hire)

    def seat(asked: Seat) -> Seat:
        return replace(asked, from_=asked.from_ * times, to=asked.to * times, max_cost=None)

    def phase(asked: Phase) -> Phase:
        begin, window = asked.earliest * times, asked.latest - asked.earliest
        duration = asked.duration * times
        latest = min(begin + window, problem.calendar.periods * times - duration)
        rules = (rule if rule.is_hard else replace(rule, weight=MOST) for rule in asked.team_rules)
        seats = tuple(map(seat, asked.seats))
        return replace(asked, duration=duration, earliest=begin, latest=latest, team_rules=tuple(rules), seats=seats)

    def project(asked: Project) -> Project:
        return replace(
            asked,
            phases=tuple(map(phase, asked.phases)),
            priority=5,
            reward=CENT if asked.reward else 0,
            due=None if asked.due is None else asked.due * times,
            late_penalty=min(asked.late_penalty, CENT // 7),
        )

    weights = Weights(MOST, MOST, MOST, MOST, MOST if has_money else 0, MOST)
    return problem.replace(
        calendar=Calendar(problem.calendar.periods * times),
        people=tuple(map(person, problem.people)),
        projects=tuple(map(project, problem.projects)),
        weights=weights,
    )
