"""Pages of experiments: the list, one with its result or with what waits for it, and the forms behind them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext

from planner import access, db
from planner.forms.asking import AskingForm
from planner.forms.outcomes_experiments import EXPERIMENT_FORMS, EndForm, StepForm
from planner.models import Experiment, ExperimentKind, ExperimentState, today
from planner.services.outcomes import experiments as verbs
from planner.services.outcomes import metrics
from planner.services.staffing.projects import id_in
from planner.views.door import Answer, actor, acts, confirm_removal, query, remove_row, save
from planner.views.outcomes_metrics import csv_file, offer_places
from planner.words.outcomes_metrics import compared_sentence, method_in_words

pages = Blueprint("outcomes_experiments", __name__, url_prefix="/experiments")


@pages.get("")
@acts("experiment.see")
def experiment_list() -> Answer:
    session = db.session()
    page = verbs.page_of_experiments(session, query())
    projects, _phases = metrics.places(session)
    return render_template(
        "outcomes/experiment_list.html",
        page=page,
        results={one.id: verbs.result(one) for one in page.items if verbs.is_open(one)},
        projects=projects,
        states=[(ExperimentState.RUNNING, _("running")), (ExperimentState.ENDED, pgettext("experiment", "ended"))],
        can_add=access.allowed(actor(), "experiment.add"),
    )


@pages.get("/<int:experiment_id>")
@acts("experiment.see", Experiment)
def experiment_show(experiment: Experiment) -> Answer:
    return _shown(experiment)


@pages.get("/<int:experiment_id>/result.csv")
@acts("experiment.see", Experiment)
def experiment_download(experiment: Experiment) -> Answer:
    """What was collected; with what it shows where that may be read."""
    return csv_file(f"experiment-{experiment.id}", _rows(experiment))


@pages.route("/add", methods=["GET", "POST"])
@acts("experiment.add")
def experiment_add() -> Answer:
    offer_places()
    kind = _asked_kind()
    form = EXPERIMENT_FORMS[kind](
        data={"kind": str(kind), "starts_on": today(), "project_id": id_in(request.args.get("project", ""))}
    )
    return save(
        form,
        lambda: verbs.add_experiment(db.session(), form.said),
        page=lambda: _form_page(form, None, kind),
        then=_href,
        told=_("The experiment was added."),
    )


@pages.route("/<int:experiment_id>/edit", methods=["GET", "POST"])
@acts("experiment.edit", Experiment)
def experiment_edit(experiment: Experiment) -> Answer:
    offer_places()
    form = EXPERIMENT_FORMS[experiment.kind](obj=experiment)
    return save(
        form,
        lambda: verbs.edit_experiment(db.session(), experiment, form.said, form.read_version),
        page=lambda: _form_page(form, experiment, experiment.kind),
        then=_href,
        told=_("The experiment was saved."),
    )


@pages.post("/<int:experiment_id>/look")
@acts("experiment.look", Experiment)
def experiment_look(experiment: Experiment) -> Answer:
    """Shows the result of what is collected so far, to everybody, and counts that somebody has looked."""
    if verbs.look(db.session(), experiment, by=actor()) is not None:
        flash(_("The result is shown, and counted as a look."), "warning")
    db.session().commit()
    return redirect(_href(experiment), 303)


@pages.route("/<int:experiment_id>/end", methods=["GET", "POST"])
@acts("experiment.edit", Experiment)
def experiment_end(experiment: Experiment) -> Answer:
    if request.method != "POST":
        return redirect(_href(experiment))
    form = EndForm()
    return save(
        form,
        lambda: verbs.end_experiment(db.session(), experiment, form.said.ended_on, form.read_version),
        page=lambda: _shown(experiment, form),
        then=_href,
        told=_("The experiment has ended."),
    )


@pages.route("/<int:experiment_id>/reopen", methods=["GET", "POST"])
@acts("experiment.edit", Experiment)
def experiment_reopen(experiment: Experiment) -> Answer:
    if request.method != "POST":
        return redirect(_href(experiment))
    form = StepForm()
    return save(
        form,
        lambda: verbs.reopen_experiment(db.session(), experiment, form.read_version, by=actor()),
        page=lambda: _shown(experiment, form),
        then=_href,
        told=_("The experiment goes on."),
    )


@pages.route("/<int:experiment_id>/remove", methods=["GET", "POST"])
@acts("experiment.remove", Experiment)
def experiment_remove(experiment: Experiment) -> Answer:
    if request.method == "POST":
        return remove_row(experiment, title=experiment.name, then=url_for(".experiment_list"))
    text = _("With it goes what its arms have collected, and who looked.")
    return confirm_removal(experiment.name, text, _href(experiment))


def _asked_kind() -> ExperimentKind:
    """What the URL, or the form that came from it, compares."""
    asked = request.values.get("kind", "")
    return ExperimentKind(asked) if asked in set(ExperimentKind) else ExperimentKind.SHARE


def _shown(experiment: Experiment, form: AskingForm | None = None) -> str:
    is_open = verbs.is_open(experiment)
    return render_template(
        "outcomes/experiment_show.html",
        experiment=experiment,
        result=verbs.result(experiment) if is_open else None,
        num_collected=verbs.num_collected(experiment),
        is_due=verbs.is_due(experiment),
        least=verbs.LEAST,
        form=form,
        end_form=form if isinstance(form, EndForm) else EndForm(data=_as_ended(experiment)),
        step_form=form if isinstance(form, StepForm) else StepForm(data={"version": experiment.version}),
        can_edit=access.allowed(actor(), "experiment.edit", experiment),
        can_remove=access.allowed(actor(), "experiment.remove", experiment),
        can_look=access.allowed(actor(), "experiment.look", experiment),
    )


def _as_ended(experiment: Experiment) -> dict[str, Any]:
    return {"version": experiment.version, "ended_on": max(today(), experiment.starts_on)}


def _form_page(form: AskingForm, experiment: Experiment | None, kind: ExperimentKind) -> str:
    return render_template("outcomes/experiment_edit.html", form=form, experiment=experiment, kind=kind)


def _href(experiment: Experiment) -> str:
    return url_for(".experiment_show", experiment_id=experiment.id)


def _rows(experiment: Experiment) -> list[list[Any]]:
    is_open = verbs.is_open(experiment)
    figures = ("successes", "mean", "spread") if is_open else ()
    arms = [[one.name, one.num, *(_cell(getattr(one, name)) for name in figures)] for one in experiment.arms]
    found = verbs.result(experiment).compared if is_open else ()
    compared = [
        [one.arm.name, *(_cell(value) for value in (one.difference.value, one.difference.relative, one.difference.low,
         one.difference.high, one.p)), method_in_words(one.difference.method), compared_sentence(experiment, one)]
        for one in found if one.difference is not None
    ]  # fmt: skip
    return [
        [experiment.name, experiment.measure],
        [_("Arm"), _("In all"), _("Successes"), _("Mean"), _("Standard deviation")],
        *arms,
        [],
        [_("Arm"), _("Difference"), _("Relative"), _("Low"), _("High"), "p", _("Test"), _("In words")],
        *compared,
    ]


def _cell(value: float | None) -> float | str:
    return "" if value is None else value
