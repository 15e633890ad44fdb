"""The first visit, the start page, one-time links, and whether the product is well."""

from __future__ import annotations

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from planner import access, db, login
from planner.forms.account import AdministratorForm, CompanyForm
from planner.models import User
from planner.services.account import links, waiting, workspace
from planner.services.refused import Refused
from planner.services.sample import load_sample
from planner.views.account import reader_language
from planner.views.door import Answer, actor, acts, no_store, public, save
from planner.wording import refusal_sentence

pages = Blueprint("home", __name__)


@pages.get("/")
@public
def start() -> Answer:
    """Where one begins: the first visit, the login, the choice how to start, or what waits."""
    if not current_user.is_authenticated:
        return redirect(url_for("security.login" if workspace.has_users(db.session()) else ".administrator_add"))
    user = actor()
    access.require(user, "home.see")
    if not workspace.is_set_up(db.session()) and access.allowed(user, "workspace.set_up"):
        return redirect(url_for(".company_choose"))
    here = workspace.workspace_of(db.session())
    return render_template("home/start.html", waiting=waiting.waiting_for(db.session(), user), user=user, here=here)


@pages.route("/welcome", methods=["GET", "POST"])
@public
def administrator_add() -> Answer:
    """The first administrator; once there is one, this page leads to the login."""
    if workspace.has_users(db.session()):
        return redirect(url_for("security.login"), 303)
    form = AdministratorForm()
    return save(
        form,
        lambda: _add_administrator(form),
        page=lambda: render_template("home/administrator_add.html", form=form),
        then=_log_in_and_choose,
    )


@pages.route("/welcome/company", methods=["GET", "POST"])
@acts("workspace.set_up")
def company_choose() -> Answer:
    """Start empty; the sample company is a button of its own beside it."""
    if workspace.is_set_up(db.session()):
        return redirect(url_for(".start"), 303)
    form = CompanyForm(data={"currency": "EUR", "calendar_start_on": workspace.this_monday(), "num_periods": 26})
    return save(
        form,
        lambda: workspace.start_empty(db.session(), form.said),
        page=lambda: render_template("home/company_choose.html", form=form),
        then=lambda _row: url_for(".start"),
        told=_("Your workspace is ready."),
    )


@pages.post("/welcome/sample")
@acts("workspace.set_up")
def sample_load() -> Answer:
    try:
        load_sample(db.session(), administrator_id=actor().id)
    except Refused as refused:
        db.session().rollback()
        flash(refusal_sentence(refused), "error")
        return redirect(url_for(".start"), 303)
    db.session().commit()
    flash(_("The sample company is here. Everything in it is invented; remove it in the settings."), "success")
    return redirect(url_for(".start"), 303)


@pages.get("/enter/<text>")
@public
def link_follow(text: str) -> Answer:
    """A link that logs in once; it opens nothing when it is only looked at, or for whoever is in already."""
    if request.method == "HEAD" or current_user.is_authenticated:
        return redirect(url_for(".start"))
    user = links.use_login_link(db.session(), text)
    if user is None:
        page = {"title_text": _("This link has ended"), "text": _("It opens once, and not for long. Ask for another.")}
        return render_template("error.html", **page), 404
    login.log_in(user)
    db.session().commit()
    return redirect(url_for(".start"))


@pages.get("/health")
@public
def health() -> Answer:
    """For whoever watches over the machine: 200 when the database answers."""
    try:
        db.session().execute(text("SELECT 1"))
    except SQLAlchemyError:
        return no_store(jsonify(status="no database")), 503  # type: ignore[return-value]
    return no_store(jsonify(status="ok"))


def _add_administrator(form: AdministratorForm) -> User:
    user = workspace.add_first_administrator(db.session(), form.said, login.hashed(form.said.password))
    user.locale = reader_language()
    return user


def _log_in_and_choose(user: User) -> str:
    """The first administrator is in at once; `save` has committed before it asks where to go."""
    login.log_in(user)
    db.session().commit()
    return url_for(".company_choose")
