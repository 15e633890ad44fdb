"""What clients have said of a project, a team, a seat, a skill or a work style: how often, the newest, the mean.

A mean of few is a name in disguise: it is silent below five.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import Feedback, Phase, Project, Seat, Skill, WorkStyle
from planner.services.outcomes.feedback import project_ids_of_client, with_places
from planner.services.outcomes.guarding import guarded

NEWEST = 3
COLUMNS = {
    Project: (Feedback.project_id, "project"),
    Phase: (Feedback.phase_id, "phase"),
    Seat: (Feedback.seat_id, "seat"),
    Skill: (Feedback.skill_id, "skill"),
    WorkStyle: (Feedback.style_id, "style"),
}


@dataclass(frozen=True)
class SaidOf:
    """What was said of something: how many said it, the newest, and the mean where enough have."""

    num: int = 0
    newest: Sequence[Feedback] = ()
    mean: float | None = None
    filter: str = ""
    id: int = 0


def said_of(session: Session, row: Any) -> SaidOf:
    """What clients have said of a row; of a project also what they said of its teams and seats."""
    column, name = COLUMNS[type(row)]
    found = session.scalars(_newest_first().where(column == row.id)).all()
    return summed(found, name, row.id)


def said_of_phases(session: Session, project: Project) -> dict[int, SaidOf]:
    """What clients have said of each team of a project."""
    mine = _newest_first().where(Feedback.project_id == project.id, Feedback.phase_id.is_not(None))
    return _grouped(session.scalars(mine), "phase_id", "phase")


def said_of_key(session: Session, kind: str, key: str) -> SaidOf:
    """What clients have said of the seat, or of the team of the phase, with a key; nothing where it is gone."""
    table: type[Any] = {"seat": Seat, "phase": Phase}[kind]
    row = session.scalars(select(table).where(table.key == key)).one_or_none()
    return said_of(session, row) if row is not None else SaidOf()


def said_of_criteria(session: Session, project: Project) -> dict[tuple[str, int], SaidOf]:
    """For each skill and work style what this client has said of it, in this project or in another one of theirs."""
    theirs = _newest_first().where(Feedback.project_id.in_(project_ids_of_client(session, project)))
    rows = session.scalars(theirs.where(Feedback.skill_id.is_not(None) | Feedback.style_id.is_not(None))).all()
    skills, styles = (_grouped(rows, f"{name}_id", name) for name in ("skill", "style"))
    return {("skill", ident): one for ident, one in skills.items()} | {("style", i): one for i, one in styles.items()}


def summed(found: Sequence[Feedback], name: str, ident: int) -> SaidOf:
    """The sum of some feedback, the newest first."""
    return SaidOf(len(found), found[:NEWEST], guarded([one.sentiment for one in found]), name, ident)


def _grouped(found: Iterable[Feedback], column: str, name: str) -> dict[int, SaidOf]:
    groups: dict[int, list[Feedback]] = defaultdict(list)
    for one in found:
        if getattr(one, column) is not None:
            groups[getattr(one, column)].append(one)
    return {ident: summed(some, name, ident) for ident, some in groups.items()}


def _newest_first() -> Any:
    return with_places(select(Feedback)).order_by(Feedback.said_on.desc(), Feedback.id.desc())
