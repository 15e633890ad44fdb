"""Tasks: as a list, as a calendar, as a file, and each with all that can be done to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from planner import access, db
from planner.exchange import task_files
from planner.forms.fields import offer
from planner.forms.work_tasks import HoursForm, MergeForm, OtherForm, PairForm, PlaceOfTaskForm, TaskForm, TickForm
from planner.models import Feedback, Task, TaskBoard, today
from planner.services.outcomes import feedback as voices
from planner.services.work import alike, load, merging, moving
from planner.services.work import tasks as verbs
from planner.views import work_calendar
from planner.views.door import Answer, actor, acts, confirm_removal, no_store, query, remove_row, save
from planner.views.work_shown import filters_for_tasks, offer_for_task, offer_tasks, only_own

pages = Blueprint("work_tasks", __name__, url_prefix="/tasks")


@pages.get("")
@acts("task.see")
def task_list() -> Answer:
    page = verbs.page_of_tasks(db.session(), query(), only=only_own(actor(), "task.see"))
    return render_template("work/task_list.html", page=page, query=page.query, **filters_for_tasks())


@pages.get("/calendar")
@acts("task.see")
def task_calendar() -> Answer:
    """What is due in a month, day by day."""
    asked = query()
    month = work_calendar.month_of(asked.value("month"), today())
    found = verbs.tasks_between(
        db.session(), asked, month.first_shown, month.last_shown, only=only_own(actor(), "task.see")
    )
    return render_template(
        "work/task_calendar.html",
        month=month,
        days=work_calendar.days_of(month, found),
        query=asked,
        num=sum(month.first <= task.due_on <= month.last for task in found if task.due_on is not None),
        now=today(),
        **filters_for_tasks(),
    )


@pages.get("/tasks.csv")
@acts("task.see")
def task_download() -> Answer:
    """The list, as the URL asks for it, as a file."""
    found = verbs.every_task(db.session(), query(), only=only_own(actor(), "task.see"))
    answer = Response(task_files.tasks_csv(found, _), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename="tasks.csv")
    return no_store(answer)


@pages.route("/add/<int:board_id>", methods=["GET", "POST"])
@acts("task.add", TaskBoard)
def task_add(board: TaskBoard) -> Answer:
    offer_for_task(board)
    form = TaskForm(data={"phase_id": board.phase_id, "iteration_id": request.args.get("iteration"), **_out_of()})
    return save(
        form,
        lambda: verbs.add_task(db.session(), board, form.said, by=actor()),
        page=lambda: render_template("work/task_edit.html", form=form, board=board, task=None),
        then=lambda task: url_for("work_boards.board_show", board_id=board.id, _anchor=f"card-{task.id}"),
        told=_("The task was added."),
    )


@pages.get("/<int:task_id>")
@acts("task.see", Task)
def task_show(task: Task) -> Answer:
    return _page(task)


@pages.route("/<int:task_id>/edit", methods=["GET", "POST"])
@acts("task.edit", Task)
def task_edit(task: Task) -> Answer:
    offer_for_task(task.board, task)
    form = TaskForm(obj=task)
    return save(
        form,
        lambda: verbs.edit_task(db.session(), task, form.said, form.read_version, by=actor()),
        page=lambda: render_template("work/task_edit.html", form=form, board=task.board, task=task),
        then=_href,
        told=_("The task was saved."),
    )


@pages.route("/<int:task_id>/remove", methods=["GET", "POST"])
@acts("task.remove", Task)
def task_remove(task: Task) -> Answer:
    if request.method == "POST":
        return remove_row(task, title=task.title, then=url_for("work_boards.board_show", board_id=task.board_id))
    return confirm_removal(task.title, _("Its checklist, moves and links go with it."), _href(task))


@pages.route("/<int:task_id>/move", methods=["GET", "POST"])
@acts("task.edit", Task)
def task_move(task: Task) -> Answer:
    form = PlaceOfTaskForm()
    return _step(
        task,
        form,
        lambda: moving.move_task(db.session(), task, form.said, form.read_version, by=actor()),
        _("The task was moved."),
    )


@pages.route("/<int:task_id>/tick", methods=["GET", "POST"])
@acts("task.edit", Task)
def task_tick(task: Task) -> Answer:
    form = TickForm()
    return _step(task, form, lambda: verbs.tick_line(db.session(), task, form.said, form.read_version))


@pages.route("/<int:task_id>/hours", methods=["GET", "POST"])
@acts("task.edit", Task)
def task_hours(task: Task) -> Answer:
    form = HoursForm()
    return _step(
        task,
        form,
        lambda: verbs.note_hours(db.session(), task, form.said, form.read_version),
        _("The hours were noted."),
    )


@pages.route("/<int:task_id>/link", methods=["GET", "POST"])
@acts("task.edit", Task)
def task_link(task: Task) -> Answer:
    offer_tasks(task)
    form = OtherForm()
    verb = lambda: merging.link_task(db.session(), task, form.said, form.read_version, by=actor())  # noqa: E731
    return _step(task, form, verb, _("The tasks are linked."))


@pages.route("/<int:task_id>/unlink", methods=["GET", "POST"])
@acts("task.edit", Task)
def task_unlink(task: Task) -> Answer:
    form = PairForm()
    verb = lambda: merging.unlink_task(db.session(), task, form.said, form.read_version)  # noqa: E731
    return _step(task, form, verb, _("They are not linked any more."))


@pages.route("/<int:task_id>/merge", methods=["GET", "POST"])
@acts("task.merge", Task)
def task_merge(task: Task) -> Answer:
    offer_tasks(task)
    form = MergeForm()
    return save(
        form,
        lambda: _merged(task, form),
        page=lambda: _merge_page(task, form),
        then=_href,
        told=_("The tasks are one now; nothing was lost."),
    )


def _out_of() -> dict[str, Any]:
    """What a task begins with that comes out of feedback."""
    row = db.row_at(Feedback, request.args.get("feedback", type=int))
    if row is None or not access.allowed(actor(), "feedback.see", row):
        return {}
    return {
        "feedback_id": row.id,
        "title": voices.shortened(row.text),
        "phase_id": row.phase_id,
        "seat_id": row.seat_id,
    }


def _merged(task: Task, form: MergeForm) -> Task:
    session, user = db.session(), actor()
    access.require(user, "task.merge", merging.other_of(session, task, form.said))
    return merging.merge_task(session, task, form.said, form.read_version, by=user)


def _step(task: Task, form: Any, verb: Callable[[], Task], told: str = "") -> Answer:
    """A single step on a task, from its own page or from where somebody has several before them."""
    back = back_to(task)
    if request.method != "POST":
        return redirect(back)
    return save(form, verb, page=lambda: _page(task, form), then=lambda _task: back, told=told)


def back_to(task: Task) -> str:
    """Where a step leads: to one's own tasks where it was made there, else to the task."""
    if request.args.get("from") == "mine":
        return url_for("work_own.own_work", _anchor=f"task-{task.id}")
    return _href(task)


