"""The three kinds of panels: curves of plans, shares of problems that are solved, costs over size."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from math import log10
from statistics import median
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from planner.bench.cases import Case, Point, Run
from planner.bench.goals import AsKnown, Gap, PartOfBest, Proven, cost_by_size
from planner.bench.methods import Method
from planner.bench.session import Outcome

INK, MUTED, GRID = "#1f2430", "#6b7280", "#e9ebf0"
COLOURS = {Method.OURS: "#1f5fd0", Method.MODEL: "#d9791a", Method.GREEDY: "#8a8f9c"}
MOMENTS = 240  # at which curves are looked at
FIRST_S = 0.5
LINE_HEIGHT = 0.085  # of a panel
NEAREST, FARTHEST = 0.0005, 0.6  # what a plan may lose against the bound, as far as the scale shows it
TICKS = (0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001)
Curve = list[float | None]


def draw_curves(axes: Axes, outcome: Outcome) -> None:
    """Each method's plan as a part of the best bound, in the middle and from worst to best, and what it promises."""
    moments = _moments(outcome)
    ends: list[_End] = []
    farthest = NEAREST
    for method, colour in COLOURS.items():
        runs = [(case, case.runs[method]) for case in outcome.cases if method in case.runs]
        if not runs:
            continue
        plans = [_curve(run, moments, partial(_loss_of, case)) for case, run in runs]
        middle, promise = _middle(plans), _middle([_curve(run, moments, _proven_loss) for _, run in runs])
        axes.plot(moments, _shown(middle), color=colour, lw=2, solid_capstyle="round", drawstyle="steps-post", zorder=3)
        axes.plot(moments, _shown(promise), color=colour, lw=1.1, ls=(0, (4, 2.5)), drawstyle="steps-post", zorder=2)
        _shade(axes, moments, plans, colour)
        farthest = max([farthest, *(loss for curve in (middle, promise) for loss in curve if loss is not None)])
        last = middle[-1]
        ends.append(_End(FARTHEST, "no plan", colour) if last is None else _End(last, _end_words(last), colour))
    _loss_scale(axes, min(FARTHEST, farthest * 1.15))
    _asked_line(axes, outcome)
    _seconds_scale(axes, outcome.row.time_limit_s)
    _name_ends(axes, ends)


def _end_words(loss: float) -> str:
    return f"{100 - 100 * loss:.2f} %"


def draw_solved(axes: Axes, outcome: Outcome) -> None:
    """The part of the problems that each method has proven optimal, or planned as well as the best known, by then."""
    moments, goal, ends = _moments(outcome), outcome.row.goal, []
    for method, colour in COLOURS.items():
        runs = [(case, case.runs[method]) for case in outcome.cases if method in case.runs]
        if not runs or (method is Method.GREEDY and isinstance(goal, Proven)):  # it can prove nothing
            continue
        when = sorted(second for case, run in runs if (second := _solved_s(case, run, goal)) is not None)
        share = [100 * bisect_right(when, moment) / len(runs) for moment in moments]
        axes.plot(moments, share, color=colour, lw=2, drawstyle="steps-post", zorder=3, clip_on=False)
        ends.append(_End(share[-1], f"{share[-1]:.0f} %", colour))
    axes.set_ylim(0, 100)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f} %"))
    if isinstance(goal, Proven | AsKnown):
        axes.axhline(goal.percent, color=INK, lw=0.8, ls=":", zorder=1)
    axes.set_ylabel("problems " + ("as good as asked" if isinstance(goal, AsKnown) else "proven optimal"))
    axes.grid(axis="y", color=GRID, lw=0.8)
    axes.set_axisbelow(True)
    _seconds_scale(axes, outcome.row.time_limit_s)
    _name_ends(axes, ends)


def draw_costs(axes: Axes, outcome: Outcome) -> None:
    """Seconds of whole runs over pairs, on logarithmic scales, beside a straight line of power 1."""
    colour = COLOURS[Method.OURS]
    points = [(case.size.pairs, case.ours.wall_s) for case in outcome.cases if case.ours is not None]
    axes.set_xscale("log")
    axes.set_yscale("log")
    pairs, seconds = zip(*points, strict=True)
    axes.scatter(pairs, seconds, s=16, color=colour, alpha=0.45, lw=0, zorder=3)
    costs = cost_by_size(outcome.cases)
    axes.plot([cost.pairs for cost in costs], [cost.seconds for cost in costs], color=colour, lw=2, zorder=3)
    last = costs[-1]
    line = [(cost.pairs, last.seconds * cost.pairs / last.pairs) for cost in costs]
    axes.plot(*zip(*line, strict=True), color=MUTED, lw=1, ls=":", zorder=2)
    axes.annotate(
        "linear", line[max(0, len(line) - 2)], xytext=(5, -8), textcoords="offset points", color=MUTED, fontsize=8
    )
    for cost in costs:
        at = (cost.pairs, cost.seconds)
        axes.annotate(f"{cost.people}", at, xytext=(0, 7), textcoords="offset points", ha="center", fontsize=8)
    axes.set_ylim(0.6 * min(seconds), 2 * max(seconds))
    axes.set_xlabel("pairs of a person and a seat (points: people)")
    axes.set_ylabel("seconds of the whole run")
    axes.yaxis.set_major_locator(FixedLocator([1, 2, 5, 10, 20, 50, 100, 200, 500]))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g} s"))
    axes.grid(color=GRID, lw=0.8)
    axes.set_axisbelow(True)


