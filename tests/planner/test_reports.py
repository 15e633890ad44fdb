"""Reports: figures worked out by hand, the same on page, in files and for programs; small groups are guarded."""

from __future__ import annotations

import io
import itertools
import random
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta

import holding
import pytest
from holding import Company
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from pages import CheckedClient
from programs import Program
from sqlalchemy.orm import Session

from planner.models import (
    Decision,
    DecisionKind,
    NeedAnswer,
    NeedState,
    NeedStep,
    NeedStepKind,
    Phase,
    ReportKind,
    RoleName,
    Side,
    now,
    today,
)
from planner.services.outcomes import report_seams
from planner.services.outcomes.department import ProcessKind, department_report
from planner.services.outcomes.flow import uncovered
from planner.services.outcomes.guarding import FEWEST, guarded
from planner.services.outcomes.reports import document_of
from planner.services.outcomes.skill_gap import skill_gap
from planner.services.outcomes.team import team_report
from planner.services.outcomes.wanted import Wanted


@pytest.fixture
def here(session: Session) -> Company:
    return holding.working_company(session)


def wanted(**said: object) -> Wanted:
    return Wanted(today() - timedelta(days=7), today() + timedelta(days=180), **said)  # type: ignore[arg-type]


def later(here: Company, name: str, periods: int) -> None:
    phase = here.session.get_one(Phase, here.needs[name].phase_id)
    day = here.workspace.moment_of(here.workspace.idx_of(phase.earliest_on) + periods)
    phase.earliest_on = phase.latest_on = day
    here.session.commit()


def test_delivery_is_measured_against_the_plan_that_first_came_in_force(session: Session, here: Company) -> None:
    later(here, "analyst", 2)
    holding.work_by(here, {"analyst": "ann", "writer": "cat"}, number=2)
    found = team_report(session, wanted())
    lines = {line.phase: line for line in found.phases}
    build = lines["Build"]
    assert (build.first_start, build.first_end, build.start, build.end, build.slip) == (1, 9, 3, 11, 2)
    assert (lines["Run"].slip, [line.phase for line in found.late]) == (0, ["Build"])


def test_cost_is_what_people_on_seats_cost(session: Session, here: Company) -> None:
    """Ann: 8 weeks at 1000; Cat: 8 half weeks at 600. Then the analyst is cut to 6 weeks."""
    [alpha, beta] = team_report(session, wanted()).projects
    assert (alpha.cost_first, alpha.cost_in_force, alpha.cost_now, alpha.budget) == (10_400, 10_400, 10_400, 9_000)
    assert (alpha.over_budget, beta.cost_now, beta.budget) == (1_400, 0, None)
    here.needs["analyst"].to_offset = 6
    session.commit()
    assert [line.cost_now for line in team_report(session, wanted()).projects] == [8_400, 0]


def test_fill_and_months_are_counted(session: Session, here: Company) -> None:
    found = team_report(session, wanted())
    assert [found.total(name) for name in ("num_seats", "num_held", "num_agreed")] == [3, 2, 0]
    whole = [sum(getattr(line, name) for line in found.months) for name in ("capacity", "wanted", "others", "bench")]
    assert whole == [7800, 1200, 0, 6600]
    only = team_report(session, wanted(project_id=here.beta.id))
    assert ([line.phase for line in only.phases], sum(line.wanted for line in only.months)) == (["Run"], 0)
    assert sum(line.others for line in only.months) == 1200
    assert [line.project for line in team_report(session, wanted(client="Acme")).phases] == ["Alpha"]


