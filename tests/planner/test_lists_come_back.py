"""Lists that leave and come back: what nobody changed, what one side changed, what both did, what is gone."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
import rows
from bringing import post, run, send_file, undo
from databases import on_both
from pages import CheckedClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import (
    Person,
    PersonKind,
    RoleName,
    User,
)
from planner.services.sheets.kinds import KINDS


def sheet_of(client: CheckedClient, kind: str) -> Any:
    return openpyxl.load_workbook(io.BytesIO(client.send(f"/lists/{kind}/xlsx", page="/imports").data))


def sent_back(client: CheckedClient, kind: str, book: Any) -> str:
    data = io.BytesIO()
    book.save(data)
    address = send_file(client, kind, data.getvalue(), "back.xlsx")
    assert client.save(f"{address}/columns").status_code == 303
    return address


@pytest.fixture
def three(session: Session) -> None:
    session.add_all([
        Person(key=key, name=name, kind=PersonKind.EMPLOYEE, notice_periods=1, email=f"{key}@example.com")
        for key, name in (("a", "Anna"), ("b", "Bea"), ("c", "Cleo"))
    ])  # fmt: skip
    session.commit()


def column(sheet: Any, heading: str) -> int:
    return next(cell.column for cell in sheet[1] if str(cell.value).startswith(heading))


@on_both
@pytest.mark.parametrize("is_stripped", [False, True])
def test_list_comes_back_and_only_the_true_conflict_is_asked(
    ops: CheckedClient, session: Session, three: None, is_stripped: bool
) -> None:
    book = sheet_of(ops, "people")
    sheet = book.worksheets[0]
    if is_stripped:
        del book["_planner"]
    notice, tags = column(sheet, "Notice"), column(sheet, "Tags")
    sheet.cell(2, notice).value = 5  # Anna: changed by the sheet alone
    sheet.cell(3, notice).value = 6  # Bea: changed on both sides
    sheet.cell(4, tags).value = "car"  # Cleo: another cell than the one that changes here
    for person in session.scalars(select(Person)):
        if person.name in ("Bea", "Cleo"):
            person.notice_periods = 7
    session.commit()
    address = sent_back(ops, "people", book)
    page = ops.get(address).text
    assert page.count('<fieldset class="sides">') == 1
    assert "It left as" in page
    assert run(ops, address).status_code == 409
    assert post(ops, address, "choices", **{"cell-3:notice_periods": "theirs"}).status_code == 303
    assert run(ops, address).status_code == 303
    session.rollback()
    found = {name: (notice, tags) for name, notice, tags in session.execute(
        select(Person.name, Person.notice_periods, Person.tags))}  # fmt: skip
    assert found == {"Anna": (5, []), "Bea": (7, []), "Cleo": (7, ["car"])}


def test_row_that_the_sheet_has_no_longer_goes_only_where_it_is_ticked(
    ops: CheckedClient, session: Session, three: None
) -> None:
    book = sheet_of(ops, "people")
    book.worksheets[0].delete_rows(3)
    address = sent_back(ops, "people", book)
    assert "Remove it here too" in ops.get(address).text
    bea = session.scalars(select(Person.id).where(Person.name == "Bea")).one()
    assert post(ops, address, "choices", offered=str(bea), removals=str(bea)).status_code == 303
    assert run(ops, address).status_code == 303
    session.rollback()
    assert session.scalars(select(Person.name).order_by(Person.name)).all() == ["Anna", "Cleo"]
    assert undo(ops, address).status_code == 303
    session.rollback()
    assert session.scalars(select(Person.name).order_by(Person.name)).all() == ["Anna", "Bea", "Cleo"]


def test_row_that_was_removed_here_is_told_and_left_alone(ops: CheckedClient, session: Session, three: None) -> None:
    book = sheet_of(ops, "people")
    session.delete(session.scalars(select(Person).where(Person.name == "Bea")).one())
    session.commit()
    assert "1 row of the sheet was removed here since" in ops.get(sent_back(ops, "people", book)).text


@pytest.mark.parametrize("kind", [*KINDS])
@pytest.mark.parametrize("file_format", ["xlsx", "csv"])
def test_list_that_comes_back_as_it_left_changes_nothing(
    ops: CheckedClient, session: Session, user: Callable[..., User], kind: str, file_format: str
) -> None:
    rows.world(session, user(RoleName.PROJECT_MANAGER))
    data = ops.send(f"/lists/{kind}/{file_format}", page="/imports").data
    address = send_file(ops, kind, data, f"back.{file_format}")
    assert ops.save(f"{address}/columns").status_code == 303
    page = ops.get(address).text
    assert "There is nothing to change" in page, page


@pytest.mark.parametrize("kind", [*KINDS])
@pytest.mark.parametrize("file_format", ["xlsx", "csv"])
def test_templates_are_read_with_every_column_known(ops: CheckedClient, kind: str, file_format: str) -> None:
    for language in ("en", "fr"):
        data = ops.get(f"/imports/templates/{kind}/{file_format}", headers={"Accept-Language": language}).data
        page = ops.get(send_file(ops, kind, data, f"t.{file_format}") + "/columns").text
        assert page.count("<option selected value=") == len([one for one in KINDS[kind].columns if one.name != "id"])
