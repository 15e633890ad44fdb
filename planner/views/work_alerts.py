"""Pages of alerts: what is not as it should be with the plan in force, and what people decide about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError

from planner import access, db
from planner.forms.asking import AskingForm
from planner.forms.work_alerts import AcceptAlertForm, ReopenAlertForm, SnoozeAlertForm
from planner.models import Alert, AlertKind, AlertLook, AlertState, Person, Phase, Project, Seat, today
from planner.services.outcomes import reports
from planner.services.work import alert_finding, alerts
from planner.services.work.alert_finding import Cover
from planner.services.work.holdings import present
from planner.views.door import Answer, actor, acts, query, save
from planner.words import work_alerts as alert_words

pages = Blueprint("work_alerts", __name__, url_prefix="/alerts")
USUAL_DAYS = 14


def init_app(app: Flask) -> None:
    """Lets pages of people, seats and projects, and the first page, show what concerns them."""
    alert_words.init_app(app)
    app.jinja_env.globals.update(
        alerts_waiting=alerts_waiting, alerts_about=alerts_about, covers_of=covers_of, cover_href=alert_words.cover_href
    )


def ensure_fresh() -> None:
    """Looks for alerts where anything has changed since the last look; somebody else may do so at the same time."""
    session = db.session()
    if not alerts.is_stale(session):
        return
    seen = alerts.looked(session)
    session.commit()
    session.connection(execution_options={"planner_writes": True})
    try:
        alerts.look(session, seen)
        session.commit()
    except (IntegrityError, StaleDataError):
        session.rollback()


def alerts_waiting() -> dict[AlertKind, int]:
    """How many open alerts of each kind concern the reader."""
    user = actor()
    if not access.allowed(user, "alert.see"):
        return {}
    return alerts.counts(db.session(), alerts.ids_for(db.session(), user))


def alerts_about(row: Person | Seat | Project) -> Sequence[Alert]:
    """The open alerts about a person, a seat or a project, for whoever may see them."""
    if not access.allowed(actor(), "alert.see"):
        return ()
    session = db.session()
    if isinstance(row, Project):
        found = alerts.of_project(session, row)
    else:
        found = alerts.open_alerts(session, **{"seat_id" if isinstance(row, Seat) else "person_id": row.id})
    alert_words.prefetch(found)
    return found


def covers_of(phases: Sequence[Phase]) -> dict[int, list[Cover]]:
    """The rules of back-up cover of some phases, and whether the plan in force keeps them; nothing without a plan."""
    rules = [rule for phase in phases for rule in phase.team_rules if str(rule.of) == "skill"]
    if not rules:
        return {}
    here = present(db.session())
    if here.plan is None:
        return {}
    found: dict[int, list[Cover]] = {}
    for cover in alert_finding.covers(db.session(), here, {phase.id for phase in phases}):
        found.setdefault(cover.rule.phase_id, []).append(cover)
    return found


@pages.get("")
@acts("alert.see")
def alert_list() -> Answer:
    ensure_fresh()
    session = db.session()
    page = alerts.page_of_alerts(session, query(), actor())
    alert_words.prefetch(page.items)
    return render_template(
        "work/alert_list.html",
        page=page,
        counts=alerts.counts(session),
        kinds=list(AlertKind),
        states=list(AlertState),
        projects=reports.projects(session),
        seen=session.get(AlertLook, 1),
    )


@pages.get("/<int:alert_id>")
@acts("alert.see", Alert)
def alert_show(alert: Alert) -> Answer:
    return _page(alert)


@pages.post("/<int:alert_id>/snooze")
@acts("alert.decide", Alert)
def alert_snooze(alert: Alert) -> Answer:
    return _step(alert, SnoozeAlertForm(), alerts.snooze, _("It rests until then, unless it gets worse."))


@pages.post("/<int:alert_id>/accept")
@acts("alert.decide", Alert)
def alert_accept(alert: Alert) -> Answer:
    return _step(alert, AcceptAlertForm(), alerts.accept, _("It may stay as it is; it comes back if it gets worse."))


@pages.post("/<int:alert_id>/reopen")
@acts("alert.decide", Alert)
def alert_reopen(alert: Alert) -> Answer:
    return _step(alert, ReopenAlertForm(), alerts.reopen, _("It counts again."))


@pages.post("/look")
@acts("alert.decide")
def alert_look() -> Answer:
    """Looks through everything anew, whether or not anything has changed."""
    try:
        alerts.look(db.session())
        db.session().commit()
    except SQLAlchemyError:
        db.session().rollback()
        flash(_("Somebody else is looking at this moment. Try again."), "error")
    return redirect(url_for(".alert_list"), 303)


def _step(alert: Alert, form: AskingForm, verb: Callable[..., Alert], told: str) -> Answer:
    return save(
        form,
        lambda: verb(db.session(), alert, form.said, form.read_version, by=actor()),
        page=lambda: _page(alert, form),
        then=lambda alert: url_for(".alert_show", alert_id=alert.id),
        told=told,
    )


def _page(alert: Alert, asked: AskingForm | None = None) -> str:
    later = {"until_on": today() + timedelta(days=USUAL_DAYS)}
    snooze = asked if isinstance(asked, SnoozeAlertForm) else SnoozeAlertForm(formdata=None, data=later)
    accept = asked if isinstance(asked, AcceptAlertForm) else AcceptAlertForm(formdata=None)
    reopen = asked if isinstance(asked, ReopenAlertForm) else ReopenAlertForm(formdata=None)
    accept.reason.id, reopen.reason.id = "accept-reason", "reopen-reason"  # beside the reason of the other form
    may = access.allowed(actor(), "alert.decide", alert)
    return render_template(
        "work/alert_show.html", alert=alert, snooze=snooze, accept=accept, reopen=reopen, asked=asked, may_decide=may
    )
