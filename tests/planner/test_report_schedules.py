"""Reports by e-mail: sent once each time that they are due, whoever is killed when, and only while one may see them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import holding
import pytest
from conftest import settings_for
from flask import Flask
from holding import Company
from pages import CheckedClient
from programs import Program
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner import mail
from planner.jobs.reporting import Reporting
from planner.models import (
    MailFile,
    OutgoingMail,
    ReportKind,
    ReportSchedule,
    ReportSending,
    RoleName,
    SentAs,
    StoppedBecause,
    UserRole,
    now,
)
from planner.schemas.hiring_candidates import CandidateSaid
from planner.schemas.hiring_rights import ErasedSaid
from planner.schemas.outcomes_reports import ScheduleSaid
from planner.services.hiring import candidates, erasing
from planner.services.outcomes import report_mails, schedules
from planner.services.refused import Refused


@pytest.fixture
def here(session: Session) -> Company:
    return holding.working_company(session)


@pytest.fixture
def reporting(app: Flask) -> Reporting:
    return Reporting(app.extensions["planner_engine"], app.extensions["planner_settings"], threading.Event())


def scheduled(here: Company, **said: Any) -> ReportSchedule:
    """A report of the PM's that is due since an hour."""
    plain = {"report": ReportKind.TEAM, "weekday": 0, **said}
    row = schedules.add_schedule(here.session, ScheduleSaid.model_validate(plain), by=here.pm)
    row.next_at = now().replace(microsecond=0) - timedelta(hours=1)
    here.session.commit()
    return row


