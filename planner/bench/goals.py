"""What is to be reached on a row, and whether it was."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from statistics import linear_regression, median
from typing import NamedTuple, Protocol

from planner.bench.cases import Case, Run
from planner.bench.methods import Method
from solver.solution import percent_up

GB = 10**9
UNPROVEN = Fraction(10**9)  # larger than any gap


class Verdict(NamedTuple):
    """What a row came to: in the middle, at worst, and what was missed."""

    measured: str
    worst: str
    misses: tuple[str, ...] = ()


class Goal(Protocol):
    """Something to be reached on all cases of a row."""

    @property
    def asked(self) -> str:
        """In a few words."""
        ...

    def judge(self, cases: Sequence[Case]) -> Verdict:
        """Whether it was, on at least one case; our run of each has been judged right."""
        ...


@dataclass(frozen=True, slots=True)
class Proven:
    """So many percent of the cases are proven optimal."""

    percent: int

    @property
    def asked(self) -> str:
        return f"proven optimal on {self.percent} %"

    def judge(self, cases: Sequence[Case]) -> Verdict:
        runs = _ours(cases)
        proven = [run for run in runs if run.is_optimal]
        measured = f"{len(proven)} of {len(runs)}"
        if proven:
            measured += f", median {seconds(median(run.wall_s for run in proven))}"
        left = [(case, run) for case in cases if (run := case.ours) is not None and not run.is_optimal]
        worst = ", ".join(f"{case.instance.name}: {gap(run.gap)}" for case, run in left[:3])
        return Verdict(
            measured,
            worst or seconds(max(run.wall_s for run in runs)),
            _missed(100 * len(proven) >= self.percent * len(runs), f"{len(proven)} of {len(runs)} proven"),
        )


@dataclass(frozen=True, slots=True)
class Gap:
    """The median gap is so many thousandths at most; where said, so far above the greedy list, in so much memory."""

    thousandths: int
    percent_of_greedy: int | None = None
    most_gb: int | None = None

    @property
    def asked(self) -> str:
        words = [f"gap ≤ {self.thousandths / 10:.1f} %"]
        if self.percent_of_greedy is not None:
            words.append(f"≥ {self.percent_of_greedy / 100:.2f} × greedy")
        if self.most_gb is not None:
            words.append(f"peak ≤ {self.most_gb} GB")
        return ", ".join(words)

    def judge(self, cases: Sequence[Case]) -> Verdict:
        gaps = _gaps(cases)
        middle = median(gaps)
        measured, worst = [gap(middle)], [gap(max(gaps))]
        misses = list(_missed(1000 * middle <= self.thousandths, f"gap {gap(middle)}"))
        if self.percent_of_greedy is not None and (times := [*_times_greedy(cases)]):
            measured.append(f"{float(median(times)):.3f} × greedy")
            worst.append(f"{float(min(times)):.3f} × greedy")
            misses += _missed(100 * median(times) >= self.percent_of_greedy, f"{float(median(times)):.3f} × greedy")
        if self.most_gb is not None:
            peaks = [run.peak_bytes for run in _ours(cases)]
            measured.append(memory(median(peaks)))
            worst.append(memory(max(peaks)))
            misses += _missed(max(peaks) <= self.most_gb * GB, f"peak {memory(max(peaks))}")
        return Verdict(", ".join(measured), ", ".join(worst), tuple(misses))


@dataclass(frozen=True, slots=True)
class AsKnown:
    """The figure is no more than `more` worse than the best known, on so many percent of the cases."""

    more: int
    percent: int

    @property
    def asked(self) -> str:
        worse = f"at most the best known + {self.more}" if self.more else "no worse than the best known"
        return worse if self.percent == 100 else f"{worse}, on {self.percent} %"

    def judge(self, cases: Sequence[Case]) -> Verdict:
        known = [case for case in cases if case.instance.known is not None]
        by_case = {case.instance.name: self._worse(case) for case in known}
        good = sum(worse <= self.more for worse in by_case.values())
        better = sum(worse < 0 for worse in by_case.values())
        undone = sum(math.isinf(worse) for worse in by_case.values())
        measured = f"{good} of {len(known)}, {better} better"
        worst = [name for name in sorted(by_case, key=lambda name: -by_case[name]) if by_case[name] > 0][:3]
        return Verdict(
            measured,
            ", ".join(f"{name}: {_signed(by_case[name])}" for name in worst) or "as known",
            (
                *_missed(100 * good >= self.percent * len(known) > 0, f"{good} of {len(known)}"),
                *_missed(not undone, f"{undone} left something undone"),
            ),
        )

    @staticmethod
    def _worse(case: Case) -> float:
        """By how much our figure, of which less is better, is above the best known."""
        run, known = case.ours, case.instance.known
        return math.inf if run is None or known is None or run.figure is None else run.figure - known.best


@dataclass(frozen=True, slots=True)
class PartOfBest:
    """The figure is so many percent of the best known at least."""

    percent: int

    @property
    def asked(self) -> str:
        return f"≥ {self.percent} % of the best in the round"

    def judge(self, cases: Sequence[Case]) -> Verdict:
        parts = [
            Fraction(case.ours.figure or 0, case.instance.known.best)
            for case in cases
            if case.instance.known is not None and case.ours is not None
        ]
        if not parts:
            return Verdict("no best known", "", ("no best known",))
        least = min(parts)
        return Verdict(
            ", ".join(f"{case.ours.figure or 0:,}".replace(",", " ") for case in cases if case.ours is not None),
            percent(least),
            _missed(100 * least >= self.percent, percent(least)),
        )


@dataclass(frozen=True, slots=True)
class Linear:
    """Seconds grow with pairs to a power of so many hundredths at most; each size ends proven `within` a gap."""

    hundredths: int
    within: Fraction

    @property
    def asked(self) -> str:
        return f"seconds ∼ pairs to the power ≤ {self.hundredths / 100:.1f}"

    def judge(self, cases: Sequence[Case]) -> Verdict:
        points = cost_by_size(cases)
        late = [case.instance.name for case in cases if not self._is_done(case.ours)]
        misses = list(_missed(not late, f"not within {gap(self.within)}: {', '.join(late)}"))
        if len(points) < 2:
            return Verdict("one size only", "", tuple(misses))
        logs = [(math.log(point.pairs), math.log(point.seconds)) for point in points]
        power = linear_regression(*zip(*logs, strict=True)).slope
        steps = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(logs)]
        steepest = max(range(len(steps)), key=steps.__getitem__)
        between = f"{points[steepest].people} and {points[steepest + 1].people} people"
        misses += _missed(100 * power <= self.hundredths, f"power {power:.2f}")
        return Verdict(f"power {power:.2f}", f"{steps[steepest]:.2f} between {between}", tuple(misses))

    def _is_done(self, run: Run | None) -> bool:
        return run is not None and run.gap is not None and run.gap <= self.within


@dataclass(frozen=True, slots=True)
class Ahead:
    """Nothing but what holds for every row: no plan is behind those of others."""

    @property
    def asked(self) -> str:
        return "no other ahead"

    def judge(self, cases: Sequence[Case]) -> Verdict:
        gaps = _gaps(cases)
        return Verdict(gap(median(gaps)), gap(max(gaps)))


class Cost(NamedTuple):
    """What problems of one size take, in the middle."""

    people: int
    pairs: float
    seconds: float
    peak_bytes: float
    read_s: float
    prepare_s: float
    prepare_bytes: float


def cost_by_size(cases: Sequence[Case]) -> list[Cost]:
    """The median cost of each size, by rising number of pairs."""
    sizes: dict[int, list[tuple[Case, Run]]] = {}
    for case in cases:
        if case.ours is not None:
            sizes.setdefault(case.size.people, []).append((case, case.ours))
    costs = [
        Cost(
            people,
            median(case.size.pairs for case, _ in rows),
            median(run.wall_s for _, run in rows),
            median(run.peak_bytes for _, run in rows),
            median(case.size.read_s for case, _ in rows),
            median(case.size.prepare_s for case, _ in rows),
            median(case.size.peak_bytes for case, _ in rows),
        )
        for people, rows in sizes.items()
    ]
    return sorted(costs, key=lambda cost: cost.pairs)


def behind(cases: Iterable[Case]) -> list[str]:
    """Where another method's plan is worth more than ours."""
    return [
        f"behind {run.method.label} on {case.instance.name}"
        for case in cases
        if (ours := case.ours) is not None and ours.objective is not None
        for run in case.runs.values()
        if run.objective is not None and run.objective > ours.objective
    ]


