"""A test client that reads every page as HTML and refuses one that a person could not use."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from planner.models import User

INLINE = {
    "style",
    *(f"on{event}" for event in ("click", "change", "input", "submit", "load", "error", "focus", "blur")),
}


class Page(HTMLParser):
    """What matters of a page: ids, labels, fields, forms, headings, title, scripts, links."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.labelled: set[str] = set()
        self.fields: list[dict[str, str]] = []
        self.forms: list[dict[str, str]] = []
        self.inline: list[str] = []
        self.hrefs: list[str] = []
        self.texts: dict[str, list[str]] = {"title": [], "h1": []}
        self._open: list[str] = []
        self._label_depth = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self.ids.update([said["id"]] if said.get("id") else [])
        self.inline += [f"<{tag} {name}>" for name in said if name in INLINE]
        if tag == "script" and "src" not in said and said.get("type") not in ("application/json",):
            self.inline.append("<script> without src")
        if tag == "label":
            self._label_depth += 1
            self.labelled.add(said.get("for", ""))
        if tag in ("input", "select", "textarea") and said.get("type") not in ("hidden", "submit", "button"):
            self.fields.append({**said, "_inside": "1" if self._label_depth else ""})
        if tag == "form":
            self.forms.append(said)
        if tag in ("a", "link", "script", "img") and (said.get("href") or said.get("src")):
            self.hrefs.append(said.get("href") or said["src"])
        if tag in self.texts:
            self.texts[tag].append("")
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self._label_depth -= 1
        if tag in self._open:
            self._open.remove(tag)

    def handle_data(self, data: str) -> None:
        for tag in self._open:
            self.texts[tag][-1] += data

    def faults(self) -> list[str]:
        """Everything for which a person could not use this page."""
        found = [f"the id {ident!r} stands {n} times" for ident, n in self.ids.items() if n > 1]
        found += [
            f"a field without a label: {field}" for field in self.fields if not self._is_labelled(field)
        ]
        found += [
            f"a form without an action: {form}"
            for form in self.forms
            if not form.get("action") and form.get("method") != "dialog"
        ]
        found += [f"inline: {what}" for what in self.inline]
        found += [f"loaded from elsewhere: {href}" for href in self.hrefs if re.match(r"(https?:)?//", href)]
        if self.texts["title"]:
            found += self._heading_faults()
        return found

    def _heading_faults(self) -> list[str]:
        if len(self.texts["h1"]) != 1:
            return [f"{len(self.texts['h1'])} headings of the first level"]
        heading, title = (" ".join(self.texts[tag][0].split()) for tag in ("h1", "title"))
        return (
            []
            if title.startswith(heading)
            else [f"the title {title!r} does not begin with the heading {heading!r}"]
        )

    def _is_labelled(self, field: dict[str, str]) -> bool:
        named = field.get("aria-label") or field.get("aria-labelledby") or field["_inside"]
        return bool(named) or field.get("id", "") in self.labelled


class CheckedClient(FlaskClient):
    """Every HTML answer is read; a page with a fault fails the test that opened it."""

    def log_in(self, user: User) -> None:
        """Logs a user in without the login page."""
        with self.session_transaction() as cookie:
            cookie["_user_id"] = user.fs_uniquifier
            cookie["_fresh"] = True

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        answer = super().open(*args, **kwargs)
        if answer.mimetype == "text/html" and answer.data:
            faults = Page(answer.text).faults()
            assert not faults, f"{answer.request.path}: {faults}"
        return answer

    def token(self, path: str) -> str:
        """The CSRF token of the form on a page."""
        found = re.search(r'name="csrf-token" content="([^"]+)"', self.get(path).text)
        assert found, f"{path} carries no CSRF token"
        return found[1]

    def send(
        self, path: str, data: dict[str, Any] | None = None, *, page: str = "", **kwargs: Any
    ) -> TestResponse:
        """Posts a form as a browser would: with the token of the page that it stands on."""
        return self.post(path, data={"csrf_token": self.token(page or path), **(data or {})}, **kwargs)
