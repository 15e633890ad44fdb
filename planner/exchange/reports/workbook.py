"""A report as an Excel workbook: what it says in sentences, then a sheet for each table; no text comes alive."""

from __future__ import annotations

import io
from datetime import date, datetime

from xlsxwriter.format import Format as Style
from xlsxwriter.worksheet import Worksheet

from planner.exchange.csv_zip import escape
from planner.exchange.plain_workbook import PlainWorkbook
from planner.exchange.reports.shape import Document, Section
from planner.exchange.tables.shape import Cell, ColumnKind, Figure, Table
from planner.exchange.workbook import cell_text, excel_date, height_of, most_lines, sheet_name

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_FORMATS: dict[ColumnKind, str | int] = {
    ColumnKind.WHOLE: "#,##0",
    ColumnKind.NUMBER: "#,##0.0",
    ColumnKind.PERCENT: "0",
    ColumnKind.MONEY: "#,##0",
    ColumnKind.DATE: 14,
    ColumnKind.INSTANT: 22,
}
_LOOK = {"font_name": "Calibri", "font_size": 10, "valign": "top"}
_HEAD = {**_LOOK, "bold": True, "bg_color": "#0F5C63", "font_color": "#FFFFFF", "text_wrap": True}
A4, WIDE, NOTE_ROW, HEAD_ROW = 9, 110, 0, 1


def write(document: Document) -> bytes:
    """The workbook of a report."""
    data = io.BytesIO()
    with PlainWorkbook(data, _OPTIONS) as book:
        _Book(book, document).write()
    return data.getvalue()


class _Book:
    def __init__(self, book: PlainWorkbook, document: Document) -> None:
        self.book, self.document = book, document
        self.styles: dict[tuple[ColumnKind, bool], Style] = {}
        self.head = book.add_format(_HEAD)
        self.plain = book.add_format({**_LOOK, "text_wrap": True})
        self.quiet = book.add_format({**_LOOK, "text_wrap": True, "italic": True, "font_color": "#5A5A55"})
        self.bold = book.add_format({**_LOOK, "text_wrap": True, "bold": True, "font_size": 12})
        self.names: set[str] = set()

    def write(self) -> None:
        document = self.document
        self.book.set_properties(
            {
                "title": document.title,
                "subject": document.about,
                "author": document.made_by,
                "created": document.made_at.replace(tzinfo=None),
            }
        )
        self._summary()
        for section in document.sections:
            if section.table is not None and section.table.rows:
                self._table(section, section.table)

    def _summary(self) -> None:
        """What the report says in words, section by section."""
        document, sheet = self.document, self.book.add_worksheet(self._name(self.document.title))
        sheet.set_column(0, 0, WIDE)
        lines: list[tuple[str, Style]] = [(document.title, self.bold), (document.about, self.quiet)]
        lines += [(text, self.plain) for text in document.lede]
        lines += [(f"{label}: {value}", self.plain) for value, label in document.figures]
        for section in document.sections:
            lines += [(section.title, self.bold), *((text, self.plain) for text in section.sentences)]
            if section.note:
                lines.append((section.note, self.quiet))
        for num, (text, style) in enumerate(lines):
            sheet.write_string(num, 0, cell_text(text), style)
            sheet.set_row(num, height_of(most_lines([(text, WIDE)])) + (4 if style is self.bold else 0))
        self._lay_out(sheet, landscape=False)

    def _table(self, section: Section, table: Table) -> None:
        sheet = self.book.add_worksheet(self._name(section.title))
        sheet.write_string(NOTE_ROW, 0, cell_text(section.note or section.title), self.quiet)
        for col, column in enumerate(table.columns):
            sheet.set_column(col, col, column.width)
            sheet.write_string(HEAD_ROW, col, cell_text(column.title), self.head)
        for num, row in enumerate(table.rows, HEAD_ROW + 1):
            for col, (column, cell) in enumerate(zip(table.columns, row.cells, strict=True)):
                self._cell(sheet, num, col, column.kind, cell)
        sheet.freeze_panes(HEAD_ROW + 1, 1)
        sheet.autofilter(HEAD_ROW, 0, HEAD_ROW + len(table.rows), len(table.columns) - 1)
        self._lay_out(sheet, landscape=True)

    def _cell(self, sheet: Worksheet, num: int, col: int, kind: ColumnKind, cell: Cell) -> None:
        kind, value = cell if isinstance(cell, Figure) else (kind, cell)
        if isinstance(value, date):
            value = excel_date(value)
        if value is None or value == "":
            sheet.write_blank(num, col, None, self._style(kind))
        elif isinstance(value, str):
            sheet.write_string(num, col, cell_text(value), self._style(ColumnKind.TEXT, escape(value) != value))
        elif isinstance(value, datetime):
            sheet.write_datetime(num, col, value, self._style(kind))
        else:
            sheet.write_number(num, col, value, self._style(kind))

    def _style(self, kind: ColumnKind, is_quoted: bool = False) -> Style:
        """A cell's format, made once; quoted is text that stays text even when somebody edits its cell."""
        if (kind, is_quoted) not in self.styles:
            look = {**_LOOK, "num_format": _FORMATS.get(kind, "General"), "text_wrap": kind is ColumnKind.TEXT}
            if is_quoted:
                look["quote_prefix"] = True
            if kind in (ColumnKind.DATE, ColumnKind.INSTANT):
                look["align"] = "left"
            self.styles[kind, is_quoted] = self.book.add_format(look)
        return self.styles[kind, is_quoted]

    def _lay_out(self, sheet: Worksheet, *, landscape: bool) -> None:
        if landscape:
            sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)
        sheet.set_footer("&R&P / &N")

    def _name(self, title: str) -> str:
        """A sheet's name: at most as long as Excel allows, and no two alike."""
        name, number = sheet_name(title), 1
        while name.casefold() in self.names:
            number += 1
            name = f"{sheet_name(title)[:27]} {number}"
        self.names.add(name.casefold())
        return name
