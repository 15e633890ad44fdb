"""What the estimates say: how far work went beyond its plan, and what the next role need may take."""

from __future__ import annotations

from pydantic import ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from planner.schemas.said import Name, Said, Seen


class LikenessSaid(Said):
    """Whether two titles mean one role."""

    one: Name
    other: Name
    is_same: bool

    @field_validator("other")
    @classmethod
    def _is_another(cls, value: str, info: ValidationInfo) -> str:
        if value == info.data.get("one"):
            raise PydanticCustomError("said_twice", "This stands in another row already.")
        return value


class RatioSeen(Seen):
    """Actual ÷ planned effort: the geometric mean of so many cases, and its 95 % interval from three on."""

    num: int
    middle: float
    low: float | None
    high: float | None


class EstimateSeen(Seen):
    """One role in one kind of project; efforts in full-time periods. `expected` is for the next case of it."""

    role: str
    kind: str
    planned_periods: float
    actual_periods: float
    ratio: RatioSeen
    expected: RatioSeen


class DoubtSeen(Seen):
    """Two titles that look alike, in percent."""

    one: str
    other: str
    likeness: int


class EstimatesSeen(Seen):
    """Planned against actual effort: over all, by role and kind, and which titles are to be told apart."""

    overall: RatioSeen | None
    num_without_effort: int
    lines: list[EstimateSeen]
    doubts: list[DoubtSeen]


class LikenessSeen(Seen):
    """What was said of two titles, as they are compared."""

    id: int
    one: str
    other: str
    is_same: bool
    by_name: str


class CorrectionSeen(Seen):
    """What a role need may take, by what work like it took; `is_of_kind` where the kind of project is the same too."""

    num: int
    is_of_kind: bool
    planned_periods: float
    expected_periods: float
    low_periods: float
    high_periods: float
    fte_pct: int
    suggested_fte_pct: int | None
