"""Reports on objectives, feedback and tasks: figures worked out by hand; how people felt only from five up."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import holding
import pytest
from holding import Company
from openpyxl import load_workbook
from pages import CheckedClient
from programs import Program
from pypdf import PdfReader
from sqlalchemy.orm import Session

from planner.exchange.reports import Section
from planner.models import (
    ColumnMeaning,
    Feedback,
    FeedbackSource,
    FeedbackState,
    Objective,
    ObjectiveReading,
    ObjectiveState,
    Phase,
    ReportKind,
    RoleName,
    Task,
    TaskBoard,
    now,
    today,
)
from planner.schemas.work_boards import BoardSaid
from planner.services.outcomes.guarding import FEWEST
from planner.services.outcomes.reports import document_of
from planner.services.outcomes.wanted import Wanted
from planner.services.work import boards


@pytest.fixture
def here(session: Session) -> Company:
    return holding.company(session)


def wanted(back: int = 30, ahead: int = 30, **said: Any) -> Wanted:
    return Wanted(today() - timedelta(days=back), today() + timedelta(days=ahead), **said)


def section(
    session: Session, key: str, asked: Wanted | None = None, kind: ReportKind = ReportKind.TEAM
) -> Section | None:
    found = document_of(session, kind, asked or wanted(), "en").sections
    return next((one for one in found if one.key == key), None)


def cells(found: Section | None) -> list[tuple[Any, ...]]:
    assert found is not None
    assert found.table is not None
    return [row.cells for row in found.table.rows]


def aim(here: Company, title: str, begin: int, end: int, value: float | None = None, **said: Any) -> Objective:
    """An objective from 0 to 100 bookings between two days, counted from today, with one reading of today."""
    days = {"from_on": today() + timedelta(begin), "by_on": today() + timedelta(end)}
    objective = Objective(title=title, measure="bookings", from_value=0, target_value=100, **days, **said)
    if value is not None:
        objective.readings.append(ObjectiveReading(value=value, read_on=today(), by_name="Ann"))
    here.session.add(objective)
    here.session.commit()
    return objective


def hear(here: Company, *sentiments: int, phase: Phase | None = None, days_ago: int = 0, **said: Any) -> None:
    about = {"project_id": phase.project_id, "phase_id": phase.id} if phase is not None else {}
    for one in sentiments:
        plain = {"text": "Said.", "source": FeedbackSource.CALL, "said_on": today() - timedelta(days_ago)}
        here.session.add(Feedback(sentiment=one, **plain | about | said))
    here.session.commit()


def board(here: Company, name: str, **of: Any) -> TaskBoard:
    made = boards.add_board(here.session, BoardSaid(name=name, **of))
    here.session.commit()
    return made


def task(
    on: TaskBoard, here: Company, meaning: str, *, added: int = 0, due: int | None = None, done: int | None = None,
    **said: Any
) -> Task:  # fmt: skip
    """A task in a column of a board, with its days as days before today."""
    column = next(one for one in on.columns if one.meaning is ColumnMeaning(meaning))
    made = Task(board_id=on.id, column_id=column.id, rank=1, title="Task", **said)
    made.created_at = now() - timedelta(added)
    made.due_on = today() - timedelta(due) if due is not None else None
    made.done_on = today() - timedelta(done) if done is not None else None
    here.session.add(made)
    here.session.commit()
    return made


# Objectives


def test_objectives_stand_late_first_with_their_share_of_the_way(session: Session, here: Company) -> None:
    alpha = here.alpha.id
    aim(here, "On track", -10, 10, 60, project_id=alpha)
    aim(here, "Behind", -30, 10, 25, project_id=alpha)
    aim(here, "Late", -20, -1, 80)
    aim(here, "Unread", -10, 30, project_id=here.beta.id)
    said = "Enough of them came."
    aim(here, "Done", -20, 5, 100, state=ObjectiveState.REACHED, state_reason=said, state_at=now())
    found = section(session, "objectives")
    assert [(row[0], *row[5:7], row[8]) for row in cells(found)] == [
        ("Late", 80, 100, "late"),
        ("Behind", 25, 75, "behind"),
        ("Unread", None, 25, "never read"),
        ("On track", 60, 50, "on track"),
        ("Done", 100, None, "reached"),
    ]
    assert found is not None
    assert found.sentences[:2] == (
        "Open objectives: 4; late: 1, behind: 1, wanting a reading: 1, on track: 1, target met: 0.",
        "Closed in these days: 1 reached, 0 missed, 0 dropped.",
    )
    assert found.sentences[3].endswith("25% of the way gone, 75% expected by now.")


def test_objectives_are_those_of_the_projects_and_days_that_are_asked_for(session: Session, here: Company) -> None:
    aim(here, "Alpha’s", -5, 5, project_id=here.alpha.id)
    aim(here, "Beta’s", -5, 5, project_id=here.beta.id)
    aim(here, "Ours", -5, 5)
    aim(here, "Far ahead", 31, 60)
    said = {"state": ObjectiveState.MISSED, "state_reason": "Too late."}
    aim(here, "Closed long ago", -90, -60, state_at=now() - timedelta(31), **said)
    assert {row[0] for row in cells(section(session, "objectives"))} == {"Alpha’s", "Beta’s", "Ours"}
    for narrow in ({"project_id": here.alpha.id}, {"client": "Acme"}):
        assert [row[0] for row in cells(section(session, "objectives", wanted(**narrow)))] == ["Alpha’s"]
    assert section(session, "objectives", wanted(client="Nobody")) is None


# Feedback


def test_feedback_is_counted_by_sentiment_and_team(session: Session, here: Company) -> None:
    build, run = (here.session.get_one(Phase, here.needs[name].phase_id) for name in ("analyst", "lead"))
    hear(here, 5, 5, 4, 3, 1, phase=build)
    hear(here, 2, phase=build, state=FeedbackState.DONE)
    hear(here, 4, 4, 4, 4, 5, phase=run)
    hear(here, 1, 1, phase=run, days_ago=31)
    found = section(session, "feedback")
    assert cells(found) == [
        ("Alpha", "Build", 6, 5, 3.3, 2, 1, 1, 1, 1),
        ("Beta", "Run", 5, 5, 4.2, 1, 4, 0, 0, 0),
    ]
    assert found is not None
    assert found.sentences == (
        "11 pieces of feedback in these days, 10 not looked at yet.",
        "Least happy are those who spoke of Alpha, Build: 3.3 of 5 in the mean, from 6 answers.",
    )
    assert found.bars is not None
    assert found.bars.series == (("happy", (50, 100)), ("neither happy nor unhappy", (17, 0)), ("unhappy", (33, 0)))
    assert [row[0] for row in cells(section(session, "feedback", wanted(project_id=here.beta.id)))] == ["Beta"]


@pytest.mark.parametrize("num", range(1, FEWEST + 2))
def test_how_people_felt_is_told_from_five_up(
    session: Session, here: Company, program_of: Callable[..., Program], num: int
) -> None:
    """Neither by a mean nor by a count: with the counts of one answer alone one would have its sentiment."""
    build = here.session.get_one(Phase, here.needs["analyst"].phase_id)
    hear(here, *[2] * num, phase=build)
    hear(here, 3)
    program = program_of(RoleName.EXECUTIVE)
    told = next(one for one in program.get("/reports/team").json["sections"] if one["key"] == "feedback")
    alpha, general = (row["cells"] for row in told["rows"])
    assert alpha[:4] == ["Alpha", "Build", num, num]
    assert alpha[4:] == ([2.0, 0, 0, 0, num, 0] if num >= FEWEST else [None] * 6)
    assert general == ["no project", "as a whole", 1, 1, *[None] * 6]
    assert ("of 5 in the mean" in json.dumps(told["sentences"])) is (num >= FEWEST)


# Tasks


def test_tasks_flow_over_each_board(session: Session, here: Company) -> None:
    """Alpha's: three done in these days after 4, 10 and 2 days, one of them late; of four open ones one is late."""
    alpha, ours = board(here, "Alpha’s", project_id=here.alpha.id), board(here, "Hiring")
    task(alpha, here, "done", added=9, done=5, due=6)
    task(alpha, here, "done", added=40, done=30, due=30)
    task(alpha, here, "done", added=3, done=1)
    task(alpha, here, "done", added=50, done=31, due=33)
    task(alpha, here, "todo", added=8, due=1)
    task(alpha, here, "todo", added=31, due=0)
    task(alpha, here, "todo", added=30)
    kept = task(alpha, here, "doing", due=-5)
    task(alpha, here, "todo", due=20, merged_into_id=kept.id)
    task(ours, here, "doing", added=2)
    found = section(session, "tasks")
    assert cells(found) == [
        ("Alpha’s", "Alpha", 5, 3, 1, 4, 4, 2, 1),
        ("Hiring", "department", 1, 0, 0, None, 1, 0, 0),
    ]
    assert found is not None
    counts = "6 added, 3 done, 1 of them after their due date. Today 5 are open: 1 late, 2 waiting to be begun."
    assert found.sentences == (
        f"Tasks in these days: {counts}",
        "A task is done after 4 days in the middle.",
        "Most late tasks stand on Alpha’s: 1.",
    )
    assert cells(section(session, "tasks", kind=ReportKind.DEPARTMENT)) == cells(found)


