"""What may be said of a work style: the words are O*NET's or ours, whether it is used is the administrator's."""

from __future__ import annotations

from planner.schemas.said import Meaning, Name, Said, Seen, ShortText


class StyleSaid(Said):
    """A work style: its words in both languages, and whether it is offered."""

    name: Name
    name_fr: ShortText = ""
    meaning: Meaning = ""
    meaning_fr: Meaning = ""
    is_on: bool = True


class StyleSeen(Seen):
    """A work style as the API shows it."""

    id: int
    key: str
    version: int
    element_id: str | None
    name: str
    name_fr: str
    meaning: str
    meaning_fr: str
    is_on: bool
