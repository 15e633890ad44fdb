"""Names that a reader must not see: every read of a person's name gives another one instead, whoever asks for it.

A reviewer in an anonymous review reads pages, lists, exports and the API like everybody else. What they must not see
is taken out where it leaves the database, so that no page can forget it. Whoever is hidden is said once a request.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field

from sqlalchemy import Text, TypeDecorator
from sqlalchemy.engine import Dialect


@dataclass(frozen=True)
class Hidden:
    """Whom this reader must not know: by name what to say instead, their addresses, and the candidates' ids."""

    names: Mapping[str, str] = field(default_factory=dict)
    emails: frozenset[str] = frozenset()
    candidate_ids: frozenset[int] = frozenset()


NOBODY = Hidden()
hidden: ContextVar[Hidden] = ContextVar("hidden", default=NOBODY)


class _Hiding(TypeDecorator[str]):
    """A text that not every reader sees."""

    impl = Text
    cache_ok = True

    @property
    def python_type(self) -> type[str]:
        """What a value is, so that a removed row comes back as it was."""
        return str


class PersonName(_Hiding):
    """A name, or what this reader sees instead."""

    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return hidden.get().names.get(value, value) if value is not None else None


class PersonEmail(_Hiding):
    """An address, or nothing where this reader must not see it."""

    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return "" if value in hidden.get().emails else value


class TextOnPeople(_Hiding):
    """A text that may name people: in whatever this reader sees of it, names that they must not know are replaced."""

    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return masked(value, hidden.get().names) if value is not None else None


def masked(text: str, names: Mapping[str, str]) -> str:
    """A text without these names, written however: what is said instead of each stands in its place."""
    said = {name.casefold(): instead for name, instead in names.items() if name.strip()}
    if not said:
        return text
    longest_first = sorted(names, key=len, reverse=True)
    pattern = "|".join(r"\s+".join(re.escape(word) for word in name.split()) for name in longest_first if name.strip())
    found = re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)
    return found.sub(lambda match: said.get(" ".join(match[0].split()).casefold(), "…"), text)
