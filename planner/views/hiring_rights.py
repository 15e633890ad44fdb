"""A candidate's rights: what they were told, on what basis their data is used, their export, their erasure."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from planner import access, db
from planner.forms.asking import AskingForm
from planner.forms.hiring_rights import AnsweredForm, ErasedForm, UseForm, WithdrawnForm
from planner.models import Candidate, DataRequest, Purpose
from planner.services.hiring import access_export, erasing, notices, sheets, uses
from planner.views.door import Answer, actor, acts, no_store, save

pages = Blueprint("hiring_rights", __name__, url_prefix="/candidates")


@pages.get("/<int:candidate_id>/rights")
@acts("rights.see", Candidate)
def candidate_rights(candidate: Candidate) -> Answer:
    return _shown(candidate)


@pages.route("/<int:candidate_id>/rights/use", methods=["GET", "POST"])
@acts("rights.edit", Candidate)
def candidate_use(candidate: Candidate) -> Answer:
    form = UseForm()
    return _done(candidate, form, lambda: uses.set_use(db.session(), candidate, form.said, form.read_version))


@pages.route("/<int:candidate_id>/rights/withdraw", methods=["GET", "POST"])
@acts("rights.edit", Candidate)
def candidate_withdraw(candidate: Candidate) -> Answer:
    form = WithdrawnForm()
    return _done(
        candidate, form, lambda: uses.withdraw_use(db.session(), candidate, form.said, form.read_version, by=actor())
    )


@pages.post("/<int:candidate_id>/rights/link")
@acts("rights.edit", Candidate)
def candidate_sheet_link(candidate: Candidate) -> Answer:
    """Shows the link once: it is known nowhere else."""
    text = sheets.make_link(db.session(), candidate, by=actor())
    db.session().commit()
    address = url_for("hiring_sheets.sheet_show", sheet_key=text, _external=True)
    return _shown(candidate, address=address)


@pages.post("/<int:candidate_id>/rights/notice")
@acts("rights.edit", Candidate)
def candidate_notice(candidate: Candidate) -> Answer:
    """Notes that the candidate was shown the newest notice, by whoever did so."""
    notice = notices.current_notice(db.session())
    if notice is not None:
        notices.note_shown(db.session(), candidate, notice, _("by %(name)s", name=actor().name))
        db.session().commit()
    return redirect(url_for(".candidate_rights", candidate_id=candidate.id), 303)


@pages.get("/<int:candidate_id>/rights/export")
@acts("rights.export", Candidate)
def candidate_export(candidate: Candidate) -> Answer:
    data = access_export.packed(db.session(), candidate, str(get_locale() or "en"))
    answer = Response(data, mimetype="application/zip")
    answer.headers.set("Content-Disposition", "attachment", filename=f"candidate-{candidate.id}.zip")
    return no_store(answer)


@pages.route("/<int:candidate_id>/rights/requests/<int:request_id>", methods=["GET", "POST"])
@acts("rights.edit", Candidate)
def candidate_request(candidate: Candidate, request_id: int) -> Answer:
    found = db.session().get(DataRequest, request_id)
    if found is None or found.candidate_id != candidate.id:
        raise access.Hidden("rights")
    form = _answer_form(found)
    return _done(candidate, form, lambda: sheets.answer_request(db.session(), found, form.said, by=actor()))


@pages.route("/<int:candidate_id>/rights/erase", methods=["GET", "POST"])
@acts("rights.erase", Candidate)
def candidate_erase(candidate: Candidate) -> Answer:
    form = ErasedForm()
    return save(
        form,
        lambda: erasing.erase(db.session(), candidate, form.said, by=actor()),
        page=lambda: render_template("hiring/candidate_erase.html", form=form, candidate=candidate),
        then=lambda _record: url_for("hiring_candidates.candidate_list"),
        told=_("The data was erased. Counts stay, and nothing by which to know who it was."),
    )


def _done(candidate: Candidate, form: AskingForm, verb: object) -> Answer:
    if request.method != "POST":
        return redirect(url_for(".candidate_rights", candidate_id=candidate.id))
    return save(
        form,
        verb,  # type: ignore[arg-type]
        page=lambda: _shown(candidate, form=form),
        then=lambda _row: url_for(".candidate_rights", candidate_id=candidate.id),
        told=_("That was noted."),
    )


def _answer_form(asked: DataRequest, **said: None) -> AnsweredForm:
    """The form of one answer: several stand on the page."""
    return AnsweredForm(prefix=f"request-{asked.id}-", **said)


def _shown(candidate: Candidate, *, form: AskingForm | None = None, address: str = "") -> str:
    session, user = db.session(), actor()
    requests = sheets.requests_of(session, candidate)
    answering = {one.id: _answer_form(one, formdata=None) for one in requests}
    if isinstance(form, AnsweredForm):
        answering = {number: form if one.answer.id == form.answer.id else one for number, one in answering.items()}
    return render_template(
        "hiring/candidate_rights.html",
        candidate=candidate,
        person=candidate.person,
        form=form,
        address=address,
        use_form=form if isinstance(form, UseForm) else UseForm(formdata=None),
        answering=answering,
        notice=notices.current_notice(session),
        shown=notices.shown_to(session, candidate),
        uses=uses.uses_of(session, candidate),
        purposes=list(Purpose),
        requests=requests,
        can_edit=access.allowed(user, "rights.edit"),
        can_export=access.allowed(user, "rights.export"),
        can_erase=access.allowed(user, "rights.erase"),
    )
