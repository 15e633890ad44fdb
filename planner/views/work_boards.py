"""Task boards: all of them by project and team, one with its cards, and its columns."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from planner import access, db
from planner.forms.asking import AskingForm
from planner.forms.fields import offer
from planner.forms.work_boards import BoardForm, ColumnPlaceForm, TaskColumnForm
from planner.forms.work_tasks import TaskMovesForm
from planner.models import TaskBoard, TaskColumn, today
from planner.services.refused import Refused
from planner.services.work import board_page, iterations, moving, tasks
from planner.services.work import boards as verbs
from planner.views.door import Answer, actor, acts, confirm_removal, query, remove_row, save
from planner.views.work_shown import offer_for_board, only_own
from planner.wording import refusal_sentence
from planner.words.work import first_column_names

pages = Blueprint("work_boards", __name__, url_prefix="/boards")


@pages.get("")
@acts("board.see")
def board_list() -> Answer:
    session, asked = db.session(), query()
    page = verbs.page_of_boards(session, replace(asked, size=100), only=only_own(actor(), "board.see"))
    return render_template(
        "work/board_list.html",
        page=page,
        figures=verbs.figures_of(session, page.items),
        now=today(),
        current=iterations.current,
        can_add=access.allowed(actor(), "board.add"),
    )


@pages.route("/add", methods=["GET", "POST"])
@acts("board.add")
def board_add() -> Answer:
    offer_for_board()
    form = BoardForm(data={"project_id": request.args.get("project"), "phase_id": request.args.get("team")})
    return save(
        form,
        lambda: verbs.add_board(db.session(), form.said, by=actor(), names=first_column_names()),
        page=lambda: render_template("work/board_edit.html", form=form, board=None),
        then=lambda board: url_for(".board_show", board_id=board.id),
        told=_("The board was added. Its columns can be named and limited."),
    )


@pages.get("/<int:board_id>")
@acts("board.see", TaskBoard)
def board_show(board: TaskBoard) -> Answer:
    return _shown(board, TaskMovesForm(formdata=None))


@pages.route("/<int:board_id>/edit", methods=["GET", "POST"])
@acts("board.edit", TaskBoard)
def board_edit(board: TaskBoard) -> Answer:
    offer_for_board()
    form = BoardForm(obj=board)
    return save(
        form,
        lambda: verbs.edit_board(db.session(), board, form.said, form.read_version, by=actor()),
        page=lambda: render_template("work/board_edit.html", form=form, board=board),
        then=lambda board: url_for(".board_show", board_id=board.id),
        told=_("The board was saved."),
    )


@pages.route("/<int:board_id>/remove", methods=["GET", "POST"])
@acts("board.remove", TaskBoard)
def board_remove(board: TaskBoard) -> Answer:
    if request.method == "POST":
        return remove_row(board, title=board.name, then=url_for(".board_list"))
    figures = verbs.figures_of(db.session(), [board]).get(board.id, verbs.BoardFigures())
    text = ngettext("With it goes %(num)s task.", "With it go %(num)s tasks.", figures.num)
    return confirm_removal(board.name, text, url_for(".board_show", board_id=board.id))


@pages.route("/<int:board_id>/move", methods=["GET", "POST"])
@acts("task.edit", TaskBoard)
def board_move(board: TaskBoard) -> Answer:
    back = replace(query(), path=url_for(".board_show", board_id=board.id)).href()
    if request.method != "POST":
        return redirect(back)
    form = TaskMovesForm()
    num = 1 if form.one.data else len(form.tasks.data or ())
    return save(
        form,
        lambda: moving.move_tasks(db.session(), board, form.said, by=actor()),
        page=lambda: _shown(board, form),
        then=lambda moved: back if len(moved) > 1 else f"{back}#card-{moved[0].id}",  # the focus stays with the card
        told=ngettext("%(num)s task was moved.", "%(num)s tasks were moved.", num) if num > 1 else "",
    )


@pages.get("/<int:board_id>/columns")
@acts("board.see", TaskBoard)
def column_list(board: TaskBoard) -> Answer:
    return _columns_shown(board)


@pages.route("/<int:board_id>/columns/add", methods=["GET", "POST"])
@acts("column.add", TaskBoard, of="board.edit")
def column_add(board: TaskBoard) -> Answer:
    form = TaskColumnForm()
    return save(
        form,
        lambda: verbs.add_column(db.session(), board, form.said),
        page=lambda: render_template("work/column_edit.html", form=form, board=board, column=None),
        then=lambda _column: url_for(".column_list", board_id=board.id),
        told=_("The column was added."),
    )


@pages.route("/columns/<int:task_column_id>/edit", methods=["GET", "POST"])
@acts("board.edit", TaskColumn)
def column_edit(column: TaskColumn) -> Answer:
    form = TaskColumnForm(obj=column)
    return save(
        form,
        lambda: verbs.edit_column(db.session(), column, form.said, form.read_version),
        page=lambda: render_template("work/column_edit.html", form=form, board=column.board, column=column),
        then=lambda column: url_for(".column_list", board_id=column.board_id),
        told=_("The column was saved."),
    )


@pages.route("/columns/<int:task_column_id>/place", methods=["GET", "POST"])
@acts("board.edit", TaskColumn)
def column_place(column: TaskColumn) -> Answer:
    back = url_for(".column_list", board_id=column.board_id)
    if request.method != "POST":
        return redirect(back)
    form = ColumnPlaceForm()
    return save(
        form,
        lambda: verbs.place_column(db.session(), column, form.said, form.read_version),
        page=lambda: _columns_shown(column.board, form),
        then=lambda _column: back,
    )


@pages.route("/columns/<int:task_column_id>/remove", methods=["POST"])
@acts("board.edit", TaskColumn)
def column_remove(column: TaskColumn) -> Answer:
    back = url_for(".column_list", board_id=column.board_id)
    try:
        verbs.free_column(db.session(), column)
    except Refused as refused:
        flash(refusal_sentence(refused), "error")
        return redirect(back, 303)
    return remove_row(column, title=column.name, then=back)


def _columns_shown(board: TaskBoard, form: AskingForm | None = None) -> str:
    return render_template(
        "work/column_list.html", form=form, board=board, can_edit=access.allowed(actor(), "board.edit", board)
    )


def _shown(board: TaskBoard, form: TaskMovesForm) -> str:
    session, asked, user = db.session(), query(), actor()
    shown = board_page.shown(session, board, asked)
    offer(columns=[(column.id, column.name) for column in board.columns])
    said = form.payload() if form.is_submitted() else {}
    if said:
        form.column_id.data = str(said.get("column_id") or "")
    return render_template(
        "work/board_show.html",
        board=board,
        shown=shown,
        query=asked,
        form=form,
        ticked={f"{one['id']}:{one['version']}" for one in said.get("tasks") or ()},
        owners=tasks.owners_to_choose(session) if access.reaches_any(user, "task.see") else [],
        iteration=iterations.current(board, today()),
        most=board_page.MOST_CARDS,
        can_move=access.allowed(user, "task.edit", board),
        can_add=access.allowed(user, "task.add", board),
        can_edit=access.allowed(user, "board.edit", board),
        can_remove=access.allowed(user, "board.remove", board),
    )
