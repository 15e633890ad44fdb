"""What was removed, by whom and when; `services.removal` brings it back."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from planner.models import Removal, User
from planner.services.listing import Page, Query, paged


def page_of_removals(session: Session, query: Query) -> Page[Removal]:
    """The removals, the newest first, without what they keep."""
    return paged(
        session,
        select(Removal).options(defer(Removal.rows)),
        query,
        sorts={"title": Removal.title, "newest": -Removal.id},
        default="newest",
        search=(Removal.title,),
        filters={
            "state": lambda statement, value: statement.where(
                Removal.restored_at.is_(None) if value == "gone" else Removal.restored_at.is_not(None)
            )
        },
    )


def removers(session: Session, removals: Sequence[Removal]) -> dict[int, str]:
    """The names of those who removed, by their id."""
    ids = {removal.removed_by_id for removal in removals if removal.removed_by_id is not None}
    rows = session.execute(select(User.id, User.name).where(User.id.in_(ids)))
    return {ident: name for ident, name in rows}  # noqa: C416 -- rows are no pairs to a type checker
