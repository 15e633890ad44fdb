"""The HTML door: authorise, form, one verb, commit, redirect."""

from __future__ import annotations

from flask import Flask

from planner.views import (
    account,
    account_api,  # noqa: F401 -- these five put their pages on account's blueprint
    account_audit,
    account_login,
    account_presence,
    account_settings,  # noqa: F401
    account_tokens,  # noqa: F401
    account_users,  # noqa: F401
    account_webhooks,  # noqa: F401
    hiring_board,
    hiring_candidates,
    hiring_chains,
    hiring_decisions,
    hiring_funnel,
    hiring_intake,
    hiring_privacy,
    hiring_requisitions,
    hiring_rights,
    hiring_scorecards,
    hiring_sheets,
    home,
    outcomes_board,
    outcomes_client,
    outcomes_criteria,
    outcomes_efforts,
    outcomes_estimates,
    outcomes_experiments,
    outcomes_feedback,
    outcomes_ideas,
    outcomes_metrics,
    outcomes_objectives,
    outcomes_reports,
    outcomes_schedules,
    outcomes_template_applying,
    outcomes_template_uses,
    outcomes_templates,
    planning_explanations,
    planning_exports,
    planning_inquiries,
    planning_jobs,
    planning_plans,
    planning_problem,
    planning_replan,
    planning_review,
    planning_scenario_edits,
    planning_scenario_merging,
    planning_scenarios,
    planning_seats,
    planning_timeline,
    planning_versions,
    sheets_imports,
    sheets_lists,
    sheets_plans,
    staffing_answers,
    staffing_needs,
    staffing_people,
    staffing_projects,
    staffing_sites,
    staffing_skills,
    staffing_styles,
    work_alerts,
    work_boards,
    work_forecast,
    work_iterations,
    work_load,
    work_notifications,
    work_own,
    work_shown,
    work_talk,
    work_tasks,
)

CORRIDORS = (
    home,
    account,
    account_audit,
    account_presence,
    staffing_needs,
    staffing_answers,
    staffing_people,
    staffing_projects,
    staffing_sites,
    staffing_skills,
    staffing_styles,
    hiring_candidates,
    hiring_decisions,
    hiring_board,
    hiring_requisitions,
    hiring_scorecards,
    hiring_intake,
    hiring_rights,
    hiring_sheets,
    hiring_privacy,
    hiring_funnel,
    hiring_chains,
    planning_plans,
    planning_seats,
    planning_scenarios,
    planning_scenario_edits,
    planning_scenario_merging,
    planning_inquiries,
    planning_explanations,
    planning_exports,
    planning_timeline,
    planning_versions,
    planning_review,
    planning_replan,
    planning_problem,
    planning_jobs,
    outcomes_efforts,
    outcomes_estimates,
    outcomes_templates,
    outcomes_template_applying,
    outcomes_template_uses,
    sheets_imports,
    sheets_lists,
    sheets_plans,
    work_boards,
    work_iterations,
    work_tasks,
    work_own,
    work_load,
    work_talk,
    work_notifications,
    outcomes_objectives,
    outcomes_feedback,
    outcomes_client,
    outcomes_ideas,
    outcomes_board,
    outcomes_metrics,
    outcomes_experiments,
    outcomes_criteria,
    work_alerts,
    work_forecast,
    outcomes_reports,
    outcomes_schedules,
)


def init_app(app: Flask) -> None:
    """Registers the pages of every corridor."""
    for corridor in CORRIDORS:
        app.register_blueprint(corridor.pages)
    account_login.init_app(app)
    account_audit.init_app(app)
    account_presence.init_app(app)
    work_shown.init_app(app)
    work_talk.init_app(app)
    work_notifications.init_app(app)
    outcomes_objectives.init_app(app)
    outcomes_feedback.init_app(app)
    outcomes_metrics.init_app(app)
    outcomes_criteria.init_app(app)
    outcomes_efforts.init_app(app)
    outcomes_estimates.init_app(app)
    outcomes_template_uses.init_app(app)
    outcomes_template_applying.init_app(app)
    work_alerts.init_app(app)
    outcomes_reports.init_app(app)
    outcomes_schedules.init_app(app)
