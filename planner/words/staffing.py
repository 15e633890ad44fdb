"""The things of staffing in words: team rules, tags, periods, priorities. Pages, exports and mails say them alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from babel.dates import format_skeleton
from babel.lists import format_list
from flask_babel import format_decimal, get_locale, lazy_gettext, ngettext
from flask_babel import gettext as _

from planner.formats import label, moment, money
from planner.forms.fields import language_name
from planner.models import CountKind, PeriodKind, PersonKind, RuleKind, TeamRule

STYLE_LEAST, STYLE_MOST = 1, 5
STAFF_TAG = "staff"  # what a seat asks for that no new hire may take


def rule_in_words(rule: TeamRule, people: Sequence[str] | None = None) -> str:
    """A team rule as a sentence; `people` are the names that it names, read from the row unless given."""
    style = label(rule.style) if rule.style else ""
    skill = label(rule.skill) if rule.skill else ""
    names = people if people is not None else [row.person.name for row in rule.people]
    least = rule.level if rule.of is CountKind.SKILL else rule.min
    return rule_sentence(
        rule.rule,
        whom=whom(rule.of, skill or style or rule.tag or rule.kind or "", least, num_meant(rule.at_least, rule.at_most))
        if rule.of
        else "",
        style=style,
        band=(rule.min, rule.max),
        count=(rule.at_least, rule.at_most),
        people=names,
        weight=rule.weight,
    )


def rule_sentence(
    rule: str,
    *,
    whom: str = "",
    style: str = "",
    band: tuple[float | None, float | None] = (None, None),
    count: tuple[int | None, int | None] = (None, None),
    people: Sequence[str] = (),
    weight: int | None = None,
) -> str:
    """A team rule as a sentence, from plain values: the same for a row, for a plan's frozen question, for an export."""
    kind = RuleKind(rule)
    if kind is RuleKind.COUNT:
        sentence = _count_sentence(whom, *count)
    elif kind in (RuleKind.TOGETHER, RuleKind.APART):
        sentence = _people_sentence(kind, listed(people))
    else:
        sentence = _band_sentence(kind, style, *band)
    return _with_weight(sentence, kind, weight)


def whom(of: str, what: str, least: float | None, num: int = 2) -> str:
    """Whom a count rule counts, as said of so many; `what` is the name of the skill or style, the tag or the kind."""
    if of == CountKind.SKILL:
        return _("with %(skill)s at level %(level)s or more", skill=what, level=_number(least or 0))
    if of == CountKind.STYLE:
        return _("with %(style)s of %(score)s or more", style=what, score=_number(least or 0))
    if of == CountKind.TAG:
        return _tag_holders(what, num)
    return {
        PersonKind.EMPLOYEE: ngettext("who is an employee", "who are employees", num),
        PersonKind.CONTRACTOR: ngettext("who is a contractor", "who are contractors", num),
        PersonKind.CANDIDATE: ngettext("who is a candidate", "who are candidates", num),
        PersonKind.HYPOTHETICAL: ngettext("who is hypothetical", "who are hypothetical", num),
    }[PersonKind(what)]


def tag_in_words(tag: str) -> str:
    """A tag as people say it: a language by its name, a site by its own, others as they are."""
    kind, sep, rest = tag.partition(":")
    if sep and kind == "lang":
        return language_name(rest)
    if sep and kind == "site":
        return rest
    return _("staff, no new hire") if tag == STAFF_TAG else tag


def periods_in_words(num: int, period: PeriodKind) -> str:
    """So many periods of the workspace's calendar."""
    if period is PeriodKind.HOUR:
        return ngettext("%(num)s hour", "%(num)s hours", num)
    if period is PeriodKind.DAY:
        return ngettext("%(num)s day", "%(num)s days", num)
    return ngettext("%(num)s week", "%(num)s weeks", num)


def period_range(first: int, end: int, period: PeriodKind) -> str:
    """The periods from an offset up to another one, counted from 1 as people do."""
    if period is PeriodKind.HOUR:
        return _("hours %(first)s–%(last)s", first=first + 1, last=end)
    if period is PeriodKind.DAY:
        return _("days %(first)s–%(last)s", first=first + 1, last=end)
    return _("weeks %(first)s–%(last)s", first=first + 1, last=end)


def last_moment(end: datetime, period: PeriodKind) -> str:
    """The last day, or the last hour, before a moment at which something has ended."""
    return moment(end - timedelta(hours=1) if period is PeriodKind.HOUR else end - timedelta(days=1))


def band_in_words(least: float, most: float) -> str:
    """A band of a work style: "≥ 4", "≤ 3", "3–4"."""
    if most >= STYLE_MOST:
        return f"≥ {_number(least)}"
    return f"≤ {_number(most)}" if least <= STYLE_LEAST else f"{_number(least)}–{_number(most)}"


def period_unit(period: PeriodKind) -> str:
    """The word for several periods, beside a field."""
    return {PeriodKind.WEEK: _("weeks"), PeriodKind.DAY: _("days"), PeriodKind.HOUR: _("hours")}[period]


def one_period(period: PeriodKind) -> str:
    """The word for one period."""
    return {PeriodKind.WEEK: _("week"), PeriodKind.DAY: _("day"), PeriodKind.HOUR: _("hour")}[period]


def effort_in_words(effort_pct: int, period: PeriodKind) -> str:
    """Percent of full time summed over periods, as full-time periods."""
    number = format_decimal(round(effort_pct / 100, 1))
    if period is PeriodKind.HOUR:
        return _("%(number)s person-hours", number=number)
    if period is PeriodKind.DAY:
        return _("%(number)s person-days", number=number)
    return _("%(number)s person-weeks", number=number)


