"""Lists as sheets that can be edited and come back: what a row is stands in its id column, what left in a hidden sheet.

A sheet says in words, on a page of its own, what it was made from; the header of its id column carries the code of
the export, so that a CSV, and a workbook whose hidden sheet was lost, still know it. A text that a cell cannot hold
exactly is refused: what leaves must be what comes back.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from xlsxwriter.format import Format as Style
from xlsxwriter.worksheet import Worksheet

from planner.exchange.csv_zip import escape
from planner.exchange.plain_workbook import PlainWorkbook
from planner.exchange.sheets.limits import MOST_UNITS, units
from planner.exchange.sheets.reading import STAMP, STAMP_SHEET, Cell, Fault, cell_ref, column_letters
from planner.exchange.tables import ColumnKind
from planner.exchange.words import N_, Words
from planner.exchange.workbook import excel_date, sheet_name

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_MEDIA_TYPE = "text/csv"
LISTS_SHEET = "_lists"
MOST_DIGITS = 15  # of a number that a spreadsheet keeps
MOST_VALIDATED = 20_000  # rows below the header whose cells offer choices, beside those that are there
UNSAYABLE = re.compile("[\x00\ud800-\udfff\ufffe\uffff]")
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_LOOK: dict[str, str | int | bool] = {"font_name": "Calibri", "font_size": 10, "valign": "top"}
_HEAD: dict[str, str | int | bool] = {
    "bold": True,
    "bg_color": "#0F5C63",
    "font_color": "#FFFFFF",
    "text_wrap": True,
    "valign": "vcenter",
}
_STILL: dict[str, str | int | bool] = {"bg_color": "#F1F1EE", "font_color": "#5A5A55"}  # what is not changed from here
_ILL: dict[str, str | int | bool] = {
    "bg_color": "#FBE3E1",
    "font_color": "#B3261E",
    "bold": True,
    "border": 1,
    "border_color": "#B3261E",
}
_NUMBERS: dict[ColumnKind, str] = {ColumnKind.DATE: "yyyy-mm-dd", ColumnKind.INSTANT: "yyyy-mm-dd hh:mm"}
COMMENT = {"x_scale": 2, "y_scale": 1.2}

Value = str | int | float | bool | date | None


class Unwritable(ValueError):
    """A value that no sheet can hold exactly; `code` finds the sentence, `params` fill it."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(f"{code} {params}")
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class Field:
    """One column; one that is not editable stands there to be read, and `choices` are offered in its cells."""

    key: str
    title: str
    kind: ColumnKind = ColumnKind.TEXT
    width: int = 20
    is_editable: bool = True
    choices: tuple[str, ...] = ()
    about: str = ""


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row and the id of what it is about; a row of a template has none."""

    ident: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as a sheet: its columns in the order in which they are shown, and its rows."""

    title: str
    fields: tuple[Field, ...]
    rows: tuple[ListRow, ...]


@dataclass(frozen=True, slots=True)
class Leaving:
    """What a sheet says of itself: the code of the export, the checksum over what leaves, and the same in words."""

    code: str
    checksum: str
    about: tuple[str, ...]


def id_title(code: str, *, is_csv: bool = False) -> str:
    """The header of the id column; a CSV says that it is one, since some of its texts have an apostrophe before."""
    return f"Id ({code}, CSV)" if is_csv else f"Id ({code})"


def write_xlsx(listing: Listing, leaving: Leaving | None, say: Words) -> bytes:
    """A list as a workbook. Without a leaving it is a template: there are no ids, and nothing to come back to."""
    data = io.BytesIO()
    with PlainWorkbook(data, _OPTIONS) as book:
        _Workbook(book, say).write(listing, leaving)
    return data.getvalue()


