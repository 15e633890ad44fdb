"""Loads the sample company into an empty workspace."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import (
    ExchangeRate,
    Person,
    Project,
    RoleName,
    Site,
    Skill,
    User,
    UserRole,
    Workspace,
    WorkStyle,
    now,
)
from planner.services import catalogue
from planner.services.outcomes import shipped
from planner.services.refused import Refused
from planner.services.sample.company import MAIL_DOMAIN, Company, Row
from planner.services.sample.hiring import add_agreed, add_hiring
from planner.services.sample.outcomes import add_outcomes
from planner.services.sample.people import add_people
from planner.services.sample.projects import add_projects
from planner.services.sample.tasks import add_tasks
from planner.services.sample.voices import add_voices

ADMINISTRATOR = "administrator"  # PM of the company's own project in the data files: whoever loads it, if a PM


def load_sample(session: Session, *, administrator_id: int | None) -> Workspace:
    """Fills an empty workspace with the sample company. Raises Refused where there are projects or people already."""
    if any(session.scalar(select(table.id).limit(1)) is not None for table in (Project, Person)):
        raise Refused("sample_wants_empty_workspace")
    catalogue.load_work_styles(session)
    catalogue.load_skills(session, is_sample=True)
    data = catalogue.read("company")
    company = Company(
        _workspace(session, data["workspace"]),
        skills={skill.key: skill for skill in session.scalars(select(Skill))},
        styles={style.key: style for style in session.scalars(select(WorkStyle))},
    )
    _add_sites(session, company, data["site"])
    _add_rates(session, data["rate"])
    add_people(session, company)
    _add_users(session, company, data["user"], administrator_id)
    add_projects(session, company)
    add_hiring(session, company)
    add_agreed(session, company, data)
    add_tasks(session, company)
    add_voices(session, company)
    add_outcomes(session, company)
    shipped.load_templates(session, is_sample=True)
    shipped.load_finished(session)
    session.expire_all()  # words of the data files are read back as the enums that their columns give
    return company.workspace


def _workspace(session: Session, row: Row) -> Workspace:
    workspace = session.get(Workspace, 1) or Workspace(id=1)
    for name, value in row.items():
        setattr(workspace, name, value)
    workspace.is_sample = True
    workspace.set_up_at = workspace.set_up_at or now()
    session.add(workspace)
    return workspace


def _add_sites(session: Session, company: Company, rows: Iterable[Row]) -> None:
    company.sites.update({site.name: site for site in session.scalars(select(Site))})
    for row in rows:
        company.sites.setdefault(row["name"], Site(**row, is_sample=True))
    session.add_all(company.sites.values())


def _add_rates(session: Session, rows: Iterable[Row]) -> None:
    present = {(rate.currency, rate.from_on) for rate in session.scalars(select(ExchangeRate))}
    session.add_all(ExchangeRate(**row) for row in rows if (row["currency"], row["from_on"]) not in present)


def _add_users(session: Session, company: Company, rows: Iterable[Row], administrator_id: int | None) -> None:
    """The sample's users, without a password; an address that is somebody's already stays theirs."""
    emails = {row["id"]: f"{row['id']}@{MAIL_DOMAIN}" for row in rows}
    users = {user.email: user for user in session.scalars(select(User).where(User.email.in_(emails.values())))}
    for row in rows:
        if emails[row["id"]] not in users:
            users[emails[row["id"]]] = _user(company, emails[row["id"]], row)
    session.add_all(users.values())
    session.flush()
    company.user_ids = {ident: users[email].id for ident, email in emails.items()}
    company.user_ids[ADMINISTRATOR] = _project_manager(session, administrator_id)


def _project_manager(session: Session, user_id: int | None) -> int | None:
    """The user, where they may run a project: an administrator alone does not."""
    return session.scalar(
        select(UserRole.user_id).where(UserRole.user_id == user_id, UserRole.role == RoleName.PROJECT_MANAGER)
    )


def _user(company: Company, email: str, row: Row) -> User:
    return User(
        email=email,
        name=row["name"],
        locale=row.get("locale", ""),
        person_id=company.people[row["person"]].id if "person" in row else None,
        fs_uniquifier=uuid.uuid4().hex,
        confirmed_at=now(),
        is_sample=True,
        granted=[UserRole(role=row["role"])],
    )
