"""Removing the sample company takes all of it, and nothing that is the users' own."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.models import (
    Allocation,
    AuditEntry,
    AuditHead,
    Base,
    NeedSkill,
    Person,
    PersonKind,
    Phase,
    PipelineColumn,
    Plan,
    Project,
    Requisition,
    RoleName,
    RoleNeed,
    RuleKind,
    Seat,
    Site,
    Skill,
    TeamRule,
    TeamRulePerson,
    User,
    Workspace,
    WorkStyle,
)
from planner.services.sample import load_sample, remove_sample


def count(session: Session, table: Any, *where: Any) -> int:
    return session.scalar(select(func.count()).select_from(table).where(*where)) or 0


def test_removing_leaves_nothing_but_what_a_workspace_begins_with(session: Session) -> None:
    load_sample(session, administrator_id=None)
    session.commit()
    remove_sample(session)
    session.commit()
    left = {mapper.class_ for mapper in Base.registry.mappers if count(session, mapper.class_)}
    assert left == {AuditEntry, AuditHead, PipelineColumn, WorkStyle, Workspace}
    assert not session.get_one(Workspace, 1).is_sample


def test_removed_sample_can_be_loaded_again(session: Session) -> None:
    load_sample(session, administrator_id=None)
    remove_sample(session)
    load_sample(session, administrator_id=None)
    assert count(session, Seat) == 90


def test_removing_leaves_what_is_the_users_own(session: Session, user: Any) -> None:
    owner = user(RoleName.PROJECT_MANAGER)
    load_sample(session, administrator_id=None)
    phase = own_phase(session, owner)
    session.commit()
    remove_sample(session)
    session.commit()
    need = session.get_one(Phase, phase.id).needs[0]
    assert [line.skill.key for line in need.skills] == ["sql"]
    assert not need.skills[0].skill.is_sample
    assert count(session, Skill) == 1
    assert session.get_one(User, owner.id).person_id is None
    person = session.scalars(select(Person)).one()
    assert (person.name, person.site and person.site.name) == ("Ana Lopes", "Paris")
    assert count(session, Site) == 1


def own_phase(session: Session, owner: User) -> Phase:
    """A project, a person and a role need of a user's own, woven into the sample company."""
    site = session.scalars(select(Site).where(Site.name == "Paris")).one()
    skill = session.scalars(select(Skill).where(Skill.key == "sql")).one()
    owner.person_id = session.scalar(select(Person.id).where(Person.is_sample).limit(1))
    person = Person(key="p9001", name="Ana Lopes", kind=PersonKind.EMPLOYEE, site=site)
    moment = datetime(2027, 2, 1)  # noqa: DTZ001 -- a moment is wall-clock time
    phase = Phase(key="f9001", name="Ours", duration=2, earliest_on=moment, latest_on=moment)
    phase.needs = [RoleNeed(title="Analyst", skills=[NeedSkill(skill=skill, level=3)])]
    session.add_all([person, Project(key="j9001", name="Ours", phases=[phase])])
    return phase


def test_removing_detaches_a_requisition_of_the_users_own(session: Session) -> None:
    load_sample(session, administrator_id=None)
    need = session.scalars(select(RoleNeed).where(RoleNeed.title == "German SEO lead")).one()
    requisition = Requisition(number=99, title="Our own", need=need, seat_key=need.seats[0].key)
    session.add(requisition)
    session.commit()
    remove_sample(session)
    assert (requisition.need_id, requisition.seat_key) == (None, None)


def test_removing_takes_plans_about_the_sample_and_leaves_others(session: Session) -> None:
    load_sample(session, administrator_id=None)
    own, sample = ("s9001.1", "p9001"), ("s1.1", "p1")
    session.add_all(
        [
            plan_of("ours", own),
            plan_of("ours and the sample's", own, sample),
            plan_of("our seat, the sample's person", (own[0], sample[1])),
            plan_of("failed"),
        ]
    )
    session.commit()
    remove_sample(session)
    assert list(session.scalars(select(Plan.title))) == ["ours"]


def plan_of(title: str, *held: tuple[str, str]) -> Plan:
    allocations = [Allocation(seat_key=seat, person_key=person) for seat, person in held]
    return Plan(
        number=len(title),
        title=title,
        request_token=title,
        starts_on=date(2027, 1, 4),
        num_periods=26,
        allocations=allocations,
    )


@pytest.mark.parametrize(("num_own", "num_left"), [(1, 0), (2, 1)])
def test_removing_takes_rules_that_are_left_with_nobody_to_keep_apart(
    session: Session, user: Any, num_own: int, num_left: int
) -> None:
    load_sample(session, administrator_id=None)
    phase = own_phase(session, user())
    own = [Person(key=f"p{9100 + n}", name=f"Own {n}", kind=PersonKind.EMPLOYEE) for n in range(num_own)]
    people = [session.scalars(select(Person).where(Person.is_sample)).first(), *own]
    phase.team_rules = [
        TeamRule(
            rule=RuleKind.APART,
            people=[TeamRulePerson(position=n, person=person) for n, person in enumerate(people)],
        )
    ]
    session.commit()
    remove_sample(session)
    assert count(session, TeamRule) == num_left
