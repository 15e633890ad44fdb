"""The tables of a report: the same rows for spreadsheets, CSV and PDF."""

from planner.exchange.tables.people import hires_table, weeks_table
from planner.exchange.tables.reasons import reasons_table
from planner.exchange.tables.seats import gaps_table, roles_table, staff_table
from planner.exchange.tables.shape import Cell, Column, ColumnKind, Figure, Ground, Row, Table
from planner.exchange.tables.summary import projects_table, summary_table

__all__ = [
    "Cell",
    "Column",
    "ColumnKind",
    "Figure",
    "Ground",
    "Row",
    "Table",
    "gaps_table",
    "hires_table",
    "projects_table",
    "reasons_table",
    "roles_table",
    "staff_table",
    "summary_table",
    "tables_of",
    "weeks_table",
]

_MAKERS = (
    summary_table,
    projects_table,
    roles_table,
    staff_table,
    weeks_table,
    gaps_table,
    hires_table,
    reasons_table,
)


def tables_of(ground: Ground) -> list[Table]:
    """Every table that the edition shows."""
    return [table for make in _MAKERS if (table := make(ground)) is not None]
