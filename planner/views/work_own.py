"""What somebody has to do themselves: made for a telephone, late first."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby

from flask import Blueprint, render_template
from flask_babel import gettext as _

from planner import db
from planner.models import ColumnMeaning, Task, TaskColumn, today
from planner.services.work import load
from planner.services.work import tasks as verbs
from planner.views.door import Answer, actor, acts

pages = Blueprint("work_own", __name__)
WEEK = timedelta(days=7)


@pages.get("/my-work")
@acts("own_work.see")
def own_work() -> Answer:
    session, user = db.session(), actor()
    found = verbs.own_tasks(session, user)
    own = load.load_of(session, load.staff(session, [user.person_id]), num=8) if user.person_id is not None else []
    return render_template(
        "work/own_work.html",
        groups=grouped(found, today()),
        tasks=found,
        next_column=next_column,
        user=user,
        load=next(iter(own), None),
    )


def grouped(tasks: list[Task], now: date) -> list[tuple[str, list[Task]]]:
    """Tasks under the words for when they are due; they come in order."""
    words = [_("Late"), _("Today"), _("In the next seven days"), _("Later"), _("Without a due date")]
    ordered = sorted(tasks, key=lambda task: _when(task, now))
    return [(words[n], list(some)) for n, some in groupby(ordered, key=lambda task: _when(task, now))]


def next_column(task: Task) -> TaskColumn | None:
    """Where a task goes on to: the column to the right of the one in which it stands."""
    columns = list(task.board.columns)
    here = next((n for n, one in enumerate(columns) if one.id == task.column_id), len(columns))
    later = columns[here + 1 :]
    return later[0] if later and task.column.meaning is not ColumnMeaning.DONE else None


def _when(task: Task, now: date) -> int:
    if task.due_on is None:
        return 4
    if task.due_on < now:
        return 0
    if task.due_on == now:
        return 1
    return 2 if task.due_on <= now + WEEK else 3
