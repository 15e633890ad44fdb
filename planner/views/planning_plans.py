"""Pages of plans: the list, asking for one, watching it, reading it, and deciding about it."""

from __future__ import annotations

import secrets
from collections import Counter
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from planner import access, db, jobs, plan_mails
from planner.forms.fields import offer, offer_hours
from planner.forms.planning_plans import AcceptForm, PlanForm
from planner.models import PeriodKind, Plan, PlanState, User
from planner.services.planning import agreeing, looks, queueing, reading
from planner.services.planning import plans as verbs
from planner.translate.report import PlanReport, SeatRow, TeamRow
from planner.views import planning_looks
from planner.views import planning_shown as shown
from planner.views.door import Answer, actor, acts, confirm_removal, found, query, remove_row, save
from planner.words.planning_plans import term_lines

pages = Blueprint("planning_plans", __name__, url_prefix="/plans")
TEAMS_ON_A_PAGE = 12
SEATS_ON_A_PAGE = 100
MOST_CURVE_POINTS = 200


@pages.get("")
@acts("plan.see")
def plan_list() -> Answer:
    states = [
        (PlanState.READY, _("ready")),
        (PlanState.WAITING, _("running")),
        (PlanState.FAILED, _("failed")),
        (PlanState.CANCELLED, _("stopped")),
    ]
    page = verbs.page_of_plans(db.session(), query())
    in_force = verbs.plan_in_force(db.session())
    return render_template("planning/plan_list.html", page=page, states=states, in_force=in_force)


@pages.route("/add", methods=["GET", "POST"])
@acts("plan.add")
def plan_add() -> Answer:
    facts = verbs.planning_facts(db.session())
    offer(projects=[(project.id, project.name) for project in facts.projects])
    offer_hours(facts.workspace.period == PeriodKind.HOUR)
    form = _plan_form(facts)
    return save(
        form,
        lambda: verbs.request_plan(db.session(), form.said, by=actor(), token=form.token.data or ""),
        page=lambda: _plan_page(form, facts),
        then=_queued,
    )


def _plan_form(facts: verbs.PlanningFacts) -> PlanForm:
    """The form, filled from the workspace's defaults, or from the plan that is asked for again."""
    like = request.args.get("like", type=int)
    again = db.session().get(Plan, like) if like else None
    if again is not None:
        access.require(actor(), "plan.see", again)
    asked = verbs.asked_like(facts, again)
    form = PlanForm(data=asked)
    form.token.data = form.token.data or secrets.token_urlsafe(16)
    if "show_preset" in request.form:
        form.weights.process(None, verbs.weights_of(form.preset.data))
    return form


def _plan_page(form: PlanForm, facts: verbs.PlanningFacts) -> str:
    units = {PeriodKind.WEEK: _("weeks"), PeriodKind.DAY: _("days"), PeriodKind.HOUR: _("hours")}
    workspace = facts.workspace
    return render_template(
        "planning/plan_add.html", form=form, facts=facts, unit=units[workspace.period], currency=workspace.currency
    )


def _queued(plan: Plan) -> str:
    """The plan is committed, so its job may be handed to the queue."""
    job = queueing.job_of(db.session(), plan)
    if job is not None:
        jobs.enqueue(job.id)
    return url_for(".plan_show", plan_id=plan.id)


@pages.get("/<int:plan_id>")
@acts("plan.see", Plan)
def plan_show(plan: Plan) -> Answer:
    if plan.state is not PlanState.READY:
        return render_template("planning/plan_running.html", plan=plan, **progress_of(plan))
    report, asked = reading.report_of(db.session(), plan, by=actor(), language=language()), query()
    looked_at = looks.number_seen_before(db.session(), plan, actor())
    planning_looks.note_look(plan)
    people = shown.people_of(report, asked.without("page"))
    return render_template(
        "planning/plan_show.html",
        **common(plan, report),
        page=shown.teams_of(report, asked, TEAMS_ON_A_PAGE),
        people=people,
        heat=list(shown.heat_of(report, people.items)),
        standpoint=agreeing.standpoint(db.session(), plan),
        looked_at=looked_at,
        curve=curve_of(plan.trace),
        score_lines=term_lines(report.terms),
        sites=shown.sites_of(report),
    )


