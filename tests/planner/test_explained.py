"""Answers in words: every branch of every kind of answer, in both languages, with nothing left to fill in."""

from __future__ import annotations

import re
from typing import Any

import build
import pytest

from planner.exchange import Words
from planner.exchange.explained import Explained, asked, considered, explained
from planner.models import now
from planner.translate import PlanMeta, report
from planner.translate.report import PlanReport
from solver.problem import Limits, Problem
from solver.search import Options, solve

NOTHING = {"least": None, "most": None}
MOVES = [["dev", "ann", "bob"], ["copy", "bob", None], ["copy", None, "new.1"]]


def claim(kind: str, **said: Any) -> dict[str, Any]:
    usual = {"seat": None, "person": None, "phase": None, "project": None, "name": "", "what": (), "index": None}
    return usual | {"kind": kind, "value": None} | said


CLAIMS = [
    claim("must", seat="dev", name="skill", what=["sql"], value=2),
    claim("must", seat="dev", name="style", what=["empathy"]),
    claim("must", seat="dev", name="tag", what=["site:Lyon"]),
    claim("must", seat="dev", name="any_of", what=["lang:fr", "lang:de"]),
    claim("must", seat="dev", name="max_cost", value=100),
    claim("ban", seat="dev", person="ann"),
    claim("pin", seat="dev", person="ann"),
    claim("team_rule", phase="build", index=0, name="apart"),
    claim("budget", project="site", value=1000),
    claim("all_or_nothing", project="site"),
    claim("limit", name="max_hires", value=1),
    claim("limit", name="hire_budget", value=1000),
    claim("limit", name="budget", value=1000),
    claim("limit", name="max_changes", value=2),
    claim("window", phase="build"),
    claim("order", phase="build"),
    claim("time", what=["ann", "bob", "p3", "p4", "p5", "p6", "p7"]),
    claim("filled", seat="dev"),
]
FIGURES = [
    {"least": 5, "most": 5},
    {"least": -5, "most": 9},
    {"least": 1, "most": None},
    {"least": None, "most": 2},
    NOTHING,
]


def why(**said: Any) -> dict[str, Any]:
    usual = {"seat": "dev", "person": "bob", "is_holder": False, "holder": "ann", "waived": [], "is_possible": True}
    terms = {"fill": [10, 5], "money": [-3, 0], "hiring": [0, 0]}
    return usual | {"loss": FIGURES[0], "terms": terms, "moves": MOVES, "shifts": [["build", 0, 2]]} | said


def way(kind: str, **said: Any) -> dict[str, Any]:
    usual = {"kind": kind, "gain": FIGURES[1], "holder": "bob", "num_filled": 1, "moves": MOVES, "start": 2}
    return usual | {"claims": CLAIMS[:5], "eased": CLAIMS[:5], "profile": None} | said


PROFILE = {"skills": {"sql": 2}, "styles": {"empathy": 3.5}, "tags": ["lang:fr"], "cost": 1, "hire_cost": 2}
NOBODY = {"seat": "copy", "is_hopeless": False, "num_people": 2, "num_removed": 1, "num_scored": 1}
WAYS = [way("free"), way("relax"), way("lift"), way("move"), way("hire", holder="new.1", profile=PROFILE)]
END = {"far": 0, "holds": 0, "breaks": None, "moves": []}
UP = {"far": 1000, "holds": 130, "breaks": 131, "moves": MOVES}
HALF = {"far": 1000, "holds": 130, "breaks": 200, "moves": MOVES[:1]}
UNTRIED = {"far": 1000, "holds": 100, "breaks": None, "moves": []}
RANGES = [
    {"weight": "fill", "now": 100, "down": END, "up": UP},
    {"weight": "fit", "now": 100, "down": HALF, "up": UNTRIED},
    {"weight": "style", "now": 100, "down": END, "up": {**END, "far": 1000, "holds": 1000}},
]
MARKS = {"filled": 2, "fit": 951, "cost": 1000, "finish": 6}
OTHER = {"aim": "cost", "marks": MARKS, "objective": 99, "moves": MOVES, "holders": {}, "starts": {}}
UNKNOWN = {"person": "bob", "kind": "style", "name": "empathy", "gain": FIGURES[1], "moves": []}

