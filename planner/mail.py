"""How a message leaves the house: by SMTP where a server is set; else it waits for an administrator to pass it on."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterable
from email.message import EmailMessage
from urllib.parse import SplitResult, unquote, urlsplit

import structlog
from sqlalchemy.orm import Session, sessionmaker

from planner.config import Settings
from planner.models import MailFile, OutgoingMail
from planner.services.account.mails import files_of, mark_sent

TIMEOUT_S = 10
log = structlog.get_logger(__name__)


def deliver(sessions: sessionmaker[Session], settings: Settings, mail_id: int) -> None:
    """Sends a message that is kept, and notes that it has left; one that does not leave stays for the administrator."""
    if not settings.smtp_url:
        return
    with sessions() as session:
        mail = session.get(OutgoingMail, mail_id)
        if mail is None or mail.sent_at is not None:
            return
        message = _message(mail, settings, files_of(session, [mail]).get(mail.id, []))
        session.rollback()  # no lock on the database while a mail server takes its time
        try:
            _send(message, urlsplit(settings.smtp_url))
        except (OSError, smtplib.SMTPException) as error:
            log.warning("mail_not_sent", mail_id=mail_id, error=type(error).__name__)
            return
        mark_sent(session.get_one(OutgoingMail, mail_id))
        session.commit()


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
