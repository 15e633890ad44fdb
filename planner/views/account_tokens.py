"""Pages of API tokens: how another program acts for a user."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from planner import db
from planner.forms.account import TokenForm
from planner.models import ApiToken
from planner.rights import RULES
from planner.services.account import tokens as verbs
from planner.views.account import pages
from planner.views.door import Answer, actor, acts, no_store, query


@pages.get("/tokens")
@acts("token.see")
def token_list() -> Answer:
    sees_all = RULES["user.see"].keys() & actor().role_names
    page = verbs.page_of_tokens(db.session(), query(), of=None if sees_all else actor())
    return render_template("account/token_list.html", page=page, is_alive=verbs.is_alive, sees_all=bool(sees_all))


@pages.route("/tokens/add", methods=["GET", "POST"])
@acts("token.add")
def token_add() -> Answer:
    """A token is shown once, in the answer to the form itself, and no page leads back to it."""
    form = TokenForm()
    if request.method != "POST":
        return render_template("account/token_add.html", form=form)
    if not form.validate():
        return render_template("account/token_add.html", form=form), 422
    token, text = verbs.add_token(db.session(), actor(), form.said)
    db.session().commit()
    return no_store(make_response(render_template("account/token_shown.html", token=token, text=text), 201))


@pages.post("/tokens/<int:token_id>/revoke")
@acts("token.remove", ApiToken)
def token_revoke(token: ApiToken) -> Answer:
    verbs.revoke_token(token)
    db.session().commit()
    flash(_("The token “%(name)s” opens nothing any more.", name=token.name), "success")
    return redirect(url_for(".token_list"), 303)
