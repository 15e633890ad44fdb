"""What may be said of users, tokens, one's own account and the workspace."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from planner.models import LARGEST, LEVEL_LARGEST, SCOPES, PeriodKind, RoleName
from planner.schemas.planning_plans import WeightsSaid
from planner.schemas.said import Id, Name, Said, Seen, Version, optional, within_calendars

PASSWORD_SHORTEST = 10
PASSWORD_LONGEST = 200
PERIODS_MOST = 10_000

ADDRESS = re.compile(r"[^@\s<>\"',;:\\]+@[^@\s<>\"',;:\\]+")


def _address(text: str) -> str:
    """An address as it is kept, in lower case; inner networks have addresses without a dot, so none is asked for."""
    if not ADDRESS.fullmatch(text):
        raise PydanticCustomError("email", "This is not an e-mail address.")
    return text.lower()


def _upper(value: object) -> object:
    return value.strip().upper() if isinstance(value, str) else value


def _known_zone(name: str) -> str:
    """A time zone by its name in the tz database."""
    if name not in available_timezones():
        raise PydanticCustomError("time_zone_not_known", "There is no time zone of this name; one is Europe/Paris.")
    return name


TimeZone = Annotated[str, StringConstraints(max_length=100), AfterValidator(_known_zone)]
Email = Annotated[str, StringConstraints(min_length=3, max_length=254, strip_whitespace=True), AfterValidator(_address)]
Password = Annotated[
    str, StringConstraints(min_length=PASSWORD_SHORTEST, max_length=PASSWORD_LONGEST, strip_whitespace=False)
]
Language = Literal["en", "fr"]
Theme = Literal["light", "dark", "system"]
Limit = Annotated[int, Field(ge=0, le=LARGEST)]


class AdministratorSaid(Said):
    """The first administrator."""

    name: Name
    email: Email
    password: Password


class UserSaid(Said):
    """A user, as an administrator adds and edits one."""

    name: Name
    email: Email
    roles: Annotated[list[RoleName], Field(min_length=1, max_length=len(RoleName))]
    locale: Language = "en"
    active: bool = True
    person_id: optional(Id) = None  # type: ignore[valid-type]


class UserSeen(Seen):
    """A user, without anything that a login needs."""

    id: int
    version: Version
    name: str
    email: str
    roles: Annotated[list[RoleName], Field(validation_alias="role_names")]
    locale: str
    active: bool
    person_id: int | None


class OwnSaid(Said):
    """What users say about themselves."""

    name: Name
    locale: Language
    theme: Theme


class TokenSaid(Said):
    """A token for another program."""

    name: Name
    scopes: Annotated[list[Literal[SCOPES]], Field(min_length=1, max_length=len(SCOPES))]  # type: ignore[valid-type]
    num_days: Annotated[int, Field(ge=1, le=3650)] = 90


class LimitsSaid(Said):
    """What no plan may go beyond; nothing where there is no limit."""

    max_hires: optional(Limit) = None  # type: ignore[valid-type]
    hire_budget: optional(Limit) = None  # type: ignore[valid-type]
    budget: optional(Limit) = None  # type: ignore[valid-type]


class CompanySaid(Said):
    """An empty workspace at its first day."""

    name: Name
    currency: Annotated[
        str, BeforeValidator(_upper), StringConstraints(pattern=r"^[A-Z]{3}$", strip_whitespace=True)
    ] = "EUR"
    calendar_start_on: Annotated[date, AfterValidator(within_calendars)]
    num_periods: Annotated[int, Field(ge=1, le=PERIODS_MOST)] = 26


class WorkspaceSaid(CompanySaid):
    """What holds for everything here."""

    period: PeriodKind = PeriodKind.WEEK
    level_max: Annotated[int, Field(ge=1, le=LEVEL_LARGEST)] = 5
    is_agreed_by_two: bool = False
    time_zone: TimeZone = "UTC"
    weights: WeightsSaid = WeightsSaid()
    limits: LimitsSaid = LimitsSaid()


class WorkspaceSeen(Seen):
    """The workspace, for other programs."""

    version: int
    name: str
    currency: str
    period: PeriodKind
    calendar_start_on: date
    num_periods: int
    level_max: int
    is_agreed_by_two: bool
    time_zone: str
    weights: dict[str, int]
    limits: dict[str, int | None]


class RemovalSeen(Seen):
    """Something that was removed, and can be brought back until it is."""

    id: int
    subject: str
    title: str
    removed_at: datetime
    restored_at: datetime | None
