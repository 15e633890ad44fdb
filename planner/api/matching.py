"""Who could: how many people could fill a role need that is not saved yet, and who could sit on a seat."""

from __future__ import annotations

from flask import Blueprint, Response
from flask_babel import lazy_gettext as _

from planner import access, db
from planner.api import asking
from planner.api.answers import Failed, Fault, shown
from planner.api.operations import operation
from planner.api.routes import linked, list_parameters
from planner.models import Phase, Plan
from planner.schemas.staffing_matching import MatchingSeen, SeatingSeen
from planner.schemas.staffing_needs import NeedSaid
from planner.services.planning import seating
from planner.services.planning.seating import SEVERAL, Seating
from planner.services.staffing import criteria, matching
from planner.services.staffing.projects import id_in
from planner.wording import schema_sentence

TAG = _("Role needs")
SORTS = ("name", "cost", "points")
FILTERS = {
    "kind": _("Only those of a kind."),
    "site": _("Only those of a site, by its id."),
    "free": _("yes: only those who have the time all along."),
    "removed": _("Whom a must-have alone removes, by the name of its line; several: who lack more than one."),
    "plan": _("The plan beside which the seat would be held, by its id; without one, what is in force counts."),
}


def init(pages: Blueprint) -> None:
    """Registers the routes of matching."""
    pages.post("/phases/<int:phase_id>/matching")(phase_matching)
    pages.get("/seats/<path:seat_key>/people")(seat_people)


@operation(
    "need.see",
    Phase,
    tag=TAG,
    summary=_("Role needs: how many people could fill one"),
    about=_("The role need is one that might be added to the phase; nothing is saved."),
    takes=NeedSaid,
    gives=MatchingSeen,
)
def phase_matching(_phase: Phase) -> Response:
    said = asking.said(NeedSaid)
    asked = matching.asked_of(said)
    found = matching.answer(db.session(), asked)
    doubts = criteria.doubts([said.title, *said.tags], [line.reason for line in said.styles])
    told = {**vars(found), "lines": asked.lines, "disguises": doubts}
    return shown(told, MatchingSeen)


@operation(
    "need.see",
    tag=TAG,
    summary=_("Role needs: who could sit on a seat"),
    about=_("Everyone who holds every must-have, the most points first. With a plan the token needs planning:read."),
    gives=SeatingSeen,
    parameters=list_parameters(SORTS, FILTERS),
    is_list=True,
)
def seat_people(seat_key: str) -> Response:
    query = asking.query(SORTS, tuple(FILTERS))
    seat = seating.find_seat(db.session(), seat_key)
    if seat is None:
        raise access.Hidden("seat")
    found = seating.seating(db.session(), seat, query, _plan(query.value("plan")))
    _require_line(found, query.value("removed"))
    return linked(shown(_told(found), SeatingSeen), found.page)


def _plan(ident: str) -> Plan | None:
    """The plan that the address names. Raises Hidden where it may not be seen, Failed where the token reads none."""
    if not ident:
        return None
    speaker = asking.speaker("plan.see")
    plan = db.session().get(Plan, id_in(ident))
    if plan is None:
        raise access.Hidden("plan")
    access.require(speaker, "plan.see", plan)
    return plan


def _require_line(found: Seating, name: str) -> None:
    """Raises Failed where the address names a must-have that the seat does not have."""
    if name not in ("", SEVERAL, *(row.line.name for row in found.removed)):
        code = "literal_error"
        raise Failed("not_valid", errors=[Fault(field="removed", code=code, message=schema_sentence(code, {}))])


def _told(found: Seating) -> dict[str, object]:
    window, page = found.window, found.page
    return {
        **vars(found),
        "seat_key": found.seat.key,
        "need_id": found.seat.need_id,
        "plan_id": found.plan.id if found.plan is not None else None,
        "starts_on": window.workspace.moment_of(window.first_idx),
        "ends_on": window.workspace.moment_of(window.last_idx),
        "lines": found.asked.lines,
        "holders": [{"name": name, "is_agreed": is_agreed} for name, is_agreed in found.holders],
        "items": page.items,
        "page": page.number,
        "pages": page.num_pages,
        "total": page.total,
    }
