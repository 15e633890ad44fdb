"""The compliance officer's report: by question and group, how many came to each step, and whether a group falls behind.

It is made of counts alone, and is the only page on which anything that is protected is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from planner.models import Requisition
from planner.services.hiring.adverse_impact import Compared, Group, compared
from planner.services.hiring.protected import QUESTIONS, Count, Step, counts


@dataclass(frozen=True)
class StepReport:
    """How a step went: each group's share of those who applied, beside the highest; and who did not say."""

    step: Step
    groups: Sequence[Compared]
    unknown: Group


@dataclass(frozen=True)
class QuestionReport:
    """A question with its steps; `num` is everyone who applied, `num_unknown` those who did not say."""

    question: str
    steps: Sequence[StepReport]
    num: int
    num_unknown: int

    @property
    def is_flagged(self) -> bool:
        """Whether somebody must look into it."""
        return any(group.finding.is_flagged for step in self.steps for group in step.groups)


def report(session: Session, requisition: Requisition | None = None) -> list[QuestionReport]:
    """The report of one requisition, or of all together."""
    found = counts(session, requisition)
    return [_question(question, [count for count in found if count.question == question]) for question in QUESTIONS]


def _question(question: str, found: Sequence[Count]) -> QuestionReport:
    number = {(count.answer, count.step): count.num for count in found}
    applied = {group: number.get((group, Step.APPLIED), 0) for group in ("", *QUESTIONS[question])}
    steps = [
        StepReport(
            step,
            compared(Group(group, applied[group], number.get((group, step), 0)) for group in QUESTIONS[question]),
            Group("", applied[""], number.get(("", step), 0)),
        )
        for step in Step
        if step is not Step.APPLIED
    ]
    return QuestionReport(question, steps, sum(applied.values()), applied[""])
