"""A candidate's own sheet, behind a secret link: what was asked, what is known, how a person decided, and their say."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from planner import access, db
from planner.forms.hiring_rights import AskedForm
from planner.models import Candidate
from planner.services.hiring import criteria, protected, sheets
from planner.services.refused import Refused
from planner.views.door import Answer, public
from planner.wording import refusal_sentence

pages = Blueprint("hiring_sheets", __name__, url_prefix="/sheet")


@pages.get("/<sheet_key>")
@public
def sheet_show(sheet_key: str) -> Answer:
    return _shown(_found(sheet_key), sheet_key, AskedForm(formdata=None))


@pages.post("/<sheet_key>/ask")
@public
def sheet_ask(sheet_key: str) -> Answer:
    candidate, form = _found(sheet_key), AskedForm()
    if not form.validate():
        return _shown(candidate, sheet_key, form), 422
    return _ended(lambda: sheets.ask(db.session(), sheet_key, form.said))


@pages.post("/<sheet_key>/say")
@public
def sheet_say(sheet_key: str) -> Answer:
    _found(sheet_key)
    said = {question: request.form.get(question, "") for question in protected.QUESTIONS}
    return _ended(lambda: sheets.say(db.session(), sheet_key, said))


def _found(sheet_key: str) -> Candidate:
    candidate = sheets.candidate_of(db.session(), sheet_key)
    if candidate is None:
        raise access.Hidden("candidate")
    return candidate


def _ended(verb: object) -> Answer:
    """Does what was asked, once, and says so on a page that holds nothing about anybody."""
    try:
        verb()  # type: ignore[operator]
        db.session().commit()
    except Refused as refused:
        db.session().rollback()
        page = {"title_text": _("This link has ended"), "text": refusal_sentence(refused)}
        return render_template("error.html", **page), 409
    page = {"title_text": _("Thank you"), "text": _("It was kept, and a person answers. This link has ended now.")}
    return render_template("error.html", **page)


def _shown(candidate: Candidate, sheet_key: str, form: AskedForm) -> str:
    requisition = candidate.requisition
    return render_template(
        "hiring/sheet_show.html",
        candidate=candidate,
        person=candidate.person,
        requisition=requisition,
        criteria=criteria.criteria_shown(db.session(), requisition) if requisition is not None else [],
        form=form,
        sheet_key=sheet_key,
        questions=protected.QUESTIONS,
    )
