"""Talk in words: what a record is called, where it is talked about, and what somebody is told."""

from __future__ import annotations

from typing import Any

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from planner import access
from planner.formats import day, label
from planner.models import (
    Alert,
    Candidate,
    Comment,
    Feedback,
    Idea,
    Notification,
    NotificationKind,
    Objective,
    Phase,
    Plan,
    Project,
    Requisition,
    RoleNeed,
    Seat,
    Task,
    User,
    WorkStyle,
)
from planner.services.work.kinds import kind_of
from planner.words.hiring import alias_of
from planner.words.pages import PAGE_OF
from planner.words.work_alerts import alert_in_words, alert_kind_in_words, alert_subject

# a step of a decision -> who took it, and about what
STEPS: dict[str, Any] = {
    "plan_proposed": lazy_gettext("%(by)s has proposed %(what)s, which waits for somebody to approve it"),
    "plan_changes_asked": lazy_gettext("%(by)s asks for changes to %(what)s"),
    "plan_approved": lazy_gettext("%(by)s has approved %(what)s"),
    "need_asked": lazy_gettext("%(by)s asks operations about %(what)s"),
    "need_insisted": lazy_gettext("%(by)s asks operations once more about %(what)s"),
    "need_accepted": lazy_gettext("%(by)s has accepted %(what)s"),
    "need_declined": lazy_gettext("%(by)s has declined %(what)s"),
    "need_countered": lazy_gettext("%(by)s offers something else for %(what)s"),
    "need_counter_accepted": lazy_gettext("%(by)s takes what operations offer for %(what)s"),
    "need_withdrawn": lazy_gettext("%(by)s has withdrawn the request about %(what)s"),
    "requisition_signed": lazy_gettext("%(by)s has signed the criteria of %(what)s"),
    "hire_approved": lazy_gettext("%(by)s approves the hire of %(what)s"),
    "task_given": lazy_gettext("%(by)s gives you the task %(what)s"),
    "feedback_came": lazy_gettext("A client has said something: %(what)s"),
    "feedback_noted": lazy_gettext("%(by)s has written down what was said: %(what)s"),
    "idea_considered": lazy_gettext("%(by)s considers the idea %(what)s"),
    "idea_accepted": lazy_gettext("%(by)s takes up the idea %(what)s"),
    "idea_declined": lazy_gettext("%(by)s has declined the idea %(what)s"),
    "idea_done": lazy_gettext("%(by)s has carried out the idea %(what)s"),
}

ON_ITS_PAGE = frozenset({"task", "feedback", "idea", "alert"})  # what was decided is seen there


def init_app(app: Flask) -> None:
    """Gives the pages their filters."""
    app.jinja_env.filters.update(talk_title=title_of, talk_href=href_of, notification_words=words_of)


def title_of(row: Any, reader: User) -> str:
    """What a record is called, to this reader: a candidate by number, where they must not know who it is."""
    match row:
        case Project():
            return row.name
        case Phase():
            return _("%(name)s, %(project)s", name=row.name, project=row.project.name)
        case RoleNeed():
            return _("%(name)s, %(project)s", name=row.title, project=row.phase.project.name)
        case Seat():
            number = [seat.id for seat in row.need.seats].index(row.id) + 1
            said = {"number": number, "role": row.need.title, "project": row.need.phase.project.name}
            return _("seat %(number)s of %(role)s, %(project)s", **said)
        case Plan():
            return _("plan %(number)s, %(title)s", number=row.number, title=row.title)
        case WorkStyle():
            return label(row)
        case Requisition():
            return _("requisition %(number)s, %(title)s", number=row.number, title=row.title)
        case Candidate():
            return row.person.name if access.allowed(reader, "candidate.identify", row) else alias_of(row.id)
    return _title_of_work(row)


