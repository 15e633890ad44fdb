"""What stands in the navigation, for whom: by corridor, only what the user may see."""

from __future__ import annotations

from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext as _

from planner import access, db
from planner.models import RoleName, User
from planner.services.planning import in_force

Group = tuple[str, str, list[tuple[str, str, str, str]]]
# pages that are no part of the address of the entry to which they belong
BELOW = {
    "outcomes_board.voice_board": ("/feedback",),
    "outcomes_criteria.report_show": ("/outcomes/proposals",),
    "work_boards.board_list": ("/tasks", "/iterations", "/alike"),
}
FOLDED = "folded"  # the cookie in which a browser keeps the groups that were folded there
MOST_UNFOLDED = 18  # entries that a screen shows without scrolling; groups beyond begin folded


def role_words() -> dict[RoleName, str]:
    """The roles in the reader's language."""
    return {
        RoleName.ADMINISTRATOR: _("administrator"),
        RoleName.PROJECT_MANAGER: _("project manager"),
        RoleName.OPERATIONS: _("operations"),
        RoleName.EXECUTIVE: _("executive"),
        RoleName.MEMBER: _("team member"),
        RoleName.COMPLIANCE: _("compliance"),
    }


def of(login: Any) -> list[dict[str, Any]]:
    """The groups of the navigation that a user sees."""
    user = db.session().get(User, login.id)
    if user is None:
        return []
    groups: list[dict[str, Any]] = [
        {"key": key, "title": title, "items": [_item(*entry) for entry in entries if _shown(user, *entry[1:3])]}
        for key, title, entries in _table()
    ]
    here = [item for group in groups for item in group["items"] if any(map(_is_at, (item["href"], *item["below"])))]
    if here:
        max(here, key=lambda item: len(item["href"]))["is_current"] = True  # of two, one below the other, the lower one
    return _unfolded([group for group in groups if group["items"]])


def plan_in_force(login: Any) -> dict[str, Any] | None:
    """Which plan everybody works by, for whoever may see plans: its address and words; no words where there is none."""
    user = db.session().get(User, login.id)
    if user is None or not access.allowed(user, "plan.see"):
        return None
    found = in_force.plan_in_force(db.session())
    if found is None:
        return {"href": url_for("planning_plans.plan_list"), "text": ""}
    said = {"number": found.plan.number, "version": found.version_number}
    return {
        "id": found.plan.id,
        "version": found.version_number,
        "href": url_for("planning_plans.plan_show", plan_id=found.plan.id),
        "text": _("In force: plan %(number)s, version %(version)s", **said),
        "since": found.plan.in_force_since,
    }


def _table() -> list[Group]:
    """Group by its key and title -> (label, action, endpoint, key after g)."""
    return [*_of_planning(), *_of_working()]


def _of_planning() -> list[Group]:
    return [
        ("staffing", _("Staffing"), [
            (_("Projects"), "project.see", "staffing_projects.project_list", "j"),
            (_("Role needs"), "need.see", "staffing_needs.need_list", "n"),
            (_("People"), "person.see", "staffing_people.person_list", "p"),
            (_("Skills"), "skill.see", "staffing_skills.skill_list", "s"),
            (_("Import"), "import.see", "sheets_imports.import_list", "w"),
        ]),
        ("hiring", _("Hiring"), [
            (_("Requisitions"), "requisition.see", "hiring_requisitions.requisition_list", "r"),
            (_("Candidates"), "candidate.see", "hiring_candidates.candidate_list", "c"),
            (_("Pipeline"), "candidate.see", "hiring_board.board_show", "i"),
            (_("Incoming"), "intake.see", "hiring_intake.intake_list", "o"),
            (_("Funnel"), "funnel.see", "hiring_funnel.funnel_show", "v"),
            (_("Candidates’ data"), "notice.see", "hiring_privacy.privacy_show", "d"),
            (_("Adverse impact"), "impact.see", "hiring_privacy.impact_show", ""),
        ]),
        ("planning", _("Planning"), [
            (_("Plans"), "plan.see", "planning_plans.plan_list", "l"),
            (_("Scenarios"), "scenario.see", "planning_scenarios.scenario_list", "f"),
            (_("Timeline"), "plan.see", "planning_timeline.timeline", "t"),
            (_("My schedule"), "own_schedule.see", "planning_plans.own_schedule", "m"),
        ]),
    ]  # fmt: skip


