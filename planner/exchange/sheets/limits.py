"""What a spreadsheet may be, judged before its cells are read."""

from __future__ import annotations

from typing import Any

MOST_BYTES = 16 * 2**20
MOST_UNPACKED = 128 * 2**20  # bytes of all parts of a packed file
MOST_PARTS = 2_000
MOST_RATIO, SMALL_PART = 250, 8 * 2**20  # how far a part may unpack; smaller ones may be as empty as they like
MOST_SHEETS = 60
MOST_ROWS = 50_000
MOST_COLUMNS = 500
MOST_CELLS = 1_000_000  # rows × columns, of all sheets together
MOST_UNITS = 32_767  # UTF-16 units in a cell: as many as Excel holds


class Unreadable(Exception):
    """A file of which nothing is taken; `code` finds the sentence, `params` fill it."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(f"{code} {params}")
        self.code, self.params = code, params


def require_extent(sheet: str, num_rows: int, num_columns: int) -> int:
    """The cells of a sheet; raises where it has more rows, columns or cells than are read."""
    if num_rows > MOST_ROWS:
        raise Unreadable("sheet_has_too_many_rows", sheet=sheet, most=MOST_ROWS)
    if num_columns > MOST_COLUMNS:
        raise Unreadable("sheet_has_too_many_columns", sheet=sheet, most=MOST_COLUMNS)
    if num_rows * num_columns > MOST_CELLS:
        raise Unreadable("sheet_has_too_many_cells", sheet=sheet, most=MOST_CELLS)
    return num_rows * num_columns


def units(text: str) -> int:
    """How long a text is as a spreadsheet counts: in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
