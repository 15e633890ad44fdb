"""A file of several sheets: one is guessed, another is chosen by whoever reads it, at both doors."""

from __future__ import annotations

import base64
import io
import re

import openpyxl
import pytest
from bringing import post, send_file
from pages import CheckedClient
from programs import Program
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import ImportDraft, Person

PARIS = [["Name", "Notice"], ["Anna", 2]]
LYON = [["Name"], ["Bea"], ["Cleo"]]
NOTES = [["Nothing of use"], ["stands here"]]


def workbook(**sheets: list[list[object]]) -> bytes:
    book, data = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.worksheets[0])
    for title, cells in sheets.items():
        page = book.create_sheet(title)
        for row in cells:
            page.append(row)
    book.save(data)
    return data.getvalue()


@pytest.fixture
def address(ops: CheckedClient) -> str:
    """A file with three sheets, read by the second, which has most of the columns."""
    return send_file(ops, "people", workbook(Notes=NOTES, Paris=PARIS, Lyon=LYON), "staff.xlsx")


def columns_page(client: CheckedClient, address: str) -> str:
    return client.get(f"{address}/columns").text


def guessed(page: str) -> tuple[str, list[str]]:
    """The sheet that is read, and what its columns were taken for."""
    sheet = re.search(r'<option value="\d+" selected>([^<]*)<', page)
    return sheet[1] if sheet else "", re.findall(r'<option selected value="([^"]+)"', page)


def test_sheet_with_most_known_columns_is_read_and_another_can_be_chosen(
    ops: CheckedClient, session: Session, address: str
) -> None:
    assert guessed(columns_page(ops, address)) == ("Paris", ["name", "notice_periods"])
    assert post(ops, address, "sheet", f"{address}/columns", sheet="2").status_code == 303
    page = columns_page(ops, address)
    assert guessed(page) == ("Lyon", ["name"])
    assert "2 rows" in page
    assert post(ops, address, "columns", f"{address}/columns", **{"columns-0": "name"}).status_code == 303
    shown = ops.get(address).text
    assert "staff.xlsx, Lyon" in shown
    assert post(ops, address, "run").status_code == 303
    session.rollback()
    assert session.scalars(select(Person.name).order_by(Person.name)).all() == ["Bea", "Cleo"]
    assert session.scalars(select(ImportDraft.cells)).all() == [None]


def test_what_was_found_in_one_sheet_is_not_shown_of_another(ops: CheckedClient, address: str) -> None:
    assert post(ops, address, "columns", f"{address}/columns", **{"columns-0": "name"}).status_code == 303
    assert "Anna" in ops.get(address).text
    assert post(ops, address, "sheet", f"{address}/columns", sheet="2").status_code == 303
    assert ops.get(address).location == f"{address}/columns"


@pytest.mark.parametrize("said", ["3", "-1", "", "Lyon", "9" * 30])
def test_sheet_that_is_not_there_is_refused_with_the_names_of_those_that_are(
    ops: CheckedClient, address: str, said: str
) -> None:
    assert post(ops, address, "sheet", f"{address}/columns", sheet=said).status_code == 303
    page = columns_page(ops, address)
    assert "It has: “Notes”, “Paris”, “Lyon”." in page
    assert guessed(page)[0] == "Paris"


def test_sheet_is_not_chosen_over_what_somebody_said_since(ops: CheckedClient, address: str) -> None:
    page = f"{address}/columns"
    old = re.search(r'name="version" value="(\d+)"', columns_page(ops, address))
    assert old
    assert post(ops, address, "sheet", page, sheet="2").status_code == 303
    assert ops.send(f"{address}/sheet", {"version": old[1], "sheet": "0"}, page=page).status_code == 303
    assert guessed(columns_page(ops, address))[0] == "Lyon"


def test_file_of_one_sheet_asks_for_none(ops: CheckedClient) -> None:
    page = columns_page(ops, send_file(ops, "people", workbook(Paris=PARIS), "staff.xlsx"))
    assert "Sheet of the file" not in page


def test_same_cells_are_known_again_in_another_file(ops: CheckedClient) -> None:
    for data in (workbook(Paris=PARIS), workbook(Lyon=LYON, Paris=PARIS)):
        address = send_file(ops, "people", data, "staff.xlsx")
        version = {"columns-0": "name", "columns-1": "notice_periods"}
        assert post(ops, address, "columns", f"{address}/columns", **version).status_code == 303
        shown = ops.get(address).text
        post(ops, address, "run")
    assert "These very cells were imported already" in shown


def test_program_names_its_sheet(program: Program) -> None:
    data = base64.b64encode(workbook(Paris=PARIS, Lyon=LYON)).decode()
    said = {"kind": "people", "file_name": "staff.xlsx", "data": data}
    made = program.post("/imports", {**said, "sheet": "Lyon"}, Idempotency_Key="a")
    assert made.json["counts"]["new"] == 2, made.text
    guess = program.post("/imports", said, Idempotency_Key="b")
    assert guess.json["counts"]["new"] == 1
    wrong = program.post("/imports", {**said, "sheet": "Nice"}, Idempotency_Key="c")
    assert wrong.status_code == 409
    assert wrong.json["errors"][0]["message"] == "The file has no such sheet. It has: “Paris”, “Lyon”."
    strange = program.put(f"/imports/{made.json['id']}/columns", {"columns": ["nmae"]}, version=made.json["version"])
    assert strange.json["errors"][0]["message"] == "There is no column called “nmae”."
