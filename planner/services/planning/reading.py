"""Reading plans: the frozen question, the solver's answer, the plan as it stands by now, and its report."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from threading import Lock
from typing import Any, Generic, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.models import (
    BookingKind,
    Origin,
    Phase,
    Plan,
    PlanState,
    PlanVersion,
    Seat,
    Skill,
    User,
    Workspace,
    WorkStyle,
    chain_of_need,
    hidden,
    now,
)
from planner.translate import PlanMeta, PlanReport, report
from planner.translate.report import DecisionRow, Labels
from solver import problem as asked
from solver import solution as answered
from solver.check import score, violations
from solver.problem import Problem
from solver.solution import Result, Solution, Status

MOST_CACHED = 16
T = TypeVar("T")


def frozen(document: Mapping[str, Any]) -> bytes:
    """A JSON document as a plan keeps it."""
    return zlib.compress(json.dumps(document, separators=(",", ":")).encode(), level=6)


def thawed(data: bytes) -> dict[str, Any]:
    """The JSON document that a plan keeps."""
    document: dict[str, Any] = json.loads(zlib.decompress(data))
    return document


def question_of(plan: Plan) -> Problem:
    """The question that a plan answers. Raises LookupError while none is frozen yet."""
    question = _questions.get(plan.request_token, lambda: _question_read(plan))
    names = hidden.get().names
    if not names:
        return question
    key = (plan.request_token, frozenset(names.items()))
    return _masked.get(key, lambda: _with_names_hidden(question, names))


def _with_names_hidden(question: Problem, names: Mapping[str, str]) -> Problem:
    """The same question with other names for those whom this reader must not know."""
    people = (replace(person, name=names.get(person.name, person.name)) for person in question.people)
    return question.replace(people=tuple(people))


def _question_read(plan: Plan) -> Problem:
    if plan.question is None:
        raise LookupError(f"plan {plan.number} has no question yet")
    return asked.from_document(thawed(plan.question))


def answer_of(plan: Plan) -> Result:
    """What the solver answered, before anybody changed it by hand."""
    if plan.answer is None:
        raise LookupError(f"plan {plan.number} has no answer yet")
    return answered.from_document(question_of(plan), thawed(plan.answer))


def solution_of(plan: Plan) -> Solution:
    """The plan as it stands: its allocations and the starts of its phases."""
    return Solution(
        starts={row.phase_key: row.start_idx for row in plan.phase_starts},
        holders={row.seat_key: row.person_key for row in plan.allocations},
    )


def result_of(plan: Plan) -> Result:
    """The answer as it stands: the solver's own, or its changed form at its own score.

    The bound is the question's, so it goes on holding; only a plan that breaks rules may pass it, and then has none.
    """
    first, solution = answer_of(plan), solution_of(plan)
    if not first.status.has_solution or (first.solution is not None and _is_same(first.solution, solution, plan)):
        return first
    problem = question_of(plan)
    objective = score(problem, solution).objective
    is_bounded = first.bound is not None and first.bound >= objective and not violations(problem, solution)
    unfilled = {seat: reasons for seat, reasons in first.unfilled.items() if seat not in solution.holders}
    return replace(
        first,
        status=Status.FEASIBLE,
        solution=solution,
        objective=objective,
        bound=first.bound if is_bounded else None,
        unfilled=unfilled,
    )


def _is_same(first: Solution, present: Solution, plan: Plan) -> bool:
    fixed = {phase.id: phase.earliest for phase in question_of(plan).phase_by_id.values() if phase.is_fixed}
    return dict(first.holders) == dict(present.holders) and {**fixed, **first.starts} == {**fixed, **present.starts}


def document_of(plan: Plan) -> dict[str, Any]:
    """The plan as it stands, as staffing-plan/1."""
    return answered.to_document(question_of(plan), result_of(plan))


def report_of(session: Session, plan: Plan, *, by: User | None = None, language: str = "en") -> PlanReport:
    """Everything that a page or an export shows of a plan, made for a reader."""
    meta = _meta(session, plan, language)
    key = (plan.request_token, plan.version, language, _fingerprint(meta.labels), frozenset(hidden.get().names))
    made = _reports.get(key, lambda: report(question_of(plan), result_of(plan), meta))
    return replace(made, meta=replace(meta, generated_by=by.name if by is not None else ""))


def keep_ready(session: Session) -> None:
    """Makes the reports that are read first: of the plan in force and of the newest, in the languages of readers."""
    ready = select(Plan).where(Plan.state == PlanState.READY)
    newest = session.scalars(ready.order_by(Plan.number.desc()).limit(1)).all()
    in_force = session.scalars(ready.where(Plan.in_force_since.is_not(None)).limit(1)).all()
    languages = session.scalars(select(User.locale).where(User.active).distinct()).all()
    for plan in dict.fromkeys((*in_force, *newest)):
        for language in languages:
            report_of(session, plan, language=language)


def _meta(session: Session, plan: Plan, language: str) -> PlanMeta:
    workspace = session.get_one(Workspace, 1)
    return PlanMeta(
        generated_at=now(),
        number=plan.number,
        version=_number(session, plan),
        title=plan.title,
        language=language,
        currency=workspace.currency,
        firm=frozenset(row.seat_key for row in plan.allocations if row.booking is BookingKind.HARD),
        by_hand=frozenset(row.seat_key for row in plan.allocations if row.origin is Origin.HAND),
        decisions=tuple(_decision_row(row) for row in plan.decisions),
        labels=_labels(session, language),
    )


def _number(session: Session, plan: Plan) -> int:
    """The number of the plan's newest version, which is what people know; its own `version` counts edits."""
    return session.scalar(select(func.max(PlanVersion.number)).where(PlanVersion.plan_id == plan.id)) or 1


