"""From a gap to a person on the seat: the sample company’s seat that nobody can fill, in the browsers of who hires."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator

import pytest
from agencies import Agency, sample_agency
from browsing import DESKTOP, PATIENCE_MS, Watch, log_in
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import Allocation, Person, PersonKind, Plan, Project, RoleName, User

pytestmark = pytest.mark.browser

SEAT, ROLE = "s5.1", "German SEO lead"  # wants a skill at a level that nobody has
WHY = "Leads German search from the first day."
NOTICE = "We use what you send us for this job only, keep it for six months, and answer you at jobs@example.com."
RESUME = {
    "basics": {"name": "Änne Großmann", "email": "aenne@example.com"},
    "skills": [{"name": "German SEO", "level": "Master"}, {"name": "Technical SEO"}, {"name": "Falconry"}],
}
Open = Callable[[RoleName | None], Page]


@pytest.fixture
def open_window(chromium: Browser, agency: Agency) -> Iterator[Open]:
    """A browser of somebody's own: of the PM of the project, of the first user with another role, or of nobody."""
    contexts = []

    def open_it(role: RoleName | None) -> Page:
        context = chromium.new_context(viewport=DESKTOP, locale="en-GB", base_url=agency.base)
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        if role is not None:
            user = manager_of(agency) if role is RoleName.PROJECT_MANAGER else agency.user(role)
            log_in(context, agency.app, agency.base, user)
        return context.new_page()

    yield open_it
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def agency(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agency]:
    """A company of its own: what is decided here is seen by no other test."""
    with sample_agency(tmp_path_factory.mktemp("hiring")) as made:
        yield made


def test_from_a_gap_to_the_seat_of_the_next_plan_and_back_from_an_exported_row(
    agency: Agency, open_window: Open
) -> None:
    manager, operations = open_window(RoleName.PROJECT_MANAGER), open_window(RoleName.OPERATIONS)
    officer, applicant = open_window(RoleName.COMPLIANCE), open_window(None)
    windows = (manager, operations, officer, applicant)
    watches = [Watch(page, agency.base) for page in windows]

    publish_notice(officer)
    end_earlier_search(operations)
    requisition = open_from_gap(operations, plan_of(agency))
    sign(manager, requisition, "the project")
    sign(operations, requisition, "operations")
    expect(operations.locator("#state [aria-pressed=true]")).to_have_text("open")
    apply(applicant, switch_on(operations, requisition))
    candidate = confirm(operations)
    rate(manager, candidate, score="5")
    rate(operations, candidate, score="4")
    agree(operations, candidate)

    agency.ask()
    agency.work()
    approve(manager, candidate, "Approve the hire")
    approve(operations, candidate, re.compile("^Hire "))
    expect(operations.get_by_role("heading", level=1)).to_have_text("Änne Großmann is hired")

    agency.ask()
    agency.work()
    with Session(agency.engine) as session:
        person = session.scalars(select(Person).where(Person.name == "Änne Großmann")).one()
        held = select(Allocation.person_key).join(Plan).where(Allocation.seat_key == SEAT).order_by(Plan.number.desc())
        assert person.kind is PersonKind.EMPLOYEE
        assert session.scalars(held).first() == person.key

    operations.goto(f"/chains/{chain_in_export(operations, plan_of(agency))}")
    for step in (ROLE, "Änne Großmann", WHY, "signed by both", SEAT):
        expect(operations.locator("main")).to_contain_text(step)
    assert [watch.faults() for watch in watches] == [[]] * len(windows)


def manager_of(agency: Agency) -> User:
    with Session(agency.engine) as session:
        wanted = select(User).join(Project, Project.pm_id == User.id).where(Project.name == "Torvelle enters Germany")
        return session.scalars(wanted).one()


def plan_of(agency: Agency) -> str:
    """The page of the newest plan."""
    with Session(agency.engine) as session:
        return f"/plans/{session.scalars(select(Plan.id).order_by(Plan.number.desc())).first()}"


