"""Tasks at the API: moves, ticks, hours, merges and links by the version that was read; what only programs ask."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from boards import Team, add, in_days, team
from programs import Program, faults
from sqlalchemy.orm import Session

from planner.models import RoleName
from planner.schemas.work_boards import BoardSaid
from planner.services.work import boards


@pytest.fixture
def here(session: Session) -> Team:
    return team(session)


def test_task_is_moved_over_the_limit_with_a_reason(program: Program, here: Team, session: Session) -> None:
    here.doing.wip_limit = 1
    a, b = add(session, here.board, "A"), add(session, here.board, "B")
    said = {"column_id": here.doing.id}
    assert program.post(f"/tasks/{a.id}/move", said, version=1).json["moves"][0]["to_name"] == "Doing"
    refused = program.post(f"/tasks/{b.id}/move", said, version=1)
    assert (refused.status_code, refused.json["code"]) == (409, "column_is_full")
    assert "takes at most 1" in refused.json["message"]
    moved = program.post(f"/tasks/{b.id}/move", {**said, "reason": "The client waits"}, version=1)
    assert moved.json["moves"][0] | {"at": "", "by_name": ""} == {
        "at": "",
        "by_name": "",
        "from_name": "To do",
        "to_name": "Doing",
        "reason": "The client waits",
        "is_over_limit": True,
    }
    assert program.post(f"/tasks/{b.id}/move", said, version=1).status_code == 412


def test_several_are_moved_in_their_order(program: Program, here: Team, session: Session) -> None:
    some = [add(session, here.board, name) for name in "ABC"]
    order = [{"id": task.id, "version": 1} for task in reversed(some)]
    answer = program.post(f"/boards/{here.board.id}/moves", {"tasks": order, "column_id": here.doing.id})
    assert [task["title"] for task in answer.json["items"]] == ["C", "B", "A"]
    shown = program.get(f"/tasks?column={here.doing.id}&sort=rank").json["items"]
    assert [task["title"] for task in shown] == ["C", "B", "A"]
    twice = program.post(f"/boards/{here.board.id}/moves", {"tasks": order[:1] * 2, "column_id": here.doing.id})
    assert faults(twice) == {"tasks.1.id": "said_twice"}


def test_ticks_hours_links_and_merges(program: Program, here: Team, session: Session) -> None:
    said = {"title": "Write", "checklist": [{"text": "Draft"}, {"text": "Read", "is_done": True}]}
    task = program.post(f"/boards/{here.board.id}/tasks", said).json
    other = program.post(f"/boards/{here.board.id}/tasks", {"title": "Write it", "actual_h": 2}).json
    path = f"/tasks/{task['id']}"
    ticked = program.post(f"{path}/tick", {"line_id": task["checklist"][0]["id"]}, version=1).json
    assert [line["is_done"] for line in ticked["checklist"]] == [True, True]
    assert program.post(f"{path}/hours", {"hours": 1.5}, version=2).json["actual_h"] == 1.5
    assert faults(program.post(f"{path}/hours", {"hours": -1}, version=3)) == {"hours": "greater_than"}
    assert program.post(f"{path}/link", {"other_id": other["id"]}, version=3).status_code == 200
    assert program.post(f"{path}/unlink", {"other_id": other["id"]}, version=4).status_code == 200
    stays = program.post(f"{path}/merge", {"other_id": other["id"]}, version=5).json
    assert (stays["id"], stays["actual_h"], len(stays["checklist"])) == (other["id"], 3.5, 2)
    assert program.get(path).json["merged_into_id"] == other["id"]
    assert [row["id"] for row in program.get("/tasks").json["items"]] == [other["id"]]


def test_alike_load_burn_down_and_own_tasks(program_of: Callable[..., Program], here: Team, session: Session) -> None:
    requests = boards.add_board(session, BoardSaid(name="Requests"))
    one = add(session, here.board, "Interview guide", seat_id=here.seat.id, estimate_h=30, due_on=in_days(2))
    other = add(session, requests, "Interview guide")
    program = program_of(RoleName.OPERATIONS)
    (like,) = program.get("/tasks/alike").json["items"]
    assert (like["task_id"], like["other_id"], like["score"], like["client"]) == (one.id, other.id, 100, "")
    assert program.post(f"/tasks/{one.id}/set-apart", {"other_id": other.id}, version=1).status_code == 200
    assert program.get("/tasks/alike").json["items"] == []
    (row,) = program.get("/load").json["items"]
    assert row["weeks"][0] | {"starts_on": ""} == {
        "starts_on": "",
        "capacity_h": 40,
        "seats_h": 20,
        "tasks_h": 30,
        "beyond_h": 10,
        "total_h": 30,
    }
    sprint = {"name": "One", "starts_on": str(in_days(0)), "ends_on": str(in_days(6))}
    iteration = program.post(f"/boards/{here.board.id}/iterations", sprint).json
    burn = program.get(f"/iterations/{iteration['id']}/burn-down").json
    assert (len(burn["days"]), burn["num_tasks"]) == (7, 0)
    mine = program_of(as_user=here.member)
    assert [task["id"] for task in mine.get("/tasks/own").json["items"]] == [one.id]
    assert [task["id"] for task in mine.get("/tasks").json["items"]] == [one.id]
    assert [board["id"] for board in mine.get("/boards").json["items"]] == [here.board.id]
    assert mine.get(f"/tasks/{other.id}").status_code == 404
