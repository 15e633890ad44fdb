"""Which titles mean one role: alike without case and accents, or because somebody has said that they are the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import RoleLikeness, User, fold
from planner.schemas.outcomes_estimates import LikenessSaid

ALIKE = 85  # rapidfuzz ratio from which two titles are worth a question
MOST_ASKED = 20


@dataclass(frozen=True)
class Doubt:
    """Two titles that look alike and of which nobody has said whether they are one role."""

    one: str
    other: str
    likeness: int


def key_of(title: str) -> str:
    """A title as it is compared: lower case, no accents, words with one blank between them."""
    return re.sub(r"[\W_]+", " ", fold(title)).strip() or fold(title).strip()


def is_meant(role: str, title: str) -> bool:
    """Whether what is said of a role holds for a role need of this title: where the title holds the role's."""
    return fold(role) in fold(title)


def groups(session: Session, keys: Iterable[str]) -> dict[str, str]:
    """For each compared title the one that stands for its role: the first by name of all that were said to be it."""
    leads: dict[str, str] = {key: key for key in keys}

    def lead(key: str) -> str:
        while leads.setdefault(key, key) != key:
            key = leads[key]
        return key

    for row in session.scalars(select(RoleLikeness).where(RoleLikeness.is_same).order_by(RoleLikeness.id)):
        first, second = sorted((lead(row.one), lead(row.other)))
        leads[second] = first
    return {key: lead(key) for key in list(leads)}


def doubts(session: Session, titles: Iterable[str]) -> list[Doubt]:
    """The pairs of titles that look alike and are not asked yet, the most alike first."""
    names = names_of(titles)
    known = {(row.one, row.other) for row in session.scalars(select(RoleLikeness))}
    of = groups(session, names)
    keys = sorted(names)
    found = []
    for n, key in enumerate(keys):
        rest = keys[n + 1 :]
        for other, score, _at in process.extract(key, rest, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE, limit=5):
            if (key, other) not in known and of[key] != of[other]:
                found.append(Doubt(names[key], names[other], int(score)))
    return sorted(found, key=lambda one: (-one.likeness, one.one))[:MOST_ASKED]


def answer(session: Session, said: LikenessSaid, *, by: User) -> RoleLikeness:
    """Keeps whether two titles mean one role; who says it again says it anew."""
    one, other = sorted((key_of(said.one), key_of(said.other)))
    row = session.scalar(select(RoleLikeness).where(RoleLikeness.one == one, RoleLikeness.other == other))
    if row is None:
        row = RoleLikeness(one=one, other=other)
        session.add(row)
    row.is_same, row.by_id, row.by_name = said.is_same, by.id, by.name
    session.flush()
    return row


def answers(session: Session) -> list[RoleLikeness]:
    """What was said of pairs of titles, the newest first."""
    return list(session.scalars(select(RoleLikeness).order_by(RoleLikeness.said_at.desc(), RoleLikeness.id.desc())))


def names_of(titles: Iterable[str]) -> Mapping[str, str]:
    """For each compared title the way in which it is mostly written."""
    written: dict[str, str] = {}
    for title, _num in Counter(titles).most_common():
        written.setdefault(key_of(title), title)
    return written
