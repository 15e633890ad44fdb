from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import settings_for
from sqlalchemy.orm import Session, sessionmaker

from planner.mail import deliver
from planner.models import OutgoingMail
from planner.services.account.mails import post_mail


class Postbox(socketserver.TCPServer):
    """A mail server that takes what it is given, or nothing."""

    allow_reuse_address = True
    taken: list[bytes]
    is_full = False

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class Counter(socketserver.StreamRequestHandler):
    """One conversation in SMTP."""

    server: Postbox

    def handle(self) -> None:
        self.say("220 here")
        for line in self.rfile:
            verb = line.decode().strip().upper()[:4]
            if verb == "DATA":
                self.say("354 go on")
                self.server.taken.append(self.read())
                self.say("250 taken")
            elif verb == "QUIT":
                return self.say("221 bye")
            else:
                self.say("452 full" if verb == "RCPT" and self.server.is_full else "250 yes")
        return None

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())

    def read(self) -> bytes:
        lines = iter(self.rfile.readline, b".\r\n")
        return b"".join(lines)


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with Postbox(("127.0.0.1", 0), Counter) as server:
        server.taken = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def kept(session: Session) -> OutgoingMail:
    mail = post_mail(session, recipient="zoe@example.com", subject="Café à Montréal", body="A link, été compris: /x")
    session.commit()
    return mail


def test_message_leaves_once_and_its_text_is_not_kept(
    postbox: Postbox, sessions: sessionmaker[Session], session: Session, kept: OutgoingMail, tmp_path: Path
) -> None:
    settings = settings_for(tmp_path, smtp_url=postbox.url, mail_sender="planner@example.com")
    for _again in range(2):
        deliver(sessions, settings, kept.id)
    assert len(postbox.taken) == 1
    message = email.message_from_bytes(postbox.taken[0], policy=email.policy.default)
    assert (message["To"], message["From"], message["Subject"]) == (kept.recipient, "planner@example.com", kept.subject)
    assert message.get_content().strip() == "A link, été compris: /x"  # type: ignore[attr-defined]
    session.rollback()
    session.refresh(kept)
    assert kept.sent_at is not None
    assert kept.body == ""


@pytest.mark.parametrize("is_there", [True, False])
def test_message_that_nobody_takes_waits_for_the_administrator(
    postbox: Postbox,
    sessions: sessionmaker[Session],
    session: Session,
    kept: OutgoingMail,
    tmp_path: Path,
    is_there: bool,
) -> None:
    postbox.is_full = True
    url = postbox.url if is_there else "smtp://127.0.0.1:1"
    deliver(sessions, settings_for(tmp_path, smtp_url=url), kept.id)
    session.rollback()
    session.refresh(kept)
    assert kept.sent_at is None
    assert "/x" in kept.body
    assert postbox.taken == []


def test_password_never_goes_out_without_tls(
    postbox: Postbox, sessions: sessionmaker[Session], session: Session, kept: OutgoingMail, tmp_path: Path
) -> None:
    url = postbox.url.replace("//", "//user:hunter2@")
    deliver(sessions, settings_for(tmp_path, smtp_url=url), kept.id)
    session.rollback()
    session.refresh(kept)
    assert kept.sent_at is None
    assert postbox.taken == []
