"""The API's objectives: of a project or of the department, their readings, how far they are, what became of them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, url_for
from flask_babel import lazy_gettext as _

from planner import db
from planner.api import asking
from planner.api.answers import shown
from planner.api.operations import edited, operation
from planner.api.routes import Resource, Rights
from planner.models import Objective, ObjectiveReading, Project
from planner.schemas.account import RemovalSeen
from planner.schemas.outcomes_objectives import (
    ObjectiveSaid,
    ObjectiveSeen,
    ObjectiveStateSaid,
    ProgressSeen,
    ReadingSaid,
    ReadingSeen,
    as_progress,
)
from planner.services import removal
from planner.services.outcomes import objectives as verbs
from planner.words.outcomes_voices import measured_in_words, objective_source_in_words, progress_sentence

TAG = _("Objectives")

OBJECTIVES = Resource(
    "objectives",
    TAG,
    Objective,
    Rights.of("objective"),
    ObjectiveSeen,
    ObjectiveSaid,
    page=lambda session, query, _user: verbs.page_of_objectives(session, query),
    sorts=("title", "by", "id"),
    filters={
        "project_id": _("Only those of a project."),
        "of": _("department, or projects: whose they are."),
        "state": _("Only those in a state; all for every one."),
    },
    add=verbs.add_objective,
    edit=verbs.edit_objective,
    removes=lambda _session, objective: (objective, objective.title),
    parent=("projects", Project),
)


def init(pages: Blueprint) -> None:
    """Registers what an objective has beside the five routes of a resource."""
    pages.post("/objectives")(department_objective_add)
    pages.get("/objectives/<int:objective_id>/progress")(objective_progress)
    pages.post("/objectives/<int:objective_id>/state")(objective_state)
    pages.post("/objectives/<int:objective_id>/readings")(reading_add)
    pages.post("/readings/<int:objective_reading_id>/remove")(reading_remove)


@operation(
    "objective.add_department",
    tag=TAG,
    summary=_("Objectives: add one of the department"),
    takes=ObjectiveSaid,
    gives=ObjectiveSeen,
    status=201,
    can_be_refused=True,
)
def department_objective_add() -> Response:
    objective = verbs.add_objective(db.session(), None, asking.said(ObjectiveSaid))
    db.session().commit()
    answer = shown(objective, ObjectiveSeen, 201)
    answer.headers["Location"] = url_for("api.objectives_show", objective_id=objective.id)
    return answer


@operation(
    "objective.see",
    Objective,
    tag=TAG,
    summary=_("Objectives: how far one is"),
    about=_(
        "Computed from its newest reading and the present day: late, behind, on track, …, with the sentence why. The "
        "readings are those that people entered, the count of a board’s tasks, or what a metric measured."
    ),
    gives=ProgressSeen,
)
def objective_progress(objective: Objective) -> Response:
    progress = verbs.line_of(db.session(), objective).progress
    told = as_progress(
        objective.id, progress, progress_sentence(progress, objective), objective_source_in_words(objective)
    )
    return shown(told, ProgressSeen)


@operation(
    "objective.edit",
    Objective,
    tag=TAG,
    summary=_("Objectives: close one, or open it again"),
    about=_("Closing it wants a reason."),
    takes=ObjectiveStateSaid,
    gives=ObjectiveSeen,
    is_versioned=True,
    can_be_refused=True,
)
def objective_state(objective: Objective) -> Response:
    said, by, session = asking.said(ObjectiveStateSaid), asking.actor(), db.session()

    def say(version: int) -> Any:
        return verbs.set_state(session, objective, said, version, by=by)

    return edited(objective, ObjectiveSeen, say, said)


@operation(
    "objective.edit",
    Objective,
    tag=TAG,
    summary=_("Objectives: add a reading"),
    takes=ReadingSaid,
    gives=ReadingSeen,
    status=201,
    can_be_refused=True,
)
def reading_add(objective: Objective) -> Response:
    reading = verbs.add_reading(db.session(), objective, asking.said(ReadingSaid), by=asking.actor())
    db.session().commit()
    return shown(reading, ReadingSeen, 201)


@operation(
    "objective.edit",
    ObjectiveReading,
    tag=TAG,
    summary=_("Objectives: remove a reading"),
    about=_("It can be brought back by its removal."),
    gives=RemovalSeen,
    can_be_refused=True,
)
def reading_remove(reading: ObjectiveReading) -> Response:
    title = f"{reading.objective.title}: {measured_in_words(reading.value, reading.objective)}"
    removed = removal.remove(db.session(), reading, title=title, by_id=asking.actor().id)
    db.session().commit()
    return shown(removed, RemovalSeen)