def effort_unit(period: PeriodKind) -> str:
    """The heading over numbers of full-time periods."""
    return {PeriodKind.WEEK: _("Person-weeks"), PeriodKind.DAY: _("Person-days"), PeriodKind.HOUR: _("Person-hours")}[
        period
    ]


def short_day(value: datetime) -> str:
    """A day and its month, for the ticks of a timeline."""
    return str(format_skeleton("MMMd", value, locale=str(get_locale() or "en")))


def priority_in_words(priority: int) -> str:
    """A priority's word; 5 is the most important."""
    return {5: _("Vital"), 4: _("High"), 3: _("Normal"), 2: _("Low"), 1: _("Whenever")}[priority]


def listed(names: Sequence[Any], style: str = "standard") -> str:
    """Several names as a text: "Ann, Bob and Cy"."""
    return str(format_list([str(name) for name in names], style=style, locale=get_locale() or "en"))  # type: ignore[arg-type]


def _count_sentence(whom: str, least: int | None, most: int | None) -> str:
    if least and most is not None and least == most:
        return ngettext("Exactly %(num)s person %(whom)s", "Exactly %(num)s people %(whom)s", least, whom=whom)
    if least and most is not None:
        return _("Between %(least)s and %(most)s people %(whom)s", least=least, most=most, whom=whom)
    if most is not None and most == 0:
        return _("Nobody %(whom)s", whom=whom)
    if most is not None:
        return ngettext("At most %(num)s person %(whom)s", "At most %(num)s people %(whom)s", most, whom=whom)
    return ngettext("At least %(num)s person %(whom)s", "At least %(num)s people %(whom)s", least or 0, whom=whom)


def num_meant(least: int | None, most: int | None) -> int:
    """How many people the sentence of a count rule speaks of; of nobody it speaks as of one."""
    if most is not None and (not least or least == most):
        return most or 1
    return least or 1 if most is None else most


def _tag_holders(tag: str, num: int) -> str:
    kind, sep, rest = tag.partition(":")
    if sep and kind == "lang":
        return ngettext("who speaks %(language)s", "who speak %(language)s", num, language=language_name(rest))
    if sep and kind == "site":
        return _("at %(site)s", site=rest)
    return _("tagged “%(tag)s”", tag=tag)


def _people_sentence(kind: RuleKind, people: str) -> str:
    if kind is RuleKind.TOGETHER:
        return _("%(people)s: all of them or none", people=people)
    return _("%(people)s: at most one of them", people=people)


def _band_sentence(kind: RuleKind, style: str, least: float | None, most: float | None) -> str:
    values = {"style": style, "least": _number(least or 0), "most": _number(most or 0)}
    if kind is RuleKind.MEAN:
        if least is not None and most is not None:
            return _("The team’s mean %(style)s is between %(least)s and %(most)s", **values)
        if most is not None:
            return _("The team’s mean %(style)s is at most %(most)s", **values)
        return _("The team’s mean %(style)s is at least %(least)s", **values)
    if least is not None and most is not None:
        return _("In %(style)s, the team’s highest and lowest are %(least)s to %(most)s apart", **values)
    if most is not None:
        return _("In %(style)s, the team’s highest and lowest are at most %(most)s apart", **values)
    return _("In %(style)s, the team’s highest and lowest are at least %(least)s apart", **values)


def _with_weight(sentence: str, kind: RuleKind, weight: int | None) -> str:
    """A weighted rule says what each unit of its shortfall costs; a hard one must hold."""
    if weight is None:
        return _("%(rule)s; this must hold", rule=sentence)
    points = ngettext("%(points)s point", "%(points)s points", weight, points=_number(weight))
    if kind is RuleKind.COUNT:
        return _("%(rule)s, %(points)s for each person missing or too many", rule=sentence, points=points)
    if kind is RuleKind.TOGETHER:
        return _("%(rule)s, %(points)s for each one missing", rule=sentence, points=points)
    if kind is RuleKind.APART:
        return _("%(rule)s, %(points)s for each one beyond the first", rule=sentence, points=points)
    return _("%(rule)s, %(points)s for each tenth outside", rule=sentence, points=points)


def _number(value: float) -> str:
    return str(format_decimal(round(value, 1)))


def line_in_words(line: Any, names: Mapping[str, Mapping[str, str]]) -> str:
    """A line of what a role need asks (`services.staffing.matching.Line`); `names` are those of skills and styles."""
    if line.code == "skill":
        skill = names["skills"].get(str(line.of), "?")
        return _("%(skill)s at level %(level)s", skill=skill, level=_number(line.least))
    if line.code == "style":
        return f"{names['styles'].get(str(line.of), '?')} {band_in_words(line.least, line.most)}"
    if line.code == "cost":
        return _("costs at most %(money)s", money=money(line.most))
    if line.code == "staff":
        return _("on staff, no new hire")
    return listed([tag_in_words(tag) for tag in line.of], "or")


DISGUISED = {
    "age": lazy_gettext("it stands in for age"),
    "origin": lazy_gettext("it stands in for origin: ask for the language and its level instead"),
    "sex": lazy_gettext("it stands in for sex"),
    "family": lazy_gettext("it stands in for family"),
    "health": lazy_gettext("it stands in for health"),
    "likeness": lazy_gettext("it stands in for being alike: name the work style that the work needs"),
    "looks": lazy_gettext("it stands in for looks"),
    "belief": lazy_gettext("it stands in for belief"),
    "residence": lazy_gettext("it stands in for where somebody lives: ask for the site where the work is done instead"),
    "school": lazy_gettext("it stands in for a school: ask for what must be known instead"),
    "reason": lazy_gettext("it does not say what in the work needs it"),
}


def disguise_in_words(kind: str) -> str:
    """What a criterion in disguise stands in for."""
    return str(DISGUISED[kind])
