"""How a plan's report is laid out on pages: what is narrowed, the cells of the heatmap, the bars of the timeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from planner.services.listing import Page, Query
from planner.translate.report import PeriodLabel, PersonRow, PlanReport, SeatRow, SkillState, StyleBand, TeamRow

T = TypeVar("T")
MOST_TICKS = 13
MOST_CELLS, FEWEST_PEOPLE, MOST_PEOPLE = 3200, 20, 60  # of a page's heatmap


class Cell(NamedTuple):
    """One column of a person's heat row: percent of capacity; kind as the macro `heat_cell` knows it."""

    pct: int
    kind: str


class Bar(NamedTuple):
    """A bar of the timeline, in percent of the calendar's width."""

    left: float
    width: float


@dataclass(frozen=True)
class Narrowing:
    """What the reader wants to see of a plan: a project, a person, a site, or only what is open."""

    project: str = ""
    person: str = ""
    site: str = ""
    only: str = ""

    @classmethod
    def read(cls, query: Query) -> Narrowing:
        return cls(*(query.value(name) for name in ("project", "person", "site", "only")))

    def has_seat(self, seat: SeatRow) -> bool:
        """Whether a seat is to be seen."""
        return (
            (not self.project or seat.project_id == self.project)
            and (not self.person or seat.person_id == self.person)
            and (not self.site or seat.site == self.site)
            and (self.only != "gaps" or not seat.is_filled)
            and (self.only != "hires" or seat.is_hire)
            and (self.only != "open" or (seat.is_filled and not seat.is_agreed))
        )

    def has_team(self, team: TeamRow) -> bool:
        """Whether a team has a seat to be seen; a team without seats is seen with its project."""
        if not team.seats:
            return not (self.person or self.site or self.only) and self.project in ("", team.project_id)
        return any(self.has_seat(seat) for seat in team.seats)

    def has_person(self, person: PersonRow, holders: frozenset[str]) -> bool:
        """Whether a person's time is to be seen; `holders` hold a seat of the project asked for."""
        return (
            (not self.person or person.person_id == self.person)
            and (not self.site or person.site == self.site)
            and (not (self.project or self.only) or person.person_id in holders)
        )


def teams_of(report: PlanReport, query: Query, size: int) -> Page[TeamRow]:
    """The teams that the URL asks for, a page of them."""
    wanted = Narrowing.read(query)
    return sliced([team for team in report.teams if wanted.has_team(team)], query, size)


def people_of(report: PlanReport, query: Query) -> Page[PersonRow]:
    """The people whose time the URL asks for, those with work first and each by name; as many as a heatmap can bear."""
    wanted = Narrowing.read(query)
    holders = frozenset(seat.person_id for seat in report.seats if seat.person_id and wanted.has_seat(seat))
    needle = query.q.casefold()
    people = [p for p in report.people if wanted.has_person(p, holders) and needle in p.name.casefold()]
    people.sort(key=lambda person: (not person.seats, person.name.casefold()))
    size = MOST_CELLS // max(1, len(report.periods))
    return sliced(people, query, min(max(size, FEWEST_PEOPLE), MOST_PEOPLE))


def sliced(rows: Sequence[T], query: Query, size: int) -> Page[T]:
    """One page of rows that are already in memory."""
    number = min(query.page, max(1, -(-len(rows) // size)))
    return Page(rows[(number - 1) * size : number * size], number, size, len(rows), query)


def heat_of(report: PlanReport, people: Iterable[PersonRow]) -> Iterator[tuple[PersonRow, list[Cell]]]:
    """Each person's row of the heatmap."""
    seat_by_id = {seat.seat_id: seat for seat in report.seats}
    for person in people:
        yield person, list(_cells(report.periods, person, [seat_by_id[seat] for seat in person.seats]))


def _cells(columns: Sequence[PeriodLabel], person: PersonRow, seats: list[SeatRow]) -> Iterator[Cell]:
    usual, over = max(person.capacity, default=0), set(person.over)
    for n, column in enumerate(columns):
        here = [seat for seat in seats if _covers(seat, column)]
        load, capacity = person.load[n], person.capacity[n]
        if not load:
            yield Cell(0, "leave" if usual and not capacity and not person.is_hire else "agreed")
            continue
        pct = round(100 * load / capacity) if capacity else max(load, 101)
        firm = {seat.is_agreed for seat in here}
        kind = "over" if n in over else "mixed" if len(firm) == 2 else "agreed" if True in firm else "proposed"
        yield Cell(pct, kind)


def _covers(seat: SeatRow, column: PeriodLabel) -> bool:
    if seat.from_idx is None or seat.to_idx is None:
        return False
    return seat.from_idx < column.to_idx and column.idx < seat.to_idx


def coverage_of(seat: SeatRow) -> list[tuple[str, int, str]]:
    """A seat's skills as bars: name, percent of the level asked for, how it is met."""
    return [(f"{cell.label} {cell.need}", _held_pct(cell), str(cell.state)) for cell in seat.skills]


def _held_pct(cell: Any) -> int:
    if cell.state is SkillState.FULL:
        return 100
    return min(100, 100 * (cell.have or 0) // cell.need) if cell.need else 100


def band_value(band: StyleBand) -> float | None:
    """What a team's band is judged by: the lowest score where a floor is asked, else the highest."""
    scores = [score for _name, score in band.scores]
    if not scores:
        return None
    return min(scores) if band.min > 1 else max(scores)


def bar_of(report: PlanReport, from_idx: int | None, to_idx: int | None) -> Bar | None:
    """Where a span lies on the timeline; None where it is not scheduled."""
    if from_idx is None or to_idx is None:
        return None
    whole = report.num_periods
    return Bar(round(100 * from_idx / whole, 3), round(100 * (to_idx - from_idx) / whole, 3))


def ticks_of(report: PlanReport) -> list[tuple[float, PeriodLabel]]:
    """A handful of marks along the timeline, as (percent from the left, column)."""
    step = max(1, -(-len(report.periods) // MOST_TICKS))
    return [(round(100 * column.idx / report.num_periods, 3), column) for column in report.periods[::step]]


def tick_labels(report: PlanReport) -> list[tuple[float, str]]:
    """The same marks, each with its short label."""
    return [(left, column.label) for left, column in ticks_of(report)]


def now_pct(report: PlanReport, now: datetime) -> float | None:
    """Where the present stands on the timeline; None where it lies outside."""
    starts = [column.start for column in report.periods if column.start is not None]
    if len(starts) < 2 or not starts[0] <= now < starts[-1]:
        return None
    width = (starts[1] - starts[0]) / (report.periods[0].to_idx - report.periods[0].idx)
    return round(100 * ((now - starts[0]) / width) / report.num_periods, 3)


def sites_of(report: PlanReport) -> list[str]:
    """The sites of a plan's people, by name."""
    return sorted({person.site for person in report.people if person.site})
