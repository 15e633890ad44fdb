"""What the documents of all reports say alike: their days, their periods, whose they are."""

from __future__ import annotations

from datetime import date, timedelta

from babel.dates import format_skeleton

from planner.exchange.words import Words
from planner.models import PeriodKind, Skill, Workspace
from planner.services.outcomes.wanted import Wanted

FULL_TIME = 100


def about(wanted: Wanted, project: str, say: Words) -> str:
    """Of what, and of which days, a report is."""
    said = {"begin": say.day(wanted.from_on), "end": say.day(wanted.to_on)}
    if project:
        return say.gettext("%(project)s, %(begin)s to %(end)s", project=project, **said)
    if wanted.client:
        return say.gettext("Projects for %(client)s, %(begin)s to %(end)s", client=wanted.client, **said)
    return say.gettext("All projects, %(begin)s to %(end)s", **said)


def first_day(workspace: Workspace, idx: int | None) -> date | None:
    """The day on which a period begins."""
    return None if idx is None else workspace.moment_of(idx).date()


def last_day(workspace: Workspace, idx: int | None) -> date | None:
    """The last day before a period."""
    return None if idx is None else workspace.moment_of(idx).date() - timedelta(days=1)


def periods(workspace: Workspace, num: int, say: Words) -> str:
    """A number of the calendar's periods."""
    if workspace.period is PeriodKind.WEEK:
        return say.ngettext("%(num)s week", "%(num)s weeks", num)
    if workspace.period is PeriodKind.DAY:
        return say.ngettext("%(num)s day", "%(num)s days", num)
    return say.ngettext("%(num)s hour", "%(num)s hours", num)


def head(workspace: Workspace, idx: int, say: Words) -> str:
    """A period as the head of a narrow column: the number of its week, its day, its hour."""
    begin = workspace.moment_of(idx)
    if workspace.period is PeriodKind.WEEK:
        return str((begin.date() + timedelta(days=3)).isocalendar().week)
    return say.short_day(begin.date()) if workspace.period is PeriodKind.DAY else str(begin.hour)


def month(day: date, say: Words) -> str:
    """A month and its year."""
    return str(format_skeleton("yMMM", day, locale=say.locale))


def full_time(pct: int) -> float:
    """Percent of full time, summed over periods, as periods of one person at full time."""
    return round(pct / FULL_TIME, 1)


def skill_name(skill: Skill, say: Words) -> str:
    """A skill in the reader's language."""
    return (skill.name_fr if say.language == "fr" else "") or skill.name


def tint(pct: int | None) -> str:
    """In which of five steps a share is shaded; nothing is not."""
    if not pct:
        return ""
    return next((str(step) for step in (25, 50, 75, 99) if pct <= step), "100")
