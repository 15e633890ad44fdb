"""What somebody can be told of, and in which ways, in words."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext

from planner.models import NotificationKind, Way

KINDS: dict[NotificationKind, Any] = {
    NotificationKind.MENTION: lazy_gettext("Somebody mentions you"),
    NotificationKind.COMMENT: lazy_gettext("Somebody says something about what you follow"),
    NotificationKind.DECISION: lazy_gettext("Somebody decides on what concerns you, or waits for you"),
    NotificationKind.PLAN_IN_FORCE: lazy_gettext("Another plan is in force, and it changes something for you"),
    NotificationKind.ALERT: lazy_gettext("Something in your projects is not as it should be"),
}
WAYS: dict[Way, Any] = {
    Way.NONE: lazy_gettext("not at all"),
    Way.PAGE: lazy_gettext("in the page"),
    Way.DIGEST: lazy_gettext("in the page, and in the daily digest"),
    Way.MAIL: lazy_gettext("in the page, and by e-mail at once"),
}
