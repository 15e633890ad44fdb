"""What may be said of a report by e-mail, and what the API shows of reports."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from planner.models import Every, ReportKind, SentAs, StoppedBecause
from planner.schemas.said import Id, Maybe, Said, Seen, ShortText

Days = Annotated[int, Field(ge=0, le=731)]


class ScheduleSaid(Said):
    """Which report, of what, how often, when (UTC), and whether as a link or as a file."""

    report: ReportKind
    project_id: Maybe[Id] = None
    client: ShortText = ""
    days_back: Days = 91
    days_ahead: Days = 182
    every: Every = Every.WEEK
    weekday: Maybe[Annotated[int, Field(ge=0, le=6)]] = Field(default=None, validate_default=True)
    month_day: Maybe[Annotated[int, Field(ge=1, le=31)]] = Field(default=None, validate_default=True)
    hour: Annotated[int, Field(ge=0, le=23)] = 7
    sent_as: SentAs = SentAs.LINK
    is_active: bool = True

    @field_validator("weekday", "month_day")
    @classmethod
    def _is_said_where_it_counts(cls, value: Any, info: Any) -> Any:
        every = info.data.get("every")
        wanted = {"weekday": Every.WEEK, "month_day": Every.MONTH}[info.field_name]
        if value is None and every is wanted:
            raise PydanticCustomError("missing", "Fill this in.")
        return value

    @model_validator(mode="after")
    def _drop_what_does_not_count(self) -> Self:
        if self.every is Every.WEEK:
            self.month_day = None
        else:
            self.weekday = None
        return self


class ScheduleSeen(Seen):
    """A report by e-mail; `stopped_because` says why it sends nothing any more, though nobody switched it off."""

    id: int
    version: int
    report: ReportKind
    project_id: int | None
    client: str
    days_back: int
    days_ahead: int
    every: Every
    weekday: int | None
    month_day: int | None
    hour: int
    sent_as: SentAs
    is_active: bool
    next_at: datetime | None
    stopped_because: StoppedBecause | None


class SendingSeen(Seen):
    """One time that a report was sent."""

    id: int
    schedule_id: int
    due_at: datetime
    made_at: datetime


class ReportColumnSeen(Seen):
    """A column of a table, and what its cells are."""

    key: str
    title: str
    kind: str


class ReportRowSeen(Seen):
    """A row; `about` says what of, as “project:12”."""

    about: str
    cells: list[str | int | float | date | None]


class ReportSectionSeen(Seen):
    """A part of a report: what it says in sentences, and its table."""

    key: str
    title: str
    sentences: list[str]
    note: str
    columns: list[ReportColumnSeen]
    rows: list[ReportRowSeen]


class ReportSeen(Seen):
    """A report in the reader's language."""

    key: str
    title: str
    about: str
    lede: list[str]
    made_at: datetime
    sections: list[ReportSectionSeen]
