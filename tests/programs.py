"""A program that speaks to the JSON API for a user: by token, in a language, with the version that it read."""

from __future__ import annotations

from typing import Any

import rows
from flask import Flask
from werkzeug.test import TestResponse

from planner.models import SCOPES, User

API = "/api/v1"
ASKED_BY_BODY = frozenset({"phase_matching"})  # operations that read what a body asks for, and change nothing


class Program:
    """Sends JSON; `version` becomes If-Match."""

    def __init__(self, app: Flask, user: User, *scopes: str) -> None:
        with app.extensions["planner_sessions"]() as session:
            self.text = rows.token(session, user, *(scopes or SCOPES))[1]
            session.commit()
        self.client = app.test_client(use_cookies=False)
        self.language = "en"

    def send(
        self, method: str, path: str, said: Any = None, *, version: int | None = None, **headers: str
    ) -> TestResponse:
        """Sends `said` as JSON, or as it is where it is bytes; header names say _ for -."""
        own = {"Authorization": f"Bearer {self.text}", "Accept-Language": self.language}
        if version is not None:
            own["If-Match"] = f'"{version}"'
        own |= {name.replace("_", "-"): value for name, value in headers.items()}
        if isinstance(said, bytes):
            own.setdefault("Content-Type", "application/json")
            return self.client.open(API + path, method=method, headers=own, data=said)
        body = {} if said is None else {"json": said}
        return self.client.open(API + path, method=method, headers=own, **body)

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.send("GET", path, **headers)

    def post(self, path: str, said: Any = None, *, version: int | None = None, **headers: str) -> TestResponse:
        return self.send("POST", path, said, version=version, **headers)

    def put(self, path: str, said: Any = None, *, version: int | None = None, **headers: str) -> TestResponse:
        return self.send("PUT", path, said, version=version, **headers)

    def delete(self, path: str, *, version: int | None = None, **headers: str) -> TestResponse:
        return self.send("DELETE", path, version=version, **headers)


def faults(answer: TestResponse) -> dict[str, str]:
    """The code of each fault of an answer, by field."""
    return {fault["field"]: fault["code"] for fault in answer.json["errors"]}
