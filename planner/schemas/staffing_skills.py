"""What may be said of a skill."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from planner.schemas.said import Name, Said, Seen, ShortText


class SkillSaid(Said):
    """A skill of the catalogue."""

    name: Name
    name_fr: ShortText = ""
    category: ShortText = ""
    aliases: Annotated[list[Name], Field(max_length=30)] = []


class SkillSeen(Seen):
    """A skill as the API shows it."""

    id: int
    key: str
    version: int
    name: str
    name_fr: str
    category: str
    aliases: list[str]
