"""The answers to questions why, in the child that has OR-Tools, as JSON: keys and figures, no names, no sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from planner.jobs.messages import Question
from planner.models import InquiryKind
from solver.explain import (
    Nobody,
    Others,
    Prices,
    Stability,
    Unknowns,
    Why,
    nobody,
    others,
    prices,
    stability,
    unknowns,
    why,
)
from solver.problem.market import Market
from solver.search import Options, StopFlag

Tell = Callable[[float], None]


def answer(question: Question, options: Options, stop: StopFlag, tell: Tell) -> dict[str, Any]:
    """Answers a question by its kind."""
    return ANSWERS[question.kind](question, options, {"tell": tell, "stop": stop})


def _why(question: Question, options: Options, way: Mapping[str, Any]) -> dict[str, Any]:
    told: Why = why(question.problem, question.given, question.seat, question.person, options, **way)
    return asdict(told) | {"terms": {name: list(pair) for name, pair in told.terms.items()}}


def _nobody(question: Question, options: Options, way: Mapping[str, Any]) -> dict[str, Any]:
    market = question.market or Market()
    told: Nobody = nobody(question.problem, question.given, question.seat, market, options, **way)
    pool = told.pool
    return {
        "seat": told.seat,
        "num_people": pool.num_people,
        "num_removed": pool.num_removed,
        "num_scored": len(pool.scored),
        "is_hopeless": told.is_hopeless,
        "conflict": None if told.conflict is None else [asdict(claim) for claim in told.conflict],
        "ways": [_way(one) for one in told.ways],
    }


def _way(way: Any) -> dict[str, Any]:
    """A way out; somebody who does not exist yet is what the seat asks of them."""
    person = way.profile
    profile = None if person is None else {
        "skills": dict(person.skills),
        "styles": dict(person.styles),
        "tags": list(person.tags),
        "cost": person.cost,
        "hire_cost": person.hire.cost,
    }  # fmt: skip
    row = {slot: getattr(way, slot) for slot in ("kind", "holder", "num_filled", "moves", "start")}
    claims = {slot: [asdict(claim) for claim in getattr(way, slot)] for slot in ("claims", "eased")}
    return {**row, **claims, "gain": asdict(way.gain), "profile": profile}


def _prices(question: Question, options: Options, way: Mapping[str, Any]) -> dict[str, Any]:
    told: Prices = prices(question.problem, question.given, options, **way)
    return asdict(told)


def _others(question: Question, options: Options, way: Mapping[str, Any]) -> dict[str, Any]:
    told: Others = others(question.problem, question.given, options, differ=question.differ, **way)
    return {
        "given": asdict(told.given),
        "objective": told.objective,
        "differ": told.differ,
        "plans": [
            {
                "aim": one.aim,
                "marks": asdict(one.marks),
                "objective": one.objective,
                "moves": one.moves,
                "holders": dict(one.solution.holders),
                "starts": dict(one.solution.starts),
            }
            for one in told.plans
        ],
    }


def _weights(question: Question, options: Options, way: Mapping[str, Any]) -> dict[str, Any]:
    told: Stability = stability(question.problem, question.given, options, **way)
    return asdict(told)


def _unknowns(question: Question, options: Options, way: Mapping[str, Any]) -> dict[str, Any]:
    told: Unknowns = unknowns(question.problem, question.given, options, person=question.person or None, **way)
    return asdict(told)


ANSWERS: Mapping[str, Callable[[Question, Options, Mapping[str, Any]], dict[str, Any]]] = {
    InquiryKind.WHY: _why,
    InquiryKind.NOBODY: _nobody,
    InquiryKind.PRICES: _prices,
    InquiryKind.OTHERS: _others,
    InquiryKind.WEIGHTS: _weights,
    InquiryKind.UNKNOWNS: _unknowns,
}
