"""Tokens by which other programs act for a user: shown once, kept as a hash, revoked or expired at any time."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from planner.models import ApiToken, User, folded, now
from planner.schemas.account import TokenSaid
from planner.services.account.hashing import digest, new_secret
from planner.services.listing import Page, Query, paged

PREFIX = "planner_"
SHOWN = len(PREFIX) + 6  # characters of a token by which its owner knows it again
USED_EVERY = timedelta(minutes=1)  # `last_used_at` is written no more often: a read stays a read


def add_token(session: Session, user: User, said: TokenSaid) -> tuple[ApiToken, str]:
    """Makes a token, and gives its text: it is known nowhere else."""
    text = new_secret(PREFIX)
    token = ApiToken(
        user_id=user.id,
        name=said.name,
        token_hash=digest(text),
        prefix=text[:SHOWN],
        scopes=sorted(set(said.scopes)),
        expires_at=now() + timedelta(days=said.num_days),
    )
    session.add(token)
    session.flush()
    return token, text


def revoke_token(token: ApiToken) -> None:
    """Ends a token for good."""
    token.revoked_at = token.revoked_at or now()


def living_token(session: Session, text: str) -> ApiToken | None:
    """The token with this text; none where it is unknown, revoked or expired, or its user may not log in any more."""
    token = session.scalar(select(ApiToken).where(ApiToken.token_hash == digest(text)))
    return token if token is not None and is_alive(token) and token.user.active else None


def is_use_due(token: ApiToken) -> bool:
    """Whether the last use that was noted of a token is too long ago."""
    return token.last_used_at is None or now() - token.last_used_at > USED_EVERY


def note_use(session: Session, token_id: int) -> None:
    """Notes that a token is used now."""
    session.execute(update(ApiToken).where(ApiToken.id == token_id).values(last_used_at=now()))


def is_alive(token: ApiToken) -> bool:
    """Whether a token still opens the door."""
    return token.revoked_at is None and (token.expires_at is None or token.expires_at > now())


def page_of_tokens(session: Session, query: Query, *, of: User | None) -> Page[ApiToken]:
    """The tokens of a user, or everybody's."""
    every = select(ApiToken).join(ApiToken.user)
    return paged(
        session,
        every.where(ApiToken.user_id == of.id) if of else every,
        query,
        sorts={"name": folded(ApiToken.name), "newest": -ApiToken.id},
        default="newest",
        search=(ApiToken.name, ApiToken.prefix, User.name),
    )
