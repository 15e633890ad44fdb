"""E-mails of what somebody is told: at once or once a day, through the door to the record, to whoever may see it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from threading import Event
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from conftest import settings_for
from flask import Flask
from markup import parse
from pages import CheckedClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from planner import db, login, mail, talk_mails
from planner.cli.working import mail_writer
from planner.jobs.writing import Writing
from planner.models import Notification, OutgoingMail, RoleName, User, UserRole, Way, Workspace
from planner.schemas.work_talk import ChoicesSaid, CommentSaid
from planner.services.account import mails
from planner.services.work import choices, digests, talking

EIGHT = datetime(2027, 1, 5, 8, 0, tzinfo=UTC)


@pytest.fixture
def world(session: Session, world: dict[str, Any]) -> dict[str, Any]:
    for name in ("notification", "mail"):
        session.delete(world[name])
    session.commit()
    return world


def sent(session: Session, user: User) -> list[OutgoingMail]:
    session.rollback()
    return list(session.scalars(select(OutgoingMail).where(OutgoingMail.recipient == user.email)))


def choose(session: Session, user: User, hour: int = 8, **ways: Way) -> None:
    row = choices.to_edit(session, user)
    choices.choose(session, row, ChoicesSaid.model_validate({"ways": ways, "digest_hour": hour}), row.version)
    session.commit()


def say(session: Session, row: Any, text: str, by: User, at: datetime | None = None) -> None:
    """Says something without a page, at a moment."""
    talking.say(session, row, CommentSaid(text=text), by=by)
    if at is not None:
        session.execute(update(Notification).where(Notification.mailed_at.is_(None)).values(at=at))
    session.commit()


def write_digests(app: Flask, moment: datetime) -> int:
    with app.test_request_context(base_url="http://planner.example", method="POST"):
        return len(talk_mails.write_digests(db.session(), moment))


# At once


def test_mention_is_mailed_with_what_was_said_and_where(
    client_of: Callable[..., CheckedClient], session: Session, world: dict[str, Any], ines: User, omar: User
) -> None:
    path = f"/talk/projects/{world['project'].id}"
    assert client_of(as_user=omar).send(f"{path}/comments", {"text": "@Inès Roux, **when**?"}, page=path).location
    [message] = sent(session, ines)
    assert message.subject == f"Omar Diop mentions you: {world['project'].name}"
    assert "> @Inès Roux, **when**?" in message.body
    assert f"http://localhost{path}?comment=" in message.body
    assert "http://localhost/notifications/choices" in message.body
    assert sent(session, omar) == []


def test_mail_is_in_the_language_of_whoever_gets_it(
    client_of: Callable[..., CheckedClient], session: Session, world: dict[str, Any], ines: User, omar: User
) -> None:
    ines.locale = "fr"
    session.commit()
    path = f"/talk/projects/{world['project'].id}"
    client_of(as_user=omar).send(f"{path}/comments", {"text": "@Inès Roux"}, page=path)
    [message] = sent(session, ines)
    assert "Bonjour" in message.body


def test_link_of_a_mail_leads_through_the_login_to_the_comment(
    app: Flask, client_of: Callable[..., CheckedClient], session: Session, world: dict[str, Any], ines: User,
    omar: User,
) -> None:  # fmt: skip
    with app.test_request_context():
        ines.password = login.hashed("a few words to remember")
    session.commit()
    path = f"/talk/seats/{world['seat'].id}"
    client_of(as_user=omar).send(f"{path}/comments", {"text": "@Inès Roux, look here"}, page=path)
    [message] = sent(session, ines)
    [link] = re.findall(rf"http://localhost({path}\S*)", message.body)
    visitor = client_of()
    at_login = visitor.get(link)
    assert (at_login.status_code, at_login.location.startswith("/login?next=")) == (303, True)
    answer = visitor.post(at_login.location, data=login_form(visitor, at_login.location, ines.email))
    assert answer.status_code in (302, 303)
    page = visitor.get(answer.location)
    assert page.status_code == 200
    assert "look here" in page.text
    assert 'class="comment meant"' in page.text, "the comment is found without the part behind #"


def login_form(visitor: CheckedClient, path: str, email: str) -> dict[str, str]:
    [form] = [one for one in parse(visitor.get(path).text).forms() if "password" in one.values()]
    return {**form.values().to_dict(), "email": email, "password": "a few words to remember"}


def test_nobody_is_mailed_what_they_may_not_see_when_it_is_sent(
    app: Flask, session: Session, world: dict[str, Any], ines: User, omar: User
) -> None:
    say(session, world["project"], "@Inès Roux, secret", omar)
    ines.granted = [UserRole(role=RoleName.MEMBER)]
    session.commit()
    ids = list(session.scalars(select(Notification.id)))
    session.rollback()
    with app.test_request_context(method="POST"):
        assert talk_mails.written(db.session(), ids) == []
        db.session().commit()
    assert sent(session, ines) == []


def test_candidate_has_no_name_in_the_mail_of_whoever_may_not_know_it(
    client_of: Callable[..., CheckedClient], session: Session, world: dict[str, Any], ines: User, omar: User,
    user: Callable[..., User],
) -> None:  # fmt: skip
    candidate, boss = world["candidate"], user(RoleName.COMPLIANCE, name="Cora Lys")
    name = candidate.person.name
    path = f"/talk/candidates/{candidate.id}"
    text = f"@Inès Roux and @Cora Lys: {name} is good"
    client_of(as_user=omar).send(f"{path}/comments", {"text": text}, page=path)
    [hers], [cora] = sent(session, ines), sent(session, boss)
    assert name not in hers.subject + hers.body
    assert "a candidate is good" in hers.body
    assert f"Candidate {candidate.id}" in hers.subject
    assert name in cora.subject
    assert f"{name} is good" in cora.body


def test_undone_request_mails_nobody(
    client_of: Callable[..., CheckedClient], session: Session, world: dict[str, Any], ines: User, omar: User
) -> None:
    path = f"/talk/projects/{world['project'].id}"
    said = {"text": "@Inès Roux", "seat_key": "nowhere"}
    assert client_of(as_user=omar).send(f"{path}/comments", said, page=path).status_code == 409
    assert sent(session, ines) == []


def test_what_a_dead_request_was_to_mail_the_worker_mails_once(
    app: Flask, session: Session, world: dict[str, Any], ines: User, omar: User
) -> None:
    say(session, world["project"], "@Inès Roux", omar, at=datetime.now(UTC) - timedelta(minutes=5))
    for num in (1, 0):
        with app.test_request_context(base_url="http://planner.example", method="POST"):
            assert len(talk_mails.write_late(db.session())) == num
            db.session().commit()
    [message] = sent(session, ines)
    assert "http://planner.example/talk/projects/" in message.body


# Once a day


@pytest.mark.parametrize(
    ("moment", "zone", "hour", "last"),
    [
        (datetime(2027, 1, 5, 9, 0, tzinfo=UTC), "UTC", 8, datetime(2027, 1, 5, 8, 0, tzinfo=UTC)),
        (datetime(2027, 1, 5, 8, 0, tzinfo=UTC), "UTC", 8, datetime(2027, 1, 5, 8, 0, tzinfo=UTC)),
        (datetime(2027, 1, 5, 7, 59, tzinfo=UTC), "UTC", 8, datetime(2027, 1, 4, 8, 0, tzinfo=UTC)),
        (datetime(2027, 1, 5, 7, 0, tzinfo=UTC), "Europe/Paris", 8, datetime(2027, 1, 5, 7, 0, tzinfo=UTC)),
        (datetime(2027, 7, 5, 6, 0, tzinfo=UTC), "Europe/Paris", 8, datetime(2027, 7, 5, 6, 0, tzinfo=UTC)),
        (datetime(2027, 1, 5, 3, 0, tzinfo=UTC), "America/Los_Angeles", 20, datetime(2027, 1, 4, 4, 0, tzinfo=UTC)),
        (datetime(2027, 3, 28, 2, 0, tzinfo=UTC), "Europe/Paris", 2, datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        (datetime(2027, 10, 31, 12, 0, tzinfo=UTC), "Europe/Paris", 2, datetime(2027, 10, 31, 0, 0, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_digest_comes_at_the_hour_of_the_workspace(moment: datetime, zone: str, hour: int, last: datetime) -> None:
    assert digests.cutoff(moment, hour, ZoneInfo(zone)) == last


def test_digest_tells_all_of_a_day_in_one_mail_and_once(
    app: Flask, session: Session, world: dict[str, Any], ines: User, omar: User
) -> None:
    choose(session, ines, mention=Way.DIGEST)
    for text in ("When?", "@Inès Roux, **when**?"):
        say(session, world["project"], text, omar, at=EIGHT - timedelta(hours=5))
    assert write_digests(app, EIGHT - timedelta(minutes=1)) == 0
    assert write_digests(app, EIGHT) == 1
    assert write_digests(app, EIGHT + timedelta(hours=1)) == 0
    [message] = sent(session, ines)
    assert message.subject == "2 things happened"
    assert "> @Inès Roux, **when**?" in message.body
    assert message.body.count("http://planner.example/talk/projects/") == 2
    say(session, world["project"], "Later.", omar, at=EIGHT + timedelta(hours=2))
    assert write_digests(app, EIGHT + timedelta(hours=3)) == 0, "what comes after the hour waits for the next day"
    assert write_digests(app, EIGHT + timedelta(days=1)) == 1


def test_digest_leaves_out_what_its_reader_may_not_see_any_more(
    app: Flask, session: Session, world: dict[str, Any], ines: User, omar: User
) -> None:
    choose(session, ines, mention=Way.DIGEST)
    say(session, world["project"], "@Inès Roux, secret", omar, at=EIGHT - timedelta(hours=2))
    say(session, world["style"], "@Inès Roux, open", omar, at=EIGHT - timedelta(hours=2))
    ines.granted = [UserRole(role=RoleName.MEMBER)]
    session.commit()
    assert write_digests(app, EIGHT) == 1
    [message] = sent(session, ines)
    assert "secret" not in message.body
    assert "open" in message.body


def test_who_cannot_log_in_gets_no_digest(
    app: Flask, session: Session, world: dict[str, Any], ines: User, omar: User
) -> None:
    say(session, world["project"], "Hm.", omar, at=EIGHT - timedelta(hours=2))
    ines.active = False
    session.commit()
    assert write_digests(app, EIGHT) == 0
    assert sent(session, ines) == []


# The worker


class Server:
    """Counts what it is given; dies before it takes anything, after, or not at all."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.dies = ""

    def send(self, message: Any, _server: object) -> None:
        if self.dies == "refuses":
            raise OSError
        if self.dies == "before":
            raise KeyboardInterrupt
        self.taken.append(message["To"])
        if self.dies == "after":
            raise KeyboardInterrupt


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    made = Server()
    monkeypatch.setattr(mail, "_send", made.send)
    return made