def _moments(outcome: Outcome) -> list[float]:
    last = max([outcome.row.time_limit_s, FIRST_S * 2])
    step = log10(last / FIRST_S) / (MOMENTS - 1)
    return [FIRST_S * 10 ** (n * step) for n in range(MOMENTS)]


def _loss(objective: int | None, bound: int | None) -> float | None:
    """What an objective loses against a bound, as a part of it."""
    if objective is None or bound is None or bound <= 0:
        return None
    return max(0.0, 1 - objective / bound)


def _loss_of(case: Case, point: Point) -> float | None:
    return _loss(point.objective, case.most)


def _proven_loss(point: Point) -> float | None:
    return _loss(point.objective, point.bound)


def _curve(run: Run, moments: Sequence[float], value: Callable[[Point], float | None]) -> Curve:
    """What is true of the last point that a run had noted at each moment."""
    seconds = [point.seconds for point in run.trace]
    values = [value(point) for point in run.trace]
    before = (bisect_right(seconds, moment) for moment in moments)
    return [values[n - 1] if n else None for n in before]


def _middle(curves: Sequence[Curve]) -> Curve:
    """The median of the curves, where more than half of them have begun."""
    rows = ([loss for loss in at if loss is not None] for at in zip(*curves, strict=True))
    return [median(row) if 2 * len(row) > len(curves) else None for row in rows]


def _shown(curve: Iterable[float | None]) -> list[float]:
    """The curve as the scale shows it: no nearer to the bound than its end, gaps as what is not a number."""
    return [float("nan") if loss is None else max(NEAREST, loss) for loss in curve]


def _shade(axes: Axes, moments: Sequence[float], curves: Sequence[Curve], colour: str) -> None:
    """From the worst to the best curve, where all have begun."""
    if len(curves) < 2:
        return
    rows = list(zip(*curves, strict=True))
    spans = [(min(row), max(row)) if None not in row else (None, None) for row in rows]
    low, high = (_shown(side) for side in zip(*spans, strict=True))
    axes.fill_between(moments, low, high, color=colour, alpha=0.14, lw=0, step="post", zorder=2)


def _loss_scale(axes: Axes, lowest: float) -> None:
    """Percent of the bound, so that each halving of what is lost takes the same room; the bound is at the top."""
    axes.set_yscale("log")
    axes.set_ylim(max(lowest, 4 * NEAREST), NEAREST * 0.9)
    axes.yaxis.set_major_locator(FixedLocator([*TICKS, NEAREST]))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(_percent_of_bound))
    axes.grid(axis="y", color=GRID, lw=0.8)
    axes.set_axisbelow(True)


def _percent_of_bound(loss: float, _: object) -> str:
    return f"≥ {100 - 100 * loss:.4g} %" if loss <= NEAREST else f"{100 - 100 * loss:.4g} %"


def _asked_line(axes: Axes, outcome: Outcome) -> None:
    """What is asked for, as what a plan may lose."""
    goal = outcome.row.goal
    if isinstance(goal, Gap):
        asked = goal.thousandths / (1000 + goal.thousandths)
    elif isinstance(goal, PartOfBest):
        asked = 1 - goal.percent / 100
    else:
        return
    axes.axhline(asked, color=INK, lw=0.8, ls=":", zorder=1)
    axes.annotate("asked", (FIRST_S, asked), xytext=(3, 2), textcoords="offset points", fontsize=7.5, color=INK)


def _seconds_scale(axes: Axes, last: float) -> None:
    axes.set_xscale("log")
    axes.set_xlim(FIRST_S, last)
    axes.xaxis.set_major_locator(FixedLocator([s for s in (1, 2, 5, 10, 20, 60, 120, 300, 600) if s <= last]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g} s"))


class _End(NamedTuple):
    """Where a curve ends, and what stands there."""

    value: float
    words: str
    colour: str


def _name_ends(axes: Axes, ends: Sequence[_End]) -> None:
    """Words beside the ends of curves, from the top down; those that would touch are moved apart."""
    bottom, top = axes.get_ylim()
    inside = [end._replace(value=min(max(end.value, min(bottom, top)), max(bottom, top))) for end in ends]
    heights = [axes.transAxes.inverted().transform(axes.transData.transform((1, end.value)))[1] for end in inside]
    ordered = sorted(zip(heights, inside, strict=True), key=lambda row: -row[0])
    for room, (_, end) in zip(_apart([height for height, _ in ordered]), ordered, strict=True):
        axes.annotate(
            end.words,
            (1, room),
            xytext=(4, 0),
            xycoords="axes fraction",
            textcoords="offset points",
            va="center",
            color=end.colour,
            fontsize=8.5,
            fontweight="bold",
            annotation_clip=False,
        )


def _apart(heights: Sequence[float]) -> list[float]:
    """Heights from the top down, moved so that lines of text fit between them and none is below the panel."""
    down: list[float] = []
    for height in heights:
        down.append(min(height, down[-1] - LINE_HEIGHT) if down else height)
    up: list[float] = []
    for height in reversed(down):
        up.append(max(height, up[-1] + LINE_HEIGHT if up else 0))
    return up[::-1]


def _solved_s(case: Case, run: Run, goal: object) -> float | None:
    """When a run had proven its plan, or had one as good as is asked."""
    if not isinstance(goal, AsKnown):
        return next((p.seconds for p in run.trace if p.objective is not None and p.objective == p.bound), None)
    if case.published is None:
        return None
    least = case.published - goal.more
    return next((p.seconds for p in run.trace if p.objective is not None and p.objective >= least), None)
