"""What the process that reads a file of the exchange format does with it: bytes in, what they say as plain JSON out.

It is imported anew for every file, so it imports nothing of the planner's. A document that is not what it should be
is said by its place and the reason, in English and as a sentence with what fills it, for translation.
"""

from __future__ import annotations

import json
from typing import Any

from solver import problem as asked
from solver import solution as answered
from solver.problem import DocumentError


def problem_said(data: bytes) -> dict[str, Any]:
    """The staffing problem in a file, as it says it: a valid one has no key that is not known."""
    try:
        document = asked.read_json(data)
        asked.from_document(document)
    except DocumentError as error:
        return _fault(error)
    return {"document": document}


def plan_said(question: bytes, data: bytes) -> dict[str, Any]:
    """The plan in a file, as an answer to the staffing problem whose document is the question."""
    problem = asked.from_document(json.loads(question))
    try:
        return {"document": answered.to_document(problem, answered.read(problem, data))}
    except DocumentError as error:
        return _fault(error)


def _fault(error: DocumentError) -> dict[str, Any]:
    params = {name: value if isinstance(value, int | float) else str(value) for name, value in error.params.items()}
    return {"place": error.path, "reason": error.reason, "sentence": error.sentence, "params": params}
