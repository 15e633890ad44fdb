"""Corridor account: users, roles, tokens, the workspace and its settings, and what was removed and can come back.

Nothing here knows Flask: the login's own view of the user table stands at the door (`planner/login.py`).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, LargeBinary, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.declarative import Base, Dated, Versioned, choice, now


class RoleName(StrEnum):
    """What a user may be; `planner/rights.py` says what each may do."""

    ADMINISTRATOR = "administrator"
    PROJECT_MANAGER = "project_manager"
    OPERATIONS = "operations"
    EXECUTIVE = "executive"
    MEMBER = "member"
    COMPLIANCE = "compliance"


CORRIDORS = ("staffing", "hiring", "planning", "work", "outcomes", "account")
SCOPES = tuple(f"{corridor}:{right}" for corridor in CORRIDORS for right in ("read", "write"))


class PeriodKind(StrEnum):
    """One step of the workspace's calendar."""

    WEEK = "week"
    DAY = "day"
    HOUR = "hour"


class User(Versioned, Dated, Base):
    """A login; may belong to a person."""

    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    locale: Mapped[str] = mapped_column(default="en")
    theme: Mapped[str] = mapped_column(default="system")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    is_sample: Mapped[bool] = mapped_column(default=False)
    fs_uniquifier: Mapped[str] = mapped_column(unique=True)
    confirmed_at: Mapped[datetime | None]
    last_login_at: Mapped[datetime | None]
    current_login_at: Mapped[datetime | None]
    last_login_ip: Mapped[str | None]
    current_login_ip: Mapped[str | None]
    login_count: Mapped[int] = mapped_column(default=0)
    tf_primary_method: Mapped[str | None]
    tf_totp_secret: Mapped[str | None]
    tf_last_counter: Mapped[int | None]
    mf_recovery_codes: Mapped[list[str] | None]
    granted: Mapped[list[UserRole]] = relationship(
        back_populates="user", cascade="all, delete-orphan", lazy="selectin", order_by="UserRole.role"
    )

    @property
    def role_names(self) -> frozenset[RoleName]:
        """The roles that this user holds."""
        return frozenset(grant.role for grant in self.granted)


class UserRole(Base):
    """A role that a user holds."""

    __tablename__ = "user_role"
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[RoleName] = mapped_column(choice(RoleName, "role_is_known"), primary_key=True)
    user: Mapped[User] = relationship(back_populates="granted")


class ApiToken(Base):
    """A bearer token: only its hash is kept, it can do what its scopes and its user's roles both allow."""

    __tablename__ = "api_token"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    prefix: Mapped[str]
    scopes: Mapped[list[str]]
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    user: Mapped[User] = relationship()


class EndedSession(Base):
    """A login that was logged out: its cookie stays dead, wherever a copy of it may be. Only its hash is kept."""

    __tablename__ = "ended_session"
    session_hash: Mapped[str] = mapped_column(primary_key=True)
    ended_at: Mapped[datetime] = mapped_column(default=now, index=True)


class LoginLink(Base):
    """A link that logs a user in once, until it expires; only its hash is kept."""

    __tablename__ = "login_link"
    link_hash: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    user: Mapped[User] = relationship()


class Workspace(Versioned, Base):
    """The one row of what holds for everything here: its calendar, currency, levels and the solver's defaults."""

    __tablename__ = "workspace"
    __table_args__ = (
        CheckConstraint("id = 1", name="there_is_one"),
        CheckConstraint("num_periods >= 1", name="horizon_is_positive"),
        CheckConstraint("level_max BETWEEN 1 AND 100", name="levels_go_to_100"),
    )
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    name: Mapped[str] = mapped_column(default="")
    currency: Mapped[str] = mapped_column(default="EUR")
    period: Mapped[PeriodKind] = mapped_column(choice(PeriodKind, "period_is_known"), default=PeriodKind.WEEK)
    calendar_start_on: Mapped[date] = mapped_column(Date)
    num_periods: Mapped[int] = mapped_column(default=26)
    level_max: Mapped[int] = mapped_column(default=5)
    weights: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    limits: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    is_growth: Mapped[bool] = mapped_column(default=False)
    is_agreed_by_two: Mapped[bool] = mapped_column(default=False, server_default=false())
    time_zone: Mapped[str] = mapped_column(default="UTC", server_default="UTC")
    is_sample: Mapped[bool] = mapped_column(default=False)
    set_up_at: Mapped[datetime | None]

    @property
    def step(self) -> timedelta:
        """The length of one period."""
        return {
            PeriodKind.WEEK: timedelta(weeks=1),
            PeriodKind.DAY: timedelta(days=1),
            PeriodKind.HOUR: timedelta(hours=1),
        }[self.period]

    def idx_of(self, moment: datetime) -> int:
        """The period in which a wall-clock moment lies, counted from the calendar's start; may be negative."""
        return (moment - datetime.combine(self.calendar_start_on, time.min)) // self.step

    def moment_of(self, idx: int) -> datetime:
        """The wall-clock moment at which a period begins. Raises OverflowError past the year 9999."""
        return datetime.combine(self.calendar_start_on, time.min) + idx * self.step


class ExchangeRate(Versioned, Base):
    """What one unit of a currency was worth in the workspace's currency from a day on."""

    __tablename__ = "exchange_rate"
    __table_args__ = (
        UniqueConstraint("currency", "from_on"),
        CheckConstraint("rate > 0", name="rate_is_positive"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    currency: Mapped[str]
    from_on: Mapped[date] = mapped_column(Date)
    rate: Mapped[float]


class Removal(Base):
    """Rows that someone removed, kept whole so that the removal can be undone."""

    __tablename__ = "removal"
    id: Mapped[int] = mapped_column(primary_key=True)
    removed_at: Mapped[datetime] = mapped_column(default=now)
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    subject: Mapped[str]
    title: Mapped[str]
    rows: Mapped[bytes] = mapped_column(LargeBinary)
    restored_at: Mapped[datetime | None]


class OutgoingMail(Base):
    """A message on its way; where no mail server is set, an administrator reads it here and passes it on.

    What a worker is to send has a time from which on it is due; the time goes before the message leaves.
    """

    __tablename__ = "outgoing_mail"
    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    recipient: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    sent_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=0, server_default="0")


def today() -> date:
    """The present day, in UTC."""
    return datetime.now(UTC).date()
