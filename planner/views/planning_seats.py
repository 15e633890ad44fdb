"""Pages of one seat of a plan: why it is as it is, and what a change by hand would do before it is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from planner import db
from planner.forms.asking import AskingForm
from planner.forms.fields import offer
from planner.forms.planning_plans import AssignForm, MoveForm, ReasonForm, SwapForm
from planner.models import Plan
from planner.services.planning import by_hand, deciding, reading
from planner.services.refused import Refused
from planner.translate.report import PlanReport, SeatRow
from planner.views.door import Answer, actor, acts, save
from planner.views.planning_plans import common, ready, seat_in, seats_now, team_in
from planner.words.planning_plans import span_words, term_lines

pages = Blueprint("planning_seats", __name__, url_prefix="/plans/<int:plan_id>")


@pages.get("/seats/<path:seat_key>")
@acts("plan.see", Plan)
def plan_seat(plan: Plan, seat_key: str) -> Answer:
    report = ready(plan)
    seat = seat_in(report, seat_key)
    return render_template(
        "planning/plan_seat.html",
        **common(plan, report),
        seat=seat,
        is_known_seat=reading.is_seat_here(db.session(), seat_key),
        score_lines=term_lines(seat_terms(seat)),
        decisions=[decision for decision in plan.decisions if decision.seat_key == seat_key],
    )


def seat_terms(seat: SeatRow) -> dict[str, int]:
    """A seat's points by term; they add up to its points exactly."""
    names = ("fill", "fit", "style", "preference", "money", "acceptance", "rounding")
    return {name: getattr(seat.score, name) for name in names} if seat.score is not None else {}


@pages.route("/put/<path:seat_key>", methods=["GET", "POST"])
@acts("plan.edit", Plan)
def plan_assign(plan: Plan, seat_key: str) -> Answer:
    report = ready(plan)
    seat = seat_in(report, seat_key)
    offer(people=[(person.person_id, person.name) for person in sorted(report.people, key=lambda p: p.name.casefold())])
    return _change(
        plan,
        report,
        AssignForm,
        choice="person",
        back=_seat_href(plan, seat_key),
        heading=_("Put someone on %(seat)s", seat=seat.title or seat_key),
        verb=_("Put on this seat"),
        make=lambda value: by_hand.Assign(seat_key, str(value)),
        beside=seats_now(seat),
    )


@pages.route("/swap/<path:seat_key>", methods=["GET", "POST"])
@acts("plan.edit", Plan)
def plan_swap(plan: Plan, seat_key: str) -> Answer:
    report = ready(plan)
    seat = seat_in(report, seat_key)
    others = [row for row in report.seats if row.is_filled and row.person_id != seat.person_id]
    offer(seats=[(row.seat_id, f"{row.person} · {row.title or row.seat_id} · {row.project}") for row in others])
    return _change(
        plan,
        report,
        SwapForm,
        choice="other",
        back=_seat_href(plan, seat_key),
        heading=_("Swap %(person)s with another seat's holder", person=seat.person or _("nobody")),
        verb=_("Swap"),
        make=lambda value: by_hand.Swap(seat_key, str(value)),
        beside=seats_now(seat),
    )


@pages.route("/take-off/<path:seat_key>", methods=["GET", "POST"])
@acts("plan.edit", Plan)
def plan_take_off(plan: Plan, seat_key: str) -> Answer:
    report = ready(plan)
    seat = seat_in(report, seat_key)
    return _change(
        plan,
        report,
        ReasonForm,
        choice="",
        back=_seat_href(plan, seat_key),
        heading=_("Take %(person)s off %(seat)s", person=seat.person or _("nobody"), seat=seat.title or seat_key),
        verb=_("Take off"),
        make=lambda _value: by_hand.TakeOff(seat_key),
        beside=seats_now(seat),
    )


@pages.route("/move/<path:phase_key>", methods=["GET", "POST"])
@acts("plan.edit", Plan)
def plan_move(plan: Plan, phase_key: str) -> Answer:
    report = ready(plan)
    team = team_in(report, phase_key)
    columns = [column for column in report.periods if team.earliest_idx <= column.idx <= team.latest_idx]
    offer(starts=[(column.idx, column.label) for column in columns])
    return _change(
        plan,
        report,
        MoveForm,
        choice="start_idx",
        back=url_for("planning_plans.plan_team", plan_id=plan.id, phase_key=phase_key),
        heading=_("Move %(phase)s, now %(when)s", phase=team.phase, when=span_words(team, report.period)),
        verb=_("Move"),
        make=lambda value: by_hand.MovePhase(phase_key, int(value)),
        beside={_("Start"): span_words(team, report.period), **seats_now(*team.seats)},
    )


@pages.route("/release/<path:seat_key>", methods=["GET", "POST"])
@acts("plan.accept", Plan)
def plan_release(plan: Plan, seat_key: str) -> Answer:
    report = ready(plan)
    seat = seat_in(report, seat_key)
    form, back = ReasonForm(obj=plan) if request.method == "GET" else ReasonForm(), _seat_href(plan, seat_key)
    form.beside = seats_now(seat)
    return save(
        form,
        lambda: deciding.release(db.session(), plan, seat_key, form.said, form.read_version, by=actor()),
        page=lambda: render_template(
            "planning/plan_release.html", **common(plan, report), form=form, seat=seat, back=back
        ),
        then=lambda _plan: back,
        told=_("The seat is released; the next plan may change it."),
    )


def _change(
    plan: Plan,
    report: PlanReport,
    kind: type[AskingForm],
    *,
    choice: str,
    back: str,
    heading: str,
    verb: str,
    make: Callable[[Any], by_hand.Change],
    beside: dict[str, str],
) -> Answer:
    """A change by hand: what it would do is shown first; it is made with a reason where it breaks a rule.

    `beside` is how it stands now; whoever comes too late is shown what of it has changed, and asked again.
    """
    form = kind(formdata=request.args if request.method == "GET" and request.args else None, obj=plan) \
        if request.method == "GET" else kind()  # fmt: skip
    form.version.data, form.beside = form.version.data or str(plan.version), beside

    def page() -> str:
        value = form[choice].data if choice else None
        change = make(value) if value or not choice else None
        preview = _preview(plan, change, form) if change is not None else None
        return render_template(
            "planning/plan_change.html", **common(plan, report), form=form, choice=choice, back=back, heading=heading,
            verb=verb, preview=preview, what=_("See what it does before you decide."),
        )  # fmt: skip

    return save(
        form,
        lambda: by_hand.apply(
            db.session(), plan, make(getattr(form.said, choice) if choice else None), form.said.reason,
            form.read_version, by=actor(),
        ),
        page=page,
        then=lambda _plan: back,
        told=_("The plan was changed by hand."),
    )  # fmt: skip


def _preview(plan: Plan, change: by_hand.Change, form: AskingForm) -> by_hand.Preview | None:
    """What a change would do; where it cannot be made, the form says why."""
    try:
        return by_hand.preview(plan, change)
    except Refused as refused:
        if not form.errors:
            form.refuse(refused)
        return None


def _seat_href(plan: Plan, seat_key: str) -> str:
    return url_for(".plan_seat", plan_id=plan.id, seat_key=seat_key)
