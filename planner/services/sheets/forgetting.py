"""Erasing somebody from sheets on their way in, and from what undoing an import would bring back."""

from __future__ import annotations

import json

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, undefer

from planner.models import ImportDraft, Person, fold
from planner.services.sheets.findings import unpacked


def forget_person(session: Session, person: Person) -> None:
    """Removes every draft and every before-image that names a person by name, address or key: none can be mended."""
    wanted = [fold(text) for text in (person.name, person.email) if text]
    every = select(ImportDraft).options(
        undefer(ImportDraft.cells), undefer(ImportDraft.findings), undefer(ImportDraft.images)
    )
    gone = [draft.id for draft in session.scalars(every) if _holds(draft, wanted, person)]
    session.execute(delete(ImportDraft).where(ImportDraft.id.in_(gone)))
    session.flush()


def _holds(draft: ImportDraft, wanted: list[str], person: Person) -> bool:
    for data in (draft.cells, draft.findings, draft.images):
        if data is None:
            continue
        text = fold(json.dumps(unpacked(data), ensure_ascii=False, default=str))
        if any(json.dumps(one, ensure_ascii=False)[1:-1] in text for one in wanted):
            return True
        if f'["person", {person.id},' in text:
            return True
    return False
