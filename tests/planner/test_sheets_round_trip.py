"""What leaves in a sheet comes back as it left: 10 000 random texts and numbers, as XLSX and as CSV."""

from __future__ import annotations

import io
import random
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook

from planner.exchange.sheets.limits import MOST_UNITS
from planner.exchange.sheets.reading import Fault, read_workbook
from planner.exchange.sheets.writing import (
    Field,
    Leaving,
    Listing,
    ListRow,
    Unwritable,
    write_annotated,
    write_csv,
    write_xlsx,
)
from planner.exchange.tables import ColumnKind
from planner.exchange.words import Words

NASTY = [
    "=1+1", "'", "''", "'=1", "+33 6 12", "-5", "@x", "|x", "%x", "\tx", "x\ty", "\r", "\n", "\r\n", "a\rb", "a\nb",
    "007", "1e5", "12345678901234567890", " lead", "trail ", " ", "_x000D_", "_x005F_x000D_", "_x0041_", "_xD83D_",
    "é", "日本語", "🙂", "👩‍💻", "\u202eabc", "\u200b", "\ufeff", "\x01", "\x1f", "\x7f", "\x85", "\x9f",
    "\u2028", "#REF!", "#N/A", "TRUE", "2026-03-16", '"', '""', '"a', 'a"b', "a,b", "a;b", "<r>x</r>", "<b>&amp;",
    "]]>", "−5", "＝1", "\xa0x", "Id (E1)", "sep=;", "e\u0301",
]  # fmt: skip
LEAVING = Leaving("E7-0F3A", "c0ffee", ("Made from the list of people.",))
KINDS = (ColumnKind.TEXT, ColumnKind.NUMBER)


def random_text(rng: random.Random) -> str:
    alphabet = "aZ09 =+-@'\"\t\r\n,;|_x<>&é日🙂\x01\x1b\x7f\u2028\ufeff"
    kind = rng.random()
    if kind < 0.3:
        return rng.choice(NASTY) + rng.choice(["", "a", " ", *NASTY])
    return "".join(rng.choice(alphabet) for _ in range(rng.randint(1, 12)))


def random_number(rng: random.Random) -> float:
    kind = rng.random()
    if kind < 0.4:
        return rng.randint(-(10**15) + 1, 10**15 - 1)
    value = float(f"{rng.uniform(-1, 1) * 10.0 ** rng.randint(-9, 12):.15g}")
    return int(value) if value.is_integer() else value


def listing(rows: list[tuple[object, ...]], kinds: tuple[ColumnKind, ...] = KINDS) -> Listing:
    fields = tuple(Field(f"f{num}", f"Field {num}", kind) for num, kind in enumerate(kinds))
    return Listing("Rows", fields, tuple(ListRow(f"r{num}", row) for num, row in enumerate(rows)))  # type: ignore[arg-type]


def random_rows() -> list[tuple[object, ...]]:
    rng = random.Random(5)
    rows: list[tuple[object, ...]] = [(text, 1) for text in NASTY]
    return rows + [(random_text(rng), random_number(rng)) for _ in range(10_000 - len(rows))]


def test_ten_thousand_texts_and_numbers_come_back_from_xlsx() -> None:
    rows = random_rows()
    book = read_workbook(write_xlsx(listing(rows), LEAVING, Words()), "rows.xlsx")
    assert book.code == "E7-0F3A"
    assert book.stamp is not None
    assert (book.stamp.checksum, len(book.stamp.ids)) == ("c0ffee", len(rows))
    found = [tuple(row) for row in book.sheets[0].rows[1:]]
    assert found == [(*row, f"r{num}") for num, row in enumerate(rows)]
    assert [type(row[1]) for row in found] == [type(row[1]) for row in rows]


def test_ten_thousand_texts_and_numbers_come_back_from_csv() -> None:
    rows = random_rows()
    book = read_workbook(write_csv(listing(rows), LEAVING), "rows.csv")
    assert (book.code, book.stamp) == ("E7-0F3A", None)
    found = book.sheets[0].rows[1:]
    assert [row[0] for row in found] == [row[0] for row in rows]
    assert [float(str(row[1])) for row in found] == [row[1] for row in rows]
    assert [row[2] for row in found] == [f"r{num}" for num in range(len(rows))]


