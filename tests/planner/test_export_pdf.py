"""The PDF: a page of summary first, tagged for readers who listen, and nothing in it that is run."""

from __future__ import annotations

import io
import json
import random
import time
from collections.abc import Callable
from typing import Any

import agency
import build
import pypdf
import pytest
from corpus import strange_texts

from planner.exchange import ExportError, export, pdf
from planner.exchange.pdf import TEMPLATE
from planner.exchange.typesetting import typeset
from planner.translate.report import PlanReport, report
from solver import check
from solver.problem import Calendar, Problem
from solver.solution import Result, Solution, Status

A4_LANDSCAPE = (842, 595)


def read(plan: PlanReport, edition: str = "organisers", language: str = "en") -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(export(plan, "pdf", edition, language).data))


def text_of(reader: pypdf.PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@pytest.fixture(scope="module")
def paper() -> pypdf.PdfReader:
    return read(agency.plan())


def test_first_page_says_the_plan_in_a_sentence_and_in_figures(paper: pypdf.PdfReader) -> None:
    first = " ".join(paper.pages[0].extract_text().split())
    assert "Spring campaigns" in first
    assert "3 of 4 seats filled, 3 people, 1 hire, €33,285 of staff cost. No plan could be more than 0.2%" in first
    assert "Mei Tan" in first
    assert "@consent · Verne & <Cie>" in first


def test_then_teams_gaps_hires_and_weeks(paper: pypdf.PdfReader) -> None:
    titles = [item.title for item in paper.outline if not isinstance(item, list)]
    flat = _flat(paper.outline)
    assert titles == ["Spring campaigns"]
    assert flat[flat.index("Teams") :] == ["Teams", "Verne & <Cie>", "Gaps", "Hires", "Week by week"]


def _flat(outline: list[Any]) -> list[str]:
    return [title for item in outline for title in (_flat(item) if isinstance(item, list) else [item.title])]


def test_pages_are_a4_landscape_with_number_and_origin(paper: pypdf.PdfReader) -> None:
    for number, page in enumerate(paper.pages, 1):
        assert (round(page.mediabox.width), round(page.mediabox.height)) == A4_LANDSCAPE
        text = " ".join(page.extract_text().split())
        assert f"Page {number} of {len(paper.pages)}" in text
        assert "Plan 12, version 3 · generated Jan 18, 2027, 09:41 UTC by Inès Caron" in text


def test_it_is_tagged_in_its_language_and_says_that_it_is_accessible(paper: pypdf.PdfReader) -> None:
    root = paper.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).startswith("en")
    assert {"/Table", "/TH", "/TD", "/H1", "/H2"} <= _roles(root["/StructTreeRoot"])
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert str(read(agency.plan(), language="fr").trailer["/Root"]["/Lang"]).startswith("fr")


def _roles(node: Any) -> set[str]:
    """What the tags of a document say that things are."""
    node = node.get_object()
    if isinstance(node, list):
        return set().union(*(_roles(kid) for kid in node))
    if not isinstance(node, dict):
        return set()
    return {str(node.get("/S", ""))} | (_roles(node["/K"]) if "/K" in node else set())


def test_properties_say_title_author_and_moment(paper: pypdf.PdfReader) -> None:
    assert paper.metadata is not None
    assert (paper.metadata.title, paper.metadata.author) == ("Spring campaigns", "Inès Caron")
    assert paper.metadata.creation_date is not None
    assert paper.metadata.creation_date.date() == agency.GENERATED_AT.date()


def test_text_is_never_run(paper: pypdf.PdfReader) -> None:
    text = text_of(paper)
    assert '-Noah, "N"; #panic()' in text
    assert "=SUM(A1:A9)" in text


def test_gap_says_why_and_rule_says_by_how_much(paper: pypdf.PdfReader) -> None:
    text = text_of(paper)
    assert "Nobody has consent at level 3; the best has 2. One person is one level short." in text
    assert "Rule: mean of Cooperation at least 4.5 · short by 7" in text


def test_rule_that_somebody_overrode_stands_on_top() -> None:
    asked = agency.problem()
    by_hand = report(asked, Solution({}, {"s4": "noah", "s3": "noah"}), agency.meta())
    first = " ".join(read(by_hand).pages[0].extract_text().split())
    assert "Broken: -Noah" in first
    assert "more rules" in first
    assert "Broken" not in read(by_hand, "members").pages[0].extract_text()


def test_headers_repeat_on_every_page_of_a_table() -> None:
    asked = agency.titled([f"Title {n}" for n in range(120)])
    reader = read(report(asked, agency.result(asked, {}), agency.meta()))
    pages = [page.extract_text() for page in reader.pages]
    teams = [text for text in pages if "Title" in text and "Skills, has/asked" in text]
    assert len(teams) >= 3


