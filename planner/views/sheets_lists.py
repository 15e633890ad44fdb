"""Lists and templates as sheets, and a sheet on its way in with what is wrong at its cells."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, flash, redirect, url_for
from flask_babel import gettext as _

from planner import access, db
from planner.exchange.words import Words
from planner.models import ImportDraft
from planner.services.refused import Refused
from planner.services.sheets import drafts, exporting
from planner.services.sheets.exporting import FORMATS, Sheet
from planner.services.sheets.findings import Findings
from planner.services.sheets.kinds import KINDS, Kind
from planner.views.door import Answer, actor, acts, no_store
from planner.views.sheets_shown import language
from planner.wording import refusal_sentence
from planner.words.sheets_imports import fault_sentence

pages = Blueprint("sheets_lists", __name__)


@pages.post("/lists/<kind_name>/<file_format>")
@acts("list.download")
def list_download(kind_name: str, file_format: str) -> Answer:
    """Everything of a kind that is here; it can be changed, and come back."""
    kind = _kind(kind_name, file_format)
    access.require(actor(), kind.see)
    session, secret = db.session(), current_app.extensions["planner_settings"].secret_key
    try:
        sheet = exporting.leave(session, kind, file_format, by=actor(), language=language(), secret=secret)
        session.commit()
    except Refused as refused:
        session.rollback()
        flash(refusal_sentence(refused), "error")
        return redirect(url_for("home.start"), 303)
    return _file(sheet)


@pages.get("/imports/templates/<kind_name>/<file_format>")
@acts("import.add")
def template_download(kind_name: str, file_format: str) -> Answer:
    """The headings with two invented rows."""
    kind = _kind(kind_name, file_format)
    access.require(actor(), kind.action)
    return _file(exporting.template(db.session(), kind, file_format, language=language()))


@pages.get("/imports/<int:import_id>/corrections")
@acts("import.see", ImportDraft)
def import_annotated(draft: ImportDraft) -> Answer:
    """The sheet as it came, with a comment at every cell that is refused."""
    back = redirect(url_for("sheets_imports.import_show", import_id=draft.id), 303)
    if draft.findings is None or not draft.counts.get("refused"):
        flash(_("No row is refused."), "success")
        return back
    place = {name: n for n, name in enumerate(draft.mapping) if name}
    errors: dict[tuple[int, int], str] = {}
    for line in Findings.unpacked(draft.findings).lines:
        for fault in line.faults:
            at = (line.number, place.get(fault.column, 0))
            errors[at] = " ".join(filter(None, (errors.get(at, ""), fault_sentence(fault))))
    try:
        content = drafts.content_of(db.session(), draft)
        return _file(exporting.annotated(content["header"], content["rows"], errors, Words(language())))
    except Refused as refused:
        flash(refusal_sentence(refused), "error")
        return back


def _kind(kind_name: str, file_format: str) -> Kind:
    if kind_name not in KINDS or file_format not in FORMATS:
        raise access.Hidden("list")
    return KINDS[kind_name]


def _file(sheet: Sheet) -> Response:
    answer = Response(sheet.data, mimetype=sheet.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=sheet.filename)
    return no_store(answer)
