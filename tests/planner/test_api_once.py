"""Idempotency keys: a request that is sent again is done once, and answered alike; nothing in between loses that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import rows
from databases import on_both
from flask import Flask
from programs import Program
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, sessionmaker

from planner.api import once
from planner.models import Candidate, KeptAnswer, Skill, User, now
from planner.schemas.hiring_rights import ErasedSaid
from planner.services.account import answers
from planner.services.hiring import erasing

SAID = {"name": "Search ads"}


def skills(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count(Skill.id))) or 0


@on_both
def test_request_that_is_sent_again_is_answered_alike_and_done_once(program: Program, session: Session) -> None:
    first = program.post("/skills", SAID, Idempotency_Key="one")
    again = program.post("/skills", SAID, Idempotency_Key="one")
    assert (again.status_code, again.data) == (first.status_code, first.data) == (201, first.data)
    assert once.REPLAYED not in first.headers
    assert again.headers[once.REPLAYED] == "true"
    assert {name: again.headers[name] for name in ("Location", "ETag", "Content-Type")} == {
        name: first.headers[name] for name in ("Location", "ETag", "Content-Type")
    }
    assert skills(session) == 1


@on_both
def test_of_sixteen_who_send_the_same_at_once_one_does_it(app: Flask, session: Session, user: Any) -> None:
    someone: User = user(rows.RoleName.OPERATIONS)
    program = Program(app, someone)

    def send(_n: int) -> Any:
        return Program.post(program, "/skills", SAID, Idempotency_Key="one")

    with ThreadPoolExecutor(16) as threads:
        found = list(threads.map(send, range(16)))
    statuses = Counter(answer.status_code for answer in found)
    assert set(statuses) <= {201, 409}
    assert statuses[201] >= 1
    assert len({answer.data for answer in found if answer.status_code == 201}) == 1
    assert {answer.json["code"] for answer in found if answer.status_code == 409} <= {"still_running"}
    assert all(answer.headers["Retry-After"] for answer in found if answer.status_code == 409)
    assert skills(session) == 1


def test_key_names_one_request(program: Program, session: Session) -> None:
    program.post("/skills", SAID, Idempotency_Key="one")
    for path, said in (("/skills", {"name": "Other"}), ("/skills?x=1", SAID), ("/sites", SAID)):
        refused = program.post(path, said, Idempotency_Key="one")
        assert (refused.status_code, refused.json["code"]) == (422, "key_used_before"), path
    assert skills(session) == 1


def test_key_is_one_token_s_own(program_of: Callable[..., Program], session: Session) -> None:
    mine, yours = program_of(), program_of()
    assert mine.post("/skills", SAID, Idempotency_Key="one").status_code == 201
    assert yours.post("/skills", {"name": "Other"}, Idempotency_Key="one").status_code == 201
    assert skills(session) == 2


@pytest.mark.parametrize("key", [" ", "x" * 201])
def test_key_that_is_none_is_refused_and_nothing_done(program: Program, session: Session, key: str) -> None:
    refused = program.post("/skills", SAID, Idempotency_Key=key)
    assert (refused.status_code, refused.json["code"]) == (400, "key_missing")
    assert skills(session) == 0


def test_refused_request_may_be_sent_again_under_its_key(program: Program, session: Session) -> None:
    assert program.post("/skills", {"name": ""}, Idempotency_Key="one").status_code == 422
    assert program.post("/skills", SAID, Idempotency_Key="one").status_code == 201
    assert program.post("/people/987654/absences", {}, Idempotency_Key="two").status_code == 404
    assert session.scalars(select(KeptAnswer.status)).all() == [201]


def test_request_that_breaks_did_nothing_and_may_be_sent_again(
    app: Flask, program: Program, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with monkeypatch.context() as patched:
        patched.setattr("planner.api.asking.said", broken)
        assert program.post("/skills", SAID, Idempotency_Key="one").status_code == 500
    assert skills(session) == 0
    assert program.post("/skills", SAID, Idempotency_Key="one").status_code == 201


def broken(*_args: Any, **_kwargs: Any) -> Any:
    raise ZeroDivisionError


@on_both
def test_what_was_done_and_never_answered_is_not_done_again(
    app: Flask, program: Program, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The power fails between the commit and the answer."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with monkeypatch.context() as patched:
        patched.setattr("planner.api.routes.shown", broken)
        assert program.post("/skills", SAID, Idempotency_Key="one").status_code == 500
    assert skills(session) == 1
    again = program.post("/skills", SAID, Idempotency_Key="one")
    assert (again.status_code, again.json["code"]) == (409, "still_running")
    session.execute(update(KeptAnswer).values(done_at=now() - answers.LONGEST, begun_at=now() - answers.LONGEST))
    session.commit()
    again = program.post("/skills", SAID, Idempotency_Key="one")
    assert (again.status_code, again.json["code"]) == (409, "done_unanswered")
    assert skills(session) == 1


def test_claim_of_a_request_that_died_is_given_free(program: Program, session: Session) -> None:
    program.post("/skills", SAID, Idempotency_Key="one")
    session.execute(update(KeptAnswer).values(status=None, body=None, done_at=None))
    session.execute(delete(Skill))
    session.commit()
    waiting = program.post("/skills", SAID, Idempotency_Key="one")
    assert (waiting.status_code, waiting.json["code"]) == (409, "still_running")
    session.execute(update(KeptAnswer).values(begun_at=now() - answers.LONGEST - timedelta(seconds=1)))
    session.commit()
    assert program.post("/skills", SAID, Idempotency_Key="one").status_code == 201


def test_answers_are_forgotten_after_a_day(program: Program, session: Session) -> None:
    program.post("/skills", SAID, Idempotency_Key="one")
    session.execute(update(KeptAnswer).values(begun_at=now() - answers.KEPT_FOR - timedelta(seconds=1)))
    session.commit()
    assert program.post("/skills", {"name": "Other"}, Idempotency_Key="two").status_code == 201
    session.rollback()
    assert len(session.scalars(select(KeptAnswer)).all()) == 1
    taken = program.post("/skills", SAID, Idempotency_Key="one")
    assert (taken.status_code, taken.json["code"]) == (409, "skill_is_there")


def test_erasing_somebody_empties_what_was_answered(
    program: Program, session: Session, sessions: sessionmaker[Session]
) -> None:
    added = program.post("/candidates", {"name": "Zoé Rare"}, Idempotency_Key="one")
    assert added.status_code == 201
    with sessions() as other:
        assert "Rare" in (other.scalars(select(KeptAnswer.body)).one() or b"").decode()
        erasing.erase(other, other.get_one(Candidate, added.json["id"]), ErasedSaid(reason="asked"), by=None)
        other.commit()
        assert other.scalars(select(KeptAnswer.body)).all() == [None]
    again = program.post("/candidates", {"name": "Zoé Rare"}, Idempotency_Key="one")
    assert (again.status_code, again.json["code"]) == (409, "done_unanswered")


def test_row_that_is_still_the_same_is_not_sent_again(program: Program) -> None:
    path = program.post("/skills", SAID).headers["Location"].removeprefix("/api/v1")
    first = program.get(path)
    same = program.get(path, If_None_Match=first.headers["ETag"])
    assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert program.get(path, If_None_Match='"1-other", W/' + first.headers["ETag"]).status_code == 304
    assert program.get(path, If_None_Match='"1-other"').status_code == 200
    edited = program.put(path, {"name": "Paid search"}, If_Match=first.headers["ETag"])
    assert edited.status_code == 200
    anew = program.get(path, If_None_Match=first.headers["ETag"])
    assert (anew.status_code, anew.json["name"]) == (200, "Paid search")


def test_copy_in_which_something_beside_the_row_has_changed_is_sent_again(program: Program, session: Session) -> None:
    """A requisition shows a number of its own version; a candidate shows the person, whose version is another."""
    world = rows.world(session)
    path = f"/candidates/{world['candidate'].id}"
    first = program.get(path)
    session.execute(update(rows.Person).where(rows.Person.id == world["candidate"].person_id).values(name="Renamed"))
    session.commit()
    anew = program.get(path, If_None_Match=first.headers["ETag"])
    assert (anew.status_code, anew.json["name"]) == (200, "Renamed")


def test_list_leads_to_its_other_pages(program: Program, session: Session) -> None:
    session.add_all(Skill(key=f"k{n}", name=f"Skill {n:03}") for n in range(60))
    session.commit()
    seen: list[str] = []
    path: str | None = "/skills?sort=-name&size=25"
    while path is not None:
        answer = program.get(path)
        seen += [row["name"] for row in answer.json["items"]]
        links = {
            name.strip(' "'): address.strip(" <>")
            for address, name in (one.split("; rel=") for one in answer.headers["Link"].split(","))
        }
        assert {"first", "last"} <= set(links)
        path = links["next"].partition("/api/v1")[2] if "next" in links else None
    assert seen == [f"Skill {n:03}" for n in reversed(range(60))]
    assert "prev" in links
    assert program.get("/skills", If_None_Match=program.get("/skills").headers["ETag"]).status_code == 304
