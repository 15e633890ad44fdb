"""What may be said of a work style: the words are O*NET's or ours, whether it is used is the administrator's."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from planner.schemas.said import Meaning, Name, Said, Seen, ShortText

NUM_ANCHORS = 5  # one for each score


def _five_or_none(texts: list[str]) -> list[str]:
    if any(texts) and (len(texts) != NUM_ANCHORS or not all(texts)):
        raise PydanticCustomError("anchors_are_five", "Write a sentence for each of the five scores, or none.")
    return texts if any(texts) else []


Anchors = Annotated[list[Meaning], AfterValidator(_five_or_none)]


class StyleSaid(Said):
    """A work style: its words in both languages, and whether it is offered.

    Anchors say what is seen at work of somebody who scores 1, 2, 3, 4 and 5.
    """

    name: Name
    name_fr: ShortText = ""
    meaning: Meaning = ""
    meaning_fr: Meaning = ""
    anchors: Anchors = []
    anchors_fr: Anchors = []
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
    anchors: list[str]
    anchors_fr: list[str]
    is_on: bool
