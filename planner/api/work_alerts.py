"""The API's forecast and alerts."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify
from flask_babel import lazy_gettext as _

from planner import db
from planner.api import asking
from planner.api.answers import shown, told, with_version
from planner.api.operations import edited, operation
from planner.api.routes import list_parameters, listed, page_schema
from planner.models import Alert, User
from planner.schemas.work_alerts import (
    AcceptAlertSaid,
    AlertSeen,
    ForecastSeen,
    ReopenAlertSaid,
    SnoozeAlertSaid,
)
from planner.services.work import alerts
from planner.services.work.forecast import Forecast, forecast
from planner.services.work.holdings import day_of

TAG = _("Forecast and alerts")
SORTS = ("kind", "num", "since", "worst")
FILTERS = {
    "kind": _("Only those of a kind."),
    "state": _("open (unless said), snoozed, accepted or over."),
    "project": _("Only those on seats and team rules of a project, by its id."),
    "whose": _("mine: only those that concern who asks."),
}


def init(pages: Blueprint) -> None:
    """Registers the routes."""
    pages.get("/forecast")(forecast_show)
    pages.get("/forecast/mine")(own_forecast_show)
    pages.get("/alerts")(alerts_list)
    pages.get("/alerts/<int:alert_id>")(alert_show)
    pages.post("/alerts/<int:alert_id>/snooze")(alert_snooze)
    pages.post("/alerts/<int:alert_id>/accept")(alert_accept)
    pages.post("/alerts/<int:alert_id>/reopen")(alert_reopen)


@operation("forecast.see", tag=TAG, summary=_("Forecast of the plan in force, and what moved it"), gives=ForecastSeen)
def forecast_show() -> Response:
    return _forecast(forecast(db.session()))


@operation("own_forecast.see", tag=TAG, summary=_("One’s own forecast"), gives=ForecastSeen)
def own_forecast_show() -> Response:
    user = asking.actor()
    found = forecast(db.session(), only=[user.person_id] if user.person_id is not None else [])
    return _forecast(found, is_own=True)


@operation(
    "alert.see",
    tag=TAG,
    summary=_("Alerts: list"),
    about=_("As they were found at the last look; the planner looks within a minute of any change."),
    gives=page_schema(AlertSeen),
    parameters=list_parameters(SORTS, FILTERS),
    is_list=True,
)
def alerts_list() -> Response:
    page = alerts.page_of_alerts(db.session(), asking.query(SORTS, tuple(FILTERS)), asking.actor())
    return listed(page, AlertSeen)


@operation("alert.see", Alert, tag=TAG, summary=_("Alerts: show one"), gives=AlertSeen)
def alert_show(alert: Alert) -> Response:
    return shown(alert, AlertSeen)


@operation(
    "alert.decide", Alert, tag=TAG, summary=_("Alerts: let one rest until a day"), takes=SnoozeAlertSaid,
    gives=AlertSeen, is_versioned=True, can_be_refused=True,
)  # fmt: skip
def alert_snooze(alert: Alert) -> Response:
    return _step(alert, asking.said(SnoozeAlertSaid), alerts.snooze)


@operation(
    "alert.decide", Alert, tag=TAG, summary=_("Alerts: let one stay as it is"), takes=AcceptAlertSaid,
    gives=AlertSeen, is_versioned=True, can_be_refused=True,
)  # fmt: skip
def alert_accept(alert: Alert) -> Response:
    return _step(alert, asking.said(AcceptAlertSaid), alerts.accept)


@operation(
    "alert.decide", Alert, tag=TAG, summary=_("Alerts: let one count again"), takes=ReopenAlertSaid,
    gives=AlertSeen, is_versioned=True, can_be_refused=True,
)  # fmt: skip
def alert_reopen(alert: Alert) -> Response:
    return _step(alert, asking.said(ReopenAlertSaid), alerts.reopen)


def _step(alert: Alert, said: Any, verb: Any) -> Response:
    by: User = asking.actor()
    return edited(alert, AlertSeen, lambda version: verb(db.session(), alert, said, version, by=by), said)


def _forecast(found: Forecast, *, is_own: bool = False) -> Response:
    rows = {
        "plan_id": found.plan.id if found.plan is not None else None,
        "first_idx": found.first_idx,
        "last_idx": found.last_idx,
        "first_on": day_of(found.workspace, found.first_idx),
        "people": [
            {
                "person_id": line.person.id,
                "key": line.person.key,
                "name": line.person.name,
                **{name: list(getattr(line, name)) for name in ("capacity", "load", "capacity_then", "load_then")},
                "used_pct": line.used_pct,
                "num_over": line.num_over,
            }
            for line in found.lines
        ],
        "moves": [
            {
                "kind": str(move.kind),
                "person_id": move.person_id,
                "person_key": move.person_key,
                "seat_key": move.seat_key,
                "change": move.change,
                "from_idx": move.first_idx,
                "to_idx": move.last_idx,
            }
            for move in found.moves
        ],
        "open_seats": [] if is_own else [one.seat.key for one in found.open_seats],
    }
    return with_version(jsonify(told(rows, ForecastSeen)), None)
