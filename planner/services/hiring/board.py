"""The pipeline board: a card for each candidate, in the column of their stage, with what a hire does to the plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from planner.models import (
    Candidate,
    Person,
    PipelineColumn,
    Plan,
    Requisition,
    Stage,
    fold,
    folded,
    hidden,
    today,
)
from planner.services.hiring.pipeline import all_columns, column_of
from planner.services.listing import Query
from planner.services.planning.plans import newest_plan
from planner.services.planning.reading import report_of
from planner.services.staffing.projects import id_in

MOST_OVER = 20  # cards of a column in which nobody is considered any more, the latest ones
MOST_CARDS = 600


@dataclass(frozen=True, slots=True)
class Effect:
    """What the newest plan does with a candidate: the seats that it gives them, the points they bring, the cost."""

    plan: Plan
    num_seats: int
    points: int
    cost: int


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Another candidate who seems to be the same person, by e-mail or by name."""

    candidate_id: int
    title: str


@dataclass(frozen=True, slots=True)
class Card:
    """A candidate on the board."""

    id: int
    version: int
    stage: Stage
    column_id: int | None
    person_key: str
    name: str
    requisition_id: int | None
    requisition: str
    since_on: date | None
    next_step: str
    is_shortlisted: bool
    duplicates: tuple[Duplicate, ...] = ()
    effect: Effect | None = None

    @property
    def num_days(self) -> int | None:
        """Days in the stage."""
        return (today() - self.since_on).days if self.since_on is not None else None


@dataclass(frozen=True)
class Lane:
    """A column with its cards, the longest there first; `num` counts those that are not shown, too."""

    column: PipelineColumn
    cards: Sequence[Card] = field(default_factory=tuple)
    num: int = 0


@dataclass(frozen=True)
class Board:
    """All columns, the plan that the effects are from, and whether some cards are left out."""

    lanes: Sequence[Lane]
    plan: Plan | None
    num: int
    is_cut: bool


def board(session: Session, query: Query, *, language: str) -> Board:
    """The board, as the URL asks for it."""
    columns = all_columns(session)
    rows = session.execute(_asked(query).limit(MOST_CARDS + 1)).all()
    plan = newest_plan(session)
    effects = _effects(session, plan, language)
    same = _same_people(session)
    by_column: dict[int, list[Card]] = defaultdict(list)
    for row in rows[:MOST_CARDS]:
        card = _card(row, effects, same)
        by_column[columns.index(column_of(columns, card))].append(card)
    lanes = [_lane(column, by_column[n]) for n, column in enumerate(columns)]
    return Board(lanes, plan, min(len(rows), MOST_CARDS), len(rows) > MOST_CARDS)


def _asked(query: Query) -> Select[*tuple[Any, ...]]:
    """The candidates whom the URL asks for: those in the process the longest come first."""
    found: Select[*tuple[Any, ...]] = (
        select(
            Candidate.id,
            Candidate.version,
            Candidate.stage,
            Candidate.column_id,
            Candidate.stage_since_on,
            Candidate.next_step,
            Candidate.is_shortlisted,
            Person.key,
            Person.name,
            Person.email,
            Requisition.id.label("requisition_id"),
            Requisition.number,
            Requisition.title,
        )
        .join(Person, Person.id == Candidate.person_id)
        .outerjoin(Requisition, Requisition.id == Candidate.requisition_id)
        .order_by(Candidate.stage_since_on, Candidate.id)
    )
    if query.q:
        known = () if hidden.get().names else (Person.name, Candidate.source, Candidate.next_step)
        texts = (Requisition.title, *known)
        found = found.where(or_(*(folded(text).contains(fold(query.q), autoescape=True) for text in texts)))
    if query.value("requisition"):
        wanted = query.value("requisition")
        is_none = Candidate.requisition_id.is_(None)
        found = found.where(is_none if wanted == "none" else Candidate.requisition_id == id_in(wanted))
    if query.value("shortlist"):
        found = found.where(Candidate.is_shortlisted)
    return found


def _card(row: Any, effects: Mapping[str, Effect], same: Mapping[int, tuple[Duplicate, ...]]) -> Card:
    return Card(
        id=row.id,
        version=row.version,
        stage=row.stage,
        column_id=row.column_id,
        person_key=row.key,
        name=row.name,
        requisition_id=row.requisition_id,
        requisition=f"{row.number} · {row.title}" if row.requisition_id is not None else "",
        since_on=row.stage_since_on,
        next_step=row.next_step,
        is_shortlisted=row.is_shortlisted,
        duplicates=same.get(row.id, ()),
        effect=effects.get(row.key),
    )


def _lane(column: PipelineColumn, cards: list[Card]) -> Lane:
    """A column's cards; of those who are not considered any more only the latest."""
    if column.stage.is_considered:
        return Lane(column, cards, len(cards))
    return Lane(column, cards[::-1][:MOST_OVER], len(cards))


def _effects(session: Session, plan: Plan | None, language: str) -> dict[str, Effect]:
    """What the newest plan does with those whom it would hire, by the person's key."""
    if plan is None:
        return {}
    return {
        hire.person_id: Effect(plan, len(hire.seats), hire.points, hire.hire_cost + hire.staff_cost)
        for hire in report_of(session, plan, language=language).hires
    }


def _same_people(session: Session) -> dict[int, tuple[Duplicate, ...]]:
    """For each candidate the others with the same e-mail or the same name."""
    rows = session.execute(
        select(Candidate.id, Person.name, Person.email, Requisition.title)
        .join(Person, Person.id == Candidate.person_id)
        .outerjoin(Requisition, Requisition.id == Candidate.requisition_id)
        .order_by(Candidate.id)
    ).all()
    groups: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in rows:
        groups["name", fold(row.name)].append(row)
        if row.email:
            groups["email", row.email.lower()].append(row)
    found: dict[int, dict[int, Duplicate]] = defaultdict(dict)
    for like in groups.values():
        for one in like if len(like) > 1 else ():
            found[one.id].update({row.id: Duplicate(row.id, row.title or "") for row in like if row.id != one.id})
    return {ident: tuple(others.values()) for ident, others in found.items()}
