"""What a scenario changes, in the reader's language: the names of fields, and what stands in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import format_decimal, lazy_gettext
from flask_babel import gettext as _

from planner.formats import day, moment, money
from planner.forms.account import LimitsForm, WeightsForm
from planner.models import CountKind, RuleKind, SubjectKind
from planner.words.staffing import listed, num_meant, rule_sentence, tag_in_words, whom
from planner.words.staffing_people import absence_words, kind_words

Names = Mapping[str, Mapping[int, str]]

LABELS: Mapping[str, Any] = {
    "name": lazy_gettext("Name"),
    "title": lazy_gettext("Role"),
    "kind": lazy_gettext("Kind"),
    "site_id": lazy_gettext("Site"),
    "languages": lazy_gettext("Languages"),
    "tags": lazy_gettext("Other tags"),
    "any_of": lazy_gettext("One of these"),
    "cost_minor": lazy_gettext("Cost"),
    "cost_currency": lazy_gettext("Currency"),
    "hire_cost_minor": lazy_gettext("Cost of hiring"),
    "earliest_on": lazy_gettext("Earliest start"),
    "latest_on": lazy_gettext("Latest start"),
    "notice_periods": lazy_gettext("Notice"),
    "ramp_up_periods": lazy_gettext("Ramp-up"),
    "ramp_up_pct": lazy_gettext("Capacity in the ramp-up"),
    "acceptance_pct": lazy_gettext("Chance of acceptance"),
    "capacity_spans": lazy_gettext("Capacity"),
    "client": lazy_gettext("Client"),
    "objective": lazy_gettext("Objective"),
    "pm_id": lazy_gettext("Project manager"),
    "priority": lazy_gettext("Priority"),
    "budget_minor": lazy_gettext("Budget"),
    "reward": lazy_gettext("Reward"),
    "due_on": lazy_gettext("Due"),
    "late_penalty": lazy_gettext("Late penalty"),
    "is_all_or_nothing": lazy_gettext("All or nothing"),
    "duration": lazy_gettext("Duration"),
    "after_ids": lazy_gettext("Comes after"),
    "count": lazy_gettext("How many"),
    "fte_pct": lazy_gettext("Effort"),
    "from_offset": lazy_gettext("From"),
    "to_offset": lazy_gettext("To"),
    "max_cost_minor": lazy_gettext("Cost ceiling"),
    "is_mentoring_allowed": lazy_gettext("With a mentor, one level less will do"),
    "is_hire_allowed": lazy_gettext("A new hire may take it"),
    "rule": lazy_gettext("Team rule"),
    "of": lazy_gettext("Who is counted"),
    "skill_id": lazy_gettext("Skill"),
    "style_id": lazy_gettext("Work style"),
    "tag": lazy_gettext("Language, site or tag"),
    "level": lazy_gettext("At level"),
    "min": lazy_gettext("Score at least"),
    "max": lazy_gettext("Score at most"),
    "at_least": lazy_gettext("How many at least"),
    "at_most": lazy_gettext("How many at most"),
    "person_ids": lazy_gettext("People"),
    "weight": lazy_gettext("Points lost"),
}
ROWS: Mapping[str, tuple[str, Any]] = {
    "skills": ("skills", lazy_gettext("Skill %(name)s")),
    "styles": ("styles", lazy_gettext("Work style %(name)s")),
    "wishes": ("projects", lazy_gettext("Wish for %(name)s")),
    "absences": ("", lazy_gettext("Away from %(name)s")),
}
CHOSEN: Mapping[str, Any] = {
    RuleKind.COUNT: lazy_gettext("a number of people"),
    RuleKind.TOGETHER: lazy_gettext("together"),
    RuleKind.APART: lazy_gettext("apart"),
    RuleKind.MEAN: lazy_gettext("the mean of a work style"),
    RuleKind.SPREAD: lazy_gettext("the spread of a work style"),
    CountKind.SKILL: lazy_gettext("who has a skill"),
    CountKind.STYLE: lazy_gettext("who works in a certain way"),
    CountKind.TAG: lazy_gettext("who carries a tag"),
    CountKind.KIND: lazy_gettext("who is employed in a certain way"),
}
PICKED = {"site_id": "sites", "pm_id": "managers", "skill_id": "skills", "style_id": "styles"}
NAMED = {"after_ids": "phases", "person_ids": "people"}
MONEY = ("cost_minor", "hire_cost_minor", "budget_minor", "max_cost_minor")
DATES = ("earliest_on", "latest_on", "due_on")


def subject_kind_words() -> dict[SubjectKind, str]:
    """The kinds of what a scenario may change."""
    return {
        SubjectKind.WORKSPACE: _("weights and limits"),
        SubjectKind.PERSON: _("person"),
        SubjectKind.PROJECT: _("project"),
        SubjectKind.PHASE: _("phase"),
        SubjectKind.NEED: _("role need"),
        SubjectKind.RULE: _("team rule"),
    }


def title_words(title: str, here: Mapping[str, Any] | None, kind: SubjectKind, names: Names) -> str:
    """What something that a scenario speaks of is called: a team rule by its phase and what it says."""
    if kind is SubjectKind.WORKSPACE:
        return _("Weights and limits")
    if kind is SubjectKind.RULE and here is not None:
        return _("%(phase)s: %(rule)s", phase=title, rule=rule_words(here, names))
    return title or _("somebody who is not there any more")


def rule_words(said: Mapping[str, Any], names: Names) -> str:
    """A team rule as a sentence, from what a scenario says of it."""
    skill, style = (
        names[what].get(said.get(field) or 0, "") for what, field in (("skills", "skill_id"), ("styles", "style_id"))
    )
    count, of = (said.get("at_least"), said.get("at_most")), said.get("of")
    least = said.get("level") if of == CountKind.SKILL else said.get("min")
    counted = skill or style or said.get("tag") or said.get("kind") or ""
    return rule_sentence(
        said["rule"],
        whom=whom(of, counted, least, num_meant(*count)) if of else "",
        style=style,
        band=(said.get("min"), said.get("max")),
        count=count,
        people=[names["people"].get(ident, "?") for ident in said.get("person_ids") or ()],
        weight=said.get("weight"),
    )


def field_words(name: str, names: Names) -> str:
    """What a field is called, a row of a list by what it is about."""
    rows, is_row, about = name.partition(":")
    if is_row:
        offered, sentence = ROWS[rows]
        called = names.get(offered, {}).get(int(about), "") if offered else day(date.fromisoformat(about))
        return str(sentence) % {"name": called or about}
    part_of, is_part, part = name.partition(".")
    if is_part:
        form: Any = WeightsForm if part_of == "weights" else LimitsForm
        return str(getattr(form, part).args[0])
    return str(LABELS.get(name, name))


def value_words(name: str, value: Any, names: Names) -> str:
    """What stands in a field; a dash where nothing does."""
    if name == "weight" and value is None:
        return _("it must hold")
    if value is None or value in ("", []):
        return "–"
    if ":" in name:
        return _row_words(name.partition(":")[0], value)
    if name in PICKED:
        return names.get(PICKED[name], {}).get(value, str(value))
    if name in MONEY:
        return money(value)
    if name in DATES:
        return moment(datetime.fromisoformat(value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return _list_words(name, value, names)
    if name.endswith("_pct"):
        return f"{value} %"
    if name in ("rule", "of"):
        return str(CHOSEN[value])
    if name == "kind":
        return {str(kind): word for kind, word in kind_words().items()}.get(value, value)
    return str(format_decimal(value)) if isinstance(value, int | float) else str(value)


def _row_words(rows: str, value: Mapping[str, Any]) -> str:
    if rows == "absences":
        kind = {str(one): word for one, word in absence_words().items()}.get(value["kind"], "")
        return _("until %(day)s, %(kind)s", day=day(date.fromisoformat(value["to_on"])), kind=kind)
    if rows == "wishes":
        return f"{value['wish']:+d}"
    if "score" in value:
        return str(format_decimal(value["score"]))
    if rows == "styles":
        said = _("%(min)s to %(max)s", min=format_decimal(value["min"]), max=format_decimal(value["max"]))
    else:
        said = _("level %(level)s", level=value["level"])
    if "is_must" not in value:
        return said
    must = _("must have") if value["is_must"] else _("nice to have")
    return _("%(said)s, %(must)s, weight %(weight)s", said=said, must=must, weight=value["weight"])


def _list_words(name: str, value: list[Any], names: Names) -> str:
    if name == "capacity_spans":
        return listed([_span_words(span) for span in value])
    if name in NAMED:
        return listed([names.get(NAMED[name], {}).get(ident, str(ident)) for ident in value])
    if name == "any_of":
        return listed([listed([tag_in_words(tag) for tag in group], "or") for group in value])
    return listed([tag_in_words(one) if name == "tags" else one for one in value])


def _span_words(span: Mapping[str, Any]) -> str:
    begin = moment(datetime.fromisoformat(span["from_on"])) if span["from_on"] else ""
    end = moment(datetime.fromisoformat(span["to_on"])) if span["to_on"] else ""
    if begin and end:
        return _("%(pct)s %% from %(begin)s until %(end)s", pct=span["fte_pct"], begin=begin, end=end)
    if begin or end:
        sentence = _("%(pct)s %% from %(day)s") if begin else _("%(pct)s %% until %(day)s")
        return sentence % {"pct": span["fte_pct"], "day": begin or end}
    return f"{span['fte_pct']} %"
