"""Undoing an import as one step: what it added goes, what it changed is as before, what it removed is back.

What somebody has changed since stays as it is now, cell by cell, and is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from planner.models import Base, ImportDraft, ImportState, Removal, User, now
from planner.services import removal
from planner.services.editing import require_version
from planner.services.refused import Refused
from planner.services.sheets.drafts import kind_of
from planner.services.sheets.findings import packed, unpacked
from planner.services.sheets.kinds import Item, Kind, Present
from planner.services.sheets.world import World


@dataclass
class Stayed:
    """What undoing leaves as it is: a cell that was changed since, or a row that is in use or gone."""

    title: str
    code: str
    column: str = ""
    imported: Any = None
    now: Any = None


@dataclass
class Undoing:
    """What undoing would do, or has done."""

    items: list[Item] = field(default_factory=list)
    added: dict[str, list[int]] = field(default_factory=dict)
    removed: list[int] = field(default_factory=list)
    stayed: list[Stayed] = field(default_factory=list)

    @property
    def num_added(self) -> int:
        """How many rows go."""
        return sum(map(len, self.added.values()))


def plan(session: Session, draft: ImportDraft, *, language: str) -> Undoing:
    """What undoing an import would do now. Raises Refused where there is nothing to undo."""
    if draft.state is not ImportState.IMPORTED:
        raise Refused("import_is_undone" if draft.state is ImportState.UNDONE else "import_is_no_import")
    images = _images(session, draft)
    kind, world = kind_of(draft), World(session, language)
    present = kind.present(world)
    undoing = Undoing(removed=list(images["removed"]))
    _plan_added(session, images["added"], undoing)
    for n, (ident, version, before, cells) in enumerate(images["changed"]):
        if ident not in present:
            undoing.stayed.append(Stayed(f"#{ident}", "undo_row_is_gone"))
            continue
        row = present[ident]
        item = _whole(n, kind, row, before) if row.version == version else _cells(n, kind, world, row, cells, undoing)
        if item is not None:
            undoing.items.append(item)
    return undoing


def undo(session: Session, draft: ImportDraft, version: int | None, *, by: User, language: str) -> Undoing:
    """Undoes an import. Raises Stale, and Refused where it was undone, or where a row cannot be as it was."""
    require_version(draft, version)
    undoing = plan(session, draft, language=language)
    kind = kind_of(draft)
    kind.write(session, World(session, language), undoing.items, by)
    for table in Base.metadata.sorted_tables:
        _remove_added(session, table, undoing.added.get(table.name, ()), draft, by)
    for ident in reversed(undoing.removed):
        found = session.get(Removal, ident)
        if found is not None and found.restored_at is None:
            removal.restore(session, found)
    draft.state, draft.undone_at = ImportState.UNDONE, now()
    draft.images, draft.findings = packed({"stayed": [_told(one) for one in undoing.stayed]}), None
    draft.counts = draft.counts | {
        "undone": len(undoing.items) + undoing.num_added + len(undoing.removed),
        "stayed": len(undoing.stayed),
    }
    session.flush()
    return undoing


def stayed_of(session: Session, draft: ImportDraft) -> list[Stayed]:
    """What undoing has left as it was."""
    images = _images(session, draft)
    return [Stayed(*row) for row in images.get("stayed", ())]


def _told(one: Stayed) -> list[Any]:
    return [one.title, one.code, one.column, one.imported, one.now]


def _images(session: Session, draft: ImportDraft) -> dict[str, Any]:
    kept = session.scalars(
        select(ImportDraft).where(ImportDraft.id == draft.id).options(undefer(ImportDraft.images))
    ).one()
    images: dict[str, Any] = unpacked(kept.images) if kept.images is not None else {"stayed": []}
    return images


def _plan_added(session: Session, added: Sequence[Sequence[Any]], undoing: Undoing) -> None:
    """Rows that were added go, unless somebody has edited them since, or something hangs on them."""
    by_table: dict[str, dict[int, int]] = {}
    for name, ident, version in added:
        by_table.setdefault(name, {})[ident] = version
    for name, versions in by_table.items():
        table = Base.metadata.tables[name]
        title: Any = table.c.get("name", table.c.get("title", table.c.id))
        stamp: Any = table.c.get(
            "version", table.c.get("level")
        )  # a level without a version is as it was while it is so
        found = select(table.c.id, stamp.label("version"), title.label("title")).where(table.c.id.in_(versions))
        there = {row.id: row for row in session.execute(found)}
        used = removal.used_elsewhere(session, table, list(there), by_table)
        for ident, row in there.items():
            code = "undo_row_has_changed" if row.version != versions[ident] else "undo_row_is_used"
            if row.version != versions[ident] or ident in used:
                undoing.stayed.append(Stayed(str(row.title), code))
            else:
                undoing.added.setdefault(name, []).append(ident)


def _whole(number: int, kind: Kind, row: Present, before: Mapping[str, Any]) -> Item | None:
    """The row as it was: nobody has touched it since."""
    said = {name: value for name, value in before.items() if value is not None}
    return Item(number, row, kind.schema.model_validate(said), {}, row.id)


def _cells(
    number: int, kind: Kind, world: World, row: Present, cells: Mapping[str, Sequence[Any]], undoing: Undoing
) -> Item | None:
    """The cells that still say what was imported, as they were; what was changed since is told."""
    columns, back = kind.all_columns(world), {}
    for name, (was, becomes) in cells.items():
        if name not in columns:
            continue
        present = kind.value(row, columns[name])
        if present == becomes:
            back[name] = was
        elif present != was:
            undoing.stayed.append(Stayed(row.title, "undo_cell_has_changed", name, becomes, present))
    if not back:
        return None
    try:
        said = kind.schema.model_validate(kind.payload(world, row, back))
    except ValidationError:  # what was there before does not go with what was changed since
        undoing.stayed.append(Stayed(row.title, "undo_row_has_changed"))
        return None
    return Item(number, row, said, back, row.id)


def _remove_added(session: Session, table: Any, ids: Sequence[int], draft: ImportDraft, by: User) -> None:
    """What was added goes as one removal; a row that went with its parent is gone already."""
    left = session.scalars(select(table.c.id).where(table.c.id.in_(ids))).all() if ids else ()
    if left:
        removal.remove_all(session, table, left, title=draft.name or draft.kind, by_id=by.id)
