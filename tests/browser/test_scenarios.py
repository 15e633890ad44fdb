"""A scenario from its beginning to the merge, in a browser: what is there stays until somebody makes it true."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from agencies import Agency, sample_agency
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.jobs.solving import writing
from planner.models import Person, PersonKind, RoleName

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def agency(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agency]:
    """A company of its own, whose people may change."""
    with sample_agency(tmp_path_factory.mktemp("scenarios")) as made:
        yield made


def somebody(agency: Agency) -> tuple[int, str, int]:
    with Session(agency.engine) as session:
        person = session.scalars(select(Person).where(Person.kind == PersonKind.EMPLOYEE).order_by(Person.id)).first()
        assert person is not None
        return person.id, person.name, person.notice_periods


def test_scenario_is_begun_changed_merged_with_a_conflict(agency: Agency, open_page: Callable[..., Page]) -> None:
    ident, name, before = somebody(agency)
    page = open_page(RoleName.OPERATIONS)
    page.goto("/scenarios")
    page.get_by_role("link", name="Begin a scenario").first.click()
    page.get_by_label("Name").fill("A longer notice")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A longer notice")
    page.get_by_text("Change something", exact=True).click()
    page.get_by_role("link", name="People and candidates").click()
    page.get_by_role("searchbox", name="Search").fill(name)
    page.get_by_role("link", name=f"Change {name}").click()
    expect(page.locator(".scenario-banner")).to_contain_text("nothing here changes what is there")
    page.get_by_label("Notice").fill(str(before + 5))
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".difference")).to_contain_text(name)
    assert somebody(agency)[2] == before
    with writing(agency.engine) as session:
        session.get_one(Person, ident).notice_periods = before + 1
    page.get_by_role("link", name="Merge…").click()
    row = page.locator("tr.conflict")
    expect(row).to_contain_text(str(before + 5))
    row.get_by_role("combobox").select_option("take")
    page.get_by_role("button", name="Merge").click()
    expect(page.locator("#flashes")).to_contain_text("1 change is true now.")
    assert somebody(agency)[2] == before + 5
    page.wait_for_load_state("networkidle")
