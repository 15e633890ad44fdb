"""Tables ↔ solver: the one place that speaks both languages.

`to_problem` and `workspace_problem` make a question of rows, `load_rows` makes rows of a question, `report` makes of a
question and its answer all that pages and exports show.
"""

from planner.translate.horizon import Horizon, Window, horizon_of
from planner.translate.loading import Counts, load_rows
from planner.translate.money import Untranslatable
from planner.translate.people import Calendars
from planner.translate.problem import to_problem, workspace_problem
from planner.translate.report import PlanMeta, PlanReport, report
from planner.translate.request import PlanRequest, limits_of, weights_of

__all__ = [
    "Calendars", "Counts", "Horizon", "PlanMeta", "PlanReport", "PlanRequest", "Untranslatable", "Window", "horizon_of",
    "limits_of", "load_rows", "report", "to_problem", "weights_of", "workspace_problem",
]  # fmt: skip
