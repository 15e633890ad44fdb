"""Pages of tasks: the board by buttons, the list and the calendar by URL, my work, and what others may not."""

from __future__ import annotations

import csv
import io
import re
import statistics
import time
from collections.abc import Callable

import pytest
import rows
from boards import Team, add, in_days, move, team, titles
from pages import CheckedClient
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from planner.models import RANK_STEP, Booking, BookingKind, RoleName, Task, TaskBoard, TaskColumn, today
from planner.schemas.work_boards import BoardSaid, IterationSaid
from planner.services.work import board_page, boards, iterations

Clients = Callable[..., CheckedClient]


@pytest.fixture
def here(session: Session) -> Team:
    return team(session)


@pytest.fixture
def pm(client_of: Clients, here: Team) -> CheckedClient:
    return client_of(as_user=here.pm)


def one_of(page: str, way: str) -> str:
    """What the button of the first card that moves this way says."""
    found = re.search(rf'name="one" value="([^"]+)" data-move="{way}"', page)
    assert found is not None
    return found[1]


# Boards


def test_what_a_task_names_elsewhere_stays_when_it_is_edited(pm: CheckedClient, here: Team, session: Session) -> None:
    """A seat and a phase of another project, named by a program: whoever corrects the title takes nothing away."""
    there = team(session, name="Elsewhere")
    task = add(session, here.board, "Writ", seat_id=there.seat.id, phase_id=there.phase.id)
    session.commit()
    path = f"/tasks/{task.id}/edit"
    assert pm.post(path, data={**pm.form(path), "title": "Write"}).status_code == 303
    session.refresh(task)
    assert (task.title, task.seat_id, task.phase_id) == ("Write", there.seat.id, there.phase.id)


def test_card_moves_by_its_own_buttons(pm: CheckedClient, here: Team, session: Session) -> None:
    a = add(session, here.board, "A")
    add(session, here.board, "B")
    path = f"/boards/{here.board.id}"
    answer = pm.send(f"{path}/move?q=", {"one": one_of(pm.get(path).text, "down")}, page=path)
    assert (answer.status_code, answer.location) == (303, f"{path}#card-{a.id}")
    assert titles(session, here.todo) == ["B", "A"]
    pm.send(f"{path}/move", {"one": one_of(pm.get(path).text, "up")}, page=path)
    assert titles(session, here.todo) == ["A", "B"]
    pm.send(f"{path}/move", {"one": one_of(pm.get(path).text, "right")}, page=path)
    assert (titles(session, here.todo), titles(session, here.doing)) == (["B"], ["A"])
    assert pm.get(path).text.count('class="card"') == 2


def test_full_column_asks_why_and_keeps_the_tick(pm: CheckedClient, here: Team, session: Session) -> None:
    here.doing.wip_limit = 1
    a, b = add(session, here.board, "A"), add(session, here.board, "B")
    move(session, here.board, [a], here.doing)
    path = f"/boards/{here.board.id}"
    refused = pm.send(f"{path}/move", {"one": f"{b.id}:{b.version}:{here.doing.id}"}, page=path)
    assert refused.status_code == 409
    assert all(words in refused.text for words in ("takes at most 1", "Move anyway", f'value="{b.id}:1" data-tick'))
    assert re.search(rf'value="{b.id}:1" data-tick[^>]* checked', refused.text)
    said = {"tasks": f"{b.id}:1", "column_id": str(here.doing.id), "reason": "The client waits"}
    assert pm.send(f"{path}/move", said, page=path).status_code == 303
    assert titles(session, here.doing) == ["A", "B"]
    page = pm.get(path).text
    assert "more than this column takes" in page
    assert "2, at most 1" in page
    assert "The client waits" in pm.get(f"/tasks/{b.id}").text


@pytest.mark.parametrize("said", [{}, {"column_id": "1"}, {"tasks": "x:y", "column_id": "1"}, {"one": "1:1:gone"}])
def test_move_that_says_too_little_is_refused(
    pm: CheckedClient, here: Team, session: Session, said: dict[str, str]
) -> None:
    add(session, here.board, "A")
    path = f"/boards/{here.board.id}"
    assert pm.send(f"{path}/move", said, page=path).status_code == 422
    assert titles(session, here.todo) == ["A"]


