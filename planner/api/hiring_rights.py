"""The API's rights of candidates: notices, uses of their data, their export, their erasure, who is due."""

from __future__ import annotations

from flask import Blueprint, Response
from flask_babel import get_locale
from flask_babel import lazy_gettext as _

from planner import db
from planner.api import asking
from planner.api.answers import shown
from planner.api.operations import edited, operation
from planner.models import Candidate
from planner.schemas.hiring_candidates import CandidateSeen
from planner.schemas.hiring_rights import (
    DueSeen,
    ErasedSaid,
    ErasureSeen,
    NoticeSaid,
    NoticeSeen,
    RetentionSaid,
    RetentionSeen,
    UseSaid,
    UseSeen,
    WithdrawnSaid,
)
from planner.services.editing import require_version
from planner.services.hiring import access_export, erasing, notices, retention, uses

TAG = _("Candidates’ data")


def init(pages: Blueprint) -> None:
    """Registers the routes of candidates' rights."""
    candidate = "/candidates/<int:candidate_id>"
    pages.post("/notices")(notice_add)
    pages.post("/retention-rules")(rule_add)
    pages.get("/retention-due")(due_list)
    pages.post(f"{candidate}/uses")(use_set)
    pages.post(f"{candidate}/uses/withdraw")(use_withdraw)
    pages.get(f"{candidate}/export")(candidate_export)
    pages.post(f"{candidate}/erase")(candidate_erase)


@operation(
    "notice.add",
    tag=TAG,
    summary=_("Notices: publish the next version"),
    takes=NoticeSaid,
    gives=NoticeSeen,
    status=201,
)
def notice_add() -> Response:
    notice = notices.publish(db.session(), asking.said(NoticeSaid), by=asking.actor())
    db.session().commit()
    return shown(notice, NoticeSeen, 201)


@operation(
    "notice.add",
    tag=TAG,
    summary=_("Retention: add a rule"),
    takes=RetentionSaid,
    gives=RetentionSeen,
    status=201,
    can_be_refused=True,
)
def rule_add() -> Response:
    rule = retention.add_rule(db.session(), asking.said(RetentionSaid))
    db.session().commit()
    return shown(rule, RetentionSeen, 201)


@operation(
    "rights.see",
    tag=TAG,
    summary=_("Retention: whose time is over"),
    about=_("Nothing is erased by asking."),
    gives=DueSeen,
)
def due_list() -> Response:
    return shown({"items": retention.due(db.session())}, DueSeen)


@operation(
    "rights.edit",
    Candidate,
    tag=TAG,
    summary=_("Candidates: note on what basis their data is used"),
    takes=UseSaid,
    gives=UseSeen,
    is_versioned=True,
    can_be_refused=True,
)
def use_set(candidate: Candidate) -> Response:
    said, session = asking.said(UseSaid), db.session()
    return edited(
        candidate, CandidateSeen, lambda version: uses.set_use(session, candidate, said, version), said, gives=UseSeen
    )


@operation(
    "rights.edit",
    Candidate,
    tag=TAG,
    summary=_("Candidates: end a use of their data"),
    about=_("Without recruitment no plan proposes them any more, not even one that waits."),
    takes=WithdrawnSaid,
    gives=UseSeen,
    is_versioned=True,
    can_be_refused=True,
)
def use_withdraw(candidate: Candidate) -> Response:
    said, session, by = asking.said(WithdrawnSaid), db.session(), asking.actor()
    return edited(
        candidate,
        CandidateSeen,
        lambda version: uses.withdraw_use(session, candidate, said, version, by=by),
        said,
        gives=UseSeen,
    )


@operation(
    "rights.export",
    Candidate,
    tag=TAG,
    summary=_("Candidates: everything that is kept about one"),
    about=_("A ZIP with JSON, CSV, a page to read, and their files; nothing about anybody else."),
    media=("application/zip",),
)
def candidate_export(candidate: Candidate) -> Response:
    data = access_export.packed(db.session(), candidate, str(get_locale() or "en"))
    answer = Response(data, mimetype="application/zip")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@operation(
    "rights.erase",
    Candidate,
    tag=TAG,
    summary=_("Candidates: erase the data of one"),
    about=_("It cannot be undone. Counts stay, and nothing by which to know who it was."),
    takes=ErasedSaid,
    gives=ErasureSeen,
    is_versioned=True,
    can_be_refused=True,
)
def candidate_erase(candidate: Candidate) -> Response:
    said, session, by = asking.said(ErasedSaid), db.session(), asking.actor()

    def erase(version: int) -> object:
        require_version(candidate, version)
        return erasing.erase(session, candidate, said, by=by)

    return edited(candidate, CandidateSeen, erase, said, gives=ErasureSeen)
