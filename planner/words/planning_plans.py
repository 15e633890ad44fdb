"""The words of a plan, as its pages use them: what exports say too, and spans, gaps and decisions in short."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask_babel import format_date, format_datetime, get_locale
from flask_babel import gettext as _

from planner.exchange import Words, sentences
from planner.exchange.reasons import Reasons
from planner.models import Decision, DecisionKind
from planner.services.planning.by_hand import Load
from planner.translate.report import PlanReport, ProjectRow, RuleRow, SeatRow
from planner.wording import failure_sentence

MOST_SENTENCES = 3
MONEY_PARAMS = frozenset({"cost", "max_cost", "budget"})
NOBODY_CODES = frozenset(
    {"nobody_has_skill", "nobody_has_all_musts", "style_outside", "tag_missing", "any_of_missing", "no_mentor"}
)
GAP_WORDS: Mapping[str, Callable[[], str]] = {
    **dict.fromkeys(NOBODY_CODES, lambda: _("nobody")),
    "no_mentor": lambda: _("no mentor"),
    "not_learnt": lambda: _("not learnt yet"),
    "growth_blocks": lambda: _("team rule"),
    "too_expensive": lambda: _("too expensive"),
    "all_busy": lambda: _("busy"),
    "not_available": lambda: _("away"),
    "banned": lambda: _("ruled out"),
    "rule_blocks": lambda: _("team rule"),
    "all_or_nothing": lambda: _("all or nothing"),
    "phase_not_scheduled": lambda: _("not scheduled"),
    "phase_order": lambda: _("order of phases"),
    "project_budget": lambda: _("over budget"),
    "plan_budget": lambda: _("over budget"),
    "hire_limit": lambda: _("limit on hires"),
    "hire_budget": lambda: _("limit on hires"),
    "not_worth": lambda: _("not worth it"),
    "search_stopped": lambda: _("out of time"),
}


def init_app(app: Flask) -> None:
    """Gives the pages of a plan their filters."""
    app.jinja_env.filters.update(
        span_words=span_words,
        rule_words=rule_words,
        tag_words=tag_words,
        gap_sentences=gap_sentences,
        gap_word=gap_word,
        is_nobody=is_nobody,
        violation_sentence=violation_sentence,
        decision_words=decision_words,
        failure_sentence=failure_sentence,
        term_lines=term_lines,
        load_words=load_words,
        project_choice=project_choice,
    )


def span_words(row: Any, period: str) -> str:
    """From and to of a row that has `start` and `end`, the end as its last week, day or hour."""
    start, end = row.start, row.end
    if start is None or end is None:
        return _("not scheduled")
    if period == "hour":
        return f"{format_datetime(start, 'short', rebase=False)} – {format_datetime(end, 'short', rebase=False)}"
    last = end - timedelta(days=1)
    if period == "week":
        return _week_words(start, last)
    first_day, last_day = (str(format_date(day, "d MMM")) for day in (start, last))
    return first_day if first_day == last_day else f"{first_day} – {last_day}"


def _week_words(start: datetime, last: datetime) -> str:
    if (last - start).days < 7:
        return _("week %(week)s", week=start.isocalendar().week)
    return _("weeks %(first)s–%(last)s", first=start.isocalendar().week, last=last.isocalendar().week)


def rule_words(row: RuleRow) -> str:
    """A team rule in a sentence."""
    return sentences.team_rule(row, _say())


def tag_words(tag: str) -> str:
    """A tag in words: a site by its name, a language by the reader's word for it."""
    return _("on staff") if tag == "staff" else sentences.tag(tag, _say())


def is_nobody(seat: SeatRow) -> bool:
    """Whether nobody at all can fill an open seat, rather than nobody for now."""
    return any(reason.code in NOBODY_CODES for reason in seat.reasons)


def gap_word(seat: SeatRow) -> str:
    """Why a seat is open, in a word."""
    code = seat.reasons[0].code if seat.reasons else ""
    return GAP_WORDS[code]() if code in GAP_WORDS else _("open")


def gap_sentences(seat: SeatRow, report: PlanReport) -> list[str]:
    """Why a seat is open, in sentences, what weighs most first."""
    return Reasons(report, _say(report)).sentences(seat.reasons[:MOST_SENTENCES])


def violation_sentence(violation: Any, report: PlanReport) -> str:
    """A broken rule in the reader's language, its period by its name."""
    params, labels, say = dict(violation.params), report.meta.labels, _say(report)
    if isinstance(params.get("period"), int):
        params["period"] = sentences.stretch(report, params["period"], params["period"] + 1, say)
    for name, names in (("skill", labels.skills), ("style", labels.styles)):
        if name in params:
            params[name] = names.get(str(params[name]), params[name])
    if "tag" in params:
        params["tag"] = tag_words(str(params["tag"]))
    for name in MONEY_PARAMS & params.keys():
        params[name] = say.money(params[name])
    return str(_(violation.sentence)) % params


def decision_words(decision: Decision, report: PlanReport) -> str:
    """What was decided, with the names that the plan knows."""
    seats = {seat.seat_id: seat.title or seat.seat_id for seat in report.seats}
    names = {person.person_id: person.name for person in report.people}
    phases = {team.phase_id: team.phase for team in report.teams}
    said = {
        "by": decision.decided_by,
        "person": names.get(decision.person_key or "", decision.person_key or ""),
        "before": names.get(decision.before or "", decision.before or ""),
        "seat": seats.get(decision.seat_key or "", decision.seat_key or ""),
        "phase": phases.get(decision.phase_key or "", decision.phase_key or ""),
    }
    return _decided(decision.kind) % said


def _decided(kind: DecisionKind) -> str:
    return {
        DecisionKind.ACCEPT: _("%(by)s accepted %(person)s on %(seat)s"),
        DecisionKind.RELEASE: _("%(by)s released %(person)s from %(seat)s"),
        DecisionKind.ASSIGN: _("%(by)s put %(person)s on %(seat)s"),
        DecisionKind.TAKE_OFF: _("%(by)s took %(before)s off %(seat)s"),
        DecisionKind.SWAP: _("%(by)s swapped %(before)s for %(person)s on %(seat)s"),
        DecisionKind.MOVE_PHASE: _("%(by)s moved %(phase)s"),
        DecisionKind.OVERRIDE: _("%(by)s overrode a rule for %(person)s on %(seat)s"),
    }[kind]


def term_lines(terms: Mapping[str, int]) -> list[tuple[str, int]]:
    """Points by term in words; terms of nothing are left out, what rounding leaves is a line of its own."""
    return [(_(sentences.TERMS[term]), points) for term, points in terms.items() if points]


def load_words(load: Load, report: PlanReport) -> str:
    """How full a person gets, in their fullest period."""
    said = {"name": load.name, "load": load.load, "capacity": load.capacity}
    if not load.load:
        return _("%(name)s has no work in this plan.", name=load.name)
    when = sentences.stretch(report, load.period_idx, load.period_idx + 1, _say(report))
    return _("%(name)s: at most %(load)s %% of full time, of %(capacity)s %% (%(when)s).", when=when, **said)


def project_choice(row: ProjectRow) -> tuple[str, str]:
    """A project as a choice of a filter."""
    return row.project_id, row.project


def _say(report: PlanReport | None = None) -> Words:
    return Words(str(get_locale() or "en"), report.meta.currency if report is not None else "EUR")
