"""What a client sees behind their link: three questions, and a word of thanks. No login, nothing of anybody's data."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _

from planner import access, db
from planner.forms.outcomes_feedback import ClientForm
from planner.models import ClientLink, Workspace
from planner.services.outcomes import client_links
from planner.services.refused import Refused
from planner.views.door import Answer, public
from planner.wording import refusal_sentence

pages = Blueprint("outcomes_client", __name__, url_prefix="/say")


@pages.get("/<client_key>")
@public
def client_show(client_key: str) -> Answer:
    link = _found(client_key)
    try:
        client_links.require_open(link)
    except Refused as refused:
        return _ended(refused)
    return _shown(link, client_key, ClientForm(formdata=None))


@pages.post("/<client_key>")
@public
def client_say(client_key: str) -> Answer:
    link, form = _found(client_key), ClientForm()
    if form.is_by_program:
        return redirect(url_for(".client_thanks"), 303)  # a program learns nothing
    if not form.validate():
        return _shown(link, client_key, form), 422
    try:
        client_links.answer(db.session(), client_key, form.said)
        db.session().commit()
    except Refused as refused:
        db.session().rollback()
        return _ended(refused)
    return redirect(url_for(".client_thanks"), 303)


@pages.get("/thanks")
@public
def client_thanks() -> Answer:
    """The same for whoever answers, so that it tells nothing of anybody."""
    return render_template("outcomes/client_thanks.html")


def _found(client_key: str) -> ClientLink:
    link = client_links.find_link(db.session(), client_key)
    if link is None:
        raise access.Hidden("client_link")
    return link


def _ended(refused: Refused) -> Answer:
    """A link that does not open any more says why, and what to do."""
    return render_template("error.html", title_text=_("This link has ended"), text=refusal_sentence(refused)), 409


def _shown(link: ClientLink, client_key: str, form: ClientForm) -> str:
    here = db.session().get(Workspace, 1)
    return render_template(
        "outcomes/client_show.html",
        form=form,
        project=link.project,
        phase=link.phase,
        company=here.name if here is not None else "",
        is_single_use=link.is_single_use,
        client_key=client_key,
    )
