"""The calendars: an event for each seat, which a later plan brings up to date rather than doubles."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import agency
import build
import pytest
from corpus import strange_texts
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from planner.exchange import ExportError, export
from planner.exchange.calendar_files import printable
from planner.translate.report import PlanReport, report


def calendar_of(plan: PlanReport, edition: str = "organisers", language: str = "en", **whose: str) -> Calendar:
    exported = export(plan, "ics", edition, language, **whose)
    assert exported.media_type.startswith("text/calendar")
    calendar = Calendar.from_ical(exported.data)
    assert isinstance(calendar, Calendar)
    assert not calendar.errors
    return calendar


def events_of(calendar: Calendar) -> list[Event]:
    events = [event for event in calendar.walk("VEVENT") if isinstance(event, Event)]
    assert not any(event.errors for event in events)
    return events


def test_person_has_an_all_day_event_for_each_seat() -> None:
    (event,) = events_of(calendar_of(agency.plan(), person="lea"))
    assert str(event["SUMMARY"]) == "=SUM(A1:A9) · 50% · Verne & <Cie>"
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (date(2027, 1, 4), date(2027, 3, 15))
    assert (str(event["STATUS"]), str(event["TRANSP"])) == ("CONFIRMED", "TRANSPARENT")
    assert "Phase: The film" in str(event["DESCRIPTION"])


def test_project_has_an_event_for_each_filled_seat() -> None:
    events = events_of(calendar_of(agency.plan(), project="verne"))
    assert [str(event["SUMMARY"]) for event in events][2] == "Mei Tan · SEO lead · 100%"
    assert [str(event["STATUS"]) for event in events] == ["CONFIRMED", "TENTATIVE", "TENTATIVE"]


def test_calendar_says_which_plan_it_is_from_and_invites_nobody() -> None:
    calendar = calendar_of(agency.plan(), person="lea")
    assert str(calendar["DESCRIPTION"]).startswith(
        "Plan 12, version 3 · generated Jan 18, 2027, 09:41 UTC by Inès Caron"
    )
    assert (str(calendar["X-PLAN-NUMBER"]), str(calendar["X-PLAN-VERSION"])) == ("12", "3")
    assert "METHOD" not in calendar


def test_hours_are_local_moments() -> None:
    (event,) = events_of(calendar_of(agency.hourly(), person="lea"))
    assert event.decoded("DTSTART") == datetime(2027, 1, 4)  # noqa: DTZ001 - a wall clock's
    assert event.decoded("DTEND") == datetime(2027, 1, 4, 10)  # noqa: DTZ001


def identity(plan: PlanReport, person: str) -> tuple[str, int]:
    (event,) = events_of(calendar_of(plan, person=person))
    return str(event["UID"]), int(event["SEQUENCE"])


def test_event_keeps_its_uid_and_its_sequence_grows() -> None:
    plans = [agency.plan(), agency.plan(version=4), agency.plan(number=13, version=1)]
    uids, sequences = zip(*(identity(plan, "lea") for plan in plans), strict=True)
    assert len(set(uids)) == 1
    assert sorted(set(sequences)) == list(sequences)


def test_other_person_on_the_seat_is_another_event() -> None:
    asked = agency.problem()
    swapped = report(asked, agency.result(asked, {"s2": "lea"}), agency.meta())
    same = report(asked, agency.result(asked, {"s2": "noah"}), agency.meta())
    assert identity(swapped, "lea")[0] != identity(same, "noah")[0]
    assert identity(same, "noah")[0] == identity(agency.plan(), "noah")[0]


def test_everybody_and_every_project_are_in_one_zip() -> None:
    exported = export(agency.plan(), "ics")
    assert (exported.media_type, exported.filename) == ("application/zip", "plan-12-v3-calendars.zip")
    archive = zipfile.ZipFile(io.BytesIO(exported.data))
    assert archive.namelist() == [
        "people/lea-martin.ics", "people/noah-n-panic.ics", "people/mei-tan.ics", "projects/verne-cie.ics",
    ]  # fmt: skip
    assert all(events_of(Calendar.from_ical(archive.read(name))) for name in archive.namelist())


def test_people_of_one_name_have_a_file_each() -> None:
    twins = [build.person(f"t{n}", name="Ann Li") for n in range(3)]
    asked = build.problem(*twins, seats=[build.seat(f"s{n}") for n in range(3)])
    plan = report(asked, agency.result(asked, {"s0": "t0", "s1": "t1", "s2": "t2"}), agency.meta())
    names = zipfile.ZipFile(io.BytesIO(export(plan, "ics").data)).namelist()
    assert names[:3] == ["people/ann-li.ics", "people/ann-li-2.ics", "people/ann-li-3.ics"]


def test_unknown_person_and_project_are_refused() -> None:
    with pytest.raises(ExportError, match="nobody with the id x"):
        export(agency.plan(), "ics", person="x")
    with pytest.raises(ExportError, match="no project with the id x"):
        export(agency.plan(), "ics", project="x")
    with pytest.raises(ExportError, match="not both"):
        export(agency.plan(), "ics", person="lea", project="verne")
    with pytest.raises(ExportError, match="Only a calendar"):
        export(agency.plan(), "pdf", person="lea")


@given(st.text(max_size=60))
def test_no_text_breaks_out_of_its_line(text: str) -> None:
    asked = build.problem(build.person("ann", name=f"A{text}"), seats=(build.seat(title=f"T{text}"),))
    calendar = calendar_of(report(asked, agency.result(asked, {"dev": "ann"}), agency.meta()), person="ann")
    (event,) = events_of(calendar)
    assert str(event["SUMMARY"]) == f"{printable(f'T{text}')} · 100% · Site"


def test_strange_texts_come_back() -> None:
    import random

    texts = strange_texts(random.Random(5), 140)
    asked = agency.titled(texts)
    people = [build.person(f"p{n}") for n in range(len(texts))]
    asked = asked.replace(people=tuple(people))
    plan = report(asked, agency.result(asked, {f"s{n}": f"p{n}" for n in range(len(texts))}), agency.meta())
    events = events_of(calendar_of(plan, project="site"))
    assert [str(event["SUMMARY"]) for event in events] == [
        f"P{n} · {printable(text)} · 100%" for n, text in enumerate(texts)
    ]
