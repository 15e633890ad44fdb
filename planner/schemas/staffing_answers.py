"""What may be said about a role need that somebody asked for: yes, no, or what could be had instead."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from planner.models import LEVEL_LARGEST, NeedState, NeedStepKind, Side
from planner.schemas.rows import distinct
from planner.schemas.said import Effort, Id, LongText, Maybe, Reason, Said, Seen
from planner.schemas.staffing_needs import MOST_LINES, End, Offset


class AnswerReasonSaid(Said):
    """Why; needed for a no, and to insist."""

    reason: LongText = ""


class LevelSaid(Said):
    """A level that could be had in a skill that is asked for."""

    skill_id: Id
    level: Annotated[int, Field(ge=1, le=LEVEL_LARGEST)]


class CounterSaid(Said):
    """What could be had instead: other dates within the phase, other effort, other levels, or a person; and why."""

    from_offset: Maybe[Offset] = None
    to_offset: Maybe[End] = None
    fte_pct: Maybe[Effort] = None
    levels: Annotated[list[LevelSaid], Field(max_length=MOST_LINES), distinct("skill_id")] = []
    person_id: Maybe[Id] = None
    reason: Reason


class NeedStepSeen(Seen):
    """What one side said, after how many seconds; `offer` is what was offered otherwise than asked."""

    kind: NeedStepKind
    side: Side
    by_name: str
    at: datetime
    waited_s: int
    reason: str
    offer: dict[str, Any] | None
    person_id: int | None


class NeedAnswerSeen(Seen):
    """How far a PM and operations are about a role need; its version is the need's."""

    need_id: int
    state: NeedState | None
    steps: list[NeedStepSeen]