def write_csv(listing: Listing, leaving: Leaving | None) -> bytes:
    """A list as CSV, UTF-8 with its mark: dates year-month-day, numbers with a dot, texts as `escape` makes them."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    ids = [id_title(leaving.code, is_csv=True)] if leaving else []
    is_escaped = leaving is not None
    writer.writerow([*(field.title for field in listing.fields), *ids])
    for num, row in enumerate(listing.rows, 1):
        cells = [_plain(value, num, col, is_escaped=is_escaped) for col, value in enumerate(row.values)]
        writer.writerow([*cells, *([escape(row.ident)] if leaving else [])])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def write_annotated(rows: Sequence[Sequence[Cell]], errors: Mapping[tuple[int, int], str], say: Words) -> bytes:
    """A sheet as it came, with each error in red and as a comment at its cell, and a list of them all."""
    data = io.BytesIO()
    with PlainWorkbook(data, _OPTIONS) as book:
        _Workbook(book, say).write_annotated(rows, errors)
    return data.getvalue()


class _Workbook:
    def __init__(self, book: PlainWorkbook, say: Words) -> None:
        self.book, self.say = book, say
        self.styles: dict[str, Style] = {}

    def write(self, listing: Listing, leaving: Leaving | None) -> None:
        sheet = self.book.add_worksheet(sheet_name(listing.title))
        self._head(sheet, listing, leaving)
        for num, row in enumerate(listing.rows, 1):
            for col, (field, value) in enumerate(zip(listing.fields, row.values, strict=True)):
                self._cell(sheet, num, col, value, field)
            if leaving:
                require_sayable(row.ident, num, len(listing.fields))
                sheet.write_string(num, len(listing.fields), row.ident, self._style("still", **_STILL))
        self._offer(sheet, listing)
        if leaving:
            self._about(leaving)
            self._stamp(listing, leaving)

    def _head(self, sheet: Worksheet, listing: Listing, leaving: Leaving | None) -> None:
        style, num_rows = self._style("head", **_HEAD), len(listing.rows)
        for col, field in enumerate(listing.fields):
            sheet.write_string(0, col, field.title, style)
            sheet.set_column(col, col, field.width)
            if field.about:
                sheet.write_comment(0, col, field.about, COMMENT)
        last = len(listing.fields) - 1
        if leaving:
            last += 1
            sheet.write_string(0, last, id_title(leaving.code), style)
            sheet.write_comment(0, last, "\n".join(leaving.about), COMMENT)
            sheet.set_column(last, last, 22)
        sheet.set_row(0, 30)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(num_rows, 1), max(last, 0))

    def _offer(self, sheet: Worksheet, listing: Listing) -> None:
        """Choices in the cells of a column; another value may be typed, with a warning."""
        lists: Worksheet | None = None
        for num, (col, field) in enumerate((col, field) for col, field in enumerate(listing.fields) if field.choices):
            if lists is None:
                lists = self.book.add_worksheet(LISTS_SHEET)
                lists.very_hidden()
            for row, choice in enumerate(field.choices):
                lists.write_string(row, num, choice)
            letters = column_letters(num)
            sheet.data_validation(
                1,
                col,
                max(len(listing.rows), MOST_VALIDATED),
                col,
                {
                    "validate": "list",
                    "source": f"={LISTS_SHEET}!${letters}$1:${letters}${len(field.choices)}",
                    "error_type": "warning",
                    "error_title": self.say.gettext("Not in the list"),
                    "error_message": self.say.gettext("This is not in the list. Keep it all the same?"),
                },
            )

    def _cell(self, sheet: Worksheet, num: int, col: int, value: Value, field: Field) -> None:
        look = {} if field.is_editable else _STILL
        key = f"{field.kind}{field.is_editable}"
        form = _NUMBERS.get(field.kind, "General")
        self._put(sheet, num, col, value, self._style(key, num_format=form, **look), key)

    def _put(self, sheet: Worksheet, num: int, col: int, value: Value, style: Style, key: str) -> None:
        if isinstance(value, date) and isinstance(excel := excel_date(value), datetime):
            sheet.write_datetime(num, col, excel, self._dated(style, key, value))
        elif value is None or value == "":
            sheet.write_blank(num, col, None, style)
        elif isinstance(value, bool):
            sheet.write_boolean(num, col, value, style)
        elif isinstance(value, int | float) and is_kept(value, num, col):
            sheet.write_number(num, col, value, style)
        else:
            text = value.isoformat() if isinstance(value, date) else str(value)
            require_sayable(text, num, col)
            sheet.write_string(num, col, text, style)

    def _dated(self, style: Style, key: str, value: date) -> Style:
        """A date in a column of texts still shows as one."""
        if key.startswith(("date", "instant")):
            return style
        kind = ColumnKind.INSTANT if isinstance(value, datetime) else ColumnKind.DATE
        return self._style(f"{kind} of {key}", num_format=_NUMBERS[kind], **(_ILL if key == "ill" else {}))

    def _style(self, key: str, **look: str | int | bool) -> Style:
        if key not in self.styles:
            self.styles[key] = self.book.add_format({**_LOOK, **look})
        return self.styles[key]

    def _about(self, leaving: Leaving) -> None:
        """The page that says in words what this file is."""
        sheet = self.book.add_worksheet(sheet_name(self.say.gettext("About this file")))
        sheet.set_column(0, 0, 100)
        for num, line in enumerate(leaving.about):
            sheet.write_string(num, 0, line, self._style("line", text_wrap=True))

    def _stamp(self, listing: Listing, leaving: Leaving) -> None:
        sheet = self.book.add_worksheet(STAMP_SHEET)
        said = (
            ("format", STAMP),
            ("code", leaving.code),
            ("checksum", leaving.checksum),
            ("rows", str(len(listing.rows))),
        )
        for num, pair in enumerate((*said, *(("id", row.ident) for row in listing.rows))):
            sheet.write_string(num, 0, pair[0])
            sheet.write_string(num, 1, pair[1])
        sheet.very_hidden()

    def write_annotated(self, rows: Sequence[Sequence[Cell]], errors: Mapping[tuple[int, int], str]) -> None:
        sheet = self.book.add_worksheet(sheet_name(self.say.gettext("Your sheet")))
        widest = max((len(row) for row in rows), default=0)
        sheet.set_column(0, max(widest - 1, 0), 18)
        sheet.freeze_panes(1, 0)
        for num, row in enumerate(rows):
            for col, cell in enumerate(row):
                key = "ill" if (num, col) in errors else "well"
                value = cell.shown if isinstance(cell, Fault) else cell
                self._put(sheet, num, col, value, self._style(key, **(_ILL if key == "ill" else {})), key)
        found = self.book.add_worksheet(sheet_name(self.say.gettext("What is wrong")))
        found.set_column(1, 1, 100)
        for num, ((row_num, col), sentence) in enumerate(sorted(errors.items())):
            sheet.write_comment(row_num, col, sentence, COMMENT)
            found.write_string(num, 0, cell_ref(row_num, col))
            found.write_string(num, 1, sentence, self._style("line", text_wrap=True))


def is_kept(value: float, num: int, col: int) -> bool:
    """Whether a spreadsheet keeps a number exactly; one with more digits than it keeps leaves as text."""
    if not math.isfinite(value):
        raise Unwritable("number_is_not_finite", place=cell_ref(num, col))
    return float(f"{value:.{MOST_DIGITS}g}") == value and abs(value) < 10**MOST_DIGITS


def require_sayable(text: str, num: int, col: int) -> None:
    """Refuses a text that a cell would change: too long, or with what no file format can say."""
    if UNSAYABLE.search(text):
        raise Unwritable("text_cannot_be_written", place=cell_ref(num, col))
    if units(text) > MOST_UNITS:
        raise Unwritable("text_is_too_long_to_write", place=cell_ref(num, col), most=MOST_UNITS)


def _plain(value: Value, num: int, col: int, *, is_escaped: bool) -> str | int | float | None:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        if not math.isfinite(value):
            raise Unwritable("number_is_not_finite", place=cell_ref(num, col))
        return value
    if isinstance(value, date):
        return value.isoformat(" ", "minutes") if isinstance(value, datetime) else value.isoformat()
    if value is None:
        return None
    require_sayable(value, num, col)
    return escape(value) if is_escaped else value


WRITING_FAULTS = {
    "number_is_not_finite": N_("The number for cell %(place)s is not finite, and cannot be written."),
    "text_cannot_be_written": N_("The text for cell %(place)s holds a sign that no spreadsheet can keep."),
    "text_is_too_long_to_write": N_("The text for cell %(place)s is longer than %(most)s characters."),
}
