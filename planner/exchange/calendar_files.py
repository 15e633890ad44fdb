"""A plan as iCalendar files: one for each person or project, one event for each seat.

An event's UID is made from its seat and person alone, so a later plan's file brings the same event up to date; its
SEQUENCE grows with the plan's number and, within a plan, with its version. Nobody is invited (there is no METHOD):
the files are for a reader's own calendar.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC

from icalendar import Calendar, Event

from planner.exchange import sentences
from planner.exchange.csv_zip import MEDIA_TYPE as ZIP
from planner.exchange.csv_zip import zipped
from planner.exchange.exports import ExportError, Written, slug
from planner.exchange.tables import Ground
from planner.exchange.words import N_
from planner.translate.report import SeatRow

MEDIA_TYPE = "text/calendar"
PRODUCT = "-//planner//staffing plan//EN"
NAMESPACE = uuid.UUID("5b0f3f0c-5a0e-5d0c-9f0e-6f1f6f1d7a10")
VERSIONS_PER_PLAN = 10_000
SEQUENCE_LARGEST = 2**31 - 1  # that RFC 5545 knows; the numbers of a file that others wrote go further


def write(ground: Ground, person: str | None = None, project: str | None = None) -> Written:
    """One calendar for a person or a project; a zip of everybody's where neither is named."""
    if person is not None and project is not None:
        raise ExportError(N_("A calendar is a person’s or a project’s, not both."))
    calendars = _Calendars(ground)
    if person is not None:
        return Written(*calendars.of_person(person))
    if project is not None:
        return Written(*calendars.of_project(project))
    return Written(calendars.of_everybody(), ZIP, "zip", "calendars")


class _Calendars:
    def __init__(self, ground: Ground) -> None:
        self.ground, self.report, self.say = ground, ground.report, ground.say
        self.origin = sentences.origin(ground.report, ground.say, ground.edition)
        self.of_seat = [row for row in ground.report.seats if row.is_filled and row.start is not None]

    def of_person(self, person_id: str) -> tuple[bytes, str, str, str]:
        """The calendar of one person: its bytes, their type, the file's ending, and whose it is."""
        name = next((row.name for row in self.report.people if row.person_id == person_id), None)
        if name is None:
            raise ExportError(N_("The plan has nobody with the id %(id)s."), id=person_id)
        mine = [row for row in self.of_seat if row.person_id == person_id]
        return self._calendar(name, mine, is_for_person=True), MEDIA_TYPE, "ics", name

    def of_project(self, project_id: str) -> tuple[bytes, str, str, str]:
        """The calendar of one project."""
        name = next((row.project for row in self.report.projects if row.project_id == project_id), None)
        if name is None:
            raise ExportError(N_("The plan has no project with the id %(id)s."), id=project_id)
        mine = [row for row in self.of_seat if row.project_id == project_id]
        return self._calendar(name, mine, is_for_person=False), MEDIA_TYPE, "ics", name

    def of_everybody(self) -> bytes:
        """A calendar for everybody with a seat and for every project, in a zip."""
        files: dict[str, bytes] = {}
        for person in (row for row in self.report.people if row.seats):
            files[_free_name(files, "people", person.name)] = self.of_person(person.person_id)[0]
        for project in (row for row in self.report.projects if row.num_filled):
            files[_free_name(files, "projects", project.project)] = self.of_project(project.project_id)[0]
        return zipped(files, self.report.meta.generated_at)

    def _calendar(self, name: str, rows: Iterable[SeatRow], *, is_for_person: bool) -> bytes:
        calendar, meta = Calendar(), self.report.meta
        calendar.add("prodid", PRODUCT)
        calendar.add("version", "2.0")
        calendar.add("calscale", "GREGORIAN")
        calendar.calendar_name = printable(f"{name} · {sentences.title(self.report, self.say)}")
        calendar.description = printable(self.origin)
        if meta.number is not None:
            calendar.add("x-plan-number", str(meta.number))
        calendar.add("x-plan-version", str(meta.version))
        calendar.add("x-generated-by", printable(meta.generated_by))
        for row in rows:
            calendar.add_component(self._event(row, is_for_person=is_for_person))
        return bytes(calendar.to_ical())

    def _event(self, row: SeatRow, *, is_for_person: bool) -> Event:
        event, meta, effort = Event(), self.report.meta, self.say.percent(row.fte)
        parts = [row.title, effort, row.project] if is_for_person else [row.person or "", row.title, effort]
        event.add("uid", uid(row))
        sequence = (meta.number or 0) * VERSIONS_PER_PLAN + min(meta.version, VERSIONS_PER_PLAN - 1)
        event.add("sequence", min(sequence, SEQUENCE_LARGEST))
        event.add("dtstamp", meta.generated_at.astimezone(UTC).replace(microsecond=0))
        event.add("dtstart", row.start if self.report.period == "hour" else row.start and row.start.date())
        if row.end is not None:
            event.add("dtend", row.end if self.report.period == "hour" else row.end.date())
        event.add("summary", printable(" · ".join(parts)))
        event.add("description", self._description(row))
        event.add("categories", [printable(row.project)])
        event.add("status", "CONFIRMED" if row.is_agreed else "TENTATIVE")
        event.add("transp", "TRANSPARENT")
        return event

    def _description(self, row: SeatRow) -> str:
        _ = self.say.gettext
        lines = [
            _("Project: %(name)s", name=row.project),
            _("Phase: %(name)s", name=row.phase),
            _("Role: %(name)s", name=row.title),
            _("Effort: %(percent)s of full time", percent=self.say.percent(row.fte)),
            _("Agreed") if row.is_agreed else _("Proposed, not agreed yet"),
            self.origin,
        ]
        return "\n".join(printable(line) for line in lines)


def uid(row: SeatRow) -> str:
    """The same for the same person on the same seat, in whichever plan."""
    return f"{uuid.uuid5(NAMESPACE, f'{len(row.seat_id)} {row.seat_id} {row.person_id}')}@planner"


def printable(text: str) -> str:
    """A text in one line, without the control characters that iCalendar forbids."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _free_name(files: dict[str, bytes], folder: str, name: str) -> str:
    """A name in the zip that nobody else has."""
    stem, num = slug(name), 1
    while (path := f"{folder}/{stem}{f'-{num}' if num > 1 else ''}.ics") in files:
        num += 1
    return path
