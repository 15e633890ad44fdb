"""Tables ↔ solver: the one place that speaks both languages."""

from planner.translate.report import PlanMeta, PlanReport, report

__all__ = ["PlanMeta", "PlanReport", "report"]
