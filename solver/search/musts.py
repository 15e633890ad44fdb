"""Musts that nobody meets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from solver.eligible import Eligibility
from solver.eligible.holders import Bools
from solver.problem import N_, Phase, Seat, SkillLine
from solver.solution import Reason

UNMET = {
    "nobody_has_skill": N_(
        "Nobody has %(skill)s at %(level)s; the best has %(best)s, %(num_one_short)s are one level short."
    ),
    "style_outside": N_("Nobody's %(style)s is known to be from %(min)s to %(max)s."),
    "tag_missing": N_("Nobody has %(tag)s."),
    "any_of_missing": N_("Nobody has any of %(tags)s."),
    "too_expensive": N_("Nobody costs at most %(max_cost)s; the cheapest costs %(cheapest)s."),
}
NOT_ALL = N_("Nobody meets all musts at once: %(musts)s.")


class Must(NamedTuple):
    """One thing that a seat must have, who meets it, and what to say where nobody does."""

    label: str
    is_met: Bools
    code: str
    params: Mapping[str, object]


def unmet_musts(able: Eligibility, seat: Seat, phase: Phase) -> Iterator[Reason]:
    """The musts that nobody meets; where each is met by somebody, but not all by one, how many meet each."""
    musts = list(_musts(able, seat, phase))
    unmet = [must for must in musts if not must.is_met.any()]
    for must in unmet:
        yield Reason(must.code, UNMET[must.code] % must.params, must.params)
    if not unmet and not len(able.seat_candidates(seat, phase).people):
        num_per_must = {must.label: int(must.is_met.sum()) for must in musts}
        said = ", ".join(f"{label}: {num}" for label, num in num_per_must.items())
        yield Reason("nobody_has_all_musts", NOT_ALL % {"musts": said}, {"num_per_must": num_per_must})


def _musts(able: Eligibility, seat: Seat, phase: Phase) -> Iterator[Must]:
    holders = able.holders
    for skill in seat.skills:
        if skill.must:
            yield _skill(able, skill, phase)
    for style in seat.styles:
        if style.must:
            band = {"style": style.style, "min": style.min, "max": style.max}
            yield Must(style.style, holders.is_in_band(style), "style_outside", band)
    for tag in seat.tags:
        yield Must(tag, holders.has_tag(tag), "tag_missing", {"tag": tag})
    for group in seat.any_of:
        said = ", ".join(group)
        yield Must(said, holders.has_any_tag(group), "any_of_missing", {"group": list(group), "tags": said})
    if seat.max_cost is not None:
        cheapest = int(holders.cost.min()) if holders.num_people else None
        limit = {"max_cost": seat.max_cost, "cheapest": cheapest}
        yield Must("max_cost", holders.cost <= seat.max_cost, "too_expensive", limit)


def _skill(able: Eligibility, line: SkillLine, phase: Phase) -> Must:
    """Where people grow, by the highest levels that they may come to."""
    levels = able.holders.highest(line.skill, phase.latest)
    best = int(levels.max(initial=0))
    short = int(np.count_nonzero(levels == line.level - 1)) if line.level > 1 else 0
    params = {"skill": line.skill, "level": line.level, "best": best, "num_one_short": short}
    return Must(f"{line.skill} {line.level}", levels >= line.level, "nobody_has_skill", params)
