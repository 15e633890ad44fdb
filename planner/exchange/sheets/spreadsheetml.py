"""What an XLSX file says beside the values of its cells: how far it reaches, which cells hold errors or no result."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree import ElementTree as ET  # what is parsed here has no entities: packed.Package refuses those

from planner.exchange.sheets.limits import Unreadable
from planner.exchange.sheets.packed import Package

WORKBOOK = "xl/workbook.xml"
MACROS = "vbaProject.bin"
_P = rb"<(?:\w+:)?"  # a tag, whatever its namespace is called in this file
_ROW = re.compile(_P + rb"row\b[^>]*?\sr=[\"'](\d+)[\"']")
_ANY_ROW = re.compile(_P + rb"row\b")
_ANY_CELL = re.compile(_P + rb"c[\s/>]")
_PLACE = re.compile(_P + rb"c\b[^>]*?\sr=[\"']([A-Za-z]+)\d+[\"']")
_ROW_OF_PLACE = re.compile(_P + rb"c\b[^>]*?\sr=[\"'][A-Za-z]+(\d+)[\"']")
_ERROR = re.compile(_P + rb"c\b([^>]*?\st=[\"']e[\"'][^>]*)>(.*?)</(?:\w+:)?c>", re.DOTALL)
_VALUE = re.compile(_P + rb"v\b[^>]*>([^<]*)<")
_UNCOUNTED = re.compile(
    _P + rb"c\b([^>]*)>\s*" + _P + rb"f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_AT = re.compile(rb"\sr=[\"']([A-Za-z]+)(\d+)[\"']")
_IS_TEXT = re.compile(rb"\st=[\"']str[\"']")


class Ill(NamedTuple):
    """A cell that has no value to take: where it is (from 0), why, and what it shows."""

    row: int
    col: int
    code: str
    shown: str


class Extent(NamedTuple):
    """How far the cells of a sheet reach."""

    num_rows: int
    num_columns: int


def sheet_parts(package: Package) -> dict[str, bytes]:
    """The XML of each worksheet, by its name."""
    workbook = _parsed(package, WORKBOOK)
    rels = _parsed(package, "xl/_rels/workbook.xml.rels")
    targets = {one.get("Id"): one.get("Target", "") for one in rels}
    found = {}
    for sheet in workbook.iter():
        if sheet.tag.rpartition("}")[2] != "sheet":
            continue
        ident = next((value for key, value in sheet.attrib.items() if key.rpartition("}")[2] == "id"), None)
        part = posixpath.normpath(posixpath.join("/xl", targets.get(ident, ""))).lstrip("/")
        if part in package.texts:
            found[sheet.get("name", "")] = package.texts[part]
    return found


def _parsed(package: Package, part: str) -> ET.Element:
    try:
        return ET.fromstring(package.texts[part])  # noqa: S314
    except (KeyError, ET.ParseError, ValueError) as error:
        raise Unreadable("sheet_is_damaged") from error


def extent(text: bytes) -> Extent:
    """How far a sheet reaches by where its cells say that they are, or by how many there are where they do not."""
    rows, places = _ROW.findall(text), _PLACE.findall(text)
    said = {*rows, *_ROW_OF_PLACE.findall(text)}
    num_rows = max((int(row[:9]) for row in said), default=0)
    if (num_any := len(_ANY_ROW.findall(text))) != len(rows):
        num_rows += num_any
    num_columns = max((column_number(letters.decode()) for letters in set(places)), default=0)
    if len(_ANY_CELL.findall(text)) != len(places):
        num_columns += max(len(_ANY_CELL.findall(row)) for row in _ANY_ROW.split(text))
    return Extent(num_rows, num_columns)


def ill_cells(text: bytes) -> Iterator[Ill]:
    """Cells with an error as their value, and cells with a formula whose result nobody has counted."""
    if b't="e"' in text or b"t='e'" in text:
        for cell in _ERROR.finditer(text):
            value = _VALUE.search(cell[2])
            yield from _ill(cell[1], "cell_is_error", value[1].decode("utf-8", "replace") if value else "")
    if b"<f" in text or b":f" in text:
        for cell in _UNCOUNTED.finditer(text):
            if not _IS_TEXT.search(cell[1]):
                yield from _ill(cell[1], "cell_has_no_result", "")


def _ill(attributes: bytes, code: str, shown: str) -> Iterator[Ill]:
    if at := _AT.search(attributes):
        yield Ill(int(at[2]) - 1, column_number(at[1].decode()) - 1, code, shown)


def column_number(letters: str) -> int:
    """The number of a column, from 1: AB is 28."""
    number = 0
    for letter in letters.upper()[:8]:
        number = 26 * number + ord(letter) - 64
    return number
