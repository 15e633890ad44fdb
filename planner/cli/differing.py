"""The command `planner diff`: what makes one file of another, in words; without the web or a database."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, NoReturn

import click

from planner.cli.files import FILE, NOT_VALID, echo, read_document

SAME, DIFFERENT = 0, 1
KEYS = ("id", "seat", "phase", "skill", "style", "key", "name")  # what a row of a document is called by
NOT_THE_PLAN = ("seconds", "trace", "plan")  # how a plan was found, and its number: another run of the same plan
MOST_LINES = 1_000
Place = tuple[str, ...]


@click.command("diff")
@click.argument("one", metavar="A", type=FILE)
@click.argument("other", metavar="B", type=FILE)
def diff_command(one: Path, other: Path) -> None:
    """Say in words what makes B of A: two sheets (XLSX, XLS, ODS, CSV), two plans or two problems (JSON).

    Rows are matched by their id, wherever they stand; columns by their title. Exit status: 0 both say the same;
    1 they differ; 2 a file cannot be read, or the two are not of one kind.
    """
    kinds = _is_json(one), _is_json(other)
    if kinds[0] != kinds[1]:
        _refuse("One is a JSON document, the other a sheet: they cannot be compared.")
    lines = _documents(one, other) if kinds[0] else _sheets(one, other)
    shown = list(islice(lines, MOST_LINES + 1))
    for line in shown[:MOST_LINES]:
        echo(line)
    if len(shown) > MOST_LINES:
        echo(f"… and more: only the first {MOST_LINES} differences are shown.")
    if not shown:
        echo("Both say the same.")
    sys.exit(DIFFERENT if shown else SAME)


def _is_json(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(256).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    except OSError as error:
        _refuse(f"{path}: it cannot be read: {error.strerror or error}")


def _refuse(sentence: str) -> NoReturn:
    echo(sentence, err=True)
    sys.exit(NOT_VALID)


# -- documents


def _documents(one: Path, other: Path) -> Iterator[str]:
    """What differs between two documents of the exchange format."""
    before, after = read_document(one), read_document(other)
    formats = before.get("schema"), after.get("schema")
    if formats[0] != formats[1]:
        _refuse(
            f"{one} is a {formats[0] or 'document'}, {other} a {formats[1] or 'document'}: they cannot be compared."
        )
    was, becomes = dict(_facts(before, ())), dict(_facts(after, ()))
    for place in dict.fromkeys((*was, *becomes)):
        if place[0] not in NOT_THE_PLAN and was.get(place, _Nothing) != becomes.get(place, _Nothing):
            yield f"{' · '.join(place)}: {_became(was.get(place, _Nothing), becomes.get(place, _Nothing))}"


class _Nothing:
    """What stands where nothing is said."""


def _became(was: Any, becomes: Any) -> str:
    if was is _Nothing:
        return f"added, {_said(becomes)}"
    if becomes is _Nothing:
        return f"removed, was {_said(was)}"
    return f"{_said(was)} became {_said(becomes)}"


def _said(value: Any) -> str:
    if value is None:
        return "nothing"
    return f"“{value}”" if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)


def _facts(value: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    """Every plain value of a document, by where it stands; rows of a list are called by what names them."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _facts(inner, (*place, key))
    elif isinstance(value, list) and value:
        seen: dict[str, int] = {}
        for num, inner in enumerate(value, 1):
            name = _name(inner) or f"no. {num}"
            seen[name] = seen.get(name, 0) + 1
            yield from _facts(inner, (*place, name if seen[name] == 1 else f"{name} ({seen[name]})"))
    elif not isinstance(value, dict | list):
        yield place or ("document",), value


def _name(row: Any) -> str | None:
    if isinstance(row, str | int):
        return str(row)
    if isinstance(row, dict):
        return next((str(row[key]) for key in KEYS if isinstance(row.get(key), str | int)), None)
    return None


# -- sheets


def _sheets(one: Path, other: Path) -> Iterator[str]:
    """What differs between two files of sheets; a file with a single sheet has it compared whatever it is called."""
    before, after = _tables(one), _tables(other)
    if len(before) == len(after) == 1:
        [(name, was)], [(other_name, becomes)] = before.items(), after.items()
        yield from _rows(name or other_name, was, becomes)
        return
    for name in dict.fromkeys((*before, *after)):
        if name not in after:
            yield f"The sheet “{name}” is removed."
        elif name not in before:
            yield f"The sheet “{name}” is added."
        else:
            yield from _rows(name, before[name], after[name])


class _Table:
    """A sheet as rows by id and column; without an id column a row is called by its first cell."""

    def __init__(self, rows: list[list[Any]]) -> None:
        from planner.exchange.sheets.reading import MARK

        head, *body = [row for row in rows if any(cell is not None for cell in row)] or [[]]
        titles = [str(cell) if cell is not None else f"column {num}" for num, cell in enumerate(head, 1)]
        marked = [num for num, title in enumerate(titles) if MARK.fullmatch(title) or title.casefold() == "id"]
        by = marked[0] if marked else 0
        self.titles = [title for num, title in enumerate(titles) if num not in marked]
        self.rows: dict[str, Mapping[str, Any]] = {}
        for num, row in enumerate(body, 2):
            named = row[by] if by < len(row) and row[by] is not None else f"no. {num}"
            ident = str(named) if str(named) not in self.rows else f"{named} (no. {num})"
            cells = dict(zip(titles, [*row, *[None] * len(titles)], strict=False))
            self.rows[ident] = {title: cells[title] for title in self.titles}


def _tables(path: Path) -> dict[str, _Table]:
    from planner.exchange.sheets.limits import Unreadable
    from planner.exchange.sheets.reading import read_workbook

    try:
        book = read_workbook(path.read_bytes(), path.name)
    except OSError as error:
        _refuse(f"{path}: it cannot be read: {error.strerror or error}")
    except Unreadable as error:
        _refuse(f"{path}: {_why(error.code, error.params)}")
    return {sheet.name: _Table(sheet.rows) for sheet in book.sheets}


def _why(code: str, params: Mapping[str, Any]) -> str:
    """Why a sheet is not read, as the pages say it."""
    from planner.refusals.sheets import SHEET_REFUSALS

    return str(SHEET_REFUSALS[code]) % params if code in SHEET_REFUSALS else code.replace("_", " ")


def _rows(name: str, was: _Table, becomes: _Table) -> Iterator[str]:
    where = f"{name}, " if name else ""
    for title in was.titles:
        if title not in becomes.titles:
            yield f"{where}the column “{title}” is removed."
    for title in becomes.titles:
        if title not in was.titles:
            yield f"{where}the column “{title}” is added."
    both = [title for title in was.titles if title in becomes.titles]
    for ident in dict.fromkeys((*was.rows, *becomes.rows)):
        if ident not in becomes.rows:
            yield f"{where}row {ident} is removed."
        elif ident not in was.rows:
            yield f"{where}row {ident} is added."
        else:
            yield from _cells(f"{where}row {ident}", was.rows[ident], becomes.rows[ident], both)


def _cells(where: str, was: Mapping[str, Any], becomes: Mapping[str, Any], titles: list[str]) -> Iterator[str]:
    for title in titles:
        if _plain(was[title]) != _plain(becomes[title]):
            yield f"{where}, {title}: {_said(_plain(was[title]))} became {_said(_plain(becomes[title]))}"


def _plain(value: Any) -> Any:
    """A value as a CSV says it too, so that a sheet and its CSV say the same."""
    from planner.exchange.sheets.reading import Fault

    if isinstance(value, Fault):
        return value.shown
    return value if value is None else str(value)
