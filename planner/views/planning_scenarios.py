"""Pages of scenarios: the list, one with all that is otherwise in it, its name, with whom it is shared, its plans."""

from __future__ import annotations

import json
import secrets
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from pydantic import ValidationError

from planner import access, db, jobs
from planner.formats import label
from planner.forms.fields import offer, offer_hours
from planner.forms.planning_plans import PlanForm
from planner.forms.planning_scenarios import ScenarioForm, SharesForm
from planner.models import PeriodKind, Plan, Scenario, SubjectKind
from planner.navigation import role_words
from planner.schemas.planning_scenarios import ScenarioBegun
from planner.services.planning import plans, queueing, scenario_changes, scenario_merging
from planner.services.planning import scenarios as verbs
from planner.services.planning.scenario_documents import WORKSPACE_ID, subject_of, whole
from planner.services.planning.scenario_names import names_of
from planner.services.refused import Refused
from planner.views.door import Answer, actor, acts, confirm_removal, query, save
from planner.wording import refusal_sentence
from planner.words import planning_scenarios as scenario_words

pages = Blueprint("planning_scenarios", __name__, url_prefix="/scenarios")

for _name in ("field_words", "value_words"):
    pages.app_template_filter(_name)(getattr(scenario_words, _name))


@pages.get("")
@acts("scenario.see")
def scenario_list() -> Answer:
    session = db.session()
    page = verbs.page_of_scenarios(session, query(), actor())
    return render_template(
        "planning/scenario_list.html",
        page=page,
        num_plans=verbs.num_plans(session, page.items),
        can_add=access.allowed(actor(), "scenario.add"),
        me=actor(),
    )


@pages.get("/<int:scenario_id>")
@acts("scenario.see", Scenario)
def scenario_show(scenario: Scenario) -> Answer:
    session = db.session()
    comparison = scenario_merging.compared(session, scenario, by=actor())
    return render_template(
        "planning/scenario_show.html",
        **common(scenario),
        comparison=comparison,
        groups=_groups(comparison),
        **named(scenario, comparison),
        plans=verbs.plans_of(session, scenario),
        roles=role_words(),
    )


@pages.route("/add", methods=["GET", "POST"])
@acts("scenario.add")
def scenario_add() -> Answer:
    form = ScenarioForm()
    return save(
        form,
        lambda: verbs.begin(db.session(), _begun(form), by=actor()),
        page=lambda: render_template("planning/scenario_edit.html", form=form, scenario=None),
        then=lambda scenario: url_for(".scenario_show", scenario_id=scenario.id),
        told=_("The scenario is yours alone until you share it. Change in it what you like: what is there stays."),
    )


@pages.route("/<int:scenario_id>/edit", methods=["GET", "POST"])
@acts("scenario.edit", Scenario)
def scenario_edit(scenario: Scenario) -> Answer:
    form = ScenarioForm(obj=scenario)
    return save(
        form,
        lambda: verbs.edit(db.session(), scenario, form.said, form.read_version),
        page=lambda: render_template("planning/scenario_edit.html", form=form, scenario=scenario),
        then=lambda scenario: url_for(".scenario_show", scenario_id=scenario.id),
        told=_("The scenario was saved."),
    )


@pages.route("/<int:scenario_id>/share", methods=["GET", "POST"])
@acts("scenario.share", Scenario)
def scenario_share(scenario: Scenario) -> Answer:
    offer(users=[(user.id, user.name) for user in verbs.users_to_share_with(db.session(), scenario)])
    form = SharesForm(obj=scenario)
    return save(
        form,
        lambda: verbs.share(db.session(), scenario, form.said, form.read_version),
        page=lambda: render_template("planning/scenario_share.html", form=form, scenario=scenario),
        then=lambda scenario: url_for(".scenario_show", scenario_id=scenario.id),
        told=_("It is said now who may see the scenario."),
    )


@pages.route("/<int:scenario_id>/remove", methods=["GET", "POST"])
@acts("scenario.remove", Scenario)
def scenario_remove(scenario: Scenario) -> Answer:
    back = url_for(".scenario_show", scenario_id=scenario.id)
    if request.method != "POST":
        text = _(
            "What is there stays as it is. Its plans go with it, for good; the scenario itself can be brought back."
        )
        return confirm_removal(scenario.name, text, back)
    try:
        removed = verbs.remove(db.session(), scenario, title=title_kept(scenario), by=actor())
    except Refused as refused:
        db.session().rollback()
        flash(refusal_sentence(refused), "error")
        return redirect(back, 303)
    db.session().commit()
    undo = url_for("account.removal_restore", removal_id=removed.id)
    flash({"text": _("The scenario was removed."), "undo_href": undo}, "success")  # type: ignore[arg-type]
    return redirect(url_for(".scenario_list"), 303)


@pages.post("/<int:scenario_id>/take-back")
@acts("scenario.edit", Scenario)
def scenario_take_back(scenario: Scenario) -> Answer:
    """Makes a field, or all of a subject, again what is there; what is that already stays."""
    for record in [one for one in scenario.subjects if str(one.id) == request.form.get("subject")]:
        scenario_changes.take_back(db.session(), scenario, record, request.form.get("field") or None)
    db.session().commit()
    flash(_("This is in the scenario again as it is there."), "success")
    return redirect(_back_to(scenario), 303)


