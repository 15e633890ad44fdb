"""What a scenario changes, in the reader's language: the names of fields, and what stands in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as N_

from planner.formats import day, moment, money
from planner.forms.account import LimitsForm, WeightsForm
from planner.models import SubjectKind
from planner.people_words import absence_words, kind_words
from planner.staffing_words import listed, tag_in_words

Names = Mapping[str, Mapping[int, str]]

LABELS: Mapping[str, Any] = {
    "name": N_("Name"),
    "title": N_("Role"),
    "kind": N_("Kind"),
    "site_id": N_("Site"),
    "languages": N_("Languages"),
    "tags": N_("Other tags"),
    "any_of": N_("One of these"),
    "cost_minor": N_("Cost"),
    "cost_currency": N_("Currency"),
    "hire_cost_minor": N_("Cost of hiring"),
    "earliest_on": N_("Earliest start"),
    "latest_on": N_("Latest start"),
    "notice_periods": N_("Notice"),
    "ramp_up_periods": N_("Ramp-up"),
    "ramp_up_pct": N_("Capacity in the ramp-up"),
    "acceptance_pct": N_("Chance of acceptance"),
    "capacity_spans": N_("Capacity"),
    "client": N_("Client"),
    "objective": N_("Objective"),
    "pm_id": N_("Project manager"),
    "priority": N_("Priority"),
    "budget_minor": N_("Budget"),
    "reward": N_("Reward"),
    "due_on": N_("Due"),
    "late_penalty": N_("Late penalty"),
    "is_all_or_nothing": N_("All or nothing"),
    "duration": N_("Duration"),
    "after_ids": N_("Comes after"),
    "count": N_("How many"),
    "fte_pct": N_("Effort"),
    "from_offset": N_("From"),
    "to_offset": N_("To"),
    "max_cost_minor": N_("Cost ceiling"),
    "is_mentoring_allowed": N_("With a mentor, one level less will do"),
    "is_hire_allowed": N_("A new hire may take it"),
}
ROWS: Mapping[str, tuple[str, Any]] = {
    "skills": ("skills", N_("Skill %(name)s")),
    "styles": ("styles", N_("Work style %(name)s")),
    "wishes": ("projects", N_("Wish for %(name)s")),
    "absences": ("", N_("Away from %(name)s")),
}
PICKED = {"site_id": "sites", "pm_id": "managers"}
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
    }


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
    if name == "kind":
        return {str(kind): word for kind, word in kind_words().items()}.get(value, value)
    return str(format_decimal(value)) if isinstance(value, int | float) else str(value)


def signed(number: int) -> str:
    """A difference, with its sign; a true minus."""
    sign = "+" if number > 0 else "−" if number < 0 else "±"
    return f"{sign}{format_decimal(abs(number))}"


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
    if name == "after_ids":
        return listed([names.get("phases", {}).get(ident, str(ident)) for ident in value])
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
