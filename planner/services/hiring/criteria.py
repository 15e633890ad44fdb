"""Criteria of a requisition: kept by keys, so that they stay readable, and shown with the rows that they name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import Candidate, Person, Requisition, RoleNeed, Skill, WorkStyle
from planner.schemas.hiring_requisitions import CriteriaSaid
from planner.services.refused import Refused

ORDER = ("skill", "style", "tag", "any_of")
Row = dict[str, Any]
Named = TypeVar("Named", Skill, WorkStyle)


@dataclass(frozen=True)
class Criterion:
    """One line of what a requisition asks for: a skill, a band of a work style, or tags."""

    kind: str  # skill, style, tag, any_of
    row: Skill | WorkStyle | None
    name: str
    is_must: bool
    weight: int
    level: int = 0
    min: float = 1.0
    max: float = 5.0
    reason: str = ""
    tags: tuple[str, ...] = ()


def criteria_of(need: RoleNeed) -> list[Row]:
    """What a role need asks for, as a requisition keeps it: by keys, so that it stays readable."""
    skills = [
        {"skill": line.skill.key, "level": line.level, "must": line.is_must, "weight": line.weight}
        for line in need.skills
    ]
    styles = [
        {
            "style": line.style.key, "min": line.min, "max": line.max, "must": line.is_must, "weight": line.weight,
            "reason": line.reason,
        }
        for line in need.styles
    ]  # fmt: skip
    tags: list[Row] = [{"tag": tag, "must": True} for tag in need.tags]
    return [*skills, *styles, *tags, *({"any_of": group, "must": True} for group in need.any_of)]


def criteria_shown(session: Session, requisition: Requisition) -> list[Criterion]:
    """The criteria of a requisition with the skills and work styles that they name; musts first."""
    return criteria_by_requisition(session, [requisition])[requisition.id]


def criteria_by_requisition(session: Session, requisitions: Sequence[Requisition]) -> dict[int, list[Criterion]]:
    """The criteria of several requisitions, by the requisition's id; two queries for all."""
    return read_criteria(session, {requisition.id: requisition.criteria for requisition in requisitions})


def read_criteria(session: Session, kept: Mapping[int, Sequence[Row]]) -> dict[int, list[Criterion]]:
    """Criteria as they are kept, with the rows that they name; several lists by whatever number they have."""
    rows = [row for some in kept.values() for row in some]
    known: dict[str, Mapping[str, Any]] = {
        "skill": rows_by_key(session, Skill, rows, "skill"),
        "style": rows_by_key(session, WorkStyle, rows, "style"),
    }
    return {
        number: sorted(
            (_criterion(row, known) for row in some), key=lambda line: (ORDER.index(line.kind), not line.is_must)
        )
        for number, some in kept.items()
    }


def rows_by_key(session: Session, table: type[Named], rows: Iterable[Row], kind: str) -> dict[str, Named]:
    """The skills, or the work styles, that some criteria name, by their key."""
    keys = {row[kind] for row in rows if kind in row}
    return {row.key: row for row in session.scalars(select(table).where(table.key.in_(keys)))}


def criteria_said(session: Session, said: CriteriaSaid) -> list[Row]:
    """Criteria as they were said, as a requisition keeps them. Raises Refused where a row is not there any more."""
    skills = _keys(session, Skill, [line.skill_id for line in said.skills], "skills", "skill_id")
    styles = _keys(session, WorkStyle, [line.style_id for line in said.styles], "styles", "style_id")
    return [
        *(
            {"skill": key, "level": line.level, "must": line.is_must, "weight": line.weight}
            for key, line in zip(skills, said.skills, strict=True)
        ),
        *(
            {
                "style": key, "min": line.min, "max": line.max, "must": line.is_must, "weight": line.weight,
                "reason": line.reason,
            }
            for key, line in zip(styles, said.styles, strict=True)
        ),
        *({"tag": tag, "must": True} for tag in said.tags),
        *({"any_of": group, "must": True} for group in said.any_of),
    ]  # fmt: skip


def as_said(session: Session, rows: Sequence[Row]) -> dict[str, Any]:
    """Criteria as they are kept, as they can be said again; what names a row that is gone is left out."""
    (shown,) = read_criteria(session, {0: rows}).values()
    return {
        "skills": [
            {"skill_id": line.row.id, "level": line.level, "is_must": line.is_must, "weight": line.weight}
            for line in shown
            if line.kind == "skill" and line.row is not None
        ],
        "styles": [
            {
                "style_id": line.row.id, "min": line.min, "max": line.max, "is_must": line.is_must,
                "weight": line.weight, "reason": line.reason,
            }
            for line in shown
            if line.kind == "style" and line.row is not None
        ],
        "tags": [line.tags[0] for line in shown if line.kind == "tag"],
        "any_of": [list(line.tags) for line in shown if line.kind == "any_of"],
    }  # fmt: skip


def coverage_by_candidate(
    session: Session, candidates: Sequence[Candidate]
) -> dict[int, list[tuple[Criterion, int, str]]]:
    """How far each of some candidates meets the skills of the requisition that they are for."""
    wanted = {one.requisition.id: one.requisition for one in candidates if one.requisition is not None}
    criteria = criteria_by_requisition(session, list(wanted.values()))
    return {one.id: coverage_of(one.person, criteria.get(one.requisition_id or 0, [])) for one in candidates}


def coverage_of(person: Person, criteria: Sequence[Criterion]) -> list[tuple[Criterion, int, str]]:
    """How far a person meets each skill that is asked for: (criterion, percent, full, part or missing)."""
    levels = {held.skill_id: held.level for held in person.skills}
    out = []
    for line in criteria:
        if line.kind == "skill":
            have = levels.get(line.row.id, 0) if line.row is not None else 0
            pct = min(100, 100 * have // max(1, line.level))
            out.append((line, pct, "full" if pct == 100 else "part" if pct else "missing"))
    return out


def _keys(session: Session, table: type[Named], ids: list[int], rows: str, field: str) -> list[str]:
    """The keys of some rows. Raises Refused at the line whose row is not there."""
    found = dict(session.execute(select(table.id, table.key).where(table.id.in_(ids))).all())
    for line, ident in enumerate(ids):
        if ident not in found:
            raise Refused("choice_is_not_there", field=f"{rows}.{line}.{field}")
    return [found[ident] for ident in ids]


def _criterion(row: Row, known: Mapping[str, Mapping[str, Any]]) -> Criterion:
    is_must, weight = bool(row.get("must", True)), int(row.get("weight", 1))
    if "skill" in row:
        skill = known["skill"].get(row["skill"])
        return Criterion("skill", skill, row["skill"], is_must, weight, level=int(row["level"]))
    if "style" in row:
        style = known["style"].get(row["style"])
        low, high = float(row.get("min", 1.0)), float(row.get("max", 5.0))
        return Criterion("style", style, row["style"], is_must, weight, min=low, max=high, reason=row.get("reason", ""))
    tags = tuple(row["any_of"]) if "any_of" in row else (row["tag"],)
    return Criterion("any_of" if "any_of" in row else "tag", None, "", is_must, weight, tags=tags)
