"""Merging two edits of one record: what the editor read, what they typed, and what somebody else saved meanwhile."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import FieldList, FormField, SelectMultipleField

from planner.forms.asking import AskingForm, Rows, Sent, said_by, sent_by

CHOICE = "choose:"  # in front of a cell's name, in the form that asks which of two shall stand
YOURS, THEIRS, BOTH = "yours", "theirs", "both"
Words = Callable[[Any], str]


@dataclass(frozen=True)
class Said:
    """What a form says at one place: to be compared, to be read by people, and as a browser sends it."""

    value: Any = None
    field: Any = None
    sent: tuple[str, ...] = ()


NOTHING = Said()
Row = Mapping[str, Said]


@dataclass(frozen=True)
class Cell:
    """One place of a record that was changed, in words; `outcome` is whose change stands, None where it is asked."""

    name: str
    label: str
    then: str
    yours: str
    theirs: str
    outcome: str | None

    @property
    def choice(self) -> str:
        """What the form calls the choice."""
        return CHOICE + self.name


@dataclass
class Merge:
    """Three ways to say a record, cell by cell. Without `then` (it was not carried) whatever differs is asked.

    Rows of a list are the same row where their keys are; a row that one side has taken out is a change of the row.
    `words` says what a field says, `chosen` is what was chosen by the names of the cells.
    """

    then: AskingForm | None
    yours: AskingForm
    theirs: AskingForm
    words: Words
    chosen: Mapping[str, str]

    @cached_property
    def cells(self) -> list[Cell]:
        """Whatever was changed, in the order of the form."""
        return [cell for name in self._names for cell in self._cells_of(name)]

    @property
    def conflicts(self) -> list[Cell]:
        """What was changed on both sides, each in its own way."""
        return [cell for cell in self.cells if cell.outcome is None]

    @property
    def merged(self) -> list[Cell]:
        """What merges by itself."""
        return [cell for cell in self.cells if cell.outcome is not None]

    @property
    def unanswered(self) -> list[Cell]:
        """The conflicts for which nothing was chosen yet."""
        return [cell for cell in self.conflicts if self.choice_of(cell) is None]

    @property
    def is_plain(self) -> bool:
        """Whether nothing needs to be asked: something of yours is new, and nobody else touched that place."""
        outcomes = {cell.outcome for cell in self.cells}
        return YOURS in outcomes and not outcomes & {None, BOTH}

    def choice_of(self, cell: Cell) -> str | None:
        """Which side was chosen for a cell."""
        chosen = self.chosen.get(cell.choice) or self.chosen.get("all")
        return chosen if chosen in (YOURS, THEIRS) else None

    def settled(self) -> Sent:
        """The merged record, as a browser would send it; where nothing was chosen, what was typed."""
        out: Sent = []
        for name in self._names:
            if isinstance(self.yours[name], Rows):
                for n, row in enumerate(self._rows_settled(name)):
                    out += [(f"{name}-{n}-{part}", text) for part, said in row.items() for text in said.sent]
            else:
                out += self._plain_settled(name)
        return out

    @cached_property
    def _names(self) -> list[str]:
        return [one.short_name for one in self.yours if one.short_name in self.yours.schema.model_fields]

    def _plain_settled(self, name: str) -> Sent:
        sides = {YOURS: _parts(self.yours[name]), THEIRS: _parts(self.theirs[name])}
        whose = {cell.name: self._winner(cell) for cell in self._cells_of(name)}
        return [(part, text) for part in sides[YOURS] for text in sides[whose.get(part, YOURS)].get(part, NOTHING).sent]

    def _rows_settled(self, name: str) -> Iterator[Row]:
        yours, theirs = _rows(self.yours[name]), _rows(self.theirs[name])
        whose = {cell.name: self._winner(cell) for cell in self._cells_of(name)}
        for key in [*theirs, *(key for key in yours if key not in theirs)]:
            mine, other = yours.get(key), theirs.get(key)
            place = f"{name}.{key}"
            if mine is None or other is None:
                kept = mine if whose.get(place, YOURS) == YOURS else other
                if kept is not None:
                    yield kept
            else:
                yield {part: (mine if whose.get(f"{place}.{part}", YOURS) == YOURS else other)[part] for part in mine}

    def _winner(self, cell: Cell) -> str:
        outcome = cell.outcome or self.choice_of(cell) or YOURS
        return YOURS if outcome == BOTH else outcome

    def _cells_of(self, name: str) -> Iterator[Cell]:
        asked = self.yours[name]
        if isinstance(asked, Rows):
            yield from self._cells_of_rows(name, str(asked.label.text))
            return
        mine, other = _parts(asked), _parts(self.theirs[name])
        first = _parts(self.then[name]) if self.then is not None else None
        for part, said in mine.items():
            is_whole = said.field is asked
            label = str(asked.label.text) if is_whole else f"{asked.label.text} · {said.field.label.text}"
            was = first.get(part, NOTHING) if first is not None else None
            yield from self._compared(part, label, was, said, other.get(part, NOTHING))

    def _cells_of_rows(self, name: str, title: str) -> Iterator[Cell]:
        yours, theirs = _rows(self.yours[name]), _rows(self.theirs[name])
        first = _rows(self.then[name]) if self.then is not None else None
        for key in dict.fromkeys((*(first or ()), *theirs, *yours)):
            mine, other = yours.get(key), theirs.get(key)
            before = first.get(key) if first is not None else None
            label, place = f"{title} · {self._name_of(mine or other or before or {})}", f"{name}.{key}"
            if mine is None or other is None:
                whole = [_whole(row) for row in (before, mine, other)]
                yield from self._compared(place, label, whole[0] if first is not None else None, *whole[1:])
                continue
            for part, said in mine.items():
                was = None if first is None else (before or {}).get(part, NOTHING)
                yield from self._compared(
                    f"{place}.{part}", f"{label} · {said.field.label.text}", was, said, other.get(part, NOTHING)
                )

    def _compared(self, name: str, label: str, then: Said | None, yours: Said, theirs: Said) -> Iterator[Cell]:
        """The cell at a place, where anything of it was changed."""
        if yours.value == theirs.value:
            if then is None or then.value == yours.value:
                return
            outcome: str | None = BOTH
        elif then is None:
            outcome = None
        else:
            outcome = THEIRS if yours.value == then.value else YOURS if theirs.value == then.value else None
        before = self._shown(then or NOTHING)
        yield Cell(name, label, before, self._shown(yours), self._shown(theirs), outcome)

    def _shown(self, said: Said) -> str:
        """What is said at a place, in words; of a row, whatever it says."""
        if not isinstance(said.field, dict):
            return self.words(said.field) if said.field is not None else _("nothing")
        known = [part.field for part in said.field.values() if part.value is not None]
        return ", ".join(f"{field.label.text}: {self.words(field)}" for field in known)

    def _name_of(self, row: Row) -> str:
        """What a row is called: what its first field says."""
        first = next(iter(row.values()), NOTHING)
        return self._shown(first)


def merge_of(form: AskingForm, words: Words, chosen: Mapping[str, str]) -> Merge:
    """The three ways to say the record of a form that was sent on a version that is no longer there."""
    read, now = form.read(), form.present()
    is_known = read is not None and read.version == form.read_version and bool(read.sent)
    then = _as_sent(form, read.sent) if read is not None and is_known else None
    return Merge(then, form, _as_sent(form, now.sent()), words, chosen)


def typed_again(args: MultiDict[str, str]) -> Sent:
    """What was typed at first, for the page that merges to carry on; the choices are that page's own."""
    own = ("version", "csrf_token", "merge", "all", "edit_again")
    return [(name, value) for name, value in args.items(multi=True) if name not in own and not name.startswith(CHOICE)]


