"""Alerts: each kind found by its law, once, decided by named people, and back when it is worse."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import holding
import pytest
import rows
from holding import Company
from pages import CheckedClient
from programs import Program
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.models import (
    Alert,
    AlertKind,
    AlertState,
    AlertStepKind,
    CountKind,
    Notification,
    NotificationKind,
    PersonSkill,
    RoleName,
    RuleKind,
    User,
    today,
)
from planner.schemas.staffing_projects import TeamRuleSaid
from planner.schemas.work_alerts import AcceptAlertSaid, ReopenAlertSaid, SnoozeAlertSaid
from planner.services.refused import Refused, Stale
from planner.services.staffing import team_rules
from planner.services.work import alert_finding, alerts
from planner.services.work.holdings import present


@pytest.fixture
def here(session: Session) -> Company:
    return holding.working_company(session)


def found_of(session: Session, kind: AlertKind) -> list[alert_finding.Found]:
    session.expire_all()
    return [one for one in alert_finding.find(session) if one.kind is kind]


def look(session: Session) -> list[Alert]:
    session.expire_all()
    risen = alerts.look(session)
    session.commit()
    return risen


def the(session: Session, kind: AlertKind) -> Alert:
    return session.scalars(select(Alert).where(Alert.kind == kind)).one()


def test_overload_counts_what_is_too_much_where_somebody_gives_anything(session: Session, here: Company) -> None:
    here.away("ann", 3, num_days=2)
    here.away("ann", 4, num_days=5)
    [over] = found_of(session, AlertKind.OVERLOAD)
    assert (over.ident, over.num) == (here.people["ann"].id, 40)
    assert (over.facts["num_periods"], over.facts["worst_pct"], over.facts["first_idx"]) == (1, 167, 3)
    [away] = found_of(session, AlertKind.AWAY)
    assert (away.ident, away.num, away.facts["first_idx"]) == (here.needs["analyst"].seats[0].id, 1, 4)


def test_seat_whose_holder_left_is_vacated(session: Session, here: Company) -> None:
    session.delete(here.people["ann"])
    session.commit()
    [found] = found_of(session, AlertKind.VACATED)
    assert (found.ident, found.num, found.facts["left"]) == (here.needs["analyst"].seats[0].id, 8, "gone")


def test_back_up_is_whoever_could_and_is_free_in_some_period(session: Session, here: Company) -> None:
    """Bob could stand in for Ann; for Cat nobody knows search."""
    [bare] = found_of(session, AlertKind.NO_BACK_UP)
    assert (bare.ident, bare.num, bare.facts["num_could"]) == (here.needs["writer"].seats[0].id, 8, 0)
    for period in range(1, 9):
        here.away("bob", period)
    assert {one.facts["num_could"] for one in found_of(session, AlertKind.NO_BACK_UP)} == {0, 1}


def test_skill_that_one_person_holds_is_named_at_the_lowest_such_level(session: Session, here: Company) -> None:
    """SQL at 3 is Ann's and Bob's, at 4 Ann's alone; search is Cat's alone."""
    found = {one.ident: one for one in found_of(session, AlertKind.SINGLE_HOLDER)}
    assert {ident: (one.facts["level"], one.num) for ident, one in found.items()} == {
        here.sql.id: (4, 240), here.seo.id: (3, 400),
    }  # fmt: skip
    session.add(PersonSkill(person_id=here.people["bob"].id, skill_id=here.seo.id, level=3))
    session.commit()
    assert [one.ident for one in found_of(session, AlertKind.SINGLE_HOLDER)] == [here.sql.id]


def test_cover_rule_is_judged_on_the_team_by_the_plan_in_force(session: Session, here: Company) -> None:
    said = {"rule": RuleKind.COUNT, "of": CountKind.SKILL, "skill_id": here.sql.id, "level": 3, "at_least": 2}
    rule = team_rules.add_rule(session, here.needs["analyst"].phase, TeamRuleSaid.model_validate(said))
    session.commit()
    [found] = found_of(session, AlertKind.NOT_COVERED)
    assert (found.ident, found.num, found.facts) == (rule.id, 1, {"num_held": 1, "at_least": 2})
    holding.work_by(here, {"analyst": "ann", "writer": "bob"}, number=2)
    assert found_of(session, AlertKind.NOT_COVERED) == []
    [cover] = alert_finding.covers(session, present(session))
    assert (cover.num_held, cover.is_covered) == (2, True)


def test_plan_that_no_longer_holds_is_one_alert(session: Session, here: Company) -> None:
    here.away("ann", 3)
    [found] = found_of(session, AlertKind.PLAN_BREAKS)
    assert here.plan is not None
    assert (found.ident, found.num) == (here.plan.id, 1)


def test_alert_is_one_however_often_it_is_found(session: Session, here: Company) -> None:
    first = look(session)
    assert look(session) == []
    assert session.scalar(select(func.count(Alert.id))) == len(first)
    assert not alerts.is_stale(session)
    here.away("ann", 3, num_days=2)
    assert alerts.is_stale(session)
    assert {one.kind for one in look(session)} == {AlertKind.OVERLOAD, AlertKind.PLAN_BREAKS}


def test_accepted_comes_back_when_it_gets_worse_and_not_before(session: Session, here: Company) -> None:
    here.away("ann", 3, num_days=2)
    look(session)
    over = the(session, AlertKind.OVERLOAD)
    alerts.accept(session, over, AcceptAlertSaid(reason="she agreed"), over.version, by=here.ops)
    session.commit()
    assert look(session) == []
    assert over.state is AlertState.ACCEPTED
    here.away("ann", 6, num_days=1)
    assert over in look(session)
    assert (over.state, over.num) == (AlertState.OPEN, 60)
    assert [step.kind for step in over.steps] == [AlertStepKind.ACCEPTED, AlertStepKind.CAME_BACK]


def test_snoozed_wakes_on_its_day(session: Session, here: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    look(session)
    single = session.scalars(select(Alert).where(Alert.skill_id == here.seo.id)).one()
    until = today() + timedelta(days=7)
    said = SnoozeAlertSaid(until_on=until, reason="Bob learns it")
    alerts.snooze(session, single, said, single.version, by=here.ops)
    session.commit()
    assert single not in look(session)
    monkeypatch.setattr(alerts, "today", lambda: until)
    assert single in look(session)


def test_what_is_over_ends_and_begins_anew(session: Session, here: Company) -> None:
    here.away("ann", 3, num_days=2)
    look(session)
    over = the(session, AlertKind.OVERLOAD)
    need = here.needs["analyst"]
    need.fte_pct = 50
    session.commit()
    look(session)
    assert over.state is AlertState.OVER
    with pytest.raises(Refused, match="alert_is_over"):
        alerts.accept(session, over, AcceptAlertSaid(reason="too late"), over.version, by=here.ops)
    need.fte_pct = 100
    session.commit()
    assert over in look(session)


def test_nobody_decides_on_what_they_have_not_read(session: Session, here: Company) -> None:
    look(session)
    one = session.scalars(select(Alert)).first()
    assert one is not None
    with pytest.raises(Stale):
        alerts.accept(session, one, AcceptAlertSaid(reason="fine"), one.version + 1, by=here.ops)
    with pytest.raises(Refused, match="day_is_not_ahead"):
        alerts.snooze(session, one, SnoozeAlertSaid(until_on=today(), reason="now"), one.version, by=here.ops)
    with pytest.raises(Refused, match="alert_is_not_decided"):
        alerts.reopen(session, one, ReopenAlertSaid(), one.version, by=here.ops)


def told_of(session: Session, user: User) -> list[Notification]:
    found = select(Notification).where(Notification.user_id == user.id, Notification.kind == NotificationKind.ALERT)
    return list(session.scalars(found.order_by(Notification.id)))


def test_everybody_is_told_once_of_what_concerns_them(session: Session, here: Company) -> None:
    here.away("ann", 3, num_days=2)
    elsewhere, member = rows.user(session, RoleName.PROJECT_MANAGER), rows.user(session, RoleName.MEMBER)
    session.commit()
    kinds = Counter(alert.kind for alert in look(session))
    assert kinds == {
        AlertKind.OVERLOAD: 1,
        AlertKind.NO_BACK_UP: 1,
        AlertKind.SINGLE_HOLDER: 2,
        AlertKind.PLAN_BREAKS: 1,
    }
    for user in (here.pm, here.ops):  # all of it is about the PM's own projects
        [told] = told_of(session, user)
        assert (told.alert.kind, told.alert.num) == (AlertKind.SINGLE_HOLDER, 400), "the worst"
        assert told.detail == {"num_more": 4}
    [told] = told_of(session, elsewhere)
    assert (told.alert.kind, told.detail) == (AlertKind.PLAN_BREAKS, {"num_more": 0}), "the plan is everybody's"
    assert told_of(session, member) == []
    look(session)
    assert [len(told_of(session, user)) for user in (here.pm, here.ops, elsewhere)] == [1, 1, 1]


def test_alert_is_told_in_words_and_leads_to_its_page(client_of: Callable[..., CheckedClient], here: Company) -> None:
    here.away("ann", 3, num_days=2)
    with client_of(as_user=here.ops) as ops:
        ops.get("/alerts")
        told = ops.get("/notifications")
    assert "more alert" in told.text
    [link] = re.findall(r'href="(/notifications/\d+/open)"', told.text)
    assert re.fullmatch(r"/alerts/\d+", client_of(as_user=here.ops).get(link).location)


def test_pages_show_them_where_they_belong(client_of: Callable[..., CheckedClient], here: Company) -> None:
    here.away("ann", 3, num_days=2)
    ops = client_of(as_user=here.ops)
    listing = ops.get("/alerts").text
    assert "worst from" in listing
    assert "Only Cat" in listing or "only Cat" in listing
    assert "overload" in ops.get(f"/people/{here.people['ann'].id}").text
    assert "no back-up" in ops.get(f"/projects/{here.alpha.id}").text
    assert "1 × overload" in ops.get("/").text
    assert (
        "overload" not in ops.get("/alerts?kind=single_holder").text.partition('id="results"')[2].partition("<aside")[0]
    )


def test_cover_is_asked_for_by_one_click(
    client_of: Callable[..., CheckedClient], session: Session, here: Company
) -> None:
    ops = client_of(as_user=here.ops)
    ops.get("/alerts")
    single = session.scalars(select(Alert).where(Alert.skill_id == here.seo.id)).one()
    page = ops.get(f"/alerts/{single.id}").text
    phase_id = here.needs["writer"].phase_id
    href = f"/projects/phases/{phase_id}/rules/add?rule=count&of=skill&skill_id={here.seo.id}&level=3&at_least=2"
    assert href.replace("&", "&amp;") in page
    assert 'value="Search"' in ops.get(href).text
    token = ops.token(href)
    said = {"rule": "count", "of": "skill", "skill_id": "Search", "level": "3", "at_least": "2", "csrf_token": token}
    assert ops.post(href, data=said).status_code == 303
    project = ops.get(f"/projects/{here.alpha.id}").text
    assert "not covered" in project
    assert "1 of 2 on the team hold Search by the plan in force" in project


def test_decision_at_both_doors(
    client_of: Callable[..., CheckedClient], program_of: Callable[..., Program], session: Session, here: Company
) -> None:
    ops, program = client_of(as_user=here.ops), program_of(RoleName.OPERATIONS)
    ops.get("/alerts")
    first, second = session.scalars(select(Alert).order_by(Alert.id)).all()[:2]
    token = ops.token(f"/alerts/{first.id}")
    data = {"csrf_token": token, "version": str(first.version), "reason": "no"}
    short = ops.post(f"/alerts/{first.id}/accept", data=data)
    assert short.status_code == 422
    assert "Write at least 3 characters." in short.text
    data["reason"] = "it is planned so"
    assert ops.post(f"/alerts/{first.id}/accept", data=data).status_code == 303
    said = {"reason": "it is planned so"}
    refused = program.post(f"/alerts/{second.id}/accept", {"reason": "no"}, version=second.version)
    assert refused.json["errors"][0]["message"] == "Write at least 3 characters."
    assert program.post(f"/alerts/{second.id}/accept", said, version=second.version).json["state"] == "accepted"
    session.rollback()
    assert [first.state, second.state] == [AlertState.ACCEPTED] * 2
    states = [row["state"] for row in program.get("/alerts?state=accepted").json["items"]]
    assert states == ["accepted", "accepted"]
