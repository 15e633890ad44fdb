"""A plan as `staffing-plan/1`, the open contract, with what says which plan it is beside it.

The members' edition has the same shape and holds no scores: objective and bound are null, and there are no reasons.
"""

from __future__ import annotations

import json
from typing import Any

from planner.exchange.exports import Written
from planner.exchange.tables import Ground
from planner.translate.report import GapRow, PlanReport

MEDIA_TYPE = "application/json"
SCHEMA = "staffing-plan/1"


def write(ground: Ground) -> Written:
    """The document of a report."""
    return Written(json.dumps(document(ground), ensure_ascii=False, indent=1).encode() + b"\n", MEDIA_TYPE, "json")


def document(ground: Ground) -> dict[str, Any]:
    """`staffing-plan/1`; a phase whose start is fixed is left out, as the contract allows."""
    report = ground.report
    return {
        "schema": SCHEMA,
        "plan": ground.record,
        "problem": report.problem,
        "status": report.status,
        "objective": report.objective,
        "bound": report.bound,
        "seconds": round(report.seconds, 3),
        "phases": [
            {"phase": row.phase_id, "start": row.start_idx}
            for row in report.teams
            if row.is_movable and row.is_scheduled
        ],
        "assignments": [{"seat": row.seat_id, "person": row.person_id} for row in report.seats if row.is_filled],
        "hires": sorted(row.person_id for row in report.hires),
        "unfilled": [_unfilled(gap) for gap in report.gaps] if _has_plan(report) else [],
        "conflict": [
            _said(demand, ("demand", "text", "seat", "person", "phase", "project")) for demand in report.conflict
        ],
        "trace": [_said(point, ("seconds", "objective", "bound", "filled", "source")) for point in report.trace],
    }


def _has_plan(report: PlanReport) -> bool:
    """Whether there is a plan at all; where there is none, its seats are not gaps."""
    return report.status in ("optimal", "feasible")


def _unfilled(gap: GapRow) -> dict[str, Any]:
    return {
        "seat": gap.seat.seat_id,
        "reasons": [reason.text for reason in gap.reasons],
        "reason_codes": [{"code": reason.code, "params": dict(reason.params)} for reason in gap.reasons],
    }


def _said(row: object, keys: tuple[str, ...]) -> dict[str, Any]:
    """The fields of a row that say something, for rows in which nothing may be null; a trace says null too."""
    values = {key: getattr(row, key) for key in keys}
    return {key: value for key, value in values.items() if value is not None or key in ("objective", "bound")}
