"""Work in words: what a column means, hours, what a board is of, and why two tasks are pointed out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask
from flask_babel import format_decimal
from flask_babel import gettext as _

from planner.formats import day
from planner.models import ColumnMeaning

if TYPE_CHECKING:
    from planner.models import TaskBoard
    from planner.services.work.alike import Likeness


def init_app(app: Flask) -> None:
    """Gives the pages their filters."""
    app.jinja_env.filters.update(
        hours=hours_in_words,
        meaning_word=meaning_in_words,
        board_about=board_in_words,
        likeness_reasons=likeness_in_words,
    )


def first_column_names() -> dict[ColumnMeaning, str]:
    """What the columns of a new board are called."""
    return {
        ColumnMeaning.TODO: _("To do"),
        ColumnMeaning.DOING: _("Doing"),
        ColumnMeaning.DONE: _("Done"),
    }


def hours_in_words(hours: float | None) -> str:
    """Hours with their unit: "7.5 h"; nothing where they are not known."""
    if hours is None:
        return ""
    return _("%(hours)s h", hours=format_decimal(round(hours, 1), format="#,##0.#"))


def meaning_in_words(meaning: ColumnMeaning) -> str:
    """What standing in a column means."""
    return {
        ColumnMeaning.TODO: _("to do"),
        ColumnMeaning.DOING: _("being done"),
        ColumnMeaning.DONE: _("done"),
    }[meaning]


def board_in_words(board: TaskBoard) -> str:
    """What a board is of: a project, a phase of it, or the department."""
    project = board.project
    if project is None:
        return _("process of the department")
    return f"{project.name} · {board.phase.name}" if board.phase is not None else project.name


def likeness_in_words(like: Likeness) -> list[str]:
    """Why two tasks are pointed out, part by part."""
    parts = [_("titles %(pct)s %% alike", pct=like.title_pct)]
    if like.text_pct is not None:
        parts.append(_("texts %(pct)s %% alike", pct=like.text_pct))
    parts.append(_("same client") if like.client else _("client not said"))
    if like.from_on is not None and like.to_on is not None:
        parts.append(_("both run from %(first)s to %(last)s", first=day(like.from_on), last=day(like.to_on)))
    elif like.to_on is not None:
        parts.append(_("both run until %(last)s", last=day(like.to_on)))
    else:
        parts.append(_("nothing says that they lie apart in time"))
    return parts
