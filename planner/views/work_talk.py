"""Pages on which people talk about a record, the same for each kind, and the part of the record's own page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from flask_babel import gettext as _

from planner import access, db
from planner.forms.work_talk import CommentForm, SettleForm, TextForm
from planner.markdown import markdown
from planner.models import Comment, Plan, User
from planner.services.refused import Refused
from planner.services.work import following, mentions, talking
from planner.services.work.kinds import KINDS, Kind, kind_of
from planner.services.work.talking import Thread
from planner.views.door import Answer, actor, acts, confirm_removal, is_fragment, remove_row, save
from planner.wording import refusal_sentence
from planner.words.work_talk import href_of, page_href, title_of

pages = Blueprint("work_talk", __name__, url_prefix="/talk")


@dataclass(frozen=True)
class Talk:
    """What the part of a page shows on which people talk."""

    row: Any
    kind: Kind
    threads: list[Thread]
    num: int
    followers: list[User]
    is_following: bool
    may_say: bool
    people: list[str]
    me: int
    seat_key: str | None
    meant: int | None


def init_app(app: Flask) -> None:
    """Lets the page of every record show what is said about it: it sets `talk_about`, includes work/_talk.html."""
    app.jinja_env.globals.update(talk_of=talk_of, comment_form=lambda: CommentForm(formdata=None), may_comment=_may)
    app.jinja_env.filters.update(comment_html=html_of)


def talk_of(row: Any, seat_key: str | None = None) -> Talk:
    """What is said about a record, or about a seat of a plan, and who follows."""
    session, user = db.session(), actor()
    comments, users = talking.comments_of(session, row, seat_key), following.followers(session, row)
    meant = request.args.get("comment", "")
    return Talk(
        row=row,
        kind=kind_of(row),
        threads=talking.threads_of(comments),
        num=len(comments),
        followers=users,
        is_following=user.id in {one.id for one in users},
        may_say=access.allowed(user, kind_of(row).comment, row),
        people=[label for _user, label in mentions.can_be_named(session, row)],
        me=user.id,
        seat_key=seat_key,
        meant=int(meant) if meant.isascii() and meant.isdecimal() and len(meant) < 10 else None,
    )


def html_of(comment: Comment) -> Any:
    """What a comment says, as HTML."""
    names = [name for one in comment.mentions for name in (one.user.name, mentions.full_label(one.user))]
    return markdown(comment.text, names)


def _add(kind: Kind) -> None:
    one = f"/{kind.path}/<int:{kind.name}_id>"

    def talk(row: Any) -> Answer:
        return _page(row)

    def comment_add(row: Any) -> Answer:
        return _said(row)

    def follow_begin(row: Any) -> Answer:
        return _follow(row, is_following=True)

    def follow_end(row: Any) -> Answer:
        return _follow(row, is_following=False)

    shown: Callable[..., Any] = acts(kind.see, kind.model)(talk)
    pages.get(one, endpoint=f"{kind.name}_talk")(shown)
    for view, action, path in (
        (comment_add, kind.comment, "comments"),
        (follow_begin, kind.see, "follow"),
        (follow_end, kind.see, "unfollow"),
    ):
        posted: Callable[..., Any] = acts(action, kind.model)(view)
        pages.post(f"{one}/{path}", endpoint=f"{kind.name}_{view.__name__}")(posted)


for _kind in KINDS:
    _add(_kind)


@pages.route("/comments/<int:comment_id>/edit", methods=["GET", "POST"])
@acts("comment.edit", Comment)
def comment_edit(comment: Comment) -> Answer:
    form, row = TextForm(obj=comment), comment.about
    if request.method == "POST" and "preview" in request.values:
        return _preview(row, form.text.data or "") if is_fragment() else _edit_page(comment, form)
    return save(
        form,
        lambda: talking.edit(db.session(), comment, form.said, form.read_version, by=actor()),
        page=lambda: _edit_page(comment, form),
        then=lambda done: href_of(row, done),
        told=_("Your comment was changed."),
    )


@pages.post("/comments/<int:comment_id>/settle")
@acts("comment.settle", Comment)
def comment_settle(comment: Comment) -> Answer:
    form, row = SettleForm(), comment.about
    return save(
        form,
        lambda: talking.settle(db.session(), comment, form.read_version, is_resolved=form.said.is_resolved, by=actor()),
        page=lambda: _page(row, settling=form),
        then=lambda done: href_of(row, done),
        told="",
    )


@pages.route("/comments/<int:comment_id>/remove", methods=["GET", "POST"])
@acts("comment.remove", Comment)
def comment_remove(comment: Comment) -> Answer:
    row, title = comment.about, _("comment of %(name)s", name=comment.author or _("somebody who has left"))
    if request.method == "GET":
        what = _("It goes with the answers to it, and whoever was told of it is told no more.")
        return confirm_removal(title, what, href_of(row, comment))
    return remove_row(comment, title=title, then=href_of(row))


def _said(row: Any) -> Answer:
    """What somebody has to say; as they type, or at a button, they see how it will look."""
    form = CommentForm()
    if "preview" in request.values:
        return _preview(row, form.text.data or "") if is_fragment() else _page(row, form=form)
    return save(
        form,
        lambda: talking.say(db.session(), row, form.said, by=actor()),
        page=lambda: _page(row, form=form),
        then=lambda comment: _after(row, comment),
        told=_("Your comment is there."),
    )


def _follow(row: Any, *, is_following: bool) -> Answer:
    following.follow(db.session(), row, actor(), is_following=is_following)
    db.session().commit()
    return redirect(_back(row), 303)


def _page(row: Any, *, form: CommentForm | None = None, settling: SettleForm | None = None) -> str:
    user = actor()
    text = (form.text.data or "") if form is not None else ""
    return render_template(
        "work/talk_show.html",
        row=row,
        what=title_of(row, user),
        back=page_href(row),
        talk_form=form or CommentForm(formdata=None),
        settling=settling,
        talk_preview=_previewed(row, text) if text else None,
    )


def _edit_page(comment: Comment, form: TextForm) -> str:
    row, text = comment.about, form.text.data or ""
    is_asked = request.method == "POST" and "preview" in request.values
    return render_template(
        "work/comment_edit.html",
        form=form,
        comment=comment,
        what=title_of(row, actor()),
        back=href_of(row, comment),
        talk_preview=_previewed(row, text) if is_asked else None,
    )


def _preview(row: Any, text: str) -> str:
    return render_template("work/_preview.html", talk_preview=_previewed(row, text))


def _previewed(row: Any, text: str) -> dict[str, Any]:
    """How a text will look, whom it tells, and why it cannot be said so."""
    try:
        users = mentions.named(db.session(), text, row)
    except Refused as refused:
        return {"html": markdown(text), "names": [], "refused": refusal_sentence(refused)}
    names = [name for user in users for name in (user.name, mentions.full_label(user))]
    return {"html": markdown(text, names), "names": [user.name for user in users], "refused": ""}


def _after(row: Any, comment: Comment) -> str:
    """Back to where the comment was written."""
    back = _back(row)
    return f"{back}#comment-{comment.id}" if "?" not in back else href_of(row, comment)


def _back(row: Any) -> str:
    """The page that a form stood on: one of those that show what is said about the record."""
    asked = request.form.get("back", "")
    known = [page_href(row), href_of(row)]
    if isinstance(row, Plan):
        known.append(url_for("planning_review.plan_review", plan_id=row.id))
        seat_key = request.form.get("seat_key")
        known += [url_for("planning_seats.plan_seat", plan_id=row.id, seat_key=seat_key)] if seat_key else []
    return asked if asked in known else href_of(row)


def _may(action: str, comment: Comment) -> bool:
    return access.allowed(actor(), action, comment)
