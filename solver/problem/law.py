"""What a value of a staffing problem may be, and how a refusal names the place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Self

LARGEST = 10**9
_PLAIN_KEY = re.compile(r"[\w:/-]{1,60}")


def N_(sentence: str) -> str:  # noqa: N802 - the name that gettext tools know
    """Marks a sentence for the catalogue of translations; the solver itself speaks English."""
    return sentence


class DocumentError(ValueError):
    """A document that is not what it claims to be: `path` is where in its JSON, `reason` says why.

    `sentence` and `params` are the reason before they were put together, for translation.
    """

    def __init__(self, path: str, sentence: str, **params: object) -> None:
        super().__init__(path, sentence)
        self.path, self.sentence, self.params = path, sentence, params

    @property
    def reason(self) -> str:
        return self.sentence % self.params if self.params else self.sentence

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}" if self.path else self.reason

    def inside(self, place: str) -> Self:
        """The same refusal, seen from the part that holds the refused one at `place`."""
        dot = "." if self.path and not self.path.startswith("[") else ""
        return type(self)(f"{place}{dot}{self.path}", self.sentence, **self.params)


class ProblemError(DocumentError):
    """A problem that is not valid."""


def key_place(key: object) -> str:
    """The place of a key inside its object, quoted where it would not read as a path."""
    text = key if isinstance(key, str) else repr(key)
    return f".{text}" if _PLAIN_KEY.fullmatch(text) else f"[{json.dumps(text[:60])}]"


def say(value: object) -> str:
    """A value as a refusal shows it: short, whatever it is."""
    if isinstance(value, (dict, Mapping)):
        return "an object"
    if isinstance(value, (list, tuple)):
        return "a list"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and value.bit_length() > 128:
        return "a huge number"
    text = json.dumps(value) if isinstance(value, str) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def whole(value: object, low: int, high: int, place: str) -> None:
    """Refuses anything but an integer in [low, high]; a truth value is not a number."""
    if type(value) is not int or not low <= value <= high:
        sentence = N_("%(value)s is not a whole number from %(low)s to %(high)s")
        raise ProblemError(place, sentence, value=say(value), low=low, high=high)


def whole_or_none(value: object, low: int, high: int, place: str) -> None:
    if value is not None:
        whole(value, low, high, place)


def number(value: object, low: float, high: float, place: str) -> None:
    """Refuses anything but a number in [low, high], NaN and infinities among the rest."""
    if type(value) not in (int, float) or not low <= value <= high:  # type: ignore[operator]
        sentence = N_("%(value)s is not a number from %(low)s to %(high)s")
        raise ProblemError(place, sentence, value=say(value), low=low, high=high)


def whole_values(values: Mapping[str, int], low: int, high: int, place: str) -> None:
    for key, value in values.items():
        if not key.isascii():
            text(key, place + key_place(key))
        if type(value) is not int or not low <= value <= high:
            whole(value, low, high, place + key_place(key))


def number_values(values: Mapping[str, float], low: float, high: float, place: str) -> None:
    for key, value in values.items():
        if not key.isascii():
            text(key, place + key_place(key))
        if type(value) not in (int, float) or not low <= value <= high:
            number(value, low, high, place + key_place(key))


def text(value: object, place: str) -> None:
    """Refuses anything but text that can be written down again: half a surrogate pair cannot."""
    if type(value) is not str:
        raise ProblemError(place, N_("%(value)s is not text"), value=say(value))
    if not is_unicode(value):
        raise ProblemError(place, N_("%(value)s is not Unicode text"), value=say(value))


def is_unicode(value: str) -> bool:
    """Whether a text holds no half of a surrogate pair."""
    return value.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in value)


def texts(values: Iterable[object], place: str) -> None:
    for n, value in enumerate(values):
        if type(value) is not str or not value.isascii():
            text(value, f"{place}[{n}]")


def identifier(value: object, place: str) -> None:
    text(value, place)
    if not value:
        raise ProblemError(place, N_("an identifier must not be empty"))


def truth(value: object, place: str) -> None:
    if type(value) is not bool:
        raise ProblemError(place, N_("%(value)s is neither true nor false"), value=say(value))


def distinct(names: Iterable[tuple[str, str]], known: set[str]) -> None:
    """Refuses a name that is there already; `names` are (place, name) pairs, `known` collects them."""
    for place, name in names:
        if name in known:
            raise ProblemError(place, N_("%(value)s is there already"), value=say(name))
        known.add(name)