def _as_sent(form: AskingForm, sent: Sent) -> AskingForm:
    """A form of the same kind that was sent with this, so that all three are understood in the same way."""
    obj, data = form.filled_from or (None, None)
    other = type(form)(formdata=None)
    other.process(MultiDict(sent), obj, data)
    return other


def _parts(asked: Any) -> dict[str, Said]:
    """The places of a field: itself, or those of what stands within it, by their names."""
    if isinstance(asked, FormField):
        return {name: said for inner in asked.form for name, said in _parts(inner).items()}
    if isinstance(asked, FieldList):
        return {one.name: _said(one) for one in asked.entries}
    return {asked.name: _said(asked)}


def _rows(asked: Any) -> dict[str, Row]:
    """The rows of a list by their keys; one whose first field is empty was not said."""
    seen: Counter[str] = Counter()
    found: dict[str, Row] = {}
    for entry in asked.entries:
        row = {one.short_name: _said(one) for one in entry.form if one.short_name != "csrf_token"}
        lead = next(iter(row))
        if row[lead].value is None:
            continue
        key = json.dumps([row[name].value for name in entry.form.keys or (lead,)], default=str, ensure_ascii=False)
        seen[key] += 1
        found[f"{key}{seen[key]}"] = row
    return found


def _said(asked: Any) -> Said:
    value = said_by(asked)
    if isinstance(asked, SelectMultipleField) and value is not None:
        value = sorted(value)  # ticks have no order
    return Said(value, asked, tuple(text for _name, text in sent_by(asked)))


def _whole(row: Row | None) -> Said:
    """A row as one value; what was taken out says nothing."""
    return Said([(name, said.value) for name, said in row.items()], dict(row)) if row is not None else NOTHING
