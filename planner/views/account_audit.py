"""Pages of the audit trail: the whole of it, the files that hold it, and the history of each record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from flask import Blueprint, Flask, Response, abort, render_template, request, stream_with_context, url_for
from flask_babel import gettext as _

from planner import access, db
from planner.exchange import audit_files
from planner.models import (
    Candidate,
    Door,
    Experiment,
    Feedback,
    Idea,
    Metric,
    Objective,
    Person,
    Plan,
    Project,
    Requisition,
    RoleNeed,
    Site,
    Skill,
    Task,
    TaskBoard,
    Workspace,
    WorkStyle,
)
from planner.services.account.audit import chain, history
from planner.services.listing import Query
from planner.services.outcomes.feedback import shortened
from planner.views.door import Answer, actor, acts, no_store, query
from planner.words.account_history import door_in_words, noun_in_words

pages = Blueprint("account_audit", __name__, url_prefix="/history")
SHOWN = 3


class Subject(NamedTuple):
    """A kind of record that has a history: the action that shows it, its page, and what its address calls it."""

    model: type
    action: str
    path: str
    endpoint: str
    name: str


SUBJECTS = (
    Subject(Person, "person.see", "people", "staffing_people.person_show", "person"),
    Subject(Project, "project.see", "projects", "staffing_projects.project_show", "project"),
    Subject(RoleNeed, "need.see", "needs", "staffing_needs.need_edit", "need"),
    Subject(Skill, "skill.see", "skills", "staffing_skills.skill_edit", "skill"),
    Subject(WorkStyle, "style.see", "styles", "staffing_styles.style_edit", "style"),
    Subject(Site, "site.see", "sites", "staffing_sites.site_edit", "site"),
    Subject(Candidate, "candidate.see", "candidates", "hiring_candidates.candidate_show", "candidate"),
    Subject(Requisition, "requisition.see", "requisitions", "hiring_requisitions.requisition_show", "requisition"),
    Subject(Objective, "objective.see", "objectives", "outcomes_objectives.objective_show", "objective"),
    Subject(Feedback, "feedback.see", "feedback", "outcomes_feedback.feedback_show", "feedback"),
    Subject(Idea, "idea.see", "ideas", "outcomes_ideas.idea_show", "idea"),
    Subject(Plan, "plan.see", "plans", "planning_plans.plan_show", "plan"),
    Subject(Task, "task.see", "tasks", "work_tasks.task_show", "task"),
    Subject(TaskBoard, "board.see", "boards", "work_boards.board_show", "board"),
    Subject(Metric, "metric.see", "metrics", "outcomes_metrics.metric_show", "metric"),
    Subject(Experiment, "experiment.see", "experiments", "outcomes_experiments.experiment_show", "experiment"),
)


def init_app(app: Flask) -> None:
    """Lets every page show the last changes of its record."""
    app.jinja_env.globals.update(last_changes=last_changes, history_href=history_href)


def last_changes(row: Any) -> list[history.Line]:
    """The newest lines of a record's history."""
    return history.latest(db.session(), row, SHOWN)


def history_href(row: Any) -> str:
    """The page of a record's history."""
    if isinstance(row, Workspace):
        return url_for("account_audit.workspace_history")
    subject = next(one for one in SUBJECTS if isinstance(row, one.model))
    return url_for(f"account_audit.{subject.name}_history", **{f"{subject.name}_id": row.id})


def _add(subject: Subject) -> None:
    def show(row: Any) -> Answer:
        may_open = subject.endpoint.endswith("_show") or access.allowed(actor(), f"{subject.name}.edit", row)
        back = url_for(subject.endpoint, **{f"{subject.name}_id": row.id}) if may_open else ""
        return _history(row, back)

    view: Callable[..., Any] = acts(subject.action, subject.model)(show)
    pages.get(f"/{subject.path}/<int:{subject.name}_id>", endpoint=f"{subject.name}_history")(view)


for _subject in SUBJECTS:
    _add(_subject)


@pages.get("/settings")
@acts("workspace.see")
def workspace_history() -> Answer:
    return _history(db.session().get_one(Workspace, 1), url_for("account.settings"))


@pages.get("/audit")
@acts("audit.see")
def audit_list() -> Answer:
    session, asked = db.session(), query()
    page = history.page_of_entries(session, asked)
    return render_template(
        "account/audit_list.html",
        page=page,
        head=chain.head(session),
        names=history.names_of(session, (entry.user_id for entry in page.items)),
        titles=history.titles_of(session, page.items),
        actors=history.actors_in(session),
        doors=[(str(door), door_in_words(door)) for door in Door],
        nouns=[(noun, noun_in_words(noun)) for noun in history.nouns_in(session)],
    )


@pages.get("/audit/export")
@acts("audit.export")
def audit_export() -> Answer:
    kind = request.args.get("format", "json")
    if kind not in audit_files.WRITERS:
        abort(404)
    return exported(kind, Query.read(request.path, request.args))


def exported(kind: str, asked: Query) -> Response:
    """The trail as a file, sent while it is read: it may be long."""
    lines: Iterator[str] = audit_files.WRITERS[kind](history.exported(db.session(), asked))
    answer = Response(stream_with_context(lines), mimetype=audit_files.MEDIA_TYPES[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="audit-trail.{kind}"'
    return no_store(answer)


def _history(row: Any, back: str) -> str:
    page = history.page_of_history(db.session(), row, query())
    return render_template("account/history.html", page=page, row=row, back=back, title_text=_title(row))


def _title(row: Any) -> str:
    """What a record is called."""
    if isinstance(row, Workspace):
        return _("Settings")
    if isinstance(row, Candidate):
        return row.person.name
    if isinstance(row, Plan | Requisition):
        return _(
            "%(noun)s %(number)s: %(title)s", noun=noun_in_words(row.__tablename__), number=row.number, title=row.title
        )
    if isinstance(row, Feedback):
        return shortened(row.text)
    return str(getattr(row, "name", "") or getattr(row, "title", ""))
