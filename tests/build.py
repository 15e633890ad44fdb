"""Builders of the smallest valid thing: say only what the test is about.

`problem()` is one employee, Ann, and one project, "site", with one fixed phase of ten weeks, "build", with one
full-time seat, "dev", that Ann can hold.
"""

from typing import Any

from solver.problem import (
    Calendar,
    CountOf,
    Hire,
    Kind,
    Pairing,
    Person,
    Phase,
    Problem,
    Project,
    RuleKind,
    Seat,
    SkillLine,
    Span,
    StyleLine,
    TeamRule,
)
from solver.solution import Solution

PERIODS = 10


def span(from_: int = 0, to: int = PERIODS, fte: int = 100) -> Span:
    return Span(from_, to, fte)


def person(ident: str = "ann", **changes: Any) -> Person:
    said: dict[str, Any] = {"name": ident.title(), "kind": Kind.EMPLOYEE, "capacity": (span(),)}
    return Person(id=ident, **said | changes)


def candidate(ident: str = "cy", cost: int = 0, earliest: int = 0, acceptance: int = 100, **changes: Any) -> Person:
    """`cost` is that of the hire; `cost_per_period` is what `cost` is elsewhere."""
    said = {"kind": Kind.CANDIDATE, "hire": Hire(cost, earliest, acceptance)}
    if "cost_per_period" in changes:
        said["cost"] = changes.pop("cost_per_period")
    return person(ident, **said | changes)


def skill(name: str = "sql", level: int = 1, **changes: Any) -> SkillLine:
    return SkillLine(name, level, **changes)


def style(name: str = "empathy", **changes: Any) -> StyleLine:
    return StyleLine(name, **changes)


def seat(ident: str = "dev", **changes: Any) -> Seat:
    return Seat(id=ident, **{"fte": 100, "to": PERIODS} | changes)


def rule(kind: str, **changes: Any) -> TeamRule:
    if isinstance(changes.get("of"), dict):
        changes["of"] = CountOf(**changes["of"])
    return TeamRule(RuleKind(kind), **changes)


def phase(ident: str = "build", *seats: Seat, **changes: Any) -> Phase:
    """Fixed at period 0 unless said otherwise; as long as its longest seat."""
    held = seats or (seat(f"{ident}.dev" if ident != "build" else "dev"),)
    duration = max(one.to for one in held)
    earliest = changes.get("earliest", 0)
    said = {"duration": duration, "earliest": earliest, "latest": earliest, "seats": held}
    return Phase(id=ident, **said | changes)


def project(ident: str = "site", *phases: Phase, **changes: Any) -> Project:
    return Project(id=ident, **{"name": ident.title(), "phases": phases or (phase(),)} | changes)


def pairing(seat_id: str = "dev", person_id: str = "ann") -> Pairing:
    return Pairing(seat_id, person_id)


def problem(*people: Person, **changes: Any) -> Problem:
    """`projects`, or `phases` of the one project, or `seats` of its one phase; the rest by its name."""
    if "seats" in changes:
        changes["phases"] = (phase("build", *changes.pop("seats")),)
    if "phases" in changes:
        changes["projects"] = (project("site", *changes.pop("phases")),)
    said = {"name": "test", "calendar": Calendar(PERIODS), "people": people or (person(),), "projects": (project(),)}
    return Problem(**said | changes)


def solution(starts: dict[str, int] | None = None, **holders: str) -> Solution:
    """`solution(dev="ann")`; seats whose names are no words go in by `Solution` itself."""
    return Solution(starts or {}, holders)