@pytest.fixture
def worker_of(app: Flask, tmp_path: Path) -> Callable[[], Writing]:
    """A worker as it is after each start: it knows nothing but the rows."""
    settings = settings_for(
        tmp_path, database_url=str(app.extensions["planner_engine"].url.render_as_string(hide_password=False)),
        smtp_url="smtp://mail.example",
    )  # fmt: skip

    def make() -> Writing:
        return Writing(app.extensions["planner_engine"], settings, Event(), mail_writer(settings))

    return make


def test_worker_writes_and_sends_a_digest(
    session: Session, world: dict[str, Any], ines: User, omar: User, server: Server,
    worker_of: Callable[[], Writing],
) -> None:  # fmt: skip
    say(session, world["project"], "When?", omar, at=datetime.now(UTC) - timedelta(days=2))
    for _start in range(3):
        worker = worker_of()
        worker.write()
        worker.send()
    assert server.taken == [ines.email]
    assert [(one.sent_at is not None, one.body) for one in sent(session, ines)] == [(True, "")]


@pytest.mark.parametrize(("dies", "times"), [("before", 0), ("after", 1)])
def test_digest_is_sent_once_whenever_the_worker_dies(
    session: Session, world: dict[str, Any], ines: User, omar: User, server: Server,
    worker_of: Callable[[], Writing], dies: str, times: int,
) -> None:  # fmt: skip
    say(session, world["project"], "When?", omar, at=datetime.now(UTC) - timedelta(days=2))
    worker_of().write()  # and is ended before it sends
    server.dies = dies
    with pytest.raises(KeyboardInterrupt):
        worker_of().send()
    server.dies = ""
    for _start in range(2):
        worker = worker_of()
        worker.write()
        worker.send()
    assert len(server.taken) == times, "whether it has left is not known: it is not sent a second time"
    [message] = sent(session, ines)
    assert message.sent_at is None, "the administrator has it"


