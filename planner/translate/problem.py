"""The rows of the workspace → one question to the solver."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import Ban, Person, Seat, Workspace
from planner.translate.booked import agreed_starts, booked_rows, busy_spans
from planner.translate.horizon import Horizon, horizon_of
from planner.translate.money import Money
from planner.translate.people import Calendars, PeopleTranslation, considered_people, people_rows, with_staff_tag
from planner.translate.projects import ProjectsTranslation, project_rows
from planner.translate.request import PlanRequest, limits_of, weights_of
from planner.translate.tags import Band, band_of, band_tag, is_inside
from solver import problem as asked
from solver.problem import Limits, Pairing, Problem, Weights


def to_problem(session: Session, request: PlanRequest, calendars: Calendars) -> Problem:
    """The question that a request asks of the workspace as it is now.

    Raises
    ------
    Untranslatable
        Where a currency has no rate.
    """
    workspace = session.get_one(Workspace, 1)
    horizon = horizon_of(workspace, request.starts_on, request.num_periods)
    weights = replace(weights_of(request.preset, workspace.weights), **request.weights)
    return _Question(session, request, horizon, calendars).problem(
        request.title or workspace.name, weights, limits_of(request.limits)
    )


def workspace_problem(session: Session, calendars: Calendars) -> Problem:
    """The whole workspace as one question: what was loaded from a file comes back as it was.

    Raises
    ------
    Untranslatable
        Where a currency has no rate.
    """
    workspace = session.get_one(Workspace, 1)
    return _Question(session, PlanRequest(), horizon_of(workspace), calendars).problem(
        workspace.name, Weights(**workspace.weights), limits_of(workspace.limits)
    )


class _Question:
    """The rows that a request is about, each read once."""

    def __init__(self, session: Session, request: PlanRequest, horizon: Horizon, calendars: Calendars) -> None:
        self._session, self._request, self._horizon, self._calendars = session, request, horizon, calendars
        self._rows = project_rows(session, request.project_ids)
        self._booked = booked_rows(session, horizon.workspace)
        self._people = people_rows(session, self._chosen())

    def problem(self, name: str, weights: Weights, limits: Limits) -> Problem:
        is_kept, workspace = self._request.keeps_bookings, self._horizon.workspace
        booked = [row for row in self._booked if row.seat_key in self._seats and row.person_id in self._people.rows]
        pairs = [(row, Pairing(row.seat_key, self._people.rows[row.person_id].key)) for row in booked]
        return Problem(
            name=name,
            calendar=self._horizon.calendar,
            weights=weights,
            limits=limits,
            growth=self._request.is_growth if self._request.is_growth is not None else workspace.is_growth,
            people=tuple(self._crowd()),
            projects=self._projects,
            current=tuple(pair for row, pair in pairs if row.is_in_force or not is_kept),
            pins=tuple(pair for row, pair in pairs if row.is_hard and is_kept),
            bans=tuple(self._bans()),
        )

    @cached_property
    def _projects(self) -> tuple[asked.Project, ...]:
        translation = ProjectsTranslation(
            self._rows,
            self._horizon,
            agreed=agreed_starts(self._booked),
            people=frozenset(row.key for row in self._people.rows.values()),
            tagged=self._tagged,
        )
        return tuple(translation.projects())

    @cached_property
    def _seats(self) -> frozenset[str]:
        return frozenset(seat.id for project in self._projects for seat in project.seats)

    @cached_property
    def _tagged(self) -> frozenset[Band]:
        """The must-have bands outside which some considered person's score lies that is their own."""
        bands = {band_of(line) for lines in self._rows.styles.values() for line in lines if line.must}
        own: dict[str, list[float]] = defaultdict(list)
        for styles in self._people.styles.values():
            for style, score in styles.items():
                own[style].extend([score.score] if score.is_own else [])
        return frozenset(band for band in bands if not all(is_inside(score, band) for score in own[band.style]))

    def _chosen(self) -> list[Person]:
        """Everyone considered whom the request names, or whose kind it names, or who is agreed on for a seat."""
        request, planned = self._request, {row.id for row in self._rows.projects}
        agreed = {row.person_id for row in self._booked if row.is_hard and row.project_id in planned}
        return [
            row
            for row in considered_people(self._session, request)
            if row.id in agreed
            or (row.kind in request.kinds if request.person_ids is None else row.id in request.person_ids)
        ]

    def _crowd(self) -> Iterator[asked.Person]:
        money = Money(self._session, self._horizon.workspace, self._horizon.calendar.start)
        translation = PeopleTranslation(self._people, self._horizon, money, self._calendars)
        busy = busy_spans(self._booked, self._seats, self._horizon)
        projects = frozenset(project.id for project in self._projects)
        has_staff_only = self._rows.has_staff_only
        for row in self._people.rows.values():
            person = translation.person(row, projects, self._held_bands(row), busy.get(row.id, ()))
            yield replace(person, tags=with_staff_tag(person)) if has_staff_only else person

    def _held_bands(self, row: Person) -> Iterator[str]:
        styles = self._people.styles[row.id]
        for band in sorted(self._tagged):
            score = styles.get(band.style)
            if score is not None and (score.is_own or is_inside(score.score, band)):
                yield band_tag(band)

    def _bans(self) -> Iterator[Pairing]:
        statement = select(Seat.key, Ban.person_id).join(Seat, Seat.id == Ban.seat_id).order_by(Ban.id)
        for seat, person_id in self._session.execute(statement):
            if seat in self._seats and person_id in self._people.rows:
                yield Pairing(seat, self._people.rows[person_id].key)
