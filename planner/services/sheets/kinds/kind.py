"""What every kind of table has: its columns, the rows that are there, how a row is judged, and how it is written."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pydantic import BaseModel
from sqlalchemy.orm import Session

from planner import access
from planner.models import User, fold
from planner.services.refused import Refused
from planner.services.sheets.columns import NEW, Column, Fault, Reading, Unreadable
from planner.services.sheets.world import World


@dataclass(slots=True)
class Present:
    """A row that is there: its id, its version, how it is called, and all that the schema says of it."""

    id: int
    version: int
    title: str
    said: dict[str, Any]
    key: str = ""
    owner_id: int | None = None


@dataclass(slots=True)
class Item:
    """A row to be written: what it is now, if it is there, and what was said of it, by the schema's law.

    Once written it knows its id and version, and in `made` every row that was added for it: table, id, version.
    """

    number: int
    present: Present | None
    said: Any
    cells: dict[str, Any]
    id: int = 0
    version: int = 0
    before: dict[str, Any] = field(default_factory=dict)
    made: list[tuple[str, int, int]] = field(default_factory=list)


class Kind(ABC):
    """A table that can come by sheet.

    `noun` is the noun of its rows in `access`, `action` what somebody must be allowed to do to import at all. `keys`
    are the columns by which a row is recognised, in this order.
    """

    name: ClassVar[str]
    en: ClassVar[str]
    fr: ClassVar[str]
    noun: ClassVar[str]
    action: ClassVar[str]
    see: ClassVar[str]
    model: ClassVar[type]
    schema: ClassVar[type[BaseModel]]
    columns: ClassVar[tuple[Column, ...]]
    keys: ClassVar[tuple[str, ...]] = ("id",)
    currency_column: ClassVar[str] = ""
    is_rehearsed: ClassVar[bool] = True

    def title(self, language: str) -> str:
        """What the table is called."""
        return self.fr if language == "fr" else self.en

    def more_columns(self, world: World) -> tuple[Column, ...]:
        """The columns that the workspace adds, such as one for each skill."""
        return ()

    def all_columns(self, world: World) -> dict[str, Column]:
        """Every column, by name."""
        if self.name not in world.columns:
            every = (*self.columns, *self.more_columns(world))
            world.columns[self.name] = {column.name: column for column in every}
        return world.columns[self.name]

    def written_columns(self, world: World) -> list[Column]:
        """The columns that a sheet of ours has: all but the id, which the sheet writes by itself."""
        return [column for column in self.columns if column.reading is not Reading.ID]

    @abstractmethod
    def present(self, world: World) -> dict[int, Present]:
        """The rows that are there."""

    @abstractmethod
    def put(self, session: Session, world: World, item: Item, by: User) -> Any:
        """Adds or edits one row by its verb. Raises Refused and Stale."""

    def value(self, present: Present, column: Column) -> Any:
        """What a row says now under a column."""
        return present.said.get(column.field)

    def payload(self, world: World, present: Present | None, cells: Mapping[str, Any]) -> dict[str, Any]:
        """What the schema is to judge: the row as it is, with what the cells say."""
        said = dict(present.said) if present is not None else {}
        columns = self.all_columns(world)
        said.update({columns[name].field: value for name, value in cells.items() if name != "id"})
        return {name: value for name, value in said.items() if value is not None}

    def settled(self, world: World, said: Any, cells: Mapping[str, Any]) -> dict[str, Any]:
        """The cells' values as the row will hold them, trimmed and put into order by the schema."""
        columns = self.all_columns(world)
        plain = (Reading.TEXT, Reading.LIST, Reading.LANGUAGES, Reading.SCORE)
        return {
            name: getattr(said, columns[name].field, value) if columns[name].reading in plain else value
            for name, value in cells.items()
        }

    def judge(self, world: World, present: Present | None, said: Any, cells: Mapping[str, Any]) -> Iterator[Fault]:
        """What the rest of the world does not allow, as far as no verb need be asked."""
        return iter(())

    def identity(self, world: World, cells: Mapping[str, Any]) -> str:
        """A text that no other row of the sheet may have; nothing where the row has no name of its own."""
        return fold(str(cells.get("name") or ""))

    def matcher(self, world: World, present: Mapping[int, Present]) -> Matcher:
        """How a row of the sheet finds the row that it is about."""
        return Matcher(self, present, self.finders(world, present))

    def finders(self, world: World, present: Mapping[int, Present]) -> dict[str, dict[str, list[int]]]:
        """For each key but the id, the rows by the folded text of that column."""
        found: dict[str, dict[str, list[int]]] = {}
        for name in self.keys[1:]:
            rows = found.setdefault(name, {})
            for ident, row in present.items():
                text = fold(str(row.said.get(name) or ""))
                if text:
                    rows.setdefault(text, []).append(ident)
        return found

    def may_add(self, by: User, said: Any) -> bool:
        """Whether somebody may add such a row."""
        return access.allowed(by, f"{self.noun}.add")

    def may_edit(self, by: User, present: Present) -> bool:
        """Whether somebody may edit a row."""
        return self._may(by, "edit", present)

    def may_remove(self, by: User, present: Present) -> bool:
        """Whether somebody may remove a row."""
        return self._may(by, "remove", present)

    def _may(self, by: User, verb: str, present: Present) -> bool:
        action = f"{self.noun}.{verb}"
        is_own = present.owner_id is not None and present.owner_id == by.id
        return access.reaches_any(by, action) or (is_own and access.allowed(by, action))

    def across(self, world: World, items: Sequence[Item]) -> Iterator[tuple[int, Fault]]:
        """What is wrong between the rows of a sheet, each with the number of the row."""
        return iter(())

    def write(self, session: Session, world: World, items: Sequence[Item], by: User) -> None:
        """Adds and edits rows, all of them. Raises Refused and Stale."""
        for item in items:
            row = self.put(session, world, item, by)
            session.flush()
            item.id, item.version = row.id, row.version
            if item.present is None and not item.made:
                item.made = [(row.__tablename__, row.id, row.version)]

    def rehearse(self, session: Session, world: World, items: Sequence[Item], by: User) -> Iterator[tuple[int, Fault]]:
        """What the verbs refuse, each with the number of its row; nothing stays written."""
        with session.begin_nested() as whole:
            for item in items:
                part = session.begin_nested()
                try:
                    self.put(session, world, item, by)
                    session.flush()
                    part.commit()
                except Refused as refused:
                    part.rollback()
                    yield item.number, self.fault_of(refused, item)
            whole.rollback()
        session.expire_all()

    def fault_of(self, refused: Refused, item: Item) -> Fault:
        """A verb's refusal as a fault of a cell."""
        place = tuple(int(part) if part.isdecimal() else part for part in (refused.field or "").split(".") if part)
        return Fault(self.column_at(place, item.said, item.cells), refused.code, refused.params)

    def column_at(self, place: Iterable[int | str], said: Any, cells: Mapping[str, Any]) -> str:
        """The column that a place in the schema comes from; nothing where the sheet has none."""
        parts = list(place)
        name = str(parts[0]) if parts else ""
        by_field = {column.field: column.name for column in self.columns}
        column = by_field.get(name, "")
        return column if column in cells else self._column_below(parts, said, cells) or column

    def _column_below(self, parts: Sequence[int | str], said: Any, cells: Mapping[str, Any]) -> str:
        """For a row of a list (the third skill) the column of that row's own."""
        if len(parts) < 2 or not isinstance(parts[1], int):
            return ""
        rows = said.get(parts[0], []) if isinstance(said, dict) else getattr(said, str(parts[0]), [])
        row = rows[parts[1]] if parts[1] < len(rows) else {}
        of = {"skills": "skill", "styles": "style"}.get(str(parts[0]), "")
        ident = row.get(f"{of}_id") if isinstance(row, dict) else getattr(row, f"{of}_id", None)
        return f"{of}:{ident}" if f"{of}:{ident}" in cells else ""


