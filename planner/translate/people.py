"""People: rows → the solver's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from planner.models import (
    Candidate,
    Person,
    PersonSkill,
    PersonStyle,
    Project,
    RatingSource,
    Skill,
    Wish,
    Workspace,
    WorkStyle,
)
from planner.translate import spans
from planner.translate.horizon import Horizon
from planner.translate.money import Money
from planner.translate.request import PlanRequest
from planner.translate.tags import STAFF
from solver import problem as asked
from solver.problem import Hire, Kind, Span


class Calendars(Protocol):
    """What `services.staffing.calendars` says about time; translate stands below the verbs, so it is handed over."""

    def weekly_capacity(
        self, person: Person, workspace: Workspace, first_idx: int, last_idx: int, *, decided_idx: int = 0
    ) -> list[int]: ...

    def earliest_idx(self, person: Person, workspace: Workspace, decided_idx: int = 0) -> int: ...


class Score(NamedTuple):
    """A work-style score, and whether the person gave it to themselves."""

    score: float
    is_own: bool


@dataclass(frozen=True, slots=True)
class PeopleRows:
    """Everyone who may be considered, with what stands on rows of their own, by the person's id."""

    rows: Mapping[int, Person]
    skills: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    styles: Mapping[int, Mapping[str, Score]] = field(default_factory=dict)
    wishes: Mapping[int, Mapping[str, int]] = field(default_factory=dict)


def considered_people(session: Session, request: PlanRequest) -> list[Person]:
    """Everyone whom a request considers; a candidate whose stage is over never is."""
    statement = (
        select(Person, Candidate.stage)
        .outerjoin(Candidate, Candidate.person_id == Person.id)
        .options(selectinload(Person.capacity_spans), selectinload(Person.absences), joinedload(Person.site))
        .order_by(Person.id)
    )
    people = session.execute(statement).unique()
    return [person for person, stage in people if not person.kind.is_hire or stage is None or stage in request.stages]


def people_rows(session: Session, people: Iterable[Person]) -> PeopleRows:
    """What stands on rows of their own about some people, in three queries."""
    rows = {person.id: person for person in people}
    skills: dict[int, dict[str, int]] = {ident: {} for ident in rows}
    styles: dict[int, dict[str, Score]] = {ident: {} for ident in rows}
    wishes: dict[int, dict[str, int]] = {ident: {} for ident in rows}
    held = select(PersonSkill.person_id, Skill.key, PersonSkill.level).join(Skill).order_by(PersonSkill.id)
    for ident, key, level in session.execute(held):
        if ident in rows:
            skills[ident][key] = level
    scored = select(PersonStyle.person_id, WorkStyle.key, PersonStyle.score, PersonStyle.source).join(WorkStyle)
    for ident, key, score, source in session.execute(scored.order_by(PersonStyle.id)):
        if ident in rows:
            styles[ident][key] = Score(score, source is RatingSource.SELF)
    for ident, key, wish in session.execute(
        select(Wish.person_id, Project.key, Wish.wish).join(Project).order_by(Wish.id)
    ):
        if ident in rows:
            wishes[ident][key] = wish
    return PeopleRows(rows, skills, styles, wishes)


class PeopleTranslation:
    """Makes the solver's people of rows."""

    def __init__(self, people: PeopleRows, horizon: Horizon, money: Money, calendars: Calendars) -> None:
        self._people, self._horizon, self._money, self._calendars = people, horizon, money, calendars

    def person(self, row: Person, projects: frozenset[str], bands: Iterable[str], busy: Iterable[Span]) -> asked.Person:
        """One person; `bands` are the tags of the bands that do not cut them, `busy` what other work takes."""
        capacity, taken = self.capacity(row), tuple(busy)
        wishes = self._people.wishes[row.id]
        return asked.Person(
            id=row.key,
            name=row.name,
            kind=Kind(str(row.kind)),
            skills=self._people.skills[row.id],
            styles={style: score for style, (score, _) in self._people.styles[row.id].items()},
            tags=(*row.all_tags, *bands),
            capacity=spans.less(capacity, taken) if taken else capacity,
            cost=self._money.units(row.cost_minor, row.cost_currency),
            preferences={project: wish for project, wish in wishes.items() if project in projects},
            hire=self._hire(row),
        )

    def capacity(self, row: Person) -> tuple[Span, ...]:
        """What the person can give; the spans that were agreed, exactly, where nothing else changes them."""
        horizon = self._horizon
        if not self._is_plain(row):
            percents = self._calendars.weekly_capacity(
                row, horizon.workspace, horizon.first_idx, horizon.last_idx, decided_idx=horizon.first_idx
            )
            return spans.merged(percents)
        return tuple(self._agreed_spans(row))

    def _is_plain(self, row: Person) -> bool:
        """Whether nothing but the agreed spans says what the person can give, each over whole periods."""
        has_holidays = row.site is not None and bool(row.site.country)
        is_ramped = row.kind.is_hire and row.ramp_up_periods > 0
        moments = [moment for span in row.capacity_spans for moment in (span.from_on, span.to_on)]
        begins = [row.earliest_on] if row.kind.is_hire else []
        is_split = any(moment is not None and not self._horizon.is_start(moment) for moment in [*moments, *begins])
        return not (row.absences or has_holidays or is_ramped or is_split)

    def _agreed_spans(self, row: Person) -> Iterable[Span]:
        for span in row.capacity_spans:
            begin = 0 if span.from_on is None else max(0, self._horizon.idx_of(span.from_on))
            end = self._horizon.periods if span.to_on is None else self._horizon.idx_of(span.to_on)
            if begin < end:
                yield Span(begin, end, span.fte_pct)

    def _hire(self, row: Person) -> Hire:
        if not row.kind.is_hire:
            earliest = self._horizon.idx_of(row.earliest_on) if row.earliest_on is not None else 0
        else:
            decided = self._horizon.first_idx
            earliest = self._calendars.earliest_idx(row, self._horizon.workspace, decided) - decided
        return Hire(self._money.units(row.hire_cost_minor), max(0, earliest), row.acceptance_pct)


def with_staff_tag(person: asked.Person) -> tuple[str, ...]:
    """The person's tags where some role need allows no hire: staff hold one tag more, and nobody else does."""
    tags = tuple(tag for tag in person.tags if tag != STAFF)
    return tags if person.is_hire else (*tags, STAFF)
