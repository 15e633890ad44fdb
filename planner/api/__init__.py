"""The JSON door: the same schemas and verbs as the pages, a bearer token instead of a cookie."""

from __future__ import annotations

from apiflask import APIBlueprint, APIFlask
from flask_wtf import CSRFProtect

from planner.api import answers, document, routes
from planner.api.resources import RESOURCES

PREFIX = "/api/v1"


def init_app(app: APIFlask, csrf: CSRFProtect) -> None:
    """Registers the API. It takes tokens and never the cookie, so that no other site can speak in a user's name."""
    pages = APIBlueprint("api", __name__, url_prefix=PREFIX, tag="planner")
    for resource in RESOURCES:
        routes.add(pages, resource)
    answers.init(pages)
    csrf.exempt(pages)
    app.register_blueprint(pages)
    document.init_app(app)
