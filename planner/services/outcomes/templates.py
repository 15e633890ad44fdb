"""Team templates: add, edit, change with a reason, list. Each change makes a version; none is ever rewritten."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from planner.models import (
    CriterionProposal,
    Idea,
    Skill,
    TeamTemplate,
    TemplateUse,
    TemplateVersion,
    User,
    WorkStyle,
    folded,
)
from planner.schemas.outcomes_templates import TemplateContent, TemplateFacts, TemplateSaid
from planner.services.editing import fill, require_version, touch
from planner.services.listing import Page, Query, paged
from planner.services.outcomes import template_changes as changes
from planner.services.refused import Refused
from planner.services.staffing.projects import add_keyed, workspace_of


def add_template(session: Session, said: TemplateSaid, *, by: User | None) -> TeamTemplate:
    """Adds a template with its first version. Raises Refused where it asks for what is not there."""
    template = fill(TeamTemplate(), said, leave=("needs", "rules"))
    add_keyed(session, template, "t")
    _make_version(session, template, said, by, said.reason, said.because)
    return template


def edit_template(
    session: Session, template: TeamTemplate, said: TemplateSaid, version: int | None, *, by: User | None
) -> TeamTemplate:
    """Says a template anew, whole. Raises Stale, and Refused where it asks for what is not there."""
    require_version(template, version)
    fill(template, said)
    if differs(template, said):
        change_template(session, template, said, by=by, reason=said.reason, because=said.because)
    touch(session, template)
    return template


def edit_facts(
    session: Session, template: TeamTemplate, said: TemplateFacts, version: int | None, *, by: User | None
) -> TeamTemplate:
    """Edits what a template is called, for, and how long its phase is. Raises Stale and Refused."""
    require_version(template, version)
    content = changes.with_duration(template, said.duration)
    whole = {**content.model_dump(), "name": said.name, "purpose": said.purpose}
    most = max((max(n.said.from_offset + 1, n.said.to_offset or 0) for n in content.needs), default=1)
    if most > said.duration:
        raise Refused("template_needs_more_time", field="duration", least=most)
    return edit_template(
        session,
        template,
        TemplateSaid.model_validate({**whole, "reason": said.reason, "because": said.because}),
        version,
        by=by,
    )


def change_template(
    session: Session,
    template: TeamTemplate,
    change: TemplateContent,
    *,
    by: User | None,
    reason: str,
    because: str = "",
    of: Idea | CriterionProposal | None = None,
) -> TemplateVersion:
    """Makes a new version of a template: what it asks for from now on, why, and what led to it; `of` is that itself.

    `change` is the whole that the template becomes (`template_changes` makes it out of what it is); role needs that
    came from it stay as they are, and are told. Raises Refused where it asks for what is not there, or changes nothing.
    """
    if not differs(template, change):
        raise Refused("template_is_so_already")
    made = _make_version(session, template, change, by, reason, because, of)
    touch(session, template)
    return made


def differs(template: TeamTemplate, content: TemplateContent) -> bool:
    """Whether a template would become another one by this."""
    here = changes.content_of(template)
    return any(getattr(here, name) != getattr(content, name) for name in TemplateContent.model_fields)


def page_of_templates(session: Session, query: Query) -> Page[TeamTemplate]:
    """The templates, as the URL asks for them."""
    return paged(
        session,
        select(TeamTemplate).options(selectinload(TeamTemplate.versions), selectinload(TeamTemplate.facts)),
        query,
        sorts={"name": folded(TeamTemplate.name), "changed": TeamTemplate.changed_at, "id": TeamTemplate.id},
        default="name",
        search=(TeamTemplate.name, TeamTemplate.purpose),
    )


def all_templates(session: Session) -> list[TeamTemplate]:
    """Every template, by name."""
    rows = select(TeamTemplate).options(selectinload(TeamTemplate.versions)).order_by(folded(TeamTemplate.name))
    return list(session.scalars(rows))


def num_uses(session: Session, templates: Iterable[TeamTemplate]) -> dict[int, int]:
    """How often each of some templates was added to a phase, and not taken back."""
    ids = [template.id for template in templates]
    rows = (
        select(TemplateVersion.template_id, TemplateUse.id)
        .join(TemplateVersion, TemplateVersion.id == TemplateUse.template_version_id)
        .where(TemplateVersion.template_id.in_(ids), TemplateUse.undone_at.is_(None))
    )
    found = dict.fromkeys(ids, 0)
    for ident, _use in session.execute(rows):
        found[ident] += 1
    return found


def version_at(template: TeamTemplate, number: int) -> TemplateVersion:
    """A version of a template. Raises LookupError where there is none of this number."""
    for version in template.versions:
        if version.number == number:
            return version
    raise LookupError(number)


def _make_version(
    session: Session,
    template: TeamTemplate,
    content: TemplateContent,
    by: User | None,
    reason: str,
    because: str,
    of: Idea | CriterionProposal | None = None,
) -> TemplateVersion:
    _require_known(session, template, content)
    _name_items(template, content)
    version = TemplateVersion(
        number=len(template.versions) + 1,
        duration=content.duration,
        needs=[one.model_dump(mode="json") for one in content.needs],
        rules=[one.model_dump(mode="json") for one in content.rules],
        names=_names(session, template, content),
        reason=reason,
        because=because,
        idea_id=of.id if isinstance(of, Idea) else None,
        proposal_id=of.id if isinstance(of, CriterionProposal) else None,
        by_id=by.id if by is not None else None,
        by_name=by.name if by is not None else "",
    )
    template.versions.append(version)
    session.flush()
    return version


def _name_items(template: TeamTemplate, content: TemplateContent) -> None:
    """Gives what is new a name of its own; one that no version of this template ever gave is none."""
    given = {one["item"] for version in template.versions for one in (*version.needs, *version.rules)}
    for letter, rows in (("n", content.needs), ("r", content.rules)):
        for row in rows:
            if row.item is None or row.item not in given:
                template.num_items = (template.num_items or 0) + 1
                row.item = f"{letter}{template.num_items}"


def _names(session: Session, template: TeamTemplate, content: TemplateContent) -> dict[str, dict[str, str]]:
    """What the skills and work styles are called that are asked for, in case they go."""
    before = template.versions[-1].names if template.versions else {}
    found: dict[str, dict[str, str]] = {}
    tables: tuple[tuple[str, Any, set[int]], ...] = (
        ("skills", Skill, changes.skill_ids(content)),
        ("styles", WorkStyle, changes.style_ids(content)),
    )
    for kind, table, ids in tables:
        present: dict[int, str] = dict(session.execute(select(table.id, table.name).where(table.id.in_(ids))).all())
        known = before.get(kind, {})
        found[kind] = {str(one): present.get(one) or known.get(str(one), "") for one in sorted(ids)}
    return found


def _require_known(session: Session, template: TeamTemplate, content: TemplateContent) -> None:
    """What the template did not ask for before must be there: what it did may have gone, and is told."""
    before = changes.content_of(template) if template.versions else TemplateContent()
    skills = set(session.scalars(select(Skill.id))) | changes.skill_ids(before)
    styles = set(session.scalars(select(WorkStyle.id).where(WorkStyle.is_on))) | changes.style_ids(before)
    most = workspace_of(session).level_max
    levels = {line.level for one in before.needs for line in one.said.skills}
    for n, need in enumerate(content.needs):
        for m, line in enumerate(need.said.skills):
            if line.skill_id not in skills:
                raise Refused("skill_unknown", field=f"needs.{n}.said.skills.{m}.skill_id")
            if line.level > most and line.level not in levels:
                raise Refused("level_over_scale", field=f"needs.{n}.said.skills.{m}.level", most=most)
        for m, band in enumerate(need.said.styles):
            if band.style_id not in styles:
                raise Refused("style_unknown", field=f"needs.{n}.said.styles.{m}.style_id")
    for n, rule in enumerate(content.rules):
        if rule.said.skill_id is not None and rule.said.skill_id not in skills:
            raise Refused("skill_unknown", field=f"rules.{n}.said.skill_id")
        if rule.said.style_id is not None and rule.said.style_id not in styles:
            raise Refused("style_unknown", field=f"rules.{n}.said.style_id")
