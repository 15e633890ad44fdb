"""Puts the application together: extensions, doors, error pages, headers."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path
from typing import Any

from apiflask import APIFlask
from flask import Flask, Response, render_template, request
from flask_babel import Babel, get_locale
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import CSRFProtect
from werkzeug.exceptions import HTTPException

from planner import access, config, db, formats, login, navigation, views
from planner.config import Settings

HERE = Path(__file__).parent
TEMPLATES = HERE / "_templates" if (HERE / "_templates").is_dir() else HERE.parent / "templates"
LANGUAGES = ("en", "fr")
POLICY = "; ".join((
    "default-src 'self'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
    "connect-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'",
))  # fmt: skip
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def make_app(settings: Settings | None = None) -> Flask:
    """The web application on these settings, by default the environment's."""
    settings = settings or config.from_environment()
    app = APIFlask(
        "planner", template_folder=str(TEMPLATES), docs_path=None, spec_path=None, json_errors=False
    )
    app.config.update(_flask_settings(settings))
    app.extensions["planner_settings"] = settings
    db.init_app(app, settings)
    CSRFProtect(app)
    Babel(app, locale_selector=_chosen_language, default_translation_directories=str(HERE / "translations"))
    login.init_app(app, settings)
    views.init_app(app)
    _answer_errors(app)
    app.after_request(_with_headers)
    app.context_processor(_everywhere)
    formats.init_app(app)
    return app


def _flask_settings(settings: Settings) -> dict[str, Any]:
    return {
        "SECRET_KEY": settings.secret_key,
        "TESTING": settings.is_testing,
        "MAX_CONTENT_LENGTH": settings.upload_limit,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.is_production,
        "WTF_CSRF_TIME_LIMIT": None,
    }


def _chosen_language() -> str:
    """The user's own choice, else the cookie's, else what the browser prefers."""
    if current_user and current_user.is_authenticated:
        return str(current_user.locale)
    cookie = request.cookies.get("language")
    if cookie in LANGUAGES:
        return cookie
    return request.accept_languages.best_match(LANGUAGES) or "en"


def _everywhere() -> dict[str, Any]:
    """What every page knows: who is logged in, the navigation, the language, the version."""
    user = current_user if current_user and current_user.is_authenticated else None
    return {
        "navigation": navigation.of(user) if user else [],
        "account": navigation.account_of(user) if user else None,
        "preferences": navigation.preferences_of(user, str(get_locale() or "en")),
        "version": metadata.version("planner"),
    }


def _with_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _answer_errors(app: Flask) -> None:
    """One page for everything that went wrong, in words that say what to do."""

    def answer(status: int, title: str, text: str) -> tuple[str, int]:
        return render_template("error.html", title_text=title, text=text), status

    @app.errorhandler(access.Hidden)
    def hidden(_error: access.Hidden) -> tuple[str, int]:
        return answer(404, _("Not found"), _("There is nothing here that you can see."))

    @app.errorhandler(access.Forbidden)
    def forbidden(_error: access.Forbidden) -> tuple[str, int]:
        return answer(403, _("Not allowed"), _("You can see this, but not do that. Ask an administrator."))

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Any:
        if error.response is not None:
            return error.response
        titles = {404: _("Not found"), 413: _("Too large"), 429: _("Too many tries")}
        texts = {
            400: _(
                "The page was open for too long, or something was left out. Go back, reload and try again."
            ),
            404: _("There is nothing here that you can see."),
            409: _("Somebody else changed this at the same time. Reload and try again."),
            413: _("The file is larger than this planner accepts."),
            429: _("Wait a minute and try again."),
        }
        status = error.code or 500
        return answer(
            status, titles.get(status, _("That did not work")), texts.get(status, _("Go back and try again."))
        )
