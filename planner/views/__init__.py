"""The HTML door: authorise, form, one verb, commit, redirect."""

from __future__ import annotations

from flask import Flask

from planner.views import account, staffing_skills


def init_app(app: Flask) -> None:
    """Registers the pages of every corridor."""
    for pages in (account.pages, staffing_skills.pages):
        app.register_blueprint(pages)