ANSWERS: list[tuple[str, dict[str, Any]]] = [
    *(("why", why(loss=loss)) for loss in (*FIGURES, {"least": 0, "most": 0}, {"least": -4, "most": -4})),
    *(
        ("why", why(waived=CLAIMS, loss=loss))
        for loss in (FIGURES[0], {"least": 0, "most": 0}, {"least": -4, "most": -4})
    ),
    *(("why", why(is_holder=True, person="ann", loss=loss)) for loss in (FIGURES[0], {"least": 0, "most": 0})),
    ("why", why(is_holder=True, person="ann", loss={"least": -4, "most": -4}, moves=[["dev", "ann", None]])),
    ("why", why(is_possible=False)),
    ("why", why(is_possible=None)),
    ("nobody", {**NOBODY, "conflict": CLAIMS, "ways": WAYS}),
    ("nobody", {**NOBODY, "conflict": CLAIMS[:1], "ways": []}),
    ("nobody", {**NOBODY, "conflict": [], "ways": WAYS[:1]}),
    ("nobody", {**NOBODY, "conflict": None, "ways": []}),
    ("nobody", {**NOBODY, "is_hopeless": True, "conflict": None, "ways": WAYS[4:]}),
    ("prices", {"best": 1, "bound": 1, "prices": []}),
    (
        "prices",
        {
            "prices": [
                {"claim": one, "gain": FIGURES[n % 5], "moves": MOVES, "is_solved": n % 2 == 0}
                for n, one in enumerate(CLAIMS)
            ]
        },
    ),
    ("prices", {"prices": [{"claim": CLAIMS[0], "gain": {"least": 0, "most": 0}, "moves": [], "is_solved": False}]}),
    ("others", {"given": MARKS, "objective": 100, "differ": 3, "plans": []}),
    ("others", {"given": {**MARKS, "finish": 0}, "objective": 100, "differ": 3, "plans": [OTHER] * 3}),
    ("weights", {"is_best": True, "better_by": FIGURES[0], "ranges": RANGES}),
    ("weights", {"is_best": True, "better_by": FIGURES[0], "ranges": RANGES[2:]}),
    ("weights", {"is_best": False, "better_by": FIGURES[0], "ranges": []}),
    ("weights", {"is_best": None, "better_by": NOTHING, "ranges": []}),
    ("unknowns", {"unknowns": [], "num_left_out": 0}),
    (
        "unknowns",
        {
            "unknowns": [
                UNKNOWN | {"changes_at": [1.0, 4.0], "is_settled": True},
                UNKNOWN | {"changes_at": [4.0, 4.0], "is_settled": True},
                UNKNOWN | {"changes_at": None, "is_settled": True},
                UNKNOWN | {"changes_at": None, "is_settled": False},
            ],
            "num_left_out": 3,
        },
    ),
    ("unknowns", {"unknowns": [UNKNOWN | {"changes_at": None, "is_settled": True}], "num_left_out": 0}),
]


def studio() -> Problem:
    dev = build.seat("dev", title="Developer", skills=(build.skill("sql", 2),), to=6)
    copy = build.seat("copy", title="Copywriter", to=6)
    rules = (build.rule("apart", people=("ann", "bob")),)
    phase = build.phase("build", dev, copy, latest=3, team_rules=rules)
    people = (build.person("ann", skills={"sql": 3}), build.person("bob", cost=10))
    return build.problem(*people, projects=(build.project("site", phase),), limits=Limits(max_hires=1))


@pytest.fixture(scope="module")
def told() -> PlanReport:
    problem = studio()

    return report(problem, solve(problem, Options(time_limit_s=4, workers=1)), PlanMeta(generated_at=now()))


def texts(answer: Explained) -> list[str]:
    cells = [cell.text for table in answer.tables for row in (*table.rows, table.total) for cell in row]
    heads = [text for table in answer.tables for text, _is_figure in table.heads]
    return [answer.sentence, *answer.more, *answer.demands, *cells, *heads, *(table.caption for table in answer.tables)]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(("kind", "document"), ANSWERS)
def test_every_answer_is_said_in_full(told: PlanReport, kind: str, document: dict[str, Any], language: str) -> None:
    answer = explained(kind, document, told, Words(language))
    assert answer.sentence
    for text in texts(answer):
        assert not re.search(r"%\(|None", text), text
    for table in answer.tables:
        for row in table.rows:
            assert len(row) == len(table.heads)
        assert len(table.total) in (0, len(table.heads))


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("kind", ["why", "nobody", "prices", "others", "weights", "unknowns"])
def test_every_question_is_said_in_full(told: PlanReport, kind: str, language: str) -> None:
    said = {"seat": "dev", "person": "bob"}
    sentence = asked(kind, said, told, Words(language))
    assert "%(" not in sentence
    assert sentence.endswith("?")


def test_interval_is_said_as_one(told: PlanReport) -> None:
    answer = explained("why", why(loss={"least": 3, "most": 9}), told, Words("en"))
    assert "loses 3 to 9 points" in answer.sentence
    assert answer.is_open
    exact = explained("why", why(loss={"least": 1, "most": 1}), told, Words("en"))
    assert "loses 1 point." in exact.sentence
    assert not exact.is_open


def test_terms_add_up_to_the_difference(told: PlanReport) -> None:
    [terms, _moves] = explained("why", why(), told, Words("en")).tables
    assert [cell.text for cell in terms.total] == ["Together", "7", "5", "\N{MINUS SIGN}2"]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_everyone_considered_is_said_in_full(told: PlanReport, language: str) -> None:
    codes = [
        ("skill", ["sql"], 2),
        ("style", ["empathy"], None),
        ("tag", ["lang:fr"], None),
        ("any_of", ["a", "b"], None),
    ]
    codes += [("max_cost", [], 100), ("ban", [], None), ("time", [], None)]
    sieves = [
        {
            "code": code,
            "what": what,
            "value": value,
            "low": 2.0,
            "high": 4.5,
            "num_first": 1,
            "num_alone": 2,
            "num_only": 1,
        }
        for code, what, value in codes
    ]
    people = [("ann", True, []), ("bob", False, ["copy"]), ("cy", False, [])]
    scored = [
        {"person": who, "points": 5, "is_mentored": not busy, "is_holder": holds, "busy_on": busy}
        for who, holds, busy in people
    ]
    document = {"seat": "dev", "num_people": 10, "num_removed": 7, "sieves": sieves, "scored": scored}
    answer = considered(document, told, Words(language))
    assert not [text for text in texts(answer) if "%(" in text or "None" in text]
    assert sum(int(row[1].text) for row in answer.tables[0].rows) == int(answer.tables[0].total[1].text)
