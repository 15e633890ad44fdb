"""The login: Flask-Security on the plain user table. The verbs know `models.User` and no web at all."""

from __future__ import annotations

import base64
import hmac
import time
from datetime import timedelta
from functools import partial
from typing import Any

from babel.support import Translations
from flask import Flask, Response, after_this_request, current_app, g, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import user_logged_in
from flask_security import (
    LoginForm,
    MailUtil,
    RoleMixin,
    Security,
    SQLAlchemyUserDatastore,
    Totp,
    TwoFactorRescueForm,
    TwoFactorSetupForm,
    UserMixin,
    hash_password,
    login_user,
    logout_user,
)
from flask_security.recoverable import generate_reset_password_token
from flask_wtf import Form
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.ext.mutable import MutableList
from werkzeug.wrappers import Response as AnyResponse
from wtforms import RadioField, StringField

from planner import db, mail
from planner.config import Settings
from planner.models import Base, User, now
from planner.schemas.account import PASSWORD_SHORTEST, Email
from planner.services.account import mails, sessions
from planner.services.account.hashing import new_secret

RESET_WITHIN = timedelta(days=1)
CLOCKS_DIFFER_S = 30
EMAIL = TypeAdapter(Email)


class Login(UserMixin, Base):
    """A user as Flask-Security reads and writes one: the same row as `models.User`."""

    __table__ = User.__table__


MutableList.associate_with_attribute(Login.mf_recovery_codes)  # type: ignore[arg-type]


class _NoRole(RoleMixin):
    """Flask-Security's roles are not used: `rights.py` says who may do what."""


class _Database:
    """What Flask-Security's datastore wants of a database: the request's session."""

    @property
    def session(self) -> Any:
        return db.session()


class _AskingLogin(LoginForm):
    """The login form; a login lasts as long as the settings say, and nothing remembers it beyond."""

    remember = None  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email.label.text = _("E-mail address")
        self.password.description = ""  # the way to a forgotten password stands below the button


class _AskingSetup(TwoFactorSetupForm):
    """The form that switches one-time codes on and off: its page has a button for each."""

    setup = StringField()  # type: ignore[assignment]


class _AskingRescue(TwoFactorRescueForm):
    """What Flask-Security offers to whoever has no code; our page leads to the recovery codes by itself."""

    help_setup = RadioField(choices=[])


class _Codes(Totp):
    """One-time codes that are one-time: the last one that was used is not taken again."""

    def get_last_counter(self, user: Any) -> int | None:
        counter: int | None = user.tf_last_counter
        return counter

    def set_last_counter(self, user: Any, tmatch: Any) -> None:
        user.tf_last_counter = tmatch.counter


class _Mail(MailUtil):
    """Messages are kept with the change that they tell of, and leave once it stands."""

    def normalize(self, email: str) -> str:
        """An address as it is kept. Raises ValueError on what is none."""
        try:
            return EMAIL.validate_python(email)
        except ValidationError as error:
            raise ValueError("no e-mail address") from error

    validate = normalize

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: Any,
        sender: Any,
        body: str | None,
        html: str | None,
        **kwargs: Any,
    ) -> None:
        post(recipient=str(recipient), subject=str(subject), body=body or "")


def init_app(app: Flask, settings: Settings) -> Security:
    """Puts login, password reset, one-time codes and sessions that end on the app."""
    app.config.update(_security_settings(settings))
    app.before_request(_drop_dead_session)
    datastore = SQLAlchemyUserDatastore(_Database(), Login, _NoRole)
    security = Security(
        app,
        datastore,
        login_form=_AskingLogin,
        two_factor_setup_form=_AskingSetup,
        two_factor_rescue_form=_AskingRescue,
        totp_cls=_Codes,
        mail_util_cls=_Mail,
        render_template=_page,  # type: ignore[arg-type]
    )
    security.login_manager.request_loader(lambda _request: None)  # only a cookie logs in here; tokens are the API's
    security.want_json(lambda _request: False)
    _teach_french(security)
    user_logged_in.connect(_renew_session, app)
    return security


def hashed(password: str) -> str:
    """A password as it is kept: argon2."""
    return str(hash_password(password))


def log_in(user: User) -> None:
    """Logs a user in for whom something else than a password has vouched."""
    login_user(db.session().get_one(Login, user.id), authn_via=["link"])


def log_out() -> None:
    """Ends this login; a copy of its cookie is dead from now on."""
    text = session.get("sid")
    if text:
        lifetime = current_app.extensions["planner_settings"].session_longest
        sessions.end_session(db.session(), text, lifetime=lifetime)
    logout_user()
    session.clear()


