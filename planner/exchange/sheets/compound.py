"""Old Excel files (XLS) and locked ones: the compound file around them, and what its records say beside the values."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from planner.exchange.sheets.limits import Unreadable
from planner.exchange.sheets.spreadsheetml import Extent, Ill

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOCKED, MACROS = "EncryptedPackage", "_VBA_PROJECT_CUR"
BOOKS = ("Workbook", "Book")
END, FREE_FROM = 0xFFFFFFFE, 0xFFFFFFFA
ENTRY, IN_HEADER = 128, 109
EOF, BOUNDSHEET, FILEPASS, FORMULA, BOOLERR = 0x0A, 0x85, 0x2F, 0x06, 0x205
ONE_CELL = (FORMULA, 0x203, 0x204, BOOLERR, 0x27E, 0xFD, 0xD6)  # NUMBER, LABEL, RK, LABELSST, RSTRING
MANY_CELLS = 0xBD  # MULRK
ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


class Compound:
    """The streams of a compound file, by name."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        try:
            self.shift = struct.unpack_from("<H", data, 30)[0]
            if self.shift not in (9, 12):
                raise Unreadable("sheet_is_damaged")
            self.table = self._table()
            self.entries = dict(self._entries(self._chain(struct.unpack_from("<I", data, 48)[0])))
        except (struct.error, IndexError, ValueError) as error:
            raise Unreadable("sheet_is_damaged") from error

    def _sector(self, num: int) -> bytes:
        return self.data[(num + 1) << self.shift : (num + 2) << self.shift]

    def _table(self) -> list[int]:
        """Which sector follows which."""
        lists = list(struct.unpack_from(f"<{IN_HEADER}I", self.data, 76))
        more, width = struct.unpack_from("<I", self.data, 68)[0], 1 << self.shift
        seen: set[int] = set()
        while more < FREE_FROM and more not in seen:
            seen.add(more)
            *some, more = struct.unpack(f"<{width // 4}I", self._sector(more))
            lists += some
        sectors = [self._sector(num) for num in lists if num < FREE_FROM]
        return [one for sector in sectors for one in struct.unpack(f"<{len(sector) // 4}I", sector)]

    def _chain(self, num: int) -> bytes:
        parts, seen = [], 0
        while num < FREE_FROM:
            parts.append(self._sector(num))
            num, seen = self.table[num], seen + 1
            if seen > len(self.table):
                raise Unreadable("sheet_is_damaged")
        return b"".join(parts)

    def _entries(self, folder: bytes) -> Iterator[tuple[str, tuple[int, int]]]:
        for at in range(0, len(folder) - ENTRY + 1, ENTRY):
            length = struct.unpack_from("<H", folder, at + 64)[0]
            if length:
                name = folder[at : at + max(length - 2, 0)].decode("utf-16-le", "replace")
                yield name, struct.unpack_from("<II", folder, at + 116)

    def stream(self, name: str) -> bytes:
        start, size = self.entries[name]
        try:
            return self._chain(start)[:size]
        except (struct.error, IndexError) as error:
            raise Unreadable("sheet_is_damaged") from error


class Scan:
    """The sheets of an old workbook, each with how far it reaches and its cells that hold errors."""

    def __init__(self, data: bytes) -> None:
        compound = Compound(data)
        if LOCKED in compound.entries:
            raise Unreadable("sheet_is_encrypted")
        name = next((name for name in BOOKS if name in compound.entries), None)
        if name is None:
            raise Unreadable("file_is_no_sheet")
        self.has_macros = MACROS in compound.entries
        self.extents: dict[int, Extent] = {}
        self.ill: dict[int, list[Ill]] = {}
        book = compound.stream(name)
        starts = []
        for kind, body in _records(book, 0):
            if kind == FILEPASS:
                raise Unreadable("sheet_is_encrypted")
            if kind == BOUNDSHEET and len(body) >= 4:
                starts.append(struct.unpack_from("<I", body)[0])
        for num, start in enumerate(starts):
            self._sheet(num, _records(book, start))

    def _sheet(self, num: int, records: Iterator[tuple[int, bytes]]) -> None:
        num_rows = num_columns = 0
        ill: list[Ill] = []
        for kind, body in records:
            if (kind in ONE_CELL or kind == MANY_CELLS) and len(body) >= 6:
                row, col = struct.unpack_from("<HH", body)
                last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind == MANY_CELLS else col
                num_rows, num_columns = max(num_rows, row + 1), max(num_columns, last + 1)
                if (code := _error(kind, body)) is not None:
                    ill.append(Ill(row, col, "cell_is_error", ERRORS.get(code, "#?")))
        self.extents[num], self.ill[num] = Extent(num_rows, num_columns), ill


def _error(kind: int, body: bytes) -> int | None:
    """The error that a cell holds."""
    if kind == BOOLERR and len(body) >= 8 and body[7] == 1:
        return body[6]
    if kind == FORMULA and len(body) >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2:
        return body[8]
    return None


def _records(book: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records from a place on, until the end of what begins there."""
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        if kind == EOF:
            return
        yield kind, book[at + 4 : at + 4 + length]
        at += 4 + length
