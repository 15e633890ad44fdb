"""A small agency with a plan: what exports are tested on.

Léa is agreed on one seat, Noah is proposed for half a seat beside her, Mei would be hired, one seat stays open; names
and titles are such as spreadsheets, calendars and typesetters stumble over.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import build

from planner.translate.report import DecisionRow, Labels, PlanMeta, PlanReport, report
from solver import check
from solver.problem import Calendar, Pairing, Period, Problem
from solver.solution import Demand, Reason, Result, Solution, Status

GENERATED_AT = datetime(2027, 1, 18, 9, 41, tzinfo=UTC)
LABELS = Labels(skills={"sql": "SQL", "seo": "SEO"}, styles={"cooperation": "Cooperation"}, phases={"film": "The film"})
NOBODY = Reason(
    "nobody_has_skill",
    "Nobody has consent at 3; the best has 2, 1 are one level short.",
    {"skill": "consent", "level": 3, "best": 2, "num_one_short": 1},
)
HOLDERS = {"s1": "lea", "s2": "noah", "s3": "mei"}

# Secrets of the organisers' edition: whole numbers that stand nowhere else.
MEI_COST, MEI_HIRE_COST, LEA_COST, CEILING, BUDGET = 1717, 31313, 2323, 98765, 876543


def problem(**changes: Any) -> Problem:
    lea = build.person(
        "lea", name="Léa =Martin", cost=LEA_COST, skills={"sql": 4, "seo": 1, "consent": 2},
        styles={"cooperation": 3.8}, tags=("site:Paris", "lang:fr"), preferences={"verne": 40},
    )  # fmt: skip
    noah = build.person("noah", name='-Noah, "N"; #panic()', cost=900, skills={"sql": 2}, tags=("site:Lyon",))
    mei = build.candidate(
        "mei", name="Mei Tan", cost=MEI_HIRE_COST, acceptance=70, cost_per_period=MEI_COST, skills={"seo": 3}
    )
    idle = build.candidate("idle", name="Never Hired", skills={"seo": 1})
    film = build.phase(
        "film",
        build.seat("s1", title="=SUM(A1:A9)", fte=50, skills=(build.skill("sql", 3), build.skill("seo", 2, must=False)),
                   styles=(build.style("cooperation", min=3.0),), tags=("lang:fr",), max_cost=CEILING),
        build.seat("s2", title="-5", fte=50, skills=(build.skill("sql", 3),), mentoring=True),
        build.seat("s3", title="SEO\nlead", skills=(build.skill("seo", 2),)),
        build.seat("s4", title="@consent", skills=(build.skill("consent", 3),)),
        team_rules=(
            build.rule("count", of={"skill": "sql", "min": 3}, at_least=1),
            build.rule("mean", style="cooperation", min=4.5, weight=5),
        ),
    )  # fmt: skip
    said = {
        "name": "agency",
        "calendar": Calendar(build.PERIODS, start=date(2027, 1, 4)),
        "projects": (build.project("verne", film, name="Verne & <Cie>", budget=BUDGET),),
    }
    return build.problem(lea, noah, mei, idle, **said | changes)


def result(asked: Problem, holders: dict[str, str] | None = None) -> Result:
    solution = Solution({}, HOLDERS if holders is None else holders)
    points = check.score(asked, solution).objective
    return Result(asked.name, Status.FEASIBLE, solution, points, points + 77, 1.5, {"s4": (NOBODY,)})


def meta(**changes: Any) -> PlanMeta:
    accepted = DecisionRow("accept", "Inès Caron", GENERATED_AT, "the client asked", seat="s1", phase="film")
    said: dict[str, Any] = {
        "generated_at": GENERATED_AT,
        "generated_by": "Inès Caron",
        "number": 12,
        "version": 3,
        "title": "Spring campaigns",
        "firm": frozenset({"s1"}),
        "decisions": (accepted,),
        "labels": LABELS,
    }
    return PlanMeta(**said | changes)


def plan(**changes: Any) -> PlanReport:
    """The report of the agency's plan."""
    asked = problem()
    return report(asked, result(asked), meta(**changes))


def hourly() -> PlanReport:
    """The same where the calendar counts hours."""
    asked = problem(calendar=Calendar(build.PERIODS, start=date(2027, 1, 4), period=Period.HOUR))
    return report(asked, result(asked), meta())


def infeasible() -> PlanReport:
    """What is reported where no plan can keep every demand."""
    asked = problem(pins=(Pairing("s4", "noah"),))
    conflict = (Demand("pin", "noah is pinned to s4, and lacks consent.", seat="s4", person="noah"),)
    return report(asked, Result(asked.name, Status.INFEASIBLE, conflict=conflict), meta())


def titled(texts: list[str]) -> Problem:
    """A problem with one seat for each text, which is its title."""
    phase = build.phase("build", *(build.seat(f"s{n}", title=text) for n, text in enumerate(texts)))
    return build.problem(phases=(phase,))
