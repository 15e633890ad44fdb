"""Feedback by sheet: read in both languages, imported at once, undone as one step; a client's own words stay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import rows
from bringing import imported, looked, run, undo, upload
from pages import CheckedClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import Feedback, FeedbackSource, RoleName, User, today

World = dict[str, Any]
HEAD = "What they said\tHow they felt\tWhen\tWho said it\tProject\tWork style"


@pytest.fixture
def world(session: Session, user: Callable[..., User]) -> World:
    world = rows.world(session, user(RoleName.PROJECT_MANAGER))
    world["project"].name, world["style"].name = "Ferries", "Care"
    session.delete(world["feedback"])
    session.commit()
    return world


def all_said(session: Session) -> list[tuple[str, int, date, str]]:
    session.rollback()
    columns = (Feedback.text, Feedback.sentiment, Feedback.said_on, Feedback.said_by)
    return [tuple(row) for row in session.execute(select(*columns).order_by(Feedback.id))]


def test_sheet_is_imported_and_undone_as_one_step(ops: CheckedClient, session: Session, world: World) -> None:
    text = f"{HEAD}\nIn time.\thappy\t2026-11-02\tHead of sales\tFerries\tCare\nToo late.\t1\t2026-11-03\t\tFerries\t"
    address = imported(ops, "feedback", text)
    assert all_said(session) == [
        ("In time.", 4, date(2026, 11, 2), "Head of sales"), ("Too late.", 1, date(2026, 11, 3), ""),
    ]  # fmt: skip
    kept = session.scalars(select(Feedback).order_by(Feedback.id)).all()
    assert [(one.project_id, one.style_id) for one in kept] == [
        (world["project"].id, world["style"].id), (world["project"].id, None),
    ]  # fmt: skip
    assert undo(ops, address).status_code == 303
    assert all_said(session) == []


def test_same_sheet_twice_changes_nothing(ops: CheckedClient, session: Session, world: World) -> None:
    text = f"{HEAD}\nIn time.\thappy\t2026-11-02\tHead of sales\tFerries\tCare"
    imported(ops, "feedback", text)
    page = ops.get(looked(ops, "feedback", text)).text
    assert "0 new rows, 0 changed, 1 unchanged, 0 refused" in page
    imported(ops, "feedback", text.replace("\thappy\t", "\tunhappy\t"))
    assert all_said(session) == [("In time.", 2, date(2026, 11, 2), "Head of sales")]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ("In time.\tdelighted\t2026-11-02\t\t\t", "“delighted” is not one of"),
        ("In time.\t-1\t2026-11-02\t\t\t", "“-1” is not one of"),
        (f"In time.\t4\t{today() + timedelta(1)}\t\t\t", "This day is still to come."),
        ("In time.\t4\t2026-11-02\t\tNowhere\t", "“Nowhere” is not known here"),
        ("\t4\t2026-11-02\tAnn\t\t", "Fill this in."),
    ],
)
def test_bad_cell_is_told_and_nothing_is_written(
    ops: CheckedClient, session: Session, world: World, cells: str, words: str
) -> None:
    address = looked(ops, "feedback", f"{HEAD}\n{cells}")
    assert words in ops.get(address).text
    assert run(ops, address).status_code == 409
    assert all_said(session) == []


def test_mixed_delimiters_are_told_with_their_row(ops: CheckedClient, session: Session, world: World) -> None:
    text = "What they said,How they felt,When\nIn time.,4,2026-11-02\nToo late.;1;2026-11-03\nWell.,5,2026-11-04"
    said = ops.send("/imports/add/feedback", {"text": text, "version": ""})
    assert said.status_code in (409, 422)
    assert "Row 3 of the file separates its cells by “;”, the others by “,”." in said.text
    assert all_said(session) == []


def test_script_in_a_sheet_is_text(ops: CheckedClient, session: Session, world: World) -> None:
    imported(ops, "feedback", f"{HEAD}\n<script>alert(1)</script>\t3\t2026-11-02\t\tFerries\t")
    assert "<script>alert" not in ops.get(f"/projects/{world['project'].id}").text


def test_clients_own_words_are_not_changed_by_a_sheet(ops: CheckedClient, session: Session, world: World) -> None:
    theirs = Feedback(text="You were late.", sentiment=1, source=FeedbackSource.LINK, said_on=date(2026, 11, 2))
    session.add(theirs)
    session.commit()
    text = f"{HEAD}\nYou were late.\tvery happy\t2026-11-02\t\t\t"
    assert "You may see this, but not change it." in ops.get(looked(ops, "feedback", text)).text


def test_who_may_not_write_feedback_down_may_not_import_it(
    client_of: Callable[..., CheckedClient], world: World
) -> None:
    assert client_of(RoleName.EXECUTIVE).get("/imports/add/feedback").status_code in (403, 404)
    assert upload(client_of(RoleName.PROJECT_MANAGER), "feedback", f"{HEAD}\nA word.\t3\t2026-11-02\t\t\t")
