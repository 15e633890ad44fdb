"""What pages of all reports do alike: the document, its file, its filters, links from its rows."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, flash, redirect, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from planner import db
from planner.exchange import ExportError
from planner.exchange.reports import REPORT_FORMATS, Document, report_file
from planner.models import ReportKind
from planner.services.outcomes import reports
from planner.services.outcomes.wanted import Wanted
from planner.views.door import Answer, actor, no_store

ROWS = {  # what a row is about -> its page, and what its address calls the number
    "project": ("staffing_projects.project_show", "project_id"),
    "person": ("staffing_people.person_show", "person_id"),
    "need": ("staffing_answers.need_answer_show", "need_id"),
    "objective": ("outcomes_objectives.objective_show", "objective_id"),
    "board": ("work_boards.board_show", "board_id"),
    "skill": ("staffing_people.person_list", "skill"),
}
LOW_PCT = 50


def init_app(app: Flask) -> None:
    """Gives the pages their filters."""
    app.jinja_env.filters.update(row_href=row_href)


def row_href(ident: str) -> str:
    """The page of what a row of a report is about; nothing where it has none."""
    kind, _colon, number = ident.partition(":")
    if kind not in ROWS or not number.isdecimal():
        return ""
    endpoint, name = ROWS[kind]
    values: dict[str, Any] = {name: int(number)}
    return url_for(endpoint, **values)


def asked() -> Wanted:
    """What the URL asks for."""
    return Wanted.read(request.args)


def low_pct() -> int:
    """Below how many percent somebody counts as hardly used, as the URL says."""
    said = request.args.get("below", "")
    return min(100, int(said)) if said.isascii() and said.isdecimal() and 0 < len(said) < 4 else LOW_PCT


def document(kind: ReportKind) -> Document:
    """The report that the URL asks for, in the reader's language."""
    language = str(get_locale() or "en")[:2]
    return reports.document_of(db.session(), kind, asked(), language, by=actor(), low_pct=low_pct())


def filed(kind: ReportKind, back: str) -> Answer:
    """The report as a file; `format`, and for CSV `section`."""
    form = request.args.get("format", "pdf")
    if form not in REPORT_FORMATS:
        raise BadRequest
    try:
        file = report_file(document(kind), form, request.args.get("section", ""))
    except ExportError as error:
        flash(_(error.sentence) % error.params, "error")
        return redirect(url_for(back, **arguments()), 303)
    answer = Response(file.data, mimetype=file.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=file.filename)
    return no_store(answer)


def arguments() -> dict[str, Any]:
    """What the URL asks for, as another one says it."""
    said: dict[str, Any] = dict(asked().arguments)
    return said | ({"below": low_pct()} if low_pct() != LOW_PCT else {})
