"""The message that brings a report: what it says in its first lines, a link to all of it, and the file if wanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from planner import access
from planner.exchange.exports import Export, ExportError
from planner.exchange.reports import report_file
from planner.exchange.words import Words
from planner.models import NOBODY, ReportKind, ReportSchedule, hidden
from planner.services.account import mails
from planner.services.hiring import anonymity
from planner.services.outcomes import schedules
from planner.services.outcomes.reports import document_of

PATHS: Mapping[ReportKind, str] = {  # of the page; a test holds them against the pages' own addresses
    ReportKind.TEAM: "/reports/team",
    ReportKind.DEPARTMENT: "/reports/department",
    ReportKind.FORECAST: "/forecast",
}


@dataclass(frozen=True)
class Letter:
    """A message that is ready: nothing of it is kept yet."""

    recipient: str
    subject: str
    body: str
    file: Export | None


def written(session: Session, schedule: ReportSchedule, base_url: str) -> Letter:
    """Writes the message for a schedule, as its reader may read it: whom they must not know stays hidden."""
    user = schedule.user
    say = Words(user.locale if user.locale in ("en", "fr") else "en")

    def alias(number: int) -> str:
        return say.gettext("Candidate %(number)s", number=number)

    anonymity.hide_from(session, sees_all=access.allowed(user, "candidate.identify"), alias=alias)
    try:
        wanted = schedules.wanted_of(schedule)
        document = document_of(session, schedule.report, wanted, say.language, by=user)
        file, missing = None, ""
        if schedules.is_with_file(schedule):
            try:
                file = report_file(document, str(schedule.sent_as))
            except ExportError as error:
                missing = say.gettext(error.sentence, **error.params)
    finally:
        hidden.set(NOBODY)
    address = f"{base_url}{PATHS[schedule.report]}?{urlencode(wanted.arguments)}"
    lines = [
        say.gettext("Hello %(name)s,", name=user.name), "",
        f"{document.title}: {document.about}", "",
        *document.lede, *([missing] if missing else []), "",
        say.gettext("All of it:"), address, "",
        say.gettext("You asked for this report. Change or end it here:"), f"{base_url}/reports/schedules", "",
    ]  # fmt: skip
    return Letter(user.email, f"{document.title}: {document.about}", "\n".join(lines), file)


def kept(session: Session, one: schedules.Due, letter: Letter) -> int | None:
    """Keeps the message and that it is sent, in one transaction; None where another worker has, or none may be."""
    schedule = schedules.take(session, one)
    if schedule is None:
        return None
    mail = mails.post_mail(session, recipient=letter.recipient, subject=letter.subject, body=letter.body)
    if letter.file is not None:
        file = letter.file
        mails.attach(session, mail, name=file.filename, media_type=file.media_type, data=file.data)
    schedules.note_sent(session, schedule, one.due_at, mail.id)
    return mail.id
