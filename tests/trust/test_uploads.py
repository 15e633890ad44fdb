"""Uploads are bounded: whatever is in a file, the answer is a sentence, nothing is written, the next file is read."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
import rows
from databases import on_both
from markup import parse
from pages import CheckedClient
from programs import Program
from snapshots import differences, snapshot
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from planner.exchange import bounded
from planner.exchange.bounded import Bounds
from planner.models import RoleName, User, Workspace
from planner.services.planning import files

PROBLEM, PLAN = "problem", "plan"
DOORS = [(kind, door) for kind in (PROBLEM, PLAN) for door in ("page", "api")]
NOTED = frozenset({"last_used_at"})  # a token's use is noted, whatever became of it
MANY = 16 * 2**20 - 4096  # with what a form says beside the file, just under the largest upload


def of(kind: str, inner: str = "") -> bytes:
    """A document of a kind, with something in it."""
    return f'{{"schema": "staffing-{kind}/1", {inner}}}'.encode()


# What is in the file, and what of the sentence says so in English and in French.
NASTY: dict[str, tuple[bytes, str, str]] = {
    "empty": (b"", "line 1, column 1 is not JSON", "ligne 1, colonne 1"),
    "blank": (b" \n\t ", "is not JSON", "n’est pas du JSON"),
    "only a mark": (b"\xef\xbb\xbf", "line 1, column 1 is not JSON", "ligne 1, colonne 1"),
    "half": (b'{"schema": "staffing-pr', "is not JSON", "n’est pas du JSON"),
    "deep": (b"[" * 100_000, "nested too deeply", "imbriqué trop profondément"),
    "deep and closed": (b"[" * 100_000 + b"]" * 100_000, "nested too deeply", "imbriqué trop profondément"),
    "deep objects": (b'{"a":' * 100_000, "nested too deeply", "imbriqué trop profondément"),
    "deep and large": (b"[" * MANY, "nested too deeply", "imbriqué trop profondément"),
    "bad UTF-8": (b'{"schema": "\xff\xfe"}', "byte 12 is not UTF-8", "octet 12"),
    "half a letter": (b'{"schema": "\xed\xa0\x80"}', "byte 12 is not UTF-8", "octet 12"),
    "UTF-16": ('{"schema": "é"}'.encode("utf-16"), "byte 0 is not UTF-8", "octet 0"),
    "UTF-32": ('{"schema": "é"}'.encode("utf-32-le"), "is not UTF-8", "n’est pas du texte UTF-8"),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "byte 0 is not UTF-8", "octet 0"),
    "list": (b"[]", "a list is not an object", "n’est pas un objet"),
    "null": (b"null", "None is not an object", "n’est pas un objet"),
    "text": (b'"staffing-problem/1"', "is not an object", "n’est pas un objet"),
    "NaN": (b"NaN", "nan is not an object", "n’est pas un objet"),
    "infinity": (b"-Infinity", "-inf is not an object", "n’est pas un objet"),
    "huge number": (b"9" * 10_000, "a huge number is not an object", "n’est pas un objet"),
    "huge float": (b"1e" + b"9" * 10_000, "inf is not an object", "n’est pas un objet"),
    "key said twice": (b'{"schema": 1, "schema": 2}', "the key is there twice", "la clé figure deux fois"),
    "other schema": (b'{"schema": "staffing-problem/99"}', 'staffing-problem/99" is not', "n’est pas"),
    "little in much": (b'[{"":0}' + b',{"":0}' * (MANY // 7 - 1) + b"]", "memory", "mémoire"),
}


class Doors(NamedTuple):
    """Both ways in, for one user."""

    program: Program
    client: CheckedClient
    engine: Engine

    def bring(self, kind: str, door: str, data: bytes) -> TestResponse:
        """Uploads a file."""
        if door == "api":
            return (
                self.program.put("/problem?is_replacing=true", data)
                if kind == PROBLEM
                else self.program.post("/plans/document?title=Mine", data)
            )
        path = "/staffing-problem/open" if kind == PROBLEM else "/staffing-problem/plan-file"
        said = {"file": (io.BytesIO(data), "file.json"), "is_replacing": "y", "title": "Mine"}
        answer = self.client.send(path, said)
        answer.request.environ["wsgi.input"].close()  # a test client keeps a large body in a file
        return answer

    def sentence(self, door: str, answer: TestResponse) -> str:
        """What an answer that refuses says."""
        if door == "api":
            return str(answer.json["message"])
        return " ".join(" ".join(node.text for node in parse(answer.text).root.all("main")).split())

    def assert_refused(self, kind: str, door: str, data: bytes, *words: str) -> None:
        """Holds where a file is refused with all these words, and leaves no trace."""
        before = snapshot(self.engine)
        answer = self.bring(kind, door, data)
        assert answer.status_code == (409 if door == "page" else 422), (kind, door, answer.status_code, answer.text)
        said = self.sentence(door, answer)
        assert all(word in said for word in words), (kind, door, said)
        assert differences(before, snapshot(self.engine), but=NOTED) == {}

    def assert_good_files_are_taken(self) -> None:
        """Holds where a good file of each kind is taken at each door."""
        for kind, door in DOORS:
            answer = self.bring(kind, door, self.good(kind))
            assert answer.status_code == {"page": 303, "api": 200 if kind == PROBLEM else 201}[door], answer.text

    def good(self, kind: str) -> bytes:
        """The workspace as it is, or a plan of it that leaves every seat open."""
        problem = self.program.get("/problem").json
        return json.dumps(problem if kind == PROBLEM else plan_of(problem["name"])).encode()

    def speak(self, language: str) -> None:
        """From now on the user reads this language."""
        self.program.language = language
        with Session(self.engine) as session:
            session.execute(update(User).values(locale=language))
            session.commit()


def plan_of(name: str, **changes: Any) -> dict[str, Any]:
    """The smallest plan of a problem."""
    plan = {
        "schema": "staffing-plan/1", "problem": name, "status": "feasible", "objective": 0, "bound": None,
        "seconds": 1, "phases": [], "assignments": [], "hires": [], "unfilled": [], "conflict": [],
    }  # fmt: skip
    return plan | changes


@pytest.fixture
def doors(program: Program, client_of: Callable[..., CheckedClient], session: Session, database: str) -> Doors:
    rows.world(session)
    session.commit()
    client = client_of(RoleName.OPERATIONS)
    return Doors(program, client, client.application.extensions["planner_engine"])


@pytest.mark.parametrize("name", NASTY)
def test_nasty_file_is_refused_in_words_and_leaves_no_trace(doors: Doors, name: str) -> None:
    data, english, french = NASTY[name]
    for kind, door in DOORS:
        doors.assert_refused(kind, door, data, english)
    doors.speak("fr")
    for door in ("page", "api"):
        doors.assert_refused(PROBLEM, door, data, french)
    doors.assert_good_files_are_taken()


ODD = {
    "takes too long": ("sleep", "takes too long to read", "est trop long à lire"),
    "computes for ever": ("spin", "takes too long to read", "est trop long à lire"),
    "takes all memory": ("take_memory", "takes too much memory", "demande trop de mémoire"),
    "is killed": ("die", "could not be read", "n’a pas pu être lu"),
    "crashes": ("crash", "could not be read", "n’a pas pu être lu"),
    "has a mistake": ("fail", "could not be read", "n’a pas pu être lu"),
    "says too much": ("chatter", "too large to be read", "est trop volumineux"),
}


@pytest.mark.parametrize("name", ODD)
def test_reader_that_fails_is_survived(doors: Doors, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    reader, english, french = ODD[name]
    with monkeypatch.context() as patched:
        patched.setattr(files, "PROBLEM_READER", f"odd_readers:{reader}")
        patched.setattr(files, "PLAN_READER", f"odd_readers:{reader}")
        patched.setattr(bounded, "USUAL", Bounds(limit_s=0.5) if "long" in english else Bounds())
        good = {kind: doors.good(kind) for kind in (PROBLEM, PLAN)}
        for kind, door in DOORS:
            doors.assert_refused(kind, door, good[kind], english)
        doors.speak("fr")
        doors.assert_refused(PROBLEM, "page", good[PROBLEM], french)
        doors.assert_refused(PLAN, "api", good[PLAN], french)
    doors.assert_good_files_are_taken()


@pytest.mark.parametrize(("kind", "door"), DOORS)
def test_file_larger_than_an_upload_may_be_is_refused(doors: Doors, kind: str, door: str) -> None:
    before = snapshot(doors.engine)
    answer = doors.bring(kind, door, b" " * (16 * 2**20 + 1))
    assert answer.status_code == 413
    assert "larger than this planner accepts" in doors.sentence(door, answer)
    assert differences(before, snapshot(doors.engine), but=NOTED) == {}


@on_both
def test_mark_of_byte_order_is_no_fault(doors: Doors) -> None:
    for kind, door in DOORS:
        answer = doors.bring(kind, door, b"\xef\xbb\xbf" + doors.good(kind))
        assert answer.status_code < 400, answer.text


@pytest.mark.parametrize(("kind", "door"), DOORS)
def test_nobody_waits_while_a_file_is_read(doors: Doors, monkeypatch: pytest.MonkeyPatch, kind: str, door: str) -> None:
    """Another connection writes while the child reads: SQLite would refuse it if the request held its lock."""
    data, read = doors.good(kind), bounded.read

    def read_slowly(target: str, *parts: bytes) -> Any:
        with Session(doors.engine.execution_options(planner_writes=True)) as other:
            other.execute(update(Workspace).values(name=f"Renamed while {kind} {door}"))
            other.commit()
        return read(target, *parts)

    monkeypatch.setattr(bounded, "read", read_slowly)
    assert doors.bring(kind, door, data).status_code < 400
    with Session(doors.engine) as session:
        assert kind == PROBLEM or session.get_one(Workspace, 1).name == f"Renamed while {kind} {door}"


FIGURES = {
    "bound past all numbers": {"bound": 10**30},
    "bound of ten thousand digits": {"bound": int("9" * 4000)},
    "bound just too large": {"bound": 2**63},
    "objective past all numbers": {"objective": 10**30, "bound": 10**31},
    "endless seconds": {"seconds": float("inf")},
    "seconds past all clocks": {"seconds": 1e300},
    "no seconds": {"seconds": float("nan")},
    "start past all numbers": {"phases": [{"phase": "x", "start": 10**30}]},
    "half a letter in a reason": {"unfilled": "reasons"},
    "half a letter in a title": {"problem": "\ud800"},
}


@on_both
@pytest.mark.parametrize("name", FIGURES)
def test_plan_with_odd_figures_is_refused(doors: Doors, name: str) -> None:
    problem = doors.program.get("/problem").json
    changes = dict(FIGURES[name])
    if changes.get("unfilled"):
        changes["unfilled"] = [{"seat": seat_of(problem), "reasons": ["\ud800"], "reason_codes": []}]
    before = snapshot(doors.engine)
    for door in ("page", "api"):
        answer = doors.bring(PLAN, door, json.dumps(plan_of(problem["name"], **changes)).encode())
        assert answer.status_code in (409, 422), answer.text
    assert differences(before, snapshot(doors.engine), but=NOTED) == {}


HUGE, NUL, HALF = 10**400, "\0", "\ud800"
ODD_REASONS: list[dict[str, Any]] = [
    {"code": "all_busy", "params": {"people": [{"person": 3}], "num": 1}},
    {"code": "not_available", "params": {"from": 10**18, "to": 10**18, "num": 1}},
    {"code": "not_available", "params": {"from": -(10**18), "to": 10**18, "num": HUGE}},
    {"code": "rule_blocks", "params": {"phase": "x", "rule_index": 10**9, "num": 1}},
    {"code": "rule_blocks", "params": {"phase": [], "rule_index": {}, "num": 1}},
    {"code": "too_expensive", "params": {"max_cost": "ten", "cheapest": float("nan")}},
    {"code": "too_expensive", "params": {"max_cost": 1e308, "cheapest": -1e308}},
    {"code": "nobody_has_skill", "params": {"skill": HALF, "level": 1, "best": 1, "num_one_short": 1}},
    {"code": "nobody_has_skill", "params": {"skill": NUL, "level": NUL, "best": [[[[[[]]]]]], "num_one_short": {}}},
    {"code": "tag_missing", "params": {"tag": 5}},
    {"code": "any_of_missing", "params": {"group": 5}},
    {"code": "nobody_has_all_musts", "params": {"num_per_must": {"": HUGE, " ": None}}},
    {"code": ["not", "a", "text"], "params": "none"},
    {"code": NUL, "params": {"%": "%s %(x)s"}},
]
ODD_TRACE: list[Any] = [
    {"seconds": "x", "objective": [], "bound": {}, "filled": None, "source": 3},
    {"seconds": float("nan"), "objective": 1, "bound": None, "filled": 0, "source": "x"},
    {"seconds": -1, "objective": 1, "bound": None, "filled": 0, "source": "x"},
    {"seconds": 1, "objective": HUGE, "bound": HUGE, "filled": 0, "source": "x"},
    {"seconds": 1, "objective": 1, "bound": 2, "filled": 0, "source": NUL},
    {"seconds": 1, "objective": 1, "bound": 2, "filled": 0, "source": HALF},
    {"seconds": True, "objective": True, "bound": True, "filled": True, "source": "x"},
    None,
    [],
]


@on_both
def test_plan_whose_words_are_odd_is_shown_on_every_page(doors: Doors) -> None:
    """What another tool says beside its plan is kept as far as it can be said again, and breaks no page or export."""
    problem = doors.program.get("/problem").json
    words = [f"In words {n} \0 <b>%s" for n in range(99)]
    seat = {"seat": seat_of(problem), "reasons": words, "reason_codes": ODD_REASONS}
    said = plan_of(problem["name"], unfilled=[seat], trace=ODD_TRACE, seconds=1e9, bound=2**63 - 1)
    kept = doors.bring(PLAN, "api", json.dumps(said).encode())
    assert kept.status_code == 201, kept.text
    plan = f"/plans/{kept.json['id']}"
    assert [point["source"] for point in doors.program.get(f"{plan}/progress").json["trace"]] == [NUL]
    for path in ("", "/people", f"/seats/{seat_of(problem)}"):
        assert doors.client.get(plan + path).status_code == 200, path
    assert doors.client.get(f"{plan}/progress").status_code == 404
    for kind in ("xlsx", "csv", "pdf", "ics", "json"):
        for edition in ("organisers", "members"):
            answer = doors.program.get(f"{plan}/export?format={kind}&edition={edition}")
            assert answer.status_code == 200, (kind, answer.text)


@on_both
def test_problem_whose_words_are_odd_is_kept_or_refused(doors: Doors) -> None:
    """Zero bytes, half letters and figures at their limits, in every text and number of the document."""
    problem = doors.program.get("/problem").json
    for text in ("a\0b", HALF, "\x1b[31m", "\u202e", "x" * 10**5):
        for door in ("page", "api"):
            said = {**problem, "name": text, "people": [{**one, "name": text} for one in problem["people"]]}
            answer = doors.bring(PROBLEM, door, json.dumps(said).encode())
            assert answer.status_code in (200, 303, 409, 422), (text[:9], answer.status_code)
            assert doors.client.get("/people").status_code == 200
    doors.assert_good_files_are_taken()


def seat_of(problem: dict[str, Any]) -> str:
    """Any seat of a problem."""
    return str(problem["projects"][0]["phases"][0]["seats"][0]["id"])
