"""What the pages of staff and of candidates show alike, and what their forms offer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from flask import request
from flask_babel import format_date, get_locale
from flask_babel import gettext as _

from planner import access, db
from planner.formats import label
from planner.forms.fields import offer, offer_hours
from planner.models import CountKind, PeriodKind, Person, Project, RuleKind, TeamRule, Workspace, today
from planner.services.staffing import (
    calendars,
    needs,
    people,
    projects,
    rates,
    sites,
    skills,
    styles,
    team_rules,
    utilisation,
)
from planner.services.staffing.utilisation import PeriodUse
from planner.views.door import actor
from planner.words.staffing import tag_in_words
from planner.words.staffing_people import WISH_WORDS, currency_name, wish_in_words

MOST_PERIODS = 53  # as many as one heat row shows
SPARK_PERIODS = 26
MOST_TAGS = 60  # to tick; any other tag is typed


@dataclass(frozen=True)
class Cost:
    """What a full-time period of someone costs, in their currency and in the workspace's (none without a rate)."""

    minor: int
    currency: str
    own_minor: int | None
    rate: tuple[date, float] | None


def facts_of(person: Person) -> dict[str, Any]:
    """What a person's page shows beside the person: seats, use of each period, holidays, cost, rights."""
    session = db.session()
    workspace = projects.workspace_of(session)
    person = people.whole_person(session, person)
    seats = utilisation.seats_of(session, [person], workspace)[person.id]
    use = utilisation.use_of(person, workspace, seats)
    return {
        "person": person,
        "workspace": workspace,
        "seats": seats,
        "past": people.past_work(session, person),
        "use": use,
        "heat": _window(workspace, use),
        "holidays": _holidays(person, workspace),
        "cost": cost_of(person, rates.rates_of(session)),
        "is_money_seen": access.reaches_any(actor(), "person.see"),
        "can_edit": access.allowed(actor(), "person.edit", person),
        "can_remove": access.allowed(actor(), "person.remove", person),
        "today": today(),
    }


def offer_criteria(kept: Collection[int] = ()) -> None:
    """Offers what a role need or a requisition may ask for; work styles that it asks for already stay on offer."""
    session = db.session()
    offer(
        skills=[(skill.id, label(skill)) for skill in needs.skills_to_ask(session)],
        styles=[(style.id, label(style)) for style in needs.styles_to_ask(session, kept)],
        tags=[(tag, tag_in_words(tag)) for tag in needs.known_tags(session)[:MOST_TAGS]],
    )


def offer_rule(rule: TeamRule | None) -> None:
    """Offers what a team rule may name; a work style that it names already stays on offer."""
    session = db.session()
    kept = {rule.style_id} if rule and rule.style_id else set()
    offer(
        skills=[(skill.id, label(skill)) for skill in needs.skills_to_ask(session)],
        styles=[(style.id, label(style)) for style in needs.styles_to_ask(session, kept)],
        people=team_rules.people_to_name(session),
        tags=[(tag, tag) for tag in needs.known_tags(session)],
    )


def asked_rule() -> tuple[RuleKind | None, CountKind | None]:
    """The kind of rule that the URL, or the form that came from it, asks for."""
    rule, of = (request.values.get(name, "") for name in ("rule", "of"))
    kind = RuleKind(rule) if rule in set(RuleKind) else None
    counted = CountKind(of) if of in set(CountKind) else None
    return (None, None) if kind is RuleKind.COUNT and counted is None else (kind, counted)


def cost_of(person: Person, known: rates.Rates) -> Cost:
    """What a person costs, converted by today's rate."""
    currency = person.cost_currency or known.currency
    own = known.converted(person.cost_minor, currency, today())
    return Cost(person.cost_minor, currency, own, known.newest(currency, today()))


def sparks_of(page: Sequence[Person]) -> dict[int, list[PeriodUse]]:
    """The next periods of each person of a list."""
    session = db.session()
    workspace = projects.workspace_of(session)
    seats = utilisation.seats_of(session, page, workspace)
    first = min(utilisation.present_idx(workspace), max(0, workspace.num_periods - SPARK_PERIODS))
    last = min(first + SPARK_PERIODS, workspace.num_periods)
    return {person.id: utilisation.use_of(person, workspace, seats[person.id], first, last) for person in page}


def offer_for_person(person: Person | None = None) -> None:
    """What the form of a person offers to choose from; before the form is made."""
    session = db.session()
    workspace = projects.workspace_of(session)
    held = frozenset(row.style_id for row in person.styles) if person else frozenset()
    paid = {*rates.rates_of(session).by_currency, *([person.cost_currency] if person else [])} - {""}
    offer_hours(workspace.period is PeriodKind.HOUR)
    offer(
        sites=[(site.id, site.name) for site in sites.all_sites(session)],
        skills=[(skill.id, label(skill)) for skill in skills.all_skills(session)],
        styles=[(style.id, label(style)) for style in styles.styles_on(session, held=held)],
        projects=[(project.id, project.name) for project in people.projects_by_name(session)],
        currencies=[("", currency_name(workspace.currency)), *((code, currency_name(code)) for code in sorted(paid))],
        wishes=[(value, wish_in_words(value)) for value in WISH_WORDS],
    )


def wished(person: Person) -> list[tuple[Project, int]]:
    """The projects for or against which a person has a wish, the dearest first."""
    return sorted(((row.project, row.wish) for row in person.wishes), key=lambda pair: -pair[1])


def _holidays(person: Person, workspace: Workspace) -> list[tuple[date, str]]:
    """The public holidays of the person's site in the horizon, in the reader's language."""
    last = workspace.num_periods
    first_on, end_on = workspace.moment_of(0).date(), workspace.moment_of(last).date()
    years = calendars.horizon_years(workspace, 0, last)
    known = calendars.holidays_of(person.site, years, str(get_locale() or "en")[:2])
    return [(day, name) for day, name in sorted(known.items()) if first_on <= day < end_on]


def _window(workspace: Workspace, use: Sequence[PeriodUse]) -> dict[str, Any]:
    """The periods that one heat row shows, from the URL's `from` on, with their heads and the ways on and back."""
    asked = request.args.get("from", "")
    first = min(int(asked), len(use) - 1) if asked.isdecimal() and len(asked) < 7 else 0
    shown = use[first : first + MOST_PERIODS]
    begins = [workspace.moment_of(one.idx) for one in shown]
    heads = [(_head(workspace.period, begin), _title(workspace.period, begin)) for begin in begins]
    groups = groupby(begins, key=lambda begin: _group(workspace.period, begin))
    return {
        "use": shown,
        "heads": heads,
        "groups": [(name, len(list(some))) for name, some in groups],
        "before": max(0, first - MOST_PERIODS) if first else None,
        "after": first + MOST_PERIODS if first + MOST_PERIODS < len(use) else None,
    }


def _head(period: PeriodKind, begin: Any) -> str:
    """A period's short head: the number of its week, its day, its hour."""
    if period is PeriodKind.WEEK:
        return str((begin.date() + timedelta(days=3)).isocalendar().week)
    return str(begin.day if period is PeriodKind.DAY else begin.hour)


def _title(period: PeriodKind, begin: Any) -> str:
    if period is PeriodKind.WEEK:
        return _("week of %(day)s", day=format_date(begin.date(), "medium"))
    return str(format_date(begin.date(), "full"))


def _group(period: PeriodKind, begin: Any) -> str:
    return str(format_date(begin.date(), "d MMM" if period is PeriodKind.HOUR else "MMM"))
