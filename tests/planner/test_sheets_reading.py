"""Spreadsheets of anybody's: each kind is read as it shows, each bad one gets its sentence and nothing else."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import bad_sheets as bad
import pytest
import xlsxwriter
from flask import Flask
from pages import CheckedClient
from ready import ready_plan
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.exchange.sheets import limits
from planner.exchange.sheets.limits import Unreadable
from planner.exchange.sheets.reading import Book, Fault, read_pasted, read_workbook
from planner.models import Plan, RoleName, SheetReturn, User
from planner.services.refused import Refused
from planner.wording import refusal_sentence
from planner.words.sheets import cell_sentence, note_sentence

ONE = bad.row('A1|t="str"|<v>Ann</v>')
PARTS = dict(bad.parts_of(ONE))
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'


def rows(data: bytes, name: str = "") -> list[list[Any]]:
    return read_workbook(data, name).sheets[0].rows


def with_parts(num: int) -> bytes:
    return bad.packed({**PARTS, **{f"xl/media/{one}.txt": "" for one in range(num)}})


def million_rows() -> bytes:
    return bad.xlsx("".join(f'<row r="{num}"><c r="A{num}"><v>1</v></c></row>' for num in range(1, 1_000_001)))


# what is bad, and the beginning of what is said of it; each is small, and made when its turn comes
BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "entity bomb": (lambda: bad.xlsx(ONE, declares=LAUGHS), "The file declares XML entities"),
    "entity bomb in ods": (lambda: bad.ods("", declares=LAUGHS), "The file declares XML entities"),
    "cell of a gibibyte": (bad.huge_cell, "The file unpacks to far more"),
    "cell of a gibibyte that says it is small": (
        lambda: bad.lying_about_its_size(bad.huge_cell(2**26), "xl/worksheets/sheet1.xml", 1000),
        "The file is damaged",
    ),
    "million rows": (million_rows, "The sheet “People” has more than 50000 rows"),
    "million rows of csv": (lambda: b"a,b\n" * 1_000_000, "The sheet “” has more than 50000 rows"),
    "cell at XFD1048576": (
        lambda: bad.xlsx(bad.row("XFD1048576||<v>1</v>", num=1_048_576)),
        "The sheet “People” has more than 50000 rows",
    ),
    "cell at XFD1": (lambda: bad.xlsx(bad.row("XFD1||<v>1</v>")), "The sheet “People” reaches further"),
    "cells that say no place": (
        lambda: bad.xlsx("<row>" + "<c><v>1</v></c>" * 600 + "</row>"),
        "The sheet “People” reaches further",
    ),
    "many cells": (
        lambda: bad.xlsx(bad.row("GR1||<v>1</v>") + bad.row("A49999||<v>1</v>", num=49_999)),
        "The file has more than 1000000 cells",
    ),
    "repeated cells of ods": (
        lambda: bad.ods(
            '<table:table-row table:number-rows-repeated="1000000"><table:table-cell office:value-type="float" '
            'office:value="1"/></table:table-row>'
        ),
        "The sheet “People” has more than 50000 rows",
    ),
    "hundred thousand entries": (lambda: with_parts(100_000), "The file is packed from more than"),
    "name that leads out": (
        lambda: bad.packed({**PARTS, "../../etc/passwd": "x"}),
        "A part of the file is named to lead out",
    ),
    "name from the root": (lambda: bad.packed({**PARTS, "/etc/passwd": "x"}), "A part of the file is named to lead"),
    "name with backslashes": (lambda: bad.packed({**PARTS, "..\\x": "x"}), "A part of the file is named to lead"),
    "bad index of a shared text": (
        lambda: bad.xlsx(bad.row('A1|t="s"|<v>7</v>'), strings=("Ann",)),
        "The workbook is damaged: one of its cells points to a text",
    ),
    "locked workbook": (
        lambda: bad.compound({"EncryptedPackage": b"x", "EncryptionInfo": b"y"}),
        "The file is protected by a password",
    ),
    "locked old workbook": (lambda: bad.xls(bad.number(0, 0, 1), locked=True), "The file is protected by a password"),
    "locked ods": (
        lambda: bad.ods("", manifest='<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/>'
                        "</manifest:file-entry>"),
        "The file is protected by a password",
    ),
    "nothing": (lambda: b"", "There is nothing in this file"),
    "nothing but blanks": (lambda: b" \r\n\t\r\n", "There is nothing in this file"),
    "sheet without rows": (lambda: bad.xlsx(""), "There is nothing in this file"),
    "torn zip": (lambda: bad.xlsx(ONE)[:-200], "The file is damaged"),
    "bytes of a part changed": (lambda: _spoilt(bad.xlsx(ONE)), "The file is damaged"),
    "xml that ends early": (
        lambda: bad.packed({**PARTS, "xl/workbook.xml": "<workbook><sheets>"}),
        "The file is damaged",
    ),
    "compound file of nothing": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "The file is damaged"),
    "text with a zero": (lambda: b"name,site\nAnn\0,Paris\n", "Line 2 of the file holds a NUL"),
    "quote that never ends": (lambda: b'name,site\n"Ann,Paris\nBea,Lyon\n', "From line 2 of the file on"),
    "text longer than a cell": (lambda: b"name\n" + b"a" * 200_000, "Row 2 of the file holds a text that is longer"),
    "web page": (lambda: b"<html><table><tr><td>Ann</td></tr></table></html>", "This is a web page"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "This is not a spreadsheet"),
    "noise": (lambda: bytes(range(256)) * 20, ""),
    "binary workbook": (lambda: bad.packed({"xl/workbook.bin": "x"}), "This is a binary workbook"),
    "other packed file": (lambda: bad.packed({"word/document.xml": "<x/>"}), "This is not a spreadsheet"),
}  # fmt: skip


def _spoilt(data: bytes) -> bytes:
    at = data.index(b"sheet1.xml") + 40
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


@pytest.mark.parametrize("what", BAD)
def test_bad_file_gets_its_sentence(app: Flask, what: str) -> None:
    make, sentence = BAD[what]
    data = make()
    assert len(data) < 12 * 2**20
    with pytest.raises(Unreadable) as found:
        read_workbook(data, "people.xlsx")
    with app.test_request_context():
        assert refusal_sentence(Refused(found.value.code, **found.value.params)).startswith(sentence)


@pytest.mark.parametrize("what", BAD)
def test_bad_file_is_refused_at_the_door_and_nothing_is_written(
    client_of: Callable[..., CheckedClient], session: Session, user: Callable[..., User], what: str
) -> None:
    plan = ready_plan(session, user(RoleName.PROJECT_MANAGER))
    pm = client_of(RoleName.PROJECT_MANAGER)
    plan_id, make = plan.id, BAD[what][0]
    session.commit()
    page = f"/plans/{plan_id}/sheets/add"
    body, kind = _form({"csrf_token": pm.token(page)}, make())
    answer = pm.post(page, data=body, content_type=kind)
    assert answer.status_code == 422
    assert BAD[what][1] in answer.text
    assert session.scalar(select(func.count()).select_from(SheetReturn)) == 0
    assert session.get_one(Plan, plan_id).version == plan.version


def _form(said: dict[str, str], data: bytes) -> tuple[bytes, str]:
    """A form with a file as a browser sends it; the test client would leave a temporary file behind."""
    lines = [f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in said.items()]
    head = '--x\r\nContent-Disposition: form-data; name="file"; filename="people.xlsx"\r\n\r\n'
    return "".join(lines).encode() + head.encode() + data + b"\r\n--x--\r\n", "multipart/form-data; boundary=x"


def test_file_larger_than_is_read_is_refused_unread() -> None:
    with pytest.raises(Unreadable, match="sheet_file_too_large"):
        read_workbook(b"a" * (limits.MOST_BYTES + 1), "x.csv")


# -- cells that have no value to take


def test_cell_without_a_value_is_told_at_its_place(app: Flask) -> None:
    book = read_workbook(
        bad.xlsx(
            bad.row('A1|t="str"|<v>Ann</v>', 'B1|t="e"|<v>#REF!</v>', "C1||<f>1+1</f>", "D1||<f>1+1</f><v>2</v>")
            + bad.row("A2||<v>NaN</v>", "B2||<v>1e999</v>", f"C2|{bad.DATE}|<v>60</v>", 'D2|t="e"|<v>#N/A</v>', num=2)
            + bad.row('A3|t="str"|<f>"a"</f><v></v>', "B3||<f>1+1</f><v/>", num=3)
        )
    )
    assert book.sheets[0].rows[0][0] == "Ann"
    assert book.sheets[0].rows[0][3] == 2
    assert [(place.ref, place.fault.code) for place in book.faults()] == [
        ("B1", "cell_is_error"),
        ("C1", "cell_has_no_result"),
        ("A2", "cell_is_no_number"),
        ("B2", "cell_is_no_number"),
        ("C2", "cell_is_no_sure_date"),
        ("D2", "cell_is_error"),
        ("B3", "cell_has_no_result"),
    ]
    with app.test_request_context():
        sentences = [cell_sentence(place.fault) for place in book.faults()]
    assert sentences[0] == "The cell shows the error #REF!."
    assert "a formula whose result is not in the file" in sentences[1]
    assert sentences[2] == "The cell holds nan, which is not a number."


@pytest.mark.parametrize("text", ["#REF!", "#N/A", "#DIV/0!", "#NAME?"])
def test_error_in_csv_is_told_as_one(text: str) -> None:
    assert rows(f"a,b\n1,{text}\n".encode())[1][1] == Fault("cell_is_error", text)


def test_error_in_old_workbook_and_in_ods_is_told_as_one() -> None:
    assert rows(bad.xls(bad.text(0, 0, "Ann"), bad.error(0, 1, 23)))[0] == ["Ann", Fault("cell_is_error", "#REF!")]
    table = (
        '<table:table-row><table:table-cell office:value-type="string"><text:p>Ann</text:p></table:table-cell>'
        '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" '
        'calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell></table:table-row>'
    )
    assert rows(bad.ods(table))[0] == ["Ann", Fault("cell_is_error", "#DIV/0!")]


def test_both_date_bases_give_the_day_that_is_shown() -> None:
    cell = bad.row(f"A1|{bad.DATE}|<v>45000</v>")
    assert rows(bad.xlsx(cell))[0][0] == date(2023, 3, 15)
    assert rows(bad.xlsx(cell, is_1904=True))[0][0] == date(2027, 3, 16)
    assert rows(bad.xls(bad.number(0, 0, 45000, style=1)))[0][0] == date(2023, 3, 15)
    assert rows(bad.xls(bad.number(0, 0, 45000, style=1), is_1904=True))[0][0] == date(2027, 3, 16)


def test_day_that_never_was_is_no_date() -> None:
    """Excel counts a 29 February 1900; no cell of ours says what day it means before the first of March."""
    for serial in (1, 59, 60):
        [[cell]] = rows(bad.xlsx(bad.row(f"A1|{bad.DATE}|<v>{serial}</v>")))
        assert isinstance(cell, Fault)
    assert rows(bad.xlsx(bad.row(f"A1|{bad.DATE}|<v>61</v>")))[0][0] == date(1900, 3, 1)
    assert rows(b"day\n1900-02-29\n")[1][0] == "1900-02-29"


# -- values as they show


def test_values_are_what_the_reader_of_the_sheet_sees() -> None:
    data = bad.xlsx(
        bad.row('A1|t="s"|<v>0</v>', "B1||<v>5.0</v>", "C1||<v>0.1</v>", 'D1|t="b"|<v>1</v>', 'E1|t="str"|<v>007</v>')
        + bad.row(f"A2|{bad.DATE}|<v>45000.5</v>", "B2||<v>0.30000000000000004</v>", "C2||<v>1E+20</v>", num=2),
        strings=(" Ann ",),
    )
    assert rows(data) == [
        [" Ann ", 5, 0.1, True, "007"],
        [datetime.fromisoformat("2023-03-15T12:00"), 0.3, 1e20, None, None],
    ]
    assert isinstance(rows(data)[0][1], int)


def test_rows_keep_their_place() -> None:
    found = rows(bad.xlsx(bad.row("C3||<v>1</v>", num=3)))
    assert (len(found), found[2][2]) == (3, 1)
    assert all(cell is None for row in found[:2] for cell in row)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_csv_is_read_in_any_delimiter_and_encoding(delimiter: str, encoding: str) -> None:
    lines = [["Name", "Rôle", "Note"], ["Zoé", "développeuse", "une, deux; trois"], ["Ann", "“SEO”", ""]]
    text = "\r\n".join(delimiter.join(f'"{c}"' if delimiter in c else c for c in line) for line in lines)
    assert rows(text.encode(encoding), "people.csv") == [*lines[:2], ["Ann", "“SEO”", None]]


def test_delimiter_that_the_file_names_is_taken() -> None:
    assert rows(b"sep=;\r\na,b;c\r\n1,5;2\r\n") == [["a,b", "c"], ["1,5", "2"]]


def test_decimal_commas_do_not_hide_the_semicolon() -> None:
    assert rows(b"name;rate;share\nAnn;1,5;2,5\nBea;1,0;3,0\n")[1] == ["Ann", "1,5", "2,5"]


def test_what_is_copied_in_excel_keeps_breaks_within_cells() -> None:
    book = read_pasted('Name\tNote\r\nAnn\t"one\ntwo ""x"""\r\n5" pipe\t"half\r\n')
    assert book.sheets[0].rows[:2] in ([["Name", "Note"], ["Ann", 'one\ntwo "x"']], [["Name", "Note"], ["Ann", '"one']])
    assert read_pasted("Ann\nBéa\n").sheets[0].rows == [["Ann"], ["Béa"]]
    assert read_pasted('a\tb\n"x\ny"\t2\n').sheets[0].rows == [["a", "b"], ["x\ny", "2"]]


