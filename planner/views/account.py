"""Pages of the corridor account: one's own account and preferences, logging out, undoing a removal."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user

from planner import db, login
from planner.forms.account import OwnForm
from planner.models import Removal
from planner.services import removal as removals
from planner.services.account import users
from planner.services.account.removals import page_of_removals, removers
from planner.services.refused import Refused
from planner.views.door import Answer, actor, acts, public, query, save
from planner.wording import refusal_sentence

pages = Blueprint("account", __name__, url_prefix="/account")
A_YEAR_S = 365 * 24 * 3600


@pages.route("", methods=["GET", "POST"])
@acts("own_account.edit")
def own_account() -> Answer:
    user = actor()
    form = OwnForm(obj=user)
    form.locale.data = form.locale.data or reader_language()
    return save(
        form,
        lambda: users.edit_own(user, form.said, form.read_version),
        page=lambda: render_template("account/own_account.html", form=form, user=user),
        then=lambda _user: url_for(".own_account"),
        told=_("Your account was saved."),
    )


@pages.post("/log-out")
@public
def log_out() -> Answer:
    login.log_out()
    db.session().commit()
    return redirect("/", 303)


@pages.post("/preferences")
@public
def preferences_save() -> Answer:
    """Language and colours, kept with the user or, before login, in a cookie."""
    answer = redirect(_back(), 303)
    for name, allowed in (("language", ("en", "fr")), ("theme", ("light", "dark", "system"))):
        value = request.form.get(name, "")
        if value not in allowed:
            continue
        answer.set_cookie(
            name, value, max_age=A_YEAR_S, samesite="Lax", httponly=True, secure=request.is_secure, path="/"
        )
        if current_user.is_authenticated:
            setattr(actor(), "locale" if name == "language" else name, value)
    db.session().commit()
    return answer


@pages.get("/removals")
@acts("removal.see")
def removal_list() -> Answer:
    page = page_of_removals(db.session(), query())
    names = removers(db.session(), page.items)
    return render_template("account/removal_list.html", page=page, removers=names)


@pages.post("/removals/<int:removal_id>/restore")
@acts("removal.restore", Removal)
def removal_restore(removal: Removal) -> Answer:
    try:
        removals.restore(db.session(), removal)
    except Refused as refused:
        db.session().rollback()
        flash(refusal_sentence(refused), "error")
    else:
        db.session().commit()
        flash(_("“%(title)s” is back.", title=removal.title), "success")
    return redirect(_back(), 303)


def reader_language() -> str:
    """The language of this page, for users who have never chosen one."""
    return "fr" if str(get_locale()).startswith("fr") else "en"


def _back() -> str:
    """The page that the user came from, if it is one of ours."""
    parts = urlsplit(request.referrer or "")
    if parts.netloc != request.host:
        return "/"
    path = re.sub(r"^[/\\]+", "/", parts.path)  # a browser reads //there, and /\there, as another host's address
    return path + (f"?{parts.query}" if parts.query else "")
