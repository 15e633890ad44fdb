"""What may be said at a record, and of how one is told; what is shown of comments, followers and notifications."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from planner.models import DIGEST_HOUR, NotificationKind, Way
from planner.schemas.planning_plans import Key
from planner.schemas.said import Id, Said, Seen, ShortText, Spoken, optional


class TextSaid(Said):
    """A comment, said otherwise: Markdown; "@Full Name" names somebody."""

    text: Spoken


class CommentSaid(TextSaid):
    """A comment: what it answers, whom it names besides, and of a plan maybe the seat that it is about."""

    parent_id: optional(Id) = None  # type: ignore[valid-type]
    mention: ShortText = ""
    seat_key: optional(Key) = None  # type: ignore[valid-type]


class ResolvedSaid(Said):
    """Whether what a comment began is settled."""

    is_resolved: bool


class FollowSaid(Said):
    """Whether somebody follows a record."""

    is_following: bool


class ReadSaid(Said):
    """Whether a notification was read."""

    is_read: bool


class WaysSaid(Said):
    """How one is told of each kind of thing."""

    mention: Way = Way.MAIL
    comment: Way = Way.DIGEST
    decision: Way = Way.DIGEST
    plan_in_force: Way = Way.MAIL
    alert: Way = Way.DIGEST


class ChoicesSaid(Said):
    """How one is told of what, and at which hour the daily digest comes, in the workspace's time zone."""

    ways: WaysSaid = WaysSaid()
    digest_hour: Annotated[int, Field(ge=0, le=23)] = DIGEST_HOUR


class ChoicesSeen(Seen):
    """How one is told of what."""

    version: int
    ways: dict[str, Way]
    digest_hour: int


class NamedSeen(Seen):
    """A user, by number and name."""

    id: int
    name: str


class CommentSeen(Seen):
    """What somebody said about a record; of a plan at which version, and maybe about which seat."""

    id: int
    version: int
    about_kind: str
    about_id: int
    plan_id: int | None
    version_number: int | None
    seat_key: str | None
    parent_id: int | None
    text: str
    by_id: int
    by_name: Annotated[str, Field(validation_alias="author")]
    at: datetime
    edited_at: datetime | None
    resolved_at: datetime | None
    resolved_by_name: str | None
    mentions: Annotated[list[NamedSeen], Field(validation_alias="named")]


class CommentsSeen(Seen):
    """All that was said about a record, in order."""

    items: list[CommentSeen]


class FollowersSeen(Seen):
    """Who follows a record, and whether you do."""

    is_following: bool
    items: list[NamedSeen]


class NotificationSeen(Seen):
    """What you are told of: in words, about which record, in which comment, and the page that shows it."""

    id: int
    kind: NotificationKind
    way: Way
    at: datetime
    read_at: datetime | None
    by_name: str
    about_kind: str
    about_id: int
    comment_id: int | None
    title: str
    words: str
    path: str


class NotificationsRead(Seen):
    """How many notifications were unread."""

    num_read: int