def _decision_row(row: Any) -> DecisionRow:
    return DecisionRow(
        what=str(row.kind),
        by=row.decided_by,
        at=row.decided_at,
        reason=row.reason,
        seat=row.seat_key,
        phase=row.phase_key,
        person=row.person_key,
        before=row.before,
        broken_rules=tuple(row.broken_rules),
        points_change=row.points_change,
    )


def _labels(session: Session, language: str) -> Labels:
    """The names of skills, work styles and phases, by key, in a language."""
    is_french = language.startswith("fr")
    skills = session.execute(select(Skill.key, Skill.name, Skill.name_fr))
    styles = session.execute(select(WorkStyle.key, WorkStyle.name, WorkStyle.name_fr))
    phases = session.execute(select(Phase.key, Phase.name))
    seats = session.execute(select(Seat.key, Seat.need_id))
    return Labels(
        skills={key: (french if is_french else "") or name for key, name, french in skills},
        styles={key: (french if is_french else "") or name for key, name, french in styles},
        phases=dict(phases.all()),
        chains={key: chain_of_need(need_id) for key, need_id in seats},
    )


def is_seat_here(session: Session, seat_key: str) -> bool:
    """Whether a seat of a plan is still asked for."""
    return session.scalar(select(Seat.id).where(Seat.key == seat_key)) is not None


def _fingerprint(labels: Labels) -> int:
    return hash((*labels.skills.items(), *labels.styles.items(), *labels.phases.items(), *labels.chains.items()))


class _Kept(Generic[T]):
    """The most recent of what is costly to make; what is made from frozen data never grows stale.

    Two who ask for the same at once get what the first of them makes.
    """

    def __init__(self) -> None:
        self._slots: dict[Hashable, _Slot[T]] = {}
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        with self._lock:
            slot = self._slots[key] = self._slots.pop(key) if key in self._slots else _Slot()
            while len(self._slots) > MOST_CACHED:
                del self._slots[next(iter(self._slots))]
        return slot.get(make)


class _Slot(Generic[T]):
    def __init__(self) -> None:
        self._made: T | None = None
        self._making = Lock()

    def get(self, make: Callable[[], T]) -> T:
        with self._making:
            if self._made is None:
                self._made = make()
            return self._made


_questions: _Kept[Problem] = _Kept()
_masked: _Kept[Problem] = _Kept()
_reports: _Kept[PlanReport] = _Kept()