def test_quoted_break_keeps_its_row_together() -> None:
    assert rows(b'a,b\n"one\ntwo",3\n') == [["a", "b"], ["one\ntwo", "3"]]


# -- what a file is, whatever it is called


def notes(app: Flask, book: Book) -> list[str]:
    with app.test_request_context():
        return [note_sentence(note) for note in book.notes]


def test_wrong_ending_is_told_and_the_file_read_as_what_it_is(app: Flask) -> None:
    book = read_workbook(b"name,site\nAnn,Paris\n", "people.xlsx")
    assert book.sheets[0].rows[1] == ["Ann", "Paris"]
    assert notes(app, book) == ["The file is called .xlsx but is a text with delimiters; it was read as what it is."]
    assert read_workbook(bad.xlsx(ONE), "people.csv").notes[0].kind == "xlsx"
    assert read_workbook(bad.xlsx(ONE), "people.xlsx").notes == ()
    with pytest.raises(Unreadable, match="file_is_no_sheet"):
        read_workbook(b"print('hello')", "x.py")


def test_macros_are_named_and_never_run(app: Flask) -> None:
    book = read_workbook(bad.packed({**PARTS, "xl/vbaProject.bin": b"\0macro"}), "people.xlsm")
    assert book.sheets[0].rows == [["Ann"]]
    assert notes(app, book) == ["The file holds macros. Only its values were read; nothing in it was run."]


def test_hidden_sheets_are_not_read_as_lists() -> None:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        book.add_worksheet("People").write(0, 0, "Ann")
        hidden = book.add_worksheet("Secret")
        hidden.write(0, 0, "x")
        hidden.hide()
    assert [sheet.name for sheet in read_workbook(data.getvalue()).sheets] == ["People"]


def test_ten_thousand_rows_of_twenty_columns_are_read_in_two_seconds() -> None:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("People")
        for row in range(10_000):
            for col in range(20):
                sheet.write(row, col, f"text {row} {col}" if col % 3 else row * 1.5)
    times = []
    for _ in range(3):
        began = time.process_time()
        found = rows(data.getvalue())
        times.append(time.process_time() - began)
    assert (len(found), len(found[0]), found[9_999][1]) == (10_000, 20, "text 9999 1")
    assert min(times) < 2, times
