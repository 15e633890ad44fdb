"""The background jobs: what runs, what waits, what failed and why."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_babel import gettext as _

from planner import db
from planner.models import JobState
from planner.services.planning import queueing as verbs
from planner.views.door import Answer, actor, acts, query

pages = Blueprint("planning_jobs", __name__, url_prefix="/jobs")


@pages.get("")
@acts("job.see")
def job_list() -> Answer:
    words = {
        JobState.QUEUED: _("waiting"),
        JobState.RUNNING: _("running"),
        JobState.RETRYING: _("starting again"),
        JobState.DONE: _("ready"),
        JobState.FAILED: _("failed"),
        JobState.CANCELLED: _("stopped"),
    }
    page = verbs.page_of_jobs(db.session(), query(), actor())
    return render_template("planning/job_list.html", page=page, states=list(words.items()))
