"""What alerts say, and what can be done about each, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, NamedTuple

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import ngettext, pgettext
from sqlalchemy import select

from planner import db
from planner.formats import day, label
from planner.models import Alert, AlertKind, AlertState, AlertStep, AlertStepKind, Person, Phase, Workspace
from planner.services.planning import in_force
from planner.words.staffing import periods_in_words

MOST_PHASES = 3


class Way(NamedTuple):
    """Something that can be done about an alert: what the link says, and where it leads."""

    text: str
    href: str
    action: str  # what somebody must be allowed to follow it


def init_app(app: Flask) -> None:
    """Gives the pages their filters."""
    app.jinja_env.filters.update(
        alert_in_words=alert_in_words,
        alert_kind_in_words=alert_kind_in_words,
        alert_kind_meaning=alert_kind_meaning,
        alert_state_in_words=alert_state_in_words,
        alert_step_in_words=alert_step_in_words,
        alert_subject=alert_subject,
        alert_subject_href=alert_subject_href,
        alert_ways=alert_ways,
    )


def alert_kind_in_words(kind: AlertKind | str) -> str:
    """What a list calls alerts of a kind."""
    return {
        AlertKind.OVERLOAD: _("overload"),
        AlertKind.AWAY: _("holder away"),
        AlertKind.VACATED: _("holder has left"),
        AlertKind.NO_BACK_UP: _("no back-up"),
        AlertKind.SINGLE_HOLDER: _("skill held by one"),
        AlertKind.NOT_COVERED: _("cover missing"),
        AlertKind.PLAN_BREAKS: _("plan no longer holds"),
    }[AlertKind(kind)]


def alert_kind_meaning(kind: AlertKind | str) -> str:
    """When there is an alert of a kind."""
    return {
        AlertKind.OVERLOAD: _("somebody has more to do than the time that they give in that period"),
        AlertKind.AWAY: _("whoever holds a seat gives no time at all in some of its periods"),
        AlertKind.VACATED: _("whoever the plan in force puts on a seat has left, or has declined"),
        AlertKind.NO_BACK_UP: _("nobody else on staff who holds a seat’s must-haves is free in any of its periods"),
        AlertKind.SINGLE_HOLDER: _("seats ahead must have a skill that one person on staff holds"),
        AlertKind.NOT_COVERED: _("a rule “at least so many on the team hold this skill” is not kept"),
        AlertKind.PLAN_BREAKS: _("by what is known today, seats of the plan in force no longer hold"),
    }[AlertKind(kind)]


def alert_state_in_words(state: AlertState | str) -> str:
    """How far people are about an alert."""
    return {
        AlertState.OPEN: pgettext("alert", "open"),
        AlertState.SNOOZED: pgettext("alert", "snoozed"),
        AlertState.ACCEPTED: pgettext("alert", "accepted"),
        AlertState.OVER: pgettext("alert", "over"),
    }[AlertState(state)]


def alert_subject(alert: Alert) -> str:
    """What an alert is about."""
    if alert.person is not None:
        return alert.person.name
    if alert.seat is not None:
        phase = alert.seat.need.phase
        return f"{alert.seat.need.title} · {phase.project.name}, {phase.name}"
    if alert.skill is not None:
        return label(alert.skill)
    if alert.team_rule is not None:
        skill = label(alert.team_rule.skill) if alert.team_rule.skill is not None else ""
        return f"{skill} · {alert.team_rule.phase.project.name}, {alert.team_rule.phase.name}"
    return _("Plan %(number)s", number=alert.plan.number if alert.plan is not None else "")


def alert_subject_href(alert: Alert) -> str:
    """The page of what an alert is about."""
    if alert.person_id is not None:
        return url_for("staffing_people.person_show", person_id=alert.person_id)
    if alert.seat is not None:
        return _phase_href(alert.seat.need.phase)
    if alert.skill_id is not None:
        return url_for("staffing_people.person_list", skill=alert.skill_id)
    if alert.team_rule is not None:
        return _phase_href(alert.team_rule.phase)
    return url_for("planning_plans.plan_show", plan_id=alert.plan_id)


def alert_in_words(alert: Alert) -> str:
    """What is not as it should be, with its figures."""
    facts: dict[str, Any] = alert.facts
    match alert.kind:
        case AlertKind.OVERLOAD:
            return _(
                "More to do than time in %(num)s; worst from %(day)s with %(pct)s %% of their time.",
                num=_periods(facts["num_periods"]), day=_begin(facts["worst_idx"]), pct=facts["worst_pct"],
            )  # fmt: skip
        case AlertKind.AWAY:
            return _(
                "%(name)s is away in %(num)s of it, %(begin)s to %(end)s.",
                name=_name(facts), num=_periods(facts["num_periods"]), **_span(facts),
            )  # fmt: skip
        case AlertKind.VACATED:
            if facts["left"] == "declined":
                return _("Whoever was to hold it has declined; nobody does, %(begin)s to %(end)s.", **_span(facts))
            return _("Whoever held it has left; nobody does, %(begin)s to %(end)s.", **_span(facts))
        case AlertKind.NO_BACK_UP:
            return _no_back_up(facts)
        case AlertKind.SINGLE_HOLDER:
            return _(
                "Seats ahead must have it at level %(level)s; only %(name)s does.",
                level=facts["level"], name=_name(facts),
            )  # fmt: skip
        case AlertKind.NOT_COVERED:
            return _(
                "%(held)s on the team hold it, of the %(least)s that the team rule asks for.",
                held=facts["num_held"], least=facts["at_least"],
            )  # fmt: skip
        case _:
            return ngettext("%(num)s seat no longer holds.", "%(num)s seats no longer hold.", facts["num_seats"])


def _no_back_up(facts: dict[str, Any]) -> str:
    if not facts["num_could"]:
        return _("Nobody else on staff could take over from %(name)s.", name=_name(facts))
    return ngettext(
        "%(num)s other person could take over from %(name)s, and is never free.",
        "%(num)s others could take over from %(name)s, and none is ever free.",
        facts["num_could"],
        name=_name(facts),
    )


def alert_step_in_words(step: AlertStep) -> str:
    """What became of an alert."""
    said = {"name": step.by_name, "day": day(step.until_on)}
    return {
        AlertStepKind.SNOOZED: _("%(name)s snoozed it until %(day)s"),
        AlertStepKind.ACCEPTED: _("%(name)s accepted it"),
        AlertStepKind.REOPENED: _("%(name)s opened it again"),
        AlertStepKind.CAME_BACK: _("It came back"),
    }[step.kind] % said


def alert_ways(alert: Alert) -> list[Way]:
    """What can be done about it, the nearest first."""
    mend = Way(_("Re-plan with few changes"), url_for("planning_replan.plan_replan"), "plan.add")
    if alert.kind is AlertKind.SINGLE_HOLDER:
        return [*_cover_ways(alert), *_hire_ways()]
    if alert.seat is not None:
        people = url_for("staffing_needs.seat_people", key=alert.seat.key)
        return [
            Way(_("Who could sit here"), people, "need.see"),
            *([] if alert.kind is AlertKind.NO_BACK_UP else [mend]),
        ]
    return [mend]


def prefetch(alerts: Iterable[Alert]) -> None:
    """Reads the people whom some alerts name, all at once."""
    ids = {alert.facts.get("person_id") for alert in alerts} - {None}
    if ids:
        db.session().scalars(select(Person).where(Person.id.in_(ids))).all()


def _cover_ways(alert: Alert) -> list[Way]:
    """A rule form, filled in, for each of the first phases that ask for the skill."""
    phases = db.session().scalars(select(Phase).where(Phase.id.in_(alert.facts["phase_ids"][:MOST_PHASES]))).all()
    return [_cover_way(phase, alert) for phase in phases]


def _cover_way(phase: Phase, alert: Alert) -> Way:
    where = f"{phase.project.name}, {phase.name}"
    href = cover_href(phase.id, alert.skill_id or 0, alert.facts["level"])
    return Way(_("Ask for back-up cover in %(phase)s", phase=where), href, "need.add")


def _hire_ways() -> list[Way]:
    found = in_force.plan_in_force(db.session())
    if found is None:
        return []
    href = url_for("planning_inquiries.plan_openings", plan_id=found.plan.id)
    return [Way(_("Whom to hire"), href, "inquiry.see")]


def cover_href(phase_id: int, skill_id: int, level: int, at_least: int = 2) -> str:
    """The form of a team rule that asks for back-up cover, filled in."""
    said: dict[str, Any] = {"rule": "count", "of": "skill", "skill_id": skill_id, "level": level, "at_least": at_least}
    return url_for("staffing_projects.rule_add", phase_id=phase_id, **said)


def _phase_href(phase: Phase) -> str:
    return url_for("staffing_projects.project_show", project_id=phase.project_id, _anchor=f"phase-{phase.id}")


def _name(facts: dict[str, Any]) -> str:
    person = db.session().get(Person, facts["person_id"]) if facts.get("person_id") is not None else None
    return person.name if person is not None else _("somebody who is gone")


def _span(facts: dict[str, Any]) -> dict[str, str]:
    workspace = db.session().get_one(Workspace, 1)
    last = workspace.moment_of(facts["last_idx"]).date() - timedelta(days=1)
    return {"begin": _begin(facts["first_idx"]), "end": day(last)}


def _begin(idx: int) -> str:
    return day(db.session().get_one(Workspace, 1).moment_of(idx).date())


def _periods(num: int) -> str:
    return str(periods_in_words(num, db.session().get_one(Workspace, 1).period))
