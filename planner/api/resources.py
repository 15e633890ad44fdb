"""The nouns of the API, a row each: the schema and the verbs exist already."""

from __future__ import annotations

from planner.api.routes import Resource
from planner.models import Skill
from planner.schemas.staffing_skills import SkillSaid, SkillSeen
from planner.services.staffing import skills

RESOURCES = (
    Resource(
        "skills", "skill", Skill, SkillSaid, SkillSeen, skills.page_of_skills, skills.add_skill, skills.edit_skill
    ),
)