def test_tasks_are_those_of_the_projects_that_are_asked_for(session: Session, here: Company) -> None:
    """Also those that stand on a board of the department and are for a phase or a seat of the project."""
    need = here.needs["analyst"]
    whole, phase = board(here, "Whole", project_id=here.alpha.id), board(here, "Team", phase_id=need.phase_id)
    other, ours = board(here, "Other", project_id=here.beta.id), board(here, "Ours")
    for on in (whole, phase, other, ours):
        task(on, here, "todo")
    task(ours, here, "todo", phase_id=need.phase_id)
    task(ours, here, "todo", seat_id=need.seats[0].id)

    def open_on(**narrow: Any) -> dict[str, int]:
        return {row[0]: row[6] for row in cells(section(session, "tasks", wanted(**narrow)))}

    assert open_on() == {"Whole": 1, "Team": 1, "Other": 1, "Ours": 3}
    assert open_on(project_id=here.alpha.id) == open_on(client="Acme") == {"Whole": 1, "Team": 1, "Ours": 2}
    assert section(session, "tasks", wanted(project_id=here.alpha.id, client="Nobody")) is None


def test_days_that_are_over_count_what_was_done_in_them(session: Session, here: Company) -> None:
    ours = board(here, "Ours")
    task(ours, here, "done", added=50, done=35)
    task(ours, here, "done", added=50, done=5)
    found = cells(section(session, "tasks", wanted(back=40, ahead=-30)))
    assert found == [("Ours", "department", 0, 1, 0, 15, 0, 0, 0)]
    assert section(session, "tasks", wanted(back=45, ahead=-40)) is None


