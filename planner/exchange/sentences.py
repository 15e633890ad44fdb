"""What reports say in words: kinds, states, criteria, rules and the sentence on top."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from math import ceil

from planner.exchange.editions import Edition
from planner.exchange.words import N_, Words
from planner.translate.report import PlanReport, RuleRow, SeatRow, SkillCell, StyleCell, TagCell

KINDS = {
    "employee": N_("employee"),
    "contractor": N_("contractor"),
    "candidate": N_("candidate"),
    "hypothetical": N_("hypothetical person"),
}
STATUSES = {
    "optimal": N_("proven: no plan could be better"),
    "feasible": N_("a plan that keeps every rule"),
    "infeasible": N_("no plan can keep every demand"),
    "unknown": N_("the time ran out before a plan was found"),
}
TERMS = {
    "fill": N_("Seats filled"),
    "fit": N_("Skills"),
    "style": N_("Work styles"),
    "preference": N_("Wishes"),
    "money": N_("Staff cost"),
    "acceptance": N_("Chance of a no"),
    "rounding": N_("Rounding"),
    "hiring": N_("Hire costs"),
    "changes": N_("Changes to the plan in force"),
    "team_rules": N_("Team rules"),
    "rewards": N_("Complete projects"),
}
SKILL_STATES = {
    "full": N_("held"),
    "mentored": N_("with a mentor"),
    "part": N_("below the level asked"),
    "missing": N_("missing"),
    "open": "",
}
STYLE_STATES = {
    "inside": N_("inside the band"),
    "outside": N_("outside the band"),
    "unknown": N_("not known"),
    "open": "",
}
DECISIONS = {
    "accept": N_("Accepted"),
    "release": N_("Released"),
    "assign": N_("Assigned by hand"),
    "take_off": N_("Taken off by hand"),
    "swap": N_("Swapped by hand"),
    "move_phase": N_("Phase moved by hand"),
    "override": N_("Rule overridden"),
}
STAFF = "staff"  # what translate asks for where a hire is not allowed
EDITIONS = {"organisers": N_("organisers’ edition"), "members": N_("members’ edition")}


def headline(report: PlanReport, say: Words, edition: Edition) -> str:
    """The sentence on top, which carries the plan's numbers."""
    if report.status in ("infeasible", "unknown"):
        return say.gettext(STATUSES[report.status]).capitalize() + "."
    figures, _ = report.headline, say.gettext
    filled = say.number(figures.num_filled)
    parts = [
        say.ngettext(
            "%(filled)s of %(num)s seat filled", "%(filled)s of %(num)s seats filled", figures.num_seats, filled=filled
        ),
        say.ngettext("%(num)s person", "%(num)s people", figures.num_people),
    ]
    if figures.num_hires:
        parts.append(say.ngettext("%(num)s hire", "%(num)s hires", figures.num_hires))
    if edition is Edition.ORGANISERS:
        parts.append(_("%(cost)s of staff cost", cost=say.money(figures.cost)))
    return f"{', '.join(parts)}. {_how_good(report, say)}".strip()


def _how_good(report: PlanReport, say: Words) -> str:
    better = better_pct(report)
    if better is None:
        return ""
    if not better:
        return say.gettext("No plan could be better.")
    return say.gettext("No plan could be more than %(percent)s better.", percent=say.percent(better, 1))


def better_pct(report: PlanReport) -> float | None:
    """By how much any plan could be better at most, rounded up to a tenth of a percent, so that it stays true."""
    better = report.headline.better_pct
    return None if better is None else ceil(round(10 * better, 6)) / 10


def plan_name(report: PlanReport, say: Words) -> str:
    """“Plan 12, version 3”; a plan that no planner has numbered has no number to say."""
    if report.meta.number is None:
        return say.gettext("Plan without a number")
    return say.gettext("Plan %(number)s, version %(version)s", number=report.meta.number, version=report.meta.version)


def origin(report: PlanReport, say: Words, edition: Edition) -> str:
    """Where a page or file comes from, in one line: plan, version, when and by whom."""
    at = say.instant(report.meta.generated_at)
    made = (
        say.gettext("generated %(at)s by %(name)s", at=at, name=report.meta.generated_by)
        if report.meta.generated_by
        else say.gettext("generated %(at)s", at=at)
    )
    return " · ".join([plan_name(report, say), made, say.gettext(EDITIONS[edition])])


def title(report: PlanReport, say: Words) -> str:
    return report.meta.title.strip() or report.problem.strip() or plan_name(report, say)


# -- time


def first(report: PlanReport, start: datetime | None) -> date | None:
    """When something begins: a day, or a moment where the calendar counts hours."""
    return start.date() if start is not None and report.period != "hour" else start


def last(report: PlanReport, end: datetime | None) -> date | None:
    """The last day of something, or the moment at which it ends where the calendar counts hours."""
    return (end - timedelta(days=1)).date() if end is not None and report.period != "hour" else end


