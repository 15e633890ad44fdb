"""Who could fill a role need and who could sit on a seat, as the API shows it: what the pages show, and no more."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from planner.models import PersonKind
from planner.schemas.said import Moment, Seen


def _name(line: Any) -> Any:
    return getattr(line, "name", line)


def _names(lines: Any) -> Any:
    return [_name(line) for line in lines]


LineName = Annotated[str, BeforeValidator(_name)]
LineNames = Annotated[list[str], BeforeValidator(_names)]


class LineSeen(Seen):
    """A line of what is asked, named by its kind and its place: skill-0, tag-1.

    `of` is the id of a skill or a work style, or tags of which one must be held; `least` and `most` are a level, the
    ends of a band, or a cost ceiling in minor units.
    """

    name: str
    code: Literal["skill", "style", "tag", "any_of", "cost", "staff"]
    of: int | list[str] | None
    least: int | float | None
    most: int | float | None
    is_must: bool
    weight: int


class RemovedSeen(Seen):
    """A must-have, by its line's name: how many hold it, and how many would be in without it."""

    line: LineName
    num_holding: int
    num_removed: int


class NearSeen(Seen):
    """Someone who comes close: the must-haves that they lack, and what they have on each line of skills and styles."""

    person_id: int
    key: str
    name: str
    kind: PersonKind
    site: str
    lacking: LineNames
    unconfirmed: LineNames
    have: dict[str, float | None]


class DisguiseSeen(Seen):
    """A word that seems to ask for one thing and stands in for another, which nobody may be chosen by."""

    kind: Literal[
        "age", "origin", "sex", "family", "health", "likeness", "looks", "belief", "residence", "school", "reason"
    ]
    found: str


class MatchingSeen(Seen):
    """How many people are considered and how many could, some with a mentor or once a score is confirmed."""

    num_people: int
    num_could: int
    num_mentored: int
    num_unconfirmed: int
    lines: list[LineSeen]
    removed: list[RemovedSeen]
    closest: list[NearSeen]
    disguises: list[DisguiseSeen]


class SeatScoreSeen(Seen):
    """What somebody on a seat adds to the objective, by part; `net` is the sum of the parts."""

    fill: int
    fit: int
    style: int
    preference: int
    money: int
    acceptance: int
    rounding: int
    net: int


class LineStateSeen(Seen):
    """What somebody has on a line and how many of its 100 points that is; `is_own` marks a self-report."""

    line: LineName
    have: float | None
    points: int
    is_unknown: bool
    is_own: bool


class RunSeen(Seen):
    """Like periods in a row, counted from the seat's first one up to `to_idx`, and what is free in percent."""

    from_idx: int
    to_idx: int
    free_pct: int


class SittingSeen(Seen):
    """Someone on a seat, as it would be; `worst` and `best` are the points for whatever nobody rated."""

    id: int
    key: str
    name: str
    kind: PersonKind
    site: str
    score: SeatScoreSeen
    worst: int
    best: int
    lines: list[LineStateSeen]
    lacking: LineNames
    runs: list[RunSeen]
    num_free: int
    is_free: bool
    is_on_phase: bool
    is_holder: bool
    is_mentored: bool
    is_unconfirmed: bool
    is_cost_known: bool


class HolderSeen(Seen):
    """Who holds a seat in force, and whether that is agreed."""

    name: str
    is_agreed: bool


class SeatingSeen(Seen):
    """A seat from `starts_on` up to `ends_on`, and a page of the people considered for it.

    `num_could` hold every must-have, `num_free` of them have the time all along, `num_several` people lack more than
    one must-have; `total` counts those who are listed.
    """

    seat_key: str
    need_id: int
    plan_id: int | None
    starts_on: Moment
    ends_on: Moment
    num_people: int
    num_could: int
    num_free: int
    num_several: int
    lines: list[LineSeen]
    removed: list[RemovedSeen]
    holders: list[HolderSeen]
    items: list[SittingSeen]
    page: int
    pages: int
    total: int