def _of_working() -> list[Group]:
    return [
        ("work", _("Work"), [
            (_("Tasks"), "board.see", "work_boards.board_list", "y"),
            (_("My work"), "own_work.see", "work_own.own_work", "z"),
            (_("Load"), "load.see", "work_load.load_show", ""),
            (_("Objectives"), "objective.see", "outcomes_objectives.objective_list", "g"),
            (_("Forecast"), "forecast.see", "work_forecast.forecast_show", ""),
            (_("My forecast"), "own_forecast.see", "work_forecast.own_forecast", ""),
            (_("Alerts"), "alert.see", "work_alerts.alert_list", ""),
        ]),
        ("outcomes", _("Outcomes"), [
            (_("Feedback and ideas"), "feedback.see", "outcomes_board.voice_board", "x"),
            (_("Ideas"), "idea.see", "outcomes_ideas.idea_list", ""),
            (_("Metrics"), "metric.see", "outcomes_metrics.metric_list", ""),
            (_("Experiments"), "experiment.see", "outcomes_experiments.experiment_list", ""),
            (_("Criteria and outcomes"), "proposal.see", "outcomes_criteria.report_show", ""),
            (_("Team templates"), "template.see", "outcomes_templates.template_list", ""),
            (_("Estimates"), "estimate.see", "outcomes_estimates.estimate_list", ""),
            (_("Reports"), "team_report.see", "outcomes_reports.report_list", "q"),
        ]),
        ("administration", _("Administration"), [
            (_("Users"), "user.see", "account.user_list", "u"),
            (_("Settings"), "workspace.see", "account.settings", "e"),
            (_("Audit trail"), "audit.see", "account_audit.audit_list", "h"),
            (_("Webhooks"), "webhook.see", "account.webhook_list", ""),
            (_("API tokens"), "token.see", "account.token_list", "k"),
            (_("JSON API"), "token.see", "account.api_show", "a"),
            (_("Background jobs"), "job.see", "planning_jobs.job_list", "b"),
        ]),
    ]  # fmt: skip


def _unfolded(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Groups with whether they are open: where one is, and all that this browser has not folded, else the first few."""
    folded, num = request.cookies.get(FOLDED), 0
    for group in groups:
        num += len(group["items"])
        is_open = num <= MOST_UNFOLDED if folded is None else group["key"] not in folded.split(".")
        group["is_open"] = is_open or any(item["is_current"] for item in group["items"])
    return groups


def _shown(user: User, action: str, endpoint: str) -> bool:
    if action.startswith("own_") and user.person_id is None:
        return False  # whoever is nobody of the staff has no work, no schedule and no forecast of their own
    return access.allowed(user, action) and endpoint in current_app.view_functions


def _item(label: str, _action: str, endpoint: str, key: str) -> dict[str, Any]:
    below = BELOW.get(endpoint, ())
    return {"label": label, "href": url_for(endpoint), "key": key, "count": None, "is_current": False, "below": below}


def _is_at(href: str) -> bool:
    """Whether the page is at an address, or below it."""
    return request.path == href or request.path.startswith(f"{href}/")


def account_of(login: Any) -> dict[str, Any]:
    """Who is logged in, for the account menu."""
    user = db.session().get(User, login.id)
    words = role_words()
    role = ", ".join(words[name] for name in sorted(user.role_names)) if user else ""
    return {
        "name": login.name,
        "role": role,
        "href": url_for("account.own_account"),
        "logout_href": url_for("account.log_out"),
    }


def preferences_of(login: Any, language: str) -> dict[str, Any]:
    """The language and theme of the page."""
    return {
        "language": language,
        "languages": [{"code": "en", "label": "English"}, {"code": "fr", "label": "Français"}],
        "theme": getattr(login, "theme", None) or request.cookies.get("theme", "system"),
        "href": url_for("account.preferences_save"),
    }