def test_worker_that_dies_between_writing_and_sending_sends_after_its_start(
    session: Session, world: dict[str, Any], ines: User, omar: User, server: Server,
    worker_of: Callable[[], Writing],
) -> None:  # fmt: skip
    say(session, world["project"], "When?", omar, at=datetime.now(UTC) - timedelta(days=2))
    worker_of().write()
    again = worker_of()
    again.write()
    again.send()
    again.send()
    assert server.taken == [ines.email]


def test_mail_server_that_takes_nothing_is_asked_again_some_times(
    session: Session, world: dict[str, Any], ines: User, omar: User, server: Server,
    worker_of: Callable[[], Writing],
) -> None:  # fmt: skip
    say(session, world["project"], "When?", omar, at=datetime.now(UTC) - timedelta(days=2))
    worker = worker_of()
    worker.write()
    server.dies = "refuses"
    for n in range(mails.MOST_TRIES):
        assert worker.send() == 1, n
        assert worker.send() == 0, "not before a while has passed"
        session.execute(
            update(OutgoingMail).where(OutgoingMail.due_at.is_not(None)).values(due_at=datetime(2020, 1, 1, tzinfo=UTC))
        )
        session.commit()
    assert worker.send() == 0
    assert [one.tries for one in sent(session, ines)] == [mails.MOST_TRIES]


