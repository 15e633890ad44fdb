"""The API's intake: a JSON Resume, a file or a text becomes a draft, which is confirmed or dropped."""

from __future__ import annotations

import base64
import binascii

from flask import Blueprint, Response
from flask_babel import lazy_gettext as _

from planner import db
from planner.api import asking
from planner.api.answers import shown
from planner.api.operations import edited, operation
from planner.api.routes import list_parameters, listed, page_schema
from planner.models import Intake, IntakeKind
from planner.schemas.hiring_candidates import CandidateSeen
from planner.schemas.hiring_intake import ConfirmedSaid, FileSaid, IntakeSaid, IntakeSeen
from planner.services.hiring import intake as verbs
from planner.services.refused import Refused

TAG = _("Incoming")
SORTS = ("came", "id")
FILTERS = {"state": _("Only those that wait, were confirmed, or were dropped.")}


def init(pages: Blueprint) -> None:
    """Registers the routes of what comes in."""
    pages.get("/intakes")(intake_list)
    pages.post("/intakes")(intake_add)
    pages.post("/intakes/file")(intake_add_file)
    pages.get("/intakes/<int:intake_id>")(intake_show)
    pages.post("/intakes/<int:intake_id>/confirm")(intake_confirm)
    pages.post("/intakes/<int:intake_id>/drop")(intake_drop)


@operation(
    "intake.see",
    tag=TAG,
    summary=_("Incoming: list"),
    gives=page_schema(IntakeSeen),
    parameters=list_parameters(SORTS, FILTERS),
    is_list=True,
)
def intake_list() -> Response:
    return listed(verbs.page_of_intakes(db.session(), asking.query(SORTS, tuple(FILTERS))), IntakeSeen)


@operation("intake.see", Intake, tag=TAG, summary=_("Incoming: show one"), gives=IntakeSeen)
def intake_show(intake: Intake) -> Response:
    return shown(intake, IntakeSeen)


@operation(
    "intake.add",
    tag=TAG,
    summary=_("Incoming: read a pasted text"),
    takes=IntakeSaid,
    gives=IntakeSeen,
    status=201,
    can_be_refused=True,
)
def intake_add() -> Response:
    said, by = asking.said(IntakeSaid), asking.actor()
    db.let_go()
    draft = verbs.read_text(said.text)
    kept = verbs.keep(db.session(), said, IntakeKind.TEXT, draft, by=by)
    db.session().commit()
    return shown(kept, IntakeSeen, 201)


@operation(
    "intake.add",
    tag=TAG,
    summary=_("Incoming: read a file"),
    about=_("A PDF, a DOCX, a JSON Resume or a text, in base64."),
    takes=FileSaid,
    gives=IntakeSeen,
    status=201,
    can_be_refused=True,
)
def intake_add_file() -> Response:
    said, by = FileSaid.model_validate(asking.document(None)), asking.actor()
    db.let_go()
    try:
        data = base64.b64decode(said.data, validate=True)
    except binascii.Error as error:
        raise Refused("not_base64", field="data") from error
    kind, draft = verbs.read(data, said.file_name)
    kept = verbs.keep(db.session(), said, kind, draft, data=data, file_name=said.file_name, by=by)
    db.session().commit()
    return shown(kept, IntakeSeen, 201)


@operation(
    "intake.edit",
    Intake,
    tag=TAG,
    summary=_("Incoming: take a draft, as it is said here"),
    about=_("An address that is known wants a choice: merge_into, or is_another_person."),
    takes=ConfirmedSaid,
    gives=CandidateSeen,
    is_versioned=True,
    can_be_refused=True,
)
def intake_confirm(intake: Intake) -> Response:
    said, session, by = asking.said(ConfirmedSaid), db.session(), asking.actor()
    return edited(
        intake,
        IntakeSeen,
        lambda version: verbs.confirm(session, intake, said, version, by=by),
        said,
        gives=CandidateSeen,
    )


@operation(
    "intake.edit",
    Intake,
    tag=TAG,
    summary=_("Incoming: drop one"),
    gives=IntakeSeen,
    is_versioned=True,
    can_be_refused=True,
)
def intake_drop(intake: Intake) -> Response:
    session = db.session()
    return edited(intake, IntakeSeen, lambda version: verbs.drop(session, intake, version))