@pytest.mark.parametrize("edition", ["organisers", "members"])
def test_summary_is_one_page_however_large_the_plan_and_long_its_names(edition: str) -> None:
    long = "Wide Wanderings of a Most Meticulous Marketing Manager " * 4
    hires = [build.candidate(f"c{n}", name=f"{long}{n}") for n in range(9)]
    projects = [
        build.project(f"j{n}", build.phase(f"f{n}", build.seat(f"s{n}", title=long)), name=f"{n} {long}", budget=10**9)
        for n in range(60)
    ]
    asked = build.problem(*hires, projects=tuple(projects), calendar=Calendar(60))
    whole = report(asked, agency.result(asked, {f"s{n}": f"c{n}" for n in range(9)}), agency.meta(title=long))
    pages = [page.extract_text() for page in read(whole, edition).pages]
    assert "and 44 more projects" in pages[0]
    assert "and 42 more gaps" in pages[0]
    assert pages[1].lstrip().startswith("Teams")


def test_letters_that_no_font_has_do_not_stop_it() -> None:
    asked = agency.titled(["𓀀 \U000f0000 中文 😀 العربية"])
    reader = read(report(asked, agency.result(asked, {}), agency.meta()))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_strange_texts_do_not_stop_it() -> None:
    texts = strange_texts(random.Random(6), 160)
    people = [build.person(f"p{n}", name=text) for n, text in enumerate(texts)]
    seats = [build.seat(f"s{n}", title=text) for n, text in enumerate(texts)]
    phases = [build.phase(f"f{n}", seat) for n, seat in enumerate(seats)]
    projects = [build.project(f"j{n}", phases[n], name=text) for n, text in enumerate(texts)]
    asked = build.problem(*people, projects=tuple(projects))
    holders = {f"s{n}": f"p{n}" for n in range(0, len(texts), 2)}
    for title in (" ", "\x00\u202e"):
        assert len(read(report(asked, agency.result(asked, holders), agency.meta(title=title))).pages) > 5


def test_plan_that_cannot_be_is_a_page_that_says_why() -> None:
    reader = read(agency.infeasible())
    assert len(reader.pages) == 1
    assert "No plan can keep every demand. " in text_of(reader)
    assert "noah is pinned to s4, and lacks consent." in text_of(reader)


def test_plan_with_nothing_in_it_has_its_page() -> None:
    asked = build.problem(projects=())
    assert len(read(report(asked, agency.result(asked, {}), agency.meta())).pages) == 1


def test_long_calendar_is_shown_in_columns_of_several_periods() -> None:
    asked = agency.problem(calendar=Calendar(300))
    reader = read(report(asked, agency.result(asked), agency.meta()))
    assert text_of(reader).count("Week by week") <= 5


def test_plan_that_takes_too_long_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "LONGEST_S", 0.001)
    with pytest.raises(ExportError, match="too large for a PDF"):
        export(agency.plan(), "pdf")


def test_template_that_fails_is_not_kept_quiet() -> None:
    with pytest.raises(RuntimeError, match="key"):
        typeset(json.dumps({}), 0, TEMPLATE)


def large(num_people: int = 500, num_phases: int = 240) -> tuple[Problem, Result]:
    """2400 seats in 240 phases, three quarters of them filled."""
    people = [build.person(f"p{n}", cost=1000, capacity=(build.span(0, 52),)) for n in range(num_people)]
    phases = []
    for n in range(num_phases):
        skills = (build.skill("sql", 3, must=False), build.skill("seo", 2, must=False))
        seats = (build.seat(f"s{n}.{k}", title=f"Role {k}", fte=50, to=8, skills=skills) for k in range(10))
        phases.append(build.phase(f"f{n}", *seats, earliest=(n % 6) * 8))
    projects = tuple(build.project(f"j{n}", *phases[n * 4 : n * 4 + 4]) for n in range(num_phases // 4))
    asked = build.problem(*people, projects=projects, calendar=Calendar(52))
    holders = {f"s{n}.{k}": f"p{(n // 6 * 10 + k) % num_people}" for n in range(num_phases) for k in range(10) if k % 4}
    solution = Solution({}, holders)
    points = check.score(asked, solution).objective
    unfilled = {seat: (agency.NOBODY,) for seat in asked.seat_by_id if seat not in holders}
    return asked, Result(asked.name, Status.FEASIBLE, solution, points, None, 1.0, unfilled)


@pytest.mark.seconds
@pytest.mark.slow
def test_2400_seats_take_seconds(record_property: Callable[[str, object], None]) -> None:
    whole = report(*large(), agency.meta())
    began = time.monotonic()
    data = export(whole, "pdf").data
    seconds = time.monotonic() - began
    record_property("seconds", round(seconds, 1))
    assert seconds < 30
    assert len(pypdf.PdfReader(io.BytesIO(data)).pages) > 50
