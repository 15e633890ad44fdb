"""The API's sheets: a file or rows become an import, which is looked at, run as one step, and undone as one."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from flask import Blueprint, Response, current_app, request
from flask_babel import get_locale
from flask_babel import lazy_gettext as _

from planner import access, db
from planner.api import asking
from planner.api.answers import shown, with_version
from planner.api.operations import edited, operation
from planner.api.routes import list_parameters, listed, page_schema
from planner.models import ImportDraft, ImportState
from planner.schemas.sheets_imports import ChoicesSaid, ImportSeen, LineSeen, MappingSaid, SheetSaid
from planner.services.listing import Page, Query
from planner.services.refused import Refused
from planner.services.sheets import drafts, exporting, importing, undoing
from planner.services.sheets.exporting import FORMATS, Sheet
from planner.services.sheets.findings import Findings, Line, LineState
from planner.services.sheets.kinds import KINDS, Kind
from planner.words.sheets_imports import fault_sentence

TAG = _("Sheets")
STATES = {"state": _("Only lines of this state: new, changed, same, refused, asks, missing or gone.")}
MEDIA = ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "text/csv")


def init(pages: Blueprint) -> None:
    """Registers the routes of sheets."""
    pages.get("/imports")(import_list)
    pages.post("/imports")(import_add)
    pages.get("/imports/<int:import_id>")(import_show)
    pages.get("/imports/<int:import_id>/lines")(import_lines)
    pages.put("/imports/<int:import_id>/columns")(import_map)
    pages.put("/imports/<int:import_id>/choices")(import_choose)
    pages.post("/imports/<int:import_id>/run")(import_run)
    pages.post("/imports/<int:import_id>/undo")(import_undo)
    pages.get("/lists/<kind_name>/<file_format>")(list_download)


@operation(
    "import.see",
    tag=TAG,
    summary=_("Imports: list"),
    gives=page_schema(ImportSeen),
    parameters=list_parameters((), {}),
)
def import_list() -> Response:
    query = asking.query((), ())
    return listed(_page(drafts.drafts_of(db.session(), asking.actor(), most=1000), query), ImportSeen)


@operation(
    "import.add",
    tag=TAG,
    summary=_("Imports: bring a sheet"),
    about=_(
        "A spreadsheet in base64 with its name, or rows, the headings first. Columns are guessed unless they are said. "
        "Nothing is written yet: read the lines, then run it."
    ),
    takes=SheetSaid,
    gives=ImportSeen,
    status=201,
    can_be_refused=True,
)
def import_add() -> Response:
    said, by = SheetSaid.model_validate(asking.document(None)), asking.actor()
    kind = _kind(said.kind)
    db.let_go()
    book = drafts.read_file(_decoded(said.data), said.file_name) if said.data else drafts.book_of(said.rows)
    session = db.session()
    draft = drafts.keep(session, kind, book, name=said.file_name, by=by, language=_language(), sheet=said.sheet)
    if said.columns is not None or said.is_clearing:
        chosen = said.columns if said.columns is not None else draft.mapping
        drafts.map_columns(session, draft, chosen, draft.version, is_clearing=said.is_clearing, by=by)
    importing.look(session, draft, by=by, language=_language())
    session.commit()
    answer = shown(draft, ImportSeen, 201)
    answer.headers["Location"] = f"{request.path}/{draft.id}"
    return answer


@operation("import.see", ImportDraft, tag=TAG, summary=_("Imports: show one"), gives=ImportSeen)
def import_show(draft: ImportDraft) -> Response:
    return shown(draft, ImportSeen)


@operation(
    "import.see",
    ImportDraft,
    tag=TAG,
    summary=_("Imports: the rows of its sheet, and what each would do"),
    gives=page_schema(LineSeen),
    parameters=list_parameters((), STATES),
)
def import_lines(draft: ImportDraft) -> Response:
    query = asking.query((), tuple(STATES))
    wanted = query.value("state")
    lines = Findings.unpacked(draft.findings).lines if draft.findings is not None else []
    found = [line for line in lines if not wanted or line.state == wanted]
    page = _page(found, query)
    seen = Page([_line(line) for line in page.items], page.number, page.size, page.total, query)
    return listed(seen, LineSeen)


@operation(
    "import.edit",
    ImportDraft,
    tag=TAG,
    summary=_("Imports: say what the columns mean"),
    takes=MappingSaid,
    gives=ImportSeen,
    is_versioned=True,
    can_be_refused=True,
)
def import_map(draft: ImportDraft) -> Response:
    said, session, by = asking.said(MappingSaid), db.session(), asking.actor()
    _kind(draft.kind)

    def verb(version: int) -> ImportDraft:
        drafts.map_columns(session, draft, said.columns, version, is_clearing=said.is_clearing, by=by)
        importing.look(session, draft, by=by, language=_language())
        return draft

    return edited(draft, ImportSeen, verb, said)


@operation(
    "import.edit",
    ImportDraft,
    tag=TAG,
    summary=_("Imports: choose where both sides have changed, what goes, and what is left out"),
    takes=ChoicesSaid,
    gives=ImportSeen,
    is_versioned=True,
    can_be_refused=True,
)
def import_choose(draft: ImportDraft) -> Response:
    said, session, by = asking.said(ChoicesSaid), db.session(), asking.actor()
    _kind(draft.kind)

    def verb(version: int) -> ImportDraft:
        drafts.choose(session, draft, said.model_dump(), version)
        importing.look(session, draft, by=by, language=_language())
        return draft

    return edited(draft, ImportSeen, verb, said)


@operation(
    "import.edit",
    ImportDraft,
    tag=TAG,
    summary=_("Imports: run one"),
    about=_(
        "All of it or nothing. Where rows have changed since they were looked at, nothing is written and the state "
        "stays draft: the counts say how many have moved. One that was run already stays as it is."
    ),
    gives=ImportSeen,
    is_versioned=True,
    can_be_refused=True,
)
def import_run(draft: ImportDraft) -> Response:
    session, by = db.session(), asking.actor()
    _kind(draft.kind)
    if draft.state is ImportState.IMPORTED:
        return shown(draft, ImportSeen)

    def verb(version: int) -> ImportDraft:
        importing.run(session, draft, version, by=by, language=_language())
        return draft

    return edited(draft, ImportSeen, verb)


@operation(
    "import.edit",
    ImportDraft,
    tag=TAG,
    summary=_("Imports: undo one"),
    about=_("As one step. What was changed since stays as it is now."),
    gives=ImportSeen,
    is_versioned=True,
    can_be_refused=True,
)
def import_undo(draft: ImportDraft) -> Response:
    session, by = db.session(), asking.actor()
    _kind(draft.kind)
    if draft.state is ImportState.UNDONE:
        return shown(draft, ImportSeen)

    def verb(version: int) -> ImportDraft:
        undoing.undo(session, draft, version, by=by, language=_language())
        return draft

    return edited(draft, ImportSeen, verb)


@operation(
    "list.download",
    tag=TAG,
    summary=_("Lists: everything of a kind as a sheet"),
    about=_("As xlsx or csv. The sheet knows its version: brought back, it is compared three ways."),
    media=MEDIA,
    can_be_refused=True,
)
def list_download(kind_name: str, file_format: str) -> Response:
    kind = KINDS.get(kind_name)
    if kind is None or file_format not in FORMATS:
        raise access.Hidden("list")
    _require(kind.see)
    session, secret = db.session(), current_app.extensions["planner_settings"].secret_key
    by = asking.actor()
    db.let_go()
    session.connection(execution_options={"planner_writes": True})  # what leaves is kept, for when it comes back
    sheet = exporting.leave(session, kind, file_format, by=by, language=_language(), secret=secret)
    session.commit()
    return _file(sheet)


def _file(sheet: Sheet) -> Response:
    answer = Response(sheet.data, mimetype=sheet.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=sheet.filename)
    return with_version(answer, None)


def _kind(name: str) -> Kind:
    """The kind of table of this name, which the token may import."""
    kind = KINDS.get(name)
    if kind is None:
        raise Refused("table_is_not_known", field="kind", kinds=", ".join(KINDS), place="kind")
    _require(kind.action)
    return kind


def _require(action: str) -> None:
    """The token's scope and its user's role must both reach the kind of table itself."""
    access.require(asking.speaker(action), action)


def _language() -> str:
    return "fr" if str(get_locale() or "en").startswith("fr") else "en"


def _decoded(data: str) -> bytes:
    try:
        return base64.b64decode(data, validate=True)
    except binascii.Error as error:
        raise Refused("not_base64", field="data") from error


def _page(rows: list[Any], query: Query) -> Page[Any]:
    number = min(query.page, max(1, -(-len(rows) // query.size)))
    start = (number - 1) * query.size
    return Page(rows[start : start + query.size], number, query.size, len(rows), query)


def _line(line: Line) -> LineSeen:
    """A line as it is told: values as the schema has them, faults in the reader's words."""
    faults = [{"column": fault.column, "code": fault.code, "message": fault_sentence(fault)} for fault in line.faults]
    said = {
        "number": line.number,
        "state": str(line.state),
        "id": line.id if line.state is not LineState.NEW else None,
        "title": line.title,
        "changes": [{"column": n, "was": was, "becomes": becomes} for n, (was, becomes) in line.cells.items()],
        "asked": [{"column": n, "then": a, "yours": b, "theirs": c} for n, (a, b, c) in line.asks.items()],
        "kept": [{"column": n, "then": then, "now": now} for n, (then, now) in line.kept.items()],
        "faults": faults,
        "has_moved": line.has_moved,
    }
    return LineSeen.model_validate(said)
