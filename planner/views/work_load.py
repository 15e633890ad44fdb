"""The load of people, seats and tasks in one heatmap; and tasks of different teams that seem to be the same."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from planner import access, db
from planner.forms.work_tasks import PairForm
from planner.models import Booking, Phase, RoleNeed, Seat, Task
from planner.services.listing import Query
from planner.services.staffing.projects import id_in, workspace_of
from planner.services.work import alike, load, merging
from planner.services.work.tasks import WITH_OWNER, is_of_project, is_of_team
from planner.views.door import Answer, actor, acts, query, save
from planner.views.planning_shown import sliced
from planner.views.work_shown import filters_for_tasks

pages = Blueprint("work_load", __name__)
PEOPLE_ON_A_PAGE = 40


@pages.get("/load")
@acts("load.see")
def load_show() -> Answer:
    session, asked = db.session(), query()
    people = load.staff(session, _ids_of(asked))
    people = [one for one in people if asked.q.casefold() in one.name.casefold()]
    first = int(asked.value("first")) if asked.value("first").isascii() and asked.value("first").isdecimal() else None
    found = [one for one in load.load_of(session, people, first) if one.is_busy or asked.value("show") == "all"]
    if asked.value("show") == "over":
        found = [one for one in found if one.is_over]
    return render_template(
        "work/load_show.html",
        page=sliced(sorted(found, key=_most_first), asked, PEOPLE_ON_A_PAGE),
        num_over=sum(one.is_over for one in found),
        workspace=workspace_of(session),
        full_h=load.FULL_TIME_H[workspace_of(session).period],
        query=asked,
        **filters_for_tasks(),
    )


@pages.get("/alike")
@acts("alike.see")
def alike_list() -> Answer:
    return _alike_page()


@pages.route("/tasks/<int:task_id>/apart", methods=["GET", "POST"])
@acts("task.merge", Task)
def task_set_apart(task: Task) -> Answer:
    form = PairForm()
    verb = partial(merging.set_apart, db.session(), task, by=actor())
    return _judged(form, verb, _("They are not pointed out again."))


@pages.route("/tasks/<int:task_id>/together", methods=["GET", "POST"])
@acts("task.merge", Task)
def task_put_together(task: Task) -> Answer:
    form = PairForm()
    verb = partial(merging.link_task, db.session(), task, by=actor())
    return _judged(form, verb, _("The tasks are linked."))


def _judged(form: PairForm, verb: Callable[..., Task], told: str) -> Answer:
    """What somebody says of two tasks on the page of those that are alike, to which it leads back."""
    back = url_for(".alike_list")
    if request.method != "POST":
        return redirect(back)
    return save(
        form,
        lambda: verb(form.said, form.read_version),
        page=lambda: _alike_page(form),
        then=lambda _row: back,
        told=told,
    )


def _alike_page(form: PairForm | None = None) -> str:
    session, user = db.session(), actor()
    found = alike.alike_tasks(session)
    shown = found[: alike.MOST_SHOWN]
    ids = {ident for one in shown for ident in (one.task_id, one.other_id)}
    rows = session.scalars(select(Task).where(Task.id.in_(ids)).options(*WITH_OWNER)).unique()
    by_id = {task.id: task for task in rows}
    may = {ident: access.allowed(user, "task.merge", task) for ident, task in by_id.items()}
    return render_template("work/alike_list.html", found=shown, num=len(found), tasks=by_id, may_edit=may, form=form)


def _most_first(one: load.PersonLoad) -> tuple[bool, float, str]:
    return not one.is_over, -max((period.pct for period in one.periods), default=0), one.person.name.casefold()


def _ids_of(asked: Query) -> set[int] | None:
    """The people whom the URL asks for by a project or a team: who holds a seat there, or owns a task; all else."""
    project, team, person = (asked.value(name) for name in ("project", "team", "person"))
    if person:
        return {id_in(person)}
    if not project and not team:
        return None
    session = db.session()
    seats = select(Booking.person_id).join(Booking.seat).join(Seat.need).join(RoleNeed.phase)
    seats = seats.where(Booking.is_in_force)
    owns = select(Task.owner_id).where(Task.owner_id.is_not(None))
    if team:
        seats, owns = seats.where(Phase.id == id_in(team)), owns.where(is_of_team(id_in(team)))
    if project:
        seats, owns = seats.where(Phase.project_id == id_in(project)), owns.where(is_of_project(id_in(project)))
    return {ident for ident in (*session.scalars(seats), *session.scalars(owns)) if ident is not None}
