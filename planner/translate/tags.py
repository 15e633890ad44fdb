"""Tags that translate adds to a question, for what staffing-problem/1 has no words."""

from __future__ import annotations

from typing import NamedTuple

from solver.problem import StyleLine, tenths

STAFF = "staff"  # held by employees and contractors, asked where a role need allows no hire
BAND = "band:"


class Band(NamedTuple):
    """A work style and the scores that are inside."""

    style: str
    min: float
    max: float


def band_of(line: StyleLine) -> Band:
    return Band(line.style, line.min, line.max)


def is_inside(score: float, band: Band) -> bool:
    return tenths(band.min) <= tenths(score) <= tenths(band.max)


def band_tag(band: Band) -> str:
    """The tag of those whom a must-have band does not cut.

    A self-reported score never cuts anyone alone: where one lies outside such a band, the band is asked as this tag
    instead, which those hold whose score by others is inside, or whose score is their own.
    """
    return f"{BAND}{band.style}:{band.min:g}-{band.max:g}"


def band_in(tag: str) -> Band | None:
    """The band that a tag stands for; None for any other tag."""
    if not tag.startswith(BAND):
        return None
    style, _, scores = tag.removeprefix(BAND).rpartition(":")
    low, _, high = scores.partition("-")
    return Band(style, float(low), float(high))
