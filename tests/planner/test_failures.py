"""Why a plan failed: kept as a code and values, said in the reader's language at both doors; old texts stay."""

from __future__ import annotations

import ast
import html
import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import build
import pytest
import rows
from flask import Flask
from pages import CheckedClient
from programs import Program
from sqlalchemy.orm import Session

from planner.models import Job, JobState, Plan, PlanState, Removal, RoleName, User
from planner.services.planning.causes import Cause, broken, cause, columns_of
from planner.wording import CAUSES, failure_sentence
from solver.check import violations
from solver.solution import Solution

PLANNER = Path(__file__).parents[2] / "planner"
NO_RATE = cause("rate_is_missing", currency="XXX")
SAID: dict[str, tuple[Cause, str, str]] = {
    "interrupted": (
        cause("interrupted", attempts=3, reason=cause("process_died", status=-9)),
        "The solver was interrupted 3 times, the last time: the solver’s process ended with status -9.",
        "Le solveur a été interrompu 3 fois, la dernière fois : le processus du solveur s’est terminé avec le statut",
    ),
    "silent": (
        cause("interrupted", attempts=3, reason=cause("no_heartbeat")),
        "The solver was interrupted 3 times, the last time: its worker gave no sign of life.",
        "Le solveur a été interrompu 3 fois, la dernière fois : son processus de travail n’a plus donné signe de vie.",
    ),
    "no question": (
        cause("no_question", reason=NO_RATE),
        "No question can be made of what is there: There is no exchange rate for XXX. Enter one first.",
        "Ce qui est là ne permet pas de poser une question : Il n’y a pas de taux de change pour XXX.",
    ),
    "broken rules": (
        broken(violations(build.problem(), Solution({}, {"elsewhere": "ann", "dev": "bo"}))),
        "is shown to nobody: The plan fills elsewhere, a seat that nobody asked for. The plan gives the seat",
        "n’est montrée à personne : Le plan pourvoit elsewhere, un poste que personne n’a demandé.",
    ),
    "error": (cause("error", error="OSError: 100 % full"), "OSError: 100 % full", "OSError: 100 % full"),
}


@pytest.fixture
def plan(session: Session) -> Plan:
    found: Plan = rows.world(session)["plan"]
    found.state = PlanState.FAILED
    session.commit()
    return found


def read(client: CheckedClient, path: str) -> str:
    return html.unescape(client.get(path).text)


@pytest.fixture
def reader_of(
    session: Session, user: Callable[..., User], client_of: Callable[..., CheckedClient]
) -> Callable[[str], CheckedClient]:
    """A browser of somebody who reads this language."""

    def make(language: str) -> CheckedClient:
        someone = user(RoleName.OPERATIONS)
        someone.locale = language
        session.commit()
        return client_of(as_user=someone)

    return make


def fail(session: Session, plan: Plan, **columns: Any) -> None:
    """The plan and a job of it, failed for this reason."""
    for name, value in columns.items():
        setattr(plan, name, value)
    session.add(Job(plan_id=plan.id, state=JobState.FAILED, **columns))
    session.commit()


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(("why", "english", "french"), SAID.values(), ids=SAID)
def test_reason_is_said_in_the_readers_language_at_both_doors(
    reader_of: Callable[[str], CheckedClient],
    program: Program,
    session: Session,
    plan: Plan,
    language: str,
    why: Cause,
    english: str,
    french: str,
) -> None:
    fail(session, plan, **columns_of(why))
    words = {"en": english, "fr": french}[language]
    browser, program.language = reader_of(language), language
    told = program.get(f"/plans/{plan.id}").json
    assert words in told["failure"]
    assert told["failure_code"] == why["code"]
    assert [one["failure"] for one in program.get("/plans").json["items"]] == [told["failure"]]
    assert told["failure"] in read(browser, f"/plans/{plan.id}")
    assert told["failure"] in read(browser, "/jobs")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_text_from_before_there_were_codes_stays_as_it_was(
    reader_of: Callable[[str], CheckedClient], program: Program, session: Session, plan: Plan, language: str
) -> None:
    old = "The solver was interrupted 3 times, the last time: its worker gave no sign of life."
    fail(session, plan, failure=old)
    browser, program.language = reader_of(language), language
    told = program.get(f"/plans/{plan.id}").json
    assert (told["failure"], told["failure_code"]) == (old, None)
    assert all(old in read(browser, path) for path in (f"/plans/{plan.id}", "/jobs"))


def test_cause_that_only_a_newer_worker_knows_is_shown_by_its_code(
    ops: CheckedClient, program: Program, session: Session, plan: Plan
) -> None:
    fail(session, plan, **columns_of(cause("interrupted", attempts=3, reason=cause("moon_is_full", percent=100))))
    sentence = "The solver was interrupted 3 times, the last time: moon_is_full."
    assert program.get("/plans").json["items"][0]["failure"] == sentence
    assert sentence in read(ops, "/jobs")


@pytest.mark.parametrize(("language", "words"), [("en", "no reason was kept"), ("fr", "aucun motif n’a été conservé")])
def test_plan_that_kept_no_reason_says_so(
    reader_of: Callable[[str], CheckedClient], plan: Plan, language: str, words: str
) -> None:
    assert words in read(reader_of(language), f"/plans/{plan.id}")


def test_plan_that_was_removed_before_there_were_codes_comes_back_with_its_text(
    ops: CheckedClient, session: Session, plan: Plan
) -> None:
    plan.failure = "It failed long ago."
    session.commit()
    ops.send(f"/plans/{plan.id}/remove")
    removal = session.query(Removal).order_by(Removal.id.desc()).first()
    assert removal is not None
    kept = json.loads(zlib.decompress(removal.rows))
    old = [(name, [{k: v for k, v in row.items() if not k.startswith("failure_")} for row in rows_of])
           for name, rows_of in kept["rows"]]  # fmt: skip
    assert old != [tuple(one) for one in kept["rows"]]
    removal.rows = zlib.compress(json.dumps({**kept, "rows": old}).encode())
    session.commit()
    ops.send(f"/account/removals/{removal.id}/restore", page="/plans")
    assert "It failed long ago." in ops.get(f"/plans/{plan.id}").text


def test_every_cause_has_its_words(app: Flask) -> None:
    """A code that is written somewhere and has no words would break the page of whoever looks for the reason."""
    calls = [
        (path.name, node.args[0])
        for path in PLANNER.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "cause"
    ]
    codes = {code.value for _file, code in calls if isinstance(code, ast.Constant)}
    assert codes == CAUSES.keys()
    computed = [file for file, code in calls if not isinstance(code, ast.Constant)]
    assert sorted(computed) == ["plans.py", "solving.py"], "codes that a verb's Refused says too"


def test_nothing_is_said_of_what_did_not_fail(app: Flask) -> None:
    with app.test_request_context():
        assert failure_sentence(Plan(**columns_of(None))) == ""
