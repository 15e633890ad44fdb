"""CSV, TSV and what is pasted: which encoding, which delimiter, and the rows."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter

from planner.exchange.sheets.limits import MOST_UNITS, Unreadable, require_extent

DELIMITERS = (",", ";", "\t", "|")
PROBE = 60  # rows looked at to find the delimiter
MOST_LETTERS = 4 * MOST_UNITS
SAYS_DELIMITER = re.compile(r"(?:\ufeff)?sep=(.)\r?\n", re.IGNORECASE)
WEB_PAGE = re.compile(r"\s*<(?:!doctype|html|table|\?xml|head|meta|workbook)\b", re.IGNORECASE)
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_UNLIKE_TEXT = re.compile("[\x01-\x08\x0e-\x1a\x1c-\x1f]")


def decoded(data: bytes) -> str:
    """The text in a file, by its byte order mark, by where its zeros are, as UTF-8, or as Windows writes it."""
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), None) or _by_zeros(data)
    for name in (encoding,) if encoding else ("utf-8", "cp1252"):
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if len(_UNLIKE_TEXT.findall(text[:4000])) > len(text[:4000]) // 20:
            break
        if WEB_PAGE.match(text):
            raise Unreadable("sheet_is_web_page")
        return text
    raise Unreadable("file_is_no_sheet")


def _by_zeros(data: bytes) -> str | None:
    """UTF-16 without its mark shows by the zeros beside plain letters."""
    head = data[:4000]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if len(data) % 2 == 0 and 3 * max(even, odd) > len(head) // 2 > 0 and min(even, odd) * 8 < max(even, odd):
        return "utf-16-be" if even > odd else "utf-16-le"
    return None


def rows_of(text: str, sheet: str, *, is_pasted: bool = False) -> list[list[str | None]]:
    """The rows of a text; an empty cell is None."""
    if "\0" in text:
        raise Unreadable("sheet_has_nul", row=text.count("\n", 0, text.index("\0")) + 1)
    delimiter = None
    if said := SAYS_DELIMITER.match(text):
        delimiter, text = said[1], text[said.end() :]
    elif is_pasted and "\t" in text:
        delimiter = "\t"
    csv.field_size_limit(MOST_LETTERS)
    usual = delimiter or likely_delimiter(text)
    rows = _parsed(text, usual, sheet, is_pasted)
    _require_one_delimiter(rows, usual)
    while rows and not any(rows[-1]):
        rows.pop()
    require_extent(sheet, len(rows), max(map(len, rows), default=0))
    return [[cell or None for cell in row] for row in rows]


def likely_delimiter(text: str) -> str:
    """The delimiter by which most of the first rows have equally many cells."""
    head = text[:200_000]

    def worth(delimiter: str) -> tuple[float, int]:
        widths: Counter[int] = Counter()
        try:
            for num, row in enumerate(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)):
                if num == PROBE:
                    break
                if row:
                    widths[len(row)] += 1
        except csv.Error:
            return (0.0, 0)
        width, times = max(widths.items(), key=lambda one: (one[0] > 1, one[1], one[0]), default=(1, 0))
        return (times / widths.total(), width) if width > 1 else (0.0, 0)

    return max(DELIMITERS, key=worth)


def _require_one_delimiter(rows: list[list[str]], usual: str) -> None:
    """Refuses a row that another delimiter takes apart into as many cells as the others have, and this one does not."""
    width, _times = Counter(len(row) for row in rows).most_common(1)[0] if rows else (1, 0)
    for number, row in enumerate(rows if width > 2 else (), start=1):
        others = (one for one in DELIMITERS if one != usual and len(row) == 1 and row[0].count(one) == width - 1)
        for other in others:
            raise Unreadable("sheet_mixes_delimiters", row=number, found=other, usual=usual)


def _parsed(text: str, delimiter: str, sheet: str, is_pasted: bool) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    begins = 1
    try:
        for row in reader:
            rows.append(row)
            begins = reader.line_num + 1
            if len(rows) % 10_000 == 0:
                require_extent(sheet, len(rows), max(map(len, rows)))
    except csv.Error as error:
        if "field larger" in str(error):
            raise Unreadable("cell_is_too_long", sheet=sheet, row=begins, most=MOST_UNITS) from error
        if is_pasted:  # what is typed into a cell may begin with a quote; Excel copies it as it stands
            return [line.split(delimiter) for line in text.splitlines()]
        raise Unreadable("sheet_quotes_unbalanced", row=begins) from error
    return rows
