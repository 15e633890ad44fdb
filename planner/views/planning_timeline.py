"""The timeline: phases and seats of a plan over time."""

from __future__ import annotations

from flask import Blueprint, render_template

from planner import access, db
from planner.models import now
from planner.services.planning import plans as verbs
from planner.views import planning_shown as shown
from planner.views.door import Answer, actor, acts, query
from planner.views.planning_plans import common, ready

pages = Blueprint("planning_timeline", __name__, url_prefix="/timeline")
TEAMS_ON_A_PAGE = 30


@pages.get("")
@acts("plan.see")
def timeline() -> Answer:
    """The timeline of the plan asked for, else of the plan in force, else of the newest."""
    asked = query()
    plan = verbs.plan_to_show(db.session(), asked.value("plan"))
    if plan is None:
        return render_template("planning/timeline_empty.html")
    access.require(actor(), "plan.see", plan)
    report = ready(plan)
    return render_template(
        "planning/timeline.html",
        **common(plan, report),
        page=shown.teams_of(report, asked, TEAMS_ON_A_PAGE),
        ticks=shown.tick_labels(report),
        now_pct=shown.now_pct(report, now().replace(tzinfo=None)),
        num_movable=sum(team.is_movable for team in report.teams),
    )
