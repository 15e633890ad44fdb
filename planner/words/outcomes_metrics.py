"""Outcomes in words: what a series, an experiment and a criterion say, in sentences that a manager can pass on."""

from __future__ import annotations

from typing import Any

from flask_babel import format_date, ngettext, pgettext
from flask_babel import gettext as _

from planner.formats import label, number
from planner.models import (
    AdoptedCriterion,
    CriterionProposal,
    Experiment,
    ExperimentKind,
    ExperimentState,
    Metric,
    MetricKind,
    MetricPoint,
    MetricSubject,
    ProposalState,
)
from planner.services.outcomes import experiments, metrics, trend
from planner.services.outcomes.criteria import Asked, Line
from planner.services.outcomes.experiments import Compared, Result, Verdict
from planner.services.outcomes.metrics import Series
from planner.services.outcomes.two_groups import Method
from planner.words.staffing import listed

LIKELY = 0.8
TINY = 0.001
MINUS = "−"


def subject_in_words(subject: str) -> str:
    """What a metric counts."""
    return {
        MetricSubject.CLICKS: _("clicks"),
        MetricSubject.OPENS: _("opens"),
        MetricSubject.CONVERSIONS: _("conversions"),
        MetricSubject.SATISFACTION: _("satisfaction"),
        MetricSubject.OWN: _("something else"),
    }[MetricSubject(subject)]


def kind_of_metric(kind: str) -> str:
    """What kind of number a metric gives."""
    return {
        MetricKind.SHARE: _("share of so many"),
        MetricKind.MEAN: _("mean of several"),
        MetricKind.NUMBER: _("one number"),
    }[MetricKind(kind)]


def value_in_words(metric: Metric, value: float | None) -> str:
    """A value of a metric, with its unit; a dash where too few were tried to say one."""
    if value is None:
        return "–"
    if metric.kind is MetricKind.SHARE:
        return percent(value)
    return f"{number(value, 2)}\u00a0{metric.unit}".rstrip("\u00a0")


def counted_in_words(point: MetricPoint) -> str:
    """What a point was counted from."""
    if point.trials is not None:
        return _("%(num)s of %(all)s", num=number(point.successes, 0), all=number(point.trials, 0))
    if point.num is not None:
        return _("%(num)s, spread %(spread)s", num=number(point.num, 0), spread=number(point.spread, 2))
    return ""


def trend_sentence(series: Series) -> str:
    """Which way a series goes, with the interval."""
    found = series.trend
    if found is None:
        num = sum(one.value is not None for one in series.points)
        return ngettext(
            "For a trend %(least)s measurements are needed; there is %(num)s.",
            "For a trend %(least)s measurements are needed; there are %(num)s.",
            num,
            least=trend.LEAST,
        )
    step, low, high = (_step(series.metric, one) for one in (found.per_week, found.low, found.high))
    if not found.is_clear:
        return _("No clear trend: a week changes it by %(low)s to %(high)s.", low=low, high=high)
    if found.per_week > 0:
        return _("It goes up: a week adds %(step)s (between %(low)s and %(high)s).", step=step, low=low, high=high)
    return _("It goes down: a week adds %(step)s (between %(low)s and %(high)s).", step=step, low=low, high=high)


def state_of_experiment(experiment: Experiment) -> tuple[str, str]:
    """Where an experiment stands, and the kind of its chip."""
    if experiment.state is ExperimentState.ENDED:
        return pgettext("experiment", "ended"), "plain"
    return (_("all collected"), "ok") if experiments.is_due(experiment) else (_("running"), "force")


def planned_in_words(experiment: Experiment) -> str:
    """Until when, or until how many, an experiment was meant to run."""
    until = format_date(experiment.ends_on, "medium") if experiment.ends_on else ""
    num = number(experiment.planned_num, 0)
    if until and num:
        return _("until %(day)s and %(num)s in each arm", day=until, num=num)
    return _("until %(day)s", day=until) if until else _("until %(num)s are in each arm", num=num)