# Everywhere alike


def as_text(cell: object) -> str | None:
    """A cell as a CSV has it: what could be a formula begins with an apostrophe."""
    said = str(cell)
    return None if cell is None else f"'{said}" if said.startswith("=") else said


def test_page_program_and_files_say_the_same_of_each(
    client_of: Callable[..., CheckedClient], program_of: Callable[..., Program], here: Company
) -> None:
    build = here.session.get_one(Phase, here.needs["analyst"].phase_id)
    objective = aim(here, "=1+1", -30, 10, 25, project_id=here.alpha.id, unit="a month")
    hear(here, 4, 4, 4, 4, 5, phase=build)
    ours = board(here, "Ours")
    task(ours, here, "done", added=5, done=2)
    client = client_of(as_user=here.ops)
    page = client.get("/reports/team").text
    told = {one["key"]: one for one in program_of(RoleName.EXECUTIVE).get("/reports/team").json["sections"]}
    book = load_workbook(io.BytesIO(client.get("/reports/team/file?format=xlsx").data))
    pdf = PdfReader(io.BytesIO(client.get("/reports/team/file?format=pdf").data))
    printed = " ".join(page.extract_text() for page in pdf.pages)
    for key in ("objectives", "feedback", "tasks"):
        [row], titles = told[key]["rows"], [one["title"] for one in told[key]["columns"]]
        sheet = book[told[key]["title"]]
        assert [cell.value for cell in sheet[2]] == titles
        written = [cell.value for cell in sheet[3]]
        plain = [one.date().isoformat() if isinstance(one, datetime) else one for one in written]
        assert plain == row["cells"]
        plain_text = client.get(f"/reports/team/file?format=csv&section={key}").data.decode("utf-8-sig")
        head, line = csv.reader(io.StringIO(plain_text))
        assert head == ["id", *titles]
        assert [None if cell == "" else cell for cell in line] == [row["about"], *map(as_text, row["cells"])]
        assert told[key]["title"] in printed
        for sentence in told[key]["sentences"]:
            assert sentence in page
    assert f'href="/objectives/{objective.id}"' in page
    assert f'href="/boards/{ours.id}"' in page
    assert "'=1+1" in client.get("/reports/team/file?format=csv&section=objectives").text
    assert client.get("/reports/department/file?format=csv&section=tasks").status_code == 200


def test_sections_stay_away_where_there_is_nothing_to_say(session: Session, here: Company) -> None:
    for key in ("objectives", "feedback", "tasks"):
        assert section(session, key) is None
    assert section(session, "tasks", kind=ReportKind.DEPARTMENT) is None
