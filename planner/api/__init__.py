"""The JSON door: the same schemas and verbs as the pages, a bearer token instead of a cookie."""

from __future__ import annotations

from flask import Blueprint, Flask, request
from flask_wtf import CSRFProtect

from planner.api import (
    answers,
    audit,
    by_hand,
    document,
    explanations,
    hiring,
    hiring_intake,
    hiring_reports,
    hiring_rights,
    hiring_scorecards,
    imports,
    inquiries,
    limits,
    matching,
    needs,
    outcomes_feedback,
    outcomes_ideas,
    outcomes_metrics,
    outcomes_objectives,
    outcomes_reports,
    outcomes_templates,
    plans,
    routes,
    scenarios,
    sheets_plans,
    versions,
    webhooks,
    work,
    work_alerts,
    work_notifications,
    work_talk,
    workspaces,
)
from planner.api.answers import answer_http
from planner.api.resources import RESOURCES

__all__ = ["RESOURCES", "answer_http", "init_app", "is_asked"]

PREFIX = "/api"


def init_app(app: Flask, csrf: CSRFProtect) -> None:
    """Registers the API. It takes tokens and never the cookie, so that no other site can speak in a user's name."""
    pages = Blueprint("api", __name__, url_prefix=f"{PREFIX}/v1")
    for resource in (*RESOURCES, plans.PLANS, scenarios.SCENARIOS, outcomes_reports.SCHEDULES):
        routes.add(pages, resource)
    for corridor in (
        hiring,
        hiring_intake,
        hiring_reports,
        hiring_rights,
        hiring_scorecards,
        explanations,
        imports,
        inquiries,
        matching,
        plans,
        by_hand,
        versions,
        sheets_plans,
        needs,
        scenarios,
        outcomes_objectives,
        outcomes_feedback,
        outcomes_ideas,
        workspaces,
        audit,
        webhooks,
        work,
        work_talk,
        work_notifications,
        outcomes_metrics,
        outcomes_templates,
        work_alerts,
        outcomes_reports,
    ):
        corridor.init(pages)
    answers.init(pages)
    limits.init(app, pages)
    csrf.exempt(pages)
    app.register_blueprint(pages)
    document.init_app(app)


def is_asked() -> bool:
    """Whether this request is for the API: its errors are JSON, and its language is the one that it asks for."""
    return request.path.startswith(f"{PREFIX}/")
