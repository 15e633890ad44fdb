"""How often somebody may try: per address and account, with a wait that grows, so that nobody locks another out."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any, cast

from flask import Flask, Response, current_app, request, session
from flask_limiter import Limiter

from planner.config import Settings

# Each line alone would do little: together they let five wrong tries pass at once, and make the wait grow after that.
WRONG_TRIES = "5 per minute; 10 per 15 minutes; 20 per hour; 50 per day"
WRONG_TRIES_OF_ADDRESS = "60 per minute; 300 per hour"
CODES = "5 per minute; 10 per 15 minutes; 30 per day"
MAILS = "3 per 15 minutes; 10 per day"
LINKS = "10 per minute; 60 per hour"
ANSWERS_OF_CLIENTS = "10 per 10 minutes; 60 per day"
APPLICATIONS = "5 per 10 minutes; 20 per day"


LOOKED_AT = ("home.link_follow", "hiring_sheets.sheet_show", "outcomes_client.client_show")


def init_app(app: Flask, settings: Settings) -> None:
    """Puts the limits on the views that take a secret."""
    limiter = Limiter(
        _address,
        app=app,
        storage_uri=settings.ratelimit_storage,
        strategy="moving-window",
        enabled=settings.is_ratelimited,
    )
    app.extensions["planner_limiter"] = limiter  # the limited views hold it only weakly
    for endpoint in ("security.login", "security.verify", "security.change_password"):
        _limit(app, limiter, endpoint, WRONG_TRIES, _account_at_address)
        _limit(app, limiter, endpoint, WRONG_TRIES_OF_ADDRESS, _address)
    for endpoint in ("security.two_factor_token_validation", "security.mf_recovery"):
        _limit(app, limiter, endpoint, CODES, _account)
    _limit(app, limiter, "security.reset_password", WRONG_TRIES_OF_ADDRESS, _address)
    _limit(app, limiter, "security.forgot_password", MAILS, _account_at_address, counts_all=True)
    _limit(app, limiter, "home.link_follow", LINKS, _address)
    _limit(app, limiter, "hiring_intake.application_add", APPLICATIONS, _address, counts_all=True)
    _limit(app, limiter, "hiring_sheets.sheet_show", LINKS, _address)
    _limit(app, limiter, "outcomes_client.client_show", LINKS, _address)
    _limit(app, limiter, "outcomes_client.client_say", ANSWERS_OF_CLIENTS, _address, counts_all=True)


def seconds_to_wait() -> int:
    """How long until somebody who has tried too often may try again."""
    limit = current_app.extensions["planner_limiter"].current_limit
    return max(1, math.ceil(limit.window.reset_time - time.time())) if limit else 60


def _limit(
    app: Flask, limiter: Limiter, endpoint: str, limits: str, key: Callable[[], str], *, counts_all: bool = False
) -> None:
    """Limits a view's failed tries, or all of them where even a right one costs something."""
    methods = ["GET"] if endpoint in LOOKED_AT else ["POST"]
    limited = limiter.limit(limits, key_func=key, methods=methods, deduct_when=None if counts_all else _has_failed)
    view: Any = app.view_functions[endpoint]
    app.view_functions[endpoint] = cast("Any", limited(view))


def _has_failed(response: Response) -> bool:
    """A right answer leads on to the next page; only wrong ones count."""
    return response.status_code >= 400


def _address() -> str:
    return request.remote_addr or "-"


def _account() -> str:
    """Whose login is tried: the address typed, or the user who gave a right password a moment ago."""
    return request.form.get("email", "").strip().lower() or str(session.get("tf_user_id") or session.get("_user_id"))


def _account_at_address() -> str:
    return f"{_account()} {_address()}"