def compared_sentence(experiment: Experiment, one: Compared) -> str:
    """What an arm shows beside the control, for whoever decides."""
    control, names = experiment.arms[0], {"arm": one.arm.name, "control": experiment.arms[0].name}
    if one.verdict is Verdict.TOO_FEW:
        return _(
            "“%(arm)s” and “%(control)s” have %(num)s and %(other)s so far: nothing is said of fewer than %(least)s.",
            **names, num=number(one.arm.num, 0), other=number(control.num, 0), least=experiments.LEAST,
        )  # fmt: skip
    if one.difference is None:
        return _("Nothing scatters in “%(arm)s” or in “%(control)s”: check the figures.", **names)
    found = one.difference
    said = {
        **names,
        "difference": difference_in_words(experiment, found.value),
        "low": difference_in_words(experiment, found.low),
        "high": difference_in_words(experiment, found.high),
        "measure": experiment.measure,
    }
    if one.verdict is Verdict.UNCLEAR:
        return _(
            "“%(arm)s” and “%(control)s” cannot be told apart on %(measure)s: the difference may be anything from "
            "%(low)s to %(high)s.",
            **said,
        ) + _power_words(one)
    if one.verdict is Verdict.BETTER:
        return _(
            "“%(arm)s” does better than “%(control)s” on %(measure)s: %(difference)s, at 95 %% confidence between "
            "%(low)s and %(high)s.",
            **said,
        )
    return _(
        "“%(arm)s” does worse than “%(control)s” on %(measure)s: %(difference)s, at 95 %% confidence between "
        "%(low)s and %(high)s.",
        **said,
    )


def difference_in_words(experiment: Experiment, value: float) -> str:
    """A difference with its sign: in percentage points, or in the measure's unit."""
    if experiment.kind is ExperimentKind.SHARE:
        return _("%(num)s points", num=with_sign(100 * value, 2))
    return with_sign(value, 3)


def result_sentence(result: Result) -> str:
    """What an experiment shows as a whole: the arm's own sentence, or how many of several stand out."""
    if len(result.compared) == 1:
        return compared_sentence(result.experiment, result.compared[0])
    control = result.experiment.arms[0].name
    clear = [one.arm.name for one in result.compared if one.verdict in (Verdict.BETTER, Verdict.WORSE)]
    if not clear:
        return _(
            "None of the %(num)s arms can be told apart from “%(control)s” yet.",
            num=len(result.compared), control=control,
        )  # fmt: skip
    return _("Told apart from “%(control)s”: %(arms)s.", control=control, arms=listed(clear))


def verdict_in_words(verdict: str) -> str:
    """What can be said of an arm, in two words."""
    return {
        Verdict.TOO_FEW: _("too few yet"),
        Verdict.NO_SPREAD: _("nothing scatters"),
        Verdict.BETTER: _("better"),
        Verdict.WORSE: _("worse"),
        Verdict.UNCLEAR: _("not told apart"),
    }[Verdict(verdict)]


def method_in_words(method: str) -> str:
    """How a p was found."""
    return {
        Method.FISHER: _("Fisher’s exact test"),
        Method.Z: _("two-proportion z-test"),
        Method.WELCH: _("Welch’s t-test"),
    }[Method(method)]


def p_in_words(p: float) -> str:
    """A probability, never smaller than can be read."""
    return _("below %(least)s", least=number(TINY, 3)) if p < TINY else number(p, 3)


def percent(share: float) -> str:
    """A share in percent."""
    return f"{number(100 * share, 2)}\u00a0%"


def with_sign(value: float, digits: int) -> str:
    """A number with its sign, typeset."""
    text = number(abs(value), digits)
    return text if float(round(value, digits)) == 0 else f"{MINUS if value < 0 else '+'}{text}"