def letters(session: Session) -> list[OutgoingMail]:
    session.rollback()  # to see what others have committed since
    session.expire_all()
    return list(session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def test_due_report_is_sent_once(session: Session, here: Company, reporting: Reporting) -> None:
    row = scheduled(here)
    assert (reporting.send_due(), reporting.send_due()) == (1, 0)
    [letter] = letters(session)
    assert letter.recipient == here.pm.email
    assert "2 phases" in letter.body
    assert "/reports/team?from=" in letter.body
    assert row.next_at is not None
    assert row.next_at > now()


def test_workers_at_the_same_time_send_one(session: Session, app: Flask, here: Company) -> None:
    scheduled(here)
    engine, settings = app.extensions["planner_engine"], app.extensions["planner_settings"]
    workers = [threading.Thread(target=Reporting(engine, settings, threading.Event()).send_due) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(letters(session)) == 1


def test_worker_killed_before_it_kept_the_message_leaves_it_due(
    session: Session, here: Company, reporting: Reporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheduled(here)
    with monkeypatch.context() as broken:
        broken.setattr(schedules, "note_sent", lambda *_said: 1 / 0)
        assert reporting.send_due() == 0
    assert letters(session) == []
    assert reporting.send_due() == 1
    assert len(letters(session)) == 1


def test_worker_killed_between_keeping_and_handing_over_hands_over_once(
    session: Session, here: Company, reporting: Reporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheduled(here)
    with monkeypatch.context() as broken:
        broken.setattr(reporting, "deliver_left", lambda: None)
        assert reporting.send_due() == 1
    handed: list[int] = []
    monkeypatch.setattr(mail, "deliver", lambda _sessions, _settings, mail_id: handed.append(mail_id))
    reporting.deliver_left()
    reporting.deliver_left()
    assert handed == [letter.id for letter in letters(session)]
    assert session.scalars(select(ReportSending)).one().tried_at is not None


def test_file_goes_with_its_message_and_goes_with_it(
    session: Session, here: Company, reporting: Reporting, app: Flask, client_of: Callable[..., CheckedClient]
) -> None:
    scheduled(here, sent_as=SentAs.XLSX)
    reporting.send_due()
    [letter] = letters(session)
    file = session.scalars(select(MailFile)).one()
    assert (file.mail_id, file.name.rpartition(".")[2], file.data[:2]) == (letter.id, "xlsx", b"PK")
    message = mail._message(letter, settings_for(app.extensions["planner_settings"].data_dir), [file])
    assert [part.get_filename() for part in message.iter_attachments()] == [file.name]
    admin = client_of(RoleName.ADMINISTRATOR)
    assert file.name in admin.get("/account/mail").text
    assert admin.get(f"/account/mail/files/{file.id}").data == file.data
    assert (
        admin.post(
            f"/account/mail/{letter.id}/passed-on", data={"csrf_token": admin.token("/account/mail")}
        ).status_code
        == 303
    )
    session.rollback()
    assert session.scalars(select(MailFile)).all() == []


def test_whoever_may_not_see_it_any_more_gets_nothing(session: Session, here: Company, reporting: Reporting) -> None:
    row = scheduled(here)
    here.pm.granted = [UserRole(role=RoleName.MEMBER)]
    session.commit()
    assert reporting.send_due() == 0
    assert letters(session) == []
    assert (row.stopped_because, row.next_at) == (StoppedBecause.MAY_NOT_SEE, None)


def test_report_that_is_not_ones_own_to_see_is_refused(session: Session, here: Company) -> None:
    said = ScheduleSaid(report=ReportKind.DEPARTMENT, weekday=0)
    with pytest.raises(Refused, match="report_is_not_yours"):
        schedules.add_schedule(session, said, by=here.pm)


@pytest.mark.parametrize(
    ("said", "after", "due"),
    [
        ({"weekday": 0, "hour": 7}, (2026, 11, 30, 6), (2026, 11, 30, 7)),
        ({"weekday": 0, "hour": 7}, (2026, 11, 30, 7), (2026, 12, 7, 7)),
        ({"every": "month", "month_day": 31, "hour": 0}, (2027, 1, 31, 0), (2027, 2, 28, 0)),
        ({"every": "month", "month_day": 31, "hour": 0}, (2027, 2, 28, 1), (2027, 3, 31, 0)),
        ({"every": "month", "month_day": 1, "hour": 23}, (2027, 12, 1, 23), (2028, 1, 1, 23)),
    ],
)
def test_next_time_is_the_first_after(said: Any, after: Any, due: Any) -> None:
    row = ReportSchedule(**ScheduleSaid.model_validate({"report": "team", **said}).model_dump())
    assert schedules.next_due(row, datetime(*after, tzinfo=UTC)) == datetime(*due, tzinfo=UTC)


def test_links_of_messages_are_those_of_the_pages(app: Flask) -> None:
    paths = {rule.rule for rule in app.url_map.iter_rules()}
    assert set(report_mails.PATHS.values()) <= paths
    assert "/reports/schedules" in paths


def test_pages_add_send_and_end_it(
    client_of: Callable[..., CheckedClient], session: Session, here: Company, reporting: Reporting
) -> None:
    client = client_of(as_user=here.pm)
    path = "/reports/schedules/add"
    said = {"report": "team", "days_back": "7", "days_ahead": "30", "every": "week", "hour": "7", "sent_as": "link"}
    token = client.token(path)
    missing = client.post(path, data={**said, "weekday": "", "csrf_token": token})
    assert missing.status_code == 422
    assert "Fill this in." in missing.text
    data = {**said, "weekday": "4", "is_active": "y", "csrf_token": token}
    assert client.post(path, data=data).status_code == 303
    row = session.scalars(select(ReportSchedule)).one()
    assert "Friday at 07:00 UTC" in client.get("/reports/schedules").text
    send = {"csrf_token": token, "version": str(row.version)}
    assert client.post(f"/reports/schedules/{row.id}/send", data=send).status_code == 303
    assert reporting.send_due() == 1
    assert client.post(f"/reports/schedules/{row.id}/remove", data={"csrf_token": token}).status_code == 303
    session.rollback()
    assert session.scalars(select(ReportSchedule)).all() == []


def test_others_schedules_are_as_if_they_were_not_there(client_of: Callable[..., CheckedClient], here: Company) -> None:
    row = scheduled(here)
    other = client_of(RoleName.EXECUTIVE)
    assert other.get(f"/reports/schedules/{row.id}/edit").status_code == 404
    assert "Team performance" not in other.get("/reports/schedules").text.partition("<main")[2]


def test_program_keeps_its_own(program_of: Callable[..., Program]) -> None:
    program = program_of(RoleName.OPERATIONS)
    said = {"report": "department", "every": "month", "month_day": 1}
    made = program.post("/report-schedules", said).json
    assert (made["weekday"], made["month_day"], made["sent_as"]) == (None, 1, "link")
    wrong = program.post("/report-schedules", {**said, "month_day": 32})
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "month_day")
    sent = program.post(f"/report-schedules/{made['id']}/send", version=made["version"])
    assert sent.status_code == 200
    gone = program.delete(f"/report-schedules/{made['id']}", version=sent.json["version"])
    assert gone.status_code == 200


def test_erasure_reaches_what_has_not_left(session: Session, here: Company, reporting: Reporting) -> None:
    """A report that waits with an administrator may name whoever is erased; its schedule sends the next one."""
    scheduled(here, sent_as=SentAs.PDF)
    assert reporting.send_due() == 1
    candidate = candidates.add_candidate(session, CandidateSaid(name="Cy Trent"), by=here.ops)
    session.commit()
    erasing.erase(session, candidate, ErasedSaid(reason="they asked for it"), by=here.ops)
    session.commit()
    assert letters(session) == []
    assert session.scalars(select(MailFile)).all() == []
    assert session.scalars(select(ReportSchedule)).one().next_at is not None
