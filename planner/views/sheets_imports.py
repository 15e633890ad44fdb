"""The way of a sheet in: choose, say what the columns mean, look at what it would do, import at once, undo."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from pydantic import ValidationError
from sqlalchemy.orm.exc import StaleDataError

from planner import access, db
from planner.forms.fields import offer
from planner.forms.sheets_imports import ACCEPTED, MappingForm, UploadForm
from planner.models import ImportDraft, ImportState
from planner.schemas.sheets_imports import ChoicesSaid
from planner.services.refused import Refused, Stale
from planner.services.sheets import drafts, importing, undoing
from planner.services.sheets.findings import Findings
from planner.services.sheets.kinds import KINDS, Kind
from planner.services.sheets.values import shown
from planner.services.sheets.world import World
from planner.views.door import Answer, actor, acts, query, save
from planner.views.sheets_shown import (
    heading_of,
    kinds_for,
    language,
    lines_shown,
    page_of_lines,
    sentence_of,
    state_words,
    title_of,
)
from planner.wording import STALE, refusal_sentence
from planner.words.sheets_imports import stayed_sentence

pages = Blueprint("sheets_imports", __name__, url_prefix="/imports")
pages.app_template_filter("table_title")(title_of)
pages.app_template_filter("import_sentence")(sentence_of)
SAMPLE_ROWS = 3


@pages.get("")
@acts("import.see")
def import_list() -> Answer:
    return render_template(
        "sheets/import_list.html",
        kinds=kinds_for(lambda action: access.allowed(actor(), action)),
        drafts=drafts.drafts_of(db.session(), actor()),
        known=KINDS,
    )


@pages.route("/add/<kind_name>", methods=["GET", "POST"])
@acts("import.add")
def import_add(kind_name: str) -> Answer:
    kind = _kind(kind_name)
    form = UploadForm()
    return save(
        form,
        lambda: _kept(form, kind),
        page=lambda: render_template(
            "sheets/import_add.html",
            form=form,
            kind=kind,
            accepted=ACCEPTED,
            headings=[heading_of(column) for column in kind.columns],
        ),
        then=lambda draft: url_for(".import_map", import_id=draft.id),
    )


def _kept(form: UploadForm, kind: Kind) -> ImportDraft:
    """The sheet as a draft; while it is read, nothing is locked."""
    data, by = form.content(), actor()
    if not data and not form.said.text.strip():
        raise Refused("no_sheet_came_in", field="file")
    db.let_go()
    book = drafts.read_file(data, form.file_name) if data else drafts.read_pasted(form.said.text)
    return drafts.keep(db.session(), kind, book, name=form.file_name if data else "", by=by, language=language())


@pages.route("/<int:import_id>/columns", methods=["GET", "POST"])
@acts("import.edit", ImportDraft)
def import_map(draft: ImportDraft) -> Answer:
    if draft.state is not ImportState.DRAFT:
        return redirect(url_for(".import_show", import_id=draft.id))
    session, kind = db.session(), _kind(draft.kind)
    world = World(session, language())
    columns = kind.all_columns(world)
    offer(columns=[(name, heading_of(column)) for name, column in columns.items()])
    form = MappingForm(data=None if request.method == "POST" else _mapping_of(draft))

    def verb() -> ImportDraft:
        said, by = form.said, actor()
        drafts.map_columns(session, draft, said.columns, form.read_version, is_clearing=said.is_clearing, by=by)
        importing.look(session, draft, by=by, language=language())
        return draft

    return save(
        form,
        verb,
        page=lambda: _mapping_page(form, draft, kind),
        then=lambda draft: url_for(".import_show", import_id=draft.id),
    )


@pages.post("/<int:import_id>/sheet")
@acts("import.edit", ImportDraft)
def import_pick(draft: ImportDraft) -> Answer:
    """Reads another sheet of the file; its columns are said anew."""
    _kind(draft.kind)
    session, text = db.session(), request.form.get("sheet", "")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else -1
    try:
        drafts.pick_sheet(session, draft, number, _version(), by=actor(), language=language())
        session.commit()
    except Refused as refused:
        session.rollback()
        flash(refusal_sentence(refused), "error")
    except (Stale, StaleDataError):
        session.rollback()
        flash(str(STALE), "error")
    return redirect(url_for(".import_map", import_id=draft.id), 303)


def _mapping_of(draft: ImportDraft) -> dict[str, Any]:
    return {"columns": draft.mapping, "is_clearing": draft.is_clearing, "version": draft.version}


def _mapping_page(form: MappingForm, draft: ImportDraft, kind: Kind) -> str:
    content = drafts.content_of(db.session(), draft)
    sheets, sheet_at = drafts.sheets_of(db.session(), draft)
    samples = [[str(cell) for _n, row in content["rows"][:40] if n < len(row) and (cell := row[n]) not in (None, "")]
               for n in range(len(content["header"]))]  # fmt: skip
    return render_template(
        "sheets/import_map.html",
        form=form,
        draft=draft,
        kind=kind,
        header=content["header"],
        samples=[", ".join(some[:SAMPLE_ROWS]) for some in samples],
        sheets=sheets,
        sheet_at=sheet_at,
        num_rows=len(content["rows"]),
        num_mapped=sum(bool(name) for name in draft.mapping),
    )


@pages.get("/<int:import_id>")
@acts("import.see", ImportDraft)
def import_show(draft: ImportDraft) -> Answer:
    if draft.state is not ImportState.DRAFT:
        return _result_page(draft)
    if draft.findings is None:
        return redirect(url_for(".import_map", import_id=draft.id))
    return _preview_page(draft)


def _preview_page(draft: ImportDraft, *, said: str = "") -> str:
    session, kind = db.session(), _kind(draft.kind)
    world = World(session, language())
    findings = Findings.unpacked(draft.findings or b"")
    page = page_of_lines(findings, query())
    before = drafts.imported_before(session, draft)
    counts = findings.counts
    return render_template(
        "sheets/import_preview.html",
        draft=draft,
        kind=kind,
        counts=counts,
        page=page,
        lines=lines_shown(page.items, kind, world),
        states=[(state, word) for state, word in state_words().items() if counts.get(state)],
        words=state_words(),
        said=said,
        before=before,
        choices=draft.choices,
        show_path=url_for(".import_show", import_id=draft.id),
    )


@pages.post("/<int:import_id>/choices")
@acts("import.edit", ImportDraft)
def import_choose(draft: ImportDraft) -> Answer:
    """Whose value holds where both have changed it; which rows go; whether refused rows are left out."""
    session = db.session()
    try:
        said = ChoicesSaid.model_validate(_choices(draft))
        drafts.choose(session, draft, said.model_dump(), _version())
        importing.look(session, draft, by=actor(), language=language())
    except ValidationError:
        session.rollback()
        flash(_("Something was left out, or not understood. Go back, reload and try again."), "error")
    except Refused as refused:
        session.rollback()
        flash(refusal_sentence(refused), "error")
    except Stale:
        session.rollback()
        flash(str(STALE), "error")
    else:
        session.commit()
        flash(_("Your choices are kept."), "success")
    return redirect(_back(draft), 303)


def _choices(draft: ImportDraft) -> dict[str, Any]:
    """What the page's radios and ticks say, beside what was chosen on its other pages."""
    form, held = request.form, draft.choices
    findings = Findings.unpacked(draft.findings) if draft.findings else Findings([])
    every = form.get("all", "")
    cells = dict(held.get("cells", {}))
    if every in ("yours", "theirs"):
        cells |= {f"{line.number}:{name}": every for line in findings.lines for name in line.asks}
    cells |= {name.removeprefix("cell-"): side for name, side in form.items() if name.startswith("cell-") and side}
    offered = {int(text) for text in form.getlist("offered") if text.isdecimal()}
    ticked = {int(text) for text in form.getlist("removals") if text.lstrip("-").isdecimal()}
    removals = (set(held.get("removals", ())) - offered) | ticked
    return {"cells": cells, "removals": sorted(removals), "leaves_out": bool(form.get("leaves_out"))}


