"""What candidates say of themselves of their own will: written by them, counted for the compliance officer's report.

Only this module reads the protected tables, and only three may ask it: the page on which a candidate answers, the
report, and an erasure. It gives counts, never anybody's answer.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from planner.models import Allocation, Candidate, CandidateEvent, Person, Requisition, Stage, now
from planner.models.hiring_protected import UNKNOWN, ProtectedAnswer, ProtectedCount

QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "gender": ("woman", "man", "another"),
    "age": ("under_40", "from_40"),
    "origin": ("here", "europe", "elsewhere"),
    "disability": ("yes", "no"),
}


class Step(StrEnum):
    """How far somebody came: each step holds everyone of the next one."""

    APPLIED = "applied"
    SHORTLISTED = "shortlisted"
    SUGGESTED = "suggested"
    HIRED = "hired"


@dataclass(frozen=True, slots=True)
class Count:
    """How many of a group came to a step."""

    question: str
    answer: str
    step: Step
    num: int


def answer(session: Session, candidate: Candidate, said: Mapping[str, str]) -> None:
    """Keeps what a candidate says of themselves; what is not among the choices is not kept, an empty one is taken back.

    Nothing else about the candidate changes by it, not even a version.
    """
    for question, choices in QUESTIONS.items():
        is_this = (ProtectedAnswer.candidate_id == candidate.id, ProtectedAnswer.question == question)
        session.execute(delete(ProtectedAnswer).where(*is_this))
        if said.get(question) in choices:
            session.add(
                ProtectedAnswer(candidate_id=candidate.id, question=question, answer=said[question], said_at=now())
            )
    session.flush()


def counts(session: Session, requisition: Requisition | None = None) -> list[Count]:
    """By question, group and step how many there are, of one requisition or of all; who did not say is counted, too."""
    numbers: Counter[tuple[str, str, Step]] = Counter()
    steps = _steps(session, requisition)
    answers: dict[int, dict[str, str]] = defaultdict(dict)
    for row in session.scalars(select(ProtectedAnswer)):
        answers[row.candidate_id][row.question] = row.answer
    for ident, reached in steps.items():
        for question in QUESTIONS:
            for step in reached:
                numbers[question, answers[ident].get(question, UNKNOWN), step] += 1
    erased = select(ProtectedCount)
    if requisition is not None:
        erased = erased.where(ProtectedCount.requisition_number == requisition.number)
    for count in session.scalars(erased):
        numbers[count.question, count.answer, Step(count.stage)] += count.num
    return [Count(question, group, step, num) for (question, group, step), num in sorted(numbers.items())]


def count_and_forget(session: Session, candidate: Candidate) -> None:
    """Counts somebody's answers under their groups, and deletes them: before an erasure, so that totals stay right."""
    reached = _steps(session, None, candidate.id).get(candidate.id, ())
    given = {
        row.question: row.answer
        for row in session.scalars(select(ProtectedAnswer).where(ProtectedAnswer.candidate_id == candidate.id))
    }
    number = candidate.requisition.number if candidate.requisition is not None else 0
    for question in QUESTIONS:
        for step in reached:
            _count(session, number, question, given.get(question, UNKNOWN), step)
    session.execute(delete(ProtectedAnswer).where(ProtectedAnswer.candidate_id == candidate.id))
    session.flush()


def _count(session: Session, number: int, question: str, group: str, step: Step) -> None:
    row = session.scalars(
        select(ProtectedCount).where(
            ProtectedCount.requisition_number == number,
            ProtectedCount.question == question,
            ProtectedCount.answer == group,
            ProtectedCount.stage == step,
        )
    ).one_or_none()
    if row is None:
        row = ProtectedCount(requisition_number=number, question=question, answer=group, stage=str(step), num=0)
        session.add(row)
    row.num += 1
    session.flush()


def _steps(session: Session, requisition: Requisition | None, only_id: int | None = None) -> dict[int, Iterable[Step]]:
    """How far each candidate came."""
    statement = select(Candidate.id, Candidate.stage, Candidate.is_shortlisted, Candidate.person_id)
    if requisition is not None:
        statement = statement.where(Candidate.requisition_id == requisition.id)
    if only_id is not None:
        statement = statement.where(Candidate.id == only_id)
    suggested, moved_on = _suggested(session), _moved_on(session)
    found: dict[int, Iterable[Step]] = {}
    for ident, stage, is_shortlisted, person_id in session.execute(statement):
        is_hired = stage is Stage.HIRED
        is_suggested = is_hired or person_id in suggested
        is_listed = is_suggested or is_shortlisted or ident in moved_on
        reached = (
            (True, Step.APPLIED),
            (is_listed, Step.SHORTLISTED),
            (is_suggested, Step.SUGGESTED),
            (is_hired, Step.HIRED),
        )
        found[ident] = [step for is_reached, step in reached if is_reached]
    return found


def _suggested(session: Session) -> set[int]:
    """The people whom some plan would have hired."""
    return set(session.scalars(select(Person.id).where(Person.key.in_(select(Allocation.person_key)))))


def _moved_on(session: Session) -> set[int]:
    """The candidates who came as far as an interview or an offer."""
    far = (Stage.INTERVIEW, Stage.OFFER, Stage.HIRED)
    return set(session.scalars(select(CandidateEvent.candidate_id).where(CandidateEvent.to_stage.in_(far))))
