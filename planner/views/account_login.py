"""Flask-Security's views behind our door: each has its action, and the login leads to the first visit."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, redirect, url_for

from planner import db
from planner.services.account.workspace import has_users
from planner.views.door import acts, public

OWN = "own_account.edit"
ACTIONS = {
    "login": None,
    "forgot_password": None,
    "reset_password": None,
    "two_factor_token_validation": None,
    "two_factor_rescue": None,
    "tf_select": None,
    "mf_recovery": None,
    "verify": OWN,
    "change_password": OWN,
    "two_factor_setup": OWN,
    "two_factor_setup_validate": OWN,
    "mf_recovery_codes": OWN,
}


def init_app(app: Flask) -> None:
    """Marks what each of Flask-Security's views does."""
    for name, action in ACTIONS.items():
        view = app.view_functions[f"security.{name}"]
        app.view_functions[f"security.{name}"] = acts(action)(view) if action else public(_after_first_visit(view))


def _after_first_visit(view: Callable[..., Any]) -> Callable[..., Any]:
    """Before there is a user, nobody can log in: the first visit comes first."""

    @wraps(view)
    def guarded(**values: Any) -> Any:
        return view(**values) if has_users(db.session()) else redirect(url_for("home.administrator_add"))

    return guarded
