"""Tasks of different teams that seem to be the same: found quickly, with reasons, and judged by a person once."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from boards import add, team
from pages import CheckedClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import PairKind, RoleName, Task, TaskPair
from planner.schemas.work_boards import BoardSaid
from planner.services.work import alike, boards
from planner.services.work.alike import Piece

FROM, TO = date(2027, 1, 4), date(2027, 1, 29)


def piece(ident: int, title: str, **changes: Any) -> Piece:
    said = {"text": "", "team": ("team", ident), "client": "nord", "from_on": FROM, "to_on": TO}
    return Piece(id=ident, title=title, **said | changes)


def found(*pieces: Piece) -> list[tuple[int, int]]:
    return [(one.task_id, one.other_id) for one in alike.likenesses(pieces)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Interview guide for German households", "Interview guide for households in Germany"),
        ("Write the landing page for spring", "Spring landing page: write it"),
        ("Rédiger la page d’accueil", "rediger la page d'accueil"),
        ("Newsletter January", "Newsleter January"),
    ],
)
def test_same_work_in_other_words_is_found(one: str, other: str) -> None:
    assert found(piece(1, one), piece(2, other)) == [(1, 2)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Write the landing page", "Book the train to Hamburg"),
        ("Report for January", "Contract for the print shop"),
    ],
)
def test_other_work_is_not_found(one: str, other: str) -> None:
    assert found(piece(1, one), piece(2, other)) == []


@pytest.mark.parametrize(
    ("changes", "is_found"),
    [
        ({}, True),
        ({"team": ("team", 1)}, False),
        ({"client": "sud"}, False),
        ({"client": ""}, True),
        ({"from_on": TO + timedelta(days=1), "to_on": None}, False),
        ({"from_on": TO, "to_on": None}, True),
        ({"from_on": None, "to_on": FROM - timedelta(days=1)}, False),
        ({"from_on": None, "to_on": None}, True),
    ],
)
def test_team_client_and_weeks_decide(changes: dict[str, Any], is_found: bool) -> None:
    assert bool(found(piece(1, "Interview guide"), piece(2, "Interview guide", **changes))) is is_found


def test_texts_count_for_three_tenths() -> None:
    title = "Interview guide for households"
    same, other = piece(2, title, text="Forty questions about pots"), piece(3, title, text="Zebra quorum jinx")
    (like,) = alike.likenesses([piece(1, title, text="Forty questions about pots"), same])
    assert (like.score, like.title_pct, like.text_pct) == (100, 100, 100)
    (like,) = alike.likenesses([piece(1, title, text="Forty questions about pots"), other])
    assert like.score == round(70 + 0.3 * (like.text_pct or 0))
    assert alike.likenesses([piece(1, title), other])[0].text_pct is None


def test_two_thousand_tasks_are_compared_in_a_blink() -> None:
    """Many share words: thirty words make all titles. The planted pairs are found among them, and quickly."""
    turn = random.Random(7)
    trades = ("write", "check", "plan", "draft", "report", "newsletter", "landing", "page", "banner", "video", "survey")
    things = ("guide", "client", "brief", "budget", "media", "search", "social", "audit", "tracking", "contract")
    words = [*trades, *things, "kick-off", "workshop", "persona", "brand", "logo", "photo", "print", "event", "press"]
    pieces = [piece(n, " ".join(turn.sample(words, 5)), client=f"c{n % 12}") for n in range(1, 1981)]
    planted = []
    for n in range(10):
        title = f"Zanzibar {n} market entry checklist {words[n]}"
        planted.append((5000 + 2 * n, 5001 + 2 * n))
        pieces += [piece(planted[-1][0], title), piece(planted[-1][1], title.replace("checklist", "check-list"))]
    began = time.process_time()
    pairs = set(found(*pieces))
    took = time.process_time() - began
    assert set(planted) <= pairs
    assert took < 2.0


def test_filing_by_rare_words_misses_nothing_that_all_comparisons_would_find() -> None:
    """On titles that share words as real ones do, meeting by rare words finds what comparing everything finds."""
    turn = random.Random(3)
    nouns = [f"{a}{b}" for a in ("market", "brand", "media", "price", "shop") for b in ("ing", "er", "s", "al", "")]
    pieces = [piece(n, " ".join(turn.sample(nouns, 4))) for n in range(150)]
    pieces += [piece(200 + n, f"{pieces[n].title} {turn.choice(nouns)}") for n in range(40)]
    met = {(one.task_id, one.other_id) for one in alike.likenesses(pieces)}
    filed_under = alike.FILED_UNDER
    try:
        alike.FILED_UNDER = 99
        every = {(one.task_id, one.other_id) for one in alike.likenesses(pieces)}
    finally:
        alike.FILED_UNDER = filed_under
    assert len(every - met) <= len(every) // 20
    assert {(n, 200 + n) for n in range(40)} <= met


def test_page_points_out_why_and_remembers_what_was_said(
    client_of: Callable[..., CheckedClient], session: Session
) -> None:
    here = team(session)
    requests = boards.add_board(session, BoardSaid(name="Requests"))
    one = add(session, here.board, "Interview guide for households", text="An hour", due_on=TO)
    other = add(session, requests, "Interview guide for a household", text="An hour", due_on=TO)
    ops = client_of(RoleName.OPERATIONS)
    page = ops.get("/alike").text
    assert all(words in page for words in ("<b>1 pair</b>", "texts 100 % alike", "client not said"))
    assert "Another team seems to do the same" in ops.get(f"/tasks/{one.id}").text
    said = {"other_id": str(other.id), "version": str(one.version)}
    assert ops.send(f"/tasks/{one.id}/apart", said, page="/alike").status_code == 303
    assert "No two tasks" in ops.get("/alike").text
    session.expire_all()
    assert session.scalars(select(TaskPair.kind)).all() == [PairKind.NOT_ALIKE]


def test_who_owns_one_of_two_may_not_merge_the_other(client_of: Callable[..., CheckedClient], session: Session) -> None:
    mine, theirs = team(session), team(session)
    one, other = add(session, mine.board, "Guide"), add(session, theirs.board, "Guide")
    pm = client_of(as_user=mine.pm)
    said = {"other_id": f"{other.id} · Guide", "version": "1"}
    assert pm.send(f"/tasks/{one.id}/merge", said).status_code == 403
    session.expire_all()
    assert session.scalars(select(Task.merged_into_id)).all() == [None, None]


def test_duplicate_is_merged_on_its_page(client_of: Callable[..., CheckedClient], session: Session) -> None:
    here = team(session)
    requests = boards.add_board(session, BoardSaid(name="Requests"))
    one = add(session, here.board, "Interview guide", actual_h=2)
    other = add(session, requests, "Interview guide", actual_h=1.5, checklist=[{"text": "Consent"}])
    ops = client_of(RoleName.OPERATIONS)
    path = f"/tasks/{other.id}/merge?other={one.id}"
    assert f'value="{one.id} · Interview guide"' in ops.get(path).text
    answer = ops.save(path)
    assert (answer.status_code, answer.location) == (303, f"/tasks/{one.id}")
    page = ops.get(answer.location).text
    assert "3.5 h spent" in page
    assert "was merged into this" in page
    assert f'href="/tasks/{one.id}"' in ops.get(f"/tasks/{other.id}").text