@pages.post("/<int:import_id>/run")
@acts("import.edit", ImportDraft)
def import_run(draft: ImportDraft) -> Answer:
    """Everything at once; where the present has moved since it was looked at, that is shown first."""
    access.require(actor(), _kind(draft.kind).action)
    session, ident = db.session(), draft.id
    try:
        outcome = importing.run(session, draft, _version(), by=actor(), language=language())
        session.flush()
    except Refused as refused:
        session.rollback()
        return _preview_page(session.get_one(ImportDraft, ident), said=refusal_sentence(refused)), 409
    except (Stale, StaleDataError):
        session.rollback()
        return _looked_again(ident)
    session.commit()
    if outcome.is_done:
        return redirect(url_for(".import_show", import_id=draft.id), 303)
    return _preview_page(draft, said=_moved_sentence(outcome.findings)), 409


def _looked_again(ident: int) -> Answer:
    """Somebody was faster: what the sheet would do now is kept and shown."""
    session = db.session()
    draft = session.get_one(ImportDraft, ident)
    if draft.state is not ImportState.DRAFT:
        return redirect(url_for(".import_show", import_id=ident), 303)
    importing.look(session, draft, by=actor(), language=language())
    session.commit()
    return _preview_page(draft, said=str(STALE)), 409


def _moved_sentence(findings: Findings) -> str:
    return ngettext(
        "%(num)s row has changed here since you looked. Nothing was imported: look again.",
        "%(num)s rows have changed here since you looked. Nothing was imported: look again.",
        findings.counts["moved"],
    )


