"""Whose rows a sheet may change: a project manager's own, told cell by cell where they are another's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import rows
from bringing import looked, post, run
from markup import parse
from pages import CheckedClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import ImportDraft, Phase, Project, RoleName, RoleNeed, Seat
from planner.services.sheets.findings import Findings, LineState

SHEET = "Project: phase\tRole\tNumber\tEffort (%)\nMine: Plan\tWriter\t2\t50\nTheirs: Plan\tWriter\t2\t50\n"


@pytest.fixture
def manager(client_of: Callable[..., CheckedClient], session: Session) -> CheckedClient:
    """A project manager, whose project has the same need as somebody else's."""
    me, other = (rows.user(session, RoleName.PROJECT_MANAGER) for _ in range(2))
    for name, owner in (("Mine", me), ("Theirs", other)):
        phase = Phase(key=name, name="Plan", duration=9, earliest_on=rows.MIDNIGHT, latest_on=rows.MIDNIGHT)
        need = RoleNeed(title="Writer", count=1, fte_pct=100, to_offset=9)
        need.seats.append(Seat(key=f"{name}-1", number=1))
        phase.needs.append(need)
        session.add(Project(key=name, name=name, pm_id=owner.id, phases=[phase]))
    session.commit()
    return client_of(as_user=me)


def lines(session: Session) -> dict[int, tuple[LineState, list[tuple[str, str]]]]:
    """What was found of each row: its state, and the faults by column."""
    session.rollback()
    kept = session.scalars(select(ImportDraft.findings)).one()
    assert kept is not None
    found = Findings.unpacked(kept).lines
    return {line.number: (line.state, [(fault.column, fault.code) for fault in line.faults]) for line in found}


def test_need_of_another_manager_is_refused_at_each_cell_that_would_change(
    manager: CheckedClient, session: Session
) -> None:
    address = looked(manager, "needs", SHEET)
    found = lines(session)
    assert found[2] == (LineState.CHANGED, [])
    assert found[3] == (LineState.REFUSED, [("count", "cell_not_yours"), ("fte_pct", "cell_not_yours")])
    page = parse(manager.get(address).text)
    assert page.root.text.count("You may see this, but not change it.") == 2


def test_rows_of_another_manager_are_left_out_and_nothing_of_them_is_written(
    manager: CheckedClient, session: Session
) -> None:
    address = looked(manager, "needs", SHEET)
    assert run(manager, address).status_code == 409
    assert post(manager, address, "choices", leaves_out="1").status_code == 303
    assert run(manager, address).status_code == 303
    session.rollback()
    found = session.execute(select(Project.name, RoleNeed.title, RoleNeed.count, RoleNeed.fte_pct)
                            .join(RoleNeed.phase).join(Phase.project).order_by(Project.name)).all()  # fmt: skip
    assert found == [("Mine", "Writer", 2, 50), ("Theirs", "Writer", 1, 100)]


def test_need_of_another_manager_that_says_the_same_is_no_fault(manager: CheckedClient, session: Session) -> None:
    looked(manager, "needs", "Project: phase\tRole\tNumber\nTheirs: Plan\tWriter\t1\n")
    assert lines(session)[2] == (LineState.SAME, [])


def test_phase_of_another_managers_project_is_refused_and_none_is_added(
    manager: CheckedClient, session: Session
) -> None:
    address = looked(
        manager,
        "projects",
        "Project\tPhase\tDuration\tStart\nTheirs\tPlan\t12\t2027-01-04\nTheirs\tMore\t3\t2027-03-01\n",
    )
    found = lines(session)
    assert found[2] == (LineState.REFUSED, [("phase.duration", "cell_not_yours")])
    assert found[3] == (LineState.REFUSED, [("name", "not_your_project")])
    assert "This project is another manager’s" in manager.get(address).text
