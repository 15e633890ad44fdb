"""Why a plan or its job came to nothing, as their rows keep it: a code and what fills its sentence, never the sentence.

The doors say it in the reader's language, by `planner.wording`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypedDict

from solver.check import Violation


class Cause(TypedDict):
    """A code, and what fills its sentence: plain values, other causes, broken rules."""

    code: str
    values: dict[str, Any]


def cause(code: str, **values: Any) -> Cause:
    """A cause by its code; the values must fit into JSON."""
    return {"code": code, "values": values}


def broken(rules: Iterable[Violation]) -> Cause:
    """An answer that breaks rules, each with its own sentence."""
    return cause("rules_are_broken", rules=[{"sentence": one.sentence, "values": dict(one.params)} for one in rules])


def columns_of(why: Cause | None) -> dict[str, Any]:
    """The columns of a plan or a job that say why; `failure`, the text of rows before there were codes, is emptied."""
    code, values = (why["code"], why["values"]) if why is not None else (None, None)
    return {"failure": "", "failure_code": code, "failure_values": values}