def test_board_is_named_limited_and_removed(client_of: Clients, here: Team, session: Session) -> None:
    pm = client_of(as_user=here.pm)
    answer = pm.save("/boards/add", name="Launch team", phase_id=str(here.phase.id))
    assert answer.status_code == 303
    board = session.scalars(select(TaskBoard).where(TaskBoard.name == "Launch team")).one()
    column = board.columns[1]
    path = f"/boards/columns/{column.id}/edit"
    assert pm.save(path, name="Writing", wip_limit="3").status_code == 303
    assert pm.save(path, wip_limit="0").status_code == 422
    assert pm.save(f"/boards/{board.id}/columns/add", name="Review", meaning="doing").status_code == 303
    page = pm.get(f"/boards/{board.id}/columns").text
    assert page.index("Writing") < page.index("Review")
    assert "0, at most 3" in pm.get(answer.location).text
    session.rollback()
    review = session.scalars(select(TaskColumn).where(TaskColumn.name == "Review")).one()
    assert pm.send(f"/boards/columns/{review.id}/remove", page="/").status_code == 303
    assert pm.send(f"/boards/{board.id}/remove").status_code == 303
    assert pm.get(answer.location).status_code == 404


def test_boards_are_listed_by_project_and_department(client_of: Clients, here: Team, session: Session) -> None:
    boards.add_board(session, BoardSaid(name="Requests"))
    add(session, here.board, "Late", due_on=in_days(-1), estimate_h=3)
    page = client_of(RoleName.OPERATIONS).get("/boards").text
    assert page.index(here.board.name) < page.index("Processes of the department") < page.index("Requests")
    assert "<b>1 task</b> is open, <b>1</b> of them late" in page
    assert "Requests" not in client_of(as_user=here.member).get("/boards").text


def test_first_board_is_asked_for(client_of: Clients) -> None:
    assert "No board yet" in client_of(RoleName.OPERATIONS).get("/boards").text


# Tasks


def test_task_is_added_edited_and_removed(pm: CheckedClient, here: Team, session: Session) -> None:
    path = f"/tasks/add/{here.board.id}"
    said = {
        "title": "Write the page",
        "owner_id": here.ann.name,
        "estimate_h": "4.5",
        "due_on": str(in_days(3)),
        "checklist": "[x] Draft\nRead\n\n[ ] Send",
    }
    assert pm.save(path, **said).status_code == 303
    task = session.scalars(select(Task)).one()
    assert (task.owner_id, task.estimate_h, task.created_by_id) == (here.ann.id, 4.5, here.pm.id)
    assert [(line.text, line.is_done) for line in task.checklist] == [("Draft", True), ("Read", False), ("Send", False)]
    edit = f"/tasks/{task.id}/edit"
    assert pm.form(edit)["checklist"] == "[x] Draft\nRead\nSend"
    assert pm.save(edit, title="Write it", starts_on=str(in_days(9))).status_code == 422
    assert pm.save(edit, title="Write it").status_code == 303
    assert pm.save(edit, owner_id="Nobody Known").status_code == 422
    assert "1 of 3 done" in pm.get(f"/tasks/{task.id}").text
    assert pm.send(f"/tasks/{task.id}/remove").status_code == 303


@pytest.mark.parametrize(
    ("field", "value"), [("estimate_h", "-1"), ("actual_h", "x"), ("title", " "), ("due_on", "soon")]
)
def test_bad_input_is_told_at_its_field(
    pm: CheckedClient, here: Team, session: Session, field: str, value: str
) -> None:
    refused = pm.save(f"/tasks/add/{here.board.id}", **{"title": "Write", field: value})
    assert refused.status_code == 422
    assert f'id="{field}-error"' in refused.text
    assert session.scalars(select(Task.id)).all() == []


def test_steps_on_a_task_lead_back_to_it(pm: CheckedClient, here: Team, session: Session) -> None:
    task = add(session, here.board, "Write", checklist=[{"text": "Draft"}], estimate_h=8)
    path = f"/tasks/{task.id}"
    tick = {"line_id": str(task.checklist[0].id), "is_done": "true", "version": "1"}
    assert pm.send(f"{path}/tick", tick, page=path).location == path
    assert pm.send(f"{path}/hours", {"hours": "2.5", "version": "2"}, page=path).location == path
    assert pm.send(f"{path}/hours", {"hours": "0", "version": "3"}, page=path).status_code == 422
    assert pm.send(f"{path}/hours", {"hours": "1", "version": "1"}, page=path).status_code == 409
    assert pm.send(f"{path}/move", {"column_id": str(here.done.id), "version": "3"}, page=path).status_code == 303
    page = pm.get(path).text
    assert "1 of 1 done" in page
    assert "2.5 of 8 h" in page
    assert f"Done on {today():%b}" in page


