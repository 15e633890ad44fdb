"""From an absence to an alert, to a team rule that asks for cover; reports beside it, well made at every size."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from agencies import Agency
from axe_playwright_python.sync_playwright import Axe
from browsing import DESKTOP, PHONE, Watch
from playwright.sync_api import Page
from sqlalchemy import select

from planner.jobs.solving import writing
from planner.models import Absence, Allocation, Person, Plan, PlanState, RoleName, User
from planner.schemas.planning_plans import ReasonSaid
from planner.services.planning import agreeing
from planner.services.planning.reading import question_of, solution_of

pytestmark = pytest.mark.browser
PATHS = ("/alerts", "/forecast", "/reports", "/reports/team", "/reports/department", "/reports/schedules/add", "/")


@pytest.fixture(scope="module")
def away(agency: Agency) -> str:
    """The plan put in force, and somebody on it away for the first three weeks of their first seat; their name."""
    by_id = agency.user(RoleName.ADMINISTRATOR).id
    with writing(agency.engine) as session:
        plan = session.scalars(select(Plan).where(Plan.state == PlanState.READY)).first()
        assert plan is not None
        if plan.in_force_since is None:
            by = session.get_one(User, by_id)
            agreeing.put_in_force(session, plan, ReasonSaid(reason="We go."), plan.version, by=by)
        question, solution = question_of(plan), solution_of(plan)
        seat_key = session.scalars(select(Allocation.seat_key).where(Allocation.plan_id == plan.id)).first() or ""
        phase = question.phase_of_seat[seat_key]
        begin = solution.starts.get(phase.id, phase.earliest) + question.seat_by_id[seat_key].from_
        first = plan.starts_on + timedelta(weeks=begin)
        person = session.scalars(select(Person).where(Person.key == solution.holders[seat_key])).one()
        session.add(Absence(person=person, from_on=first, to_on=first + timedelta(days=20)))
        return str(person.name)


@pytest.mark.parametrize(("look", "size"), [("light", DESKTOP), ("dark", PHONE)], ids=["desktop", "phone"])
def test_pages_of_a_plan_in_force_are_well_made(
    look: str, size: dict[str, int], agency: Agency, away: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(RoleName.ADMINISTRATOR, color_scheme=look, viewport=size)
    watch = Watch(page, agency.base)
    faults: list[str] = []
    for path in PATHS:
        page.goto(agency.base + path)
        broken = Axe().run(page).response["violations"]
        faults += [f"{path} {rule['id']}: {rule['nodes'][0]['html'][:160]}" for rule in broken]
        faults += [f"{path} {fault}" for fault in watch.faults()]
    assert not faults, "\n".join(["", *faults])


def test_absence_becomes_an_alert_that_somebody_decides_on(
    agency: Agency, away: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(RoleName.OPERATIONS)
    page.goto(f"{agency.base}/alerts?kind=away")
    page.locator("#results tbody tr").filter(has_text=away).first.get_by_role("link").click()
    assert f"{away} is away" in page.locator(".lede").inner_text()
    page.get_by_label("Reason").first.fill("She is back before it matters.")
    page.get_by_role("button", name="Snooze it").click()
    assert "snoozed it until" in page.locator("main").inner_text()
    page.goto(f"{agency.base}/")
    assert "no back-up" in page.get_by_label("Waits for you").inner_text()


def test_skill_held_by_one_is_asked_to_be_covered(agency: Agency, away: str, open_page: Callable[..., Page]) -> None:
    page = open_page(RoleName.OPERATIONS)
    page.goto(f"{agency.base}/alerts?kind=single_holder")
    page.locator("#results tbody th a").first.click()
    page.get_by_role("link", name="Ask for back-up cover").first.click()
    assert page.get_by_label("At least").input_value() == "2"
    page.get_by_role("button", name="Save").click()
    assert "not covered" in page.locator("main").inner_text()
    page.goto(f"{agency.base}/alerts?kind=not_covered")
    assert page.locator("#results tbody tr").count() == 1
