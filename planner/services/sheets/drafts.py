"""Sheets on their way in: kept as drafts, with the columns guessed as their maker read the last sheet like them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, undefer

from planner.exchange.sheets import reading
from planner.exchange.sheets.limits import Unreadable as UnreadableFile
from planner.exchange.sheets.reading import Book
from planner.models import ImportDraft, ImportMapping, ImportState, User, now
from planner.services.editing import require_version
from planner.services.refused import Refused
from planner.services.sheets import mapping
from planner.services.sheets.columns import Column
from planner.services.sheets.findings import packed, unpacked
from planner.services.sheets.kinds import KINDS, Kind
from planner.services.sheets.parsing import Cell, text_of
from planner.services.sheets.preview import FAULT
from planner.services.sheets.world import World

NAME_LONGEST = 200


def read_file(data: bytes, name: str) -> Book:
    """The sheets of a file. It may take seconds, so no lock should be held meanwhile. Raises Refused."""
    try:
        return reading.read_workbook(data, name)
    except UnreadableFile as error:
        raise Refused(error.code, field="file", **{**error.params, "place": "file"}) from error


def read_pasted(text: str) -> Book:
    """The cells of a text that was copied in a spreadsheet. Raises Refused."""
    try:
        return reading.read_pasted(text)
    except UnreadableFile as error:
        raise Refused(error.code, field="text", **{**error.params, "place": "text"}) from error


def book_of(rows: Sequence[Sequence[Any]]) -> Book:
    """Rows that came as JSON, as a file would bring them. Raises Refused where there are none."""
    if not any(cell not in (None, "") for row in rows for cell in row):
        raise Refused("sheet_is_empty", field="rows")
    return Book("json", (reading.Sheet("", [[*row] for row in rows]),))


def keep(
    session: Session, kind: Kind, book: Book, *, name: str, by: User, language: str, sheet: str = ""
) -> ImportDraft:
    """Keeps a file as a draft, read by the sheet that is named, else by the one that has most of the columns.

    Drafts that are over go. Raises Refused where there is no sheet of the name.
    """
    expire(session)
    columns = kind.all_columns(World(session, language))
    sheets = [_table(one, columns) for one in book.sheets if one.rows]
    draft = ImportDraft(user_id=by.id, kind=kind.name, copy_code=book.code or "", is_clearing=bool(book.code))
    session.add(draft)
    at = _sheet_at(sheets, sheet, columns)
    if book.code:  # the other sheets of an export only explain it
        sheets, at = [sheets[at]], 0
    _read_by(session, draft, {"file": name, "sheets": sheets}, at, by, columns)
    return draft


def pick_sheet(
    session: Session, draft: ImportDraft, number: int, version: int | None, *, by: User, language: str
) -> None:
    """Reads a draft by another sheet of its file; what was said of the one before goes. Raises Stale, Refused."""
    require_version(draft, version)
    require_open(draft)
    kept = _kept_of(session, draft)
    if number not in range(len(kept["sheets"])):
        raise Refused("sheet_is_not_there", field="sheet", names=_names(kept["sheets"]))
    _read_by(session, draft, kept, number, by, kind_of(draft).all_columns(World(session, language)))


def map_columns(
    session: Session, draft: ImportDraft, chosen: Sequence[str], version: int | None, *, is_clearing: bool, by: User
) -> None:
    """Says which column means what, for this sheet and for the next with the same headings. Raises Stale, Refused."""
    require_version(draft, version)
    require_open(draft)
    header = header_of(session, draft)
    chosen = [*chosen, *[""] * len(header)][: len(header)]
    known = kind_of(draft).all_columns(World(session, "en"))
    strange = next((n for n, name in enumerate(chosen) if name and name not in known), None)
    if strange is not None:
        raise Refused("column_is_not_known", field=f"columns.{strange}", name=chosen[strange])
    twice = next((n for n, name in enumerate(chosen) if name and name in chosen[:n]), None)
    if twice is not None:
        raise Refused("column_is_mapped_twice", field=f"columns.{twice}")
    if not any(chosen):
        raise Refused("no_column_is_mapped", field="columns.0")
    draft.mapping, draft.is_clearing, draft.choices = list(chosen), is_clearing, {}
    draft.findings = None
    _remember(session, draft.kind, header, chosen, by)
    session.flush()


def choose(session: Session, draft: ImportDraft, choices: dict[str, Any], version: int | None) -> None:
    """Takes the choices that were made: whose value holds, which rows go, whether refused rows are left out."""
    require_version(draft, version)
    require_open(draft)
    draft.choices = {**draft.choices, **choices}
    session.flush()


def drop(session: Session, draft: ImportDraft) -> None:
    """Forgets a sheet that was not imported."""
    require_open(draft)
    session.delete(draft)
    session.flush()


def require_open(draft: ImportDraft) -> None:
    """Raises Refused where the sheet was imported already."""
    if draft.state is not ImportState.DRAFT:
        raise Refused("import_is_over")


def content_of(session: Session, draft: ImportDraft) -> dict[str, Any]:
    """The headings and the numbered rows of the sheet that a draft is read by."""
    kept = _kept_of(session, draft)
    content: dict[str, Any] = kept["sheets"][kept["at"]]
    return content


def sheets_of(session: Session, draft: ImportDraft) -> tuple[list[str], int]:
    """The names of the sheets of a draft's file, and which of them it is read by."""
    kept = _kept_of(session, draft)
    return [sheet["name"] for sheet in kept["sheets"]], kept["at"]


