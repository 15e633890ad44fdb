"""Requisitions: the authority to hire, born from a gap with everything that the role need asks for."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pages import CheckedClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import (
    Candidate,
    NeedSkill,
    NeedStyle,
    Phase,
    PhaseStart,
    Plan,
    PlanState,
    Project,
    Removal,
    Requisition,
    RequisitionState,
    RoleName,
    RoleNeed,
    Seat,
    Site,
    Skill,
    User,
    Workspace,
    WorkStyle,
)
from planner.schemas.hiring_candidates import CandidateSaid
from planner.schemas.hiring_requisitions import RequisitionSaid, StateSaid
from planner.services.hiring import candidates, criteria
from planner.services.hiring import requisitions as verbs
from planner.services.refused import Refused, Stale

CRITERIA = [
    {"skill": "seo", "level": 4, "must": True, "weight": 2},
    {"style": "cooperation", "min": 3.5, "max": 5.0, "must": False, "weight": 1, "reason": "Works with the client."},
    {"tag": "site:Lyon", "must": True},
    {"tag": "lang:fr", "must": True},
    {"any_of": ["lang:de", "lang:nl"], "must": True},
]


@pytest.fixture
def need(session: Session) -> RoleNeed:
    """A role need with two seats that asks for a bit of everything."""
    workspace = session.get_one(Workspace, 1)
    need = RoleNeed(
        title="Search lead", count=2, fte_pct=60, from_offset=1, to_offset=5, max_cost_minor=200_000,
        tags=["site:Lyon", "lang:fr"], any_of=[["lang:de", "lang:nl"]],
        skills=[NeedSkill(skill=Skill(key="seo", name="SEO"), level=4, weight=2)],
        styles=[NeedStyle(
            style=WorkStyle(key="cooperation", name="Cooperation"), min=3.5, reason="Works with the client."
        )],
        seats=[Seat(key="s1.1", number=1), Seat(key="s1.2", number=2)],
    )  # fmt: skip
    start = workspace.moment_of(2)
    phase = Phase(key="f1", name="Build", duration=8, earliest_on=start, latest_on=start + timedelta(weeks=4))
    phase.needs.append(need)
    session.add_all([Site(name="Lyon", country="FR"), Project(key="j1", name="Launch", phases=[phase])])
    session.commit()
    return need


@pytest.fixture
def plan(session: Session, need: RoleNeed) -> Plan:
    """A plan that begins a week after the calendar and starts the phase in its fifth week."""
    workspace = session.get_one(Workspace, 1)
    plan = Plan(
        number=12, title="Spring", request_token="t", state=PlanState.READY, num_periods=20,
        starts_on=workspace.moment_of(1).date(), phase_starts=[PhaseStart(phase_key="f1", start_idx=4)],
    )  # fmt: skip
    session.add(plan)
    session.commit()
    return plan


def said(**changes: Any) -> RequisitionSaid:
    return RequisitionSaid.model_validate({"title": "Search lead", **changes})


def only_requisition(session: Session) -> Requisition:
    session.rollback()
    session.expire_all()
    return session.scalars(select(Requisition)).one()


# The verbs


def test_a_gap_becomes_a_requisition_with_everything_carried_over(
    session: Session, plan: Plan, need: RoleNeed, user: Callable[..., User]
) -> None:
    by = user(RoleName.PROJECT_MANAGER)
    born = verbs.open_from_gap(session, plan=plan, seat_key="s1.2", by=by)
    session.commit()
    workspace = session.get_one(Workspace, 1)
    assert born.criteria == CRITERIA
    assert (born.title, born.fte_pct, born.max_cost_minor, born.num_seats) == ("Search lead", 60, 200_000, 1)
    assert (born.starts_on, born.ends_on) == (workspace.moment_of(1 + 4 + 1), workspace.moment_of(1 + 4 + 5))
    assert (born.need_id, born.seat_key, born.plan_number, born.opened_by_id) == (need.id, "s1.2", 12, by.id)
    assert born.site is not None
    assert born.site.name == "Lyon"
    assert (born.number, born.state) == (1, RequisitionState.DRAFT)


def test_pressing_twice_gives_the_same_requisition(session: Session, plan: Plan, user: Callable[..., User]) -> None:
    by = user(RoleName.OPERATIONS)
    first = verbs.open_from_gap(session, plan=plan, seat_key="s1.1", by=by)
    session.commit()
    assert verbs.open_from_gap(session, plan=plan, seat_key="s1.1", by=by) is first
    other = verbs.open_from_gap(session, plan=plan, seat_key="s1.2", by=by)
    assert other.number == first.number + 1


def test_a_requisition_that_is_over_does_not_stand_in_the_way_of_a_new_one(
    session: Session, plan: Plan, user: Callable[..., User]
) -> None:
    by = user(RoleName.OPERATIONS)
    first = verbs.open_from_gap(session, plan=plan, seat_key="s1.1", by=by)
    session.commit()
    verbs.set_state(session, first, StateSaid(state=RequisitionState.CLOSED), 1)
    assert verbs.open_from_gap(session, plan=plan, seat_key="s1.1", by=by) is not first


def test_a_phase_that_the_plan_does_not_schedule_starts_as_early_as_it_may(
    session: Session, plan: Plan, need: RoleNeed, user: Callable[..., User]
) -> None:
    plan.phase_starts.clear()
    session.commit()
    born = verbs.open_from_gap(session, plan=plan, seat_key="s1.1", by=user(RoleName.OPERATIONS))
    assert born.starts_on == need.phase.earliest_on + timedelta(weeks=1)


def test_a_seat_that_is_gone_is_refused(session: Session, plan: Plan, user: Callable[..., User]) -> None:
    with pytest.raises(Refused) as caught:
        verbs.open_from_gap(session, plan=plan, seat_key="s9.9", by=user(RoleName.OPERATIONS))
    assert caught.value.code == "seat_is_gone"


def test_requisition_is_added_as_a_draft_with_the_criteria_of_its_role_need(session: Session, need: RoleNeed) -> None:
    bare = verbs.add_requisition(session, said())
    full = verbs.add_requisition(session, said(need_id=need.id))
    assert (bare.criteria, full.criteria) == ([], CRITERIA)
    assert (bare.number, full.number, full.state) == (1, 2, RequisitionState.DRAFT)


@pytest.mark.parametrize(("field", "ident"), [("site_id", 99), ("need_id", 99)])
def test_what_is_not_there_is_refused_at_its_field(session: Session, field: str, ident: int) -> None:
    with pytest.raises(Refused) as caught:
        verbs.add_requisition(session, said(**{field: ident}))
    assert (caught.value.code, caught.value.field) == ("choice_is_not_there", field)


def test_an_edit_keeps_the_criteria_unless_another_role_need_is_chosen(session: Session, need: RoleNeed) -> None:
    requisition = verbs.add_requisition(session, said(need_id=need.id))
    requisition.criteria = CRITERIA[:1]  # as they were when it was born
    session.commit()
    verbs.edit_requisition(session, requisition, said(need_id=need.id, title="Lead"), requisition.version)
    assert (requisition.title, requisition.criteria) == ("Lead", CRITERIA[:1])
    other = RoleNeed(title="Other", phase_id=need.phase_id)
    session.add(other)
    session.flush()
    verbs.edit_requisition(session, requisition, said(need_id=other.id), requisition.version)
    assert requisition.criteria == []


@pytest.mark.parametrize("version", [None, 0, 2])
def test_stale_or_missing_version_is_refused(session: Session, version: int | None) -> None:
    requisition = verbs.add_requisition(session, said())
    session.commit()
    for call in (
        lambda: verbs.edit_requisition(session, requisition, said(), version),
        lambda: verbs.set_state(session, requisition, StateSaid(state=RequisitionState.OPEN), version),
    ):
        with pytest.raises(Stale):
            call()


def test_criteria_are_read_back_with_the_rows_that_they_name(session: Session, need: RoleNeed) -> None:
    requisition = verbs.add_requisition(session, said(need_id=need.id))
    requisition.criteria = [*requisition.criteria, {"skill": "gone", "level": 2, "must": False, "weight": 1}]
    shown = criteria.criteria_shown(session, requisition)
    assert [line.kind for line in shown] == ["skill", "skill", "style", "tag", "tag", "any_of"]
    assert [(line.name, line.row is not None) for line in shown[:2]] == [("seo", True), ("gone", False)]
    assert shown[2].reason == "Works with the client."


@pytest.mark.parametrize(
    ("level", "pct", "kind"),
    [(None, 0, "missing"), (1, 25, "part"), (3, 75, "part"), (4, 100, "full"), (5, 100, "full")],
)  # fmt: skip
def test_coverage_says_how_far_a_candidate_meets_a_skill(
    session: Session, need: RoleNeed, level: int | None, pct: int, kind: str
) -> None:
    requisition = verbs.add_requisition(session, said(need_id=need.id))
    skills = [{"skill_id": need.skills[0].skill_id, "level": level}] if level else []
    candidate = candidates.add_candidate(session, CandidateSaid.model_validate({"name": "Cy", "skills": skills}))
    covered = criteria.coverage_of(candidate.person, criteria.criteria_shown(session, requisition))
    assert [(row[1], row[2]) for row in covered] == [(pct, kind)]


# The pages


def test_one_press_opens_a_requisition_and_a_second_leads_to_it(
    pm: CheckedClient, session: Session, plan: Plan
) -> None:
    gap = {"plan_id": str(plan.id), "seat_key": "s1.1"}
    led = [pm.send("/requisitions/open-from-gap", gap, page="/requisitions") for _press in range(2)]
    assert [answer.status_code for answer in led] == [303, 303]
    requisition = only_requisition(session)
    assert {answer.location for answer in led} == {f"/requisitions/{requisition.id}"}
    page = pm.get(f"/requisitions/{requisition.id}").text
    for words in ("Requisition 1: Search lead", "60&nbsp;%", "SEO", "level 4", "Works with the client.", "≥ 3.5",
                  "German or Dutch", "from a gap of plan 12", "€2,000"):  # fmt: skip
        assert words in page, words


@pytest.mark.parametrize(
    "gap", [{}, {"plan_id": "99", "seat_key": "s1.1"}, {"plan_id": "1"}, {"plan_id": "x", "seat_key": "s1.1"}]
)
def test_a_gap_of_no_plan_is_not_found(pm: CheckedClient, plan: Plan, gap: dict[str, str]) -> None:
    assert pm.send("/requisitions/open-from-gap", gap, page="/requisitions").status_code == 404


def test_a_gap_whose_seat_is_gone_is_said(pm: CheckedClient, session: Session, plan: Plan) -> None:
    gap = {"plan_id": str(plan.id), "seat_key": "s9.9"}
    answer = pm.send("/requisitions/open-from-gap", gap, page="/requisitions", follow_redirects=True)
    assert "The seat s9.9 is not there any more." in answer.text
    assert session.scalars(select(Requisition)).all() == []


def test_requisition_is_typed_shown_and_edited(ops: CheckedClient, session: Session, need: RoleNeed) -> None:
    typed = {
        "title": "Search lead", "need_id": str(need.id), "num_seats": "2", "fte_pct": "50", "starts_on": "2027-03-01",
        "ends_on": "2027-05-01", "site_id": "1", "max_cost_minor": "2 100", "reason": "Nobody on staff.",
    }  # fmt: skip
    assert ops.send("/requisitions/add", typed).status_code == 303
    requisition = only_requisition(session)
    assert requisition.max_cost_minor == 210_000
    path = f"/requisitions/{requisition.id}"
    page = ops.get(path).text
    for words in ("draft", "2 seats", "Mar 1, 2027", "Apr 30, 2027", "Lyon", "Nobody on staff.", "SEO", "Nobody yet"):
        assert words in page, words
    assert ops.send(f"{path}/edit", {**typed, "title": "Lead", "version": "1"}).status_code == 303
    stale = ops.send(f"{path}/edit", {**typed, "title": "Chief", "version": "1"})
    assert stale.status_code == 409
    assert "Lead" in stale.text
    assert "Chief" in stale.text


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"title": ""}, "title", "Fill this in."),
        ({"num_seats": "0"}, "num_seats", "Enter 1 or more."),
        ({"fte_pct": "101"}, "fte_pct", "Enter 100 or less."),
        ({"starts_on": "2027-03-01", "ends_on": "2027-03-01"}, "ends_on", "This ends before it begins."),
        ({"max_cost_minor": "-1"}, "max_cost_minor", "Enter 0 or more."),
    ],
)
def test_each_fault_stands_at_its_field(
    ops: CheckedClient, session: Session, changes: dict[str, str], field: str, words: str
) -> None:
    refused = ops.send("/requisitions/add", {"title": "Lead", **changes})
    assert refused.status_code == 422
    at_field = re.search(rf'id="{field}-error">([^<]*)<', refused.text)
    assert at_field is not None
    assert words in at_field[1]


def test_state_changes_by_a_button_with_its_version(ops: CheckedClient, session: Session) -> None:
    verbs.add_requisition(session, said())
    session.commit()
    page = "/requisitions/1"
    for version, state in enumerate(("filled", "closed", "draft"), start=1):
        assert ops.send(f"{page}/state", {"state": state, "version": str(version)}, page=page).status_code == 303
        assert only_requisition(session).state == state
    assert ops.send(f"{page}/state", {"state": "closed", "version": "1"}, page=page).status_code == 409
    unsigned = ops.send(f"{page}/state", {"state": "open", "version": "4"}, page=page)
    assert unsigned.status_code == 409
    assert "must both have signed" in unsigned.text
    assert ops.send(f"{page}/state", {"state": "lost", "version": "4"}, page=page).status_code == 422


def test_removed_requisition_comes_back_with_its_candidates(ops: CheckedClient, session: Session) -> None:
    requisition = verbs.add_requisition(session, said())
    for name in ("Ann", "Bea"):
        candidates.add_candidate(session, CandidateSaid(name=name, requisition_id=requisition.id))
    session.commit()
    path = f"/requisitions/{requisition.id}"
    assert "2 candidates stay, without a requisition." in ops.get(f"{path}/remove").text
    ops.send(f"{path}/remove")
    session.rollback()
    session.expire_all()
    assert [one.requisition_id for one in session.scalars(select(Candidate))] == [None, None]
    removal = session.scalars(select(Removal)).one()
    ops.send(f"/account/removals/{removal.id}/restore", page="/requisitions")
    session.rollback()
    session.expire_all()
    assert [one.requisition_id for one in session.scalars(select(Candidate))] == [requisition.id] * 2
    page = ops.get(path).text
    assert ">Ann</a>" in page
    assert "2 candidates</b> are considered" in page


@pytest.mark.parametrize(
    ("url", "titles"),
    [
        ("/requisitions", {"Lead", "Writer"}),
        ("/requisitions?q=wri", {"Writer"}),
        ("/requisitions?q=2", {"Writer"}),
        ("/requisitions?state=draft&sort=title", {"Lead", "Writer"}),
        ("/requisitions?state=open", set()),
        ("/requisitions?site=1", {"Writer"}),
        ("/requisitions?site=x&state=nonsense", set()),
    ],
)
def test_list_is_searched_and_filtered_by_its_url(
    ops: CheckedClient, session: Session, need: RoleNeed, url: str, titles: set[str]
) -> None:
    verbs.add_requisition(session, said(title="Lead"))
    verbs.add_requisition(session, said(title="Writer", site_id=1))
    session.commit()
    text = ops.get(url).text
    assert {title for title in ("Lead", "Writer") if f">{title}</a>" in text} == titles


@pytest.mark.parametrize(
    ("role", "seen", "done", "removed"),
    [
        (RoleName.OPERATIONS, 200, 200, 200), (RoleName.PROJECT_MANAGER, 200, 200, 403),
        (RoleName.EXECUTIVE, 200, 403, 403), (RoleName.MEMBER, 404, 404, 404),
    ],
)  # fmt: skip
def test_who_may_see_and_who_may_do(
    client_of: Callable[..., CheckedClient], session: Session, role: RoleName, seen: int, done: int, removed: int
) -> None:
    verbs.add_requisition(session, said())
    session.commit()
    client = client_of(role)
    for path in ("/requisitions", "/requisitions/1"):
        assert client.get(path).status_code == seen, path
    for path in ("/requisitions/add", "/requisitions/1/edit"):
        assert client.get(path).status_code == done, path
    assert client.get("/requisitions/1/remove").status_code == removed
