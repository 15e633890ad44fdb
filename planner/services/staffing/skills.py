"""Skills of the catalogue: add, edit, list, and the ones that a new name is nearly a double of."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from rapidfuzz import fuzz, process
from sqlalchemy import ColumnElement, String, cast, func, select
from sqlalchemy.orm import Session

from planner.models import NeedSkill, PersonSkill, Skill, folded
from planner.schemas.staffing_skills import SkillSaid
from planner.services.editing import fill, require_version
from planner.services.listing import Page, Query, paged
from planner.services.refused import Refused

ALIKE = 88  # rapidfuzz ratio from which two names are probably one skill


def add_skill(session: Session, said: SkillSaid) -> Skill:
    """Adds a skill. Raises Refused where the name is taken."""
    key = slug(said.name)
    if session.scalar(select(Skill.id).where(Skill.key == key)) is not None:
        raise Refused("skill_is_there", field="name", name=said.name)
    skill = fill(Skill(key=key), said)
    session.add(skill)
    return skill


def edit_skill(session: Session, skill: Skill, said: SkillSaid, version: int | None) -> Skill:
    """Edits a skill; its key stays, since exported files name it. Raises Stale."""
    require_version(skill, version)
    fill(skill, said)
    session.flush()
    return skill


def page_of_skills(session: Session, query: Query) -> Page[Skill]:
    """The catalogue, as the URL asks for it."""
    return paged(
        session,
        select(Skill),
        query,
        sorts={"name": folded(Skill.name), "category": folded(Skill.category)},
        default="name",
        search=(Skill.name, Skill.name_fr, Skill.category, cast(Skill.aliases, String)),
        filters={
            "category": lambda statement, value: statement.where(Skill.category == value),
            "use": lambda statement, value: statement.where(*_used(value)),
        },
    )


def num_skills(session: Session) -> int:
    """How many skills the catalogue has."""
    return session.scalar(select(func.count()).select_from(Skill)) or 0


def num_scarce(session: Session) -> int:
    """How many skills are asked for and held by nobody."""
    return session.scalar(select(func.count()).select_from(Skill).where(*_used("scarce"))) or 0


def categories(session: Session) -> list[str]:
    """The categories in use, by name."""
    return list(session.scalars(select(Skill.category).where(Skill.category != "").distinct().order_by(Skill.category)))


def all_skills(session: Session) -> list[Skill]:
    """Every skill, by name."""
    return list(session.scalars(select(Skill).order_by(folded(Skill.name))))


def uses_of(session: Session, skills: list[Skill]) -> dict[int, tuple[int, int]]:
    """For each skill: how many people hold it, how many role needs ask for it."""
    ids = [skill.id for skill in skills]
    held = _counts(session, select(PersonSkill.skill_id, func.count()).where(PersonSkill.skill_id.in_(ids)))
    asked = _counts(session, select(NeedSkill.skill_id, func.count()).where(NeedSkill.skill_id.in_(ids)))
    return {ident: (held.get(ident, 0), asked.get(ident, 0)) for ident in ids}


def near_duplicates(session: Session, name: str, *, but: int | None = None, most: int = 3) -> list[tuple[Skill, str]]:
    """Skills whose name or alias is nearly this one, the closest first, each with the name that is alike."""
    names: dict[tuple[int, str], str] = {}
    skills = {skill.id: skill for skill in session.scalars(select(Skill)) if skill.id != but}
    for skill in skills.values():
        for known in (skill.name, skill.name_fr, *skill.aliases):
            if known:
                names[skill.id, known] = _plain(known)
    hits = process.extract(_plain(name), names, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE, limit=most * 4)
    found: dict[int, tuple[Skill, str]] = {}
    for _text, _score, (ident, known) in hits:
        found.setdefault(ident, (skills[ident], known))
    return list(found.values())[:most]


def slug(name: str) -> str:
    """A name as a key: lower case, without accents, words joined by hyphens."""
    return re.sub(r"[^a-z0-9+#]+", "-", _plain(name)).strip("-") or "skill"


def _used(value: str) -> Sequence[ColumnElement[bool]]:
    """What holds of a skill that nobody holds ("unheld"), and where one is asked for at the same time ("scarce")."""
    is_unheld = Skill.id.not_in(select(PersonSkill.skill_id))
    is_asked = Skill.id.in_(select(NeedSkill.skill_id))
    return {"unheld": [is_unheld], "scarce": [is_unheld, is_asked]}.get(value, [])


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in folded if not unicodedata.combining(c))


def _counts(session: Session, statement: Any) -> dict[int, int]:
    return dict(session.execute(statement.group_by(statement.selected_columns[0])).all())
