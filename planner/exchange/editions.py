"""Who a report is for: members see who works on what and when; scores, costs and what speaks of people stay out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum

from planner.exchange.words import Words
from planner.translate.report import HireRow, PersonRow, PlanReport, SeatRow, SkillState, TeamRow


class Edition(StrEnum):
    """`organisers` see scores, costs and reasons; `members` none of these."""

    ORGANISERS = "organisers"
    MEMBERS = "members"


def edited(report: PlanReport, edition: Edition, say: Words) -> PlanReport:
    """The report as this edition may show it: what it may not show is not in it any more."""
    return report if edition is Edition.ORGANISERS else _Redaction(report, say).report()


class _Redaction:
    """A report without what members may not see; a hire has a name once somebody has agreed to one of its seats."""

    def __init__(self, whole: PlanReport, say: Words) -> None:
        self.whole = whole
        agreed = {row.person_id for row in whole.seats if row.is_agreed}
        unnamed = (hire.person_id for hire in whole.hires if hire.person_id not in agreed)
        self.names = {
            person_id: (f"new-hire-{num}", say.gettext("New hire %(number)s", number=num))
            for num, person_id in enumerate(unnamed, 1)
        }

    def report(self) -> PlanReport:
        whole = self.whole
        seats = {row.seat_id: self._seat(row) for row in whole.seats}
        return replace(
            whole,
            meta=replace(whole.meta, decisions=()),
            headline=replace(whole.headline, cost=0, hire_cost=0, num_changes=0, better_pct=None),
            projects=tuple(replace(row, cost=0, budget=None, reward=0, lateness=0, points=0) for row in whole.projects),
            teams=tuple(self._team(row, seats) for row in whole.teams),
            seats=tuple(seats.values()),
            people=tuple(self._person(row) for row in whole.people if row.seats),
            gaps=tuple(replace(gap, seat=seats[gap.seat.seat_id], reasons=()) for gap in whole.gaps),
            hires=tuple(self._hire(row, seats) for row in whole.hires),
            terms={},
            objective=None,
            bound=None,
            seconds=0.0,
            trace=(),
            conflict=(),
            violations=(),
        )

    def _name(self, person_id: str, name: str) -> tuple[str, str]:
        return self.names.get(person_id, (person_id, name))

    def _seat(self, row: SeatRow) -> SeatRow:
        person_id, person = self._name(row.person_id, row.person or "") if row.person_id is not None else (None, None)
        skills = (cell._replace(have=None, weight=1, state=SkillState.OPEN, mentor="") for cell in row.skills)
        return replace(
            row,
            person_id=person_id,
            person=person,
            max_cost=None,
            skills=tuple(skills),
            styles=(),
            tags=tuple(cell._replace(has=None) for cell in row.tags),
            is_by_hand=False,
            is_changed=False,
            fit=None,
            style_fit=None,
            wish=None,
            points=None,
            score=None,
            cost=None,
            reasons=(),
        )

    def _team(self, row: TeamRow, seats: Mapping[str, SeatRow]) -> TeamRow:
        mine = tuple(seats[seat.seat_id] for seat in row.seats)
        return replace(row, seats=mine, rules=(), skills=(), styles=(), cost=0, points=0)

    def _person(self, row: PersonRow) -> PersonRow:
        person_id, name = self._name(row.person_id, row.name)
        no_capacity = (0,) * len(row.capacity)
        return replace(
            row, person_id=person_id, name=name, tags=(), capacity=no_capacity, over=(), num_free=0.0, cost=0, points=0
        )

    def _hire(self, row: HireRow, seats: Mapping[str, SeatRow]) -> HireRow:
        person_id, name = self._name(row.person_id, row.name)
        mine = tuple(seats[seat.seat_id] for seat in row.seats)
        return replace(
            row,
            person_id=person_id,
            name=name,
            seats=mine,
            points=0,
            hire_points=0,
            hire_cost=0,
            staff_cost=0,
            acceptance=100,
        )
