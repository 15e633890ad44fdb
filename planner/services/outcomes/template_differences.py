"""What makes one version of a template of another: item by item, field by field, in the fields of a scenario."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import Skill, SubjectKind, TemplateVersion, WorkStyle
from planner.schemas.outcomes_templates import TemplateNeedSaid, TemplateRuleSaid
from planner.services.planning.scenario_documents import Flat, flat

Change = tuple[Any, Any]  # before, after
NEED, RULE = SubjectKind.NEED, SubjectKind.RULE


class ItemState(StrEnum):
    """What became of a role need or a team rule of a template."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True)
class ItemChange:
    """What became of one item; `said` is what it says, or said last."""

    item: str
    state: ItemState
    is_rule: bool
    said: Mapping[str, Any]
    changed: Mapping[str, Change] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What a role need is called."""
        return str(self.said.get("title", ""))


def said_by(version: TemplateVersion) -> dict[str, BaseModel]:
    """What a version says, by item: role needs, then team rules."""
    needs = {one["item"]: TemplateNeedSaid.model_validate(one).said for one in version.needs}
    rules = {one["item"]: TemplateRuleSaid.model_validate(one).said for one in version.rules}
    return {**needs, **rules}


def between(before: TemplateVersion | None, after: TemplateVersion) -> list[ItemChange]:
    """What a version says otherwise than the one before it; of the first all that it says."""
    old, new = said_by(before) if before is not None else {}, said_by(after)
    found = []
    for item in [*new, *(one for one in old if one not in new)]:
        here, there = old.get(item), new.get(item)
        kind = RULE if item.startswith("r") else NEED
        changed = changes(kind, here, there) if here is not None and there is not None else {}
        state = ItemState.ADDED if here is None else ItemState.REMOVED if there is None else ItemState.CHANGED
        if state is not ItemState.CHANGED or changed:
            said = flattened(kind, there or here)
            found.append(ItemChange(item, state, kind is RULE, said, changed))
    return found


def changes(kind: SubjectKind, here: BaseModel, there: BaseModel) -> dict[str, Change]:
    """The fields in which two differ, each with what both say."""
    old, new = flattened(kind, here), flattened(kind, there)
    names = [*old, *(name for name in new if name not in old)]
    return {name: (old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)}


def flattened(kind: SubjectKind, said: BaseModel | None) -> Flat:
    """What was said with one value to each field, a row of a list by what it is about."""
    return flat(kind, said.model_dump(mode="json")) if said is not None else {}


def names_of(
    session: Session, versions: Iterable[TemplateVersion], called: Callable[[Any], str]
) -> dict[str, dict[int, str]]:
    """What the skills and work styles of some versions are called, those that are gone as they were.

    `called` says what one that is there is called, in the language of whoever reads.
    """
    found: dict[str, dict[int, str]] = {"skills": {}, "styles": {}, "people": {}}
    for version in versions:
        for kind, names in version.names.items():
            found[kind] |= {int(ident): name for ident, name in names.items()}
    tables: tuple[tuple[str, Any], ...] = (("skills", Skill), ("styles", WorkStyle))
    for kind, table in tables:
        found[kind] |= {row.id: called(row) for row in session.scalars(select(table).where(table.id.in_(found[kind])))}
    return found
