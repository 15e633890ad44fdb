"""What is answered: a solution, how good it is, why it leaves seats open; and the document that says it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from itertools import zip_longest
from math import ceil
from typing import Any

from solver.problem import LARGEST, LIMIT_BYTES, N_, DocumentError, Problem, ProblemError, read_json
from solver.problem.law import is_unicode, say, text, texts, whole_or_none
from solver.problem.reading import IS_MISSING, a_list, a_word, an_object, read_at, slots

SCHEMA = "staffing-plan/1"
LARGEST_FIGURE = 2**63 - 1  # of points: what databases and other tools' whole numbers hold
MOST_DEPTH = 6  # of what fills a reason's sentence


class PlanError(DocumentError):
    """A document that is not a plan of the problem."""


class UntruePlanError(PlanError):
    """A document that is a plan, and says what no plan may say."""


class Status(StrEnum):
    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"

    @property
    def has_solution(self) -> bool:
        return self in (Status.OPTIMAL, Status.FEASIBLE)


@dataclass(frozen=True, slots=True)
class Solution:
    """Who holds which seat, and when the phases start; nothing says that it is feasible.

    Parameters
    ----------
    starts
        Phase identifier to the period in which it starts. A movable phase is scheduled by being here,
        a fixed one is scheduled anyway.
    holders
        Seat identifier to the identifier of the person who holds it.
    """

    starts: Mapping[str, int] = field(default_factory=dict)
    holders: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Demand:
    """One of the demands that cannot hold together: what it is, where it stands, and in words."""

    demand: str
    text: str
    seat: str | None = None
    person: str | None = None
    phase: str | None = None
    project: str | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a seat is open: `code` and `params` never change their meaning, `text` says it in English."""

    code: str
    text: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TracePoint:
    """What was known `seconds` into the search; `source` says where it came from."""

    seconds: float
    objective: int | None
    bound: int | None
    filled: int
    source: str


@dataclass(frozen=True, slots=True)
class Result:
    """The answer to a problem; "no plan" is a status.

    `bound` is a proven upper bound of the objective of any feasible solution, None where none is known.
    """

    problem: str
    status: Status
    solution: Solution | None = None
    objective: int | None = None
    bound: int | None = None
    seconds: float = 0.0
    unfilled: Mapping[str, tuple[Reason, ...]] = field(default_factory=dict)
    conflict: tuple[Demand, ...] = ()
    trace: tuple[TracePoint, ...] = ()

    def __post_init__(self) -> None:
        has_solution = self.status.has_solution
        if has_solution != (self.solution is not None) or has_solution != (self.objective is not None):
            sentence = N_("it does not go together with a plan that is %(status)s")
            raise UntruePlanError("objective", sentence, status=str(self.status))
        if self.objective is not None and self.bound is not None and self.bound < self.objective:
            raise UntruePlanError("bound", N_("it is below the objective"))
        if self.status is Status.OPTIMAL and self.bound != self.objective:
            raise UntruePlanError("bound", N_("an optimal plan's bound is its objective"))
        if (self.status is Status.INFEASIBLE) != bool(self.conflict):
            raise UntruePlanError("conflict", N_("an infeasible plan names a conflict, and no other does"))
        if self.status is Status.INFEASIBLE and self.bound is not None:
            raise UntruePlanError("bound", N_("an infeasible plan has none"))

    @property
    def gap(self) -> Fraction | None:
        """How much better any plan could be, as a part of the objective; None where nothing is proven."""
        return gap_between(self.objective, self.bound)


def gap_between(objective: int | None, bound: int | None) -> Fraction | None:
    if objective is None or bound is None:
        return None
    if bound == objective:
        return Fraction(0)
    return Fraction(bound - objective, abs(objective)) if objective else None


def percent_up(gap: Fraction) -> float:
    """A gap in percent, rounded up to hundredths, so that no plan is better by more than is said."""
    return ceil(10_000 * gap) / 100


def hires(problem: Problem, solution: Solution) -> list[str]:
    """The candidates and hypothetical people who hold a seat, each once, by identifier."""
    people = (problem.person_of.get(person) for person in set(solution.holders.values()))
    return sorted(person.id for person in people if person is not None and person.is_hire)


# -- to JSON


