"""The answer to a question about a plan, in the child that has OR-Tools; as JSON, so that it can be kept as it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from planner.jobs import explaining
from planner.jobs.messages import Question
from planner.models import InquiryKind
from solver.explain import Decline, Opening, Openings, declines, openings
from solver.problem.market import Market
from solver.search import Options, StopFlag


def answer(question: Question, stop: StopFlag, tell: Callable[[float], None]) -> dict[str, Any]:
    """Answers a question by its kind. `tell` hears how far it is, from 0 to 1."""
    options = Options(time_limit_s=question.time_limit_s, workers=question.workers, seed=question.seed)
    if question.kind == InquiryKind.DECLINES:
        found = declines(question.problem, question.given, options, tell=tell, stop=stop)
        return {"objective": question.given.objective, "declines": [_decline(one) for one in found]}
    if question.kind != InquiryKind.OPENINGS:
        return explaining.answer(question, options, stop, tell)
    told = openings(
        question.problem,
        question.given,
        question.market or Market(),
        options,
        max_hires=question.max_hires,
        hire_budget=question.hire_budget,
        tell=tell,
        stop=stop,
    )
    return _openings(told)


def _openings(told: Openings) -> dict[str, Any]:
    return {
        "given": told.given,
        "reassigned": told.reassigned,
        "together": told.together,
        "bound": told.bound,
        "openings": [_opening(one) for one in told.openings],
    }


def _opening(one: Opening) -> dict[str, Any]:
    return {
        "skills": dict(one.person.skills),
        "styles": dict(one.person.styles),
        "tags": list(one.person.tags),
        "cost": one.person.cost,
        "hire_cost": one.person.hire.cost,
        "worth": one.worth,
        "seats": list(one.seats),
        "num_filled": one.num_filled,
        "first": one.first,
        "fte": one.fte,
        "is_chosen": one.is_chosen,
        "num_chosen": one.num_chosen,
    }


def _decline(one: Decline) -> dict[str, Any]:
    return {
        "person": one.person,
        "loss": one.loss,
        "loss_least": one.loss_least,
        "seats": [list(pair) for pair in one.seats],
        "back_ups": list(one.back_ups),
        "num_moved": one.num_moved,
        "num_filled": one.num_filled,
        "first": one.first,
    }
