"""Removes the sample company; what others still use of it stays, and is their own from then on."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from planner.models import (
    Allocation,
    ExchangeRate,
    Feedback,
    HireDecision,
    Idea,
    NeedSkill,
    Objective,
    Person,
    PersonSkill,
    Phase,
    Plan,
    Project,
    Requisition,
    RoleNeed,
    RuleKind,
    Seat,
    Site,
    Skill,
    TaskBoard,
    TeamRule,
    TeamRulePerson,
    User,
    Workspace,
)
from planner.services import catalogue
from planner.services.outcomes import shipped


def remove_sample(session: Session) -> None:
    """Removes every row of the sample company, and what hangs on it: plans about it, bookings on its seats."""
    session.flush()
    _remove_plans(session)
    _detach_requisitions(session)
    hired = session.scalars(select(Person.key).where(Person.is_sample)).all()
    for table in (TaskBoard, Requisition, Objective, Idea, Feedback, Project, Person, User):
        session.execute(delete(table).where(table.is_sample).execution_options(synchronize_session=False))
    session.execute(
        delete(HireDecision).where(HireDecision.person_key.in_(hired)).execution_options(synchronize_session=False)
    )
    _remove_rules_about_nobody(session)
    _remove_unused(
        session, Skill, NeedSkill.skill_id, PersonSkill.skill_id, TeamRule.skill_id, Feedback.skill_id, Idea.skill_id
    )
    shipped.remove_sample(session)
    _remove_unused(session, Skill, NeedSkill.skill_id, PersonSkill.skill_id, TeamRule.skill_id)
    _remove_unused(session, Site, Person.site_id, Requisition.site_id)
    _remove_rates(session)
    _give_workspace_back(session)
    session.flush()
    session.expire_all()


def _sample_seats() -> Any:
    return select(Seat.key).join(Seat.need).join(RoleNeed.phase).join(Phase.project).where(Project.is_sample)


def _remove_plans(session: Session) -> None:
    """A plan names seats and people by key, and keys come again: no plan about the sample may outlive it."""
    about = exists().where(Allocation.plan_id == Plan.id)
    people = select(Person.key).where(Person.is_sample)
    about_sample = about.where(Allocation.seat_key.in_(_sample_seats()) | Allocation.person_key.in_(people))
    session.execute(
        delete(Plan).where(Plan.is_sample | ~about | about_sample).execution_options(synchronize_session=False)
    )


def _detach_requisitions(session: Session) -> None:
    """A requisition that somebody opened for a seat of the sample stays, for no seat."""
    session.execute(
        update(Requisition)
        .where(Requisition.seat_key.in_(_sample_seats()))
        .values(seat_key=None)
        .execution_options(synchronize_session=False)
    )


def _remove_rules_about_nobody(session: Session) -> None:
    """A rule that keeps people together or apart says nothing about fewer than two."""
    people = select(func.count()).where(TeamRulePerson.team_rule_id == TeamRule.id).scalar_subquery()
    session.execute(
        delete(TeamRule)
        .where(TeamRule.rule.in_([RuleKind.TOGETHER, RuleKind.APART]), people < 2)
        .execution_options(synchronize_session=False)
    )


def _remove_unused(session: Session, table: type[Skill | Site], *uses: InstrumentedAttribute[Any]) -> None:
    """Removes the sample's rows of a table that nothing refers to any more; the others become the workspace's own."""
    is_used = or_(*(exists().where(use == table.id) for use in uses))
    session.execute(delete(table).where(table.is_sample, ~is_used).execution_options(synchronize_session=False))
    session.execute(
        update(table).where(table.is_sample).values(is_sample=False).execution_options(synchronize_session=False)
    )


def _remove_rates(session: Session) -> None:
    """Removes the sample's exchange rates, unless somebody is still paid in that currency."""
    for row in catalogue.read("company")["rate"]:
        rate = session.scalar(select(ExchangeRate).filter_by(**row))
        if rate and session.scalar(select(Person.id).where(Person.cost_currency == rate.currency).limit(1)) is None:
            session.delete(rate)


def _give_workspace_back(session: Session) -> None:
    """The calendar and the currency stay as they are, for whatever was planned on them; the name and limits go."""
    workspace = session.get_one(Workspace, 1)
    workspace.is_sample = False
    sample = catalogue.read("company")["workspace"]
    if workspace.name == sample["name"]:
        workspace.name = ""
    if workspace.limits == sample["limits"]:
        workspace.limits = {}
