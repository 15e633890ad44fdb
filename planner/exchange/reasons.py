"""Why a seat is open, in words: the solver's codes and figures as sentences with names in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, Protocol

from planner.exchange import sentences
from planner.exchange.words import N_, Words
from planner.translate.report import PlanReport, SeatRow

Params = Mapping[str, Any]
Phrase = Callable[[Words, Params], str]


def _nobody_has_skill(say: Words, params: Params) -> str:
    if not params["best"]:
        return say.gettext("Nobody has %(skill)s.", **params)
    nobody = say.gettext("Nobody has %(skill)s at level %(level)s; the best has %(best)s.", **params)
    if not params["num_one_short"]:
        return nobody
    short = say.ngettext(
        "One person is one level short.", "%(num)s people are one level short.", params["num_one_short"]
    )
    return f"{nobody} {short}"


def _all_busy(say: Words, params: Params) -> str:
    return say.ngettext(
        "One person could, and is busy: %(busy)s.", "%(num)s people could, and are busy: %(busy)s.", **params
    )


def _not_available(say: Words, params: Params) -> str:
    return say.ngettext(
        "One person could, and has no time in %(when)s.",
        "%(num)s people could, and have no time in %(when)s.",
        **params,
    )


def _banned(say: Words, params: Params) -> str:
    return say.ngettext(
        "One person could, and was ruled out by somebody.",
        "%(num)s people could, and were ruled out by somebody.",
        **params,
    )


def _no_mentor(say: Words, params: Params) -> str:
    return say.ngettext(
        "One person is one level short of %(skill)s %(level)s, and no teammate could guide them.",
        "%(num)s people are one level short of %(skill)s %(level)s, and no teammate could guide them.",
        **params,
    )


def _not_learnt(say: Words, params: Params) -> str:
    return say.ngettext(
        "One person could learn it, but has not learnt %(skill)s up to %(level)s by then.",
        "%(num)s people could learn it, but have not learnt %(skill)s up to %(level)s by then.",
        **params,
    )


def _growth_blocks(say: Words, params: Params) -> str:
    return say.ngettext(
        "What the one person who could would learn breaks a rule of a team later.",
        "What any of the %(num)s people who could would learn breaks a rule of a team later.",
        **params,
    )


def _rule_blocks(say: Words, params: Params) -> str:
    return say.ngettext(
        "With the one person who could, the team would break a rule: %(rule)s.",
        "With any of the %(num)s people who could, the team would break a rule: %(rule)s.",
        **params,
    )


def _hire_limit(say: Words, params: Params) -> str:
    return say.ngettext(
        "It would take more than the one hire that is allowed.",
        "It would take more than the %(num)s hires that are allowed.",
        params["max_hires"],
    )


def _plain(sentence: str) -> Phrase:
    return lambda say, params: say.gettext(sentence, **params)


PHRASES: dict[str, Phrase] = {
    "nobody_has_skill": _nobody_has_skill,
    "nobody_has_all_musts": _plain(N_("Nobody has all must-haves at once (%(musts)s).")),
    "style_outside": _plain(N_("Nobody is known to have %(style)s from %(min)s to %(max)s.")),
    "tag_missing": _plain(N_("Nobody has %(tag)s.")),
    "any_of_missing": _plain(N_("Nobody has any of %(tags)s.")),
    "too_expensive": _plain(N_("Nobody costs %(max_cost)s or less; the cheapest costs %(cheapest)s.")),
    "all_busy": _all_busy,
    "not_available": _not_available,
    "banned": _banned,
    "no_mentor": _no_mentor,
    "not_learnt": _not_learnt,
    "growth_blocks": _growth_blocks,
    "rule_blocks": _rule_blocks,
    "all_or_nothing": _plain(N_("%(project)s is all or nothing, and stays empty.")),
    "phase_not_scheduled": _plain(N_("%(phase)s is not scheduled.")),
    "phase_order": _plain(N_("%(phase)s has to wait for %(other)s.")),
    "project_budget": _plain(N_("It would exceed the project’s budget of %(budget)s.")),
    "plan_budget": _plain(N_("It would exceed the plan’s budget of %(budget)s.")),
    "hire_limit": _hire_limit,
    "hire_budget": _plain(N_("It would exceed the budget for hires of %(hire_budget)s.")),
    "not_worth": _plain(N_("Filling it would cost the plan %(lost)s points.")),
    "search_stopped": _plain(N_("It could be filled for %(gained)s points; the search ended before it was.")),
}
OTHER = N_("other")
LABELS = {
    "nobody_has_skill": N_("nobody"),
    "nobody_has_all_musts": N_("nobody"),
    "style_outside": N_("nobody"),
    "tag_missing": N_("nobody"),
    "any_of_missing": N_("nobody"),
    "too_expensive": N_("cost ceiling"),
    "all_busy": N_("busy"),
    "not_available": N_("no time"),
    "banned": N_("ruled out"),
    "no_mentor": N_("no mentor"),
    "not_learnt": N_("not learnt yet"),
    "growth_blocks": N_("team rule"),
    "rule_blocks": N_("team rule"),
    "all_or_nothing": N_("all or nothing"),
    "phase_not_scheduled": N_("not scheduled"),
    "phase_order": N_("order of phases"),
    "project_budget": N_("over budget"),
    "plan_budget": N_("over budget"),
    "hire_limit": N_("limit on hires"),
    "hire_budget": N_("budget for hires"),
    "not_worth": N_("not worth it"),
    "search_stopped": N_("search ended"),
}
_MONEY = ("budget", "hire_budget", "max_cost", "cheapest", "cost")


class GapReason(Protocol):
    """Why a seat is open: a code, its figures, and the same in English."""

    @property
    def code(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def params(self) -> Mapping[str, object]: ...


class Reasons:
    """Says the reasons of one report's gaps in one language."""

    def __init__(self, report: PlanReport, say: Words) -> None:
        self.report, self.say = report, say

    def of(self, row: SeatRow) -> str:
        """All reasons of an open seat, what weighs most first."""
        return " ".join(self.sentences(row.reasons))

    def sentences(self, reasons: Iterable[GapReason]) -> list[str]:
        return [self.sentence(reason) for reason in reasons]

    def label(self, reason: GapReason) -> str:
        """A reason in a word or two."""
        return self.say.gettext(LABELS.get(reason.code, OTHER))

    def sentence(self, reason: GapReason) -> str:
        """One reason; another tool's, or one without the figures that its sentence needs, in its own words."""
        phrase = PHRASES.get(reason.code)
        if phrase is None:
            return reason.text
        try:
            return phrase(self.say, self._params(reason.params))
        except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError):
            return reason.text

    def violation(self, sentence: str, params: Params) -> str:
        """A rule that is broken, in its own sentence."""
        said = {key: self._value(key, value) for key, value in params.items()}
        if "period" in params:
            said["period"] = sentences.stretch(self.report, params["period"], params["period"] + 1, self.say)
        return self.say.gettext(sentence, **said)

    def name(self, kind: str, key: str | None) -> str:
        """What a person, project, phase, skill or style is called; its key where nobody knows, nothing without one."""
        return self._names.get((kind, key), key) if key else ""

    def _params(self, params: Params) -> dict[str, object]:
        """The figures of a reason as they are read: names for keys, money as money, periods by their names."""
        said: dict[str, object] = {key: self._value(key, value) for key, value in params.items()}
        if "from" in params:
            said["when"] = sentences.stretch(self.report, params["from"], params["to"], self.say)
        if "people" in params:
            said["busy"] = self._busy(params["people"], params["num"])
        if "rule_index" in params:
            said["rule"] = self._rules[params["phase"]][params["rule_index"]]
        if "num_per_must" in params:
            said["musts"] = ", ".join(f"{self._must(must)}: {num}" for must, num in params["num_per_must"].items())
        if "group" in params:
            said["tags"] = ", ".join(sentences.tag(tag, self.say) for tag in params["group"])
        if "points" in params:
            said["lost"] = self.say.number(-params["points"])
            said["gained"] = self.say.number(params["points"])
        return said

    def _value(self, key: str, value: Any) -> object:
        if key in _MONEY and value is not None:
            return self.say.money(value)
        if key == "tag":
            return sentences.tag(value, self.say)
        if isinstance(value, float):
            return self.say.number(value)
        return self._names.get((key, value), value) if isinstance(value, str) else value

    def _busy(self, people: list[dict[str, Any]], num: int) -> str:
        """Who is busy, when and on what; “…” where there are more."""
        said = [
            f"{self.name('person', who['person'])} "
            f"({sentences.stretch(self.report, who['from'], who['to'], self.say)}, "
            f"{self.name('project', who['project'])})"
            for who in people
        ]
        return ", ".join(said) + (", …" if num > len(said) else "")

    def _must(self, must: str) -> str:
        """A must by the name that its reader knows; the solver says `skill level`, a style, a tag or `max_cost`."""
        if must == "max_cost":
            return self.say.gettext("cost")
        skill, _, level = must.rpartition(" ")
        labels = self.report.meta.labels
        if skill in labels.skills:
            return f"{labels.skills[skill]} {level}"
        return labels.styles.get(must) or sentences.tag(must, self.say)

    @cached_property
    def _names(self) -> dict[tuple[str, str], str]:
        labels = self.report.meta.labels
        return {
            **{("person", row.person_id): row.name for row in self.report.people},
            **{("project", row.project_id): row.project for row in self.report.projects},
            **{("phase", row.phase_id): row.phase for row in self.report.teams},
            **{("other", row.phase_id): row.phase for row in self.report.teams},
            **{("skill", key): name for key, name in labels.skills.items()},
            **{("style", key): name for key, name in labels.styles.items()},
        }

    @cached_property
    def _rules(self) -> dict[str, list[str]]:
        """For each phase, its team rules in words."""
        return {row.phase_id: [sentences.team_rule(rule, self.say) for rule in row.rules] for row in self.report.teams}
