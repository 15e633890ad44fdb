"""Editing in a scenario: the forms of what is there, filled with what the scenario makes of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from planner import access, db
from planner.formats import label
from planner.forms.asking import AskingForm
from planner.forms.fields import offer, offer_hours
from planner.forms.planning_scenarios import CandidateTriedForm, PersonTriedForm, RulesForm
from planner.forms.staffing_needs import NeedForm
from planner.forms.staffing_people import PersonForm
from planner.forms.staffing_projects import PhaseForm, ProjectForm, TeamRuleForm
from planner.models import PeriodKind, Phase, Project, RoleNeed, Scenario, SubjectKind
from planner.services.planning import scenario_changes as verbs
from planner.services.planning.scenario_documents import WORKSPACE_ID, Subject, said_of, subject_of, whole
from planner.services.planning.scenario_names import Names, names_of
from planner.services.planning.trying import PARENT_KINDS
from planner.services.refused import Refused
from planner.services.staffing import criteria, matching, people, phases, projects, team_rules
from planner.views.door import Answer, actor, acts, query, save
from planner.views.planning_scenarios import common
from planner.views.staffing_shown import asked_rule, offer_criteria, offer_for_person, offer_rule
from planner.wording import refusal_sentence
from planner.words import planning_scenarios as scenario_words

pages = Blueprint("planning_scenario_edits", __name__, url_prefix="/scenarios")
EDITED = "any(person, project, phase, need, rule)"
FORMS: dict[SubjectKind, type[AskingForm]] = {
    SubjectKind.PERSON: PersonForm,
    SubjectKind.PROJECT: ProjectForm,
    SubjectKind.PHASE: PhaseForm,
    SubjectKind.NEED: NeedForm,
    SubjectKind.RULE: TeamRuleForm,
}


@pages.get("/<int:scenario_id>/people")
@acts("scenario.see", Scenario)
def people_choose(scenario: Scenario) -> Answer:
    """Whom to change, or to leave out."""
    records = {one.subject_id: one for one in scenario.subjects if one.kind is SubjectKind.PERSON}
    page = people.page_of_people(db.session(), query())
    return render_template("planning/scenario_people.html", **common(scenario), page=page, records=records)


@pages.get("/<int:scenario_id>/work")
@acts("scenario.see", Scenario)
def work_choose(scenario: Scenario) -> Answer:
    """Which project, phase or role need to change, to add to, or to leave out."""
    session = db.session()
    page = projects.page_of_projects(session, query())
    records = {(str(one.kind), one.subject_id): one for one in scenario.subjects}
    found = {project.id: phases.phases_of(session, project) for project in page.items}
    rules = [rule for below in found.values() for phase in below for rule in phase.team_rules]
    return render_template(
        "planning/scenario_work.html",
        **common(scenario),
        page=page,
        phases=found,
        named=team_rules.people_of(session, rules),
        records=records,
    )


@pages.route("/<int:scenario_id>/rules", methods=["GET", "POST"])
@acts("scenario.edit", Scenario)
def rules_edit(scenario: Scenario) -> Answer:
    """The weights and limits of the scenario."""
    subject = _subject(scenario, SubjectKind.WORKSPACE, WORKSPACE_ID)
    said = whole(subject.kind, subject.here or {})
    form = RulesForm(data={"weights": said["weights"], "limits": said["limits"], "version": subject.version})
    return _saved(scenario, subject, form, lambda: _page(scenario, subject, form, "planning/scenario_rules.html"))


@pages.route(f"/<int:scenario_id>/<{EDITED}:kind>/<int:subject_id>/edit", methods=["GET", "POST"])
@acts("scenario.edit", Scenario)
def subject_edit(scenario: Scenario, kind: str, subject_id: int) -> Answer:
    subject = _subject(scenario, SubjectKind(kind), subject_id)
    if subject.here is None:
        flash(refusal_sentence(Refused("scenario_leaves_it_out", title=subject.title)), "error")
        return redirect(_home(scenario))
    _offer(scenario, subject.kind, subject)
    try:
        form = _form_of(subject)
    except Refused as refused:
        flash(refusal_sentence(refused), "error")
        return redirect(_home(scenario))
    return _saved(scenario, subject, form, lambda: _subject_page(scenario, subject.kind, form, subject))


@pages.route(f"/<int:scenario_id>/<{EDITED}:kind>/add", methods=["GET", "POST"])
@acts("scenario.edit", Scenario)
def subject_add(scenario: Scenario, kind: str) -> Answer:
    """Something that only the scenario has; a phase, a need or a rule below what the address names."""
    what = SubjectKind(kind)
    parent_id = request.args.get("below", 0, type=int)
    above = _subject(scenario, PARENT_KINDS[what], parent_id) if what in PARENT_KINDS else None
    if above is not None and what is SubjectKind.RULE and asked_rule()[0] is None:
        return _rule_kinds(scenario, above)
    _offer(scenario, what, None)
    form = FORMS[what](data=_usual(what))
    return save(
        form,
        lambda: verbs.add(db.session(), scenario, what, form.said, parent_id=parent_id or None, by=actor()),
        page=lambda: _subject_page(scenario, what, form, None, above),
        then=lambda _subject: _home(scenario),
        told=_("It is in the scenario now, and nowhere else."),
    )


@pages.post(f"/<int:scenario_id>/<{EDITED}:kind>/<int:subject_id>/leave-out")
@acts("scenario.edit", Scenario)
def subject_leave_out(scenario: Scenario, kind: str, subject_id: int) -> Answer:
    try:
        verbs.leave_out(db.session(), _subject(scenario, SubjectKind(kind), subject_id), by=actor())
    except Refused as refused:
        db.session().rollback()
        flash(refusal_sentence(refused), "error")
        return redirect(_home(scenario), 303)
    db.session().commit()
    flash(_("The scenario is without it now; what is there stays."), "success")
    return redirect(_home(scenario), 303)


def _saved(scenario: Scenario, subject: Subject, form: AskingForm, page: Callable[[], str]) -> Answer:
    """Saves an edit; whoever is too late merges with what the scenario says by now, as on every page."""

    def edit() -> Subject:
        present = _subject(scenario, subject.kind, subject.id)
        return verbs.edit(db.session(), present, form.said, form.read_version, by=actor())

    return save(
        form,
        edit,
        page=page,
        then=lambda _subject: _home(scenario),
        told=_("The scenario was saved; what is there stays."),
    )


def _subject(scenario: Scenario, kind: SubjectKind, ident: int) -> Subject:
    """A subject of a scenario. Raises Hidden where there is none."""
    try:
        return subject_of(db.session(), scenario, kind, ident)
    except LookupError:
        raise access.Hidden(str(kind)) from None


def _form_of(subject: Subject) -> AskingForm:
    """The form of a subject, filled with what the scenario has; who somebody is stays as it is there."""
    said = said_of(subject.kind, subject.here or {}, is_candidate=subject.is_candidate)
    obj = SimpleNamespace(**{name: getattr(said, name) for name in type(said).model_fields}, version=subject.version)
    if subject.kind is SubjectKind.PHASE:  # what a phase or a rule names stands in it by ids
        return PhaseForm(data=vars(obj))
    if subject.kind is SubjectKind.RULE:
        return TeamRuleForm(data={**vars(obj), "person_ids": [{"person_id": ident} for ident in obj.person_ids]})
    if subject.kind is not SubjectKind.PERSON or subject.is_new:
        return FORMS[subject.kind](obj=obj)
    form = CandidateTriedForm(obj=obj) if subject.is_candidate else PersonTriedForm(obj=obj)
    form.known = {name: getattr(said, name) for name in ("name", "email")}
    return form


def _usual(kind: SubjectKind) -> dict[str, Any]:
    if kind is SubjectKind.PERSON:
        return {"kind": "hypothetical", "capacity_spans": [{"fte_pct": 100}]}
    if kind is SubjectKind.PHASE:
        return {"earliest_on": projects.workspace_of(db.session()).moment_of(0)}
    if kind is SubjectKind.RULE:
        rule, of = asked_rule()
        return {"rule": str(rule), "of": str(of) if of else ""}
    return {}


def _offer(scenario: Scenario, kind: SubjectKind, subject: Subject | None) -> None:
    """What the form of a kind offers to choose from; what only the scenario has among it."""
    session = db.session()
    offer_hours(projects.workspace_of(session).period is PeriodKind.HOUR)
    new = {what: _new(scenario, what) for what in (SubjectKind.PROJECT, SubjectKind.PHASE, SubjectKind.PERSON)}
    if kind is SubjectKind.PERSON:
        offer_for_person(subject.row if subject is not None else None)
        known = [(project.id, project.name) for project in people.projects_by_name(session)]
        offer(projects=[*known, *new[SubjectKind.PROJECT]])
    elif kind is SubjectKind.PROJECT:
        offer(
            managers=[(user.id, user.name) for user in projects.managers(session)],
            project_kinds=[(kind, kind) for kind in projects.kinds(session)],
        )
    elif kind is SubjectKind.PHASE:
        row = subject.row if subject is not None else None
        rows = phases.others(session, row.project, row) if row is not None else _all_phases()
        others = [one for one in new[SubjectKind.PHASE] if subject is None or one[0] != subject.id]
        offer(phases=[*((i, f"{other}: {name}" if other else name) for i, name, other in rows), *others])
    elif kind is SubjectKind.RULE:
        offer_rule(subject.row if subject is not None else None)
        offer(people=[*team_rules.people_to_name(session), *new[SubjectKind.PERSON]])
    else:
        row = subject.row if subject is not None else None
        offer_criteria({line.style_id for line in row.styles} if row is not None else set())


def _new(scenario: Scenario, kind: SubjectKind) -> list[tuple[int, str]]:
    """What of a kind only the scenario has, by its id there."""
    rows = [one for one in scenario.subjects if one.is_new and one.kind is kind]
    return [(one.subject_id, str((one.said or {}).get("name"))) for one in rows]


def _all_phases() -> list[tuple[int, str, str]]:
    return phases.others(db.session(), Project(id=0), None)


def _subject_page(
    scenario: Scenario, kind: SubjectKind, form: AskingForm, subject: Subject | None, above: Subject | None = None
) -> str:
    facts: dict[str, Any] = {str(kind): None}
    if subject is not None:
        facts[str(kind)] = _shown_as_row(subject)
    if kind is SubjectKind.PHASE:
        facts |= {"own": set(), "project": SimpleNamespace(id=0, name=_parent_title(scenario, kind, subject, above))}
    if kind is SubjectKind.NEED and isinstance(form, NeedForm):
        facts |= _need_facts(scenario, form, subject, above)
    if kind is SubjectKind.RULE:
        facts |= _rule_facts(scenario, subject, above)
    return _page(scenario, subject, form, f"staffing/{kind}_edit.html", **facts)


def _shown_as_row(subject: Subject) -> SimpleNamespace:
    return SimpleNamespace(
        id=subject.id, name=subject.title, title=subject.title, count=(subject.here or {}).get("count"), seats=()
    )


def _parent_title(scenario: Scenario, kind: SubjectKind, subject: Subject | None, above: Subject | None) -> str:
    if above is not None:
        return above.title
    if subject is None:
        return ""
    if subject.row is not None:
        return str(subject.row.project.name if kind is SubjectKind.PHASE else subject.row.phase.name)
    parent_id = (subject.record.parent_id if subject.record is not None else 0) or 0
    return _subject(scenario, PARENT_KINDS[kind], parent_id).title


def _need_facts(scenario: Scenario, form: NeedForm, subject: Subject | None, above: Subject | None) -> dict[str, Any]:
    """What the form of a role need shows beside it: who of those who are there could."""
    if above is None and subject is not None:
        parent_id = subject.row.phase_id if isinstance(subject.row, RoleNeed) else None
        above = _subject(scenario, SubjectKind.PHASE, parent_id or getattr(subject.record, "parent_id", None) or 0)
    if above is None or above.here is None:
        raise access.Hidden("phase")
    said = said_of(SubjectKind.PHASE, above.here)
    begin, end = form.window(said.duration)
    return {
        "phase": SimpleNamespace(
            id=0,
            name=said.name,
            duration=said.duration,
            project_id=0,
            earliest_on=said.earliest_on,
            latest_on=said.latest_on or said.earliest_on,
            project=SimpleNamespace(name=above.row.project.name if isinstance(above.row, Phase) else scenario.name),
        ),
        "asked": form.asked,
        "answer": matching.answer(db.session(), matching.asked_of_values(**form.asked)),
        "disguises": criteria.doubts(
            [form.title.data or "", *(form.tags.data or [])], [row.form.reason.data or "" for row in form.styles]
        ),
        "names": form.names,
        "window": (begin, end),
        "effort_pct": (form.count.data or 1) * (form.fte_pct.data or 100) * (end - begin),
        "num_seats": form.count.data or 1,
    }


def _rule_kinds(scenario: Scenario, above: Subject) -> str:
    """Which kind of team rule shall be added below a phase."""
    return render_template(
        "staffing/rule_kind.html",
        **common(scenario),
        phase=SimpleNamespace(id=0, name=above.title, project=None),
        href=_adding_rule(scenario, above),
        back=_home(scenario),
    )


def _rule_facts(scenario: Scenario, subject: Subject | None, above: Subject | None) -> dict[str, Any]:
    """What the form of a team rule shows beside it."""
    title = _parent_title(scenario, SubjectKind.RULE, subject, above)
    here = subject.here if subject is not None else None
    return {
        "phase": SimpleNamespace(
            id=0, name=title, project=subject.row.phase.project if subject and subject.row else None
        ),
        "sentence": scenario_words.rule_words(here, _names(scenario)) if here is not None else "",
        "another": _adding_rule(scenario, above)() if above is not None else None,
    }


def _adding_rule(scenario: Scenario, above: Subject) -> Callable[..., str]:
    return partial(url_for, ".subject_add", scenario_id=scenario.id, kind="rule", below=above.id)


def _page(scenario: Scenario, subject: Subject | None, form: AskingForm, template: str, **facts: Any) -> str:
    session = db.session()
    return render_template(
        template,
        **{**common(scenario), **facts},
        form=form,
        subject=subject,
        changed=_changed(scenario, subject) if subject is not None else [],
        back=_home(scenario),
        workspace=projects.workspace_of(session),
    )


def _changed(scenario: Scenario, subject: Subject) -> list[tuple[str, str, str, str]]:
    """What is otherwise already: the field, what it is called, what is there, what is here."""
    names, here = _names(scenario), subject.here or {}
    field, value = scenario_words.field_words, scenario_words.value_words
    return [
        (name, field(name, names), value(name, there, names), value(name, here.get(name), names))
        for name, there in subject.changed.items()
    ]


def _home(scenario: Scenario) -> str:
    return url_for("planning_scenarios.scenario_show", scenario_id=scenario.id)


def _names(scenario: Scenario) -> Names:
    return names_of(db.session(), scenario, label)
