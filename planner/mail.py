"""How a message leaves the house: by SMTP where a server is set; else it waits for an administrator to pass it on."""

from __future__ import annotations

import re
import smtplib
import ssl
import sys
from collections.abc import Iterable
from email.message import EmailMessage
from urllib.parse import SplitResult, unquote, urlsplit

import structlog
from sqlalchemy.orm import Session, sessionmaker

from planner.config import Settings
from planner.models import MailFile, OutgoingMail
from planner.services.account.mails import files_of, mark_sent

TIMEOUT_S = 10
SECRET = re.compile(r"(https?://\S*?/)[\w.~-]{20,}")  # a long part of a path is a secret: no address of ours has one
log = structlog.get_logger(__name__)


def deliver(sessions: sessionmaker[Session], settings: Settings, mail_id: int) -> bool:
    """Sends a message that is kept, and notes that it has left; one that does not leave stays for the administrator.

    Whether there is nothing left to do: False where the mail server took nothing.
    """
    with sessions() as session:
        mail = session.get(OutgoingMail, mail_id)
        if mail is None or mail.sent_at is not None:
            return True
        message = _message(mail, settings, files_of(session, [mail]).get(mail.id, []))
        session.rollback()  # no lock on the database while a mail server takes its time
        if not settings.smtp_url:
            show(message, settings)
            return True
        try:
            _send(message, urlsplit(settings.smtp_url))
        except (OSError, smtplib.SMTPException) as error:
            log.warning("mail_not_sent", mail_id=mail_id, error=type(error).__name__)
            return False
        mark_sent(session.get_one(OutgoingMail, mail_id))
        session.commit()
    return True


def show(message: EmailMessage, settings: Settings) -> None:
    """Writes a message to the console, where somebody tries the product out and no mail server is set.

    What stands in its links in place of a password is left out; the administrator's page has the whole message.
    """
    if settings.is_production or settings.is_testing:
        return
    text = message.get_body(("plain",))
    body = SECRET.sub(r"\1…", str(text.get_content() if text is not None else "").strip())
    lines = [f"To: {message['To']}", f"Subject: {message['Subject']}", "", *body.splitlines()]
    sys.stderr.write("".join(f"mail | {_plain(line)}\n" for line in ("-" * 60, *lines)))
    sys.stderr.flush()


def _plain(line: str) -> str:
    """A line that can do nothing to a terminal."""
    return "".join(c if c.isprintable() else " " for c in line)


def _message(mail: OutgoingMail, settings: Settings, files: Iterable[MailFile]) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.mail_sender, mail.recipient, mail.subject
    message.set_content(mail.body)
    for file in files:
        kind, _slash, subtype = file.media_type.partition("/")
        message.add_attachment(file.data, maintype=kind, subtype=subtype, filename=file.name)
    return message


def _send(message: EmailMessage, server: SplitResult) -> None:
    """Speaks to the server under TLS wherever it can; a password never goes out without."""
    context = ssl.create_default_context()
    host = server.hostname or "localhost"
    if server.scheme == "smtps":
        with smtplib.SMTP_SSL(host, server.port or 465, timeout=TIMEOUT_S, context=context) as smtp:
            _hand_over(smtp, message, server)
        return
    with smtplib.SMTP(host, server.port or 587, timeout=TIMEOUT_S) as smtp:
        smtp.ehlo()
        if server.username or smtp.has_extn("starttls"):
            smtp.starttls(context=context)
        _hand_over(smtp, message, server)


def _hand_over(smtp: smtplib.SMTP, message: EmailMessage, server: SplitResult) -> None:
    if server.username:
        smtp.login(unquote(server.username), unquote(server.password or ""))
    smtp.send_message(message)
