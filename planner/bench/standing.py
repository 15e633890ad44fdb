"""How a row stands: reached, missed, failed, or not to be said."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from planner.bench.goals import Verdict, behind, late
from planner.bench.session import Outcome

MOST_TOLD = 3


class Mark(StrEnum):
    REACHED = "yes"
    MISSED = "no"
    FAILED = "failed"
    UNSAID = "not judged"
    NO_DATA = "no data"


class Standing(NamedTuple):
    """A mark and, where it is not plainly reached, why."""

    mark: Mark
    why: str
    verdict: Verdict

    def __str__(self) -> str:
        return f"{self.mark}: {self.why}" if self.why else str(self.mark)


def standing_of(outcome: Outcome) -> Standing:
    """What a row has come to; a row with a fault has failed, whatever else it reached."""
    nothing = Verdict("", "")
    if not outcome.cases:
        return Standing(Mark.NO_DATA, "", nothing)
    if outcome.faults:
        return Standing(Mark.FAILED, _told(outcome.faults), nothing)
    left_out = [method.label for method in outcome.row.methods if method not in outcome.methods]
    if any(case.ours is None for case in outcome.cases):
        return Standing(Mark.UNSAID, f"without {_told(left_out)}", nothing)
    verdict = outcome.row.goal.judge(outcome.cases)
    misses = [*verdict.misses, *_planless(outcome), *behind(outcome.cases), *late(outcome.cases)]
    if left_out:
        return Standing(Mark.UNSAID, f"without {_told(left_out)}", verdict)
    if not outcome.row.is_as_asked:
        return Standing(Mark.UNSAID, f"in {outcome.row.time_limit_s:g} s", verdict)
    if misses:
        return Standing(Mark.MISSED, _told(misses), verdict)
    return Standing(Mark.REACHED, "", verdict)


def _planless(outcome: Outcome) -> list[str]:
    return [f"no plan of {case.instance.name}" for case in outcome.cases if case.ours and case.ours.objective is None]


def _told(words: list[str]) -> str:
    """The first few, and how many more there are."""
    more = len(words) - MOST_TOLD
    return "; ".join(words[:MOST_TOLD]) + (f"; and {more} more" if more > 0 else "")
