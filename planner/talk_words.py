"""Talk in words: what a record is called, where it is talked about, and what somebody is told."""

from __future__ import annotations

from typing import Any

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from planner import access
from planner.formats import label
from planner.hiring_words import alias_of
from planner.models import (
    Candidate,
    Comment,
    Notification,
    NotificationKind,
    Phase,
    Plan,
    Project,
    Requisition,
    RoleNeed,
    Seat,
    User,
    WorkStyle,
)
from planner.services.work.kinds import kind_of

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
}


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
    raise KeyError(type(row))


def href_of(row: Any, comment: Comment | None = None, *, is_whole: bool = False) -> str:
    """The page on which a record is talked about, at a comment where one is meant; with our host for an e-mail.

    The comment stands in the question as well: what stands behind # is lost on the way through the login.
    """
    kind = kind_of(row)
    said: dict[str, Any] = {f"{kind.name}_id": row.id, "_external": is_whole}
    if comment is not None:
        said |= {"comment": comment.id, "_anchor": f"comment-{comment.id}"}
    return url_for(f"work_talk.{kind.name}_talk", **said)


def page_href(row: Any) -> str:
    """The record's own page."""
    match row:
        case Project():
            return url_for("staffing_projects.project_show", project_id=row.id)
        case Phase():
            return url_for("staffing_projects.project_show", project_id=row.project_id, _anchor=f"phase-{row.id}")
        case RoleNeed():
            return url_for("staffing_answers.need_answer_show", need_id=row.id)
        case Seat():
            return url_for("staffing_needs.seat_people", key=row.key)
        case Plan():
            return url_for("planning_plans.plan_show", plan_id=row.id)
        case WorkStyle():
            return url_for("staffing_styles.style_list")
        case Requisition():
            return url_for("hiring_requisitions.requisition_show", requisition_id=row.id)
        case Candidate():
            return url_for("hiring_candidates.candidate_show", candidate_id=row.id)
    raise KeyError(type(row))


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
    raise KeyError(row.kind)
