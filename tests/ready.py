"""A small workspace with a plan that is ready, made without the solver: who holds what is said by the test."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import build
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import Plan, Project, User
from planner.services.planning import answering
from planner.services.planning.reading import frozen
from planner.translate import load_rows
from solver import problem as asked
from solver.check import score
from solver.problem import Calendar, Period, Problem
from solver.solution import Reason, Result, Solution, Status, TracePoint

START = date(2027, 1, 4)


def studio() -> Problem:
    """Two projects on one team's people.

    "site" has a fixed phase "build" with seats "dev" (SQL 2) and "copy"; "film" a movable phase "cut" with "editor".
    Ann and Ben hold SQL, Bea does not; Cy is a candidate.
    """
    people = (
        build.person("ann", name="Ann Lee", skills={"sql": 3}, tags=("site:Paris", "lang:fr"), cost=1000),
        build.person("ben", name="Ben Ode", skills={"sql": 2}, tags=("site:Lyon",), cost=800),
        build.person("bea", name="Béa Roux", tags=("site:Paris",), cost=700),
        build.candidate("cy", name="Cy Trent", cost=4000, earliest=2, acceptance=80, skills={"sql": 4}),
    )
    dev = build.seat("dev", title="Developer", skills=(build.skill("sql", 2),), to=6)
    copy = build.seat("copy", title="Copywriter", fte=50, to=6)
    editor = build.seat("editor", title="Editor", to=4)
    site = build.project("site", build.phase("build", dev, copy, duration=6, earliest=0, latest=0), name="Web site")
    film = build.project("film", build.phase("cut", editor, duration=4, earliest=0, latest=6), name="Film")
    return Problem(
        name="Studio", calendar=Calendar(build.PERIODS, START, Period.WEEK), people=people, projects=(site, film)
    )  # fmt: skip


def ready_plan(
    session: Session,
    by: User,
    *,
    holders: dict[str, str] | None = None,
    starts: dict[str, int] | None = None,
    bound: int | None = None,
    **changes: Any,
) -> Plan:
    """The studio loaded, and a plan of it: Ann develops, Bea writes, nobody edits, unless said otherwise."""
    problem = studio()
    if session.scalar(select(Project.id).limit(1)) is None:
        load_rows(session, problem)
    solution = Solution(starts or {}, {"dev": "ann", "copy": "bea"} if holders is None else holders)
    objective = score(problem, solution).objective
    reason = Reason("search_stopped", "It could be filled.", {"points": 100})
    result = Result(
        problem=problem.name,
        status=Status.FEASIBLE,
        solution=solution,
        objective=objective,
        bound=objective + 1000 if bound is None else bound,
        seconds=1.5,
        unfilled={seat: (reason,) for seat in problem.seat_by_id if seat not in solution.holders},
        trace=(
            TracePoint(0.5, objective - 10, None, 1, "first"),
            TracePoint(1.5, objective, objective + 1000, 2, "end"),
        ),
    )
    plan = Plan(
        number=1, title="Spring", request_token=uuid.uuid4().hex, created_by_id=by.id, starts_on=START,
        num_periods=build.PERIODS, num_seats=3, question=frozen(asked.to_document(problem)),
    )  # fmt: skip
    for name, value in changes.items():
        setattr(plan, name, value)
    session.add(plan)
    session.flush()
    answering.write(session, plan, answering.judge(problem, result, result.trace, is_stopped=False))
    session.commit()
    return plan
