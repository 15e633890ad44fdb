"""Pages of what a user is told: the list, how much of it is unread, and how they want to be told."""

from __future__ import annotations

from flask import Blueprint, Flask, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from planner import db
from planner.forms.work_talk import ChoicesForm
from planner.models import Notification, User
from planner.services.refused import Refused
from planner.services.staffing import projects
from planner.services.work import choices, notifying
from planner.views.door import Answer, actor, acts, query, save
from planner.wording import refusal_sentence
from planner.words.work_talk import notification_href

pages = Blueprint("work_notifications", __name__, url_prefix="/notifications")
EVERY_S = 30  # that an open page asks again


def init_app(app: Flask) -> None:
    """Lets the frame of every page show how much its reader has not read."""
    app.jinja_env.globals.update(num_unread=num_unread, unread_every_s=EVERY_S)


def num_unread() -> int | None:
    """How much this page's reader has not read; None where nobody is logged in. Asked once for each page."""
    if "num_unread" not in g:
        user = db.session().get(User, current_user.id) if current_user and current_user.is_authenticated else None
        g.num_unread = notifying.num_unread(db.session(), user) if user is not None else None
    found: int | None = g.num_unread
    return found


@pages.get("")
@acts("notification.see")
def notification_list() -> Answer:
    user, session = actor(), db.session()
    page = notifying.page_of_notifications(session, query(), user)
    return render_template("work/notification_list.html", page=page, reader=user, ways=choices.ways_of(session, user))


@pages.get("/count")
@acts("notification.see")
def notification_count() -> Answer:
    """A fragment of every page: how much is unread now."""
    return render_template("work/_bell.html")


@pages.get("/<int:notification_id>/open")
@acts("notification.see", Notification)
def notification_open(row: Notification) -> Answer:
    """Leads to what a notification is about, and counts it as read; where its reader may not see that, back."""
    try:
        notifying.require_seen(actor(), row)
    except Refused as refused:
        flash(refusal_sentence(refused), "error")
        return redirect(url_for(".notification_list"), 303)
    if row.read_at is None:
        session = db.session()
        session.commit()
        session.connection(execution_options={"planner_writes": True})
        notifying.mark(session, row, is_read=True)
        session.commit()
    return redirect(notification_href(row), 303)


@pages.post("/<int:notification_id>/read")
@acts("notification.mark", Notification)
def notification_read(row: Notification) -> Answer:
    return _marked(row, is_read=True)


@pages.post("/<int:notification_id>/unread")
@acts("notification.mark", Notification)
def notification_unread(row: Notification) -> Answer:
    return _marked(row, is_read=False)


@pages.post("/read")
@acts("notification.mark")
def notification_read_all() -> Answer:
    num = notifying.mark_all(db.session(), actor())
    db.session().commit()
    flash(ngettext("%(num)s notification is read now.", "%(num)s notifications are read now.", num), "success")
    return redirect(url_for(".notification_list"), 303)


@pages.route("/choices", methods=["GET", "POST"])
@acts("notification.choose")
def notification_choices() -> Answer:
    session, user = db.session(), actor()
    row = choices.shown(session, user)
    form = ChoicesForm(obj=row)
    return save(
        form,
        lambda: choices.choose(session, choices.to_edit(session, user), form.said, form.read_version),
        page=lambda: render_template(
            "work/notification_choices.html", form=form, workspace=projects.workspace_of(session), user=user
        ),
        then=lambda _row: url_for(".notification_choices"),
        told=_("From now on you are told so."),
    )


def _marked(row: Notification, *, is_read: bool) -> Answer:
    notifying.mark(db.session(), row, is_read=is_read)
    db.session().commit()
    return redirect(url_for(".notification_list"), 303)