def test_number_and_text_that_look_alike_stay_two_things() -> None:
    book = read_workbook(write_xlsx(listing([("-5", -5), ("5.0", 5), ("007", 7)]), LEAVING, Words()))
    assert [row[:2] for row in book.sheets[0].rows[1:]] == [["-5", -5], ["5.0", 5], ["007", 7]]


def test_longest_text_comes_back_and_a_longer_one_is_refused() -> None:
    longest = "é🙂" * (MOST_UNITS // 3)
    for write in (lambda one: write_xlsx(one, LEAVING, Words()), lambda one: write_csv(one, LEAVING)):
        assert read_workbook(write(listing([(longest, 1)]))).sheets[0].rows[1][0] == longest
        with pytest.raises(Unwritable, match="too_long"):
            write(listing([(longest + "aaa", 1)]))


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "\ufffe", "\uffff"])
def test_text_that_no_sheet_can_hold_is_refused(text: str) -> None:
    with pytest.raises(Unwritable, match="text_cannot_be_written"):
        write_xlsx(listing([(text, 1)]), LEAVING, Words())
    with pytest.raises(Unwritable, match="text_cannot_be_written"):
        write_csv(listing([(text, 1)]), LEAVING)


def test_number_with_more_digits_than_a_sheet_keeps_leaves_as_text() -> None:
    numbers = [0.1 + 0.2, 12345678901234567890, 2**53 + 1]
    book = read_workbook(write_xlsx(listing([("a", one) for one in numbers]), LEAVING, Words()))
    assert [row[1] for row in book.sheets[0].rows[1:]] == [repr(one) for one in numbers]
    with pytest.raises(Unwritable, match="not_finite"):
        write_xlsx(listing([("a", float("nan"))]), LEAVING, Words())


def test_dates_and_truths_come_back_as_what_they_are() -> None:
    rows: list[tuple[object, ...]] = [(date(2026, 3, 16), True), (date(2024, 2, 29), False), (None, None)]
    book = read_workbook(write_xlsx(listing(rows, (ColumnKind.DATE, ColumnKind.TEXT)), LEAVING, Words()))
    assert [tuple(row[:2]) for row in book.sheets[0].rows[1:]] == rows


def test_workbook_saved_as_csv_elsewhere_loses_no_apostrophe() -> None:
    """Only what we escaped is taken back: the header of a workbook that became CSV says that nothing was."""
    text = "Name,Id (E7-0F3A)\r\n'quoted,r1\r\n"
    assert read_workbook(text.encode(), "people.csv").sheets[0].rows[1] == ["'quoted", "r1"]


def test_sheet_given_back_has_each_error_at_its_cell() -> None:
    rows: list[list[Any]] = [["Name", "From"], ["Ann", date(2026, 3, 16)], [Fault("cell_is_error", "#REF!"), "soon"]]
    data = write_annotated(rows, {(2, 0): "The cell shows the error #REF!.", (2, 1): "Enter a date."}, Words())
    book = load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    assert sheet["A3"].comment.text == "The cell shows the error #REF!."
    assert sheet["B3"].comment.text == "Enter a date."
    assert sheet["A2"].comment is None
    assert [[cell.value for cell in row] for row in book.worksheets[1].iter_rows()] == [
        ["A3", "The cell shows the error #REF!."],
        ["B3", "Enter a date."],
    ]
    assert read_workbook(data).sheets[0].rows[1] == ["Ann", date(2026, 3, 16)]


def test_template_has_no_id_and_offers_its_choices() -> None:
    fields = (Field("name", "Name"), Field("site", "Site", choices=("Paris", "Lyon"), about="Where they work."))
    data = write_xlsx(Listing("People", fields, (ListRow("", ("Ann", "Paris")),)), None, Words())
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["Name", "Site"]
    assert sheet["B1"].comment.text == "Where they work."
    assert [str(one.formula1) for one in sheet.data_validations.dataValidation] == ["_lists!$A$1:$A$2"]
    assert read_workbook(data).code is None