def _href(task: Task) -> str:
    return url_for(".task_show", task_id=task.id)


def _page(task: Task, form: Any = None) -> str:
    session, user = db.session(), actor()
    offer_tasks(task)
    offer(columns=[(column.id, column.name) for column in task.board.columns])
    pairs = alike.alike_tasks(session, about=task) if task.is_open else []
    whose = task.whose
    over = load.overloaded(session, [whose.id]) if whose is not None else {}
    too_much = next((one for one in over.values() if one.is_over_between(task.starts_on, task.due_on)), None)
    return render_template(
        "work/task_show.html",
        task=task,
        board=task.board,
        whose=whose,
        failed=form,
        move=_form(PlaceOfTaskForm, form, data={"column_id": task.column_id, "version": task.version}),
        hours=_form(HoursForm, form, data={"version": task.version}),
        link=_form(OtherForm, form, data={"version": task.version}),
        linked=merging.linked_to(session, task),
        merged=merging.merged_into(session, task),
        alike=pairs,
        others={one.id: one for one in _others(task, pairs)},
        over=too_much if task.is_open else None,
        can_open_board=access.allowed(user, "board.see", task.board),
        can_edit=access.allowed(user, "task.edit", task),
        can_merge=access.allowed(user, "task.merge", task),
        can_remove=access.allowed(user, "task.remove", task),
        can_see_people=access.reaches_any(user, "person.see"),
    )


def _others(task: Task, pairs: list[alike.Likeness]) -> list[Task]:
    """The tasks that seem to be the same as this one."""
    ids = {one.other_id if one.task_id == task.id else one.task_id for one in pairs}
    rows = (db.session().get_one(Task, ident) for ident in ids)
    return [row for row in rows if access.allowed(actor(), "task.see", row)]


def _form(kind: type[Any], failed: Any, **said: Any) -> Any:
    """A form of the page: the one that failed, as it was filled in, or a fresh one."""
    return failed if type(failed) is kind else kind(formdata=None, **said)


def _merge_page(task: Task, form: MergeForm) -> str:
    other = request.args.get("other", "")
    if other and not form.is_submitted():
        form.other_id.data = other
    return render_template("work/task_merge.html", task=task, form=form)
