"""The API's audit trail: the whole of it, its newest digest, its files, and the history of each record."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request, stream_with_context
from flask_babel import lazy_gettext as _

from planner import db
from planner.api import asking
from planner.api.answers import shown
from planner.api.operations import name_of, operation
from planner.api.routes import list_parameters, listed, page_schema
from planner.exchange import audit_files
from planner.models import (
    Candidate,
    Person,
    Plan,
    Project,
    Requisition,
    RoleNeed,
    Site,
    Skill,
    Workspace,
    WorkStyle,
)
from planner.schemas.account_audit import ChangeSeen, EntrySeen, HeadSeen
from planner.services.account.audit import chain, history
from planner.services.listing import Query

TAG = _("Audit trail")
SUBJECTS: dict[str, tuple[type, str]] = {
    "people": (Person, "person.see"),
    "projects": (Project, "project.see"),
    "needs": (RoleNeed, "need.see"),
    "skills": (Skill, "skill.see"),
    "styles": (WorkStyle, "style.see"),
    "sites": (Site, "site.see"),
    "candidates": (Candidate, "candidate.see"),
    "requisitions": (Requisition, "requisition.see"),
    "plans": (Plan, "plan.see"),
}
FILTERS = {
    "who": _("The number of a user, or nobody."),
    "noun": _("The name of a table."),
    "action": _("add, edit or remove."),
    "door": _("page, api, job or cli."),
    "row": _("The number of a row."),
    "tx": _("The number of a transaction."),
    "from": _("The first day, in UTC."),
    "to": _("The last day, in UTC."),
}
PAGED = {name: said for name, said in list_parameters((), {}).items() if name in ("page", "size")}
EXPORTED = {name: ({"type": "string"}, sentence) for name, sentence in FILTERS.items()}


def init(pages: Blueprint) -> None:
    """Registers the routes of the trail, and a history for each kind of record."""
    pages.get("/audit")(audit_list)
    pages.get("/audit/head")(head_show)
    pages.get("/audit/export.csv", endpoint="audit_export_csv")(_exporting("csv"))
    pages.get("/audit/export.json", endpoint="audit_export_json")(_exporting("json"))
    for plural, (model, action) in SUBJECTS.items():
        path = f"/{plural}/<int:{name_of(model)}_id>/history"
        pages.get(path, endpoint=f"{plural}_history")(_history_of(model, action))
    pages.get("/workspace/history")(workspace_history)


@operation(
    "audit.see",
    tag=TAG,
    summary=_("Audit trail: list"),
    about=_("The newest first. Entries hold who changed which fields, never a value."),
    gives=page_schema(EntrySeen),
    parameters={name: said for name, said in list_parameters((), FILTERS).items() if name != "q"},
)
def audit_list() -> Response:
    return listed(history.page_of_entries(db.session(), _asked(tuple(FILTERS))), EntrySeen)


@operation(
    "audit.see",
    tag=TAG,
    summary=_("Audit trail: number and digest of the newest entry"),
    about=_("Keep it elsewhere: `planner audit verify --expect` compares."),
    gives=HeadSeen,
)
def head_show() -> Response:
    number, digest = chain.head(db.session())
    return shown({"number": number, "digest": digest}, HeadSeen)


@operation("workspace.see", tag=TAG, summary=_("Workspace: history"), gives=page_schema(ChangeSeen), parameters=PAGED)
def workspace_history() -> Response:
    return _shown(db.session().get_one(Workspace, 1))


def _history_of(model: type, action: str) -> Any:
    @operation(
        action,
        model,
        tag=TAG,
        summary=_("%(noun)s: history of one", noun=name_of(model)),
        about=_("One change for each transaction, the newest first."),
        gives=page_schema(ChangeSeen),
        parameters=PAGED,
    )
    def showing(row: Any) -> Response:
        return _shown(row)

    return showing


def _exporting(kind: str) -> Any:
    @operation(
        "audit.export",
        tag=TAG,
        summary=_("Audit trail: as a file (%(kind)s)", kind=kind.upper()),
        about=_("Each entry comes with the digest before it, so that each can be checked by itself."),
        media=(audit_files.MEDIA_TYPES[kind],),
        parameters=EXPORTED,
    )
    def exporting() -> Response:
        asking.query((), tuple(FILTERS))
        entries = history.exported(db.session(), Query.read(request.path, request.args))
        answer = Response(
            stream_with_context(audit_files.WRITERS[kind](entries)), mimetype=audit_files.MEDIA_TYPES[kind]
        )
        answer.headers["Cache-Control"] = "no-store"
        return answer

    return exporting


def _shown(row: Any) -> Response:
    page = history.page_of_history(db.session(), row, _asked(()))
    items = [ChangeSeen.model_validate(line).model_dump(mode="json") for line in page.items]
    answer = jsonify({"items": items, "page": page.number, "pages": page.num_pages, "total": page.total})
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _asked(filters: tuple[str, ...]) -> Query:
    return asking.query((), filters)