@pages.route("/<int:scenario_id>/plans/add", methods=["GET", "POST"])
@acts("scenario.plan", Scenario)
def scenario_plan(scenario: Scenario) -> Answer:
    session = db.session()
    facts = plans.planning_facts(session)
    new = [(one.subject_id, (one.said or {})["name"]) for one in scenario.subjects if one.is_new and _is_project(one)]
    offer(projects=[*((project.id, project.name) for project in facts.projects), *new])
    offer_hours(facts.workspace.period == PeriodKind.HOUR)
    form = _plan_form(scenario, facts)
    return save(
        form,
        lambda: plans.request_plan(db.session(), form.said, by=actor(), token=form.token.data or "", scenario=scenario),
        page=lambda: _plan_page(form, facts, scenario),
        then=_queued,
    )


def common(scenario: Scenario) -> dict[str, Any]:
    """What every page of a scenario knows."""
    actions = ("edit", "share", "remove", "plan", "merge")
    may = {name: access.allowed(actor(), f"scenario.{name}", scenario) for name in actions}
    return {"scenario": scenario, "may": may}


def named(scenario: Scenario, comparison: scenario_merging.Comparison) -> dict[str, Any]:
    """What a page needs to call all that a scenario says by its name: `titles` by the subject's id, names, kinds."""
    names = names_of(db.session(), scenario, label)
    titles = {}
    for part in comparison.parts:
        kind = part.record.kind
        here = part.here if kind is SubjectKind.RULE else None  # everything else has a name
        titles[part.record.id] = scenario_words.title_words(part.title, here, kind, names)
    return {"names": names, "kinds": scenario_words.subject_kind_words(), "titles": titles}


def title_kept(scenario: Scenario) -> str:
    """What a removed scenario is called where others can read it: a private one by no name."""
    return scenario.name if scenario.shares else _("Scenario %(number)s", number=scenario.id)


def _begun(form: ScenarioForm) -> ScenarioBegun:
    """What the form says, with the changes that another page handed over. Raises Refused where they are none."""
    try:
        changes = json.loads(form.changes.data or "[]")
        return ScenarioBegun.model_validate({**form.said.model_dump(), "changes": changes})
    except (ValueError, ValidationError) as error:
        raise Refused("scenario_changes_not_understood") from error


def _groups(comparison: scenario_merging.Comparison) -> list[tuple[SubjectKind, list[scenario_merging.SubjectPart]]]:
    """What is otherwise, by kind."""
    by_kind = {kind: [one for one in comparison.parts if one.record.kind is kind] for kind in SubjectKind}
    return [(kind, parts) for kind, parts in by_kind.items() if parts]


def _is_project(record: Any) -> bool:
    return bool(record.kind is SubjectKind.PROJECT)


def _plan_form(scenario: Scenario, facts: plans.PlanningFacts) -> PlanForm:
    """The form, filled from the weights and limits that the scenario has."""
    asked = plans.asked_like(facts, None)
    for name, value in _rules_of(scenario).items():
        asked[name] = value
    form = PlanForm(data={**asked, "title": scenario.name})
    form.token.data = form.token.data or secrets.token_urlsafe(16)
    if "show_preset" in request.form:
        form.weights.process(None, plans.weights_of(form.preset.data, _rules_of(scenario).get("weights")))
    return form


def _rules_of(scenario: Scenario) -> dict[str, Any]:
    """The weights and limits of a scenario, as the form of a plan asks for them."""
    subject = subject_of(db.session(), scenario, SubjectKind.WORKSPACE, WORKSPACE_ID)
    document = whole(subject.kind, subject.here or {})
    limits = document["limits"]
    in_minor = {name: plans.minor_of(limits[name]) for name in ("hire_budget", "budget")}
    return {"weights": document["weights"], "max_hires": limits["max_hires"], **in_minor}


def _plan_page(form: PlanForm, facts: plans.PlanningFacts, scenario: Scenario) -> str:
    units = {PeriodKind.WEEK: _("weeks"), PeriodKind.DAY: _("days"), PeriodKind.HOUR: _("hours")}
    workspace = facts.workspace
    return render_template(
        "planning/plan_add.html",
        form=form,
        facts=facts,
        unit=units[workspace.period],
        currency=workspace.currency,
        scenario=scenario,
    )


def _queued(plan: Plan) -> str:
    job = queueing.job_of(db.session(), plan)
    if job is not None:
        jobs.enqueue(job.id)
    return url_for("planning_plans.plan_show", plan_id=plan.id)


def _back_to(scenario: Scenario) -> str:
    """The page that was come from, if it is one of this scenario's."""
    here = url_for(".scenario_show", scenario_id=scenario.id)
    wanted = request.form.get("next", "")
    return wanted if wanted.startswith(f"{here}/") and "//" not in wanted else here