def test_filters_of_the_list_live_in_the_url(pm: CheckedClient, here: Team, session: Session) -> None:
    one = iterations.add_iteration(
        session, here.board, IterationSaid(name="Sprint", starts_on=today(), ends_on=in_days(13))
    )
    add(session, here.board, "Late Écrit", due_on=in_days(-2), owner_id=here.ann.id, iteration_id=one.id)
    add(session, here.board, "Other", text="secret words", phase_id=here.phase.id)
    done = add(session, here.board, "Finished")
    move(session, here.board, [done], here.done)
    found = {
        query: {name for name in ("Late Écrit", "Other", "Finished") if f">{name}</a>" in pm.get(query).text}
        for query in (
            "/tasks",
            "/tasks?state=late",
            "/tasks?state=all&q=FINI",
            "/tasks?q=ecrit",
            "/tasks?q=secret",
            f"/tasks?owner={here.ann.id}",
            "/tasks?owner=nobody",
            f"/tasks?iteration={one.id}",
            f"/tasks?team={here.phase.id}",
            "/tasks?project=999",
            "/tasks?state=nonsense",
        )
    }
    assert list(found.values()) == [
        {"Late Écrit", "Other"},
        {"Late Écrit"},
        {"Finished"},
        {"Late Écrit"},
        {"Other"},
        {"Late Écrit"},
        {"Other"},
        {"Late Écrit"},
        {"Other"},
        set(),
        set(),
    ]


def test_file_holds_no_formulas(pm: CheckedClient, here: Team, session: Session) -> None:
    add(session, here.board, "=1+1", text="@SUM(A1)", owner_id=here.ann.id, estimate_h=2.5, due_on=in_days(1))
    answer = pm.get("/tasks/tasks.csv")
    assert answer.headers["Content-Disposition"] == "attachment; filename=tasks.csv"
    head, line = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    told = dict(zip(head, line, strict=True))
    assert (told["Title"], told["Text"]) == ("'=1+1", "'@SUM(A1)")
    assert (told["Estimate (h)"], told["Owner"], told["Due"]) == ("2.5", here.ann.name, str(in_days(1)))


def test_calendar_shows_each_day_and_leads_on(pm: CheckedClient, here: Team, session: Session) -> None:
    add(session, here.board, "New year", due_on="2027-01-01")
    add(session, here.board, "Later", due_on="2027-02-20")
    page = pm.get("/tasks/calendar?month=2027-01").text
    assert "<b>1 task</b> is due" in page
    assert ">New year</a>" in page
    assert ">Later</a>" not in page
    assert "month=2026-12" in page
    assert "month=2027-02" in page
    for odd in ("2027-13", "x", "0001-01", "9999-12", ""):
        assert pm.get(f"/tasks/calendar?month={odd}").status_code == 200


def test_burn_down_is_drawn_with_a_table_beside_it(pm: CheckedClient, here: Team, session: Session) -> None:
    said = {"name": "Sprint", "starts_on": str(in_days(-3)), "ends_on": str(in_days(6)), "goal": "Ship"}
    answer = pm.save(f"/boards/{here.board.id}/iterations/add", **said)
    assert answer.status_code == 303
    assert "No task is in it yet" in pm.get(answer.location).text
    ident = int(answer.location.rpartition("/")[2])
    add(session, here.board, "Write", iteration_id=ident, estimate_h=8)
    add(session, here.board, "Guess", iteration_id=ident)
    page = pm.get(answer.location).text
    assert 'class="burn"' in page
    assert page.count('<th scope="row" class="date">') == 10
    assert "1 task has no estimate" in page
    assert pm.save(f"/iterations/{ident}/edit", ends_on=str(in_days(-9))).status_code == 422
    assert pm.send(f"/iterations/{ident}/remove").status_code == 303
    session.expire_all()
    assert set(session.scalars(select(Task.iteration_id))) == {None}


# My work


def test_my_work_is_late_first_and_done_from_there(client_of: Clients, here: Team, session: Session) -> None:
    add(session, here.board, "Some day", owner_id=here.ann.id)
    late = add(session, here.board, "Late", seat_id=here.seat.id, due_on=in_days(-1), checklist=[{"text": "Draft"}])
    add(session, here.board, "Soon", owner_id=here.ann.id, due_on=in_days(5))
    add(session, here.board, "Not mine")
    me = client_of(as_user=here.member)
    page = me.get("/my-work").text
    assert page.index(">Late</a>") < page.index(">Soon</a>") < page.index(">Some day</a>")
    assert "Not mine" not in page
    path, back = f"/tasks/{late.id}", f"/my-work#task-{late.id}"
    line = str(late.checklist[0].id)
    tick = {"line_id": line, "is_done": "true", "version": "1"}
    assert me.send(f"{path}/tick?from=mine", tick, page="/my-work").location == back
    assert me.send(f"{path}/hours?from=mine", {"hours": "0.5", "version": "2"}, page="/my-work").location == back
    on = {"column_id": str(here.doing.id), "version": "3"}
    assert me.send(f"{path}/move?from=mine", on, page="/my-work").location == back
    session.expire_all()
    assert (late.column_id, late.actual_h, late.checklist[0].is_done) == (here.doing.id, 0.5, True)


def test_my_work_says_so_where_there_is_none(client_of: Clients, here: Team) -> None:
    assert "Nothing is yours to do" in client_of(as_user=here.member).get("/my-work").text
    assert "not linked to a person" in client_of(RoleName.MEMBER).get("/my-work").text