def header_of(session: Session, draft: ImportDraft) -> list[str]:
    """The headings of a draft, as they stand in the file."""
    header: list[str] = content_of(session, draft)["header"]
    return header


def imported_before(session: Session, draft: ImportDraft) -> ImportDraft | None:
    """The last import of the very same cells, if somebody has made one that still holds."""
    same = (ImportDraft.digest == draft.digest, ImportDraft.state == ImportState.IMPORTED)
    return session.scalars(select(ImportDraft).where(*same).order_by(ImportDraft.id.desc()).limit(1)).one_or_none()


def drafts_of(session: Session, user: User, *, most: int = 20) -> list[ImportDraft]:
    """A user's last imports, the newest first."""
    mine = select(ImportDraft).where(ImportDraft.user_id == user.id, ImportDraft.expires_at > now())
    return list(session.scalars(mine.order_by(ImportDraft.id.desc()).limit(most)))


def expire(session: Session) -> None:
    """Forgets what is over: cells, findings and what undoing needs."""
    session.execute(delete(ImportDraft).where(ImportDraft.expires_at <= now()))


def kind_of(draft: ImportDraft) -> Kind:
    """The kind of table that a draft is of."""
    return KINDS[draft.kind]


def _table(sheet: reading.Sheet, columns: Mapping[str, Column]) -> dict[str, Any]:
    """A sheet as a draft keeps it: its headings, and the rows below with their numbers in the file."""
    at = mapping.header_at(sheet.rows, columns)
    header, below = [text_of(_plain(cell)) for cell in sheet.rows[at]], sheet.rows[at + 1 :]
    width = max((n + 1 for n, text in enumerate(header) if text), default=0)
    width = max([width, *(_width(row) for row in below)])
    header = [*header[:width], *[""] * (width - len(header))]
    cells = [[at + 2 + n, [_kept(cell) for cell in row[:width]]] for n, row in enumerate(below) if _width(row)]
    return {"name": sheet.name, "header": header, "rows": cells}


def _sheet_at(sheets: Sequence[Mapping[str, Any]], name: str, columns: Mapping[str, Column]) -> int:
    """Which sheet is read: the one of the name; where none is said, the one that has most of the columns."""
    if not name:
        hits = [sum(bool(found) for found in mapping.guess(sheet["header"], columns)) for sheet in sheets]
        return hits.index(max(hits))
    found = next((n for n, sheet in enumerate(sheets) if sheet["name"].casefold() == name.casefold()), None)
    if found is None:
        raise Refused("sheet_is_not_there", field="sheet", names=_names(sheets))
    return found


def _names(sheets: Sequence[Mapping[str, Any]]) -> str:
    return ", ".join(f"“{sheet['name']}”" for sheet in sheets)


def _read_by(
    session: Session, draft: ImportDraft, kept: Mapping[str, Any], at: int, by: User, columns: Mapping[str, Column]
) -> None:
    """Takes one sheet of the file for the draft's own: its columns are guessed, nothing of it was looked at yet."""
    sheet, kind = kept["sheets"][at], kind_of(draft)
    own = packed([sheet["header"], sheet["rows"]])
    title = f"{kept['file']}, {sheet['name']}" if len(kept["sheets"]) > 1 else kept["file"]
    draft.name = title[:NAME_LONGEST]
    draft.digest = hashlib.sha256(kind.name.encode() + own).hexdigest()
    known = [name if name in columns else "" for name in _remembered(session, kind, sheet["header"], by)]
    draft.mapping = known if any(known) else mapping.guess(sheet["header"], columns)
    draft.choices, draft.counts, draft.findings = {}, {}, None
    draft.cells = packed({**kept, "at": at})
    session.flush()


def _kept_of(session: Session, draft: ImportDraft) -> dict[str, Any]:
    found = session.scalars(
        select(ImportDraft).where(ImportDraft.id == draft.id).options(undefer(ImportDraft.cells))
    ).one()
    if found.cells is None:
        raise Refused("import_is_over")
    kept: dict[str, Any] = unpacked(found.cells)
    return kept


def _plain(cell: Any) -> Cell:
    return None if isinstance(cell, tuple) else cell


def _kept(cell: Any) -> Any:
    return {FAULT: [cell.code, cell.shown]} if isinstance(cell, reading.Fault) else cell


def _width(row: Sequence[Any]) -> int:
    return max((n + 1 for n, cell in enumerate(row) if cell not in (None, "")), default=0)


def _remembered(session: Session, kind: Kind, header: Sequence[str], by: User) -> list[str]:
    """How this user read the last sheet with these headings, put into the order of this one."""
    found = session.scalars(_memory(kind.name, header, by)).one_or_none()
    if found is None:
        return []
    by_heading = dict(zip(found.mapping[::2], found.mapping[1::2], strict=True))
    return [by_heading.get(mapping.plain(text), "") for text in header]


def _remember(session: Session, kind: str, header: Sequence[str], chosen: Sequence[str], by: User) -> None:
    pairs = [part for text, name in zip(header, chosen, strict=True) for part in (mapping.plain(text), name)]
    found = session.scalars(_memory(kind, header, by)).one_or_none()
    if found is None:
        found = ImportMapping(user_id=by.id, kind=kind, signature=mapping.signature(header))
        session.add(found)
    found.mapping = pairs


def _memory(kind: str, header: Sequence[str], by: User) -> Any:
    return select(ImportMapping).where(
        ImportMapping.user_id == by.id,
        ImportMapping.kind == kind,
        ImportMapping.signature == mapping.signature(header),
    )