def _result_page(draft: ImportDraft) -> str:
    session, kind = db.session(), KINDS[draft.kind]
    world = World(session, language())
    columns = kind.all_columns(world)
    stayed = [(one.title, heading_of(columns[one.column]) if one.column in columns else "", stayed_sentence(one.code))
              for one in (undoing.stayed_of(session, draft) if draft.state is ImportState.UNDONE else ())]  # fmt: skip
    return render_template("sheets/import_result.html", draft=draft, kind=kind, stayed=stayed)


@pages.route("/<int:import_id>/undo", methods=["GET", "POST"])
@acts("import.edit", ImportDraft)
def import_undo(draft: ImportDraft) -> Answer:
    kind = _kind(draft.kind)
    session, back = db.session(), url_for(".import_show", import_id=draft.id)
    try:
        if request.method == "POST":
            undoing.undo(session, draft, _version(), by=actor(), language=language())
            session.commit()
            flash(_("The import was undone."), "success")
            return redirect(back, 303)
        planned = undoing.plan(session, draft, language=language())
    except Refused as refused:
        session.rollback()
        flash(refusal_sentence(refused), "error")
        return redirect(back, 303)
    except (Stale, StaleDataError):
        session.rollback()
        flash(str(STALE), "error")
        return redirect(url_for(".import_undo", import_id=draft.id), 303)
    world = World(session, language())
    columns = kind.all_columns(world)
    stayed = [(one, heading_of(columns[one.column]), shown(columns[one.column], one.imported, world),
               shown(columns[one.column], one.now, world)) if one.column in columns else (one, "", "", "")
              for one in planned.stayed]  # fmt: skip
    return render_template(
        "sheets/import_undo.html", draft=draft, kind=kind, planned=planned, stayed=stayed, sentence=stayed_sentence
    )


@pages.post("/<int:import_id>/drop")
@acts("import.edit", ImportDraft)
def import_drop(draft: ImportDraft) -> Answer:
    session = db.session()
    try:
        drafts.drop(session, draft)
        session.commit()
        flash(_("The sheet was forgotten. Nothing was imported."), "success")
    except Refused as refused:
        session.rollback()
        flash(refusal_sentence(refused), "error")
    return redirect(url_for(".import_list"), 303)


def _kind(name: str) -> Kind:
    """The kind of table of this name, which the reader may import."""
    kind = KINDS.get(name)
    if kind is None:
        raise access.Hidden("import")
    access.require(actor(), kind.action)
    return kind


def _back(draft: ImportDraft) -> str:
    """The page of the preview that the choices stand on."""
    state, number = request.form.get("state", ""), request.form.get("page", "")
    page = number if number.isdecimal() and number != "1" else None
    return url_for(".import_show", import_id=draft.id, state=state or None, page=page)


def _version() -> int | None:
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