def test_answers_are_timed_and_what_waits_is_told(session: Session, here: Company) -> None:
    days = 86_400
    for name, waited in (("analyst", 2), ("writer", 4)):
        answer = NeedAnswer(need_id=here.needs[name].id, state=NeedState.ACCEPTED)
        said = {"by_id": 1, "by_name": "Ops", "kind": NeedStepKind.ACCEPTED, "side": Side.OPERATIONS}
        answer.steps.append(NeedStep(**said, waited_s=waited * days, at=now()))
        session.add(answer)
    open_ = NeedAnswer(need_id=here.needs["lead"].id, state=NeedState.ASKED)
    asked = {"by_id": 1, "by_name": "PM", "kind": NeedStepKind.ASKED, "side": Side.PROJECT}
    open_.steps.append(NeedStep(**asked, at=now() - timedelta(days=3)))
    session.add(open_)
    session.commit()
    line = next(one for one in team_report(session, wanted()).responses if one.side is Side.OPERATIONS)
    assert (line.num, line.median_days, line.num_waiting, round(line.longest_days or 0)) == (2, 3.0, 1, 3)
    process = department_report(session, wanted()).process(ProcessKind.NEED_ANSWERED)
    assert (process.num, process.median_days, process.longest_days, process.num_waiting) == (2, 3.0, 4.0, 1)


def test_changes_are_told_with_their_reasons(session: Session, here: Company) -> None:
    assert here.plan is not None
    for kind, reason in ((DecisionKind.ACCEPT, "as it is"), (DecisionKind.SWAP, "=Cat is away")):
        said = {"kind": kind, "reason": reason, "decided_by": "Ops", "seat_key": here.seat("writer")}
        session.add(Decision(plan_id=here.plan.id, **said))
    session.commit()
    [line] = team_report(session, wanted()).changes
    assert (line.kind, line.what, line.project, line.reason) == (DecisionKind.SWAP, "Writer", "Alpha", "=Cat is away")


def test_skills_held_stand_against_skills_needed(session: Session, here: Company) -> None:
    """SQL at 3: Ann and Bob have 200, the analyst and the lead want 160; at 4 Ann has 100 and the lead wants 60."""
    found = skill_gap(session)
    rows = {(row.skill.key, row.level): row for row in found.rows}
    assert rows["sql", 3].held[2] == 200
    assert (rows["sql", 3].needed[1], rows["sql", 3].needed[2], rows["sql", 4].needed[2]) == (100, 160, 60)
    assert (rows["seo", 3].num_holders, rows["sql", 4].num_holders, rows["sql", 3].num_holders) == (1, 1, 2)
    assert sum(found.uncovered) == 0
    session.delete(here.people["bob"])
    session.commit()
    found = skill_gap(session)
    rows = {(row.skill.key, row.level): row for row in found.rows}
    assert rows["sql", 3].short == tuple(60 if 2 <= n < 6 else 0 for n in range(26))
    assert rows["sql", 4].short == (0,) * 26
    assert found.uncovered == tuple(60 if 2 <= n < 6 else 0 for n in range(26))
    [skills] = [one for one in document_of(session, ReportKind.DEPARTMENT, wanted(), "en").sections if one.heat]
    assert skills.heat is not None
    assert [row.title for row in skills.heat.rows] == [
        "Uncovered effort at best", "SQL at 3", "SQL at 4", "Search at 3",
    ]  # fmt: skip
    assert skills.heat.rows[1].cells[2] == ("−0.6", "over")


@given(st.integers(0, 10**6))
def test_what_is_left_over_at_best_is_the_largest_lack_of_any_set(seed: int) -> None:
    """By the theorem of largest flow and smallest cut, tried over every set of kinds of work."""
    luck = random.Random(seed)
    kinds = range(luck.randint(1, 5))
    demand = {kind: luck.randint(0, 9) for kind in kinds}
    supply: dict[frozenset[int], int] = {}
    for _ in range(luck.randint(0, 6)):
        able = frozenset(kind for kind in kinds if luck.random() < 0.5)
        supply[able] = supply.get(able, 0) + luck.randint(0, 8)
    sets = [set(some) for num in range(len(demand) + 1) for some in itertools.combinations(kinds, num)]
    lacks = [sum(demand[k] for k in some) - sum(n for able, n in supply.items() if able & some) for some in sets]
    assert sum(uncovered(demand, supply).values()) == max(lacks)


