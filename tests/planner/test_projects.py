"""Projects: added, edited, listed, removed and brought back whole; who may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from pages import CheckedClient
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import (
    Booking,
    BookingKind,
    NeedSkill,
    Person,
    PersonKind,
    Phase,
    Project,
    Removal,
    RoleName,
    RoleNeed,
    Seat,
    Skill,
    TeamRule,
    User,
    Workspace,
)
from planner.schemas.staffing_projects import ProjectSaid, ProjectSeen
from planner.services.listing import Query
from planner.services.refused import Refused, Stale
from planner.services.staffing import projects

WHOLE = {
    "name": "Launch film",
    "client": "Maison Verne",
    "priority": "5",
    "budget_minor": "1650.50",
    "reward": "900",
    "late_penalty": "30",
    "is_all_or_nothing": "y",
    "objective": "Be seen.\nBe remembered.",
}


def add(session: Session, **said: object) -> Project:
    return projects.add_project(session, ProjectSaid.model_validate({"name": "Launch film", **said}))


def test_every_field_is_kept_as_it_was_said(pm: CheckedClient, session: Session) -> None:
    due = session.get_one(Workspace, 1).moment_of(3) + timedelta(days=2)
    answer = pm.send("/projects/add", {**WHOLE, "due_on": due.date().isoformat()})
    session.rollback()
    project = session.scalars(select(Project)).one()
    assert answer.headers["Location"].endswith(f"/projects/{project.id}")
    assert (project.key, project.version, project.client) == (f"j{project.id}", 1, "Maison Verne")
    assert (project.priority, project.budget_minor) == (5, 165_050)
    assert (project.reward, project.late_penalty, project.is_all_or_nothing) == (900, 30, True)
    assert project.due_on == due - timedelta(days=2), "a due date counts from the start of its period"
    assert "Be remembered." in pm.get(f"/projects/{project.id}").text


def test_edit_changes_what_was_said_and_keeps_the_key(pm: CheckedClient, session: Session) -> None:
    owner = session.scalars(select(User)).one()
    project = add(session, pm_id=owner.id)
    session.commit()
    path = f"/projects/{project.id}/edit"
    assert pm.send(path, {"name": "Film", "priority": "1", "pm_id": str(owner.id), "version": "1"}).status_code == 303
    session.refresh(project)
    assert (project.name, project.priority, project.key, project.version) == ("Film", 1, f"j{project.id}", 2)


def test_stale_or_missing_version_is_refused_with_both_values(
    client_of: Callable[..., CheckedClient], session: Session
) -> None:
    admin = client_of(RoleName.ADMINISTRATOR)
    project = add(session)
    session.commit()
    path = f"/projects/{project.id}/edit"
    admin.send(path, {"name": "First", "version": "1"})
    for version in ("1", ""):
        refused = admin.send(path, {"name": "Second", "version": version})
        assert refused.status_code == 409
        assert "First" in refused.text
        assert "Second" in refused.text
    with pytest.raises(Stale):
        projects.edit_project(session, project, ProjectSaid(name="Third"), None)


@pytest.mark.parametrize(
    "said",
    [
        {"name": " "}, {"priority": 0}, {"priority": 6}, {"budget_minor": -1}, {"budget_minor": 10**11 + 1},
        {"reward": 10**9 + 1}, {"late_penalty": -1}, {"due_on": "soon"}, {"unknown": 1}, {"name": "x" * 201},
    ],
)  # fmt: skip
def test_one_past_what_may_be_said_is_refused(said: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ProjectSaid.model_validate({"name": "Launch film", **said})


def test_edges_of_what_may_be_said_hold() -> None:
    for said in ({"priority": 1}, {"priority": 5}, {"budget_minor": 10**11}, {"reward": 10**9}, {"name": "x" * 200}):
        held = ProjectSaid.model_validate({"name": "Launch film", **said})
        assert held.model_dump().items() >= said.items()


def test_pm_is_somebody_with_the_role(session: Session, user: Callable[..., User]) -> None:
    with pytest.raises(Refused, match="pm_is_no_project_manager"):
        add(session, pm_id=user(RoleName.OPERATIONS).id)
    assert add(session, pm_id=user(RoleName.PROJECT_MANAGER).id).pm_id is not None


def test_pm_who_has_lost_the_role_stays_until_somebody_else_is_named(
    session: Session, user: Callable[..., User]
) -> None:
    pm = user(RoleName.PROJECT_MANAGER)
    project = add(session, pm_id=pm.id)
    pm.granted.clear()
    session.flush()
    said = ProjectSaid(name="Film", pm_id=pm.id)
    assert projects.edit_project(session, project, said, project.version).name == "Film"


def test_list_is_searched_sorted_filtered_and_paged_by_its_url(pm: CheckedClient, session: Session) -> None:
    for n in range(30):
        add(session, name=f"Project {n:02}", priority=1 + n % 5, client="Verne" if n < 3 else "")
    session.commit()
    assert pm.get("/projects").text.count('<th scope="row"') == 25
    assert pm.get("/projects?page=2").text.count('<th scope="row"') == 5
    assert pm.get("/projects?q=verne").text.count('<th scope="row"') == 3
    assert pm.get("/projects?priority=5").text.count('<th scope="row"') == 6
    first = projects.page_of_projects(session, Query("/projects", sort="-priority")).items[0]
    assert first.priority == 5


def test_figures_count_seats_effort_and_who_holds_them(session: Session) -> None:
    project = whole(session)
    figures = projects.figures(session, project)
    assert (figures.num_phases, figures.num_seats, figures.num_held, figures.num_open) == (2, 3, 1, 2)
    assert figures.effort_pct == 2 * 50 * 3 + 1 * 100 * 4
    assert figures.num_periods == 8
    assert projects.num_agreed(session, Phase.project_id == project.id) == 1


def test_project_without_phases_has_empty_figures(session: Session) -> None:
    assert projects.figures(session, add(session)) == projects.Figures()


def test_removed_project_comes_back_whole(client_of: Callable[..., CheckedClient], session: Session) -> None:
    admin = client_of(RoleName.ADMINISTRATOR)
    project = whole(session)
    tables = (Project, Phase, RoleNeed, NeedSkill, Seat, TeamRule, Booking)
    before = {table: numbers(session, table) for table in tables}
    question = admin.get(f"/projects/{project.id}/remove").text
    assert "2 phases, 3 seats, and 1 agreed booking" in question
    admin.send(f"/projects/{project.id}/remove")
    session.rollback()
    assert all(numbers(session, table) == [] for table in tables)
    removal = session.scalars(select(Removal)).one()
    admin.send(f"/account/removals/{removal.id}/restore", page="/projects")
    session.rollback()
    assert {table: numbers(session, table) for table in tables} == before
    assert admin.get(f"/projects/{project.id}").status_code == 200


def test_page_shows_phases_needs_rules_and_who_holds_the_seats(pm: CheckedClient, session: Session) -> None:
    text = pm.get(f"/projects/{whole(session).id}").text
    for words in ("3 seats", "1 filled", "2 phases", "Research", "Writer", "SQL 3", "Ann", "At least 1 person"):
        assert words in text


@pytest.mark.parametrize(
    ("role", "see", "edit"),
    [
        (RoleName.EXECUTIVE, 200, 403), (RoleName.COMPLIANCE, 200, 403), (RoleName.MEMBER, 404, 404),
        (RoleName.PROJECT_MANAGER, 200, 403), (RoleName.OPERATIONS, 200, 200),
    ],
)  # fmt: skip
def test_who_may_see_and_who_may_edit(
    client_of: Callable[..., CheckedClient], session: Session, role: RoleName, see: int, edit: int
) -> None:
    project = add(session)
    session.commit()
    client = client_of(role)
    assert client.get(f"/projects/{project.id}").status_code == see
    assert client.get(f"/projects/{project.id}/edit").status_code == edit
    assert client.get("/projects/999/edit").status_code == 404


def test_nobody_edits_without_logging_in(client_of: Callable[..., CheckedClient], session: Session) -> None:
    project = add(session)
    session.commit()
    assert client_of().get(f"/projects/{project.id}/edit").status_code == 303


def test_api_shows_a_project_by_its_schema(session: Session) -> None:
    due = session.get_one(Workspace, 1).moment_of(0)
    seen = ProjectSeen.model_validate(add(session, due_on=due)).model_dump(mode="json")
    assert (seen["version"], seen["due_on"]) == (1, due.date().isoformat())


def whole(session: Session) -> Project:
    """A project with two phases, two needs with three seats, a rule, and one agreed booking."""
    start = session.get_one(Workspace, 1).moment_of(0)
    project = add(session)
    skill = Skill(key="sql", name="SQL")
    early, late = (
        Phase(key=f"f{n}", name=name, position=n, duration=4, earliest_on=start + n * timedelta(weeks=4),
              latest_on=start + n * timedelta(weeks=4), project=project)
        for n, name in enumerate(("Research", "Launch"))
    )  # fmt: skip
    writer = RoleNeed(title="Writer", count=2, fte_pct=50, from_offset=1, phase=early)
    writer.skills = [NeedSkill(skill=skill, level=3)]
    writer.seats = [Seat(key=f"s1.{n}", number=n) for n in (1, 2)]
    lead = RoleNeed(title="Lead", phase=late, seats=[Seat(key="s2.1")])
    rule = TeamRule(rule="count", of="kind", kind=PersonKind.EMPLOYEE, at_least=1, phase=early)
    session.add_all([project, writer, lead, rule])
    ann = Person(key="p1", name="Ann", kind=PersonKind.EMPLOYEE)
    session.add(Booking(seat=writer.seats[0], person=ann, booking=BookingKind.HARD, decided_by="Ben"))
    session.commit()
    return project


def numbers(session: Session, table: type) -> list[int]:
    return sorted(session.scalars(select(table.id)))  # type: ignore[attr-defined]
