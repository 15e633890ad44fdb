"""Drawn problems, as documents, and drawn plans of them, feasible or not, for property tests."""

from typing import Any

from hypothesis import strategies as st

from solver.problem import Problem
from solver.solution import Solution

SKILLS = ["sql", "seo"]
STYLES = ["empathy", "initiative"]
TAGS = ["site:Lyon", "lang:fr"]
KINDS = ["employee", "employee", "contractor", "candidate", "hypothetical"]


def scores(low: int = 10, high: int = 50) -> st.SearchStrategy[float]:
    return st.integers(low, high).map(lambda tenths: tenths / 10)


def some(values: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), unique=True)


@st.composite
def capacities(draw: st.DrawFn, periods: int) -> list[dict[str, int]]:
    ends = sorted(draw(st.sets(st.integers(0, periods + 2), max_size=4)))
    whole = [0, periods] if draw(st.booleans()) else ends
    pairs = zip(whole[::2], whole[1::2], strict=False)
    return [{"from": a, "to": b, "fte": draw(st.sampled_from([50, 100, 100]))} for a, b in pairs]


@st.composite
def people(draw: st.DrawFn, ident: str, periods: int, projects: list[str]) -> dict[str, Any]:
    kind = draw(st.sampled_from(KINDS))
    said: dict[str, Any] = {
        "id": ident,
        "kind": kind,
        "skills": draw(st.dictionaries(st.sampled_from(SKILLS), st.integers(0, 6))),
        "styles": draw(st.dictionaries(st.sampled_from(STYLES), scores())),
        "tags": draw(some(TAGS)),
        "capacity": draw(capacities(periods)),
        "cost": draw(st.sampled_from([0, 100, 1999])),
        "preferences": draw(st.dictionaries(st.sampled_from(projects), st.integers(-100, 100))),
    }
    if kind in ("candidate", "hypothetical") and draw(st.booleans()):
        said["hire"] = {
            "cost": draw(st.sampled_from([0, 7777])),
            "earliest": draw(st.integers(0, 3)),
            "acceptance": draw(st.sampled_from([0, 33, 100])),
        }
    return said


@st.composite
def seats(draw: st.DrawFn, ident: str, duration: int) -> dict[str, Any]:
    said: dict[str, Any] = {"id": ident, "fte": draw(st.sampled_from([1, 50, 100]))}
    if draw(st.booleans()):
        said["from"] = draw(st.integers(0, duration - 1))
        said["to"] = draw(st.integers(said["from"] + 1, duration))
    said["skills"] = [
        {
            "skill": name,
            "level": draw(st.integers(1, 4)),
            "must": draw(st.booleans()),
            "weight": draw(st.integers(0, 3)),
        }
        for name in draw(some(SKILLS))
    ]
    said["styles"] = [
        {"style": name, "min": draw(scores(10, 35)), "max": draw(scores(30, 50)), "must": draw(st.integers(0, 4)) == 0}
        for name in draw(some(STYLES))
    ]
    if draw(st.integers(0, 4)) == 0:
        said |= {"tags": draw(some(TAGS)), "any_of": draw(st.lists(some(TAGS), max_size=1)), "max_cost": 1000}
    return said | {"mentoring": draw(st.booleans())}


@st.composite
def team_rules(draw: st.DrawFn, persons: list[str]) -> dict[str, Any]:
    weight = draw(st.sampled_from([None, 1, 30]))
    kind = draw(st.sampled_from(["count", "together", "apart", "mean", "spread"]))
    said: dict[str, Any] = {"rule": kind, "weight": weight}
    if kind == "count":
        ofs = st.sampled_from(
            [
                {"skill": "sql", "min": 2},
                {"style": "empathy", "min": 3.5},
                {"tag": "lang:fr"},
                {"kind": "candidate"},
                {"kind": "employee"},
            ]
        )
        return said | {
            "of": draw(ofs),
            "at_least": draw(st.integers(0, 2)),
            "at_most": draw(st.sampled_from([None, 2, 3])),
        }
    if kind in ("together", "apart"):
        return said | {"people": draw(st.lists(st.sampled_from(persons), max_size=3))}
    low, high = draw(st.sampled_from([None, 0, 2.5])), draw(st.sampled_from([None, 0.5, 4]))
    return said | {"style": draw(st.sampled_from(STYLES)), "min": low, "max": high}


