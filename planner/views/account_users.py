"""Pages of users: who may log in, and as what."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from planner import db, login, navigation
from planner.forms.account import UserForm
from planner.forms.fields import offer
from planner.models import User
from planner.rights import STAFF
from planner.services.account import users as verbs
from planner.services.refused import Refused
from planner.services.work import talking
from planner.views.account import pages, reader_language
from planner.views.door import Answer, acts, confirm_removal, query, remove_row, save
from planner.wording import refusal_sentence


@pages.get("/users")
@acts("user.see")
def user_list() -> Answer:
    page = verbs.page_of_users(db.session(), query())
    return render_template("account/user_list.html", page=page, words=navigation.role_words())


@pages.route("/users/add", methods=["GET", "POST"])
@acts("user.add")
def user_add() -> Answer:
    offer(people=verbs.people_to_link(db.session()))
    form = UserForm()
    return save(
        form,
        lambda: verbs.add_user(db.session(), form.said),
        page=lambda: render_template("account/user_edit.html", form=form, user=None),
        then=lambda user: url_for(".user_edit", user_id=user.id),
        told=_("The user was added. Send them a link to set a password."),
    )


@pages.route("/users/<int:user_id>/edit", methods=["GET", "POST"])
@acts("user.edit", User)
def user_edit(user: User) -> Answer:
    offer(people=verbs.people_to_link(db.session()))
    form = UserForm(obj=user)
    form.locale.data = form.locale.data or reader_language()
    return save(
        form,
        lambda: verbs.edit_user(db.session(), user, form.said, form.read_version),
        page=lambda: render_template("account/user_edit.html", form=form, user=user),
        then=lambda _user: url_for(".user_list"),
        told=_("The user was saved."),
    )


@pages.route("/users/<int:user_id>/remove", methods=["GET", "POST"])
@acts("user.remove", User)
def user_remove(user: User) -> Answer:
    if request.method == "GET":
        what = _("They cannot log in any more, and their API tokens end. What they decided keeps their name.")
        return confirm_removal(user.name, what, url_for(".user_list"))
    try:
        verbs.require_other_administrator(db.session(), user)
    except Refused as refused:
        flash(refusal_sentence(refused), "error")
        return redirect(url_for(".user_list"), 303)
    if not user.role_names & STAFF.keys():
        talking.forget_author(db.session(), user)
    return remove_row(user, title=user.name, then=url_for(".user_list"))


@pages.post("/users/<int:user_id>/password-link")
@acts("user.edit", User)
def user_password_link(user: User) -> Answer:
    """Sends a link by which the user sets a password."""
    with force_locale(user.locale or reader_language()):
        body = render_template("security/email/invitation.txt", user=user, link=login.password_link(user))
        login.post(recipient=user.email, subject=_("Set your password for the planner"), body=body)
    flash(_("A link to set the password is on its way to %(email)s.", email=user.email), "success")
    return redirect(url_for(".mail_list"), 303)


@pages.post("/users/<int:user_id>/forget-code")
@acts("user.edit", User)
def user_forget_code(user: User) -> Answer:
    """Takes the one-time codes off a user who has lost their telephone."""
    verbs.forget_second_factor(db.session(), user)
    db.session().commit()
    flash(_("%(name)s logs in by password alone until they set up codes again.", name=user.name), "success")
    return redirect(url_for(".user_edit", user_id=user.id), 303)
