"""The columns of the board: stages as a company names them. Every stage keeps at least one."""

from __future__ import annotations

from typing import Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.models import Candidate, PipelineColumn, Stage
from planner.schemas.hiring_pipeline import ColumnSaid, PlaceSaid
from planner.services.editing import fill, require_version
from planner.services.listing import Page, Query, paged
from planner.services.refused import Refused


def all_columns(session: Session) -> list[PipelineColumn]:
    """The columns from left to right; in a workspace that has none, one for each stage."""
    rows = list(session.scalars(select(PipelineColumn).order_by(PipelineColumn.position, PipelineColumn.id)))
    return rows or [PipelineColumn(stage=stage, name="", name_fr="", position=n) for n, stage in enumerate(Stage)]


def page_of_columns(session: Session, query: Query) -> Page[PipelineColumn]:
    """The columns from left to right, as the URL asks for them."""
    return paged(
        session,
        select(PipelineColumn),
        query,
        sorts={"position": PipelineColumn.position, "id": PipelineColumn.id},
        default="position",
    )


def load_columns(session: Session) -> None:
    """Adds a column for each stage where there are none yet."""
    if session.scalar(select(PipelineColumn.id).limit(1)) is None:
        session.add_all(all_columns(session))
        session.flush()


class Placed(Protocol):
    """Whatever stands in a column: a candidate, or a card."""

    @property
    def stage(self) -> Stage: ...
    @property
    def column_id(self) -> int | None: ...


def column_of(columns: list[PipelineColumn], candidate: Placed) -> PipelineColumn:
    """The column in which a candidate stands: their own, or the first of their stage."""
    own = next((column for column in columns if column.id == candidate.column_id and column.id is not None), None)
    return own or next(column for column in columns if column.stage is candidate.stage)


def add_column(session: Session, said: ColumnSaid) -> PipelineColumn:
    """Adds a column after the others of its stage."""
    load_columns(session)
    columns = all_columns(session)
    place = max(n for n, column in enumerate(columns) if column.stage is said.stage) + 1
    column = fill(PipelineColumn(), said)
    session.add(column)
    _number([*columns[:place], column, *columns[place:]])
    session.flush()
    return column


def edit_column(session: Session, column: PipelineColumn, said: ColumnSaid, version: int | None) -> PipelineColumn:
    """Edits a column's names. Raises Stale; Refused where its stage would change, since candidates stand in it."""
    require_version(column, version)
    if said.stage is not column.stage:
        raise Refused("column_keeps_its_stage", field="stage")
    fill(column, said)
    session.flush()
    return column


def place_column(session: Session, column: PipelineColumn, said: PlaceSaid, version: int | None) -> PipelineColumn:
    """Moves a column one place to the left or to the right. Raises Stale."""
    require_version(column, version)
    columns = all_columns(session)
    here = columns.index(column)
    there = min(max(here + said.by, 0), len(columns) - 1)
    columns.insert(there, columns.pop(here))
    _number(columns)
    session.flush()
    return column


def require_unused(session: Session, column: PipelineColumn) -> None:
    """Raises Refused where a column cannot go: somebody stands in it, or it is the last one of its stage."""
    like = select(func.count()).select_from(PipelineColumn).where(PipelineColumn.stage == column.stage)
    if session.scalar(like) == 1:
        raise Refused("last_column_of_stage", field="stage")
    if session.scalar(select(Candidate.id).where(Candidate.column_id == column.id).limit(1)) is not None:
        raise Refused("somebody_stands_there", field="stage")


def _number(columns: list[PipelineColumn]) -> None:
    for position, column in enumerate(columns):
        if column.position != position:
            column.position = position
