"""Tasks and their boards by the verbs: added, moved under limits, ticked, merged so that nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from boards import Team, add, employee, in_days, move, page, sprint, team, titles
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from planner.models import (
    RANK_STEP,
    Booking,
    BookingKind,
    ColumnMeaning,
    Person,
    PersonKind,
    Task,
    TaskLine,
    today,
)
from planner.schemas.work_boards import BoardSaid, ColumnPlaceSaid, TaskColumnSaid
from planner.schemas.work_tasks import HoursSaid, MergeSaid, OtherSaid, TaskSaid, TickSaid
from planner.services import removal
from planner.services.refused import Refused, Stale
from planner.services.work import boards, iterations, merging, moving, tasks


def limit(session: Session, here: Team, most: int) -> None:
    here.doing.wip_limit = most
    session.commit()


# Boards and columns


def test_board_begins_with_a_column_for_each_meaning(session: Session) -> None:
    here = team(session)
    assert [column.meaning for column in here.board.columns] == list(ColumnMeaning)


def test_board_is_of_a_project_or_of_a_phase() -> None:
    with pytest.raises(ValidationError, match="project or of a phase"):
        BoardSaid(name="Both", project_id=1, phase_id=1)


def test_board_of_what_is_gone_is_refused(session: Session) -> None:
    with pytest.raises(Refused) as caught:
        boards.add_board(session, BoardSaid(name="Lost", project_id=99))
    assert (caught.value.code, caught.value.field) == ("choice_is_not_there", "project_id")


def test_pm_arranges_boards_of_own_projects_only(session: Session) -> None:
    mine, theirs = team(session), team(session)
    boards.add_board(session, BoardSaid(name="Mine", phase_id=mine.phase.id), by=mine.pm)
    for said in ({"project_id": theirs.project.id}, {}):
        with pytest.raises(Refused) as caught:
            boards.add_board(session, BoardSaid.model_validate({"name": "Not mine", **said}), by=mine.pm)
        assert caught.value.code == "board_of_anothers"


def test_new_column_stands_behind_those_of_its_meaning(session: Session) -> None:
    here = team(session)
    boards.add_column(session, here.board, TaskColumnSaid(name="Review", meaning=ColumnMeaning.DOING))
    session.commit()
    assert [column.name for column in here.board.columns] == ["To do", "Doing", "Review", "Done"]


def test_columns_change_places(session: Session) -> None:
    here = team(session)
    boards.place_column(session, here.doing, ColumnPlaceSaid(by=-1), here.doing.version)
    assert [column.name for column in here.board.columns] == ["Doing", "To do", "Done"]


def test_column_with_tasks_and_last_one_of_its_meaning_stay(session: Session) -> None:
    here = team(session)
    add(session, here.board, "Write")
    with pytest.raises(Refused) as caught:
        boards.free_column(session, here.todo)
    assert caught.value.code == "last_column_of_meaning"
    boards.add_column(session, here.board, TaskColumnSaid(name="Later", meaning=ColumnMeaning.TODO))
    with pytest.raises(Refused) as caught:
        boards.free_column(session, here.todo)
    assert caught.value.code == "tasks_stand_there"


def test_column_goes_and_what_was_merged_there_leads_on(session: Session) -> None:
    here = team(session)
    a, b = add(session, here.board, "A"), add(session, here.board, "B")
    extra = boards.add_column(session, here.board, TaskColumnSaid(name="Review", meaning=ColumnMeaning.DOING))
    move(session, here.board, [a], extra)
    merging.merge_task(session, a, MergeSaid(other_id=b.id), a.version)
    boards.free_column(session, extra)
    removal.remove(session, extra, title="Review", by_id=None)
    session.commit()
    assert a.merged_into == b


def test_what_stands_in_a_column_is_done_once_the_column_means_so(session: Session) -> None:
    here = team(session)
    task = add(session, here.board, "Write")
    extra = boards.add_column(session, here.board, TaskColumnSaid(name="Sent", meaning=ColumnMeaning.DOING))
    move(session, here.board, [task], extra)
    said = TaskColumnSaid(name="Sent", meaning=ColumnMeaning.DONE)
    boards.edit_column(session, extra, said, extra.version)
    assert task.done_on == today()


# Tasks


def test_task_is_its_owners_else_the_holders_of_its_seat(session: Session) -> None:
    here = team(session)
    bo = employee(session)
    task = add(session, here.board, "Write", seat_id=here.seat.id)
    assert task.whose == here.ann
    named = add(session, here.board, "Draw", seat_id=here.seat.id, owner_id=bo.id)
    assert named.whose == bo
    session.query(Booking).delete()
    session.add(Booking(seat_id=here.seat.id, person_id=bo.id, booking=BookingKind.SOFT))
    session.commit()
    session.expire_all()
    assert task.whose == bo
    assert page(session, owner=str(bo.id)) == ["Write", "Draw"]
    assert page(session, owner=str(here.ann.id)) == []


def test_task_of_somebody_who_would_have_to_be_hired_is_refused(session: Session) -> None:
    here = team(session)
    someone = Person(key="c1", name="Cy", kind=PersonKind.CANDIDATE)
    session.add(someone)
    session.flush()
    with pytest.raises(Refused) as caught:
        add(session, here.board, "Write", owner_id=someone.id)
    assert (caught.value.code, caught.value.field) == ("owner_is_not_employed", "owner_id")


@pytest.mark.parametrize("field", ["owner_id", "seat_id", "phase_id", "requisition_id", "iteration_id"])
def test_task_that_names_what_is_gone_is_refused(session: Session, field: str) -> None:
    here = team(session)
    with pytest.raises(Refused) as caught:
        add(session, here.board, "Write", **{field: 987})
    assert (caught.value.code, caught.value.field) == ("choice_is_not_there", field)


def test_iteration_of_another_board_is_refused(session: Session) -> None:
    here, other = team(session), team(session)
    theirs = iterations.add_iteration(session, other.board, sprint())
    with pytest.raises(Refused) as caught:
        add(session, here.board, "Write", iteration_id=theirs.id)
    assert caught.value.field == "iteration_id"


@pytest.mark.parametrize(
    "said",
    [
        {"estimate_h": -1},
        {"actual_h": -0.5},
        {"estimate_h": float("nan")},
        {"estimate_h": 10_001},
        {"starts_on": "2027-02-02", "due_on": "2027-02-01"},
        {"title": "  "},
        {"checklist": [{"text": ""}]},
        {"unknown": 1},
    ],
)
def test_nonsense_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TaskSaid.model_validate({"title": "Write"} | said)


@pytest.mark.parametrize(
    "change",
    [
        "estimate_h = -1",
        "actual_h = -1",
        "starts_on = '2027-02-02', due_on = '2027-02-01'",
        "title = ' '",
        "merged_into_id = id",
    ],
)
def test_database_refuses_what_no_door_lets_in(session: Session, change: str) -> None:
    here = team(session)
    add(session, here.board, "Write")
    with pytest.raises(IntegrityError, match=r"(?i)check"):
        session.execute(text(f"UPDATE task SET {change}"))


def test_column_of_another_board_is_refused_by_the_database(session: Session) -> None:
    here, other = team(session), team(session)
    task = add(session, here.board, "Write")
    task.column_id = other.todo.id
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
        session.flush()


def test_ticked_line_stays_ticked_where_its_words_stay(session: Session) -> None:
    here = team(session)
    task = add(session, here.board, "Write", checklist=[{"text": "Draft"}, {"text": "Read"}])
    draft = task.checklist[0].id
    tasks.tick_line(session, task, TickSaid(line_id=draft), task.version)
    said = {"title": "Write", "checklist": [{"text": "Ask"}, {"text": "Draft", "is_done": True}]}
    tasks.edit_task(session, task, TaskSaid.model_validate(said), task.version)
    session.commit()
    assert [(line.text, line.is_done, line.id == draft) for line in task.checklist] == [
        ("Ask", False, False),
        ("Draft", True, True),
    ]
    assert session.scalars(select(TaskLine.text).order_by(TaskLine.position)).all() == ["Ask", "Draft"]


def test_line_that_is_gone_is_not_ticked(session: Session) -> None:
    task = add(session, team(session).board, "Write")
    with pytest.raises(Refused) as caught:
        tasks.tick_line(session, task, TickSaid(line_id=5), task.version)
    assert caught.value.code == "line_is_gone"


def test_hours_add_up(session: Session) -> None:
    task = add(session, team(session).board, "Write", estimate_h=4)
    for hours in (1.5, 0.1, 0.2):
        tasks.note_hours(session, task, HoursSaid(hours=hours), task.version)
    assert (task.actual_h, task.left_h) == (1.8, 2.2)
    with pytest.raises(Stale):
        tasks.note_hours(session, task, HoursSaid(hours=1), 1)


def test_late_is_what_was_due_before_today_and_is_open(session: Session) -> None:
    here = team(session)
    late = add(session, here.board, "Late", due_on=in_days(-1))
    add(session, here.board, "Today", due_on=in_days(0))
    add(session, here.board, "Some day")
    assert (late.is_late, page(session, state="late")) == (True, ["Late"])
    assert page(session, state="soon") == ["Today"]
    assert page(session, state="undated") == ["Some day"]
    move(session, here.board, [late], here.done)
    assert (late.is_late, page(session, state="late"), page(session, state="done")) == (False, [], ["Late"])


@pytest.mark.parametrize("named", ["board", "phase", "seat"])
def test_task_is_found_by_project_and_team(session: Session, named: str) -> None:
    here, other = team(session), team(session)
    department = boards.add_board(session, BoardSaid(name="Requests"))
    board = here.board if named == "board" else department
    said = {"phase": {"phase_id": here.phase.id}, "seat": {"seat_id": here.seat.id}}.get(named, {})
    add(session, board, "Write", **said)
    add(session, department, "Else")
    assert page(session, project=str(here.project.id)) == ["Write"]
    assert page(session, project=str(other.project.id)) == []
    assert page(session, team=str(here.phase.id)) == ([] if named == "board" else ["Write"])


def test_removed_task_comes_back_with_all_of_it(session: Session) -> None:
    here = team(session)
    task = add(session, here.board, "Write", checklist=[{"text": "Draft"}])
    other = add(session, here.board, "Draw")
    merging.link_task(session, task, OtherSaid(other_id=other.id), task.version)
    move(session, here.board, [task], here.doing)
    removed = removal.remove(session, task, title="Write", by_id=None)
    session.commit()
    assert page(session) == ["Draw"]
    removal.restore(session, removed)
    session.commit()
    found = session.scalars(select(Task).where(Task.title == "Write")).one()
    assert [line.text for line in found.checklist] == ["Draft"]
    assert [move.to_name for move in found.moves] == ["Doing"]
    assert merging.linked_to(session, found) == [other]


def test_removed_board_takes_its_tasks_and_brings_them_back(session: Session) -> None:
    here = team(session)
    add(session, here.board, "Write", checklist=[{"text": "Draft"}])
    removed = removal.remove(session, here.board, title="Board", by_id=None)
    session.commit()
    assert session.scalars(select(Task.id)).all() == []
    removal.restore(session, removed)
    session.commit()
    assert page(session) == ["Write"]


def test_person_who_goes_leaves_the_task_to_nobody(session: Session) -> None:
    here = team(session)
    bo = employee(session)
    task = add(session, here.board, "Write", owner_id=bo.id)
    removal.remove(session, bo, title="Bo", by_id=None)
    session.commit()
    session.refresh(task)
    assert (task.owner_id, task.version) == (None, 2)
    assert page(session, owner="nobody") == ["Write"]


# Moving


def test_done_on_follows_the_column(session: Session) -> None:
    here = team(session)
    task = add(session, here.board, "Write")
    move(session, here.board, [task], here.done)
    assert (task.done_on, task.is_open) == (today(), False)
    move(session, here.board, [task], here.doing)
    assert (task.done_on, task.is_open) == (None, True)
    assert [(one.from_name, one.to_name) for one in task.moves] == [("To do", "Done"), ("Done", "Doing")]


def test_limit_is_reached_not_passed(session: Session) -> None:
    here = team(session)
    limit(session, here, 2)
    first, second, third = (add(session, here.board, name) for name in ("A", "B", "C"))
    move(session, here.board, [first, second], here.doing)
    with pytest.raises(Refused) as caught:
        move(session, here.board, [third], here.doing)
    assert (caught.value.code, caught.value.field) == ("column_is_full", "reason")
    session.rollback()
    move(session, here.board, [second], here.doing, is_first=True)  # what is there may be put in order
    assert titles(session, here.doing) == ["B", "A"]


def test_over_the_limit_a_reason_is_kept(session: Session) -> None:
    here = team(session)
    limit(session, here, 1)
    first, second = add(session, here.board, "A"), add(session, here.board, "B")
    move(session, here.board, [first], here.doing)
    move(session, here.board, [second], here.doing, reason="The client waits")
    assert [(one.reason, one.is_over_limit) for one in second.moves] == [("The client waits", True)]
    assert [one.is_over_limit for one in first.moves] == [False]


def test_several_move_together_or_not_at_all(session: Session) -> None:
    here = team(session)
    limit(session, here, 1)
    some = [add(session, here.board, name) for name in "AB"]
    with pytest.raises(Refused):
        move(session, here.board, some, here.doing)
    session.rollback()
    assert titles(session, here.todo) == ["A", "B"]


def test_move_of_another_board_or_version_is_refused(session: Session) -> None:
    here, other = team(session), team(session)
    theirs = add(session, other.board, "Theirs")
    mine = add(session, here.board, "Mine")
    for task, column, code in (
        (theirs, here.doing, "task_is_gone"),
        (mine, other.doing, "column_is_gone"),
    ):
        with pytest.raises(Refused) as caught:
            move(session, here.board, [task], column)
        assert caught.value.code == code
        session.rollback()
    mine.version += 1
    with pytest.raises(Refused) as caught:
        moving.move_tasks(
            session,
            here.board,
            moving.TaskMovesSaid.model_validate({"tasks": [{"id": mine.id, "version": 9}], "column_id": here.doing.id}),
        )
    assert caught.value.code == "task_has_changed"


def test_card_goes_below_another_on_top_or_to_the_end(session: Session) -> None:
    here = team(session)
    a, b, c = (add(session, here.board, name) for name in "ABC")
    move(session, here.board, [c], here.todo, after_id=a.id)
    assert titles(session, here.todo) == ["A", "C", "B"]
    move(session, here.board, [b], here.todo, is_first=True)
    assert titles(session, here.todo) == ["B", "A", "C"]
    move(session, here.board, [b, a], here.todo)
    assert titles(session, here.todo) == ["C", "B", "A"]
    with pytest.raises(Refused) as caught:
        move(session, here.board, [a], here.doing, after_id=c.id)
    assert caught.value.code == "card_is_gone"


def test_where_no_room_is_left_the_column_is_numbered_anew(session: Session) -> None:
    here = team(session)
    a, b, c = (add(session, here.board, name) for name in "ABC")
    b.rank, c.rank = a.rank + 1, a.rank + 2
    session.commit()
    version = b.version
    move(session, here.board, [c], here.todo, after_id=a.id)
    session.expire_all()
    assert titles(session, here.todo) == ["A", "C", "B"]
    assert b.version == version, "nobody edited it"
    assert [a.rank, c.rank, b.rank] == [RANK_STEP, 2 * RANK_STEP, 3 * RANK_STEP]


@given(lower=st.integers(-(10**9), 10**9), gap=st.integers(0, 5000), num=st.integers(1, 60))
def test_ranks_lie_between_in_order_or_there_is_no_room(lower: int, gap: int, num: int) -> None:
    found = moving.ranks_between(lower, lower + gap, num)
    if found is None:
        assert gap <= num
    else:
        assert [lower, *found, lower + gap] == sorted({lower, *found, lower + gap})
        assert len(found) == num
    for open_ended in (moving.ranks_between(lower, None, num), moving.ranks_between(None, lower, num)):
        assert open_ended is not None
        assert open_ended == sorted(set(open_ended))
        assert lower not in open_ended


MOVES = st.lists(
    st.tuples(st.permutations(range(6)).map(lambda some: some[:2]), st.sampled_from([None, "first", 0, 1, 2, 3, 4, 5])),
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES)
def test_ranks_keep_the_order_that_a_list_would_have(session: Session, moves: list[Any]) -> None:
    """Whatever is moved where, the column stands as if its cards were moved in a plain list."""
    here = team(session)
    cards = [add(session, here.board, str(n)) for n in range(6)]
    for n, card in enumerate(cards):
        card.rank = n + 1  # no room at all, to begin with
    session.commit()
    model = list(range(6))
    for some, place in moves:
        if place in some:
            continue
        said = {"is_first": True} if place == "first" else {"after_id": cards[place].id if place is not None else None}
        move(session, here.board, [cards[n] for n in some], here.todo, **said)
        model = [n for n in model if n not in some]
        at = 0 if place == "first" else len(model) if place is None else model.index(place) + 1
        model[at:at] = some
    assert titles(session, here.todo) == [str(n) for n in model]
