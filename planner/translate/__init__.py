"""Tables ↔ solver: the one place that speaks both languages.

`to_problem` and `workspace_problem` make a question of rows, `load_rows` makes rows of a question, `report` makes of a
question and its answer all that pages and exports show.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from planner.translate.report import PlanMeta, PlanReport, report

if TYPE_CHECKING:
    from planner.translate.horizon import Horizon, Window, horizon_of
    from planner.translate.loading import Counts, load_rows
    from planner.translate.money import Untranslatable
    from planner.translate.people import Calendars
    from planner.translate.problem import to_problem, workspace_problem
    from planner.translate.request import PlanRequest, limits_of, weights_of

__all__ = [
    "Calendars", "Counts", "Horizon", "PlanMeta", "PlanReport", "PlanRequest", "Untranslatable", "Window", "horizon_of",
    "limits_of", "load_rows", "report", "to_problem", "weights_of", "workspace_problem",
]  # fmt: skip

_PLACES = {
    "Calendars": "people",
    "Counts": "loading",
    "Horizon": "horizon",
    "PlanRequest": "request",
    "Untranslatable": "money",
    "Window": "horizon",
    "horizon_of": "horizon",
    "limits_of": "request",
    "load_rows": "loading",
    "to_problem": "problem",
    "weights_of": "request",
    "workspace_problem": "problem",
}


def __getattr__(name: str) -> object:
    """What reads or makes rows is loaded when it is first asked for: `planner export` starts without the tables."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