def publish_notice(page: Page) -> None:
    page.goto("/privacy")
    page.get_by_role("link", name="Publish a notice").click()
    page.get_by_label("Notice", exact=True).fill(NOTICE)
    page.get_by_role("button", name="Publish").click()


def end_earlier_search(page: Page) -> None:
    """The sample company looks for such a person already; that search is given up."""
    page.goto("/requisitions")
    page.get_by_role("link", name=ROLE).first.click()
    page.get_by_role("button", name="closed", exact=True).click()
    expect(page.locator("#state [aria-pressed=true]")).to_have_text("closed")


def open_from_gap(page: Page, plan: str) -> str:
    """A requisition with everything carried over; its address."""
    page.goto(plan)
    page.locator("li.seat.gap", has_text=ROLE).get_by_role("button", name="Open requisition").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(ROLE)
    expect(page.locator("#criteria")).to_contain_text("German SEO")
    expect(page.locator("#state [aria-pressed=true]")).to_have_text("draft")
    return page.url


def sign(page: Page, requisition: str, side: str) -> None:
    page.goto(requisition)
    page.get_by_role("button", name=re.compile(f"Sign .*{side}")).click()
    expect(page.locator("#flashes")).to_contain_text("signature was kept")


def switch_on(page: Page, requisition: str) -> str:
    """The address of the public page."""
    page.goto(requisition)
    page.get_by_role("button", name="Switch it on").click()
    return page.get_by_role("link", name="apply").inner_text()


def apply(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("main")).to_contain_text(NOTICE)
    page.get_by_label("Your name").fill("Änne Großmann")
    page.get_by_label("Your e-mail address").fill("aenne@example.com")
    data = json.dumps(RESUME).encode()
    page.get_by_label("Your CV").set_input_files({"name": "r.json", "mimeType": "application/json", "buffer": data})
    page.get_by_label("I have read how my data is used").check()
    page.get_by_role("button", name="Send the application").click()
    page.wait_for_url("**/sent")


def confirm(page: Page) -> str:
    """What was read, field by field: a person gives the levels; the candidate's address."""
    page.goto("/intake")
    page.get_by_role("link", name="Änne Großmann").click()
    expect(page.locator("main")).to_contain_text("Falconry")  # is not in the catalogue, and said to be so
    page.get_by_label("Languages").fill("de")
    for row in page.locator("ul.rows > li").all():
        assert row.get_by_label("Level").input_value() == ""
        row.get_by_label("Level").fill("4")
    page.get_by_role("button", name="Take what is confirmed").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Änne Großmann")
    return page.url


def rate(page: Page, candidate: str, score: str) -> None:
    page.goto(f"{candidate}/scorecards")
    expect(page.locator("main")).to_contain_text("Yours first")
    page.get_by_role("link", name="Your scorecard").first.click()
    for group in page.locator("fieldset:has(input[type=radio])").all():
        group.locator(f"input[value='{score}']").check()
    page.get_by_role("button", name="Hand it in").click()
    expect(page.locator("main")).to_contain_text("is in" if score == "5" else "are in")


def agree(page: Page, candidate: str) -> None:
    page.goto(f"{candidate}/scorecards")
    page.get_by_role("button", name="Write into the profile").click()
    expect(page.locator("#flashes")).to_contain_text("is in the profile")


def approve(page: Page, candidate: str, button: str | re.Pattern[str]) -> None:
    page.goto(f"{candidate}/hire")
    expect(page.locator("main")).to_contain_text(ROLE)
    page.get_by_label("Why").fill(WHY)
    page.get_by_role("button", name=button).click()


def chain_in_export(page: Page, plan: str) -> str:
    """The code that the row of the seat bears in the tables that are taken away."""
    answer = page.request.get(f"{plan}/export/file?format=csv&edition=organisers")
    tables = zipfile.ZipFile(io.BytesIO(answer.body()))
    rows = [
        row
        for name in tables.namelist()
        for row in csv.DictReader(io.StringIO(tables.read(name).decode("utf-8-sig")))
        if SEAT in row.values() and row.get("Chain")
    ]
    assert rows
    return rows[0]["Chain"]
