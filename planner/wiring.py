"""Puts the application together: extensions, doors, error pages, headers."""

from __future__ import annotations

import hashlib
from importlib import metadata
from pathlib import Path
from typing import Any

from apiflask import APIFlask
from flask import Flask, Response, abort, current_app, redirect, render_template, request, url_for
from flask_babel import Babel, get_locale
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix

from planner import (
    access,
    api,
    config,
    db,
    formats,
    login,
    logs,
    markdown,
    navigation,
    talk_mails,
    throttling,
    views,
)
from planner.config import Settings
from planner.models import NOBODY, Door, User, Workspace, hidden
from planner.services.account.audit import capture
from planner.services.hiring import anonymity
from planner.words import account_history, planning_plans, planning_versions, work, work_talk
from planner.words.hiring import alias_of

HERE = Path(__file__).parent
TEMPLATES = HERE / "_templates" if (HERE / "_templates").is_dir() else HERE.parent / "templates"
LANGUAGES = ("en", "fr")
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
TWO_YEARS_S = 2 * 365 * 24 * 3600


def make_app(settings: Settings | None = None) -> Flask:
    """The web application on these settings, by default the environment's."""
    settings = settings or config.from_environment()
    app = APIFlask("planner", template_folder=str(TEMPLATES), docs_path=None, spec_path=None, json_errors=False)
    app.config.update(_flask_settings(settings))
    app.extensions["planner_settings"] = settings
    if settings.num_proxies:
        hops = settings.num_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    logs.init_app(app)
    db.init_app(app, settings)
    csrf = CSRFProtect(app)
    Babel(
        app,
        locale_selector=_chosen_language,
        timezone_selector=_time_zone,
        default_translation_directories=str(HERE / "translations"),
    )
    login.init_app(app, settings)
    views.init_app(app)
    throttling.init_app(app, settings)
    api.init_app(app, csrf)
    _answer_errors(app)
    app.before_request(_refuse_zero_bytes)
    app.before_request(_hide_names)
    app.teardown_request(_show_names)
    app.after_request(_with_headers)
    app.context_processor(_everywhere)
    formats.init_app(app)
    markdown.init_app(app)
    for words in (account_history, planning_plans, planning_versions, work, work_talk):
        words.init_app(app)
    talk_mails.init_app(app)
    return app


def _flask_settings(settings: Settings) -> dict[str, Any]:
    return {
        "SECRET_KEY": settings.secret_key,
        "TESTING": settings.is_testing,
        "MAX_CONTENT_LENGTH": settings.upload_limit,
        "SESSION_COOKIE_NAME": _cookie_name(settings),
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.is_production,
        "TRUSTED_HOSTS": [settings.server_name] if settings.server_name else None,
        "PREFERRED_URL_SCHEME": "https" if settings.is_production else "http",
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": settings.is_production,
    }


def _cookie_name(settings: Settings) -> str:
    """A name of this installation's own: browsers share the cookies of one machine between all of its ports."""
    name = f"planner-{hashlib.sha256(settings.secret_key.encode()).hexdigest()[:8]}"
    return f"__Host-{name}" if settings.is_production else name


def _chosen_language() -> str:
    """The user's own choice, else the cookie's, else what the browser prefers; the API knows the last alone."""
    if api.is_asked():
        return request.accept_languages.best_match(LANGUAGES) or "en"
    if current_user and current_user.is_authenticated and current_user.locale in LANGUAGES:
        return str(current_user.locale)
    cookie = request.cookies.get("language")
    if cookie in LANGUAGES:
        return cookie
    return request.accept_languages.best_match(LANGUAGES) or "en"


def _time_zone() -> str:
    """Where the workspace's clocks stand."""
    workspace = db.session().get(Workspace, 1)
    return workspace.time_zone if workspace is not None else "UTC"


def _everywhere() -> dict[str, Any]:
    """What every page knows: who is logged in, the navigation, the language, the version."""
    user = current_user if current_user and current_user.is_authenticated else None
    return {
        "navigation": navigation.of(user) if user else [],
        "account": navigation.account_of(user) if user else None,
        "plan_in_force": navigation.plan_in_force(user) if user else None,
        "preferences": navigation.preferences_of(user, str(get_locale() or "en")),
        "version": metadata.version("planner"),
        "pages_here": current_app.view_functions,
        "may": _may,
    }


