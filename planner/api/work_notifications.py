"""The API's notifications: what a user is told, what of it they have read, and how they want to be told."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify
from flask_babel import lazy_gettext as _

from planner import access, db
from planner.api import asking
from planner.api.answers import shown, with_version
from planner.api.operations import edited, operation
from planner.api.routes import linked, list_parameters, page_schema
from planner.models import Notification
from planner.schemas.work_talk import ChoicesSaid, ChoicesSeen, NotificationSeen, NotificationsRead, ReadSaid
from planner.services.work import choices, notifying
from planner.services.work.kinds import may_see
from planner.words.work_talk import notification_href, title_of, words_of

TAG = _("Notifications")
STATES = {"state": _("unread: only what you have not read.")}


def init(pages: Blueprint) -> None:
    """Registers the routes of notifications."""
    pages.get("/notifications")(notification_list)
    pages.post("/notifications/read")(notification_read_all)
    pages.get("/notifications/<int:notification_id>")(notification_show)
    pages.post("/notifications/<int:notification_id>/read")(notification_read)
    pages.get("/notification-choices")(choices_show)
    pages.put("/notification-choices")(choices_edit)


@operation(
    "notification.see",
    tag=TAG,
    summary=_("Notifications: list"),
    about=_("Yours, about what you may see today; the newest first."),
    gives=page_schema(NotificationSeen),
    parameters=list_parameters((), STATES),
)
def notification_list() -> Response:
    page = notifying.page_of_notifications(db.session(), asking.query((), tuple(STATES)), asking.actor())
    items = [_told(row) for row in page.items]
    answer = jsonify({"items": items, "page": page.number, "pages": page.num_pages, "total": page.total})
    return with_version(linked(answer, page), None)


@operation("notification.see", Notification, tag=TAG, summary=_("Notifications: show one"), gives=NotificationSeen)
def notification_show(row: Notification) -> Response:
    return _answer(row)


@operation(
    "notification.mark",
    Notification,
    tag=TAG,
    summary=_("Notifications: say whether you have read one"),
    takes=ReadSaid,
    gives=NotificationSeen,
)
def notification_read(row: Notification) -> Response:
    notifying.mark(db.session(), row, is_read=asking.said(ReadSaid).is_read)
    db.session().commit()
    return _answer(row)


@operation(
    "notification.mark", tag=TAG, summary=_("Notifications: say that you have read them all"), gives=NotificationsRead
)
def notification_read_all() -> Response:
    num = notifying.mark_all(db.session(), asking.actor())
    db.session().commit()
    return shown({"num_read": num}, NotificationsRead)


@operation("notification.see", tag=TAG, summary=_("Notifications: how you are told of what"), gives=ChoicesSeen)
def choices_show() -> Response:
    return shown(choices.shown(db.session(), asking.actor()), ChoicesSeen)


@operation(
    "notification.choose",
    tag=TAG,
    summary=_("Notifications: choose how you are told of what"),
    about=_("Ways are none, page, digest and mail; what is left out takes its default."),
    takes=ChoicesSaid,
    gives=ChoicesSeen,
    is_versioned=True,
)
def choices_edit() -> Response:
    session, said = db.session(), asking.said(ChoicesSaid)
    row = choices.to_edit(session, asking.actor())
    return edited(row, ChoicesSeen, lambda version: choices.choose(session, row, said, version), said)


def _answer(row: Notification) -> Response:
    """A notification; one about what its reader may not see any more is not there."""
    if not may_see(asking.actor(), row.about):
        raise access.Hidden("notification")
    return with_version(jsonify(_told(row)), None)


def _told(row: Notification) -> dict[str, Any]:
    reader = asking.actor()
    names = set(NotificationSeen.model_fields) - {"title", "words", "path"}
    said = {name: getattr(row, name) for name in names}
    seen = NotificationSeen(
        **said, title=title_of(row.about, reader), words=words_of(row, reader), path=notification_href(row)
    )
    return seen.model_dump(mode="json")