def late(cases: Iterable[Case]) -> list[str]:
    """Where we took longer than we may."""
    return [f"{seconds(case.ours.wall_s)} on {case.instance.name}" for case in cases if case.ours and case.ours.is_late]


def percent(part: Fraction | None) -> str:
    return "–" if part is None else f"{float(100 * part):.2f} %"


def gap(part: Fraction | None) -> str:
    """A gap in hundredths of a percent, rounded up, so that it is never less than it was."""
    return "–" if part is None or part == UNPROVEN else f"{percent_up(part):.2f} %"


def seconds(value: float) -> str:
    return f"{value:.1f} s"


def memory(value: float) -> str:
    return f"{value / GB:.2f} GB" if value >= GB else f"{value / 10**6:.0f} MB"


def _ours(cases: Iterable[Case]) -> list[Run]:
    return [case.ours for case in cases if case.ours is not None]


def _gaps(cases: Iterable[Case]) -> list[Fraction]:
    return [run.gap if run.gap is not None else UNPROVEN for run in _ours(cases)]


def _times_greedy(cases: Iterable[Case]) -> Iterable[Fraction]:
    for case in cases:
        ours, greedy = case.ours, case.runs.get(Method.GREEDY)
        if ours is not None and ours.objective is not None and greedy is not None and greedy.objective:
            yield Fraction(ours.objective, greedy.objective)


def _missed(is_reached: bool, words: str) -> tuple[str, ...]:
    return () if is_reached else (words,)


def _signed(worse: float) -> str:
    return "not all done" if math.isinf(worse) else f"{worse:+.0f}"