def _may(action: str, subject: Any = None) -> bool:
    """Whether whoever reads this page may do something."""
    user = db.session().get(User, current_user.id) if current_user.is_authenticated else None
    return user is not None and access.allowed(user, action, subject)


def _refuse_zero_bytes() -> None:
    """No address of ours holds one, and PostgreSQL cannot even look for it."""
    if "\0" in request.path:
        abort(404)


def _hide_names() -> None:
    """What the reader of pages must not know is hidden before anything is read; the API does so for a token's user."""
    hidden.set(NOBODY)
    if api.is_asked() or request.endpoint in ("static", None) or not current_user.is_authenticated:
        return
    user = db.session().get(User, current_user.id)
    if user is not None:
        capture.act(db.session(), Door.PAGE, user_id=user.id)
        anonymity.hide_from(db.session(), sees_all=access.allowed(user, "candidate.identify"), alias=alias_of)


def _show_names(_error: BaseException | None) -> None:
    """Whom one reader must not know is nothing to the next one."""
    hidden.set(NOBODY)


def _with_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure or current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={TWO_YEARS_S}; includeSubDomains")
    if response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _answer_errors(app: Flask) -> None:
    """One page for everything that went wrong, in words that say what to do."""
    app.register_error_handler(access.Hidden, _hidden)
    app.register_error_handler(access.Forbidden, _forbidden)
    app.register_error_handler(401, _log_in_first)
    app.register_error_handler(HTTPException, _http_error)


def _hidden(_error: access.Hidden) -> Any:
    return _error_page(404, _("Not found"), _("There is nothing here that you can see."))


def _forbidden(_error: access.Forbidden) -> Any:
    return _error_page(403, _("Not allowed"), _("You can see this, but not do that. Ask an administrator."))


def _log_in_first(_error: HTTPException) -> Any:
    """To the login, and from there back to the page that was asked for; what was typed is kept where it can be."""
    if request.headers.get("HX-Request") == "true":
        return Response(status=401)  # a fragment of a page: the page itself says it, and keeps what is typed in it
    if request.form and _is_ours():
        return _held_page(401, is_logged_in=False)
    asked = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("security.login", next=asked if asked != "/" else None), 303)


def _http_error(error: HTTPException) -> Any:
    if error.response is not None or isinstance(error, SecurityError):
        return error  # a request for another host has no page of ours, not even for its error
    if api.is_asked():
        return api.answer_http(error)
    if isinstance(error, CSRFError) and request.form and _is_ours():
        return _held_page(400, is_logged_in=current_user.is_authenticated)
    titles = {404: _("Not found"), 413: _("Too large"), 429: _("Too many tries"), 500: _("Something broke")}
    texts = {
        400: _("Something was left out, or not understood. Go back, reload and try again."),
        404: _("There is nothing here that you can see."),
        409: _("Somebody else changed this at the same time. Reload and try again."),
        413: _("The file is larger than this planner accepts."),
        429: _("Wait a little and try again; each wrong try makes the wait longer."),
        500: _("Nothing of yours was changed. Go back and try again; if it stays, tell an administrator."),
    }
    status = error.code or 500
    text = _("The page was open for too long. Go back, reload and try again.") if isinstance(error, CSRFError) else ""
    title = titles.get(status, _("That did not work"))
    page = _error_page(status, title, text or texts.get(status, _("Go back and try again.")))
    return (*page, {"Retry-After": str(throttling.seconds_to_wait())}) if status == 429 else page


def _is_ours() -> bool:
    """Whether a form comes from a page of ours, as the browser says, and is one that only its reader may send.

    What another site sends must never stand on a page of ours, a press away from being done.
    """
    view = current_app.view_functions.get(request.endpoint or "")
    return request.headers.get("Sec-Fetch-Site") == "same-origin" and bool(getattr(view, "access_action", None))


def _held_page(status: int, *, is_logged_in: bool) -> tuple[str, int]:
    """What was typed, kept in a page, to be sent again once its writer is logged in."""
    typed = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    has_files = any(file.filename for file in request.files.values())
    return render_template("held.html", typed=typed, has_files=has_files, is_logged_in=is_logged_in), status


def _error_page(status: int, title: str, text: str) -> tuple[str, int]:
    """The page of an error; a session that broke in the middle of something is not asked for anything more."""
    db.session().rollback()
    return render_template("error.html", title_text=title, text=text), status
