"""Criteria in disguise: words that ask for age, origin, sex, family or health while seeming to ask for something else.

It warns and never refuses: the word may be the client's own, a film title, a quotation; a person decides. The words
stand in criteria_words.toml, in English and French.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from planner.services import catalogue

ACCENTS = str.maketrans("àâäáéèêëîïíôöóùûüúçñ’", "aaaaeeeeiiiooouuuucn'")
REASON = "reason"  # the kind of a reason that gives none
LEAST_WORDS = 3  # fewer cannot say what the work needs


@dataclass(frozen=True)
class Disguise:
    """A word that was found, and what it stands in for."""

    kind: str
    found: str


def disguises(texts: Iterable[str]) -> list[Disguise]:
    """Every disguise in some texts, each word once, as it was written."""
    found: dict[str, Disguise] = {}
    for text in texts:
        plain = "".join(c.lower()[:1] for c in text).translate(ACCENTS)  # as long as the text, to cut the word out
        for kind, pattern in _patterns():
            for match in pattern.finditer(plain):
                word = text[match.start() : match.end()]
                found.setdefault(word.lower(), Disguise(kind, word))
    return list(found.values())


def doubts(texts: Iterable[str], reasons: Iterable[str]) -> list[Disguise]:
    """Disguises in texts and in the reasons for work styles, and the reasons that name nothing in the work."""
    given = list(reasons)
    bare = [Disguise(REASON, reason) for reason in given if reason and len(reason.split()) < LEAST_WORDS]
    return [*disguises([*texts, *given]), *bare]


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    kinds = catalogue.read("criteria_words")
    return tuple((kind, re.compile(rf"(?<!\w)(?:{'|'.join(rows['words'])})(?!\w)")) for kind, rows in kinds.items())
