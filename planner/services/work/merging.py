"""Two tasks and what they have to do with each other: merged into one, linked, or only alike."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from planner.models import Comment, Notification, PairKind, Task, TaskLine, TaskPair, User, now
from planner.schemas.work_tasks import MOST_LINES, MergeSaid, OtherSaid
from planner.services.editing import require_version, touch
from planner.services.refused import Refused
from planner.services.work import following

# what hangs on a task, and goes along with it
GOES_ALONG: tuple[Any, ...] = (Comment.task_id, Notification.task_id)
MOST_TEXT = 9_990  # so that the joined text can still be edited


def merge_task(session: Session, task: Task, said: MergeSaid, version: int | None, *, by: User | None = None) -> Task:
    """Merges a duplicate into another task, and nothing is lost: returns the one that stays. Raises Stale, Refused.

    Hours that were spent add up; of the estimates the larger one holds, since the same work was estimated twice. The
    earlier dates hold, checklists are joined, texts stand one below the other; links, comments, who follows and what
    was merged before lead to the one that stays.
    """
    require_version(task, version)
    into = other_of(session, task, said)
    if task.merged_into_id is not None or into.merged_into_id is not None:
        raise Refused("task_is_merged", field="other_id")
    if len(into.text) + len(task.title) + len(task.text) > MOST_TEXT or _num_lines(into, task) > MOST_LINES:
        raise Refused("tasks_too_long_together", field="other_id")
    _join_plain(into, task)
    _join_text(into, task)
    _join_lists(into, task)
    _lead_on(session, into, task)
    task.merged_into_id = into.id
    pair(session, task, into, PairKind.LINKED, by=by)
    touch(session, into)
    touch(session, task)
    return into


def link_task(session: Session, task: Task, said: OtherSaid, version: int | None, *, by: User | None = None) -> Task:
    """Says that two tasks belong together. Raises Stale, and Refused where the other one is gone."""
    require_version(task, version)
    pair(session, task, other_of(session, task, said), PairKind.LINKED, by=by)
    touch(session, task)
    return task


def set_apart(session: Session, task: Task, said: OtherSaid, version: int | None, *, by: User | None = None) -> Task:
    """Says that two tasks only look alike: they are not pointed out again. Raises Stale, Refused."""
    require_version(task, version)
    pair(session, task, other_of(session, task, said), PairKind.NOT_ALIKE, by=by)
    touch(session, task)
    return task


def unlink_task(session: Session, task: Task, said: OtherSaid, version: int | None) -> Task:
    """Takes back what was said of two tasks. Raises Stale, and Refused where nothing was."""
    require_version(task, version)
    row = session.get(TaskPair, _key(task.id, said.other_id))
    if row is None:
        raise Refused("tasks_are_not_linked", field="other_id")
    session.delete(row)
    touch(session, task)
    return task


def pair(session: Session, task: Task, other: Task, kind: PairKind, *, by: User | None) -> TaskPair:
    """Keeps what was said of two tasks; what was said before no longer holds."""
    key = _key(task.id, other.id)
    row = session.get(TaskPair, key) or TaskPair(task_id=key[0], other_id=key[1])
    row.kind, row.at, row.by_name = kind, now(), by.name if by is not None else ""
    session.add(row)
    session.flush()
    return row


def linked_to(session: Session, task: Task) -> list[Task]:
    """The tasks that belong together with one, the oldest first."""
    is_about = or_(TaskPair.task_id == task.id, TaskPair.other_id == task.id)
    pairs = select(TaskPair.task_id, TaskPair.other_id).where(is_about, TaskPair.kind == PairKind.LINKED)
    ids = {ident for row in session.execute(pairs) for ident in row}
    found = select(Task).where(Task.id.in_(ids - {task.id}), Task.merged_into_id.is_distinct_from(task.id))
    return list(session.scalars(found.where(Task.id != (task.merged_into_id or 0)).order_by(Task.id)))


def merged_into(session: Session, task: Task) -> list[Task]:
    """The duplicates that went into a task."""
    return list(session.scalars(select(Task).where(Task.merged_into_id == task.id).order_by(Task.id)))


def other_of(session: Session, task: Task, said: OtherSaid) -> Task:
    """The other task. Raises Refused where it is gone, or is the same."""
    other = session.get(Task, said.other_id, with_for_update={"read": True, "key_share": True})  # it stays till then
    if other is None or other.id == task.id:
        raise Refused("task_is_gone", field="other_id")
    return other


def _key(one: int, other: int) -> tuple[int, int]:
    return min(one, other), max(one, other)


def _join_plain(into: Task, task: Task) -> None:
    into.actual_h = round(into.actual_h + task.actual_h, 2)
    into.estimate_h = max((h for h in (into.estimate_h, task.estimate_h) if h is not None), default=None)
    into.due_on = _earlier(into.due_on, task.due_on)
    into.starts_on = _earlier(into.starts_on, task.starts_on)
    if into.starts_on is not None and into.due_on is not None and into.starts_on > into.due_on:
        into.starts_on = None
    is_nobodys = into.owner_id is None and into.seat_id is None
    for name in ("owner_id", "seat_id", "phase_id", "requisition_id", "feedback_id"):
        may_take = name != "owner_id" or is_nobodys  # whoever holds its seat keeps it
        if may_take and getattr(into, name) is None:
            setattr(into, name, getattr(task, name))


def _num_lines(into: Task, task: Task) -> int:
    return len(into.checklist) + len(task.checklist)


def _earlier(one: date | None, other: date | None) -> date | None:
    return min((day for day in (one, other) if day is not None), default=None)


def _join_text(into: Task, task: Task) -> None:
    """The title of the one that goes stands over its text, unless all of that is there already."""
    heading = task.title if task.title.casefold() != into.title.casefold() else ""
    body = task.text if task.text not in into.text else ""
    into.text = "\n\n".join(part for part in (into.text, heading, body) if part)


def _join_lists(into: Task, task: Task) -> None:
    """One checklist of both; a line that both have stands once, done where it was done in either."""
    present = {line.text.casefold(): line for line in into.checklist}
    for line in task.checklist:
        same = present.get(line.text.casefold())
        if same is not None:
            same.is_done = same.is_done or line.is_done
            continue
        added = TaskLine(text=line.text, is_done=line.is_done, position=len(into.checklist))
        into.checklist.append(added)
        present[line.text.casefold()] = added


def _lead_on(session: Session, into: Task, task: Task) -> None:
    """What led to the one that goes leads to the one that stays."""
    session.flush()
    for other in merged_into(session, task):
        other.merged_into_id = into.id
    for row in session.scalars(select(TaskPair).where(or_(TaskPair.task_id == task.id, TaskPair.other_id == task.id))):
        other_id = row.other_id if row.task_id == task.id else row.task_id
        if other_id != into.id and session.get(TaskPair, _key(into.id, other_id)) is None:
            key = _key(into.id, other_id)
            session.add(TaskPair(task_id=key[0], other_id=key[1], kind=row.kind, by_name=row.by_name, at=row.at))
    following.begin(session, into, following.followers(session, task))
    for column in GOES_ALONG:
        session.execute(update(column.class_).where(column == task.id).values({column.key: into.id}))
    session.flush()
