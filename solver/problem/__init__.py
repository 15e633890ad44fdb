"""What is asked: a staffing problem as frozen dataclasses, and the document that says it."""

from solver.problem.document import SCHEMA, from_document, read, to_document
from solver.problem.law import LARGEST, N_, DocumentError, ProblemError
from solver.problem.parts import (
    CountOf,
    Hire,
    Kind,
    Person,
    Phase,
    Project,
    RuleKind,
    Seat,
    SkillLine,
    Span,
    StyleLine,
    TeamRule,
    tenths,
)
from solver.problem.question import Calendar, Limits, Pairing, Period, Problem, Weights
from solver.problem.reading import LIMIT_BYTES, read_json

__all__ = [
    "LARGEST",
    "LIMIT_BYTES",
    "N_",
    "SCHEMA",
    "Calendar",
    "CountOf",
    "DocumentError",
    "Hire",
    "Kind",
    "Limits",
    "Pairing",
    "Period",
    "Person",
    "Phase",
    "Problem",
    "ProblemError",
    "Project",
    "RuleKind",
    "Seat",
    "SkillLine",
    "Span",
    "StyleLine",
    "TeamRule",
    "Weights",
    "from_document",
    "read",
    "read_json",
    "tenths",
    "to_document",
]
