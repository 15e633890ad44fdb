"""The pipeline board, and the columns that a company gives it."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from planner import access, db
from planner.forms.asking import AskingForm
from planner.forms.fields import offer
from planner.forms.hiring_board import ColumnForm, MovesForm, PlaceForm
from planner.models import PipelineColumn
from planner.services.hiring import board as boards
from planner.services.hiring import candidates as verbs
from planner.services.hiring import pipeline, requisitions
from planner.services.refused import Refused
from planner.views.door import Answer, actor, acts, query, remove_row, save
from planner.wording import refusal_sentence
from planner.words.staffing_people import stage_words

pages = Blueprint("hiring_board", __name__, url_prefix="/board")


@pages.get("")
@acts("candidate.see")
def board_show() -> Answer:
    return _shown(MovesForm(formdata=None))


@pages.route("/move", methods=["GET", "POST"])
@acts("candidate.edit")
def board_move() -> Answer:
    back = replace(query(), path=url_for(".board_show")).href()
    if request.method != "POST":
        return redirect(back)
    form = MovesForm()
    num = 1 if form.one.data else len(form.candidates.data or ())
    return save(
        form,
        lambda: verbs.move_candidates(db.session(), form.said, by=actor()),
        page=lambda: _shown(form),
        then=lambda moved: back if len(moved) > 1 else f"{back}#card-{moved[0].id}",  # the focus stays with the card
        told=ngettext("%(num)s candidate was moved.", "%(num)s candidates were moved.", num),
    )


@pages.get("/columns")
@acts("column.see")
def column_list() -> Answer:
    return _columns_shown()


@pages.route("/columns/add", methods=["GET", "POST"])
@acts("column.add")
def column_add() -> Answer:
    form = ColumnForm()
    return save(
        form,
        lambda: pipeline.add_column(db.session(), form.said),
        page=lambda: render_template("hiring/column_edit.html", form=form, column=None),
        then=lambda _column: url_for(".column_list"),
        told=_("The column was added."),
    )


@pages.route("/columns/<int:column_id>/edit", methods=["GET", "POST"])
@acts("column.edit", PipelineColumn)
def column_edit(column: PipelineColumn) -> Answer:
    form = ColumnForm(obj=column)
    return save(
        form,
        lambda: pipeline.edit_column(db.session(), column, form.said, form.read_version),
        page=lambda: render_template("hiring/column_edit.html", form=form, column=column),
        then=lambda _column: url_for(".column_list"),
        told=_("The column was saved."),
    )


@pages.route("/columns/<int:column_id>/place", methods=["GET", "POST"])
@acts("column.edit", PipelineColumn)
def column_place(column: PipelineColumn) -> Answer:
    if request.method != "POST":
        return redirect(url_for(".column_list"))
    form = PlaceForm()
    return save(
        form,
        lambda: pipeline.place_column(db.session(), column, form.said, form.read_version),
        page=lambda: _columns_shown(form),
        then=lambda _column: url_for(".column_list"),
    )


@pages.route("/columns/<int:column_id>/remove", methods=["POST"])
@acts("column.remove", PipelineColumn)
def column_remove(column: PipelineColumn) -> Answer:
    try:
        pipeline.require_unused(db.session(), column)
    except Refused as refused:
        flash(refusal_sentence(refused), "error")
        return redirect(url_for(".column_list"), 303)
    return remove_row(column, title=column_name(column), then=url_for(".column_list"))


@pages.app_template_filter("column_name")
def column_name(column: PipelineColumn) -> str:
    """What a column is called in the reader's language; as its stage where a company gives it no name."""
    is_french = str(get_locale() or "en").startswith("fr")
    return (column.name_fr if is_french else "") or column.name or stage_words()[column.stage]


def column_value(column: PipelineColumn) -> str:
    """A column as forms send it."""
    return f"{column.stage}-{column.id}" if column.id is not None else str(column.stage)


def _columns_shown(form: AskingForm | None = None) -> str:
    return render_template(
        "hiring/column_list.html",
        form=form,
        columns=pipeline.all_columns(db.session()),
        can_edit=access.allowed(actor(), "column.edit"),
    )


def _shown(form: MovesForm) -> str:
    session, asked = db.session(), query()
    board = boards.board(session, asked, language=str(get_locale() or "en"))
    values = [column_value(lane.column) for lane in board.lanes]
    offer(columns=[(value, column_name(lane.column)) for value, lane in zip(values, board.lanes, strict=True)])
    known = [(str(row.id), f"{row.number} · {row.title}") for row in requisitions.all_requisitions(session)]
    return render_template(
        "hiring/board_show.html",
        board=board,
        values=values,
        query=asked,
        moving=replace(asked, path=url_for(".board_move")).href(),
        form=form,
        ticked={f"{one['id']}:{one['version']}" for one in form.candidates.data or ()},
        requisitions=[*known, ("none", _("none yet"))],
        can_edit=access.allowed(actor(), "candidate.edit"),
        can_configure=access.allowed(actor(), "column.edit"),
    )
