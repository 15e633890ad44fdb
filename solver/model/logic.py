"""Words between literals, which may be plain truths where a part of the plan is fixed."""

from __future__ import annotations

from collections.abc import Iterable

from ortools.sat.python import cp_model

Literal = cp_model.LiteralT


def any_of(cp: cp_model.CpModel, literals: Iterable[Literal]) -> Literal:
    """A literal that says whether at least one of them holds."""
    found = [literal for literal in literals if literal is not False]
    if not found or any(literal is True for literal in found):
        return bool(found)
    if len(found) == 1:
        return found[0]
    one = cp.new_bool_var("")
    for literal in found:
        cp.add_implication(literal, one)
    cp.add_bool_or(~one, *found)
    return one


def negated(literal: Literal) -> Literal:
    return not literal if isinstance(literal, bool) else ~literal


def all_of(cp: cp_model.CpModel, literals: Iterable[Literal]) -> Literal:
    """A literal that says whether all of them hold."""
    return negated(any_of(cp, [negated(literal) for literal in literals]))


def at_least(cp: cp_model.CpModel, expression: cp_model.LinearExprT, least: int, low: int, high: int) -> Literal:
    """A literal that says whether an expression, which is from `low` to `high`, is at least so much."""
    if low >= least or high < least:
        return low >= least
    reached = cp.new_bool_var("")
    cp.add(expression >= least).only_enforce_if(reached)
    cp.add(expression < least).only_enforce_if(~reached)
    return reached