def outcome_name(key: str, name: str) -> str:
    """What an outcome is called: a metric by its name, everything else by where it comes from."""
    named = {"experiment": _("what experiments gained"), "feedback": _("how happy clients and users were")}
    return named.get(key, name)


def criterion_name(line: Line) -> str:
    """What a criterion of the report is called."""
    if line.row is not None:
        kind = _("work style") if line.key.startswith("style:") else _("skill")
        return f"{label(line.row)} ({kind})"
    return {
        "team:size": _("size of the team"),
        "team:together": _("share of pairs who have worked together before"),
        "team:rules": _("share of its rules that the team kept"),
    }[line.key]


def line_sentence(line: Line) -> str:
    """How a criterion goes with the outcome."""
    seen = line.association
    if seen is None:
        return _("too few known, or all alike")
    if not line.is_found:
        return _("may well be chance")
    if seen.rho > 0:
        return _("more of it went with better outcomes")
    return _("less of it went with better outcomes")


def asked_in_words(asked: Asked | CriterionProposal | AdoptedCriterion, row: Any) -> str:
    """What a proposal asks for: “attention to detail ≥ 3.5”."""
    name = label(row)
    if asked.level is not None:
        return _("%(skill)s at level %(level)s or above", skill=name, level=asked.level)
    if asked.max is not None and asked.max < 5:
        return _("%(style)s at most %(most)s", style=name, most=number(asked.max))
    return _("%(style)s at least %(least)s", style=name, least=number(asked.min))


def proposal_sentence(proposal: CriterionProposal) -> str:
    """The whole of a proposal in a sentence."""
    what = asked_in_words(proposal, proposal.style or proposal.skill)
    said = {"what": what, "role": proposal.role_title, "outcome": outcome_name(proposal.outcome_key, proposal.outcome)}
    if proposal.role_title:
        return _("Ask for %(what)s in the role “%(role)s”: it went with “%(outcome)s”.", **said)
    return _("Ask for %(what)s in every role: it went with “%(outcome)s”.", **said)


def evidence_sentence(evidence: dict[str, Any]) -> str:
    """What stands behind a proposal."""
    return _(
        "Over %(num)s teams the rank correlation is %(rho)s (95 %% interval %(low)s to %(high)s); chance alone gives "
        "one of %(criteria)s criteria as strong a one with probability %(p)s.",
        num=evidence["num_teams"],
        rho=with_sign(evidence["rho"], 2),
        low=with_sign(evidence["low"], 2),
        high=with_sign(evidence["high"], 2),
        criteria=evidence["num_criteria"],
        p=p_in_words(evidence["p"]),
    )


def state_of_proposal(state: str) -> tuple[str, str]:
    """What became of a proposal, and the kind of its chip."""
    return {
        ProposalState.OPEN: (_("waits for a decision"), "wait"),
        ProposalState.ACCEPTED: (pgettext("proposal", "accepted"), "ok"),
        ProposalState.DECLINED: (pgettext("proposal", "declined"), "plain"),
    }[ProposalState(state)]


def least_tries() -> int:
    """How many tries it takes to speak of a share."""
    return metrics.LEAST


def _step(metric: Metric, value: float) -> str:
    if metric.kind is MetricKind.SHARE:
        return _("%(num)s points", num=with_sign(100 * value, 2))
    return f"{with_sign(value, 3)}\u00a0{metric.unit}".rstrip("\u00a0")


def _power_words(one: Compared) -> str:
    """Whether there was a chance to find what matters; and how many it takes where there was none."""
    if one.power is None or one.num_needed is None:
        return ""
    if one.power >= LIKELY:
        return " " + _(
            "An effect that matters would have been found with a chance of %(chance)s.", chance=percent(one.power)
        )
    return " " + _(
        "An effect that matters would have been found with a chance of %(chance)s only: it takes %(num)s in each arm.",
        chance=percent(round(one.power, 2)),
        num=number(one.num_needed, 0),
    )
