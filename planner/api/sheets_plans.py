"""The API's plan sheets: one leaves, comes back and is compared, is taken as one version of the plan, is undone."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from flask import Blueprint, Response, current_app
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from planner import access, db
from planner.api import asking
from planner.api.answers import Failed, Fault, shown
from planner.api.operations import edited, operation
from planner.api.plans import TAG, ready
from planner.exchange.sheets.merging import UNKNOWN, CellMerge
from planner.exchange.sheets.writing import CSV_MEDIA_TYPE, MEDIA_TYPE
from planner.models import Plan, SheetReturn
from planner.schemas.planning_plans import PlanSeen
from planner.schemas.sheets_plans import SheetComparedSeen, SheetFileData, SheetLeavingSaid, SheetTakenSaid
from planner.services.refused import Refused
from planner.services.sheets import plan_sheets
from planner.services.sheets.plan_merges import Comparison
from planner.wording import refusal_sentence
from planner.words.sheets import told_sentence


def init(pages: Blueprint) -> None:
    """Registers the routes of plan sheets."""
    pages.post("/plans/<int:plan_id>/sheet-copies")(plan_sheet_leave)
    pages.post("/plans/<int:plan_id>/sheet-returns")(plan_sheet_add)
    pages.get("/plans/<int:plan_id>/sheet-returns/<int:sheet_return_id>")(plan_sheet_show)
    pages.post("/plans/<int:plan_id>/sheet-returns/<int:sheet_return_id>/take")(plan_sheet_take)
    pages.post("/plans/<int:plan_id>/sheet-returns/<int:sheet_return_id>/undo")(plan_sheet_undo)


@operation(
    "plan.exchange",
    Plan,
    tag=TAG,
    summary=_("Plan sheets: one that can come back"),
    about=_("The seats as a sheet that knows its version; what it leaves with is kept."),
    takes=SheetLeavingSaid,
    media=(MEDIA_TYPE, CSV_MEDIA_TYPE),
    can_be_refused=True,
)
def plan_sheet_leave(plan: Plan) -> Response:
    said = asking.said(SheetLeavingSaid)
    secret = str(current_app.config["SECRET_KEY"])
    leaf = plan_sheets.leave(
        db.session(), ready(plan), said.format, by=asking.actor(), language=said.language, secret=secret
    )
    db.session().commit()
    answer = Response(leaf.data, mimetype=leaf.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=leaf.filename)
    return answer


@operation(
    "plan.exchange",
    Plan,
    tag=TAG,
    summary=_("Plan sheets: bring one back"),
    about=_("An XLSX, XLS, ODS or CSV, in base64. It is compared; nothing of the plan is changed."),
    takes=SheetFileData,
    gives=SheetComparedSeen,
    status=201,
    can_be_refused=True,
)
def plan_sheet_add(plan: Plan) -> Response:
    said = SheetFileData.model_validate(asking.document(None))
    ident = ready(plan).id
    try:
        data = base64.b64decode(said.data, validate=True)
    except binascii.Error as error:
        raise Refused("not_base64", field="data") from error
    db.let_go()
    try:
        book, found = plan_sheets.read(data, said.file_name)
    except Refused as refused:
        fault = Fault(field="data", code=refused.code, message=refusal_sentence(refused))
        raise Failed("not_valid", errors=[fault]) from refused
    kept = db.session().get(Plan, ident)
    if kept is None:
        raise access.Hidden("plan")
    row = plan_sheets.come_back(db.session(), kept, book, found, name=said.file_name, by=asking.actor())
    db.session().commit()
    return shown(_compared(kept, row), SheetComparedSeen, 201)


@operation(
    "plan.export",
    Plan,
    SheetReturn,
    tag=TAG,
    summary=_("Plan sheets: compare one with a plan as it stands"),
    gives=SheetComparedSeen,
    can_be_refused=True,
)
def plan_sheet_show(plan: Plan, row: SheetReturn) -> Response:
    return shown(_compared(ready(plan), row), SheetComparedSeen)


@operation(
    "plan.edit",
    Plan,
    SheetReturn,
    tag=TAG,
    summary=_("Plan sheets: take one"),
    about=_("What merges by itself and what is chosen, as one version of the plan."),
    takes=SheetTakenSaid,
    gives=PlanSeen,
    is_versioned=True,
    can_be_refused=True,
)
def plan_sheet_take(plan: Plan, row: SheetReturn) -> Response:
    said, by, session = asking.said(SheetTakenSaid), asking.actor(), db.session()

    def take(version: int) -> Plan:
        return plan_sheets.take(
            session, plan, row, choices=said.choices, names=said.names, reason=said.reason, version=version, by=by
        )

    return edited(ready(plan), PlanSeen, take, said)


@operation(
    "plan.edit",
    Plan,
    SheetReturn,
    tag=TAG,
    summary=_("Plan sheets: undo one that was taken"),
    gives=PlanSeen,
    is_versioned=True,
    can_be_refused=True,
)
def plan_sheet_undo(plan: Plan, row: SheetReturn) -> Response:
    by, session = asking.actor(), db.session()
    reason = gettext("The sheet of %(by)s is undone.", by=row.came_by)
    return edited(ready(plan), PlanSeen, lambda version: plan_sheets.undo(session, row, version, reason=reason, by=by))


def _compared(plan: Plan, row: SheetReturn) -> dict[str, Any]:
    by = asking.actor()
    found = plan_sheets.compare(db.session(), plan, row, by=by, may_edit=access.allowed(by, "plan.edit", plan))
    copy = row.copy
    return {
        "id": row.id,
        "code": copy.code if copy is not None else None,
        "from_plan": copy.subject_id if copy is not None else None,
        "from_version": copy.version_number if copy is not None else None,
        "is_nothing_new": found.is_nothing_new,
        "merged": [_cell(found, cell) for cell in found.taken_cells],
        "conflicts": [_cell(found, cell) for cell in found.merge.conflicts],
        "told": [{"ref": one.ref, "code": one.code, "sentence": told_sentence(one)} for one in found.told],
        "names": [{"ref": one.ref, "seat": one.seat, "typed": one.typed, "offers": dict(one.offers)}
                  for one in found.names_asked],
    }  # fmt: skip


def _cell(found: Comparison, cell: CellMerge) -> dict[str, Any]:
    sides = {"then": cell.then, "sheet": cell.sheet, "present": cell.present}
    said = {name: None if value is UNKNOWN else value for name, value in sides.items()}
    return {"key": cell.key, "label": found.labels.get(cell.ident, cell.ident), **said}