def to_document(problem: Problem, result: Result) -> dict[str, Any]:
    """The `staffing-plan/1` of a result; it carries codes of reasons and the trace besides."""
    solution = result.solution or Solution()
    return {
        "schema": SCHEMA,
        "problem": result.problem,
        "status": str(result.status),
        "objective": result.objective,
        "bound": result.bound,
        "seconds": round(result.seconds, 3),
        "phases": [{"phase": phase, "start": start} for phase, start in solution.starts.items()],
        "assignments": [{"seat": seat, "person": person} for seat, person in solution.holders.items()],
        "hires": hires(problem, solution),
        "unfilled": [_unfilled_row(seat, reasons) for seat, reasons in result.unfilled.items()],
        "conflict": [_conflict_row(demand) for demand in result.conflict],
        "trace": [_trace_row(point) for point in result.trace],
    }


def _unfilled_row(seat: str, reasons: Iterable[Reason]) -> dict[str, Any]:
    codes = [{"code": reason.code, "params": dict(reason.params)} for reason in reasons]
    return {"seat": seat, "reasons": [reason.text for reason in reasons], "reason_codes": codes}


def _conflict_row(demand: Demand) -> dict[str, str]:
    """The referee takes a null for a name that is not known, so what is not said is left out."""
    names = {"seat": demand.seat, "person": demand.person, "phase": demand.phase, "project": demand.project}
    said = {key: name for key, name in names.items() if name is not None}
    return {"demand": demand.demand, "text": demand.text, **said}


def _trace_row(point: TracePoint) -> dict[str, Any]:
    return {
        "seconds": round(point.seconds, 3),
        "objective": point.objective,
        "bound": point.bound,
        "filled": point.filled,
        "source": point.source,
    }


# -- from JSON


def from_document(problem: Problem, document: object) -> Result:
    """The result that a plan document says.

    Raises
    ------
    PlanError
        Where the document is no plan of the problem; UntruePlanError where it is one and contradicts itself.
        Whether the solution is feasible and its objective true, `solver.check` says.
    """
    try:
        return _result(problem, document)
    except ProblemError as error:
        raise PlanError(error.path or "$", error.sentence, **error.params) from None


def read(problem: Problem, source: bytes | str | os.PathLike[str], limit_bytes: int = LIMIT_BYTES) -> Result:
    """The result in a plan's bytes or text, or in the file at a path; each failure is a PlanError."""
    try:
        document = read_json(source, limit_bytes)
    except ProblemError as error:
        raise PlanError(error.path or "$", error.sentence, **error.params) from None
    return from_document(problem, document)


_REQUIRED = (
    "problem",
    "status",
    "objective",
    "bound",
    "phases",
    "assignments",
    "hires",
    "unfilled",
    "conflict",
)


def _result(problem: Problem, document: object) -> Result:
    said = _plan_object(problem, document)
    status: Status = read_at("status", a_word(Status), said["status"])
    solution = Solution(_starts(said["phases"]), _holders(said["assignments"]))
    if status.has_solution:
        _refuse_other_hires(hires(problem, solution), said["hires"])
    elif solution != Solution():
        raise UntruePlanError("assignments", N_("a plan that is %(status)s has none"), status=str(status))
    return Result(
        problem=problem.name,
        status=status,
        solution=solution if status.has_solution else None,
        objective=_figure(said["objective"], "objective"),
        bound=_figure(said["bound"], "bound"),
        seconds=_seconds(said.get("seconds")),
        unfilled=_unfilled(problem, solution, said["unfilled"]),
        conflict=_conflict(problem, said["conflict"]),
        trace=_trace(said.get("trace")),
    )


def _plan_object(problem: Problem, document: object) -> dict[str, Any]:
    said = an_object(document)
    if said.get("schema") != SCHEMA:
        sentence = N_("%(value)s is not %(schema)s")
        raise PlanError("schema", sentence, value=say(said.get("schema")), schema=SCHEMA)
    for key in _REQUIRED:
        if key not in said:
            raise PlanError(key, IS_MISSING)
    if said["problem"] != problem.name:
        sentence = N_("%(value)s is not %(name)s, the problem's name")
        raise PlanError("problem", sentence, value=say(said["problem"]), name=say(problem.name))
    return said


