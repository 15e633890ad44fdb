"""Iterations of a board, each with how it burns down."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from planner import access, db
from planner.forms.work_boards import IterationForm
from planner.models import Iteration, Task, TaskBoard, today
from planner.services.work import iterations as verbs
from planner.services.work import tasks
from planner.views.door import Answer, actor, acts, confirm_removal, remove_row, save

pages = Blueprint("work_iterations", __name__)
TWO_WEEKS = timedelta(days=13)
MOST_TASKS = 200


@pages.get("/boards/<int:board_id>/iterations")
@acts("board.see", TaskBoard)
def iteration_list(board: TaskBoard) -> Answer:
    session = db.session()
    return render_template(
        "work/iteration_list.html",
        board=board,
        lines=[(one, verbs.burn_down(session, one)) for one in reversed(board.iterations)],
        now=today(),
        can_edit=access.allowed(actor(), "board.edit", board),
    )


@pages.route("/boards/<int:board_id>/iterations/add", methods=["GET", "POST"])
@acts("iteration.add", TaskBoard, of="board.edit")
def iteration_add(board: TaskBoard) -> Answer:
    begin = max([one.ends_on + timedelta(days=1) for one in board.iterations] + [today()])
    form = IterationForm(data={"starts_on": begin, "ends_on": begin + TWO_WEEKS})
    return save(
        form,
        lambda: verbs.add_iteration(db.session(), board, form.said),
        page=lambda: render_template("work/iteration_edit.html", form=form, board=board, iteration=None),
        then=lambda iteration: url_for(".iteration_show", iteration_id=iteration.id),
        told=_("The iteration was added. Put tasks into it on their pages."),
    )


@pages.get("/iterations/<int:iteration_id>")
@acts("board.see", Iteration)
def iteration_show(iteration: Iteration) -> Answer:
    session = db.session()
    return render_template(
        "work/iteration_show.html",
        iteration=iteration,
        board=iteration.board,
        burn=verbs.burn_down(session, iteration),
        open_tasks=tasks.of_rows(session, Task.iteration_id == iteration.id, MOST_TASKS),
        now=today(),
        can_edit=access.allowed(actor(), "board.edit", iteration),
    )


@pages.route("/iterations/<int:iteration_id>/edit", methods=["GET", "POST"])
@acts("board.edit", Iteration)
def iteration_edit(iteration: Iteration) -> Answer:
    form = IterationForm(obj=iteration)
    return save(
        form,
        lambda: verbs.edit_iteration(db.session(), iteration, form.said, form.read_version),
        page=lambda: render_template("work/iteration_edit.html", form=form, board=iteration.board, iteration=iteration),
        then=lambda iteration: url_for(".iteration_show", iteration_id=iteration.id),
        told=_("The iteration was saved."),
    )


@pages.route("/iterations/<int:iteration_id>/remove", methods=["GET", "POST"])
@acts("board.edit", Iteration)
def iteration_remove(iteration: Iteration) -> Answer:
    if request.method == "POST":
        back = url_for(".iteration_list", board_id=iteration.board_id)
        return remove_row(iteration, title=iteration.name, then=back)
    text = _("Its tasks stay on the board, in no iteration.")
    return confirm_removal(iteration.name, text, url_for(".iteration_show", iteration_id=iteration.id))