def test_two_workers_write_one_digest(
    app: Flask, session: Session, world: dict[str, Any], ines: User, omar: User
) -> None:
    say(session, world["project"], "When?", omar, at=EIGHT - timedelta(hours=2))
    user = session.get_one(User, ines.id)
    assert len(digests.take(session, user, EIGHT)) == 1
    assert digests.take(session, user, EIGHT) == []


# The console


def test_without_a_server_a_message_is_written_to_the_console_without_its_secrets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    message = EmailMessage()
    message["To"], message["Subject"] = "ann@example.com", "Set your password"
    token = "WyJh" + "b" * 40 + ".c-d_e"
    message.set_content(
        f"Here:\nhttp://localhost:8000/reset/{token}\nhttp://localhost/talk/projects/7?comment=3\x1b[31m"
    )
    mail.show(message, settings_for(tmp_path, is_testing=False))
    text = capsys.readouterr().err
    assert "mail | To: ann@example.com" in text
    assert "mail | http://localhost:8000/reset/…" in text
    assert token not in text
    assert "http://localhost/talk/projects/7?comment=3" in text
    assert "\x1b" not in text
    mail.show(message, settings_for(tmp_path, is_testing=False, is_production=True))
    assert capsys.readouterr().err == ""


def test_time_zone_of_the_workspace_is_chosen_and_hours_are_shown_in_it(
    client_of: Callable[..., CheckedClient], session: Session
) -> None:
    admin = client_of(RoleName.ADMINISTRATOR)
    assert admin.save("/account/settings/edit", time_zone="Europe/Nowhere").status_code == 422
    assert admin.save("/account/settings/edit", time_zone="Europe/Paris").status_code == 303
    session.rollback()
    assert session.get_one(Workspace, 1).time_zone == "Europe/Paris"
    assert "Europe/Paris" in admin.get("/notifications/choices").text
