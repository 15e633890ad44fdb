"""The words of versions and of what lies between two of them: who replaces whom, on which seat, when, for how much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from flask import Flask
from flask_babel import format_decimal, format_timedelta, get_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from planner.formats import money_units
from planner.models import (
    AgreementState,
    NeedStep,
    NeedStepKind,
    PlanStep,
    PlanVersion,
    StepKind,
    VersionKind,
    Workspace,
)
from planner.services.planning import reading
from planner.services.planning.differences import Difference, PhaseMove, SeatChange
from planner.services.planning.replanning import Break
from planner.translate import PlanReport, horizon_of
from planner.words.planning_plans import span_words, violation_sentence

MINUS = "−"


class DifferenceWords:
    """A difference in the reader's language. `names` are those of projects and phases, by key.

    `starts_at` is the moment at which the later plan begins, `step` the length of its periods.
    """

    def __init__(self, names: Mapping[str, str], starts_at: datetime, step: timedelta, period: str) -> None:
        self._names, self._starts_at, self._step, self._period = names, starts_at, step, period

    def name(self, key: str) -> str:
        """The name of a project or a phase."""
        return self._names.get(key, key)

    def when(self, change: SeatChange) -> str:
        """From when to when a seat is."""
        if change.from_idx is None or change.to_idx is None:
            return _("not scheduled")
        return self.span(change.from_idx, change.to_idx)

    def span(self, from_idx: int, to_idx: int) -> str:
        """A stretch of the later plan's periods."""
        start, end = (self._starts_at + idx * self._step for idx in (from_idx, to_idx))
        return span_words(SimpleNamespace(start=start, end=end), self._period)

    def seat(self, change: SeatChange) -> str:
        """One seat in a sentence: “Ann replaces Ben on SEO lead, weeks 12–20, −€3,400”."""
        words = self.seat_without_cost(change)
        return f"{words}, {signed_money(change.cost_change)}" if change.cost_change else words

    def seat_without_cost(self, change: SeatChange) -> str:
        """The same for those whom the money does not concern."""
        said = {
            "after": change.after_name,
            "before": change.before_name,
            "seat": change.title,
            "when": self.when(change),
        }
        if not change.changes_hands:
            return _agreed_words(change) % said
        sentence = _("%(after)s replaces %(before)s on %(seat)s, %(when)s")
        if change.before is None:
            sentence = _("%(after)s takes %(seat)s, %(when)s")
        elif change.after is None:
            sentence = _("%(before)s leaves %(seat)s, %(when)s")
        return sentence % said

    def phase(self, move: PhaseMove) -> str:
        """One phase in a sentence."""
        said = {"phase": self.name(move.phase), "project": self.name(move.project)}
        if move.after is None:
            return _("%(phase)s of %(project)s is not scheduled any more") % said
        to = self.span(move.after, move.after + 1)
        if move.before is None:
            return _("%(phase)s of %(project)s starts in %(to)s") % {**said, "to": to}
        sentence = _("%(phase)s of %(project)s moves from %(from)s to %(to)s")
        return sentence % {**said, "from": self.span(move.before, move.before + 1), "to": to}

    def sentences(self, found: Difference) -> list[str]:
        """All of it, the seats first."""
        return [*map(self.seat, found.seats), *map(self.phase, found.phases)]

    def told(self, found: Difference) -> dict[str, Any]:
        """All of it as the API says it, each row with its sentence."""
        return {
            "words": self.sentences(found),
            "seats": [{**asdict(one), "words": self.seat(one)} for one in found.seats],
            "phases": [{**asdict(one), "words": self.phase(one)} for one in found.phases],
        }

    def titles(self) -> list[str]:
        """The heads of the columns of `rows`."""
        return [
            _("id"), _("Project"), _("Phase"), _("Seat"), _("When"), _("Before"), _("After"), _("Cost"), _("Points"),
            _("In words"),
        ]  # fmt: skip

    def rows(self, found: Difference) -> Iterator[list[str | int | None]]:
        """A row for each seat and phase, and a last one of what all comes to."""
        for one in found.seats:
            yield [
                one.seat, self.name(one.project), self.name(one.phase), one.title, self.when(one), one.before_name,
                one.after_name, one.cost_change, one.points_change, self.seat(one),
            ]  # fmt: skip
        for move in found.phases:
            before, after = (self.span(idx, idx + 1) if idx is not None else "" for idx in (move.before, move.after))
            names = [self.name(move.project), self.name(move.phase)]
            yield [move.phase, *names, "", "", before, after, None, None, self.phase(move)]
        yield ["", "", "", "", "", "", "", found.cost_change, found.points_change, headline(found)]


def difference_words(session: Session, after: PlanVersion, before: PlanVersion) -> DifferenceWords:
    """How to say what lies between two versions: with the names that their plans know, the later one's before all."""
    language = "fr" if str(get_locale() or "en").startswith("fr") else "en"
    names: dict[str, str] = {}
    for version in (before, after):
        for team in reading.report_of(session, version.plan, language=language).teams:
            names.update({team.phase_id: team.phase, team.project_id: team.project})
    workspace = session.get_one(Workspace, 1)
    starts_at = workspace.moment_of(horizon_of(workspace, after.plan.starts_on).first_idx)
    return DifferenceWords(names, starts_at, workspace.step, str(workspace.period))


