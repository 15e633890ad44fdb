"""Where a role need came from, and what its template says otherwise by now. A need is never changed by that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from planner.models import FromTemplate, RoleNeed, TeamTemplate, TemplateVersion
from planner.schemas.outcomes_templates import TemplateNeedSaid
from planner.schemas.staffing_needs import NeedSaid
from planner.services.editing import require_version
from planner.services.outcomes.template_differences import NEED, Change, changes, flattened
from planner.services.outcomes.template_using import offered
from planner.services.outcomes.template_windows import scaled
from planner.services.planning.scenario_documents import Flat, whole
from planner.services.refused import Refused
from planner.services.staffing.needs import edit_need


@dataclass(frozen=True)
class Origin:
    """Which version of which template a role need came from, and what has changed there since.

    `changed` holds, by field, what the need says and what the template says by now, of the fields that the template has
    changed since and that the need does not say alike. `is_gone` where the template asks for no such need any more.
    """

    template: TeamTemplate
    number: int
    is_gone: bool
    changed: Mapping[str, Change]
    wanted: NeedSaid | None
    why: Sequence[TemplateVersion]

    @property
    def newest(self) -> int:
        """The number of the template's newest version."""
        return self.template.newest.number

    @property
    def template_id(self) -> int:
        """The template's id."""
        return self.template.id


def origin_of(session: Session, need: RoleNeed) -> Origin | None:
    """Where a role need came from; None where it came from no template."""
    row = session.scalar(
        select(FromTemplate)
        .where(FromTemplate.need_id == need.id)
        .options(
            joinedload(FromTemplate.template_version)
            .joinedload(TemplateVersion.template)
            .selectinload(TeamTemplate.versions)
        )
    )
    if row is None:
        return None
    then, template = row.template_version, row.template_version.template
    before, after = (_at(version, row.item) for version in (then, template.newest))
    why = [version for version in template.versions if version.number > then.number and _touches(version, row.item)]
    if after is None or before is None:
        return Origin(template, then.number, after is None, {}, None, why)
    duration = need.phase.duration
    here = NeedSaid.model_validate(need)
    old = offered(session, scaled(before, then.duration, duration))
    new = offered(session, scaled(after, template.newest.duration, duration))
    said = flattened(NEED, here)
    moved = {name: now for name, (_was, now) in changes(NEED, old, new).items() if said.get(name) != now}
    changed = {name: (said.get(name), now) for name, now in moved.items()}
    return Origin(template, then.number, False, changed, _with(said, moved) if moved else None, why)


def take_over(session: Session, need: RoleNeed, version: int | None) -> RoleNeed:
    """Says of a role need what its template says by now, of all that the template has changed since.

    What somebody has said otherwise of this need alone stays. Raises Stale, and Refused where there is nothing to take
    over, or where it does not fit.
    """
    require_version(need, version)
    origin = origin_of(session, need)
    if origin is None or origin.wanted is None:
        raise Refused("template_says_nothing_new")
    edited = edit_need(session, need, origin.wanted, version)
    row = session.scalars(select(FromTemplate).where(FromTemplate.need_id == need.id)).one()
    row.template_version, row.made_version = origin.template.newest, edited.version
    session.flush()
    return edited


def _at(version: TemplateVersion, item: str) -> NeedSaid | None:
    return next((TemplateNeedSaid.model_validate(one).said for one in version.needs if one["item"] == item), None)


def _touches(version: TemplateVersion, item: str) -> bool:
    """Whether a version says otherwise of an item than the one before it."""
    before = version.template.versions[version.number - 2]
    return _at(before, item) != _at(version, item) or before.duration != version.duration


def _with(said: Flat, moved: Flat) -> NeedSaid:
    """What a need would say with other fields; a row that says nothing any more goes."""
    wanted = {name: value for name, value in {**said, **moved}.items() if value is not None or ":" not in name}
    return NeedSaid.model_validate(whole(NEED, wanted))
