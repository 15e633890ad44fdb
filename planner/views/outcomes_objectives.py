"""Pages of objectives: all of them with how far each is, the department's, one with its readings, and its forms."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from flask_babel import gettext as _

from planner import access, db
from planner.forms.asking import AskingForm
from planner.forms.fields import offer
from planner.forms.outcomes_objectives import ObjectiveForm, ObjectiveStateForm, ReadingForm
from planner.forms.outcomes_words import OBJECTIVE_STATE_WORDS
from planner.models import Objective, ObjectiveReading, ObjectiveState, Project, today
from planner.services.outcomes import objectives as verbs
from planner.services.outcomes.measuring import could_measure
from planner.services.outcomes.objectives import Line
from planner.views.door import Answer, actor, acts, confirm_removal, query, remove_row, save
from planner.words import outcomes_voices as voice_words

WIDTH, HEIGHT = 704, 152  # of the drawing of an objective, without its edges
MOST_MEASURED = 26  # measurements that the page lists: half a year of weeks; the drawing has them all
pages = Blueprint("outcomes_objectives", __name__, url_prefix="/objectives")

for _name in voice_words.FILTERS:
    pages.app_template_filter(_name)(getattr(voice_words, _name))


def init_app(app: Flask) -> None:
    """Lets the page of a project show its objectives."""
    app.jinja_env.globals.update(objectives_of=objectives_of)


def objectives_of(project: Project) -> list[Line]:
    """The objectives of a project and those that it serves, late first."""
    return verbs.lines_of_project(db.session(), project)


@pages.get("")
@acts("objective.see")
def objective_list() -> Answer:
    asked = query()
    return render_template(
        "outcomes/objective_list.html",
        lines=verbs.lines(db.session(), asked),
        query=asked,
        states=[(str(state), str(words)) for state, words in OBJECTIVE_STATE_WORDS],
        may_add=access.allowed(actor(), "objective.add_department"),
    )


@pages.get("/department")
@acts("objective.see")
def department_show() -> Answer:
    asked = query().without("of")
    whole = {"of": "department", "state": "all"}
    lines = verbs.lines(db.session(), type(asked)(asked.path, filters=whole))
    return render_template(
        "outcomes/department_show.html",
        open_lines=[line for line in lines if line.objective.state is ObjectiveState.OPEN],
        closed_lines=[line for line in lines if line.objective.state is not ObjectiveState.OPEN],
        may_add=access.allowed(actor(), "objective.add_department"),
    )


@pages.route("/department/add", methods=["GET", "POST"])
@acts("objective.add_department")
def department_objective_add() -> Answer:
    return _added(None)


@pages.route("/of-project/<int:project_id>/add", methods=["GET", "POST"])
@acts("objective.add", Project)
def objective_add(project: Project) -> Answer:
    return _added(project)


@pages.get("/<int:objective_id>")
@acts("objective.see", Objective)
def objective_show(objective: Objective) -> Answer:
    return _shown(objective)


@pages.route("/<int:objective_id>/edit", methods=["GET", "POST"])
@acts("objective.edit", Objective)
def objective_edit(objective: Objective) -> Answer:
    _offer_serving(objective.project)
    _offer_sources(objective.project, objective)
    form = ObjectiveForm(obj=objective)
    return save(
        form,
        lambda: verbs.edit_objective(db.session(), objective, form.said, form.read_version),
        page=lambda: _page(form, objective.project, objective),
        then=_href,
        told=_("The objective was saved."),
    )


@pages.route("/<int:objective_id>/remove", methods=["GET", "POST"])
@acts("objective.remove", Objective)
def objective_remove(objective: Objective) -> Answer:
    if request.method == "POST":
        return remove_row(objective, title=objective.title, then=_list_href(objective))
    text = _("Its readings go with it. To keep them, close it instead and say why.")
    return confirm_removal(objective.title, text, _href(objective))


@pages.route("/<int:objective_id>/state", methods=["GET", "POST"])
@acts("objective.edit", Objective)
def objective_state(objective: Objective) -> Answer:
    if request.method != "POST":
        return redirect(_href(objective))
    form = ObjectiveStateForm()
    return save(
        form,
        lambda: verbs.set_state(db.session(), objective, form.said, form.read_version, by=actor()),
        page=lambda: _shown(objective, state=form),
        then=_href,
        told=_("The objective was saved."),
    )


@pages.route("/<int:objective_id>/readings/add", methods=["GET", "POST"])
@acts("objective.edit", Objective)
def reading_add(objective: Objective) -> Answer:
    if request.method != "POST":
        return redirect(_href(objective))
    form = ReadingForm()
    return save(
        form,
        lambda: verbs.add_reading(db.session(), objective, form.said, by=actor()),
        page=lambda: _shown(objective, reading=form),
        then=lambda _reading: _href(objective),
        told=_("The reading was kept."),
    )


@pages.post("/readings/<int:objective_reading_id>/remove")
@acts("objective.edit", ObjectiveReading)
def reading_remove(reading: ObjectiveReading) -> Answer:
    objective = reading.objective
    value = voice_words.measured_in_words(reading.value, objective)
    return remove_row(reading, title=f"{objective.title}: {value}", then=_href(objective))


def _added(project: Project | None) -> Answer:
    """The form of a new objective, of a project or of the department."""
    _offer_serving(project)
    _offer_sources(project)
    form = ObjectiveForm(data={"from_on": today(), "from_value": 0.0} if request.method != "POST" else None)
    return save(
        form,
        lambda: verbs.add_objective(db.session(), project, form.said),
        page=lambda: _page(form, project, None),
        then=_href,
        told=_("The objective was added. Enter how far it is."),
    )


def _shown(objective: Objective, *, reading: ReadingForm | None = None, state: ObjectiveStateForm | None = None) -> str:
    line = verbs.line_of(db.session(), objective)
    return render_template(
        "outcomes/objective_show.html",
        line=line,
        objective=objective,
        reading=reading or ReadingForm(formdata=None, data={"read_on": today()}),
        state=state or ObjectiveStateForm(formdata=None, obj=objective),
        curve=_curve(line),
        shown=MOST_MEASURED,
        may_edit=access.allowed(actor(), "objective.edit", objective),
        may_remove=access.allowed(actor(), "objective.remove", objective),
    )


def _curve(line: Line) -> list[tuple[float, float]]:
    """Where each reading stands in the drawing: days to the right, the share of the way upwards."""
    objective = line.objective
    days = (objective.by_on - objective.from_on).days
    way = objective.target_value - objective.from_value
    return [
        (
            round(8 + WIDTH * min(max((row.read_on - objective.from_on).days / days, 0), 1), 1),
            round(8 + HEIGHT * (1 - min(max((row.value - objective.from_value) / way, 0), 1)), 1),
        )
        for row in line.readings
        if objective.from_on <= row.read_on
    ]


def _page(form: AskingForm, project: Project | None, objective: Objective | None) -> str:
    return render_template("outcomes/objective_edit.html", form=form, project=project, objective=objective)


def _offer_serving(project: Project | None) -> None:
    """What may serve the objective: the project's own phases and needs, or whole projects; and ideas."""
    kinds = {"project_id": _("project"), "phase_id": _("phase"), "need_id": _("role need"), "idea_id": _("idea")}
    rows: list[tuple[Any, str]] = []
    for column, ident, name, part_of in verbs.could_serve(db.session(), project):
        rows.append((f"{column}-{ident}", f"{kinds[column]}: {name}{f' ({part_of})' if part_of else ''}"))
    offer(serving=rows)


def _offer_sources(project: Project | None, objective: Objective | None = None) -> None:
    """Where its readings may come from: people, the tasks of a board, a metric; nowhere, where that is gone."""
    kinds = {"board_id": _("tasks that are done, of the board: %(name)s"), "metric_id": _("metric: %(name)s")}
    found = could_measure(db.session(), project, objective)
    rows = [(f"{column}-{ident}", kinds[column] % {"name": name}) for column, ident, name in found]
    is_gone = objective is not None and not objective.read_from
    gone = [("", _("what it was is gone: choose anew"))] if is_gone else []
    offer(sources=[*gone, ("readings", _("somebody enters them")), *rows])


def _href(objective: Objective) -> str:
    return url_for(".objective_show", objective_id=objective.id)


def _list_href(objective: Objective) -> str:
    if objective.project_id is None:
        return url_for(".department_show")
    return url_for("staffing_projects.project_show", project_id=objective.project_id)