@pytest.mark.parametrize(("num", "shown"), [(0, None), (1, None), (FEWEST - 1, None), (FEWEST, 3.0), (40, 3.0)])
def test_ratings_of_few_are_never_shown(num: int, shown: float | None) -> None:
    assert guarded([3.0] * num) == shown


def test_sections_of_others_appear_when_there_is_something(
    session: Session, here: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keys() -> list[str]:
        return [one.key for one in document_of(session, ReportKind.TEAM, wanted(), "en").sections]

    assert keys() == ["delivery", "utilisation", "cost", "seats", "responses", "changes"]
    section = report_seams.Section("objectives", "Objectives", ("Two of three are reached.",))
    monkeypatch.setattr(report_seams, "OF_TEAMS", (lambda *_asked: section, *report_seams.OF_TEAMS))
    assert "objectives" in keys()


def test_page_program_and_files_say_the_same(
    client_of: Callable[..., CheckedClient], program_of: Callable[..., Program], session: Session, here: Company
) -> None:
    here.alpha.name = "=HYPERLINK(1)"
    session.commit()
    client = client_of(as_user=here.pm)
    page = client.get("/reports/team").text
    assert "2 of 3" in page
    told = program_of(RoleName.EXECUTIVE).get("/reports/team").json
    cost = next(one for one in told["sections"] if one["key"] == "cost")
    assert [row["cells"][4] for row in cost["rows"]] == [10_400, 0]
    book = load_workbook(io.BytesIO(client.get("/reports/team/file?format=xlsx").data))
    sheet = book[cost["title"]]
    assert [cell.value for cell in sheet[3]][:5] == ["=HYPERLINK(1)", "Acme", 10_400, 10_400, 10_400]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    csv = client.get("/reports/team/file?format=csv&section=cost").data.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in csv
    assert client.get("/reports/team/file?format=csv&section=none").status_code == 303
    assert client.get("/reports/team/file?format=doc").status_code == 400


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="wants poppler-utils")
@pytest.mark.parametrize(
    ("path", "word"), [("/reports/team/file", "Alpha"), ("/reports/department/file", "SQL"), ("/forecast/file", "Beta")]
)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_pdf_opens_and_is_tagged(
    client_of: Callable[..., CheckedClient], session: Session, here: Company, path: str, word: str, language: str
) -> None:
    here.ops.locale = language
    session.commit()
    data = client_of(as_user=here.ops).get(f"{path}?format=pdf").data
    text = subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True).stdout.decode()
    info = subprocess.run(["pdfinfo", "-"], input=data, capture_output=True, check=True).stdout.decode()
    assert "Tagged:" in info
    assert info.partition("Tagged:")[2].split()[0] == "yes"
    assert word in text


@pytest.mark.parametrize(
    ("role", "team", "department"),
    [(RoleName.MEMBER, 404, 404), (RoleName.COMPLIANCE, 404, 404), (RoleName.PROJECT_MANAGER, 200, 404),
     (RoleName.OPERATIONS, 200, 200), (RoleName.EXECUTIVE, 200, 200)],
)  # fmt: skip
def test_who_may_read_which(
    client_of: Callable[..., CheckedClient], role: RoleName, team: int, department: int
) -> None:
    client = client_of(role)
    assert client.get("/reports/team").status_code == team
    assert client.get("/reports/department").status_code == department
    assert client.get("/reports/department/file?format=xlsx").status_code == department


def test_company_without_anything_has_reports_too(session: Session, client_of: Callable[..., CheckedClient]) -> None:
    for kind in ReportKind:
        assert document_of(session, kind, Wanted.usual(), "fr").lede
    assert client_of(RoleName.OPERATIONS).get("/reports/team?from=9999-99-99&to=x&project=a").status_code == 200


def test_days_that_are_the_wrong_way_round_are_turned() -> None:
    found = Wanted.read({"from": "2027-03-01", "to": "2027-01-01", "project": "12", "client": " Acme "})
    assert (found.from_on.month, found.to_on.month, found.project_id, found.client) == (1, 3, 12, "Acme")
    assert Wanted.read({key: str(value) for key, value in found.arguments.items()}) == found
