"""Work styles: edit, list. A style that is off is offered nowhere; what was rated before stays with its people."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.models import NeedStyle, PersonStyle, TeamRule, WorkStyle, folded
from planner.schemas.staffing_styles import StyleSaid
from planner.services.editing import fill, require_version
from planner.services.listing import Page, Query, paged


def edit_style(session: Session, style: WorkStyle, said: StyleSaid, version: int | None) -> WorkStyle:
    """Edits a work style's words and whether it is used. Raises Stale."""
    require_version(style, version)
    fill(style, said)
    session.flush()
    return style


def page_of_styles(session: Session, query: Query) -> Page[WorkStyle]:
    """The work styles, as the URL asks for them."""
    return paged(
        session,
        select(WorkStyle),
        query,
        sorts={"name": folded(WorkStyle.name), "element": WorkStyle.element_id, "id": WorkStyle.id},
        default="id",
        search=(WorkStyle.name, WorkStyle.name_fr, WorkStyle.meaning, WorkStyle.meaning_fr),
        filters={"state": lambda found, value: found.where(WorkStyle.is_on.is_(value == "on"))},
    )


def styles_on(session: Session, *, held: frozenset[int] = frozenset()) -> list[WorkStyle]:
    """The styles that are offered, in O*NET's order; and those that someone holds already."""
    statement = select(WorkStyle).where(WorkStyle.is_on | WorkStyle.id.in_(held)).order_by(WorkStyle.id)
    return list(session.scalars(statement))


def num_styles(session: Session) -> int:
    """How many work styles there are, on and off."""
    return session.scalar(select(func.count()).select_from(WorkStyle)) or 0


def uses_of(session: Session, styles: list[WorkStyle]) -> dict[int, tuple[int, int]]:
    """For each style: how many people are rated, how many role needs and team rules ask for it."""
    ids = [style.id for style in styles]
    rated, needed, ruled = (
        dict(session.execute(select(column, func.count()).where(column.in_(ids)).group_by(column)).all())
        for column in (PersonStyle.style_id, NeedStyle.style_id, TeamRule.style_id)
    )
    return {ident: (rated.get(ident, 0), needed.get(ident, 0) + ruled.get(ident, 0)) for ident in ids}