def _rows(value: object, key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of a list, each with its place."""
    for n, row in enumerate(read_at(key, a_list, value)):
        place = f"{key}[{n}]"
        yield place, read_at(place, an_object, row)


def _starts(value: object) -> dict[str, int]:
    starts: dict[str, int] = {}
    for place, row in _rows(value, "phases"):
        phase, start = row.get("phase"), row.get("start")
        text(phase, f"{place}.phase")
        if phase in starts:
            raise UntruePlanError(f"{place}.phase", N_("%(value)s is scheduled twice"), value=say(phase))
        if type(start) is not int:
            raise UntruePlanError(f"{place}.start", N_("%(value)s is not a period"), value=say(start))
        starts[str(phase)] = start
    return starts


def _holders(value: object) -> dict[str, str]:
    holders: dict[str, str] = {}
    for place, row in _rows(value, "assignments"):
        seat, person = row.get("seat"), row.get("person")
        text(seat, f"{place}.seat")
        text(person, f"{place}.person")
        if seat in holders:
            raise UntruePlanError(f"{place}.seat", N_("%(value)s is filled twice"), value=say(seat))
        holders[str(seat)] = str(person)
    return holders


def _refuse_other_hires(hired: list[str], value: object) -> None:
    named = read_at("hires", a_list, value)
    texts(named, "hires")
    if sorted(named) != hired:
        raise UntruePlanError("hires", N_("it is not the candidates and hypothetical people who hold seats"))


def _figure(value: Any, key: str) -> int | None:
    whole_or_none(value, -LARGEST_FIGURE, LARGEST_FIGURE, key)
    return value


def _seconds(value: object) -> float:
    if value is None:
        return 0.0
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value <= LARGEST:
        raise PlanError("seconds", N_("%(value)s is not a number of seconds"), value=say(value))
    return float(value)


def _unfilled(problem: Problem, solution: Solution, value: object) -> dict[str, tuple[Reason, ...]]:
    unfilled = {}
    for place, row in _rows(value, "unfilled"):
        seat = row.get("seat")
        text(seat, f"{place}.seat")
        if seat not in problem.seat_by_id or seat in solution.holders:
            raise UntruePlanError(f"{place}.seat", N_("%(value)s is filled or unknown"), value=say(seat))
        unfilled[str(seat)] = tuple(_reasons(row, place))
    return unfilled


def _reasons(row: dict[str, Any], place: str) -> Iterator[Reason]:
    """Other tools' reasons are words of any kind; ours have a code beside them."""
    said, codes = row.get("reasons"), row.get("reason_codes")
    both = zip_longest(*(rows if isinstance(rows, list) else [] for rows in (said, codes)))
    for n, (words, code) in enumerate(both):
        if words is None:
            return
        sentence = words if isinstance(words, str) else json.dumps(words)
        text(sentence, f"{place}.reasons[{n}]")
        known = code if isinstance(code, dict) and _is_plain(code) else {}
        params = known.get("params")
        yield Reason(
            code=str(known.get("code", "other")),
            text=sentence,
            params=params if isinstance(params, dict) else {},
        )


def _is_plain(value: object, depth: int = MOST_DEPTH) -> bool:
    """Whether a value can be written down again wherever a reason is: no NaN, no half letter, nothing nested deeply."""
    if isinstance(value, (dict, list)):
        inner = [*value, *value.values()] if isinstance(value, dict) else value
        return depth > 0 and all(_is_plain(item, depth - 1) for item in inner)
    if isinstance(value, str):
        return is_unicode(value)
    return abs(value) <= LARGEST_FIGURE if isinstance(value, (int, float)) else value is None


def _conflict(problem: Problem, value: object) -> tuple[Demand, ...]:
    known: dict[str, Mapping[str, object]] = {
        "seat": problem.seat_by_id,
        "person": problem.person_of,
        "phase": problem.phase_by_id,
        "project": problem.project_by_id,
    }
    demands = []
    for place, row in _rows(value, "conflict"):
        names = {key: row[key] for key in known if key in row}
        for key in ("demand", "text", *names):
            text(row.get(key), f"{place}.{key}")
        unknown = [key for key, name in names.items() if name not in known[key]]
        if unknown or not row["demand"] or not row["text"]:
            raise UntruePlanError(place, N_("a conflict names what is asked, and in words"))
        demands.append(Demand(row["demand"], row["text"], **names))
    return tuple(demands)


def _trace(value: object) -> tuple[TracePoint, ...]:
    """The trace is ours; where another tool means something else by the word, there is none."""
    rows = value if isinstance(value, list) else []
    return tuple(TracePoint(**row) for row in rows if _is_point(row))


def _is_point(row: object) -> bool:
    """Whether a row of a trace is one of ours."""
    if not isinstance(row, dict) or row.keys() != {slot.key for slot in slots(TracePoint)} or not _is_plain(row):
        return False
    is_seconds = type(row["seconds"]) in (int, float) and 0 <= row["seconds"] <= LARGEST
    is_figures = all(row[key] is None or type(row[key]) is int for key in ("objective", "bound"))
    return is_seconds and is_figures and type(row["filled"]) is int and type(row["source"]) is str
