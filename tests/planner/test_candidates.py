"""Candidates: a person and where they stand; nobody is hired by a move."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from pages import CheckedClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner import translate
from planner.models import (
    Absence,
    Candidate,
    Person,
    PersonKind,
    Removal,
    Requisition,
    RequisitionState,
    RoleName,
    Skill,
    Stage,
    User,
    Workspace,
    today,
)
from planner.schemas.hiring_candidates import CandidateSaid, CandidateSeen, StageSaid
from planner.schemas.staffing_people import AbsenceSaid, PersonSaid
from planner.services.hiring import candidates
from planner.services.refused import Refused, Stale
from planner.services.staffing import calendars, people
from planner.translate import PlanRequest

SEO = 1


@pytest.fixture
def company(session: Session) -> Session:
    """A skill, and a requisition that asks for it."""
    session.add(Skill(key="seo", name="SEO"))
    criteria = [{"skill": "seo", "level": 4, "must": True, "weight": 1}]
    session.add(Requisition(number=7, title="Search lead", state=RequisitionState.OPEN, criteria=criteria))
    session.commit()
    return session


def said(**changes: Any) -> CandidateSaid:
    return CandidateSaid.model_validate({"name": "Cy Ngô", "requisition_id": 1, **changes})


def typed(**changes: str) -> dict[str, str]:
    """What a browser sends from the form of a candidate."""
    return {
        "name": "Cy Ngô", "stage": "interview", "requisition_id": "1", "source": "Job board",
        "applied_on": "2026-10-01", "note": "Portfolio is strong.", "earliest_on": "2027-02-01",
        "notice_periods": "4", "ramp_up_periods": "3", "ramp_up_pct": "60", "acceptance_pct": "75",
        "hire_cost_minor": "9000", "cost_minor": "1900", "capacity_spans-0-fte_pct": "100",
        "skills-0-skill_id": "SEO", "skills-0-level": "3", "skills-0-source": "interview",
    } | changes  # fmt: skip


def only_candidate(session: Session) -> Candidate:
    session.rollback()
    session.expire_all()
    return session.scalars(select(Candidate)).one()


# The verbs


def test_candidate_is_a_person_with_a_place_in_the_process(company: Session) -> None:
    candidate = candidates.add_candidate(company, said(stage="screening", acceptance_pct=70))
    company.commit()
    assert candidate.person.kind is PersonKind.CANDIDATE
    assert candidate.person.key == f"p{candidate.person.id}"
    assert (candidate.stage, candidate.stage_since_on, candidate.applied_on) == (Stage.SCREENING, today(), today())
    seen = CandidateSeen.model_validate(candidate).model_dump()
    assert (seen["id"], seen["version"]) == (candidate.id, candidate.version)
    assert (seen["name"], seen["acceptance_pct"], seen["stage"]) == ("Cy Ngô", 70, Stage.SCREENING)


@pytest.mark.parametrize("version", [None, 0, 2])
def test_stale_or_missing_version_is_refused(company: Session, version: int | None) -> None:
    candidate = candidates.add_candidate(company, said())
    company.commit()
    for call in (
        lambda: candidates.edit_candidate(company, candidate, said(), version),
        lambda: candidates.move_candidate(company, candidate, StageSaid(stage=Stage.OFFER), version),
    ):
        with pytest.raises(Stale):
            call()


def test_an_edit_of_the_person_alone_moves_the_candidate_s_version_on(company: Session) -> None:
    candidate = candidates.add_candidate(company, said())
    company.commit()
    candidates.edit_candidate(company, candidate, said(name="Cy N."), 1)
    company.commit()
    assert candidate.version == 2
    people.add_absence(company, candidate.person, AbsenceSaid(from_on=date(2027, 1, 1), to_on=date(2027, 1, 1)))
    company.commit()
    assert candidate.version == 3  # a form that was open would have dropped the new absence


def test_a_candidate_is_not_turned_into_staff_by_an_edit_of_the_person(company: Session) -> None:
    candidate = candidates.add_candidate(company, said())
    company.commit()
    with pytest.raises(Refused) as caught:
        people.edit_person(company, candidate.person, PersonSaid(name="Cy"), candidate.person.version)
    assert caught.value.code == "candidate_is_edited_apart"


def test_only_a_requisition_that_is_open_takes_a_new_candidate(company: Session) -> None:
    candidate = candidates.add_candidate(company, said())
    company.get_one(Requisition, 1).state = RequisitionState.CLOSED
    company.commit()
    candidates.edit_candidate(company, candidate, said(source="Fair"), 1)  # who is on it already stays
    for ident, code in ((1, "requisition_is_over"), (99, "choice_is_not_there")):
        with pytest.raises(Refused) as caught:
            candidates.add_candidate(company, said(requisition_id=ident))
        assert (caught.value.code, caught.value.field) == (code, "requisition_id")


def test_the_day_of_the_stage_is_kept_until_the_stage_changes(company: Session) -> None:
    candidate = candidates.add_candidate(company, said())
    candidate.stage_since_on = today() - timedelta(days=9)
    company.commit()
    candidates.edit_candidate(company, candidate, said(note="x"), candidate.version)
    assert candidate.stage_since_on == today() - timedelta(days=9)
    candidates.move_candidate(company, candidate, StageSaid(stage=Stage.OFFER), candidate.version)
    assert candidate.stage_since_on == today()


def test_whoever_begins_work_gives_what_was_planned(company: Session) -> None:
    workspace = company.get_one(Workspace, 1)
    start = workspace.moment_of(5)
    candidate = candidates.add_candidate(
        company, said(earliest_on=start, notice_periods=2, ramp_up_periods=3, ramp_up_pct=50)
    )
    company.commit()
    before = calendars.weekly_capacity(candidate.person, workspace, 0, 12)
    assert before == [0] * 5 + [50] * 3 + [100] * 4
    candidates.begin_work(candidate.person, workspace)
    assert calendars.weekly_capacity(candidate.person, workspace, 0, 12) == before
    assert (candidate.person.notice_periods, candidate.person.ramp_up_pct) == (0, 100)


def test_hours_that_change_are_kept_when_somebody_is_hired(company: Session) -> None:
    workspace = company.get_one(Workspace, 1)
    until, start = workspace.moment_of(3), workspace.moment_of(1)
    rows = [{"fte_pct": 50, "to_on": until}, {"fte_pct": 80, "from_on": until}]
    candidate = candidates.add_candidate(
        company, said(earliest_on=start, ramp_up_periods=1, ramp_up_pct=50, capacity_spans=rows)
    )
    company.commit()
    before = calendars.weekly_capacity(candidate.person, workspace, 0, 6)
    assert before == [0, 25, 50, 80, 80, 80]
    candidates.begin_work(candidate.person, workspace)
    assert calendars.weekly_capacity(candidate.person, workspace, 0, 6) == before


def test_only_who_is_still_considered_may_be_planned_with(company: Session) -> None:
    stages = [stage for stage in Stage if stage is not Stage.HIRED]
    by_stage = {stage: candidates.add_candidate(company, said(name=stage, stage=stage)) for stage in stages}
    company.commit()
    planned_with = translate.to_problem(company, PlanRequest(), calendars).people
    considered = {person.name for person in planned_with}
    assert considered == {"new", "screening", "interview", "offer"}
    assert candidates.num_by_stage(company) == dict.fromkeys(by_stage, 1)


# The pages


def test_candidate_is_typed_shown_and_edited(ops: CheckedClient, company: Session) -> None:
    added = ops.send("/candidates/add", typed())
    assert added.status_code == 303, added.text
    candidate = only_candidate(company)
    assert candidate.person.earliest_on == datetime.fromisoformat("2027-02-01")
    page = ops.get(f"/candidates/{candidate.id}").text
    for words in (
        "Cy Ngô", "interview", "requisition 7, Search lead", "75&nbsp;%", "0 of 1", "4 weeks", "3 weeks at 60 %",
        "€9,000", "Job board", "Portfolio is strong.", "below the level asked for",
    ):  # fmt: skip
        assert words in page, words
    form = ops.get(f"/candidates/{candidate.id}/edit").text
    assert 'value="9000"' in form
    assert re.search(r'<option selected value="interview">', form)
    changed = typed(version=str(candidate.version), name="Cy N.", **{"skills-0-level": "4"})
    assert ops.send(f"/candidates/{candidate.id}/edit", changed).status_code == 303
    assert "1 of 1" in ops.get(f"/candidates/{candidate.id}").text


def test_the_requisition_of_the_link_is_chosen_already(ops: CheckedClient, company: Session) -> None:
    form = ops.get("/candidates/add?requisition=1").text
    assert re.search(r'<option selected value="1">7 · Search lead</option>', form)


def test_a_person_s_page_leads_to_the_candidate_s(ops: CheckedClient, company: Session) -> None:
    candidate = candidates.add_candidate(company, said())
    company.commit()
    for page in ("", "/edit"):
        led = ops.get(f"/people/{candidate.person_id}{page}")
        assert led.status_code == 302
        assert led.location == f"/candidates/{candidate.id}{page}"


def test_rows_are_added_by_plain_buttons(ops: CheckedClient, company: Session) -> None:
    more = ops.send("/candidates/add", typed(add_row="wishes"))
    assert more.status_code == 200
    assert 'name="wishes-0-project_id"' in more.text


def test_stage_moves_by_a_button_with_its_version(ops: CheckedClient, company: Session) -> None:
    candidate = candidates.add_candidate(company, said())
    company.commit()
    page = f"/candidates/{candidate.id}"
    assert re.search(r'name="stage" value="new" aria-pressed="true"', ops.get(page).text)
    assert ops.send(f"{page}/stage", {"stage": "offer", "version": "1"}, page=page).status_code == 303
    assert only_candidate(company).stage is Stage.OFFER
    stale = ops.send(f"{page}/stage", {"stage": "withdrawn", "version": "1"}, page=page)
    assert stale.status_code == 409
    assert "offer" in stale.text
    assert "withdrawn" in stale.text
    assert ops.send(f"{page}/stage", {"stage": "hired", "version": "2"}, page=page).status_code == 409
    assert "Say why" in ops.send(f"{page}/stage", {"stage": "declined", "version": "2"}, page=page).text
    assert ops.send(f"{page}/stage", {"stage": "bribed", "version": "2"}, page=page).status_code == 422
    assert only_candidate(company).stage is Stage.OFFER


def test_stale_form_shows_both_values(ops: CheckedClient, company: Session) -> None:
    ops.send("/candidates/add", typed())
    path = f"/candidates/{only_candidate(company).id}/edit"
    ops.send(path, typed(version="1", acceptance_pct="80"))
    refused = ops.send(path, typed(version="1", acceptance_pct="90"))
    assert refused.status_code == 409
    assert "80" in refused.text
    assert 'name="acceptance_pct" value="90"' in refused.text


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"acceptance_pct": "101"}, "acceptance_pct", "Enter 100 or less."),
        ({"notice_periods": "-1"}, "notice_periods", "Enter 0 or more."),
        ({"ramp_up_pct": "soon"}, "ramp_up_pct", "Enter a whole number."),
        ({"earliest_on": "2027-13-01"}, "earliest_on", "Enter a date."),
        ({"stage": "bribed"}, "stage", "Choose one of the list."),
    ],
)
def test_each_fault_stands_at_its_field(
    ops: CheckedClient, company: Session, changes: dict[str, str], field: str, words: str
) -> None:
    refused = ops.send("/candidates/add", typed(**changes))
    assert refused.status_code == 422
    at_field = re.search(rf'id="{field}-error">([^<]*)<', refused.text)
    assert at_field is not None
    assert words in at_field[1]


def test_removed_candidate_comes_back_whole(ops: CheckedClient, company: Session) -> None:
    candidate = candidates.add_candidate(company, said(skills=[{"skill_id": SEO, "level": 3}], note="Good."))
    people.add_absence(company, candidate.person, AbsenceSaid(from_on=date(2027, 1, 1), to_on=date(2027, 1, 2)))
    company.commit()
    ops.send(f"/candidates/{candidate.id}/remove")
    company.rollback()
    company.expire_all()
    for table in (Candidate, Person, Absence):
        assert company.scalars(select(table)).all() == [], table
    removal = company.scalars(select(Removal)).one()
    ops.send(f"/account/removals/{removal.id}/restore", page="/candidates")
    back = only_candidate(company)
    assert (back.note, back.requisition_id, len(back.person.absences)) == ("Good.", 1, 1)
    assert [(row.skill.key, row.level) for row in back.person.skills] == [("seo", 3)]


@pytest.mark.parametrize(
    ("url", "names"),
    [
        ("/candidates", {"Ann", "Bea", "Cem"}),
        ("/candidates?stage=considered", {"Ann", "Bea"}),
        ("/candidates?stage=offer", {"Bea"}),
        ("/candidates?stage=nonsense", set()),
        ("/candidates?requisition=1", {"Ann", "Cem"}),
        ("/candidates?requisition=none", {"Bea"}),
        ("/candidates?q=fair", {"Cem"}),
        ("/candidates?sort=-acceptance&requisition=x", set()),
    ],
)
def test_list_is_searched_and_filtered_by_its_url(
    ops: CheckedClient, company: Session, url: str, names: set[str]
) -> None:
    candidates.add_candidate(company, said(name="Ann"))
    candidates.add_candidate(company, said(name="Bea", stage="offer", requisition_id=None))
    candidates.add_candidate(company, said(name="Cem", stage="declined", source="Fair"))
    company.commit()
    text = ops.get(url).text
    assert {name for name in ("Ann", "Bea", "Cem") if f">{name}</a>" in text} == names


@pytest.mark.parametrize(
    ("role", "seen", "done"),
    [
        (RoleName.OPERATIONS, 200, 200), (RoleName.PROJECT_MANAGER, 200, 403), (RoleName.COMPLIANCE, 200, 403),
        (RoleName.MEMBER, 404, 404),
    ],
)  # fmt: skip
def test_who_may_see_and_who_may_do(
    client_of: Callable[..., CheckedClient], company: Session, role: RoleName, seen: int, done: int
) -> None:
    candidate = candidates.add_candidate(company, said())
    company.commit()
    client = client_of(role)
    page = f"/candidates/{candidate.id}"
    for path in ("/candidates", page):
        assert client.get(path).status_code == seen, path
    for path in ("/candidates/add", f"{page}/edit", f"{page}/remove"):
        assert client.get(path).status_code == done, path
    if done != 200:
        token = client_of(RoleName.OPERATIONS).token("/candidates")
        moved = client.post(f"{page}/stage", data={"stage": "offer", "version": "1", "csrf_token": token})
        assert moved.status_code in (400, done)
        assert only_candidate(company).stage is Stage.NEW


def test_a_candidate_who_has_a_login_sees_no_candidate_page(
    client_of: Callable[..., CheckedClient], user: Callable[..., User], company: Session
) -> None:
    candidate = candidates.add_candidate(company, said(note="Talks too much."))
    company.commit()
    client = client_of(as_user=user(RoleName.MEMBER, person_id=candidate.person_id))
    assert client.get(f"/candidates/{candidate.id}").status_code == 404
    own = client.get(f"/people/{candidate.person_id}")
    assert own.status_code == 200
    assert "Talks too much." not in own.text
