"""What comes in about candidates: files and texts, the public page of a requisition, and drafts to be confirmed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from planner import access, db
from planner.forms.asking import AskingForm
from planner.forms.fields import offer
from planner.forms.hiring_intake import ACCEPTED, ApplicationForm, ConfirmForm, DropForm, IntakeForm
from planner.models import Attachment, Candidate, Intake, IntakeKind, IntakeState, Requisition
from planner.services.hiring import anonymity, applications, candidates, notices, requisitions
from planner.services.hiring import intake as verbs
from planner.services.refused import Refused
from planner.services.staffing import projects
from planner.views.door import Answer, actor, acts, no_store, public, query, save
from planner.wording import refusal_sentence

pages = Blueprint("hiring_intake", __name__)


@pages.get("/intake")
@acts("intake.see")
def intake_list() -> Answer:
    return _listed()


@pages.route("/intake/add", methods=["GET", "POST"])
@acts("intake.add")
def intake_add() -> Answer:
    known = requisitions.requisitions_open(db.session())
    offer(requisitions=[(row.id, f"{row.number} · {row.title}") for row in known])
    form = IntakeForm(data={"requisition_id": request.args.get("requisition", type=int)} if not _is_sent() else None)
    return save(
        form,
        lambda: _kept(form),
        page=lambda: render_template("hiring/intake_add.html", form=form, accepted=ACCEPTED),
        then=lambda intake: url_for(".intake_confirm", intake_id=intake.id),
    )


@pages.route("/intake/<int:intake_id>", methods=["GET", "POST"])
@acts("intake.edit", Intake)
def intake_confirm(intake: Intake) -> Answer:
    if intake.state is not IntakeState.WAITING:
        flash(_("This was confirmed or dropped already."), "error")
        return redirect(url_for(".intake_list"), 303)
    session, draft = db.session(), intake.draft
    matched, unknown = verbs.matched_skills(session, draft)
    known = verbs.people_known(session, draft.get("email", ""))
    among = candidates.candidates_among(session, [person.id for person in known])
    candidate_ids = {one.person_id: one.id for one in among}
    offer(
        requisitions=[(r.id, f"{r.number} · {r.title}") for r in requisitions.requisitions_open(session)],
        known=[(candidate_ids[person.id], person.name) for person in known if person.id in candidate_ids],
    )
    form = ConfirmForm(data=_as_said(intake, matched) if not _is_sent() else None)
    return save(
        form,
        lambda: verbs.confirm(session, intake, form.said, form.read_version, by=actor()),
        page=lambda: render_template(
            "hiring/intake_confirm.html",
            form=form,
            intake=intake,
            matched={str(one.skill.id): one for one in matched},
            unknown=unknown,
            known=known,
            workspace=projects.workspace_of(session),
        ),
        then=lambda candidate: url_for("hiring_candidates.candidate_show", candidate_id=candidate.id),
        told=_("What you confirmed was taken. Draft and file left the intake."),
    )


@pages.route("/intake/<int:intake_id>/drop", methods=["GET", "POST"])
@acts("intake.edit", Intake)
def intake_drop(intake: Intake) -> Answer:
    if request.method != "POST":
        return redirect(url_for(".intake_confirm", intake_id=intake.id))
    form = DropForm()
    return save(
        form,
        lambda: verbs.drop(db.session(), intake, form.read_version),
        page=lambda: _listed(form),
        then=lambda _intake: url_for(".intake_list"),
        told=_("Nothing was taken. Draft and file are gone."),
    )


@pages.get("/candidates/<int:candidate_id>/files/<int:attachment_id>")
@acts("attachment.see", Candidate)
def attachment_download(candidate: Candidate, attachment_id: int) -> Answer:
    found = db.session().get(Attachment, attachment_id)
    if found is None or found.candidate_id != candidate.id or anonymity.is_hidden(candidate):
        raise access.Hidden("attachment")
    answer = Response(found.data, mimetype="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=found.name)
    return no_store(answer)


@pages.route("/requisitions/<int:requisition_id>/application-page", methods=["GET", "POST"])
@acts("requisition.edit", Requisition)
def requisition_application_page(requisition: Requisition) -> Answer:
    """Switches the public page of a requisition on or off."""
    back = url_for("hiring_requisitions.requisition_show", requisition_id=requisition.id)
    if request.method != "POST":
        return redirect(back)
    try:
        applications.switch(db.session(), requisition, is_on=request.form.get("is_on") == "true")
        db.session().commit()
    except Refused as refused:
        db.session().rollback()
        flash(refusal_sentence(refused), "error")
    return redirect(back, 303)


@pages.route("/apply/<apply_key>", methods=["GET", "POST"])
@public
def application_add(apply_key: str) -> Answer:
    """Where somebody applies by themselves; it says how their data is used before they send any."""
    requisition = applications.find(db.session(), apply_key)
    if requisition is None:
        raise access.Hidden("requisition")
    form = ApplicationForm()
    if request.method == "POST" and form.is_by_program:
        return redirect(url_for(".application_sent", apply_key=apply_key), 303)  # a program learns nothing
    return save(
        form,
        lambda: _applied(form, requisition),
        page=lambda: _application_page(form, requisition),
        then=lambda _intake: url_for(".application_sent", apply_key=apply_key),
    )


@pages.get("/apply/<apply_key>/sent")
@public
def application_sent(apply_key: str) -> Answer:
    requisition = applications.find(db.session(), apply_key)
    if requisition is None:
        raise access.Hidden("requisition")
    return render_template("hiring/application_sent.html", requisition=requisition)


@pages.errorhandler(RequestEntityTooLarge)
def file_too_large(_error: RequestEntityTooLarge) -> Answer:
    """A file beyond all measure is told at its field, as any other fault; nothing of it was read."""
    sentence = refusal_sentence(Refused("cv_too_large", most=verbs.MOST_BYTES // 2**20))
    if request.endpoint == "hiring_intake.application_add":
        requisition = applications.find(db.session(), (request.view_args or {}).get("apply_key", ""))
        if requisition is not None:
            form: AskingForm = ApplicationForm(formdata=None)
            form.file.errors = [sentence]
            return _application_page(form, requisition), 422
    form = IntakeForm(formdata=None)
    form.file.errors = [sentence]
    offer(requisitions=[])
    return render_template("hiring/intake_add.html", form=form, accepted=ACCEPTED), 422


def _listed(form: AskingForm | None = None) -> str:
    """What waits, unless the URL asks for more."""
    asked = query()
    if "state" not in asked.filters:
        asked = replace(asked, filters={**asked.filters, "state": "waiting"})
    return render_template("hiring/intake_list.html", page=verbs.page_of_intakes(db.session(), asked), form=form)


def _is_sent() -> bool:
    return request.method == "POST"


def _kept(form: IntakeForm) -> Intake:
    """Reads what was sent, in the bounded child and without holding the database, and keeps the draft."""
    db.let_go()
    if form.has_file:
        data, name = form.content(), form.file.data.filename
        kind, draft = verbs.read(data, name)
        return verbs.keep(db.session(), form.said, kind, draft, data=data, file_name=name, by=actor())
    draft = verbs.read_text(form.said.text)
    return verbs.keep(db.session(), form.said, IntakeKind.TEXT, draft, by=actor())


def _applied(form: ApplicationForm, requisition: Requisition) -> Intake:
    ident = requisition.id
    db.let_go()
    data = form.content() if form.has_file else None
    name = form.file.data.filename if form.has_file else ""
    draft = verbs.read(data, name)[1] if data is not None else None
    return applications.apply(db.session(), ident, form.said, draft, data=data, file_name=name)


def _application_page(form: AskingForm, requisition: Requisition) -> str:
    notice = notices.current_notice(db.session())
    is_french = str(get_locale() or "en").startswith("fr")
    text = ((notice.text_fr if is_french else "") or notice.text) if notice is not None else ""
    return render_template(
        "hiring/application_add.html", form=form, requisition=requisition, notice=notice, text=text, accepted=ACCEPTED
    )


def _as_said(intake: Intake, matched: list[verbs.Matched]) -> dict[str, Any]:
    """A draft as the form to confirm it shows it: no level is filled in."""
    draft = intake.draft
    texts = [draft.get("text", ""), intake.message]
    return {
        "name": draft.get("name", ""),
        "email": draft.get("email", ""),
        "languages": draft.get("languages", []),
        "requisition_id": intake.requisition_id,
        "skills": [{"skill_id": one.skill.id, "level": None} for one in matched],
        "note": "\n\n".join(text for text in texts if text)[:10_000],
        "version": intake.version,
    }
