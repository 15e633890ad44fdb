"""The workspace: its first day, and what holds for everything in it."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from planner.models import NeedSkill, PeriodKind, PersonSkill, Phase, User, Workspace, now, today
from planner.schemas.account import AdministratorSaid, CompanySaid, WorkspaceSaid
from planner.services import catalogue
from planner.services.account.users import add_user
from planner.services.editing import fill, require_version
from planner.services.outcomes import shipped
from planner.services.refused import Refused


def has_users(session: Session) -> bool:
    """Whether anybody can log in yet; before, the first visitor becomes the administrator."""
    return session.scalar(select(User.id).limit(1)) is not None


def workspace_of(session: Session) -> Workspace | None:
    """The workspace, once there is one."""
    return session.get(Workspace, 1)


def is_set_up(session: Session) -> bool:
    """Whether somebody chose how to start: with the sample company, or empty."""
    workspace = workspace_of(session)
    return workspace is not None and workspace.set_up_at is not None


def add_first_administrator(session: Session, said: AdministratorSaid, password_hash: str) -> User:
    """Adds the first user. Of two first visits at the same moment one wins: raises Refused for the other."""
    _lock_workspace(session)
    if has_users(session):
        raise Refused("already_has_users")
    return add_user(session, said, password_hash=password_hash)


def start_empty(session: Session, said: CompanySaid) -> Workspace:
    """Sets up a workspace with the catalogues and nothing else. Raises Refused where that was done before."""
    workspace = _lock_workspace(session)
    if workspace.set_up_at is not None:
        raise Refused("already_set_up")
    fill(workspace, said)
    workspace.set_up_at = now()
    catalogue.load_work_styles(session)
    catalogue.load_skills(session)
    shipped.load_templates(session)
    session.flush()
    return workspace


def edit_workspace(session: Session, workspace: Workspace, said: WorkspaceSaid, version: int | None) -> Workspace:
    """Edits the settings. Raises Stale, and Refused where what is there would come to mean something else."""
    require_version(workspace, version)
    if said.period != workspace.period and session.scalar(select(Phase.id).limit(1)) is not None:
        raise Refused("period_is_in_use", field="period")
    highest = _highest_level(session)
    if said.level_max < highest:
        raise Refused("level_is_in_use", field="level_max", level=highest)
    fill(workspace, said, leave=("weights", "limits"))
    workspace.weights = {**workspace.weights, **said.weights.model_dump()}
    workspace.limits = {**workspace.limits, **said.limits.model_dump()}
    return workspace


def this_monday(day: date | None = None) -> date:
    """The Monday of the present week, from which a calendar of weeks counts."""
    day = day or today()
    return day - timedelta(days=day.weekday())


def _lock_workspace(session: Session) -> Workspace:
    """The workspace's row, locked until the commit; made where there is none yet."""
    workspace = session.scalar(select(Workspace).where(Workspace.id == 1).with_for_update())
    if workspace is not None:
        return workspace
    workspace = Workspace(id=1, calendar_start_on=this_monday(), period=PeriodKind.WEEK)
    session.add(workspace)
    try:
        session.flush()
    except IntegrityError as error:
        raise Refused("already_has_users") from error
    return workspace


def _highest_level(session: Session) -> int:
    """The highest level that a person holds or a role need asks for."""
    levels = (session.scalar(select(func.max(column))) or 0 for column in (PersonSkill.level, NeedSkill.level))
    return max(levels)
