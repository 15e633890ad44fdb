"""A plan as an Excel workbook: one sheet for each table, real dates and numbers, and no text that comes alive."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from datetime import date, datetime, time

from xlsxwriter.format import Format as Style
from xlsxwriter.worksheet import Worksheet

from planner.exchange import sentences
from planner.exchange.csv_zip import escape
from planner.exchange.exports import ExportError, Written
from planner.exchange.plain_workbook import PlainWorkbook
from planner.exchange.tables import Cell, Column, ColumnKind, Figure, Ground, Row, Table, tables_of
from planner.exchange.tables.people import WEEK_KEY
from planner.exchange.words import N_

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_UNITS = 32_767  # UTF-16 units in a cell
MOST_NAME, MOST_FOOTER, MOST_ROWS, A4 = 31, 115, 1_000_000, 9
FIRST_YEAR = 1901  # before it, Excel's count of days is off by one, or there is none
NOT_IN_XML = {0xFFFE: "\ufffd", 0xFFFF: "\ufffd"}
RECORD_SHEET, WORKBOOK = "_plan", "planner-workbook/1"
LINE_ROW, HEAD_ROW, FIRST_ROW = 0, 1, 2
IDENT_COL, FIRST_COL, ITEM_COL = 0, 1, 2
HEAD_HEIGHT, LINE_HEIGHT, MOST_HEIGHT = 30, 13, 409  # in points
PAGE_WIDTH, FILTER_WIDTH = 240, 3  # in characters

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_DAY, _MOMENT = 14, 22  # Excel's own formats, shown the way its reader writes dates
_NUMBER_FORMATS: dict[ColumnKind, str | int] = {
    ColumnKind.WHOLE: "#,##0",
    ColumnKind.NUMBER: "#,##0.0",
    ColumnKind.PERCENT: "0",
    ColumnKind.MONEY: "#,##0",
    ColumnKind.DATE: _DAY,
    ColumnKind.INSTANT: _MOMENT,
}
_LEFT: dict[str, str | int | bool] = {"align": "left", "indent": 1}
_LOOK: dict[str, str | int | bool] = {"font_name": "Calibri", "font_size": 10, "valign": "top"}
_LINE = {"italic": True, "font_color": "#5A5A55"}
_HEAD = {"bold": True, "bg_color": "#0F5C63", "font_color": "#FFFFFF", "text_wrap": True, "valign": "vcenter"}
_HEAT = (25, 50, 75, 99, 100)
_TINTS: dict[str, dict[str, str | int | bool]] = {
    "25": {"bg_color": "#E6F0EF"},
    "50": {"bg_color": "#BFD9D8"},
    "75": {"bg_color": "#7FB5B4"},
    "99": {"bg_color": "#3C8C8B", "font_color": "#FFFFFF"},
    "100": {"bg_color": "#0F5C63", "font_color": "#FFFFFF"},
    "over": {"bg_color": "#FBE3E1", "font_color": "#B3261E", "bold": True, "border": 1, "border_color": "#B3261E"},
    "away": {"pattern": 14, "fg_color": "#C9C7C0", "bg_color": "#FFFFFF"},
}


def write(ground: Ground) -> Written:
    """The workbook of a report."""
    data = io.BytesIO()
    with PlainWorkbook(data, _OPTIONS) as book:
        _Book(book, ground).write()
    return Written(data.getvalue(), MEDIA_TYPE, "xlsx")


class _Book:
    def __init__(self, book: PlainWorkbook, ground: Ground) -> None:
        self.book, self.ground = book, ground
        self.report, self.say = ground.report, ground.say
        self.styles: dict[tuple[ColumnKind, str, bool], Style] = {}
        self.origin = sentences.origin(ground.report, ground.say, ground.edition)
        self.over = {row.person_id: set(row.over) for row in ground.report.people if row.over}

    def write(self) -> None:
        tables = {table.key: table for table in tables_of(self.ground)}
        projects = tables.pop("projects")
        self._properties()
        if max(len(table.rows) for table in tables.values()) > MOST_ROWS:
            raise ExportError(N_("The plan is too large for a workbook; the CSV files have all of it."))
        for table in tables.values():
            sheet = self.book.add_worksheet(sheet_name(table.title))
            self._table(
                sheet, table, LINE_ROW, FIRST_COL, " · ".join(part for part in (self.origin, table.note) if part)
            )
            self._set_up(sheet, table)
            if table.key == "summary":
                self._table(sheet, projects, FIRST_ROW + len(table.rows) + 1, ITEM_COL, projects.title)
                beside = FIRST_COL + len(table.columns)
                self._widen(sheet, projects.columns[beside - ITEM_COL :], beside)
        self._record([*tables.values(), projects])

    # -- one table

    def _table(self, sheet: Worksheet, table: Table, at: int, first_col: int, line: str) -> None:
        """A line that says what it is, the header, and the rows."""
        sheet.write_string(at, first_col, cell_text(line), self.book.add_format({**_LOOK, **_LINE}))
        sheet.write_string(at + 1, IDENT_COL, "id")
        num_lines = most_lines((column.title, column.width - FILTER_WIDTH) for column in table.columns)
        sheet.set_row(at + 1, max(HEAD_HEIGHT, height_of(num_lines)))
        for col, column in enumerate(table.columns, first_col):
            look = {**_LOOK, **_HEAD, **({"align": "right"} if is_right(column) else _LEFT)}
            sheet.write_string(at + 1, col, column.title, self.book.add_format(look))
        for num, row in enumerate(table.rows, at + 2):
            sheet.write_string(num, IDENT_COL, cell_text(row.ident))
            self._make_room(sheet, num, table, row)
            for col, (column, cell) in enumerate(zip(table.columns, row.cells, strict=True), first_col):
                self._cell(sheet, num, col, column, cell, row.ident)

    def _make_room(self, sheet: Worksheet, num: int, table: Table, row: Row) -> None:
        """Makes a row as high as its text; Excel would do so by itself, other programs do not."""
        cells = zip(table.columns, row.cells, strict=True)
        texts = ((cell, column.width) for column, cell in cells if column.kind is ColumnKind.TEXT)
        num_lines = most_lines((text, width) for text, width in texts if isinstance(text, str))
        if num_lines > 1:
            sheet.set_row(num, height_of(num_lines))

    def _cell(self, sheet: Worksheet, num: int, col: int, column: Column, cell: Cell, ident: str) -> None:
        kind, value = cell if isinstance(cell, Figure) else (column.kind, cell)
        tint = self._tint(column, value, ident) if column.key.startswith(WEEK_KEY) else ""
        if isinstance(value, date):
            value = excel_date(value)
        if value is None or value == "":
            sheet.write_blank(num, col, None, self._style(kind, tint))
        elif isinstance(value, str):
            text_kind = column.kind if column.kind is ColumnKind.FIGURE else ColumnKind.TEXT
            style = self._style(text_kind, tint, is_quoted=escape(value) != value)
            sheet.write_string(num, col, cell_text(value), style)
        elif isinstance(value, datetime):
            sheet.write_datetime(num, col, value, self._style(_date_kind(value), tint))
        else:
            sheet.write_number(num, col, value, self._style(kind, tint))

    def _tint(self, column: Column, value: object, ident: str) -> str:
        """How a load is shaded: by its size, hatched where there is neither work nor time, red where it is too much."""
        if value is None:
            return "away"
        load = int(str(value))
        if not load:
            return ""
        position = int(column.key.removeprefix(WEEK_KEY)) // self._width
        return (
            "over"
            if position in self.over.get(ident, ())
            else next((str(step) for step in _HEAT if load <= step), "100")
        )

    @property
    def _width(self) -> int:
        """Periods in a column of time."""
        return self.report.periods[0].to_idx - self.report.periods[0].idx

    def _style(self, kind: ColumnKind, tint: str = "", *, is_quoted: bool = False) -> Style:
        """A cell format, made once; quoted is text that stays text even when somebody edits its cell."""
        if (kind, tint, is_quoted) not in self.styles:
            look: dict[str, str | int | bool] = {
                **_LOOK,
                "num_format": _NUMBER_FORMATS.get(kind, "General"),
                **_TINTS.get(tint, {}),
            }
            if kind is ColumnKind.TEXT:
                look["text_wrap"] = True
            if kind in (ColumnKind.TEXT, ColumnKind.FIGURE, ColumnKind.DATE, ColumnKind.INSTANT):
                look |= _LEFT
            if is_quoted:
                look["quote_prefix"] = True
            self.styles[kind, tint, is_quoted] = self.book.add_format(look)
        return self.styles[kind, tint, is_quoted]

    # -- one sheet

    def _set_up(self, sheet: Worksheet, table: Table) -> None:
        """Header and first column stay in sight, the header is on every printed page, every column filters."""
        last_row, last_col = HEAD_ROW + len(table.rows), FIRST_COL + len(table.columns) - 1
        sheet.freeze_panes(FIRST_ROW, FIRST_COL + 1)
        sheet.autofilter(HEAD_ROW, FIRST_COL, max(last_row, HEAD_ROW + 1), last_col)
        sheet.set_column(IDENT_COL, IDENT_COL, None, None, {"hidden": True})
        self._widen(sheet, table.columns, FIRST_COL)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(-(-sum(column.width for column in table.columns) // PAGE_WIDTH), 0)
        sheet.repeat_rows(LINE_ROW, HEAD_ROW)
        sheet.repeat_columns(FIRST_COL)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.set_footer(f"&L{_footer_text(self.origin)}&R&P / &N")
        sheet.hide_gridlines(2)

    def _widen(self, sheet: Worksheet, columns: Iterable[Column], first_col: int) -> None:
        """Gives columns their widths."""
        for col, column in enumerate(columns, first_col):
            sheet.set_column(col, col, column.width)

    def _properties(self) -> None:
        meta = self.report.meta
        self.book.set_properties(
            {
                "title": sentences.title(self.report, self.say),
                "subject": sentences.plan_name(self.report, self.say),
                "author": meta.generated_by,
                "comments": self.origin,
                "created": meta.generated_at.replace(tzinfo=None),
            }
        )
        self.book.set_custom_property("Plan number", meta.number if meta.number is not None else "")
        self.book.set_custom_property("Plan version", meta.version)
        self.book.set_custom_property("Edition", str(self.ground.edition))

    def _record(self, tables: list[Table]) -> None:
        """A hidden sheet that says which plan this is and which rows it had, for when the sheet comes back."""
        sheet = self.book.add_worksheet(RECORD_SHEET)
        record: dict[str, str | int | None] = {"format": WORKBOOK, **self.ground.record, "problem": self.report.problem}
        for num, (key, value) in enumerate(record.items()):
            self._plain(sheet, num, (key, value))
        self._plain(sheet, len(record) + 1, ("table", "row", "id"))
        rows = ((table.key, num, row.ident) for table in tables for num, row in enumerate(table.rows, 1))
        for num, row in enumerate(rows, len(record) + 2):
            self._plain(sheet, num, row)
        sheet.hide()

    def _plain(self, sheet: Worksheet, num: int, values: tuple[str | int | None, ...]) -> None:
        for col, value in enumerate(values):
            if isinstance(value, int):
                sheet.write_number(num, col, value)
            elif value:
                sheet.write_string(num, col, cell_text(value))


def sheet_name(title: str) -> str:
    """A title as a sheet may be called."""
    return re.sub(r"[\[\]:*?/\\]", " ", title)[:MOST_NAME].strip("' ") or "-"


def most_lines(texts: Iterable[tuple[str, int]]) -> int:
    """How many lines the longest of some texts takes, each in a column as wide as so many digits.

    Letters are narrower than digits, which makes up for what is lost where lines are broken between words.
    """
    return max((sum(-(-len(line) // width) or 1 for line in text.split("\n")) for text, width in texts), default=1)


def height_of(num_lines: int) -> int:
    """How high a row of so many lines is, in points."""
    return min(LINE_HEIGHT * num_lines + 2, MOST_HEIGHT)


def cell_text(text: str) -> str:
    """A text as a cell can hold it: no longer than Excel allows, without the two letters that XML has no way to say."""
    text = text.translate(NOT_IN_XML)
    if 2 * len(text) <= MOST_UNITS or len(text.encode("utf-16-le")) // 2 <= MOST_UNITS:
        return text
    return text.encode("utf-16-le")[: 2 * (MOST_UNITS - 1)].decode("utf-16-le", "ignore") + "…"


def excel_date(value: date) -> datetime | str:
    """A date or moment as Excel counts them; one before Excel's first day is text."""
    if value.year < FIRST_YEAR:
        return value.isoformat()
    return value.replace(tzinfo=None) if isinstance(value, datetime) else datetime.combine(value, time.min)


def is_right(column: Column) -> bool:
    return column.kind in (ColumnKind.WHOLE, ColumnKind.NUMBER, ColumnKind.PERCENT, ColumnKind.MONEY)


def _date_kind(value: datetime) -> ColumnKind:
    return ColumnKind.DATE if value.time() == time.min else ColumnKind.INSTANT


def _footer_text(text: str) -> str:
    """At most as much as a footer takes, with the sign that starts its codes doubled."""
    return text[:MOST_FOOTER].replace("&", "&&")
