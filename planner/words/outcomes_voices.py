"""Objectives, feedback and ideas in words: how somebody felt, how far a thing has come, whether that is enough."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from planner.formats import day, number
from planner.forms.outcomes_words import (
    FEEDBACK_STATE_WORDS,
    IDEA_STATE_WORDS,
    LANE_WORDS,
    OBJECTIVE_STATE_WORDS,
    OUTCOME_WORDS,
    SENTIMENT_WORDS,
    SOURCE_WORDS,
)
from planner.models import (
    FeedbackSource,
    FeedbackState,
    IdeaState,
    MeasureKind,
    Metric,
    MetricKind,
    ObjectiveSource,
    ObjectiveState,
    OutcomeKind,
)
from planner.schemas.outcomes_ideas import Lane
from planner.services.outcomes import metrics
from planner.services.outcomes.progress import Progress, Standing, Trend, expected_share

if TYPE_CHECKING:
    from planner.models import Feedback, Objective

STANDING_CHIPS = {  # how a standing is shown: its word, and the kind of its chip
    Standing.LATE: (lazy_gettext("late"), "bad"),
    Standing.BEHIND: (lazy_gettext("behind"), "wait"),
    Standing.READING_DUE: (lazy_gettext("reading due"), "wait"),
    Standing.NOT_READ: (lazy_gettext("never read"), "wait"),
    Standing.ON_TRACK: (lazy_gettext("on track"), "ok"),
    Standing.NOT_BEGUN: (lazy_gettext("not begun"), "plain"),
    Standing.MET: (lazy_gettext("target met"), "ok"),
}
STATE_CHIPS = {ObjectiveState.REACHED: "ok", ObjectiveState.MISSED: "bad", ObjectiveState.DROPPED: "plain"}
WHOLE_FROM = 10  # counts and percents from here on are shown without a digit behind the point
FILTERS = (
    "sentiment_in_words", "source_of_feedback", "feedback_state", "idea_state", "lane_in_words", "objective_state",
    "outcome_kind", "measured_in_words", "objective_source_in_words", "progress_sentence", "standing_chip",
    "trend_in_words", "about_in_words", "mean_in_words",
)  # fmt: skip


def sentiment_in_words(sentiment: int) -> str:
    """How somebody felt, as a person has chosen it."""
    return str(dict(SENTIMENT_WORDS)[sentiment])


def source_of_feedback(source: FeedbackSource) -> str:
    """How feedback came to us."""
    return str(dict(SOURCE_WORDS)[source])


def feedback_state(state: FeedbackState) -> str:
    """What became of feedback."""
    return str(dict(FEEDBACK_STATE_WORDS)[state])


def idea_state(state: IdeaState) -> str:
    """How far an idea has come."""
    return str(dict(IDEA_STATE_WORDS)[state])


def lane_in_words(lane: Lane) -> str:
    """A column of the board."""
    return str(dict(LANE_WORDS)[lane])


def objective_state(state: ObjectiveState) -> str:
    """What became of an objective."""
    return str(dict(OBJECTIVE_STATE_WORDS)[state])


def outcome_kind(kind: OutcomeKind) -> str:
    """What an idea has changed."""
    return str(dict(OUTCOME_WORDS)[kind])


def mean_in_words(mean: float, num: int) -> str:
    """A mean sentiment, with how many it is from."""
    words = number(mean)
    return ngettext("mean %(mean)s of 5 (%(num)s answer)", "mean %(mean)s of 5 (%(num)s answers)", num, mean=words)


def measured_in_words(value: float, objective: Objective) -> str:
    """A value of an objective, with its unit."""
    unit = "%" if objective.measure_kind is MeasureKind.PERCENT else objective.unit
    digits = 2 if objective.measure_kind is MeasureKind.NUMBER else 1 if abs(value) < WHOLE_FROM else 0
    return f"{number(value, digits)}\u00a0{unit}" if unit else number(value, digits)


def progress_sentence(progress: Progress, objective: Objective) -> str:
    """Whether an objective is on track, and why: what was read, what was expected by now, what is to be reached."""
    said: dict[str, Any] = {
        "read": measured_in_words(progress.value, objective) if progress.value is not None else "",
        "on": day(progress.read_on),
        "expected": measured_in_words(progress.expected, objective),
        "target": measured_in_words(objective.target_value, objective),
        "by": day(objective.by_on),
    }
    if progress.standing is Standing.READING_DUE and progress.read_on is not None:
        then = objective.from_value + expected_share(objective, progress.read_on) * (
            objective.target_value - objective.from_value
        )
        said["then"] = measured_in_words(then, objective)
    if objective.source is not ObjectiveSource.READINGS and (progress.value is None or "then" in said):
        return _not_measured(progress, objective, said)
    if progress.standing is Standing.CLOSED:
        return _closed(progress, objective, said)
    words: dict[Standing, Callable[[], str]] = {
        Standing.LATE: lambda: _late(said),
        Standing.BEHIND: lambda: _(
            "Read %(read)s on %(on)s; %(expected)s were expected by now, on the way to %(target)s by %(by)s: behind.",
            **said,
        ),
        Standing.READING_DUE: lambda: _(
            "Read %(read)s on %(on)s, when %(then)s were expected; by now it is %(expected)s: enter a new reading.",
            **said,
        ),
        Standing.NOT_READ: lambda: _(
            "Nobody has entered a reading yet; %(expected)s were expected by now, on the way to %(target)s by %(by)s.",
            **said,
        ),
        Standing.ON_TRACK: lambda: _(
            "Read %(read)s on %(on)s; %(expected)s were expected by now, on the way to %(target)s by %(by)s: on track.",
            **said,
        ),
        Standing.NOT_BEGUN: lambda: _("It begins later, and is to reach %(target)s by %(by)s.", **said),
        Standing.MET: lambda: _("Read %(read)s on %(on)s: the target of %(target)s by %(by)s is met.", **said),
    }
    return words[progress.standing]()


def objective_source_in_words(objective: Objective) -> str:
    """Where the readings of an objective come from, in a sentence."""
    if objective.source is ObjectiveSource.READINGS:
        return _("Somebody enters its readings.")
    source = objective.measured_from
    if source is None:
        return _("What it was measured from was removed: edit where its readings come from.")
    if source.board is not None:
        if objective.measure_kind is MeasureKind.PERCENT:
            return _("Counted: which share of the tasks on the board %(name)s is done.", name=source.board.name)
        return _("Counted: how many tasks on the board %(name)s are done.", name=source.board.name)
    metric = cast("Metric", source.metric)
    words: dict[MetricKind, Callable[[], str]] = {
        MetricKind.SHARE: lambda: _(
            "Read from the metric %(name)s: its share on each day with %(least)s tries or more.",
            name=metric.name,
            least=metrics.LEAST,
        ),
        MetricKind.MEAN: lambda: _("Read from the metric %(name)s: its mean on each day.", name=metric.name),
        MetricKind.NUMBER: lambda: _("Read from the metric %(name)s: its value on each day.", name=metric.name),
    }
    return words[metric.kind]()


def _not_measured(progress: Progress, objective: Objective, said: dict[str, Any]) -> str:
    """The sentence where nobody enters readings, and there are none, or none that is new enough."""
    words: dict[Standing, Callable[[], str]] = {
        Standing.CLOSED: lambda: _(
            "Closed as %(state)s; nothing was measured.", state=objective_state(objective.state)
        ),
        Standing.LATE: lambda: _("%(target)s were to be reached by %(by)s, and nothing was measured.", **said),
        Standing.READING_DUE: lambda: _(
            "Measured %(read)s on %(on)s, when %(then)s were expected; by now it is %(expected)s: measure anew.", **said
        ),
        Standing.NOT_READ: lambda: _(
            "Nothing was measured yet; %(expected)s were expected by now, on the way to %(target)s by %(by)s.", **said
        ),
        Standing.NOT_BEGUN: lambda: _("It begins later, and is to reach %(target)s by %(by)s.", **said),
    }
    return words[progress.standing]()


def _late(said: dict[str, Any]) -> str:
    if not said["read"]:
        return _("%(target)s were to be reached by %(by)s, and nobody has entered a reading.", **said)
    return _("Read %(read)s on %(on)s; %(target)s were to be reached by %(by)s: late.", **said)


def _closed(progress: Progress, objective: Objective, said: dict[str, Any]) -> str:
    said["state"] = objective_state(objective.state)
    if progress.value is None:
        return _("Closed as %(state)s; nobody had entered a reading.", **said)
    return _("Closed as %(state)s, with %(read)s read on %(on)s and %(target)s as the target.", **said)


def standing_chip(progress: Progress, objective: Objective) -> tuple[str, str]:
    """A standing as a chip: its word and its kind."""
    if progress.standing is Standing.CLOSED:
        return objective_state(objective.state), STATE_CHIPS[objective.state]
    word, kind = STANDING_CHIPS[progress.standing]
    return str(word), kind


def trend_in_words(trend: Trend) -> str:
    """Which way the last two readings point, with an arrow."""
    return {
        Trend.BETTER: _("↗ better than before"),
        Trend.SAME: _("→ as before"),
        Trend.WORSE: _("↘ worse than before"),
        Trend.NOT_KNOWN: _("no trend yet"),
    }[trend]


def about_in_words(feedback: Feedback) -> str:
    """The place in the work that feedback is about: project, phase, seat; nothing where it is about us in general."""
    parts = [feedback.project.name] if feedback.project is not None else []
    if feedback.phase is not None:
        parts.append(feedback.phase.name)
    if feedback.seat is not None:
        parts.append(feedback.seat.need.title)
    return " · ".join(parts) or _("in general")