# Who may


def test_member_moves_what_is_their_teams_and_sees_no_other(client_of: Clients, here: Team, session: Session) -> None:
    other = team(session)
    mine, theirs = add(session, here.board, "Mine"), add(session, other.board, "Theirs")
    me = client_of(as_user=here.member)
    path = f"/boards/{here.board.id}"
    assert me.send(f"{path}/move", {"one": f"{mine.id}:1:{here.doing.id}"}, page=path).status_code == 303
    for hidden in (f"/boards/{other.board.id}", f"/tasks/{theirs.id}"):
        assert me.get(hidden).status_code == 404
    assert me.get(f"{path}/edit").status_code == 403
    assert ">Theirs</a>" not in me.get("/tasks?state=all").text
    theirs.owner_id = here.ann.id
    session.commit()
    assert me.get(f"/tasks/{theirs.id}").status_code == 200
    assert ">Theirs</a>" in me.get("/tasks?state=all").text


def test_who_may_only_look_has_nothing_to_press(client_of: Clients, here: Team, session: Session) -> None:
    task = add(session, here.board, "Look")
    executive = client_of(RoleName.EXECUTIVE)
    page = executive.get(f"/boards/{here.board.id}").text
    assert ">Look</a>" in page
    assert "<button" not in page[page.index('id="board"') : page.index("</main>")]
    assert executive.send(f"/tasks/{task.id}/hours", {"hours": "1", "version": "1"}, page="/").status_code == 403


def test_pm_of_another_project_arranges_no_board(client_of: Clients, here: Team, session: Session) -> None:
    stranger = client_of(RoleName.PROJECT_MANAGER)
    assert stranger.get(f"/boards/{here.board.id}").status_code == 200
    assert stranger.get(f"/boards/{here.board.id}/edit").status_code == 403
    answer = stranger.save("/boards/add", name="Mine now", project_id=str(here.project.id))
    assert answer.status_code == 409
    assert "Only the PM of this project" in answer.text


# Elsewhere


def test_late_card_shows_on_project_seat_and_person(client_of: Clients, here: Team, session: Session) -> None:
    add(session, here.board, "Late card", seat_id=here.seat.id, due_on=in_days(-1))
    ops = client_of(RoleName.OPERATIONS)
    for path in (
        f"/projects/{here.project.id}",
        f"/people/{here.ann.id}",
        f"/seats/{here.seat.key}/people",
    ):
        page = ops.get(path).text
        assert ">Late card</a>" in page, path
        assert '<span class="chip bad">late</span>' in page, path


def test_overloaded_holder_shows_on_the_seat_of_a_plan(client_of: Clients, session: Session) -> None:
    world = rows.world(session)
    person, seat = world["person"], world["seat"]
    rows.workspace(session)
    session.add(Booking(seat_id=seat.id, person_id=person.id, booking=BookingKind.HARD))
    add(session, world["board"], "Too much", seat_id=seat.id, estimate_h=500, due_on=in_days(5))
    page = client_of(RoleName.OPERATIONS).get(f"/plans/{world['plan'].id}/seats/{seat.key}").text
    assert ">Too much</a>" in page
    assert f"{person.name}, who holds it in force, has more to do than time." in page


# Two thousand cards


def test_two_thousand_cards_are_there_within_a_second(client_of: Clients, here: Team, session: Session) -> None:
    """Asked: the first paint under 1 s. Counts are whole; the first cards of each column are there."""
    columns = [column.id for column in here.board.columns]
    lines = [
        {
            "board_id": here.board.id,
            "column_id": columns[n % 2 if n % 10 else 2],
            "rank": RANK_STEP * (n + 1),
            "title": f"Task {n} of the project",
            "text": "",
            "owner_id": here.ann.id if n % 3 else None,
            "seat_id": here.seat.id,
            "estimate_h": 4.0,
            "actual_h": 1.0,
            "due_on": in_days(n % 40 - 5),
            "version": 1,
        }
        for n in range(2000)
    ]
    session.execute(insert(Task), lines)
    session.commit()
    client = client_of(as_user=here.pm)
    path = f"/boards/{here.board.id}"
    plain = client.application.test_client()  # the page is not read as HTML besides
    with plain.session_transaction() as cookie:
        cookie.update({"_user_id": here.pm.fs_uniquifier, "_fresh": True})
    plain.get(path)
    taken = []
    for _n in range(7):
        began = time.process_time()
        page = plain.get(path).text
        taken.append(time.process_time() - began)
    assert "<b>2000 tasks</b>" in page
    assert page.count("data-card=") == 3 * board_page.MOST_CARDS
    assert sum(int(num.replace(",", "")) for num in re.findall(r">all ([\d,]+)<", page)) == 2000
    assert statistics.median(taken) < 1.0, taken