@pages.get("/<int:plan_id>/people")
@acts("plan.see", Plan)
def plan_people(plan: Plan) -> Answer:
    report = ready(plan)
    page = shown.people_of(report, query())
    given = sum(row.num_periods + row.num_free for row in report.people if not row.is_hire)
    used = sum(row.num_periods for row in report.people if not row.is_hire)
    return render_template(
        "planning/plan_people.html",
        **common(plan, report),
        page=page,
        heat=list(shown.heat_of(report, page.items)),
        is_table=page.query.value("view") == "table",
        seat_by_id={seat.seat_id: seat for seat in report.seats},
        busy=sum(bool(row.seats) for row in report.people),
        utilisation=round(100 * used / given) if given else 0,
        sites=shown.sites_of(report),
    )


@pages.get("/<int:plan_id>/teams/<path:phase_key>")
@acts("plan.see", Plan)
def plan_team(plan: Plan, phase_key: str) -> Answer:
    report = ready(plan)
    return render_template("planning/plan_team.html", **common(plan, report), team=team_in(report, phase_key))


@pages.get("/<int:plan_id>/progress")
@acts("plan.see", Plan)
def plan_progress(plan: Plan) -> Answer:
    """The fragment that a running plan's page asks for again. Raises Hidden for a plan that no search has made."""
    if queueing.job_of(db.session(), plan) is None:
        raise access.Hidden("job")
    if plan.state is PlanState.READY:
        reading.report_of(db.session(), plan, language=language())  # so that the page, asked for next, need not wait
    return render_template("planning/_progress.html", plan=plan, **progress_of(plan))


@pages.post("/<int:plan_id>/cancel")
@acts("job.cancel", Plan)
def plan_cancel(plan: Plan) -> Answer:
    queueing.ask_to_stop(db.session(), plan)
    db.session().commit()
    flash(_("Stopping. The best plan so far is kept."), "success")
    return redirect(url_for(".plan_show", plan_id=plan.id), 303)


@pages.route("/<int:plan_id>/accept", methods=["GET", "POST"])
@acts("plan.accept", Plan)
def plan_accept(plan: Plan) -> Answer:
    report = ready(plan)
    seats = [seat for seat in report.seats if seat.is_filled and not seat.is_agreed]
    seat_key, phase_key = request.args.get("seat", ""), request.args.get("phase", "")
    page = shown.sliced(
        [s for s in seats if seat_key in ("", s.seat_id) and phase_key in ("", s.phase_id)], query(), SEATS_ON_A_PAGE
    )
    form = AcceptForm(obj=plan) if request.method == "GET" else AcceptForm()
    form.beside = seats_now(*page.items)
    chosen = set(form.seats.data or ()) if request.method == "POST" else {seat.seat_id for seat in page.items}
    return save(
        form,
        lambda: plan_mails.accept(db.session(), plan, form.said, form.read_version, by=actor()),
        page=lambda: render_template(
            "planning/plan_accept.html", **common(plan, report), form=form, page=page, chosen=chosen,
            what=_accepted_words(report, seat_key, phase_key),
        ),
        then=lambda _plan: url_for(".plan_show", plan_id=plan.id),
        told=ngettext("%(num)s seat is agreed now.", "%(num)s seats are agreed now.", len(chosen)),
    )  # fmt: skip


def _accepted_words(report: PlanReport, seat_key: str, phase_key: str) -> str:
    if seat_key:
        seat = seat_in(report, seat_key)
        return str(seat.title or seat.seat_id)
    if phase_key:
        team = team_in(report, phase_key)
        return f"{team.project} · {team.phase}"
    return _("all teams")