class Matcher:
    """Finds the row that a row of a sheet is about: by its id, or by the first of the keys that is known here."""

    def __init__(self, kind: Kind, present: Mapping[int, Present], finders: Mapping[str, dict[str, list[int]]]) -> None:
        self.present, self.finders = present, finders
        self.by_id = {fold(row.key or str(ident)): ident for ident, row in present.items()}
        self.by_id |= {str(ident): ident for ident in present if str(ident) not in self.by_id}

    def find(self, cells: Mapping[str, Any]) -> int | None:
        """The id of the row that is there; None for a new one. Raises Unmatched."""
        said = fold(str(cells.get("id") or "")).strip()
        if said in NEW:
            return None
        if said:
            if said not in self.by_id:
                raise Unmatched("id", "id_not_known", text=said)
            return self.by_id[said]
        for name, rows in self.finders.items():
            found = rows.get(fold(str(cells.get(name) or "")), [])
            if len(found) > 1:
                raise Unmatched(name, "row_matches_several", num=len(found))
            if found:
                self._require_same(name, found[0], cells)
                return found[0]
        return None

    def _require_same(self, name: str, ident: int, cells: Mapping[str, Any]) -> None:
        """Somebody of the same name with another address is perhaps somebody else: the sheet must say."""
        if name != "name" or "email" not in self.finders:
            return
        here, there = fold(str(cells.get("email") or "")), fold(str(self.present[ident].said.get("email") or ""))
        if here and there and here != there:
            raise Unmatched("name", "name_with_other_email", id=self.present[ident].key)


class Unmatched(Unreadable):
    """A row that could be about several rows, or about one that is not there."""

    def __init__(self, column: str, code: str, **params: Any) -> None:
        super().__init__(code, **params)
        self.column = column