def href_of(row: Any, comment: Comment | None = None, *, is_whole: bool = False) -> str:
    """The page on which a record is talked about, at a comment where one is meant; with our host for an e-mail.

    The comment stands in the question as well: what stands behind # is lost on the way through the login.
    """
    kind = kind_of(row)
    said: dict[str, Any] = {f"{kind.name}_id": row.id, "_external": is_whole}
    if comment is not None:
        said |= {"comment": comment.id, "_anchor": f"comment-{comment.id}"}
    return url_for(f"work_talk.{kind.name}_talk", **said)


def page_href(row: Any, *, is_whole: bool = False) -> str:
    """The record's own page; with our host for an e-mail."""
    endpoint, said = _page_of(row)
    return url_for(endpoint, **said, _external=is_whole)


def notification_href(row: Notification, *, is_whole: bool = False) -> str:
    """Where a notification leads: to the comment, to what was decided on, or to what changes for its reader."""
    if row.kind is NotificationKind.PLAN_IN_FORCE and "before" in row.detail:
        before = row.detail["before"]
        said = {"of": before["plan_id"], "from": before["version"], "_external": is_whole}
        return url_for("planning_versions.version_difference", plan_id=row.plan_id, **said)
    if row.kind is NotificationKind.DECISION and row.plan_id is not None:
        return url_for("planning_review.plan_review", plan_id=row.plan_id, _external=is_whole)
    if row.kind is NotificationKind.DECISION and row.need_id is not None:
        return url_for("staffing_answers.need_answer_show", need_id=row.need_id, _external=is_whole)
    if row.comment_id is None and row.about_kind in ON_ITS_PAGE:
        return page_href(row.about, is_whole=is_whole)
    return href_of(row.about, row.comment, is_whole=is_whole)


def words_of(row: Notification, reader: User) -> str:
    """What somebody is told, in a sentence without its full stop."""
    said = {"by": row.by_name or _("Somebody"), "what": title_of(row.about, reader)}
    match row.kind:
        case NotificationKind.MENTION:
            return _("%(by)s mentions you: %(what)s", **said)
        case NotificationKind.COMMENT if row.comment is not None and row.comment.parent_id is not None:
            return _("%(by)s answers a comment: %(what)s", **said)
        case NotificationKind.COMMENT:
            return _("%(by)s says something: %(what)s", **said)
        case NotificationKind.PLAN_IN_FORCE:
            version = row.detail.get("version", 1)
            return _("Plan %(number)s, version %(version)s, is in force", number=row.about.number, version=version)
        case NotificationKind.DECISION:
            return str(STEPS[row.detail["step"]]) % said
        case NotificationKind.ALERT:
            words = _("%(what)s: %(why)s", what=said["what"], why=alert_in_words(row.about).rstrip("."))
            num = int(row.detail.get("num_more", 0))
            return words + (ngettext(", and %(num)s more alert", ", and %(num)s more alerts", num) if num else "")
    raise KeyError(row.kind)


def _title_of_work(row: Any) -> str:
    match row:
        case Task():
            return _("%(name)s, %(project)s", name=row.title, project=row.board.name)
        case Feedback():
            return _feedback_title(row)
        case Idea() | Objective():
            return row.title
        case Alert():
            return _("%(name)s, %(project)s", name=alert_kind_in_words(row.kind), project=alert_subject(row))
    raise KeyError(type(row))


def _feedback_title(row: Feedback) -> str:
    said = {"who": row.said_by, "day": day(row.said_on)}
    words = _("feedback of %(who)s, %(day)s", **said) if row.said_by else _("feedback of %(day)s", **said)
    return f"{words}, {row.project.name}" if row.project is not None else words


def _page_of(row: Any) -> tuple[str, dict[str, Any]]:
    match row:
        case Phase():
            return "staffing_projects.project_show", {"project_id": row.project_id, "_anchor": f"phase-{row.id}"}
        case Seat():
            return "staffing_needs.seat_people", {"key": row.key}
        case WorkStyle():
            return "staffing_styles.style_list", {}
        case RoleNeed():
            return "staffing_answers.need_answer_show", {"need_id": row.id}
    endpoint, name = PAGE_OF[row.__tablename__]
    return endpoint, {name: row.id}
