"""What may be said of webhooks, and what is shown of them: never their secret, but once."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from planner.models import DeliveryState
from planner.schemas.said import Said, Seen, ShortText

EVENT_NOUNS = (
    "board", "candidate", "experiment", "feedback", "idea", "iteration", "metric", "need", "objective", "person",
    "phase", "plan", "project", "proposal", "rate", "requisition", "site", "skill", "style", "task",
)  # fmt: skip
EVENTS = tuple(f"{noun}.{past}" for noun in EVENT_NOUNS for past in ("added", "changed", "removed"))


def _address(text: str) -> str:
    """An address of the web with a host, nobody's password and nothing that only a browser reads."""
    try:
        parts = urlsplit(text)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
        is_plain = parts.username is None and parts.password is None and not parts.fragment
        is_one = parts.port is None or parts.port > 0
    except ValueError:
        is_web = is_plain = is_one = False
    if not (is_web and is_plain and is_one and text.isascii()) or any(sign <= " " or sign in "\\\x7f" for sign in text):
        raise PydanticCustomError("web_address", "This is not the address of a web server.")
    return text


Address = Annotated[str, StringConstraints(min_length=8, max_length=2000), AfterValidator(_address)]


class WebhookSaid(Said):
    """Where to send which events."""

    url: Address
    events: Annotated[list[Literal[EVENTS]], Field(min_length=1, max_length=len(EVENTS))]  # type: ignore[valid-type]
    is_active: bool = True
    note: ShortText = ""


class WebhookSeen(Seen):
    """A webhook, without its secret."""

    id: int
    version: int
    url: str
    events: list[str]
    is_active: bool
    note: str
    created_at: datetime


class WebhookMade(WebhookSeen):
    """A webhook that was just added, with its secret: it is shown this once."""

    secret: str


class DeliverySeen(Seen):
    """One event on its way to one webhook, and what came of the last try."""

    id: int
    webhook_id: int
    event: str
    state: DeliveryState
    made_at: datetime
    attempts: int
    next_at: datetime | None
    tried_at: datetime | None
    status: int | None
    answer: str
    error: str
    body: dict[str, Any]
