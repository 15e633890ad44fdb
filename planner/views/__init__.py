"""The HTML door: authorise, form, one verb, commit, redirect."""

from __future__ import annotations

from flask import Flask

from planner.views import (
    account,
    account_login,
    account_settings,  # noqa: F401 -- these three put their pages on account's blueprint
    account_tokens,  # noqa: F401
    account_users,  # noqa: F401
    home,
    staffing_skills,
)


def init_app(app: Flask) -> None:
    """Registers the pages of every corridor."""
    for pages in (home.pages, account.pages, staffing_skills.pages):
        app.register_blueprint(pages)
    account_login.init_app(app)
