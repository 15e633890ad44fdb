"""What may be said about an alert, and what the API shows of alerts and of the forecast."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from planner.models import AlertKind, AlertState, AlertStepKind
from planner.schemas.said import Day, LongText, Reason, Said, Seen


class SnoozeAlertSaid(Said):
    """That an alert may rest until a day, and why."""

    until_on: Day
    reason: Reason


class AcceptAlertSaid(Said):
    """That an alert may stay as it is, and why."""

    reason: Reason


class ReopenAlertSaid(Said):
    """That it counts again after all."""

    reason: LongText = ""


class AlertStepSeen(Seen):
    """What somebody decided about an alert, or that it came back; `num` is how bad it was then."""

    kind: AlertStepKind
    by_name: str
    at: datetime
    reason: str
    until_on: date | None
    num: int


class AlertSeen(Seen):
    """An alert: about one person, seat, skill, team rule or plan; `num` says how bad it is, `facts` why."""

    id: int
    version: int
    kind: AlertKind
    state: AlertState
    person_id: int | None
    seat_id: int | None
    skill_id: int | None
    team_rule_id: int | None
    plan_id: int | None
    num: int
    facts: dict[str, Any]
    since: datetime
    snoozed_until: date | None
    steps: list[AlertStepSeen]


class ForecastPersonSeen(Seen):
    """One person, period by period, in percent of full time: now, and as the plan in force was made."""

    person_id: int
    key: str
    name: str
    capacity: list[int]
    load: list[int]
    capacity_then: list[int]
    load_then: list[int]
    used_pct: int | None
    num_over: int


class ForecastMoveSeen(Seen):
    """What has moved the forecast: `change` is in percent of full time, summed over periods [from_idx, to_idx)."""

    kind: str
    person_id: int | None
    person_key: str
    seat_key: str
    change: int
    from_idx: int
    to_idx: int


class ForecastSeen(Seen):
    """The forecast of the plan in force; periods count from the calendar's start."""

    plan_id: int | None
    first_idx: int
    last_idx: int
    first_on: date
    people: list[ForecastPersonSeen]
    moves: list[ForecastMoveSeen]
    open_seats: list[str]
