"""Telling people: a row for each who is to know, in the transaction of what it tells of. Its words are made later.

Whoever may not see what it is about is told nothing: asked here, again when an e-mail is made, and when it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session, joinedload

from planner import access
from planner.models import TALKED_ABOUT, Comment, Notification, NotificationKind, Plan, RoleName, User, Way, now
from planner.services.listing import Page, Query
from planner.services.refused import Refused
from planner.services.work import choices, following
from planner.services.work.kinds import may_see, reference

DUE = "notifications_to_mail"  # in a session's `info`: what its request has told, for whoever makes e-mails of it
MOST_SHOWN = 500  # of a list, and of what is counted
MOST_COUNTED = 99


def notify(
    session: Session,
    users: Iterable[User],
    kind: NotificationKind,
    row: Any,
    *,
    by: User | None,
    comment: Comment | None = None,
    detail: dict[str, Any] | None = None,
) -> list[Notification]:
    """Tells each of these users once, in the way that they have chosen; whoever did it knows."""
    told = []
    for user in {user.id: user for user in users}.values():
        if (by is not None and user.id == by.id) or not may_see(user, row):
            continue
        way = choices.ways_of(session, user)[kind]
        if way is not Way.NONE:
            told.append(_kept(user, kind, way, row, by, comment, detail))
    session.add_all(told)
    session.flush()
    session.info.setdefault(DUE, []).extend(one.id for one in told if one.way is Way.MAIL)
    return told


def decided(session: Session, row: Any, step: str, *, by: User | None, asked: str | None = None) -> None:
    """Tells of a decision about a record: whoever follows it, and whoever is asked to act now (may do `asked`)."""
    users = following.followers(session, row)
    if asked is not None:
        users += [user for user in _everybody(session) if access.allowed(user, asked, row)]
    notify(session, users, NotificationKind.DECISION, row, by=by, detail={"step": step})


def tell_of_plan(session: Session, user: User, plan: Plan, detail: dict[str, Any], *, by: User) -> bool:
    """Notes that a user is told that a plan is in force; whether an e-mail is to be made of it now.

    Whoever sees no plans has none on their page, and none in their digest: they are told at once of their own work.
    """
    way = choices.ways_of(session, user)[NotificationKind.PLAN_IN_FORCE]
    if not may_see(user, plan):
        return way in (Way.MAIL, Way.DIGEST)
    if way is Way.NONE:
        return False
    row = _kept(user, NotificationKind.PLAN_IN_FORCE, way, plan, by, None, detail)
    row.mailed_at = now() if way is Way.MAIL else None
    session.add(row)
    session.flush()
    return way is Way.MAIL


def page_of_notifications(session: Session, query: Query, user: User) -> Page[Notification]:
    """What a user is told of and may see today, the newest first; only what is unread where the URL asks so."""
    wanted = _of(user)
    if query.value("state") == "unread":
        wanted = wanted.where(Notification.read_at.is_(None))
    seen = [row for row in session.scalars(wanted.limit(MOST_SHOWN)).unique() if may_see(user, row.about)]
    number = min(query.page, max(1, -(-len(seen) // query.size)))
    items = seen[(number - 1) * query.size : number * query.size]
    return Page(items, number, query.size, len(seen), query)


def num_unread(session: Session, user: User) -> int:
    """How much a user has not read and may see; counted up to a hundred."""
    unread = _of(user).where(Notification.read_at.is_(None)).limit(MOST_COUNTED + 1)
    if not session.scalar(select(func.count()).select_from(_unread(user).limit(1).subquery())):
        return 0
    return sum(may_see(user, row.about) for row in session.scalars(unread).unique())


def mark(session: Session, row: Notification, *, is_read: bool) -> Notification:
    """Notes that a notification was read, or puts it back among those that were not."""
    row.read_at = (row.read_at or now()) if is_read else None
    session.flush()
    return row


def mark_all(session: Session, user: User, *, until: datetime | None = None) -> int:
    """Notes that a user has read all that there is, or was at a moment; how many they had not."""
    moment = now()
    statement = update(Notification).where(
        Notification.user_id == user.id, Notification.read_at.is_(None), Notification.at <= (until or moment)
    )
    done: Any = session.execute(statement.values(read_at=moment), execution_options={"synchronize_session": False})
    return int(done.rowcount)


def require_seen(user: User, row: Notification) -> Notification:
    """The notification, where its reader may still see what it is about. Raises Refused."""
    if not may_see(user, row.about):
        raise Refused("notification_is_gone")
    return row


def take(session: Session, ids: Sequence[int]) -> list[Notification]:
    """Takes notifications to make e-mails of them: each once, whoever asks; what nobody may see is taken and left."""
    moment = now()
    statement = (
        update(Notification)
        .where(Notification.id.in_(ids), Notification.mailed_at.is_(None), Notification.way.in_((Way.MAIL, Way.DIGEST)))
        .values(mailed_at=moment)
        .returning(Notification.id)
    )
    taken = list(session.scalars(statement, execution_options={"synchronize_session": False}))
    rows = session.scalars(_whole().where(Notification.id.in_(taken)).order_by(Notification.id)).unique()
    return [row for row in rows if may_see(row.user, row.about)]


def again(session: Session, rows: Sequence[Notification]) -> list[Notification]:
    """The same notifications with all that they are about, read anew: by whoever reads now."""
    ids = [row.id for row in rows]
    return list(session.scalars(_whole().where(Notification.id.in_(ids)).order_by(Notification.id)).unique())


def operations(session: Session) -> list[User]:
    """The users who run operations."""
    return [user for user in _everybody(session) if RoleName.OPERATIONS in user.role_names]


def _kept(
    user: User,
    kind: NotificationKind,
    way: Way,
    row: Any,
    by: User | None,
    comment: Comment | None,
    detail: dict[str, Any] | None,
) -> Notification:
    return Notification(
        user_id=user.id,
        kind=kind,
        way=way,
        by_name=by.name if by is not None else "",
        comment_id=comment.id if comment is not None else None,
        detail=detail or {},
        **reference(row),
    )


def _everybody(session: Session) -> list[User]:
    return list(session.scalars(select(User).where(User.active).order_by(User.id)))


def _unread(user: User) -> Select[Any]:
    return select(Notification.id).where(Notification.user_id == user.id, Notification.read_at.is_(None))


def _of(user: User) -> Select[Any]:
    return _whole().where(Notification.user_id == user.id).order_by(Notification.id.desc())


def _whole() -> Select[Any]:
    """Notifications with what they are about, in one question."""
    about = [joinedload(getattr(Notification, name)) for name in TALKED_ABOUT]
    return select(Notification).options(joinedload(Notification.comment), *about)
