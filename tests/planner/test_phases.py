"""Phases: fixed or movable, in order, and never in a circle."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from pages import CheckedClient
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import Phase, Project, RoleName, RoleNeed, Workspace
from planner.schemas.staffing_projects import DURATION_LARGEST, PhaseSaid, PhaseSeen
from planner.services.refused import Refused, Stale
from planner.services.staffing import phases


@pytest.fixture
def project(session: Session) -> Project:
    project = Project(key="j1", name="Launch film")
    session.add(project)
    session.commit()
    return project


@pytest.fixture
def admin(client_of: Callable[..., CheckedClient]) -> CheckedClient:
    return client_of(RoleName.ADMINISTRATOR)


def day(session: Session, idx: int, days: int = 0) -> str:
    return (session.get_one(Workspace, 1).moment_of(idx) + timedelta(days=days)).date().isoformat()


def add(session: Session, project: Project, name: str = "Build", **said: object) -> Phase:
    values = {"name": name, "duration": 4, "earliest_on": day(session, 0), **said}
    return phases.add_phase(session, project, PhaseSaid.model_validate(values))


def test_fixed_phase_starts_with_its_period(admin: CheckedClient, session: Session, project: Project) -> None:
    path = f"/projects/{project.id}/phases/add"
    said = {"name": "Build", "duration": "6", "earliest_on": day(session, 2, days=3), "latest_on": ""}
    assert admin.send(path, said).status_code == 303
    session.rollback()
    phase = session.scalars(select(Phase)).one()
    start = session.get_one(Workspace, 1).moment_of(2)
    assert (phase.key, phase.version, phase.duration) == (f"f{phase.id}", 1, 6)
    assert (phase.earliest_on, phase.latest_on) == (start, start)
    assert f'value="{day(session, 2)}"' in admin.get(f"/projects/phases/{phase.id}/edit").text


def test_movable_phase_keeps_both_starts(session: Session, project: Project) -> None:
    phase = add(session, project, latest_on=day(session, 3, days=6))
    assert phase.latest_on == session.get_one(Workspace, 1).moment_of(3)


def test_latest_start_may_be_the_earliest_but_not_before(session: Session) -> None:
    PhaseSaid.model_validate({"name": "B", "duration": 1, "earliest_on": "2027-01-04", "latest_on": "2027-01-04"})
    with pytest.raises(ValidationError, match="latest start is before"):
        PhaseSaid.model_validate({"name": "B", "duration": 1, "earliest_on": "2027-01-04", "latest_on": "2027-01-03"})


@pytest.mark.parametrize("duration", [0, -1, DURATION_LARGEST + 1, "four", None])
def test_duration_is_one_period_or_more(duration: object) -> None:
    with pytest.raises(ValidationError):
        PhaseSaid.model_validate({"name": "B", "duration": duration, "earliest_on": "2027-01-04"})


def test_phase_that_would_end_after_the_last_date_is_refused(session: Session, project: Project) -> None:
    with pytest.raises(Refused, match="phase_ends_too_late"):
        add(session, project, earliest_on="9999-12-20")


def test_new_phase_comes_last_and_an_edit_keeps_the_order(session: Session, project: Project) -> None:
    first, second = add(session, project, "First"), add(session, project, "Second")
    said = PhaseSaid.model_validate({"name": "Renamed", "duration": 9, "earliest_on": day(session, 5)})
    phases.edit_phase(session, first, said, first.version)
    assert [phase.position for phase in (first, second)] == [0, 1]
    assert first.name == "Renamed"


def test_order_is_kept_and_changed(session: Session, project: Project) -> None:
    first, second = add(session, project, "First"), add(session, project, "Second")
    third = add(session, project, "Third", after_ids=[second.id, first.id, second.id])
    assert [row.before_id for row in third.after] == [second.id, first.id]
    said = {"name": "Third", "duration": 4, "earliest_on": day(session, 0), "after_ids": [first.id]}
    phases.edit_phase(session, third, PhaseSaid.model_validate(said), third.version)
    assert [row.before_id for row in third.after] == [first.id]
    assert PhaseSeen.model_validate(third).after_ids == [first.id]


def test_phases_never_wait_for_one_another(session: Session, project: Project) -> None:
    first = add(session, project, "First")
    second = add(session, project, "Second", after_ids=[first.id])
    third = add(session, project, "Third", after_ids=[second.id])
    said = {"name": "First", "duration": 4, "earliest_on": day(session, 0)}
    with pytest.raises(Refused) as refused:
        phases.edit_phase(session, first, PhaseSaid.model_validate({**said, "after_ids": [third.id]}), first.version)
    assert refused.value.params["circle"] == "First → Second → Third → First"
    with pytest.raises(Refused, match="phases_in_a_circle"):
        phases.edit_phase(session, first, PhaseSaid.model_validate({**said, "after_ids": [first.id]}), first.version)
    phases.edit_phase(session, third, PhaseSaid.model_validate({**said, "after_ids": [first.id]}), third.version)


def test_circle_is_said_at_its_field(admin: CheckedClient, session: Session, project: Project) -> None:
    first = add(session, project, "First")
    second = add(session, project, "Second", after_ids=[first.id])
    session.commit()
    said = {"name": "First", "duration": "4", "earliest_on": day(session, 0), "after_ids": [second.id], "version": "1"}
    refused = admin.send(f"/projects/phases/{first.id}/edit", said)
    assert refused.status_code == 409
    assert "First → Second → First" in refused.text


def test_phase_to_follow_must_be_there(session: Session, project: Project) -> None:
    with pytest.raises(Refused, match="phase_unknown"):
        add(session, project, after_ids=[99])


def test_phase_is_not_cut_short_of_its_needs(session: Session, project: Project) -> None:
    phase = add(session, project, duration=6)
    session.add(RoleNeed(phase=phase, title="Writer", from_offset=2, to_offset=5))
    session.flush()
    said = {"name": "Build", "earliest_on": day(session, 0)}
    phases.edit_phase(session, phase, PhaseSaid.model_validate({**said, "duration": 5}), phase.version)
    with pytest.raises(Refused) as refused:
        phases.edit_phase(session, phase, PhaseSaid.model_validate({**said, "duration": 4}), phase.version)
    assert (refused.value.code, refused.value.params["least"]) == ("phase_too_short_for_need", 5)


def test_stale_version_is_refused(admin: CheckedClient, session: Session, project: Project) -> None:
    phase = add(session, project)
    session.commit()
    path = f"/projects/phases/{phase.id}/edit"
    said = {"name": "Mine", "duration": "4", "earliest_on": day(session, 0)}
    assert admin.send(path, {**said, "version": "1"}).status_code == 303
    stale = admin.send(path, {**said, "name": "Theirs", "version": "1"})
    assert stale.status_code == 409
    assert "Mine" in stale.text
    assert "Theirs" in stale.text
    with pytest.raises(Stale):
        phases.edit_phase(session, phase, PhaseSaid.model_validate(said), None)


def test_end_beyond_the_usual_plan_is_only_warned_of(admin: CheckedClient, session: Session, project: Project) -> None:
    workspace = session.get_one(Workspace, 1)
    inside = add(session, project, duration=workspace.num_periods)
    beyond = add(session, project, "Late", duration=workspace.num_periods + 1)
    session.commit()
    assert not phases.is_beyond_horizon(workspace, inside)
    assert phases.is_beyond_horizon(workspace, beyond)
    assert "“Late” could end after" in admin.get(f"/projects/{project.id}").text


def test_removal_says_what_goes_with_it(admin: CheckedClient, session: Session, project: Project) -> None:
    phase = add(session, project)
    session.add(RoleNeed(phase=phase, title="Writer", count=3))
    session.commit()
    assert "With it go: 3 seats." in admin.get(f"/projects/phases/{phase.id}/remove").text
    assert admin.send(f"/projects/phases/{phase.id}/remove").status_code == 303
    session.rollback()
    assert session.scalars(select(Phase)).all() == []


@pytest.mark.parametrize(("role", "status"), [(RoleName.EXECUTIVE, 403), (RoleName.MEMBER, 404)])
def test_who_may_not_edit(
    client_of: Callable[..., CheckedClient], session: Session, project: Project, role: RoleName, status: int
) -> None:
    phase = add(session, project)
    session.commit()
    client = client_of(role)
    for path in (f"/projects/{project.id}/phases/add", f"/projects/phases/{phase.id}/edit"):
        assert client.get(path).status_code == status
