"""Agreeing on a plan in a browser, and mending it: from a proposal to being in force, from a leave to another plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from agencies import Agency, sample_agency
from browsing import Watch, is_well_made
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import (
    BookingKind,
    OutgoingMail,
    Person,
    PersonKind,
    Phase,
    Plan,
    RoleName,
    RoleNeed,
    Seat,
    Workspace,
)
from planner.services.planning.reading import solution_of

pytestmark = pytest.mark.browser

COMMENT, WISH, ANSWER = "Was she not to rest in May?", "Somebody with more <b>German</b>.", "There is nobody with more."


@pytest.fixture(scope="module")
def agency(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agency]:
    """A company of its own, whose plans come in force."""
    with sample_agency(tmp_path_factory.mktemp("agreement")) as made:
        yield made


def press(page: Page, name: str, reason: str) -> None:
    """A step with nothing but a keyboard: the reason, and Tab to the button."""
    page.locator("#reason").focus()
    page.keyboard.type(reason)
    for _tab in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText") == name:
            with page.expect_navigation():  # the step is taken before anybody else looks
                page.keyboard.press("Enter")
            return
    raise AssertionError(f"no button {name!r} follows the reason")


def test_plan_is_commented_proposed_again_approved_and_put_in_force(
    agency: Agency, open_page: Callable[..., Page]
) -> None:
    manager, operations = open_page(RoleName.PROJECT_MANAGER), open_page(RoleName.OPERATIONS)
    watches = {page: Watch(page, agency.base) for page in (manager, operations)}
    manager.goto("/plans/1/review")
    expect(manager.locator(".in-force")).to_have_text("No plan is in force")
    press(manager, "Propose", "")
    expect(manager.locator("#flashes")).to_contain_text("The plan is proposed")

    operations.goto("/plans/1")
    expect(operations.locator(".eyebrow")).to_contain_text("under review")
    expect(operations.get_by_role("link", name="Accept teams…")).to_have_count(0)
    operations.locator("li.seat:not(:has(.chip)) a.pts").first.click()
    operations.get_by_label("Comment").fill(COMMENT)
    operations.get_by_role("button", name="Say it").click()
    expect(operations.locator("#comments")).to_contain_text(COMMENT)
    is_well_made(operations, watches[operations])
    operations.goto("/plans/1/review")
    expect(operations.locator("#comments")).to_contain_text(COMMENT)
    press(operations, "Ask for changes", WISH)

    manager.goto("/plans/1")
    manager.get_by_role("link", name="Review and comments").click()
    expect(manager.locator("main")).to_contain_text(WISH)
    is_well_made(manager, watches[manager])
    press(manager, "Propose", ANSWER)
    expect(manager.get_by_role("button", name="Approve")).to_have_count(0)

    operations.reload()
    press(operations, "Approve", "")
    expect(operations.locator("#flashes")).to_contain_text("The plan is approved")
    press(operations, "Put in force", "As we said.")
    expect(operations.locator("#flashes")).to_contain_text("The plan is in force")
    is_well_made(operations, watches[operations])
    for path in ("/", "/people", "/projects", "/plans/1", "/plans/1/versions", "/candidates", "/timeline"):
        manager.goto(path)
        expect(manager.locator(".in-force")).to_contain_text("In force: plan 1, version 1")
    assert watches[manager].faults() == []


def test_plan_in_force_is_mended_with_few_changes(agency: Agency, open_page: Callable[..., Page]) -> None:
    """A leave is entered; the plan says what no longer holds, and another that changes no more than it must is made."""
    ident, name, num_seats = somebody_to_send_away(agency)
    manager, operations = open_page(RoleName.PROJECT_MANAGER), open_page(RoleName.OPERATIONS)
    watch = Watch(operations, agency.base)
    enter_leave(operations, agency, ident)
    operations.goto("/plans/1")
    notice = operations.locator(".notice.bad")
    expect(notice).to_contain_text("no longer hold")
    expect(notice).to_contain_text(name)
    is_well_made(operations, watch)
    notice.get_by_role("link", name="Re-plan with few changes").click()
    expect(operations.locator(".lede")).to_contain_text("must change hands")
    expect(operations.get_by_label("At most so many seats change hands")).to_have_value(str(num_seats))
    is_well_made(operations, watch)
    operations.get_by_role("button", name="Re-plan", exact=True).click()
    agency.work()
    operations.goto("/plans/2")
    operations.get_by_role("link", name="What it changes of the plan that it mends, and why").click()
    expect(operations.locator("main")).to_contain_text(name)
    changed = "seat changes hands" if num_seats == 1 else "seats change hands"
    expect(operations.locator(".lede")).to_contain_text(f"{num_seats} {changed}")
    is_well_made(operations, watch)

    manager.goto("/plans/2/review")
    press(manager, "Propose", "")
    operations.get_by_role("link", name="Review, and put in force").click()
    press(operations, "Approve", "")
    press(operations, "Put in force", "She is away.")
    expect(operations.locator(".in-force")).to_contain_text("In force: plan 2, version 1")
    with Session(agency.engine) as session:
        mails = session.scalars(select(OutgoingMail).where(OutgoingMail.subject == "Plan 2 is in force")).all()
        assert mails
        assert max(Counter(mail.recipient for mail in mails).values()) == 1
        assert all(name in mail.body for mail in mails)
        assert agency.user(RoleName.OPERATIONS).email not in {mail.recipient for mail in mails}


def somebody_to_send_away(agency: Agency) -> tuple[int, str, int]:
    """An employee without leave who holds seats of fixed phases, and is agreed on none; one with the fewest."""
    with Session(agency.engine) as session:
        plan = session.scalars(select(Plan).where(Plan.number == 1)).one()
        holders = solution_of(plan).holders
        loose = select(Seat.key).join(RoleNeed).join(Phase).where(Phase.latest_on > Phase.earliest_on)
        others = {row.person_key for row in plan.allocations if row.booking is BookingKind.HARD}
        others |= {holders[key] for key in session.scalars(loose) if key in holders}
        held = Counter(holders.values())
        employees = select(Person).where(Person.kind == PersonKind.EMPLOYEE, ~Person.absences.any())
        free = [row for row in session.scalars(employees) if row.key in held and row.key not in others]
        person = min(free, key=lambda row: (held[row.key], row.id))
        return person.id, person.name, held[person.key]


def enter_leave(page: Page, agency: Agency, person_id: int) -> None:
    """All the time that is planned."""
    with Session(agency.engine) as session:
        workspace = session.get_one(Workspace, 1)
        first, last = workspace.calendar_start_on, workspace.calendar_start_on + timedelta(weeks=workspace.num_periods)
    page.goto(f"/people/{person_id}/absences/add")
    page.locator("#from_on").fill(first.isoformat())
    page.locator("#to_on").fill(last.isoformat())
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#flashes")).to_contain_text("The absence was added.")