def password_link(user: User) -> str:
    """A link by which a user sets a password, once, within a day."""
    token = generate_reset_password_token(  # type: ignore[no-untyped-call]
        db.session().get_one(Login, user.id, populate_existing=True)
    )
    return url_for("security.reset_password", token=token, _external=True)


def post(*, recipient: str, subject: str, body: str) -> None:
    """Keeps a message with this request's changes, and sends it once they are committed and the page is answered."""
    kept = mails.post_mail(db.session(), recipient=recipient, subject=subject, body=body)
    after_this_request(partial(commit_and_send, mail_id=kept.id))


def commit_and_send(response: Response, *, mail_id: int) -> Response:
    """Commits what this request has made, a message among it, and sends that once the page is answered."""
    db.session().commit()
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 -- Flask's way past its proxy
    send = partial(mail.deliver, app.extensions["planner_sessions"], app.extensions["planner_settings"], mail_id)
    response.call_on_close(send)  # after the answer, so that its time does not tell whether an address is known
    return response


def _security_settings(settings: Settings) -> dict[str, Any]:
    plain = {
        "PASSWORD_HASH": "argon2",
        "PASSWORD_SCHEMES": ["argon2"],
        "PASSWORD_SINGLE_HASH": {"argon2"},  # no pepper from the secret key: passwords outlive a change of it
        "PASSWORD_LENGTH_MIN": PASSWORD_SHORTEST,
        "DATETIME_FACTORY": now,
        "RETURN_GENERIC_RESPONSES": True,
        "API_ENABLED_METHODS": ["session"],
        "STATIC_FOLDER": None,
        "LOGOUT_METHODS": None,
        "TRACKABLE": True,
        "CHANGEABLE": True,
        "RECOVERABLE": True,
        "RESET_PASSWORD_WITHIN": RESET_WITHIN,
        "EMAIL_HTML": False,
        "EMAIL_SENDER": settings.mail_sender,
        "TWO_FACTOR": True,
        "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "TWO_FACTOR_AUTHENTICATOR_VALIDITY": CLOCKS_DIFFER_S,
        "TWO_FACTOR_RESCUE_EMAIL": False,
        "TWO_FACTOR_POST_SETUP_VIEW": "account.own_account",
        "MULTI_FACTOR_RECOVERY_CODES": True,
        "MULTI_FACTOR_RECOVERY_CODES_N": 8,
        "MULTI_FACTOR_RECOVERY_CODES_KEYS": [_derived(settings, "recovery codes")],
        "TOTP_SECRETS": {"1": _derived(settings, "one-time codes")},
        "TOTP_ISSUER": "Planner",
        "POST_LOGIN_VIEW": "/",
        "POST_CHANGE_VIEW": "account.own_account",
    }
    named = {f"SECURITY_{name}": value for name, value in plain.items()}
    return {**named, "PERMANENT_SESSION_LIFETIME": settings.session_idle}


def _derived(settings: Settings, purpose: str) -> str:
    """A key for one purpose only, made from the secret key."""
    key = hmac.digest(settings.secret_key.encode(), purpose.encode(), "sha256")
    return base64.urlsafe_b64encode(key).decode()


def _page(template: str, **context: Any) -> str | tuple[str, int]:
    """Flask-Security's pages in our frame; a form with an error answers 422, as ours do."""
    text = render_template(template, **context)
    asked = [value for value in context.values() if isinstance(value, Form)]
    is_refused = request and request.method == "POST" and any(form.errors for form in asked)
    return (text, 422) if is_refused and template.endswith(".html") else text


def _teach_french(security: Security) -> None:
    """Flask-Security's catalogue calls itself fr_FR; our readers' language is fr."""
    domain = security.i18n_domain
    name = domain.domain[0]
    domain.cache["fr", name] = Translations.load(domain.translation_directories[0], ["fr_FR"], name)


def _renew_session(_app: Flask, **_extra: Any) -> None:
    """A login begins with nothing that was there before it, under a name of its own."""
    for name in ("csrf_token", "fs_gexp"):
        session.pop(name, None)
        g.pop(name, None)
    session.permanent = True
    session["sid"] = new_secret()
    session["since"] = int(time.time())


def _drop_dead_session() -> AnyResponse | None:
    """Forgets a login that was logged out elsewhere, or that has lasted too long."""
    if request.endpoint == "static" or "_user_id" not in session:
        return None
    longest = current_app.extensions["planner_settings"].session_longest.total_seconds()
    is_old = time.time() - session.get("since", time.time()) > longest
    if is_old or ("sid" in session and sessions.is_ended(db.session(), session["sid"])):
        session.clear()
    return None
