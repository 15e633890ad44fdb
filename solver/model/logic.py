"""Words between literals, which may be plain truths where a part of the plan is fixed."""

from __future__ import annotations

from collections.abc import Iterable

from ortools.sat.python import cp_model

Literal = cp_model.LiteralT


def any_of(cp: cp_model.CpModel, literals: Iterable[Literal]) -> Literal:
    """A literal that says whether at least one of them holds."""
    found = list(literals)
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