def _agreed_words(change: SeatChange) -> str:
    if change.after_booking == "hard":
        return _("%(after)s is agreed on %(seat)s, %(when)s")
    return _("%(after)s is no longer agreed on %(seat)s, %(when)s")


def headline(found: Difference) -> str:
    """A difference in one line, with its numbers."""
    if found.is_empty:
        return _("Nothing differs: the same people hold the same seats at the same time.")
    return "; ".join(_headline_parts(found)) + "."


def _headline_parts(found: Difference) -> Iterator[str]:
    hands = found.num_changed_hands
    yield ngettext("%(num)s seat changes hands", "%(num)s seats change hands", hands)
    if len(found.seats) > hands:
        firm = len(found.seats) - hands
        yield ngettext("%(num)s is agreed on otherwise", "%(num)s are agreed on otherwise", firm)
    if found.phases:
        yield ngettext("%(num)s phase moves", "%(num)s phases move", len(found.phases))
    if found.filled_change:
        yield _("%(num)s seats filled", num=signed(found.filled_change))
    if found.hires_change:
        yield _("%(num)s hires", num=signed(found.hires_change))
    if found.cost_change:
        yield _("%(money)s of cost", money=signed_money(found.cost_change))
    yield _("%(num)s points", num=signed(found.points_change))


def signed(number: int) -> str:
    """A whole number with its sign."""
    return f"{_sign(number)}{format_decimal(abs(number))}"


def signed_money(units: int) -> str:
    """Whole units of money with their sign."""
    return f"{_sign(units)}{money_units(abs(units))}"


def _sign(number: int) -> str:
    return "+" if number > 0 else MINUS if number < 0 else ""


def version_words(kind: VersionKind) -> str:
    """What made a version."""
    return {
        VersionKind.EXISTING: _("as it stood when versions began"),
        VersionKind.ANSWER: _("the solver’s answer"),
        VersionKind.FILE: _("brought in from a file"),
        VersionKind.BY_HAND: _("changed by hand"),
        VersionKind.AGREED: _("seats agreed on"),
        VersionKind.RELEASED: _("a seat released"),
        VersionKind.MERGED: _("merged"),
        VersionKind.RESTORED: _("restored"),
    }[kind]


def step_words(step: PlanStep) -> str:
    """What somebody did on the way to an agreement."""
    sentence = {
        StepKind.PROPOSED: _("%(by)s proposed version %(version)s"),
        StepKind.CHANGES_ASKED: _("%(by)s asked for changes to version %(version)s"),
        StepKind.APPROVED: _("%(by)s approved version %(version)s"),
        StepKind.WITHDRAWN: _("%(by)s took back the proposal of version %(version)s"),
        StepKind.PUT_IN_FORCE: _("%(by)s put version %(version)s in force"),
    }[step.kind]
    return sentence % {"by": step.by_name, "version": step.version_number}


def agreement_words(state: AgreementState) -> str:
    """How far people have come with a plan, in a word."""
    return {
        AgreementState.DRAFT: _("draft"),
        AgreementState.PROPOSED: _("under review"),
        AgreementState.CHANGES_ASKED: _("changes asked for"),
        AgreementState.APPROVED: _("approved"),
    }[state]


def init_app(app: Flask) -> None:
    """Gives pages the words of versions."""
    app.jinja_env.filters.update(
        version_words=version_words,
        step_words=step_words,
        agreement_words=agreement_words,
        signed=signed,
        signed_money=signed_money,
        difference_headline=headline,
        need_step_words=need_step_words,
        waited_words=waited_words,
    )


def need_step_words(step: NeedStep) -> str:
    """What one side said about a role need."""
    sentence = {
        NeedStepKind.ASKED: _("%(by)s asked operations"),
        NeedStepKind.ACCEPTED: _("%(by)s accepted"),
        NeedStepKind.DECLINED: _("%(by)s declined"),
        NeedStepKind.COUNTERED: _("%(by)s offered something else"),
        NeedStepKind.COUNTER_ACCEPTED: _("%(by)s took the offer"),
        NeedStepKind.INSISTED: _("%(by)s insisted"),
        NeedStepKind.WITHDRAWN: _("%(by)s withdrew"),
    }[step.kind]
    return sentence % {"by": step.by_name}


def waited_words(seconds: int) -> str:
    """How long somebody took."""
    return str(format_timedelta(seconds, granularity="minute"))


class BreakWords:
    """Why people cannot stay on their seats, in the reader's language, with the names of a plan's report."""

    def __init__(self, report: PlanReport) -> None:
        self._report = report
        self._seats = {seat.seat_id: f"{seat.title or seat.seat_id}, {seat.project}" for seat in report.seats}

    def seats(self, found: Break) -> list[str]:
        """The seats that it is about."""
        return [self._seats.get(seat, seat) for seat in found.seats]

    def why(self, found: Break) -> str:
        """Why in a sentence."""
        if found.is_seat_gone:
            return _("%(seat)s is not asked for any more.", seat=", ".join(self.seats(found)))
        if found.violation is None:
            return _("%(person)s cannot be planned with any more.", person=found.person_name)
        return violation_sentence(found.violation, self._report)
