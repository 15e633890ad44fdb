"""Who else edits what is on a page: a fragment that open pages ask for, and that notes who asks.

A page is named by its own address, so that whoever may open the page, and nobody else, is told who is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import Blueprint, Flask, Response, current_app, render_template, request
from flask_login import current_user
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from planner import access, db
from planner.models import User
from planner.services.account import presence as verbs
from planner.views.door import Answer, actor, acts, subject_name

pages = Blueprint("account_presence", __name__, url_prefix="/presence")
KEYS = ("seat_key", "phase_key")
WATCHING = frozenset({"planning_seats.plan_seat"})  # pages that edit nothing, and lead to those that do


class Place(NamedTuple):
    """What a page is about: the name of its subject, what its reader must be allowed, and whether it edits."""

    subject: str
    action: str
    row: Any
    is_editing: bool


@pages.post("")
@acts("presence.note")
def presence_note() -> Answer:
    """Notes that the page is still open, and shows who else has it open."""
    place, user, session = _place_said(), actor(), db.session()
    if place is None:
        return render_template("_editors.html", editors=[])
    if place.is_editing:
        verbs.note(session, place.subject, user)
        session.commit()
    return render_template("_editors.html", editors=verbs.others(session, place.subject, user))


@pages.post("/leave")
@acts("presence.note")
def presence_leave() -> Answer:
    """The page was closed, or its form sent."""
    place, user, session = _place_said(), actor(), db.session()
    if place is not None:
        verbs.leave(session, place.subject, user)
        session.commit()
    return Response(status=204)


def init_app(app: Flask) -> None:
    """Lets the frame of every page know whether others may edit what it shows."""
    app.context_processor(_on_this_page)


def _on_this_page() -> dict[str, Any]:
    if request.endpoint is None or not current_user.is_authenticated:
        return {"presence": None}
    place = _place(request.endpoint, request.view_args or {})
    user = db.session().get(User, current_user.id) if place is not None else None
    if place is None or user is None:
        return {"presence": None}
    return {
        "presence": {
            "path": request.full_path.rstrip("?"),
            "every_s": verbs.EVERY_S,
            "editors": verbs.others(db.session(), place.subject, user),
        }
    }


def _place_said() -> Place | None:
    """The page that the request names; None where there is none, or none that the actor may open."""
    path, _mark, _query = request.form.get("path", "").partition("?")
    try:
        endpoint, values = current_app.url_map.bind("").match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return None
    place = _place(endpoint, values)
    return place if place is not None and access.allowed(actor(), place.action, place.row) else None


def _place(endpoint: str, values: Mapping[str, Any]) -> Place | None:
    """What a page is about; None where it shows no record that several could edit."""
    view = current_app.view_functions[endpoint]
    action, subjects = getattr(view, "access_action", None), getattr(view, "access_subjects", ())
    if action is None or not subjects or "version" not in subjects[-1].__table__.c:
        return None
    is_editing = _takes_posts(endpoint)
    if not (is_editing or endpoint in WATCHING) or endpoint.endswith(("_add", "_ask", "_remove")):
        return None
    ident = values.get(f"{subject_name(subjects[-1])}_id", 0)
    row = db.row_at(subjects[-1], ident)
    if row is None:
        return None
    keys = [str(values[name]) for name in KEYS if name in values]
    return Place("/".join([subjects[-1].__name__, str(ident), *keys]), action, row, is_editing)


def _takes_posts(endpoint: str) -> bool:
    return any({"GET", "POST"} <= (rule.methods or set()) for rule in current_app.url_map.iter_rules(endpoint))
