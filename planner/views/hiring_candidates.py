"""Pages of candidates: the list, one candidate, and how far they have come."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _

from planner import access, db
from planner.forms.asking import AskingForm
from planner.forms.fields import offer
from planner.forms.hiring_candidates import CandidateForm, ShortlistForm, StageForm
from planner.forms.staffing_people import AbsenceForm
from planner.models import Candidate, Stage, today
from planner.services.hiring import candidates as verbs
from planner.services.hiring import criteria, decisions, intake, requisitions
from planner.services.staffing import projects, rates
from planner.views.door import Answer, actor, acts, confirm_removal, query, remove_row, save
from planner.views.staffing_people import consequence_of
from planner.views.staffing_shown import cost_of, facts_of, offer_for_person
from planner.words.staffing_people import stage_words

pages = Blueprint("hiring_candidates", __name__, url_prefix="/candidates")


@pages.get("")
@acts("candidate.see")
def candidate_list() -> Answer:
    session = db.session()
    page = verbs.page_of_candidates(session, query())
    known = rates.rates_of(session)
    num_by_stage = verbs.num_by_stage(session)
    return render_template(
        "hiring/candidate_list.html",
        page=page,
        workspace=projects.workspace_of(session),
        costs={candidate.id: cost_of(candidate.person, known) for candidate in page.items},
        coverage=criteria.coverage_by_candidate(session, page.items),
        num_by_stage=num_by_stage,
        num_considered=sum(num_by_stage.get(stage, 0) for stage in verbs.CONSIDERED),
        stages=list(stage_words().items()),
        requisitions=_requisition_choices(),
        today=today(),
        can_add=access.allowed(actor(), "candidate.add"),
    )


@pages.get("/<int:candidate_id>")
@acts("candidate.see", Candidate)
def candidate_show(candidate: Candidate) -> Answer:
    return _shown(candidate)


@pages.route("/add", methods=["GET", "POST"])
@acts("candidate.add")
def candidate_add() -> Answer:
    _offer(None)
    wanted = request.args.get("requisition", type=int)
    form = CandidateForm(data={"capacity_spans": [{"fte_pct": 100}], "requisition_id": wanted, "applied_on": today()})
    return save(
        form,
        lambda: verbs.add_candidate(db.session(), form.said, by=actor()),
        page=lambda: _page(form, None),
        then=lambda candidate: url_for(".candidate_show", candidate_id=candidate.id),
        told=_("The candidate was added."),
    )


@pages.route("/<int:candidate_id>/edit", methods=["GET", "POST"])
@acts("candidate.edit", Candidate)
def candidate_edit(candidate: Candidate) -> Answer:
    _offer(candidate)
    form = CandidateForm(obj=candidate)
    return save(
        form,
        lambda: verbs.edit_candidate(db.session(), candidate, form.said, form.read_version, by=actor()),
        page=lambda: _page(form, candidate),
        then=lambda candidate: url_for(".candidate_show", candidate_id=candidate.id),
        told=_("The candidate was saved."),
    )


@pages.route("/<int:candidate_id>/stage", methods=["GET", "POST"])
@acts("candidate.edit", Candidate)
def candidate_stage(candidate: Candidate) -> Answer:
    if request.method != "POST":
        return redirect(url_for(".candidate_show", candidate_id=candidate.id))
    form = StageForm()
    return save(
        form,
        lambda: verbs.move_candidate(db.session(), candidate, form.said, form.read_version, by=actor()),
        page=lambda: _shown(candidate, form),
        then=lambda candidate: url_for(".candidate_show", candidate_id=candidate.id),
        told=_("The stage was saved."),
    )


@pages.route("/<int:candidate_id>/shortlist", methods=["GET", "POST"])
@acts("candidate.edit", Candidate)
def candidate_shortlist(candidate: Candidate) -> Answer:
    if request.method != "POST":
        return redirect(url_for(".candidate_show", candidate_id=candidate.id))
    form = ShortlistForm()
    return save(
        form,
        lambda: verbs.shortlist(db.session(), candidate, form.said, form.read_version, by=actor()),
        page=lambda: _shown(candidate, form),
        then=lambda candidate: url_for(".candidate_show", candidate_id=candidate.id),
        told=_("The shortlist was saved."),
    )


@pages.route("/<int:candidate_id>/remove", methods=["GET", "POST"])
@acts("candidate.remove", Candidate)
def candidate_remove(candidate: Candidate) -> Answer:
    person = candidate.person
    if request.method == "POST":
        return remove_row(person, title=person.name, then=url_for(".candidate_list"))
    back = url_for(".candidate_show", candidate_id=candidate.id)
    return confirm_removal(person.name, consequence_of(person), back)


def _shown(candidate: Candidate, form: AskingForm | None = None) -> str:
    session = db.session()
    facts = facts_of(candidate.person)
    requisition = candidate.requisition
    lines = criteria.criteria_shown(session, requisition) if requisition else []
    return render_template(
        "hiring/candidate_show.html",
        **facts,
        candidate=candidate,
        form=form,
        moving=form if isinstance(form, StageForm) else StageForm(formdata=None),
        shortlisting=form if isinstance(form, ShortlistForm) else ShortlistForm(formdata=None),
        coverage=criteria.coverage_of(facts["person"], lines),
        suggestion=decisions.suggestion_for(session, candidate),
        can_rights=access.allowed(actor(), "rights.see"),
        files=intake.attachments_of(session, candidate),
        neighbours=verbs.neighbours_of(session, candidate),
        stages=[(stage, word) for stage, word in stage_words().items() if stage is not Stage.HIRED],
        absence_form=AbsenceForm(formdata=None),
    )


def _offer(candidate: Candidate | None) -> None:
    offer_for_person(candidate.person if candidate else None)
    known = requisitions.requisitions_open(db.session(), but=candidate.requisition_id if candidate else None)
    offer(requisitions=[(row.id, f"{row.number} · {row.title}") for row in known])


def _requisition_choices() -> list[tuple[str, str]]:
    known = requisitions.all_requisitions(db.session())
    return [*((str(row.id), f"{row.number} · {row.title}") for row in known), ("none", _("none yet"))]


def _page(form: CandidateForm, candidate: Candidate | None) -> str:
    workspace = projects.workspace_of(db.session())
    files = intake.attachments_of(db.session(), candidate) if candidate else ()
    return render_template(
        "hiring/candidate_edit.html", form=form, candidate=candidate, workspace=workspace, files=files
    )
