"""Two tasks merged so that nothing is lost, linked and taken apart; iterations and how they burn down."""

from __future__ import annotations

from datetime import date

import pytest
from boards import add, move, page, sprint, team
from pydantic import ValidationError
from sqlalchemy.orm import Session

from planner.models import Task, today
from planner.schemas.work_tasks import MergeSaid, OtherSaid, TaskSaid, UnlinkSaid
from planner.services import removal
from planner.services.refused import Refused
from planner.services.work import iterations, merging, tasks

# Merging


def test_merging_loses_nothing(session: Session) -> None:
    here, other = team(session), team(session)
    stays = add(session, here.board, "Guide", text="Forty questions", estimate_h=8, actual_h=2, due_on=date(2027, 3, 1),
                checklist=[{"text": "Draft", "is_done": False}])  # fmt: skip
    goes = add(session, other.board, "Interview guide", text="An hour", estimate_h=6, actual_h=3.5,
               starts_on=date(2027, 1, 4), due_on=date(2027, 2, 1), seat_id=other.seat.id,
               checklist=[{"text": "draft", "is_done": True}, {"text": "Consent"}])  # fmt: skip
    friend = add(session, other.board, "Friend")
    earlier = add(session, other.board, "Earlier")
    merging.link_task(session, friend, OtherSaid(other_id=goes.id), friend.version)
    merging.merge_task(session, earlier, MergeSaid(other_id=goes.id), earlier.version)
    merging.merge_task(session, goes, MergeSaid(other_id=stays.id), goes.version)
    session.commit()
    session.expire_all()
    assert (stays.actual_h, stays.estimate_h) == (5.5, 8)
    assert (stays.starts_on, stays.due_on) == (date(2027, 1, 4), date(2027, 2, 1))
    assert all(part in stays.text for part in ("Forty questions", "Interview guide", "An hour"))
    assert [(line.text, line.is_done) for line in stays.checklist] == [("Draft", True), ("Consent", False)]
    assert stays.seat_id == other.seat.id
    assert {task.title for task in merging.linked_to(session, stays)} >= {"Friend"}
    assert {task.title for task in merging.merged_into(session, stays)} == {"Interview guide", "Earlier"}
    assert goes.merged_into == stays
    assert "Interview guide" not in page(session, state="all")


def test_what_is_merged_is_neither_moved_nor_merged_again(session: Session) -> None:
    here = team(session)
    a, b, c = (add(session, here.board, name) for name in "ABC")
    merging.merge_task(session, a, MergeSaid(other_id=b.id), a.version)
    session.commit()
    for verb in (
        lambda: merging.merge_task(session, a, MergeSaid(other_id=c.id), a.version),
        lambda: merging.merge_task(session, c, MergeSaid(other_id=a.id), c.version),
        lambda: move(session, here.board, [a], here.doing),
    ):
        with pytest.raises(Refused) as caught:
            verb()
        assert caught.value.code == "task_is_merged"


def test_task_is_not_merged_into_itself_or_nothing(session: Session) -> None:
    task = add(session, team(session).board, "A")
    for ident in (task.id, 999):
        with pytest.raises(Refused) as caught:
            merging.merge_task(session, task, MergeSaid(other_id=ident), task.version)
        assert (caught.value.code, caught.value.field) == ("task_is_gone", "other_id")


def test_texts_that_are_too_long_together_are_refused(session: Session) -> None:
    here = team(session)
    a, b = (add(session, here.board, name, text=name * 6000) for name in "AB")
    with pytest.raises(Refused) as caught:
        merging.merge_task(session, a, MergeSaid(other_id=b.id), a.version)
    assert caught.value.code == "tasks_too_long_together"


def test_removed_board_comes_back_with_what_was_merged(session: Session) -> None:
    here = team(session)
    a, b = (add(session, here.board, name) for name in "AB")
    merging.merge_task(session, a, MergeSaid(other_id=b.id), a.version)  # the older one into the newer one
    removed = removal.remove(session, here.board, title="Board", by_id=None)
    session.commit()
    removal.restore(session, removed)
    session.commit()
    assert [task.title for task in merging.merged_into(session, session.get_one(Task, b.id))] == ["A"]


def test_link_is_taken_back(session: Session) -> None:
    here = team(session)
    a, b = (add(session, here.board, name) for name in "AB")
    merging.link_task(session, b, OtherSaid(other_id=a.id), b.version)
    assert merging.linked_to(session, a) == [b]
    merging.unlink_task(session, a, UnlinkSaid(other_id=b.id), a.version)
    assert merging.linked_to(session, a) == []
    with pytest.raises(Refused) as caught:
        merging.unlink_task(session, a, UnlinkSaid(other_id=b.id), a.version)
    assert caught.value.code == "tasks_are_not_linked"


# Iterations


def test_iteration_ends_after_it_begins_and_within_a_year(session: Session) -> None:
    with pytest.raises(ValidationError):
        sprint(ends_on="2027-01-03")
    with pytest.raises(Refused) as caught:
        iterations.add_iteration(session, team(session).board, sprint(ends_on="2029-01-03"))
    assert caught.value.code == "iteration_too_long"


def test_iteration_burns_down_by_the_days_on_which_tasks_were_done() -> None:
    """Monday to Sunday, ten hours: four done on Tuesday, two more put in on Wednesday, today is Thursday."""
    rows = [
        Task(estimate_h=4.0, done_on=date(2027, 1, 5), iteration_since_on=date(2026, 12, 30)),
        Task(estimate_h=6.0, iteration_since_on=date(2027, 1, 4)),
        Task(estimate_h=2.0, iteration_since_on=date(2027, 1, 6)),
        Task(estimate_h=None, iteration_since_on=date(2027, 1, 4)),
    ]
    days = iterations.burned(date(2027, 1, 4), date(2027, 1, 10), rows, date(2027, 1, 7))
    assert [day.scope_h for day in days] == [10, 10, 12, 12, None, None, None]
    assert [day.left_h for day in days] == [10, 6, 8, 8, None, None, None]
    assert [day.ideal_h for day in days] == [9.6, 7.2, 4.8, 2.4, 0, 0, 0]  # the weekend takes nothing


def test_task_is_in_an_iteration_since_it_was_put_there(session: Session) -> None:
    here = team(session)
    one = iterations.add_iteration(session, here.board, sprint())
    task = add(session, here.board, "Write", iteration_id=one.id)
    assert task.iteration_since_on == today()
    tasks.edit_task(session, task, TaskSaid(title="Write"), task.version)
    assert (task.iteration_id, task.iteration_since_on) == (None, None)