@st.composite
def phases(draw: st.DrawFn, ident: str, periods: int, before: list[str], persons: list[str]) -> dict[str, Any]:
    duration = draw(st.integers(1, max(1, periods // 2)))
    earliest = draw(st.integers(0, periods - duration))
    latest = draw(st.integers(earliest, periods - duration)) if draw(st.booleans()) else earliest
    return {
        "id": ident,
        "duration": duration,
        "earliest": earliest,
        "latest": latest,
        "after": draw(st.lists(st.sampled_from(before), max_size=1)) if before else [],
        "seats": [draw(seats(f"{ident}.{n}", duration)) for n in range(draw(st.integers(0, 3)))],
        "team_rules": draw(st.lists(team_rules(persons), max_size=2)),
    }


@st.composite
def projects(draw: st.DrawFn, ident: str, periods: int, before: list[str], persons: list[str]) -> dict[str, Any]:
    said: dict[str, Any] = {"id": ident, "priority": draw(st.integers(1, 5)), "phases": []}
    for n in range(draw(st.integers(1, 2))):
        phase = draw(phases(f"{ident}.{n}", periods, before, persons))
        said["phases"].append(phase)
        before.append(phase["id"])
    if draw(st.booleans()):
        said |= {"reward": draw(st.sampled_from([0, 5, 100])), "due": draw(st.integers(0, periods)), "late_penalty": 7}
    if draw(st.integers(0, 3)) == 0:
        said |= {"all_or_nothing": True}
    if draw(st.integers(0, 3)) == 0:
        said |= {"budget": draw(st.sampled_from([0, 500, 5000]))}
    return said


@st.composite
def documents(draw: st.DrawFn, has_pins: bool = True) -> dict[str, Any]:
    """A valid `staffing-problem/1`: up to 4 people, 3 projects, 6 phases and 18 seats."""
    periods = draw(st.integers(2, 10))
    persons = [f"p{n}" for n in range(draw(st.integers(1, 4)))]
    idents = [f"j{n}" for n in range(draw(st.integers(1, 3)))]
    before: list[str] = []
    said: dict[str, Any] = {
        "schema": "staffing-problem/1",
        "name": "drawn",
        "calendar": {"start": "2027-01-04", "periods": periods},
        "people": [draw(people(ident, periods, idents)) for ident in persons],
        "projects": [draw(projects(ident, periods, before, persons)) for ident in idents],
        "weights": draw(
            st.dictionaries(st.sampled_from(["fill", "fit", "money", "change"]), st.sampled_from([0, 1, 999]))
        ),
    }
    limits = draw(
        st.dictionaries(st.sampled_from(["max_hires", "hire_budget", "budget", "max_changes"]), st.integers(0, 9000))
    )
    seat_ids = [seat["id"] for project in said["projects"] for phase in project["phases"] for seat in phase["seats"]]
    pairings = [{"seat": seat, "person": person} for seat in seat_ids for person in persons]
    rows = st.lists(st.sampled_from(pairings), max_size=2) if pairings else st.just([])
    said |= {"limits": limits, "current": draw(rows), "bans": draw(rows), "growth": draw(st.booleans())}
    if has_pins and draw(st.integers(0, 5)) == 0:
        said["pins"] = draw(rows)
    return said


@st.composite
def solutions(draw: st.DrawFn, problem: Problem) -> Solution:
    """Starts and holders at random, now and then outside a window or unknown."""
    starts = {}
    for phase in problem.phase_by_id.values():
        slack = draw(st.sampled_from([0, 0, 0, 0, 1]))
        if draw(st.integers(0, 5)) and not (phase.is_fixed and draw(st.booleans())):
            starts[phase.id] = draw(st.integers(phase.earliest - slack, phase.latest + slack))
    idents = [None, *problem.person_of]
    drawn = {seat: draw(st.sampled_from(idents)) for seat in problem.seat_by_id}
    return Solution(starts, {seat: person for seat, person in drawn.items() if person is not None})
