"""The bench as a picture: a panel for each row, plans and proofs over time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from planner.bench.goals import AsKnown, Linear, Proven
from planner.bench.panels import COLOURS, INK, MUTED, draw_costs, draw_curves, draw_solved
from planner.bench.session import Outcome
from planner.bench.standing import Mark, standing_of

COLUMNS = 3
PANEL_INCHES = (4.3, 3.1)
LEAST_INCHES = 9.2  # of width: what the heading takes
MARKS = {Mark.REACHED: "✓ reached", Mark.MISSED: "not reached", Mark.FAILED: "failed", Mark.UNSAID: ""}
STYLE: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 8.5,
    "text.color": INK,
    "axes.edgecolor": "#c8ccd4",
    "axes.labelcolor": MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": MUTED,
    "ytick.labelcolor": MUTED,
}


def draw(outcomes: Sequence[Outcome], path: Path) -> None:
    """Writes the picture as PNG; rows without data have no panel."""
    shown = [outcome for outcome in outcomes if any(case.runs for case in outcome.cases)]
    columns = min(COLUMNS, max(1, len(shown)))
    num_lines = max(1, -(-len(shown) // columns))
    with mpl.rc_context(STYLE):
        size = (max(LEAST_INCHES, PANEL_INCHES[0] * columns), PANEL_INCHES[1] * num_lines + 0.8)
        layout = ConstrainedLayoutEngine(rect=(0, 0, 1, 1 - 0.62 / size[1]), w_pad=0.12, h_pad=0.12)
        figure = Figure(figsize=size, layout=layout, facecolor="white")
        grid = figure.subplots(num_lines, columns, squeeze=False)
        for outcome, axes in zip(shown, grid.flat, strict=False):
            _panel(axes, outcome)
        for axes in grid.flat[len(shown) :]:
            axes.set_axis_off()
        _heading(figure, size[1])
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, dpi=130)


def _panel(axes: Axes, outcome: Outcome) -> None:
    _drawer_of(outcome)(axes, outcome)
    standing = standing_of(outcome)
    num = len(outcome.cases)
    axes.set_title(outcome.row.what, loc="left", fontsize=10, fontweight="bold", pad=17, color=INK)
    said = f"{outcome.row.goal.asked} · {num} problem{'s' if num != 1 else ''}"
    axes.annotate(
        said, (0, 1), xytext=(0, 5), xycoords="axes fraction", textcoords="offset points", color=MUTED, fontsize=8
    )
    colour = {Mark.REACHED: "#1a7f4b", Mark.FAILED: "#b3261e"}.get(standing.mark, MUTED)
    axes.set_title(MARKS.get(standing.mark, ""), loc="right", fontsize=8.5, color=colour, pad=17)


def _drawer_of(outcome: Outcome) -> Callable[[Axes, Outcome], None]:
    if isinstance(outcome.row.goal, Linear):
        return draw_costs
    return draw_solved if isinstance(outcome.row.goal, Proven | AsKnown) else draw_curves


def _heading(figure: Figure, height: float) -> None:
    """What the colours and strokes mean, above everything."""
    top, left = 1 - 0.2 / height, 0.012
    figure.text(left, top, "Plans and proofs over time", fontsize=13, fontweight="bold", va="center", color=INK)
    width = figure.get_figwidth()
    at = left
    for method, colour in COLOURS.items():
        figure.text(at, top - 0.27 / height, "●", color=colour, fontsize=11, va="center")
        figure.text(at + 0.16 / width, top - 0.27 / height, method.label, va="center", fontsize=9)
        at += (0.45 + 0.075 * len(method.label)) / width
    strokes = "—  plan, as % of the best bound or best known plan      - -  what it could promise by its own bound"
    figure.text(at + 0.1 / width, top - 0.27 / height, strokes, va="center", fontsize=9, color=MUTED)
