"""JSON Resume, schema 1.x (jsonresume.org/schema): taken as far as it goes, the rest listed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from planner.exchange.resumes.draft import MOST_TEXT, Draft

PROTECTED = {
    "basics": ("image", "location", "phone", "profiles", "url"),
    "": (
        "education",
        "volunteer",
        "interests",
        "references",
    ),  # schools and their years, beliefs, leisure, third people
}
KNOWN = {
    "": ("basics", "work", "skills", "languages", "certificates", "projects", "awards", "publications"),
    "basics": ("name", "label", "email", "summary"),
}
PASSED = ("$schema", "meta")  # about the file, not about anybody


def read_json_resume(data: bytes) -> dict[str, Any]:
    """The draft in a JSON Resume; its `fault` says where it is none."""
    draft = Draft()
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        draft.fault = "not_json"
        return draft.as_json()
    if not isinstance(found, dict) or not any(name in found for name in KNOWN[""]):
        draft.fault = "not_a_json_resume"
        return draft.as_json()
    _Reading(found, draft).read()
    return draft.as_json()


class _Reading:
    """One document, taken part by part."""

    def __init__(self, document: dict[str, Any], draft: Draft) -> None:
        self._document, self._draft = document, draft

    def read(self) -> None:
        basics = self._part("basics", dict)
        self._draft.name = self._text(basics, "name", "basics")
        self._draft.email = self._text(basics, "email", "basics")
        self._draft.headline = self._text(basics, "label", "basics")
        self._draft.languages = [self._text(row, "language", place) for place, row in self._rows("languages")]
        self._draft.skills = list(self._skills())
        lines = [self._draft.headline, self._text(basics, "summary", "basics"), *self._history()]
        self._draft.text = "\n".join(line for line in lines if line)[:MOST_TEXT]
        self._list_rest("", self._document)
        self._list_rest("basics", basics)

    def _skills(self) -> Iterator[str]:
        """Names and keywords; levels are somebody's own words, and stand in no list of ours."""
        for place, row in self._rows("skills"):
            yield self._text(row, "name", place)
            keywords = row.get("keywords", [])
            yield from (word for word in keywords if isinstance(word, str)) if isinstance(keywords, list) else ()
            if "level" in row:
                self._draft.leave_out(f"{place}.level", "level")
        for place, row in self._rows("certificates"):
            yield self._text(row, "name", place)

    def _history(self) -> Iterator[str]:
        for name in ("work", "projects"):
            for place, row in self._rows(name):
                title = [self._text(row, key, place) for key in ("position", "name")]
                dates = [self._text(row, key, place) for key in ("startDate", "endDate")]
                yield " · ".join(part for part in (*title, " – ".join(date for date in dates if date)) if part)
                yield self._text(row, "summary", place)
        for name in ("awards", "publications"):
            for place, row in self._rows(name):
                yield self._text(row, "title", place) or self._text(row, "name", place)

    def _part(self, name: str, kind: type) -> Any:
        found = self._document.get(name, kind())
        if isinstance(found, kind):
            return found
        self._draft.leave_out(name, "not_as_expected")
        return kind()

    def _rows(self, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
        for n, row in enumerate(self._part(name, list)):
            if isinstance(row, dict):
                yield f"{name}.{n}", row
            else:
                self._draft.leave_out(f"{name}.{n}", "not_as_expected")

    def _text(self, row: dict[str, Any], key: str, place: str) -> str:
        found = row.get(key, "")
        if isinstance(found, str):
            return " ".join(found.replace("\x00", "").split()) if key != "summary" else found.replace("\x00", "")
        if found is not None:
            self._draft.leave_out(f"{place}.{key}", "not_as_expected")
        return ""

    def _list_rest(self, place: str, part: dict[str, Any]) -> None:
        """What is there and is not taken: protected on purpose, or not known."""
        for name, value in part.items():
            if name in KNOWN[place] or name in PASSED or value in (None, "", [], {}):
                continue
            why = "protected" if name in PROTECTED[place] else "unknown"
            self._draft.leave_out(f"{place}.{name}" if place else str(name)[:100], why)
