"""A plan's sheet that came back, compared with what it left with and with a plan as it stands by now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from rapidfuzz import fuzz, process, utils

from planner.exchange.sentences import first
from planner.exchange.sheets.merging import CellMerge, Grid, Merge, SheetRow, Verdict, merge
from planner.exchange.sheets.plan_seats import EDITABLE, PERSON, START, TITLES, Taken, TakenRow, leaving, names_of
from planner.exchange.sheets.reading import Fault
from planner.exchange.sheets.values import moment_said, text_said
from planner.exchange.words import Words
from planner.translate.moments import Moments
from planner.translate.report import PlanReport, SeatRow

SEAT, PHASE = "seat:", "phase:"
MOST_OFFERS, LIKE_ENOUGH = 5, 60  # names offered for one that nobody has, and how alike they must be, in percent
YOURS, THEIRS = "sheet", "present"


class Told(NamedTuple):
    """What is said of a cell or a row of the sheet that is not taken; `code` finds the sentence."""

    ref: str
    code: str
    params: Mapping[str, Any] = {}


class NameAsked(NamedTuple):
    """A name that nobody has, or several have: who may be meant is offered, nobody is guessed."""

    ref: str
    seat: str
    typed: str
    offers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Comparison:
    """What a sheet brings to a plan: what merges by itself, what must be chosen, and what is not taken, and why."""

    merge: Merge
    told: tuple[Told, ...]
    names_asked: tuple[NameAsked, ...]
    labels: Mapping[str, str]
    names: Mapping[str, str]
    gone: int = 0
    taken_cells: tuple[CellMerge, ...] = field(default=())

    @property
    def is_nothing_new(self) -> bool:
        """Whether the plan has all of it already."""
        return not (self.merge.conflicts or self.taken_cells or self.names_asked)


class Reader:
    """Reads the rows of a sheet against what it left with; collects what it cannot take."""

    def __init__(
        self,
        report: PlanReport,
        moments: Moments,
        left: Mapping[str, Any] | None,
        found: Taken,
        *,
        may_edit: bool,
        names: Mapping[str, str],
    ) -> None:
        self.report, self.found, self.may_edit, self.chosen = report, found, may_edit, names
        self.left = left
        self.present = leaving(report, Words()).document
        self.ground = left or self.present
        self.seats = {row.seat_id: row for row in report.seats}
        self.names = names_of(report)
        self.starts = _starts(report, moments)
        self.told: list[Told] = []
        self.asked: list[NameAsked] = []

    def compare(self) -> Comparison:
        rows = [*self._seat_rows(), *self._phase_rows()]
        rows = [*self._allowed(rows)]
        base = _grid(self.left) if self.left is not None else None
        done = merge(base, rows, _grid(self.present))
        self._tell_rows(done)
        ours = tuple(cell for cell in done.cells_of(Verdict.SHEET))
        gone = sum(row.ident.startswith(SEAT) and row.sheet is None and row.present is not None for row in done.rows)
        return Comparison(
            merge=done,
            told=tuple(self.told),
            names_asked=tuple(self.asked),
            labels=self._labels(),
            names=self._all_names(),
            gone=gone,
            taken_cells=ours,
        )

    # -- rows

    def _seat_rows(self) -> Iterator[SheetRow]:
        for row in self.found.rows:
            if row.ident is None:
                self.told.append(Told(str(row.row + 1), "sheet_row_has_no_seat"))
                continue
            self._tell_still(row)
            values: dict[str, Any] = {}
            if PERSON in row.cells:
                self._person(row, values)
            yield SheetRow(row.row, SEAT + row.ident, values)

    def _person(self, row: TakenRow, values: dict[str, Any]) -> None:
        """Who shall hold the seat, where the cell says so without a doubt."""
        typed, ident = text_said(row.cells[PERSON]), row.ident or ""
        ref = self.found.ref(row.row, PERSON)
        left = self.ground["rows"].get(ident, {})
        if isinstance(typed, Fault):
            self.told.append(Told(ref, typed.code, {"shown": typed.shown}))
        elif typed is None or typed == text_said(left.get(PERSON)):
            values[PERSON] = self.ground["people"].get(ident) if typed is not None else None
        elif self.chosen.get(ident) in self.names:
            values[PERSON] = self.chosen[ident]
        else:
            meant = self._called(typed)
            if len(meant) == 1:
                values[PERSON] = meant[0]
            elif ident in self.seats and self.chosen.get(ident) is None:
                offers = meant or self._alike(typed)
                self.asked.append(NameAsked(ref, ident, typed, tuple((key, self.names[key]) for key in offers)))

    def _called(self, typed: str) -> list[str]:
        """Those who are called so, by the name alone or with the id beside it."""
        wanted = typed.casefold()
        exact = [key for key, name in self.names.items() if wanted in (name.casefold(), key.casefold())]
        if exact:
            return exact
        return [row.person_id for row in self.report.people if row.name.casefold() == wanted]

    def _alike(self, typed: str) -> list[str]:
        found = process.extract(
            typed, self.names, scorer=fuzz.WRatio, processor=utils.default_process, limit=MOST_OFFERS,
            score_cutoff=LIKE_ENOUGH,
        )  # fmt: skip
        return [key for _name, _score, key in found]

    def _tell_still(self, row: TakenRow) -> None:
        """Cells that are there to be read, and were changed."""
        left = self.ground["rows"].get(row.ident)
        if left is None or self.left is None:
            return
        for key, cell in row.cells.items():
            if key in EDITABLE:
                continue
            was = left.get(key)
            said = moment_said(cell) if key in ("from", "to") else text_said(cell)
            if said != (str(was) if was is not None else None) and text_said(was) != said:
                self.told.append(Told(self.found.ref(row.row, key), "sheet_cell_is_to_be_read", {"field": TITLES[key]}))

    def _phase_rows(self) -> Iterator[SheetRow]:
        """The start of each movable phase, of which every one of its seats has a row."""
        said: dict[str, dict[str | None, TakenRow]] = defaultdict(dict)
        for row in self.found.rows:
            phase = self.ground["phases"].get(row.ident)
            if phase is None or START not in row.cells:
                continue
            value = moment_said(row.cells[START])
            left = self.ground["rows"][row.ident][START]
            if isinstance(value, Fault):
                self.told.append(Told(self.found.ref(row.row, START), value.code, {"shown": value.shown}))
            elif value != left:
                said[phase][value] = row
            else:
                said.setdefault(phase, {})
        for phase, values in said.items():
            yield from self._phase_row(phase, values)

    def _phase_row(self, phase: str, values: Mapping[str | None, TakenRow]) -> Iterator[SheetRow]:
        ident = PHASE + phase
        left = _grid(self.ground).get(ident, {}).get(START)
        if len(values) > 1:
            for row in values.values():
                self.told.append(Told(self.found.ref(row.row, START), "sheet_phase_starts_twice"))
            return
        for value, row in values.items():
            if value not in self.starts.get(phase, {}):
                self.told.append(Told(self.found.ref(row.row, START), "sheet_phase_cannot_start_then"))
                return
            yield SheetRow(row.row, ident, {START: value})
            return
        yield SheetRow(self.found.head, ident, {START: left})

    # -- rights

    def _allowed(self, rows: list[SheetRow]) -> Iterator[SheetRow]:
        """The rows without what this reader may not change, and without what is agreed; each such cell is told."""
        base, present = _grid(self.ground), _grid(self.present)
        for row in rows:
            values = dict(row.values)
            for name, value in row.values.items():
                then, now = base.get(row.ident or "", {}).get(name), present.get(row.ident or "", {}).get(name)
                if value in (then, now):
                    continue
                code = "sheet_cell_needs_right" if not self.may_edit else self._agreed(row.ident or "")
                if code:
                    self.told.append(Told(self.found.ref(row.place, name), code, {"field": TITLES[name]}))
                    values[name] = then
            yield row._replace(values=values)

    def _agreed(self, ident: str) -> str:
        seat = self.seats.get(ident.removeprefix(SEAT)) if ident.startswith(SEAT) else None
        if seat is not None:
            return "sheet_seat_is_agreed" if seat.is_agreed else ""
        phase = ident.removeprefix(PHASE)
        is_agreed = any(row.is_agreed for row in self.report.seats if row.phase_id == phase)
        return "sheet_phase_is_agreed" if is_agreed else ""

    # -- what is said

    def _tell_rows(self, done: Merge) -> None:
        for row in done.unknown:
            self.told.append(Told(str(row.place + 1), "sheet_seat_is_not_known", {"seat": _key(row.ident)}))
        for row in done.doubled:
            self.told.append(Told(str(row.place + 1), "sheet_seat_stands_twice", {"seat": _key(row.ident)}))
        for gone in done.rows:
            if gone.sheet is not None and gone.present is None and gone.ident.startswith(SEAT):
                place = next((row.row for row in self.found.rows if SEAT + (row.ident or "") == gone.ident), 0)
                self.told.append(Told(str(place + 1), "sheet_seat_is_gone", {"seat": _key(gone.ident)}))

    def _labels(self) -> dict[str, str]:
        seats = {SEAT + key: _label(row) for key, row in self.seats.items()}
        phases = {PHASE + row.phase_id: f"{row.project} · {row.phase}" for row in self.report.seats}
        return seats | phases

    def _all_names(self) -> dict[str, str]:
        """The names of the plan's people, and of those whom only the sheet knew."""
        rows, people = self.ground["rows"], self.ground["people"]
        return {key: rows[seat][PERSON] or key for seat, key in people.items() if seat in rows} | self.names


