"""Scenarios: begin one, name it, share it, list those that one may see, remove one with its plans."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select, delete, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from planner.models import (
    Plan,
    PlanState,
    Removal,
    RoleName,
    Scenario,
    ScenarioShare,
    ScenarioSubject,
    User,
    UserRole,
    folded,
)
from planner.schemas.planning_scenarios import ScenarioBegun, ScenarioSaid, SharesSaid
from planner.services import removal
from planner.services.editing import fill, require_version, touch
from planner.services.listing import Page, Query, paged
from planner.services.planning import scenario_changes
from planner.services.refused import Refused

WHOLE = (
    joinedload(Scenario.owner),
    selectinload(Scenario.shares).joinedload(ScenarioShare.user),
    selectinload(Scenario.subjects).selectinload(ScenarioSubject.changes),
)


def begin(session: Session, said: ScenarioSaid, *, by: User) -> Scenario:
    """Begins a scenario, private to whoever begins it, with the changes that are said. Raises Refused like those."""
    scenario = fill(Scenario(owner_id=by.id), said)
    session.add(scenario)
    session.flush()
    if isinstance(said, ScenarioBegun):
        for n, change in enumerate(said.changes):
            scenario_changes.change(session, scenario, change, by=by, place=f"changes.{n}.fields")
    return scenario


def edit(session: Session, scenario: Scenario, said: ScenarioSaid, version: int | None) -> Scenario:
    """Names a scenario anew. Raises Stale."""
    require_version(scenario, version)
    fill(scenario, said)
    touch(session, scenario)
    return scenario


def share(session: Session, scenario: Scenario, said: SharesSaid, version: int | None) -> Scenario:
    """Says anew who may see a scenario, and who may change it. Raises Stale; Refused where a user is not there."""
    require_version(scenario, version)
    wanted: dict[tuple[RoleName | None, int | None], bool] = {}
    for can_edit, roles, users in (
        (False, said.see_roles, said.see_user_ids),
        (True, said.edit_roles, said.edit_user_ids),
    ):
        wanted.update({(role, None): can_edit for role in roles if role is not RoleName.MEMBER})
        wanted.update({(None, ident): can_edit for ident in users if ident != scenario.owner_id})
    _require_users(session, {ident for _role, ident in wanted if ident is not None})
    present = {(row.role, row.user_id): row for row in scenario.shares}
    for key, row in present.items():
        if key not in wanted:
            scenario.shares.remove(row)
    for key, can_edit in wanted.items():
        if key not in present:
            scenario.shares.append(ScenarioShare(role=key[0], user_id=key[1], can_edit=can_edit))
        else:
            present[key].can_edit = can_edit
    touch(session, scenario)
    return scenario


def remove(session: Session, scenario: Scenario, *, title: str, by: User) -> Removal:
    """Removes a scenario, which can be undone, and its plans, which can be asked for again. Raises Refused."""
    running = select(Plan.id).where(Plan.scenario_id == scenario.id, Plan.state == PlanState.WAITING).limit(1)
    if session.scalar(running) is not None:
        raise Refused("scenario_plan_is_running")
    session.execute(delete(Plan).where(Plan.scenario_id == scenario.id))
    return removal.remove(session, scenario, title=title, by_id=by.id)


def page_of_scenarios(session: Session, query: Query, user: User) -> Page[Scenario]:
    """The scenarios that a user may see, as the URL asks for them, those that changed last first."""
    return paged(
        session,
        select(Scenario).where(visible_to(user)).options(*WHOLE),
        query,
        sorts={"name": folded(Scenario.name), "changed": Scenario.changed_at, "id": Scenario.id},
        default="-changed",
        search=(Scenario.name, Scenario.note),
        filters={"whose": lambda found, value: _whose(found, value, user)},
    )


def scenarios_of(session: Session, user: User, *, only: Iterable[int] | None = None) -> list[Scenario]:
    """The scenarios that a user may see, by name; of `only` in their order."""
    statement = select(Scenario).where(visible_to(user)).options(*WHOLE).order_by(folded(Scenario.name), Scenario.id)
    if only is None:
        return list(session.scalars(statement).unique())
    wanted = list(dict.fromkeys(only))
    found = {row.id: row for row in session.scalars(statement.where(Scenario.id.in_(wanted))).unique()}
    return [found[ident] for ident in wanted if ident in found]


def visible_to(user: User) -> ColumnElement[bool]:
    """The scenarios that are a user's own, or shared with them or with a role of theirs; the same as `access` says."""
    shared = select(ScenarioShare.scenario_id).where(
        or_(ScenarioShare.user_id == user.id, ScenarioShare.role.in_(user.role_names))
    )
    return or_(Scenario.owner_id == user.id, Scenario.id.in_(shared))


def plans_of(session: Session, scenario: Scenario) -> list[Plan]:
    """The plans that answer a scenario, the newest first."""
    statement = select(Plan).where(Plan.scenario_id == scenario.id).order_by(Plan.number.desc())
    return list(session.scalars(statement.options(joinedload(Plan.created_by))))


def num_plans(session: Session, scenarios: Iterable[Scenario]) -> dict[int, int]:
    """How many plans each scenario has."""
    ids = [scenario.id for scenario in scenarios]
    rows = select(Plan.scenario_id, func.count()).where(Plan.scenario_id.in_(ids)).group_by(Plan.scenario_id)
    return {ident: number for ident, number in session.execute(rows) if ident is not None}


def users_to_share_with(session: Session, scenario: Scenario) -> list[User]:
    """Everybody with whom a scenario could be shared by name: not its owner, nor those who are members only."""
    holders = select(UserRole.user_id).where(UserRole.role != RoleName.MEMBER)
    statement = select(User).where(User.id.in_(holders), User.id != scenario.owner_id, User.active)
    return list(session.scalars(statement.order_by(folded(User.name))))


def _whose(found: Select[tuple[Scenario]], value: str, user: User) -> Select[tuple[Scenario]]:
    if value not in ("own", "shared"):
        return found
    is_own = Scenario.owner_id == user.id
    return found.where(is_own if value == "own" else ~is_own | Scenario.owner_id.is_(None))


def _require_users(session: Session, ids: set[int]) -> None:
    known = set(session.scalars(select(User.id).where(User.id.in_(ids)))) if ids else set()
    if ids - known:
        raise Refused("choice_is_not_there", field="see_user_ids")
