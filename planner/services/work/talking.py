"""What people say about records: a comment, its answers, said otherwise, settled, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from planner.models import Comment, Mention, NotificationKind, Plan, User, now
from planner.schemas.work_talk import CommentSaid, TextSaid
from planner.services.editing import require_version
from planner.services.planning import versions
from planner.services.planning.reading import question_of
from planner.services.refused import Refused
from planner.services.work import following, mentions, notifying
from planner.services.work.kinds import kind_of, reference

TEXT_LONGEST = 10_000


@dataclass(frozen=True)
class Thread:
    """A comment and its answers, in order."""

    first: Comment
    answers: Sequence[Comment]


def comments_of(session: Session, row: Any, seat_key: str | None = None) -> list[Comment]:
    """What was said about a record, or about one seat of a plan, in order."""
    column = getattr(Comment, f"{kind_of(row).name}_id")
    whole = (selectinload(Comment.mentions).joinedload(Mention.user), selectinload(Comment.by))
    said = select(Comment).options(*whole).where(column == row.id).order_by(Comment.id)
    return list(session.scalars(said if seat_key is None else said.where(Comment.seat_key == seat_key)))


def threads_of(comments: Sequence[Comment]) -> list[Thread]:
    """Comments with their answers below them."""
    below: dict[int, list[Comment]] = {}
    for one in comments:
        if one.parent_id is not None:
            below.setdefault(one.parent_id, []).append(one)
    return [Thread(one, below.get(one.id, ())) for one in comments if one.parent_id is None]


def say(session: Session, row: Any, said: CommentSaid, *, by: User) -> Comment:
    """Says something about a record, and tells whom it names and who follows.

    Raises Refused for somebody named who may not see it, an answer to nothing, and a seat that the plan has not.
    """
    parent = _parent(session, row, said.parent_id)
    seat_key = _seat_key(row, said.seat_key or (parent.seat_key if parent is not None else None))
    text = _with_mention(session, row, said)
    users = mentions.named(session, text, row)
    comment = Comment(
        **reference(row),
        version_number=_version_of(session, row),
        seat_key=seat_key,
        parent_id=parent.id if parent is not None else None,
        text=text,
        by_id=by.id,
        by_name=by.name,
        mentions=[Mention(user_id=user.id) for user in users],
    )
    session.add(comment)
    session.flush()
    told = following.followers(session, row)
    _tell(session, row, comment, users, by)
    others = [user for user in told if user.id not in {one.id for one in users}]
    notifying.notify(session, others, NotificationKind.COMMENT, row, by=by, comment=comment)
    return comment


def edit(session: Session, comment: Comment, said: TextSaid, version: int | None, *, by: User) -> Comment:
    """Says it otherwise; whom it names only now is told. Raises Stale, and Refused as `say` does."""
    require_version(comment, version)
    if comment.by_id != by.id:
        raise Refused("comment_is_anothers")
    if said.text == comment.text:
        return comment
    users = mentions.named(session, said.text, comment.about)
    before = {one.user_id: one for one in comment.mentions}
    comment.mentions = [before.get(user.id) or Mention(user_id=user.id) for user in users]
    comment.text, comment.edited_at = said.text, now()
    session.flush()
    _tell(session, comment.about, comment, [user for user in users if user.id not in before], by)
    return comment


def settle(session: Session, comment: Comment, version: int | None, *, is_resolved: bool, by: User) -> Comment:
    """Says that what a comment began is settled, or that it is not. Raises Stale; Refused for an answer."""
    require_version(comment, version)
    if comment.parent_id is not None:
        raise Refused("an_answer_is_not_settled")
    if is_resolved != (comment.resolved_at is not None):
        comment.resolved_at = now() if is_resolved else None
        comment.resolved_by_name = by.name if is_resolved else None
    session.flush()
    return comment


def forget_author(session: Session, user: User) -> None:
    """Takes the name off what a user said who goes and was nobody of the staff."""
    session.execute(update(Comment).where(Comment.by_id == user.id).values(by_name=""))


def _parent(session: Session, row: Any, parent_id: int | None) -> Comment | None:
    """What is answered: of an answer the comment that it answers."""
    if parent_id is None:
        return None
    found = session.get(Comment, parent_id)
    if found is None or found.about is not row:
        raise Refused("comment_is_gone", field="parent_id")
    return session.get_one(Comment, found.parent_id) if found.parent_id is not None else found


def _seat_key(row: Any, seat_key: str | None) -> str | None:
    if seat_key is not None and (not isinstance(row, Plan) or seat_key not in question_of(row).seat_by_id):
        raise Refused("no_such_seat", field="seat_key", seat=seat_key)
    return seat_key


def _version_of(session: Session, row: Any) -> int | None:
    if not isinstance(row, Plan):
        return None
    newest = versions.latest(session, row)
    return newest.number if newest is not None else 1


def _with_mention(session: Session, row: Any, said: CommentSaid) -> str:
    """The text; whom the field beside it names is named in front."""
    if not said.mention:
        return said.text
    user = mentions.by_label(session, said.mention, row)
    text = f"@{mentions.labels_of(mentions.users(session))[user.id]} {said.text}"
    if len(text) > TEXT_LONGEST:
        raise Refused("comment_too_long", field="text", most=TEXT_LONGEST)
    return text


def _tell(session: Session, row: Any, comment: Comment, users: Sequence[User], by: User) -> None:
    following.begin(session, row, [*users, by])
    notifying.notify(session, users, NotificationKind.MENTION, row, by=by, comment=comment)