def start_idx(report: PlanReport, moments: Moments, phase: str, said: str) -> int:
    """The period of the plan in which a phase starts on a day."""
    return _starts(report, moments)[phase][said]


def _starts(report: PlanReport, moments: Moments) -> dict[str, dict[str, int]]:
    """When each movable phase may start, as sheets say it."""
    return {
        team.phase_id: {
            moment_text(report, moments.of(idx)): idx for idx in range(team.earliest_idx, team.latest_idx + 1)
        }
        for team in report.teams
        if team.is_movable
    }


def moment_text(report: PlanReport, moment: datetime | None) -> str:
    """A period's beginning as it stands in a sheet that came back."""
    said = moment_said(first(report, moment))
    return said if isinstance(said, str) else ""


def _grid(document: Mapping[str, Any]) -> Grid:
    """What a document says of holders and of starts, as rows that are merged."""
    rows, people = document["rows"], document["people"]
    seats: dict[str, dict[str, Any]] = {SEAT + seat: {PERSON: people.get(seat)} for seat in rows}
    phases: dict[str, dict[str, Any]] = {
        PHASE + phase: {START: rows[seat][START]} for seat, phase in document["phases"].items()
    }
    return {**seats, **phases}


def _key(ident: str | None) -> str:
    return (ident or "").removeprefix(SEAT).removeprefix(PHASE)


def _label(row: SeatRow) -> str:
    return f"{row.project} · {row.phase} · {row.title or row.seat_id}"
