"""Candidates' rights: what they were told, what their data is used for, their export, their sheet, their erasure."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from corridor import REASON, Corridor, corridor, ready_plan
from pages import CheckedClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import (
    AskedFor,
    Attachment,
    Candidate,
    DataRequest,
    Erasure,
    HireDecision,
    Person,
    Plan,
    Removal,
    RetentionRule,
    RoleName,
    SheetLink,
    Side,
    Site,
    Stage,
    Workspace,
    now,
    today,
)
from planner.schemas.hiring_candidates import CandidateSaid
from planner.schemas.hiring_rights import (
    AskedSaid,
    ErasedSaid,
    NoticeSaid,
    RetentionSaid,
    UseSaid,
    WithdrawnSaid,
)
from planner.services import removal
from planner.services.hiring import access_export, candidates, decisions, notices, retention, sheets, uses
from planner.services.hiring.erasing import erase
from planner.services.planning import answering
from planner.services.planning.reading import frozen, thawed
from planner.services.refused import Refused
from solver import problem as asked
from solver.problem import Calendar, Kind, Problem
from solver.problem import Person as Asked

TEXT = "We use what you send us to choose for this job, for six months. Ask privacy@example.com."


@pytest.fixture
def here(session: Session) -> Corridor:
    return corridor(session)


def problem_with(key: str, name: str) -> Problem:
    person = Asked(id=key, name=name, kind=Kind.CANDIDATE, capacity=())
    return Problem(name="x", calendar=Calendar(4), people=(person,), projects=())


# What they were told


def test_notice_gets_a_number_and_earlier_ones_stay(session: Session, here: Corridor) -> None:
    first = notices.publish(session, NoticeSaid(text=TEXT), by=here.ops)
    notices.note_shown(session, here.candidate, first, "by hand")
    second = notices.publish(session, NoticeSaid(text=TEXT + " New."), by=here.ops)
    notices.note_shown(session, here.candidate, first, "again")
    assert (first.number, second.number, notices.current_notice(session)) == (1, 2, second)
    assert [(row.notice.number, row.how) for row in notices.shown_to(session, here.candidate)] == [(1, "by hand")]


# What it is used for


def test_withdrawal_ends_the_process(session: Session, here: Corridor) -> None:
    candidate = here.candidate
    uses.set_use(session, candidate, UseSaid(purpose="recruitment", basis="consent"), candidate.version)
    said = WithdrawnSaid(purpose="recruitment", reason="Found something else.")
    uses.withdraw_use(session, candidate, said, candidate.version, by=here.ops)
    assert candidate.stage is Stage.WITHDRAWN
    with pytest.raises(Refused) as caught:
        uses.withdraw_use(session, candidate, said, candidate.version, by=here.ops)
    assert caught.value.code == "not_in_use"


def test_withdrawal_takes_effect_in_a_plan_that_waits(session: Session, here: Corridor) -> None:
    """Its question was frozen with the candidate in it; taken up again, it is asked anew without them."""
    candidate = here.candidate
    plan = ready_plan(session, session.get_one(Workspace, 1), 9, {})
    problem = problem_with(candidate.person.key, "Cy Ngô")
    plan.question = frozen(asked.to_document(problem))
    session.commit()
    assert not answering.is_outdated(session, problem)
    candidate.stage = Stage.WITHDRAWN
    session.commit()
    assert answering.is_outdated(session, problem)


# Everything about one, and nothing about another


def test_export_holds_everything_about_one_and_nothing_about_another(
    client_of: Callable[..., CheckedClient], session: Session, here: Corridor
) -> None:
    other = candidates.add_candidate(
        session,
        CandidateSaid(name="Dorothée Vial", email="dv@example.com", requisition_id=here.requisition.id),
        by=here.ops,
    )
    decisions.approve(session, here.candidate, Side.PROJECT, here.approval(), here.candidate.version, by=here.pm)
    session.add(Attachment(candidate_id=here.candidate.id, name="../cv.pdf", text="", data=b"%PDF mine"))
    session.add(Attachment(candidate_id=other.id, name="other.pdf", text="", data=b"%PDF other"))
    session.commit()
    answer = client_of(RoleName.OPERATIONS).get(f"/candidates/{here.candidate.id}/rights/export")
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    whole = b"".join(archive.read(name) for name in archive.namelist())
    assert b"%PDF mine" in whole
    assert not any(".." in name for name in archive.namelist())
    for secret in ("Dorothée", "dv@example.com", "%PDF other", here.pm.name, here.ops.name):
        assert secret.encode() not in whole, secret
    told = json.loads(archive.read("everything.json"))["tables"]
    assert told["person"][0]["name"] == "Cy Ngô"
    assert [row["kind"] for row in told["events"]] == ["added", "approved"]
    assert told["approvals"][0]["reason"] == REASON
    assert "Cy Ngô" in archive.read("everything.html").decode()
    assert archive.read("tables/events.csv").startswith(b"\xef\xbb\xbf")


def test_every_table_about_a_candidate_is_in_the_export(session: Session, here: Corridor) -> None:
    """A table that is added later, and refers to candidates, must be thought of here too."""
    from planner.models import Base

    known = {
        "candidate_event", "hire_approval", "scorecard", "agreed_rating", "intake", "attachment", "notice_shown",
        "use_of_data", "sheet_link", "data_request", "comment",
    }  # fmt: skip
    about_users = {"follow", "notification"}  # who follows, and who was told: nothing that is said of the candidate
    referring = {
        table.name
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "candidate"
    }
    assert referring == known | about_users
    assert access_export.tables_of(session, here.candidate)["process"]


# The sheet


def test_link_opens_one_sheet_takes_one_answer_and_ends(
    client_of: Callable[..., CheckedClient], session: Session, here: Corridor
) -> None:
    text = sheets.make_link(session, here.candidate, by=here.ops)
    session.commit()
    anybody = client_of()
    page = anybody.get(f"/sheet/{text}").text
    for words in ("Cy Ngô", "How people decided", "It turns nobody down"):
        assert words in page, words
    assert here.ops.name not in page
    said = {"kind": "correction", "text": "My name is written with an accent."}
    assert anybody.send(f"/sheet/{text}/ask", {**said, "text": ""}, page=f"/sheet/{text}").status_code == 422
    assert anybody.send(f"/sheet/{text}/ask", said, page=f"/sheet/{text}").status_code == 200
    session.rollback()
    assert session.scalars(select(DataRequest.kind)).all() == [AskedFor.CORRECTION]
    assert anybody.get(f"/sheet/{text}").status_code == 404
    for path in ("/sheet/nonsense", "/sheet/" + "x" * 500):
        assert anybody.get(path).status_code == 404


def test_link_is_used_once_and_ends_after_seven_days(session: Session, here: Corridor) -> None:
    text = sheets.make_link(session, here.candidate, by=here.ops)
    said = AskedSaid(kind="objection", text="I was interviewed by the wrong team.")
    sheets.ask(session, text, said)
    with pytest.raises(Refused):
        sheets.ask(session, text, said)
    late = sheets.make_link(session, here.candidate, by=here.ops)
    link = session.scalars(select(SheetLink).where(SheetLink.used_at.is_(None))).one()
    assert timedelta(days=6.9) < link.expires_at - now() <= timedelta(days=7)
    link.expires_at = now() - timedelta(seconds=1)
    session.flush()
    assert sheets.candidate_of(session, late) is None
    with pytest.raises(Refused):
        sheets.ask(session, late, said)


def test_link_is_kept_as_a_hash_only(session: Session, here: Corridor) -> None:
    text = sheets.make_link(session, here.candidate, by=here.ops)
    assert text not in str(session.scalars(select(SheetLink.link_hash)).all())


# Erasure


def test_erasure_leaves_totals_and_no_name(session: Session, here: Corridor) -> None:
    candidate, key = here.candidate, here.candidate.person.key
    here.plan.question = frozen(asked.to_document(problem_with(key, "Cy Ngô")))
    session.commit()
    version = here.plan.version
    erase(session, candidate, ErasedSaid(reason="They asked for it."), by=here.ops)
    session.commit()
    assert session.scalars(select(Candidate)).all() == []
    assert session.scalars(select(Person).where(Person.key == key)).all() == []
    plan = session.scalars(select(Plan)).one()
    assert thawed(plan.question or b"")["people"][0] == {
        **thawed(plan.question or b"")["people"][0],
        "id": key,
        "name": "",
    }
    assert plan.version == version
    assert [row.person_key for row in plan.allocations] == [key]
    record = session.scalars(select(Erasure)).one()
    assert (record.requisition_number, record.last_stage, record.was_suggested) == (1, "offer", True)


def test_erasure_reaches_what_was_removed_before(session: Session, here: Corridor) -> None:
    other = candidates.add_candidate(session, CandidateSaid(name="Dorothée Vial"), by=here.ops)
    removal.remove(session, other.person, title="Dorothée Vial", by_id=here.ops.id)
    removal.restore(session, session.scalars(select(Removal)).one())
    session.commit()
    back = session.scalars(
        select(Candidate).join(Person, Person.id == Candidate.person_id).where(Person.name == "Dorothée Vial")
    ).one()
    erase(session, back, ErasedSaid(reason="They asked for it."), by=here.ops)
    assert session.scalars(select(Removal)).all() == []


def test_of_somebody_who_was_hired_only_the_process_goes(session: Session, here: Corridor) -> None:
    for side, by in ((Side.PROJECT, here.pm), (Side.OPERATIONS, here.ops)):
        decisions.approve(session, here.candidate, side, here.approval(), here.candidate.version, by=by)
    session.commit()
    erase(session, here.candidate, ErasedSaid(reason="Two years are over."), by=here.ops)
    session.commit()
    assert session.scalars(select(Candidate)).all() == []
    assert session.scalars(select(Person.name)).all() == ["Cy Ngô"]
    assert session.scalars(select(HireDecision.pm_reason)).all() == [REASON]


# Retention


def rule(country: str, from_on: date, months: int) -> RetentionRule:
    return RetentionRule(country=country, from_on=from_on, months=months)


def test_newest_rule_of_the_country_holds_else_that_of_none() -> None:
    rules = [rule("", date(2018, 1, 1), 6), rule("FR", date(2018, 1, 1), 24), rule("FR", date(2027, 1, 1), 12)]
    for country, on, months in (
        ("FR", date(2026, 12, 31), 24), ("FR", date(2027, 1, 1), 12), ("DE", date(2026, 1, 1), 6),
    ):  # fmt: skip
        found = retention.rule_for(rules, country, on)
        assert found is not None
        assert found.months == months
    assert retention.rule_for(rules, "FR", date(2017, 1, 1)) is None


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)), (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)), (date(2026, 5, 31), 0, date(2026, 5, 31)),
        (date(2026, 8, 31), 18, date(2028, 2, 29)),
    ],
)  # fmt: skip
def test_months_end_on_the_last_day_of_a_shorter_month(day: date, months: int, expected: date) -> None:
    assert retention.months_after(day, months) == expected


def test_due_agrees_with_a_second_reckoning_on_ten_thousand_sets() -> None:
    draw = random.Random(11)
    for _turn in range(10_000):
        rules = [
            rule(draw.choice(("", "FR", "DE")), date(2018 + draw.randrange(10), 1, 1), draw.randrange(0, 36))
            for _n in range(draw.randrange(0, 5))
        ]
        country, on = draw.choice(("FR", "DE", "ES", "")), date(2018, 1, 1) + timedelta(draw.randrange(4000))
        ended = on - timedelta(draw.randrange(0, 1200))
        found = retention.rule_for(rules, country, on)
        is_due = found is not None and retention.months_after(ended, found.months) <= on
        assert is_due == _is_due_otherwise(rules, country, ended, on)


def _is_due_otherwise(rules: list[RetentionRule], country: str, ended: date, on: date) -> bool:
    """Counts whole months back from the day instead of forward to it; looks the rule up by going backwards in time."""
    for wanted in dict.fromkeys((country, "")):
        begun = sorted((r for r in rules if r.country == wanted and r.from_on <= on), key=lambda r: r.from_on)
        newest = [r for r in begun if begun and r.from_on == begun[-1].from_on]
        if newest:
            months = (on.year - ended.year) * 12 + on.month - ended.month
            last = (on + timedelta(days=1)).month != on.month
            whole = months if on.day >= ended.day or last else months - 1
            return whole >= newest[0].months
    return False


def test_dry_run_erases_nobody_and_the_run_only_who_was_shown(session: Session, here: Corridor) -> None:
    session.add(Site(name="Lyon", country="FR"))
    session.flush()
    retention.load_rules(session)
    here.requisition.site_id = session.scalars(select(Site.id)).one()
    here.candidate.stage, here.candidate.stage_since_on = Stage.DECLINED, today() - timedelta(days=800)
    session.commit()
    (due,) = retention.due(session)
    assert (due.candidate, due.country, due.rule.months) == (here.candidate, "FR", 24)
    assert session.scalars(select(Erasure)).all() == []
    with pytest.raises(Refused) as caught:
        retention.erase_due(session, [], by=here.ops)
    assert caught.value.code == "others_are_due"
    assert retention.erase_due(session, [here.candidate.id], by=here.ops) == 1
    assert [row.why for row in session.scalars(select(Erasure))] == [f"FR: 24 months after {due.ended_on.isoformat()}"]


def test_who_agreed_to_be_kept_in_mind_stays(session: Session, here: Corridor) -> None:
    retention.add_rule(session, RetentionSaid(from_on=date(2018, 1, 1), months=0))
    candidate = here.candidate
    candidate.stage, candidate.stage_since_on = Stage.DECLINED, today() - timedelta(days=40)
    session.flush()
    assert len(retention.due(session)) == 1
    uses.set_use(session, candidate, UseSaid(purpose="talent_pool", basis="consent"), candidate.version)
    assert retention.due(session) == []
    said = WithdrawnSaid(purpose="talent_pool")
    uses.withdraw_use(session, candidate, said, candidate.version, by=here.ops)
    assert len(retention.due(session)) == 1


def test_rule_of_the_same_day_is_refused(session: Session) -> None:
    said = RetentionSaid(country="FR", from_on=date(2030, 1, 1), months=3)
    retention.add_rule(session, said)
    with pytest.raises(Refused) as caught:
        retention.add_rule(session, said)
    assert caught.value.field == "from_on"


@pytest.mark.parametrize(
    ("role", "sees", "erases"),
    [(RoleName.OPERATIONS, 200, 200), (RoleName.COMPLIANCE, 200, 200), (RoleName.PROJECT_MANAGER, 404, 404)],
)
def test_who_may_see_and_erase(
    client_of: Callable[..., CheckedClient], here: Corridor, role: RoleName, sees: int, erases: int
) -> None:
    client, path = client_of(role), f"/candidates/{here.candidate.id}/rights"
    assert client.get(path).status_code == sees
    assert client.get(f"{path}/erase").status_code == erases


def test_pages_note_rights(client_of: Callable[..., CheckedClient], session: Session, here: Corridor) -> None:
    ops, path = client_of(as_user=here.ops), f"/candidates/{here.candidate.id}/rights"
    assert ops.send("/privacy/notice/add", {"text": "Too short."}).status_code == 422
    assert ops.send("/privacy/notice/add", {"text": TEXT}).status_code == 303
    assert ops.send(f"{path}/notice", page=path).status_code == 303
    said: dict[str, Any] = {"version": str(here.candidate.version), "purpose": "recruitment", "basis": "contract"}
    assert ops.send(f"{path}/use", said, page=path).status_code == 303
    shown = ops.send(f"{path}/link", page=path)
    assert "/sheet/" in shown.text
    page = ops.get(path).text
    for words in ("notice, version 1", "steps before a contract"):
        assert words in page, words
    assert ops.send(f"{path}/erase", {"reason": "They asked."}).status_code == 303
    assert ops.get(path).status_code == 404
