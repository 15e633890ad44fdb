"""How often the API may be asked: by each token, and by an address that tries tokens out."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, request

from planner.services.account.hashing import digest

OF_EACH = "1200 per minute"
WRONG_TRIES = "30 per minute; 300 per hour"


def init(app: Flask, pages: Blueprint) -> None:
    """Puts the limits on every route of the API."""
    limiter = app.extensions["planner_limiter"]
    limiter.limit(OF_EACH, key_func=_token)(pages)
    limiter.limit(WRONG_TRIES, key_func=_address, deduct_when=_is_refused)(pages)


def _is_refused(response: Response) -> bool:
    return response.status_code == 401


def _address() -> str:
    return request.remote_addr or "-"


def _token() -> str:
    """Which token asks, never the token itself: the limits' storage may be shared."""
    said = request.headers.get("Authorization", "")
    return digest(said) if said else _address()