@pages.route("/<int:plan_id>/remove", methods=["GET", "POST"])
@acts("plan.remove", Plan)
def plan_remove(plan: Plan) -> Answer:
    title = _("Plan %(number)s, %(title)s", number=plan.number, title=plan.title)
    if request.method == "POST":
        return remove_row(plan, title=title, then=url_for(".plan_list"))
    return confirm_removal(title, _("Its decisions go with it; what is in force stays."), url_for(".plan_list"))


@pages.get("/mine")
@acts("own_schedule.see")
def own_schedule() -> Answer:
    user = actor()
    return render_template("planning/own_schedule.html", user=user, lines=verbs.own_bookings(db.session(), user))


def ready(plan: Plan) -> PlanReport:
    """The report of a plan that can be shown. Raises Hidden for one that cannot: a failed plan is shown to nobody."""
    if plan.state is not PlanState.READY:
        raise access.Hidden("plan")
    return reading.report_of(db.session(), plan, by=actor(), language=language())


def common(plan: Plan, report: PlanReport) -> dict[str, Any]:
    """What every page of a plan knows."""
    wanted = shown.Narrowing.read(query())
    return {"plan": plan, "report": report, "shown": shown, "may": rights(actor(), plan), "wanted": wanted}


def language() -> str:
    """The language of the page, as reports know it."""
    return "fr" if str(get_locale() or "en").startswith("fr") else "en"


def rights(user: User, plan: Plan) -> SimpleNamespace:
    """What the reader may do with a plan, for the buttons. Nothing that a scenario proposes is agreed, or hired for."""
    is_true = plan.scenario_id is None
    actions = ("add", "edit", "remove", "export", "comment")
    may = {action: access.allowed(user, f"plan.{action}", plan) for action in actions}
    accept = is_true and access.allowed(user, "plan.accept", plan)
    requisition = is_true and access.allowed(user, "requisition.add")
    return SimpleNamespace(**may, accept=accept, requisition=requisition, ask=access.allowed(user, "inquiry.add"))


def seat_in(report: PlanReport, key: str) -> SeatRow:
    """The seat of a report. Raises Hidden where there is none."""
    return found(seat for seat in report.seats if seat.seat_id == key)


def seats_now(*seats: SeatRow) -> dict[str, str]:
    """Who holds these seats, in words, by what each is called."""
    titles = Counter(seat.title for seat in seats)
    return {
        seat.title if seat.title and titles[seat.title] == 1 else f"{seat.title} {seat.seat_id}": _holder_now(seat)
        for seat in seats
    }


def _holder_now(seat: SeatRow) -> str:
    if not seat.is_filled:
        return _("nobody")
    booking = _("agreed") if seat.is_agreed else _("proposed")
    return f"{seat.person}, {booking}"


def team_in(report: PlanReport, key: str) -> TeamRow:
    """The team of a report. Raises Hidden where there is none."""
    return found(team for team in report.teams if team.phase_id == key)


def progress_of(plan: Plan) -> dict[str, Any]:
    """How far a plan's job has come, for its page and its fragment."""
    job = queueing.job_of(db.session(), plan)
    progress = job.progress if job is not None else {}
    trace = progress.get("trace") or plan.trace or []
    latest = SimpleNamespace(**trace[-1]) if trace else None
    gap = None
    if latest is not None and latest.objective and latest.bound is not None:
        gap = 100 * (latest.bound - latest.objective) / abs(latest.objective)
    return {
        "job": job,
        "place": queueing.place_in_queue(db.session(), job) if job is not None else 0,
        "seconds": progress.get("seconds", 0),
        "limit_s": plan.request.get("time_limit_s", 0),
        "latest": latest,
        "gap": gap,
        "curve": curve_of(trace),
    }


def curve_of(trace: list[dict[str, Any]]) -> list[tuple[float, int | None, int | None]]:
    """The points of the curve, thinned out so that a long search stays quick to draw."""
    step = max(1, len(trace) // MOST_CURVE_POINTS)
    kept = [*trace[:-1:step], *trace[-1:]]
    return [(point["seconds"], point["objective"], point["bound"]) for point in kept]
