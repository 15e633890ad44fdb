from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Callable
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from conftest import settings_for
from flask import Flask
from pages import CheckedClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner import create_app, login, migrating
from planner.models import OutgoingMail, RoleName, User

PASSWORD = "correct horse battery"
NEW_PASSWORD = "staple of another kind"
WRONG = "do not go together"


@pytest.fixture
def ada(app: Flask, session: Session, user: Callable[..., User]) -> User:
    """A user with a password."""
    ada = user(RoleName.OPERATIONS, name="Ada")
    with app.app_context():
        ada.password = login.hashed(PASSWORD)
    ada.email = "ada@example.com"
    session.commit()
    return ada


@pytest.fixture
def browser(client_of: Callable[..., CheckedClient]) -> CheckedClient:
    return client_of()


def logged_in(browser: CheckedClient, password: str = PASSWORD, **said: str) -> CheckedClient:
    answer = browser.send("/login", {"email": "ada@example.com", "password": password, **said})
    assert answer.status_code == 302, answer.text
    return browser


def is_in(browser: CheckedClient) -> bool:
    return browser.get("/account").status_code == 200


def code_of(key: str, moment: float | None = None) -> str:
    """RFC 6238, written here once more."""
    secret = base64.b32decode(key + "=" * (-len(key) % 8))
    digest = hmac.digest(secret, struct.pack(">Q", int((moment or time.time()) // 30)), "sha1")
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def with_codes(browser: CheckedClient) -> str:
    """Switches one-time codes on for who is logged in; gives the key."""
    page = browser.send("/tf-setup", {"setup": "authenticator"})
    key = re.search(r'<p class="token">([^<]+)</p>', page.text)
    action = re.search(r'action="(/tf-setup/[^"]+)"', page.text)
    assert key
    assert action
    plain = re.sub(r"[^A-Z2-7]", "", key[1].upper())
    code = code_of(plain, time.time() - 30)
    assert browser.send(action[1], {"code": code}, page="/tf-setup").status_code == 302
    return plain


def test_right_password_leads_in_and_to_the_page_that_was_asked_for(ada: User, browser: CheckedClient) -> None:
    asked = browser.get("/skills?q=seo")
    assert asked.status_code == 303
    assert asked.location == "/login?next=/skills?q%3Dseo"
    answer = browser.send(asked.location, {"email": "ADA@example.com ", "password": PASSWORD, "next": "/skills?q=seo"})
    assert answer.location == "/skills?q=seo"
    assert is_in(browser)


def test_wrong_password_and_unknown_address_get_the_same_answer(ada: User, browser: CheckedClient) -> None:
    def told(email: str) -> tuple[int, str]:
        answer = browser.send("/login", {"email": email, "password": "not it at all"})
        return answer.status_code, re.sub(r"[\w.-]{60,}", "", answer.text).replace(email, "")

    assert told("ada@example.com") == told("nobody@example.com")
    assert told("ada@example.com")[0] == 422
    assert WRONG in told("ada@example.com")[1]


def test_switched_off_user_gets_the_same_answer_and_is_logged_out(
    ada: User, browser: CheckedClient, session: Session
) -> None:
    logged_in(browser)
    ada.active = False
    session.commit()
    assert not is_in(browser)
    assert WRONG in browser.send("/login", {"email": ada.email, "password": PASSWORD}).text


@pytest.mark.parametrize(
    "elsewhere",
    ["//evil.example/", "https://evil.example/", "/\\evil.example", "///evil.example", "javascript:alert(1)"],
)
def test_login_never_leads_elsewhere(ada: User, browser: CheckedClient, elsewhere: str) -> None:
    answer = browser.send("/login", {"email": ada.email, "password": PASSWORD, "next": elsewhere})
    location = answer.headers.get("Location", "")
    assert answer.status_code == 422 or (location.startswith("/") and not location.startswith(("//", "/\\")))


def test_session_is_renewed_at_login(ada: User, browser: CheckedClient) -> None:
    before = browser.token("/login")
    with browser.session_transaction() as cookie:
        cookie["planted"] = "before"
    logged_in(browser)
    with browser.session_transaction() as cookie:
        first = cookie["sid"]
    assert browser.token("/account") != before
    browser.send("/account/log-out", page="/account")
    logged_in(browser)
    with browser.session_transaction() as cookie:
        assert cookie["sid"] != first


def test_copy_of_the_cookie_is_dead_after_logout(ada: User, app: Flask, browser: CheckedClient) -> None:
    logged_in(browser)
    name = app.config["SESSION_COOKIE_NAME"]
    kept = browser.get_cookie(name)
    assert kept
    thief = app.test_client()
    thief.set_cookie(name, kept.value)
    assert thief.get("/account").status_code == 200
    browser.send("/account/log-out", page="/account")
    assert thief.get("/account").status_code == 303
    assert not is_in(browser)


def test_login_ends_by_itself_after_its_longest_time(ada: User, browser: CheckedClient) -> None:
    logged_in(browser)
    with browser.session_transaction() as cookie:
        cookie["since"] -= 31 * 24 * 3600
    assert not is_in(browser)


def test_changed_password_ends_every_other_login(ada: User, client_of: Callable[..., CheckedClient]) -> None:
    here, there = logged_in(client_of()), logged_in(client_of())
    said = {"password": PASSWORD, "new_password": NEW_PASSWORD, "new_password_confirm": NEW_PASSWORD}
    assert here.send("/change", said).status_code == 302
    assert is_in(here)
    assert not is_in(there)
    logged_in(there, NEW_PASSWORD)


def test_short_password_is_refused_with_the_length_that_is_asked(ada: User, browser: CheckedClient) -> None:
    logged_in(browser)
    answer = browser.send("/change", {"password": PASSWORD, "new_password": "short", "new_password_confirm": "short"})
    assert answer.status_code == 422
    assert "at least 10 characters" in answer.text


def test_password_is_kept_as_argon2(ada: User) -> None:
    assert ada.password
    assert ada.password.startswith("$argon2id$")


def test_forgotten_password_is_set_by_a_link_that_opens_once(
    ada: User, client_of: Callable[..., CheckedClient], session: Session
) -> None:
    there, browser = logged_in(client_of()), client_of()
    known = browser.send("/reset", {"email": ada.email}).text
    unknown = browser.send("/reset", {"email": "nobody@example.com"}).text
    assert re.sub(r"[\w.-]{60,}", "", known).replace(ada.email, "") == re.sub(r"[\w.-]{60,}", "", unknown).replace(
        "nobody@example.com", ""
    )
    mail = session.scalars(select(OutgoingMail)).one()
    assert mail.recipient == ada.email
    link = re.search(r"http://localhost(/reset/\S+)", mail.body)
    assert link
    said = {"password": NEW_PASSWORD, "password_confirm": NEW_PASSWORD}
    assert browser.send(link[1], said).location == "/login"
    assert not is_in(there)
    assert client_of().get(link[1]).status_code == 302  # back to the form that asks for a new link
    logged_in(browser, NEW_PASSWORD)


def test_mail_waits_for_an_administrator_without_a_mail_server(
    ada: User, browser: CheckedClient, client_of: Callable[..., CheckedClient]
) -> None:
    browser.send("/reset", {"email": ada.email})
    page = client_of(RoleName.ADMINISTRATOR).get("/account/mail").text
    assert "/reset/" in page
    assert client_of(RoleName.OPERATIONS).get("/account/mail").status_code == 404


def test_one_time_code_is_asked_for_and_taken_once(ada: User, client_of: Callable[..., CheckedClient]) -> None:
    key = with_codes(logged_in(client_of()))
    browser = client_of()
    assert browser.send("/login", {"email": ada.email, "password": PASSWORD}).location.startswith("/tf-validate")
    assert not is_in(browser)
    assert browser.send("/tf-validate", {"code": "000000"}).status_code == 422
    code = code_of(key)
    assert browser.send("/tf-validate", {"code": code}).status_code == 302
    assert is_in(browser)
    again = client_of()
    again.send("/login", {"email": ada.email, "password": PASSWORD})
    assert again.send("/tf-validate", {"code": code}).status_code == 422
    assert not is_in(again)


def test_recovery_code_opens_once_and_is_kept_encrypted(
    ada: User, client_of: Callable[..., CheckedClient], session: Session
) -> None:
    browser = logged_in(client_of())
    with_codes(browser)
    codes = re.findall(r"<li>([0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4})</li>", browser.send("/mf-recovery-codes").text)
    assert len(codes) == 8
    session.refresh(ada)
    assert codes[0] not in str(ada.mf_recovery_codes)

    def by_code() -> int:
        other = client_of()
        other.send("/login", {"email": ada.email, "password": PASSWORD})
        return other.send("/mf-recovery", {"code": codes[0]}).status_code

    assert by_code() == 302
    assert by_code() == 422


def test_codes_can_be_switched_off_again(ada: User, client_of: Callable[..., CheckedClient]) -> None:
    browser = logged_in(client_of())
    with_codes(browser)
    browser.send("/tf-setup", {"setup": "disable"})
    assert is_in(logged_in(client_of()))


def test_login_speaks_french(ada: User, browser: CheckedClient) -> None:
    browser.set_cookie("language", "fr")
    page = browser.get("/login").text
    assert '<html lang="fr"' in page
    assert "Mot de passe" in page  # from Flask-Security's own catalogue


@pytest.fixture
def limited(tmp_path: Path, ada: User, app: Flask) -> Flask:
    """The same database behind an application that limits how often."""
    limited = create_app(settings_for(tmp_path, is_ratelimited=True))
    migrating.upgrade(limited.extensions["planner_engine"])
    limited.test_client_class = CheckedClient
    return limited


def tried(app: Flask, password: str, address: str, email: str = "ada@example.com") -> int:
    browser = app.test_client()
    browser.environ_base["REMOTE_ADDR"] = address
    return browser.send("/login", {"email": email, "password": password}).status_code


def test_guessing_is_slowed_down_and_never_locks_the_victim_out(limited: Flask) -> None:
    assert [tried(limited, f"wrong {n}", "10.0.0.66") for n in range(7)] == [422] * 5 + [429] * 2
    assert tried(limited, PASSWORD, "10.0.0.66") == 429
    assert tried(limited, "wrong", "10.0.0.66", email="other@example.com") == 422
    assert tried(limited, PASSWORD, "10.0.0.1") == 302


def test_right_passwords_are_never_too_many(limited: Flask) -> None:
    assert [tried(limited, PASSWORD, "10.0.0.1") for _n in range(8)] == [302] * 8


def test_too_many_tries_say_how_long_to_wait(limited: Flask) -> None:
    browser = limited.test_client()
    answers = [browser.send("/login", {"email": "ada@example.com", "password": "wrong"}) for _n in range(6)]
    assert answers[-1].status_code == 429
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert "Too many tries" in answers[-1].text


def test_cookie_flags(ada: User, browser: CheckedClient, tmp_path: Path) -> None:
    answer = browser.send("/login", {"email": ada.email, "password": PASSWORD})
    plain = next(iter(SimpleCookie(answer.headers["Set-Cookie"]).values()))
    assert (plain["httponly"], plain["samesite"], plain["secure"]) == (True, "Lax", "")
    production = create_app(settings_for(tmp_path, is_production=True))
    answer = production.test_client().get("/login", base_url="https://localhost")
    name, secure = next(iter(SimpleCookie(answer.headers["Set-Cookie"]).items()))
    assert name.startswith("__Host-")
    assert (secure["httponly"], secure["samesite"], secure["secure"], secure["domain"]) == (True, "Lax", True, "")


def test_foreign_host_name_gets_no_link(tmp_path: Path, ada: User) -> None:
    named = create_app(settings_for(tmp_path, server_name="planner.example.com"))
    assert named.test_client().get("/login", base_url="http://evil.example").status_code == 400
    assert named.test_client().get("/login", base_url="http://planner.example.com").status_code == 200


def test_secret_key_alone_gives_no_password_away(tmp_path: Path, ada: User) -> None:
    """Passwords outlive a change of the secret key; logins and links do not."""
    changed = create_app(settings_for(tmp_path, secret_key=hashlib.sha256(b"another").hexdigest()))
    changed.test_client_class = CheckedClient
    assert is_in(logged_in(changed.test_client()))
