"""Criteria in disguise: words that ask for age, origin, sex, family or health while seeming to ask for something else.

It warns and never refuses: the word may be the client's own, a film title, a quotation; a person decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

AGE, ORIGIN, SEX, FAMILY, HEALTH, LIKENESS, LOOKS = "age", "origin", "sex", "family", "health", "likeness", "looks"

# English and French, without accents; a word matches whole, with its usual endings.
DISGUISES: tuple[tuple[str, str], ...] = (
    (ORIGIN, r"native (\w+ )?speakers?|native level|mother[- ]tongue|without (an )?accent|sans accent"),
    (ORIGIN, r"langue maternelle|locuteurs? natifs?|locutrices? natives?|(francais|anglais) natif"),
    (AGE, r"digital natives?|natifs? du numerique|digital natif|generation [xyz]|gen z|millennials?"),
    (AGE, r"young|youthful|youngsters?|(recent|fresh) graduates?|(under|below|over) \d\d( years)?( old)?"),
    (AGE, r"jeunes?|jeunes? diplomes?|(moins|plus) de \d\d ans"),
    (LIKENESS, r"cultur(e|al) (fit|match)|fit culturel|adequation culturelle|one of us|esprit maison"),
    (SEX, r"salesm[ae]n|chairm[ae]n|girls?|ladies|hostess(es)?|manpower|hotesses?|(jeune|un|une) (femme|homme)"),
    (FAMILY, r"no (children|kids|family)|without (children|kids|family)|unmarried|single person"),
    (FAMILY, r"sans enfants?|celibataires?|sans charges? de famille"),
    (HEALTH, r"able[- ]bodied|in good health|physically fit|never ill|jamais malade"),
    (HEALTH, r"en bonne sante|bonne condition physique"),
    (LOOKS, r"good[- ]looking|attractive|well[- ]groomed|(bonne|belle) presentation|physique agreable"),
)
PATTERNS = tuple((kind, re.compile(rf"(?<!\w)(?:{words})(?!\w)")) for kind, words in DISGUISES)
ACCENTS = str.maketrans("àâäéèêëîïôöùûüç’", "aaaeeeeiioouuuc'")


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
        for kind, pattern in PATTERNS:
            for match in pattern.finditer(plain):
                word = text[match.start() : match.end()]
                found.setdefault(word.lower(), Disguise(kind, word))
    return list(found.values())
