"""Pages of people: the list, one person, their absences."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from planner import access, db
from planner.formats import label, meaning
from planner.forms.fields import language_name
from planner.forms.staffing_people import AbsenceForm, PersonForm
from planner.models import Absence, Person, PersonKind
from planner.services.staffing import people as verbs
from planner.services.staffing import projects, rates, sites, skills
from planner.views.door import Answer, actor, acts, confirm_removal, query, remove_row, save
from planner.views.staffing_shown import cost_of, facts_of, offer_for_person, sparks_of
from planner.words import staffing_people as people_words

pages = Blueprint("staffing_people", __name__, url_prefix="/people")

for _name in (
    "absence_in_words",
    "country_name",
    "currency_name",
    "source_in_words",
    "stage_in_words",
    "wish_in_words",
):
    pages.app_template_filter(_name)(getattr(people_words, _name))
pages.app_template_filter("language_name")(language_name)
pages.app_template_filter("meaning")(meaning)


@pages.get("")
@acts("person.see")
def person_list() -> Answer:
    session = db.session()
    only_id = None if access.reaches_any(actor(), "person.see") else (actor().person_id or 0)
    page = verbs.page_of_people(session, query(), only_id=only_id)
    known = rates.rates_of(session)
    workspace = projects.workspace_of(session)
    return render_template(
        "staffing/person_list.html",
        page=page,
        workspace=workspace,
        levels=[(str(level), str(level)) for level in range(1, workspace.level_max + 1)],
        num_by_kind=verbs.people_by_kind(session, only_id=only_id),
        sparks=sparks_of(page.items),
        costs={person.id: cost_of(person, known) for person in page.items} if only_id is None else {},
        kinds=list(people_words.kind_words().items()),
        sites=[(site.id, site.name) for site in sites.all_sites(session)],
        skills=[(skill.id, label(skill)) for skill in skills.all_skills(session)],
        languages=[(code, language_name(code)) for code in verbs.languages_in_use(session)],
        can_add=access.allowed(actor(), "person.add"),
    )


@pages.get("/<int:person_id>")
@acts("person.see", Person)
def person_show(person: Person) -> Answer:
    candidate = verbs.candidate_of(db.session(), person) if person.kind is PersonKind.CANDIDATE else None
    if candidate is not None and access.allowed(actor(), "candidate.see", candidate):
        return redirect(url_for("hiring_candidates.candidate_show", candidate_id=candidate.id))
    return render_template("staffing/person_show.html", **facts_of(person), absence_form=AbsenceForm(formdata=None))


@pages.route("/add", methods=["GET", "POST"])
@acts("person.add")
def person_add() -> Answer:
    offer_for_person()
    form = PersonForm(data={"capacity_spans": [{"fte_pct": 100}]})
    return save(
        form,
        lambda: verbs.add_person(db.session(), form.said),
        page=lambda: _page(form, None),
        then=lambda person: url_for(".person_show", person_id=person.id),
        told=_("The person was added."),
    )


@pages.route("/<int:person_id>/edit", methods=["GET", "POST"])
@acts("person.edit", Person)
def person_edit(person: Person) -> Answer:
    candidate = verbs.candidate_of(db.session(), person) if person.kind is PersonKind.CANDIDATE else None
    if candidate is not None:
        return redirect(url_for("hiring_candidates.candidate_edit", candidate_id=candidate.id))
    offer_for_person(person)
    form = PersonForm(obj=person)
    return save(
        form,
        lambda: verbs.edit_person(db.session(), person, form.said, form.read_version),
        page=lambda: _page(form, person),
        then=lambda person: url_for(".person_show", person_id=person.id),
        told=_("The person was saved."),
    )


@pages.route("/<int:person_id>/remove", methods=["GET", "POST"])
@acts("person.remove", Person)
def person_remove(person: Person) -> Answer:
    if request.method == "POST":
        return remove_row(person, title=person.name, then=url_for(".person_list"))
    return confirm_removal(person.name, consequence_of(person), url_for(".person_show", person_id=person.id))


@pages.route("/<int:person_id>/absences/add", methods=["GET", "POST"])
@acts("person.edit", Person)
def absence_add(person: Person) -> Answer:
    form = AbsenceForm()
    return save(
        form,
        lambda: verbs.add_absence(db.session(), person, form.said),
        page=lambda: render_template("staffing/absence_edit.html", form=form, person=person, absence=None),
        then=lambda _absence: url_for(".person_show", person_id=person.id, _anchor="absences"),
        told=_("The absence was added."),
    )


@pages.route("/absences/<int:absence_id>/edit", methods=["GET", "POST"])
@acts("person.edit", Absence)
def absence_edit(absence: Absence) -> Answer:
    form = AbsenceForm(obj=absence)
    return save(
        form,
        lambda: verbs.edit_absence(db.session(), absence, form.said, form.read_version),
        page=lambda: render_template("staffing/absence_edit.html", form=form, person=absence.person, absence=absence),
        then=lambda _absence: url_for(".person_show", person_id=absence.person_id, _anchor="absences"),
        told=_("The absence was saved."),
    )


@pages.route("/absences/<int:absence_id>/remove", methods=["GET", "POST"])
@acts("person.edit", Absence)
def absence_remove(absence: Absence) -> Answer:
    back = url_for(".person_show", person_id=absence.person_id, _anchor="absences")
    title = _("absence of %(name)s", name=absence.person.name)
    if request.method == "POST":
        verbs.touch_whole(db.session(), absence.person)
        return remove_row(absence, title=title, then=back)
    return confirm_removal(title, _("These days count as working days again."), back)


def consequence_of(person: Person) -> str:
    """What goes with a person when they are removed."""
    facts = facts_of(person)
    held = ngettext("%(num)s seat loses its holder.", "%(num)s seats lose their holder.", len(facts["seats"]))
    return _("Skills, work styles, absences and wishes go too. %(held)s", held=held)


def _page(form: PersonForm, person: Person | None) -> str:
    workspace = projects.workspace_of(db.session())
    return render_template("staffing/person_edit.html", form=form, person=person, workspace=workspace)
