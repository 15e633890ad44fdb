"""A test client that reads every page as HTML and refuses one that a person could not use."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin, urlsplit

from faults import addresses, faults
from flask import Flask
from flask.testing import FlaskClient
from markup import Form, Markup, parse
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from planner.models import User


class CheckedClient(FlaskClient):
    """Every HTML answer is read; a page with a fault, or a link that leads nowhere, fails the test that opened it."""

    def log_in(self, user: User) -> None:
        """Logs a user in without the login page."""
        with self.session_transaction() as cookie:
            cookie["_user_id"] = user.fs_uniquifier
            cookie["_fresh"] = True

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        answer = super().open(*args, **kwargs)
        if answer.mimetype == "text/html" and answer.data and not 300 <= answer.status_code < 400:
            page = parse(answer.text)
            found = faults(page) + dead_links(self.application, page, answer.request.path)
            assert not found, f"{answer.request.path}: {found}"
        return answer

    def token(self, path: str) -> str:
        """The CSRF token of the form on a page."""
        found = re.search(r'name="csrf-token" content="([^"]+)"', self.get(path).text)
        assert found, f"{path} carries no CSRF token"
        return found[1]

    def send(self, path: str, data: dict[str, Any] | None = None, *, page: str = "", **kwargs: Any) -> TestResponse:
        """Posts a form as a browser would: with the token of the page that it stands on."""
        return self.post(path, data={"csrf_token": self.token(page or path), **(data or {})}, **kwargs)

    def form(self, path: str) -> MultiDict[str, str]:
        """What a browser would send of the editing form on a page, nothing changed."""
        return editing_form(parse(self.get(path).text)).values()

    def save(self, path: str, **changes: str) -> TestResponse:
        """Opens the editing form of a page, changes some fields, and sends it."""
        said = self.form(path)
        for name, value in changes.items():
            said[name] = value
        return self.post(path, data=said)


def editing_form(page: Markup) -> Form:
    """The one form of a page that carries the version that was read."""
    found = [form for form in page.forms() if "version" in form.values()]
    assert len(found) == 1, f"{len(found)} forms carry a version"
    return found[0]


def dead_links(app: Flask, page: Markup, path: str) -> list[str]:
    """The addresses on a page that lead to no route of ours."""
    routes = app.url_map.bind("localhost")
    found = []
    for method, address in dict.fromkeys(addresses(page)):
        parts = urlsplit(urljoin(path, address))
        if address.startswith("#") or parts.netloc or parts.scheme:
            continue
        try:
            routes.match(parts.path, method=method)
        except (NotFound, MethodNotAllowed):
            found.append(f"leads nowhere: {method} {address}")
        except RequestRedirect:
            pass
    return found
