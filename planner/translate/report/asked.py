"""What was asked for, before translate said it in tags of its own: reports speak of bands, not of `band:…`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from planner.translate.tags import BAND, STAFF, band_in, band_of, band_tag
from solver.problem import Seat, StyleLine
from solver.solution import Reason

OUTSIDE = "Nobody's %(style)s is known to be from %(min)s to %(max)s."


def own_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """A person's tags without those that translate added."""
    return tuple(tag for tag in tags if tag != STAFF and not tag.startswith(BAND))


def asked_tags(seat: Seat) -> tuple[str, ...]:
    """The tags that a seat asks for, the one that allows no hire among them."""
    return tuple(tag for tag in seat.tags if not tag.startswith(BAND))


def is_must(line: StyleLine, seat: Seat) -> bool:
    """Whether a band must hold, by itself or by a tag."""
    return line.must or (bool(seat.tags) and band_tag(band_of(line)) in seat.tags)


def as_asked(reason: Reason) -> Reason:
    """A reason that speaks of the band where the solver speaks of its tag."""
    params = reason.params
    band = band_in(str(params.get("tag", "")))
    if reason.code == "tag_missing" and band is not None:
        return Reason("style_outside", OUTSIDE % band._asdict(), band._asdict())
    if reason.code == "nobody_has_all_musts" and isinstance(params.get("num_per_must"), Mapping):
        return replace(reason, params={**params, "num_per_must": _by_name(params["num_per_must"])})
    return reason


def _by_name(nums: Any) -> dict[str, Any]:
    bands = {must: band_in(must) for must in nums}
    return {band.style if (band := bands[must]) is not None else must: num for must, num in nums.items()}
