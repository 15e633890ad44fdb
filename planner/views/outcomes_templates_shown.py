"""What the pages of team templates show alike: documents as the rows that the words of staffing are made for."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from planner.models import Skill, TemplateVersion, WorkStyle
from planner.schemas.outcomes_templates import TemplateNeedSaid, TemplateRuleSaid
from planner.schemas.staffing_needs import NeedSaid
from planner.schemas.staffing_projects import TeamRuleSaid
from planner.words.staffing import rule_in_words

Shown = tuple[str, Any]  # an item, and what it says, as pages show a role need


def shown_needs(session: Session, version: TemplateVersion) -> list[Shown]:
    """The role needs of a version, by item."""
    found = [TemplateNeedSaid.model_validate(one) for one in version.needs]
    return shown_said(session, [(one.item or "", one.said) for one in found], version)


def shown_said(session: Session, needs: Sequence[tuple[str, NeedSaid]], version: TemplateVersion) -> list[Shown]:
    """Role needs as pages show them, their skills and styles by name; what is gone is marked."""
    return [(item, _shown(session, said, version)) for item, said in needs]


def shown_rules(session: Session, version: TemplateVersion) -> list[tuple[str, str]]:
    """The team rules of a version in sentences, by item."""
    found = [TemplateRuleSaid.model_validate(one) for one in version.rules]
    return [(one.item or "", rule_sentence_of(session, one.said, version)) for one in found]


def rule_sentence_of(session: Session, said: TeamRuleSaid, version: TemplateVersion) -> str:
    """A team rule of a version in a sentence."""
    skill = _named(session, Skill, said.skill_id, version.names.get("skills", {})) if said.skill_id else None
    style = _named(session, WorkStyle, said.style_id, version.names.get("styles", {})) if said.style_id else None
    fields = {name: getattr(said, name) for name in TeamRuleSaid.model_fields}
    return rule_in_words(SimpleNamespace(**fields, skill=skill, style=style), [])  # type: ignore[arg-type]


def _shown(session: Session, said: NeedSaid, version: TemplateVersion) -> Any:
    fields = {name: getattr(said, name) for name in NeedSaid.model_fields if name not in ("skills", "styles")}
    skills = [
        SimpleNamespace(
            **line.model_dump(), skill=_named(session, Skill, line.skill_id, version.names.get("skills", {}))
        )
        for line in said.skills
    ]
    styles = [
        SimpleNamespace(
            **band.model_dump(), style=_named(session, WorkStyle, band.style_id, version.names.get("styles", {}))
        )
        for band in said.styles
    ]
    return SimpleNamespace(**fields, skills=skills, styles=styles, seats=())


def _named(session: Session, table: type, ident: int, names: dict[str, str]) -> Any:
    row = session.get(table, ident)
    if row is not None:
        return row
    return SimpleNamespace(name=_("%(name)s (gone)", name=names.get(str(ident)) or "?"), name_fr="")
