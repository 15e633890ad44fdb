"""The words of what work took: efforts in full-time periods, ratios, and what is left out of a template."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from planner.models import CriterionProposal, Idea, PeriodKind, TemplateVersion
from planner.words.outcomes_metrics import asked_in_words, outcome_name
from planner.words.staffing import effort_in_words

BECAUSE_LONGEST, REASON_LONGEST = 200, 1000

if TYPE_CHECKING:
    from planner.services.outcomes.estimates import Correction, Report
    from planner.services.outcomes.ratios import Ratio
    from planner.services.outcomes.template_using import Gone


def full_time_in_words(periods: float, period: PeriodKind) -> str:
    """So many full-time periods: "12.4 person-weeks"."""
    return effort_in_words(round(periods * 100), period)


def ratio_in_words(ratio: Ratio) -> str:
    """A ratio with its interval: "1.24 (1.09 to 1.41)"; the ratio alone where too few cases say more."""
    middle = times(ratio.middle)
    if ratio.low is None or ratio.high is None:
        return middle
    return _("%(middle)s (%(low)s to %(high)s)", middle=middle, low=times(ratio.low), high=times(ratio.high))


def times(ratio: float) -> str:
    """A ratio with two digits behind the point."""
    return str(format_decimal(ratio, format="0.00"))


def correction_in_words(found: Correction, period: PeriodKind) -> str:
    """What finished work says of a role need, from how many cases, and what it may take."""
    said = {
        "num": found.num,
        "planned": full_time_in_words(found.planned_periods, period),
        "took": format_decimal(round(found.expected_periods, 1)),
        "low": format_decimal(round(found.low_periods, 1)),
        "high": format_decimal(round(found.high_periods, 1)),
    }
    if found.is_of_kind:
        sentence = _(
            "%(num)s role needs like it, in projects of this kind, are finished: what was planned as %(planned)s took "
            "%(took)s (%(low)s to %(high)s).",
            **said,
        )
    else:
        sentence = _(
            "%(num)s role needs like it, in projects of any kind, are finished: what was planned as %(planned)s took "
            "%(took)s (%(low)s to %(high)s).",
            **said,
        )
    return f"{sentence} {_advice(found)}"


def report_in_words(found: Report, period: PeriodKind) -> str:
    """What the estimates come to, in a sentence."""
    if found.overall is None:
        return _("No role need is finished yet: once some are, this says how far plans were right.")
    num = ngettext("%(num)s finished role need", "%(num)s finished role needs", found.overall.num)
    said = {
        "num": num,
        "planned": full_time_in_words(found.planned_periods, period),
        "took": full_time_in_words(found.actual_periods, period),
        "ratio": ratio_in_words(found.overall),
    }
    return _("For %(num)s plans said %(planned)s, and they took %(took)s: mostly %(ratio)s times as much.", **said)


def because_of(of: Idea | CriterionProposal) -> str:
    """What led to a version, in words that stay when the idea or the proposal goes."""
    if isinstance(of, Idea):
        return _("Idea %(number)s: %(title)s", number=of.id, title=of.title)[:BECAUSE_LONGEST]
    what = asked_in_words(of, of.style or of.skill)
    return _("Proposal %(number)s: %(what)s", number=of.id, what=what)[:BECAUSE_LONGEST]


def address_of(version: TemplateVersion) -> str:
    """The page of ours on which a version stands with its reason."""
    anchor = f"version-{version.number}"
    return url_for("outcomes_templates.template_history", template_id=version.template_id, _anchor=anchor)


def why_of_idea(idea: Idea) -> str:
    """Why a template changes by an idea: what it wants, and why somebody said yes."""
    said = {"title": idea.title, "name": idea.state_by, "reason": idea.state_reason}
    return _("%(title)s. %(name)s said yes: %(reason)s", **said)[:REASON_LONGEST]


def why_of_proposal(proposal: CriterionProposal) -> str:
    """Why a role need asks for what outcomes suggest."""
    return _("Outcomes suggest it: “%(outcome)s”", outcome=outcome_name(proposal.outcome_key, proposal.outcome))


def gone_in_words(gone: Iterable[Gone]) -> list[str]:
    """What a template asks for and that is left out, a sentence each."""
    words = {
        "skill_is_gone": _("%(title)s: the skill %(name)s is not in the catalogue any more, and is left out."),
        "style_is_gone": _("%(title)s: the work style %(name)s is not used here any more, and is left out."),
        "rule_is_gone": _("A team rule on %(name)s is left out: it is not used here any more."),
        "level_is_lowered": _("%(title)s: %(name)s goes down to the highest level that there is here."),
    }
    return [words[one.code] % {"title": one.title, "name": one.name} for one in gone]


def _advice(found: Correction) -> str:
    said = {"wanted": found.wanted_pct, "now": found.fte_pct}
    if not found.ratio.is_clear:
        return _("Plans were about right.")
    if found.suggested_fte_pct is not None:
        return _("Take %(wanted)s %% instead of %(now)s %%?", **said)
    if found.wanted_pct > 100:
        return _("That is more than one seat can give: take another seat, or more time.")
    return _("At %(now)s %% it is planned as it should be.", **said)