def period(report: PlanReport, start: datetime | None, idx: int, say: Words) -> str:
    """The name of a period: the week and its first day, the day, or the hour."""
    if start is None:
        return f"#{idx}"
    day = say.short_day(start).replace(" ", "\N{NO-BREAK SPACE}")
    if report.period == "week":
        return f"{_week(start, say)} {day}"
    return day if report.period == "day" else f"{day} {start:%H:%M}"


def stretch(report: PlanReport, begin: int, end: int, say: Words) -> str:
    """The periods [begin, end) by the names of the first and the last."""
    names = [short_period(report, idx, say) for idx in (begin, max(begin, end - 1))]
    return names[0] if names[0] == names[1] else f"{names[0]}–{names[1]}"


def short_period(report: PlanReport, idx: int, say: Words) -> str:
    """The shortest name of a period: the week's number, the day, or the hour."""
    start = next((one.start for one in report.periods if one.idx <= idx < one.to_idx), None)
    return _week(start, say) if start is not None and report.period == "week" else period(report, start, idx, say)


def _week(start: datetime, say: Words) -> str:
    return say.gettext("W%(week)02d", week=start.isocalendar().week)


# -- criteria


def skills(row: SeatRow, say: Words) -> str:
    """The skills that a seat asks for."""
    return ", ".join(skill(cell, say) for cell in row.skills)


def skill(cell: SkillCell, say: Words) -> str:
    """One skill and the level that is asked for."""
    asked = f"{cell.label} {cell.need}"
    return asked if cell.must else say.gettext("%(asked)s (nice to have)", asked=asked)


def styles(row: SeatRow, say: Words) -> str:
    """The bands of work styles that a seat asks for."""
    return ", ".join(_style(cell, say) for cell in row.styles)


def _style(cell: StyleCell, say: Words) -> str:
    asked = f"{cell.label} {band(cell.min, cell.max, say)}"
    return say.gettext("%(asked)s (must)", asked=asked) if cell.must else asked


def band(low: float, high: float, say: Words) -> str:
    return f"{say.number(low)}–{say.number(high)}"


def tags(row: SeatRow, say: Words) -> str:
    """The languages, sites and other tags that a seat asks for."""
    return ", ".join(tag_group(cell, say) for cell in row.tags)


def tag_group(cell: TagCell, say: Words) -> str:
    """Tags of which one must be held."""
    names = [tag(one, say) for one in cell.tags]
    return say.gettext(" or ").join(names)


def tag(name: str, say: Words) -> str:
    """A tag as a reader says it: a site's name, a language's, what says that nobody is to be hired."""
    if name == STAFF:
        return say.gettext("on staff")
    kind, _, value = name.partition(":")
    if kind == "lang" and value:
        return say.spoken(value)
    return value if kind == "site" and value else name


# -- team rules


def team_rule(row: RuleRow, say: Words) -> str:
    """A team rule in words."""
    kind = str(row.rule.rule)
    if kind == "count":
        return _count_rule(row, say)
    people = say.list(list(row.people))
    if kind == "together":
        return say.gettext("all or none of %(people)s", people=people)
    if kind == "apart":
        return say.gettext("at most one of %(people)s", people=people)
    sentence = N_("mean of %(style)s %(band)s") if kind == "mean" else N_("spread of %(style)s %(band)s")
    return say.gettext(sentence, style=row.label, band=say.list(list(_limits(row.rule.min, row.rule.max, say))))


def verdict(row: RuleRow, say: Words) -> str:
    """How the team keeps a rule."""
    return say.gettext("kept") if row.is_kept else say.gettext("short by %(shortfall)s", shortfall=row.shortfall)


def _count_rule(row: RuleRow, say: Words) -> str:
    """“at least 1 person with leadership orientation of 4 or more”."""
    low, high, of = row.rule.at_least, row.rule.at_most, row.rule.of
    limits = []
    if high == 0:
        limits.append(say.gettext("nobody"))
    elif low or high is None:
        limits.append(say.ngettext("at least %(num)s person", "at least %(num)s people", low))
    if high:
        limits.append(say.ngettext("at most %(num)s person", "at most %(num)s people", high))
    who = say.list(limits)
    if of is not None and of.kind is not None:
        return say.gettext("%(who)s of the kind %(kind)s", who=who, kind=say.gettext(KINDS[of.kind]))
    if of is None or of.min is None:
        return say.gettext("%(who)s with %(what)s", who=who, what=tag(row.label, say))
    what = say.gettext("%(what)s of %(level)s or more", what=row.label, level=say.number(of.min))
    return say.gettext("%(who)s with %(what)s", who=who, what=what)


def _limits(low: float | None, high: float | None, say: Words) -> Iterator[str]:
    if low is not None:
        yield say.gettext("at least %(number)s", number=say.number(low))
    if high is not None:
        yield say.gettext("at most %(number)s", number=say.number(high))
