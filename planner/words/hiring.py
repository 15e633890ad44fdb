"""Hiring in words: for whom somebody signs, what happened to a candidate, what changed in a requisition's terms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import ngettext

from planner.formats import label, meaning, moment, money, number
from planner.models import EventKind, Side
from planner.words.staffing import band_in_words, listed, tag_in_words

if TYPE_CHECKING:
    from planner.services.hiring.criteria import Criterion
    from planner.services.hiring.terms import Change
    from planner.services.hiring.weak_points import WeakPoint

Names = Mapping[str, Mapping[Any, str]]  # of skills and work styles by key, of sites by id


def side_words() -> dict[Side, str]:
    """For whom somebody signs or approves."""
    return {Side.PROJECT: _("for the project"), Side.OPERATIONS: _("for operations")}


def side_in_words(side: Side) -> str:
    """For whom somebody signs or approves."""
    return side_words()[side]


def event_words() -> dict[EventKind, str]:
    """What happened to a candidate."""
    return {
        EventKind.ADDED: _("added"),
        EventKind.MOVED: _("moved"),
        EventKind.REASSIGNED: _("put on another requisition"),
        EventKind.SHORTLISTED: _("shortlisted"),
        EventKind.UNLISTED: _("taken off the shortlist"),
        EventKind.APPROVED: _("hire approved"),
        EventKind.APPROVAL_WITHDRAWN: _("approval taken back"),
        EventKind.HIRED: _("hired"),
        EventKind.HIRE_UNDONE: _("hire undone"),
    }


def event_in_words(kind: EventKind) -> str:
    """What happened to a candidate."""
    return event_words()[kind]


def change_in_words(change: Change, names: Names) -> str:
    """What differs between two numbers of the terms: "Effort: 80 % → 100 %", "SEO: level 3, must → not asked"."""
    if change.what in ("skill", "style", "tag", "any_of"):
        before, after = (_criterion(row) for row in (change.before, change.after))
    else:
        before, after = (_value(change.what, value, names) for value in (change.before, change.after))
    return _("%(what)s: %(before)s → %(after)s", what=_named(change, names), before=before, after=after)


def weak_point_in_words(point: WeakPoint) -> str:
    """What speaks against a candidate; the criterion that it is about is named beside it."""
    line, value = point.line, point.value
    if line is not None:
        held = number(value) if value is not None else ""
        asked = _("level %(level)s", level=line.level) if line.kind == "skill" else band_in_words(line.min, line.max)
        return {
            "not_known": _("is not known"),
            "below_level": _("is at level %(held)s, and %(asked)s is asked for", held=held, asked=asked),
            "outside_band": _("is rated %(held)s, and %(asked)s is asked for", held=held, asked=asked),
            "only_self_reported": _("is only self-reported"),
        }[point.code]
    return {
        "may_decline": lambda: _("Accepts an offer with a chance of %(pct)s %% only.", pct=value),
        "starts_late": lambda: _("Can start on %(day)s, after the seat begins.", day=moment(value)),
        "costs_more": lambda: _("Costs %(money)s a full-time period, over the ceiling.", money=money(value)),
    }[point.code]()


def alias_of(candidate_id: int) -> str:
    """What a candidate is called in an anonymous review."""
    return _("Candidate %(number)s", number=candidate_id)


def question_in_words(line: Criterion) -> str:
    """What an interviewer asks about a criterion: of work that was done, the same to every candidate."""
    if line.kind == "skill":
        return _(
            "Tell us of a piece of work in which you used %(skill)s. What was asked, what exactly did you do yourself, "
            "and what came of it?",
            skill=label(line.row),
        )
    return _(
        "Tell us of a situation at work in which this mattered: %(meaning)s What did you do, and what came of it?",
        meaning=meaning(line.row),
    )


def level_in_words(level: int, most: int) -> str:
    """What a level of a skill means, from what somebody at it can be left to do; the words spread over the scale."""
    words = (
        _("does not know it"),
        _("knows the basics, and does it with help"),
        _("does usual tasks, and has them checked"),
        _("does it alone, and finds own mistakes"),
        _("does the difficult cases, and helps the others"),
        _("is asked by others, and sets how it is done"),
    )
    if level == 0:
        return words[0]
    return words[1 + (level - 1) * (len(words) - 2) // max(1, most - 1)]


def question_name(question: str) -> str:
    """A voluntary question."""
    return {
        "gender": _("Gender"),
        "age": _("Age"),
        "origin": _("Where you or your parents come from"),
        "disability": _("Disability"),
    }[question]


def group_name(answer: str, question: str) -> str:
    """An answer to a voluntary question."""
    return {
        ("gender", "woman"): _("women"),
        ("gender", "man"): _("men"),
        ("gender", "another"): _("another gender"),
        ("age", "under_40"): _("under 40"),
        ("age", "from_40"): _("40 and over"),
        ("origin", "here"): _("this country"),
        ("origin", "europe"): _("elsewhere in Europe"),
        ("origin", "elsewhere"): _("beyond Europe"),
        ("disability", "yes"): _("with a disability"),
        ("disability", "no"): _("without a disability"),
    }[question, answer]


def step_name(step: str) -> str:
    """How far somebody came."""
    return {
        "applied": _("Applied"),
        "shortlisted": _("Shortlisted, or further"),
        "suggested": _("Suggested by a plan, or hired"),
        "hired": _("Hired"),
    }[str(step)]


def finding_name(finding: str) -> str:
    """What can be said of a group."""
    return {
        "highest": _("the highest rate"),
        "close": _("within four fifths"),
        "flagged": _("below four fifths"),
        "flagged_maybe_chance": _("below four fifths, maybe by chance"),
        "too_few": _("too few to judge"),
        "nobody": _("nobody"),
        "not_computable": _("not computable: all tie"),
    }[str(finding)]


def _named(change: Change, names: Names) -> str:
    if change.what in ("skill", "style"):
        return names[change.what].get(change.name, change.name)
    if change.what in ("tag", "any_of"):
        return listed([tag_in_words(tag) for tag in change.name.split(", ")], "or")
    return {
        "title": _("Role"),
        "num_seats": _("Seats"),
        "site_id": _("Site"),
        "starts_on": _("From"),
        "ends_on": _("Until"),
        "fte_pct": _("Effort"),
        "max_cost_minor": _("Cost ceiling"),
        "reason": _("Why we hire"),
    }[change.what]


def _criterion(row: Mapping[str, Any] | None) -> str:
    """What a criterion asks for, without its name."""
    if row is None:
        return _("not asked for")
    how_much = _("must") if row.get("must", True) else _("nice to have")
    if "skill" in row:
        return _("level %(level)s, %(how_much)s", level=row["level"], how_much=how_much)
    if "style" in row:
        return f"{band_in_words(row.get('min', 1.0), row.get('max', 5.0))}, {how_much}"
    return how_much


def _value(what: str, value: Any, names: Names) -> str:
    if value in (None, ""):
        return _("none")
    if what == "max_cost_minor":
        return money(value)
    if what in ("starts_on", "ends_on"):
        return moment(datetime.fromisoformat(value))
    if what == "fte_pct":
        return _("%(pct)s %%", pct=value)
    if what == "num_seats":
        return ngettext("%(num)s seat", "%(num)s seats", value)
    if what == "site_id":
        return names["site"].get(value, _("another site"))
    return str(value)
