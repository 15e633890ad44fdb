"""Adding a template to a phase: shown before it is done, done as one step, undone as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from planner.models import (
    Base,
    FromTemplate,
    Phase,
    RoleNeed,
    Skill,
    TeamRule,
    TemplateUse,
    TemplateVersion,
    User,
    Workspace,
    WorkStyle,
    now,
)
from planner.schemas.outcomes_templates import TemplateNeedSaid, TemplateRuleSaid
from planner.schemas.staffing_needs import NeedSaid
from planner.schemas.staffing_projects import TeamRuleSaid
from planner.services import removal
from planner.services.editing import require_version
from planner.services.outcomes.template_windows import scaled
from planner.services.refused import Refused
from planner.services.staffing.needs import add_need
from planner.services.staffing.projects import workspace_of
from planner.services.staffing.team_rules import add_rule

ROLE_NEED, TEAM_RULE = (Base.metadata.tables[name] for name in ("role_need", "team_rule"))
Names = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Gone:
    """A skill or a work style that a template asks for and that is not on offer any more, and where it stood.

    `code` says what: "skill_is_gone", "style_is_gone", "rule_is_gone" with what it was about, or "level_is_lowered".
    """

    code: str
    name: str
    title: str


@dataclass
class Preview:
    """What would be added to a phase, scaled to its duration, by item; what is left out; what was added before."""

    version: TemplateVersion
    needs: list[tuple[str, NeedSaid]] = field(default_factory=list)
    rules: list[tuple[str, TeamRuleSaid]] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)
    before: Sequence[TemplateUse] = ()

    @property
    def num_seats(self) -> int:
        """How many seats it would make."""
        return sum(need.count for _item, need in self.needs)


@dataclass(frozen=True)
class Undone:
    """What undoing a use took away, and the titles of what stays, since somebody has changed or used it."""

    num_gone: int
    stayed: Sequence[str]


def preview(session: Session, version: TemplateVersion, phase: Phase) -> Preview:
    """What a version of a template would add to a phase now."""
    found = Preview(version, before=uses_of(session, phase, version.template_id))
    known = _Known.of(session)
    for one in version.needs:
        need = TemplateNeedSaid.model_validate(one)
        kept = known.need(scaled(need.said, version.duration, phase.duration), version.names, found.gone)
        found.needs.append((need.item or "", kept))
    for one in version.rules:
        rule = TemplateRuleSaid.model_validate(one)
        if known.has_rule(rule.said, version.names, found.gone):
            found.rules.append((rule.item or "", rule.said))
    return found


def use(
    session: Session, version: TemplateVersion, phase: Phase, *, by: User, is_again: bool = False
) -> tuple[TemplateUse, Preview]:
    """Adds what a version of a template asks for to a phase, as one step.

    Raises Refused where it asks for nothing, or where the template was added already and that is not meant.
    """
    planned = preview(session, version, phase)
    if not planned.needs and not planned.rules:
        raise Refused("template_is_empty", name=version.template.name)
    if planned.before and not is_again:
        raise Refused("template_is_used_already", field="is_again", name=version.template.name)
    made = TemplateUse(template_version_id=version.id, phase_id=phase.id, by_id=by.id, by_name=by.name)
    session.add(made)
    session.flush()
    for item, asked in planned.needs:
        made.origins.append(_origin(version, item, add_need(session, phase, asked)))
    for item, rule in planned.rules:
        made.origins.append(_origin(version, item, add_rule(session, phase, rule)))
    session.flush()
    return made, planned


def undo(session: Session, made: TemplateUse, version: int | None, *, by: User) -> Undone:
    """Takes back what a use added; what was changed or used since stays, and is named. Raises Stale and Refused."""
    require_version(made, version)
    if made.undone_at is not None:
        raise Refused("template_use_is_undone", name=made.template_version.template.name)
    title = made.template_version.template.name
    stayed: list[str] = []
    num_gone = 0
    made.undone_at = now()
    session.flush()
    for table, rows in ((ROLE_NEED, _needs(session, made)), (TEAM_RULE, _rules(session, made))):
        own = {"from_template": {origin.id for origin in made.origins}}
        used = removal.used_elsewhere(session, table, [row.id for row in rows], own)
        going = [row for row in rows if row.id not in used and _is_as_made(made, row)]
        stayed += [_title(row) for row in rows if row not in going]
        if going:
            ids = [row.id for row in going]
            removal.remove_all(session, table, ids, title=title, by_id=by.id)
            num_gone += len(ids)
    return Undone(num_gone, stayed)


def uses_of(session: Session, phase: Phase, template_id: int | None = None) -> list[TemplateUse]:
    """The uses of templates on a phase that were not taken back, the newest first; of one template where it is said."""
    rows = (
        select(TemplateUse)
        .join(TemplateVersion, TemplateVersion.id == TemplateUse.template_version_id)
        .where(TemplateUse.phase_id == phase.id, TemplateUse.undone_at.is_(None))
        .options(joinedload(TemplateUse.template_version).joinedload(TemplateVersion.template))
        .order_by(TemplateUse.id.desc())
    )
    if template_id is not None:
        rows = rows.where(TemplateVersion.template_id == template_id)
    return list(session.scalars(rows))


def offered(session: Session, said: NeedSaid) -> NeedSaid:
    """A role need of a template without what is not on offer any more."""
    return _Known.of(session).need(said, {}, [])


@dataclass(frozen=True)
class _Known:
    """The skills and work styles that may be asked for now, and how far levels go."""

    skills: frozenset[int]
    styles: frozenset[int]
    workspace: Workspace

    @classmethod
    def of(cls, session: Session) -> _Known:
        skills = frozenset(session.scalars(select(Skill.id)))
        styles = frozenset(session.scalars(select(WorkStyle.id).where(WorkStyle.is_on)))
        return cls(skills, styles, workspace_of(session))

    def need(self, said: NeedSaid, names: Names, gone: list[Gone]) -> NeedSaid:
        """A role need without what is not on offer any more, which is told."""
        most = self.workspace.level_max
        lines = [line for line in said.skills if line.skill_id in self.skills]
        styles = [band for band in said.styles if band.style_id in self.styles]
        left_out = [("skill_is_gone", "skills", one.skill_id) for one in said.skills if one not in lines]
        left_out += [("level_is_lowered", "skills", line.skill_id) for line in lines if line.level > most]
        left_out += [("style_is_gone", "styles", one.style_id) for one in said.styles if one not in styles]
        gone.extend(Gone(code, _name(names, kind, ident), said.title) for code, kind, ident in left_out)
        skills = [line.model_copy(update={"level": min(line.level, most)}) for line in lines]
        return said.model_copy(update={"skills": skills, "styles": styles})

    def has_rule(self, said: TeamRuleSaid, names: Names, gone: list[Gone]) -> bool:
        """Whether what a team rule is about is still on offer; where it is not, that is told."""
        for kind, ident, known in (("skills", said.skill_id, self.skills), ("styles", said.style_id, self.styles)):
            if ident is not None and ident not in known:
                gone.append(Gone("rule_is_gone", _name(names, kind, ident), ""))
                return False
        return True


def _name(names: Names, kind: str, ident: int) -> str:
    return names.get(kind, {}).get(str(ident)) or "?"


def _origin(version: TemplateVersion, item: str, row: RoleNeed | TeamRule) -> FromTemplate:
    of = {"need_id" if isinstance(row, RoleNeed) else "rule_id": row.id}
    return FromTemplate(template_version_id=version.id, item=item, made_version=row.version, **of)


def _needs(session: Session, made: TemplateUse) -> list[RoleNeed]:
    return list(session.scalars(select(RoleNeed).where(RoleNeed.id.in_(made.need_ids))))


def _rules(session: Session, made: TemplateUse) -> list[TeamRule]:
    return list(session.scalars(select(TeamRule).where(TeamRule.id.in_(made.rule_ids))))


def _is_as_made(made: TemplateUse, row: RoleNeed | TeamRule) -> bool:
    """Whether nobody has edited a row since it was made."""
    mine = [one for one in made.origins if row.id == (one.need_id if isinstance(row, RoleNeed) else one.rule_id)]
    return bool(mine) and mine[0].made_version == row.version


def _title(row: RoleNeed | TeamRule) -> str:
    return row.title if isinstance(row, RoleNeed) else str(row.rule)
