"""What an ODS file says beside the values of its cells: how far it reaches, which cells hold errors or no result."""

from __future__ import annotations

from typing import Any
from xml.parsers import expat

from planner.exchange.sheets.limits import Unreadable
from planner.exchange.sheets.packed import Package
from planner.exchange.sheets.spreadsheetml import Extent, Ill

CONTENT, MIME = "content.xml", "mimetype"
MANIFEST = "META-INF/manifest.xml"
LOCKED = b"encryption-data"
TABLE, ROW = "table:table", "table:table-row"
CELLS = ("table:table-cell", "table:covered-table-cell")
ERROR = "error"


class Scan:
    """The tables of a document, each with how far its values reach and its cells that have none to take."""

    def __init__(self, package: Package) -> None:
        self.extents: dict[str, Extent] = {}
        self.ill: dict[str, list[Ill]] = {}
        self._name, self._row, self._col, self._rows, self._cols = "", 0, 0, 1, 1
        self._cell: dict[str, Any] | None = None
        self._text: list[str] = []
        if LOCKED in package.texts.get(MANIFEST, b""):
            raise Unreadable("sheet_is_encrypted")
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._said
        try:
            parser.Parse(package.texts[CONTENT], True)
        except (KeyError, expat.ExpatError, ValueError) as error:
            raise Unreadable("sheet_is_damaged") from error

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == TABLE:
            self._name, self._row = attributes.get("table:name", ""), 0
            self.extents[self._name], self.ill[self._name] = Extent(0, 0), []
        elif tag == ROW:
            self._col, self._rows = 0, _times(attributes.get("table:number-rows-repeated", "1"))
        elif tag in CELLS:
            self._cols = _times(attributes.get("table:number-columns-repeated", "1"))
            self._cell, self._text = attributes, []

    def _said(self, text: str) -> None:
        if self._cell is not None:
            self._text.append(text)

    def _end(self, tag: str) -> None:
        if tag == ROW:
            self._row += self._rows
        elif tag in CELLS and self._cell is not None:
            if "office:value-type" in self._cell or "table:formula" in self._cell or self._text:
                self._filled(self._cell, "".join(self._text).strip())
            self._col += self._cols
            self._cell = None

    def _filled(self, cell: dict[str, str], shown: str) -> None:
        """A cell with something in it, as often as it is repeated."""
        reach = self.extents[self._name]
        row, col = self._row + self._rows, self._col + self._cols
        self.extents[self._name] = Extent(max(reach.num_rows, row), max(reach.num_columns, col))
        if cell.get("calcext:value-type") == ERROR:
            self.ill[self._name].append(Ill(self._row, self._col, "cell_is_error", shown))
        elif "table:formula" in cell and "office:value-type" not in cell:
            self.ill[self._name].append(Ill(self._row, self._col, "cell_has_no_result", ""))


def _times(said: str) -> int:
    """How often something is repeated."""
    return int(said[:9]) if said.isascii() and said.isdigit() else 1
