"""What is asked: a staffing problem as frozen dataclasses, and the document that says it."""

from solver.problem.document import LIMIT_BYTES, SCHEMA, from_document, read, to_document
from solver.problem.law import LARGEST, N_, ProblemError
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

__all__ = [
    "LARGEST",
    "LIMIT_BYTES",
    "N_",
    "SCHEMA",
    "Calendar",
    "CountOf",
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
    "tenths",
    "to_document",
]
