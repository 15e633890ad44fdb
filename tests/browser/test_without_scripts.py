"""The same pages where no script runs: everything by plain forms, buttons and a look again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from agencies import Agency
from playwright.sync_api import Page, expect

from planner.models import RoleName

pytestmark = pytest.mark.browser

ROLE = "Copy chief"


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    return open_page(RoleName.PROJECT_MANAGER, java_script_enabled=False)


def test_a_role_need_is_written_row_by_row(page: Page) -> None:
    page.goto("/")
    page.locator("main table a").first.click()
    page.get_by_role("link", name="Add a role need").first.click()
    page.get_by_label("Role", exact=True).fill(ROLE)
    for row, (skill, level) in enumerate((("Market research", "2"), ("Positioning", "3"), ("Launch planning", "1"))):
        page.get_by_role("button", name="Add a skill").click()
        page.locator(f"#skills-{row}-skill_id").fill(skill)
        page.locator(f"#skills-{row}-level").fill(level)
    page.get_by_role("button", name="Take away").first.click()
    expect(page.locator("#skills .rows > li")).to_have_count(2)
    page.get_by_role("button", name="Save").click()
    asked = page.locator("li.seat", has=page.get_by_role("link", name=ROLE, exact=True)).locator(".chips")
    expect(asked).to_contain_text("Positioning 3")
    expect(asked).to_contain_text("Launch planning 1")
    expect(asked).not_to_contain_text("Market research")


def test_a_plan_is_asked_for_and_is_there_on_a_look_again(agency: Agency, page: Page) -> None:
    page.goto("/plans/add")
    page.locator("#time_limit_s").fill("3")
    page.get_by_role("button", name="Plan", exact=True).click()
    expect(page.locator("#progress")).to_contain_text("Place 1 in the queue")
    agency.work()
    page.get_by_role("link", name="Look again").click()
    expect(page.locator(".lede")).to_contain_text("seats filled")


def test_a_seat_is_accepted(page: Page) -> None:
    page.goto("/plans/1")
    page.locator("li.seat:not(:has(.status, .chip)) > a.pts").first.click()
    page.get_by_role("link", name="Accept…").click()
    page.get_by_label("Reason").fill("She asked for it")
    page.get_by_role("button", name="Accept", exact=True).click()
    expect(page.locator("#flashes")).to_contain_text("1 seat is agreed now.")


def test_more_of_a_plan_folds_out(page: Page) -> None:
    page.goto("/plans/1")
    versions = page.locator(".actions").get_by_role("link", name="Versions")
    expect(versions).to_be_hidden()
    page.get_by_text("More…", exact=True).click()
    versions.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Versions")
