"""What is kept ready of plans, so that no page waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pages import CheckedClient
from ready import ready_plan
from sqlalchemy.orm import Session

from planner.models import Job, JobState, Plan, RoleName, User
from planner.services.planning import reading


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The languages of the reports made from now on."""
    languages: list[str] = []
    make = reading.report

    def counted(problem: Any, result: Any, meta: Any) -> Any:
        languages.append(meta.language)
        return make(problem, result, meta)

    monkeypatch.setattr(reading, "report", counted)
    return languages


@pytest.fixture
def plan(session: Session, user: Callable[..., User]) -> Plan:
    user(RoleName.OPERATIONS).locale = "fr"
    return ready_plan(session, user(RoleName.PROJECT_MANAGER))


def test_plan_is_ready_to_read_in_each_language_of_its_readers(
    pm: CheckedClient, session: Session, plan: Plan, made: list[str]
) -> None:
    reading.keep_ready(session)
    assert sorted(made) == ["en", "fr"]
    assert pm.get(f"/plans/{plan.id}").status_code == 200
    assert len(made) == 2


def test_report_is_made_while_the_progress_of_a_ready_plan_is_watched(
    pm: CheckedClient, session: Session, plan: Plan, made: list[str]
) -> None:
    session.add(Job(plan_id=plan.id, state=JobState.DONE))
    session.commit()
    pm.get(f"/plans/{plan.id}/progress")
    assert made == ["en"]
    pm.get(f"/plans/{plan.id}")
    assert made == ["en"]


def test_two_readers_at_once_share_one_report() -> None:
    kept: reading._Kept[object] = reading._Kept()
    begun, may_end = threading.Event(), threading.Event()

    def slow() -> object:
        begun.set()
        assert may_end.wait(10)
        return object()

    with ThreadPoolExecutor(3) as readers:
        first = readers.submit(kept.get, "plan", slow)
        assert begun.wait(10)
        second = readers.submit(kept.get, "plan", object)
        other = object()
        assert readers.submit(kept.get, "another", lambda: other).result(10) is other  # nobody else waits for it
        may_end.set()
        assert first.result(10) is second.result(10)


def test_what_could_not_be_made_is_tried_again() -> None:
    kept: reading._Kept[str] = reading._Kept()
    with pytest.raises(ZeroDivisionError):
        kept.get("plan", lambda: str(1 // 0))
    assert kept.get("plan", lambda: "made") == "made"


def test_only_the_latest_are_kept() -> None:
    kept: reading._Kept[int] = reading._Kept()
    for n in range(reading.MOST_CACHED + 1):
        kept.get(n, lambda n=n: n)  # type: ignore[misc]
    assert kept.get(1, lambda: -1) == 1
    assert kept.get(0, lambda: -1) == -1
