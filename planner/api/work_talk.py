"""The API's talk: what is said about a record and who follows it, the same for each kind."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from planner import db
from planner.api import asking
from planner.api.answers import shown
from planner.api.operations import edited, operation
from planner.models import Comment, Removal
from planner.schemas.account import RemovalSeen
from planner.schemas.work_talk import (
    CommentSaid,
    CommentSeen,
    CommentsSeen,
    FollowersSeen,
    FollowSaid,
    ResolvedSaid,
    TextSaid,
)
from planner.services import removal
from planner.services.editing import require_version
from planner.services.work import following, talking
from planner.services.work.kinds import KINDS, Kind

TAG = _("Comments")
NOUNS = {
    "project": _("Projects"),
    "phase": _("Phases"),
    "need": _("Role needs"),
    "seat": _("Seats"),
    "plan": _("Plans"),
    "style": _("Work styles"),
    "requisition": _("Requisitions"),
    "candidate": _("Candidates"),
    "task": _("Tasks"),
    "feedback": _("Feedback"),
    "idea": _("Ideas"),
    "objective": _("Objectives"),
    "alert": _("Alerts"),
}


def init(pages: Blueprint) -> None:
    """Registers the routes of comments and followers."""
    one = "/comments/<int:comment_id>"
    pages.get(one)(comment_show)
    pages.put(one)(comment_edit)
    pages.delete(one)(comment_remove)
    pages.post(f"{one}/settle")(comment_settle)
    for kind in KINDS:
        _talk(pages, kind)
        _follow(pages, kind)


def _talk(pages: Blueprint, kind: Kind) -> None:
    one = f"/{kind.path}/<int:{kind.name}_id>"

    @pages.get(f"{one}/comments", endpoint=f"{kind.name}_comment_list")
    @operation(
        kind.see,
        kind.model,
        tag=TAG,
        summary=_("%(nouns)s: what was said about one", nouns=NOUNS[kind.name]),
        gives=CommentsSeen,
    )
    def comment_list(row: Any) -> Response:
        return shown({"items": talking.comments_of(db.session(), row)}, CommentsSeen)

    @pages.post(f"{one}/comments", endpoint=f"{kind.name}_comment_add")
    @operation(
        kind.comment,
        kind.model,
        tag=TAG,
        summary=_("%(nouns)s: say something about one", nouns=NOUNS[kind.name]),
        takes=CommentSaid,
        gives=CommentSeen,
        status=201,
        can_be_refused=True,
    )
    def comment_add(row: Any) -> Response:
        comment = talking.say(db.session(), row, asking.said(CommentSaid), by=asking.actor())
        db.session().commit()
        return shown(comment, CommentSeen, 201)


def _follow(pages: Blueprint, kind: Kind) -> None:
    one = f"/{kind.path}/<int:{kind.name}_id>"

    @pages.get(f"{one}/followers", endpoint=f"{kind.name}_follower_list")
    @operation(
        kind.see,
        kind.model,
        tag=TAG,
        summary=_("%(nouns)s: who follows one", nouns=NOUNS[kind.name]),
        gives=FollowersSeen,
    )
    def follower_list(row: Any) -> Response:
        return _followers(row)

    @pages.post(f"{one}/follow", endpoint=f"{kind.name}_follow")
    @operation(
        kind.comment,
        kind.model,
        tag=TAG,
        summary=_("%(nouns)s: follow one, or do not", nouns=NOUNS[kind.name]),
        takes=FollowSaid,
        gives=FollowersSeen,
    )
    def follow(row: Any) -> Response:
        is_following = asking.said(FollowSaid).is_following
        following.follow(db.session(), row, asking.actor(), is_following=is_following)
        db.session().commit()
        return _followers(row)


@operation("comment.see", Comment, tag=TAG, summary=_("Comments: show one"), gives=CommentSeen)
def comment_show(comment: Comment) -> Response:
    return shown(comment, CommentSeen)


@operation(
    "comment.edit",
    Comment,
    tag=TAG,
    summary=_("Comments: say one of yours otherwise"),
    takes=TextSaid,
    gives=CommentSeen,
    is_versioned=True,
    can_be_refused=True,
)
def comment_edit(comment: Comment) -> Response:
    said, by, session = asking.said(TextSaid), asking.actor(), db.session()
    return edited(comment, CommentSeen, lambda version: talking.edit(session, comment, said, version, by=by), said)


@operation(
    "comment.settle",
    Comment,
    tag=TAG,
    summary=_("Comments: say whether it is settled"),
    takes=ResolvedSaid,
    gives=CommentSeen,
    is_versioned=True,
    can_be_refused=True,
)
def comment_settle(comment: Comment) -> Response:
    said, by, session = asking.said(ResolvedSaid), asking.actor(), db.session()

    def settle(version: int) -> Comment:
        return talking.settle(session, comment, version, is_resolved=said.is_resolved, by=by)

    return edited(comment, CommentSeen, settle, said)


@operation(
    "comment.remove",
    Comment,
    tag=TAG,
    summary=_("Comments: remove one"),
    about=_("With the answers to it; a manager can bring it back by its removal."),
    gives=RemovalSeen,
    is_versioned=True,
    can_be_refused=True,
)
def comment_remove(comment: Comment) -> Response:
    session = db.session()

    def remove(version: int) -> Removal:
        session.refresh(comment, with_for_update=True)
        require_version(comment, version)
        title = gettext("comment of %(name)s", name=comment.author or gettext("somebody who has left"))
        return removal.remove(session, comment, title=title, by_id=asking.actor().id)

    return edited(comment, CommentSeen, remove, gives=RemovalSeen)


def _followers(row: Any) -> Response:
    users, me = following.followers(db.session(), row), asking.actor().id
    return shown({"is_following": me in {user.id for user in users}, "items": users}, FollowersSeen)
