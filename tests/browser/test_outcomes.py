"""Outcomes in a browser: a series by keyboard, a look that is counted, a finding that reaches a role need."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import outcomes
import pytest
from agencies import Agency, sample_agency
from axe_playwright_python.sync_playwright import Axe
from browsing import PHONE, Watch
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import CriterionProposal, Experiment, ExperimentState, Metric, RoleName, RoleNeed

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def agency(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agency]:
    """The sample company with thirty-four more teams, whose outcome goes with one work style."""
    with sample_agency(tmp_path_factory.mktemp("outcomes")) as made:
        with Session(made.engine) as session:
            outcomes.agency(session, 34, effect=outcomes.follows(0), prefix="x")
        made.speak("en")
        yield made


def is_well_made(page: Page, watch: Watch) -> None:
    """Nothing that axe finds, nothing too wide, no complaint."""
    broken = Axe().run(page).response["violations"]
    assert [f"{page.url} {rule['id']}: {rule['nodes'][0]['html'][:200]}" for rule in broken] == []
    assert watch.faults() == []


@pytest.mark.parametrize(("size", "look"), [(None, "light"), (PHONE, "dark")], ids=["desktop", "phone"])
def test_each_mark_of_a_series_leads_to_its_row_by_keyboard(
    agency: Agency, open_page: Callable[..., Page], size: dict[str, int] | None, look: str
) -> None:
    with Session(agency.engine) as session:
        metric = session.scalars(select(Metric).where(Metric.name == "E-mail open rate")).one()
        first, path = metric.points[0].id, f"/metrics/{metric.id}"
    page = open_page(RoleName.EXECUTIVE, color_scheme=look, **({"viewport": size} if size else {}))
    watch = Watch(page, agency.base)
    page.goto(path)
    is_well_made(page, watch)
    page.locator("svg.series a").first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{agency.base}{path}#point-{first}")
    expect(page.locator("tr:target")).to_contain_text("1,812")


def test_result_waits_and_a_look_is_counted(agency: Agency, open_page: Callable[..., Page]) -> None:
    with Session(agency.engine) as session:
        running = session.scalars(select(Experiment).where(Experiment.state == ExperimentState.RUNNING)).one()
        path = f"/experiments/{running.id}"
    page = open_page(RoleName.EXECUTIVE)
    watch = Watch(page, agency.base)
    page.goto(path)
    expect(page.locator(".lede")).to_contain_text("The result waits until then")
    is_well_made(page, watch)
    page.get_by_text("Look now").click()
    page.get_by_role("button", name="Look, and count it").click()
    expect(page.locator("main")).to_contain_text("Somebody looked at the result 1 time before it was due.")
    expect(page.get_by_role("region", name="Beside the control")).to_contain_text("Above the fold")
    is_well_made(page, watch)


def test_finding_is_proposed_accepted_and_reaches_a_role_need(agency: Agency, open_page: Callable[..., Page]) -> None:
    with Session(agency.engine) as session:
        need = session.scalars(select(RoleNeed).where(RoleNeed.title == "Analyst")).first()
        assert need is not None
        need_path = f"/needs/{need.id}/edit"
    page = open_page(RoleName.OPERATIONS)
    watch = Watch(page, agency.base)
    page.goto("/outcomes/criteria")
    expect(page.locator(".lede")).to_contain_text("1 criterion went with “Open rate” over 34 teams.")
    is_well_made(page, watch)
    page.get_by_role("button", name="Propose it").click()
    expect(page.locator("#flashes")).to_contain_text("1 proposal waits for a decision.")
    is_well_made(page, watch)
    page.get_by_role("link", name="Ask for Style 0").click()
    page.locator("#reason").fill("We see it on every team")
    page.get_by_role("button", name="Accept").click()
    expect(page.locator("main")).to_contain_text("We see it on every team")
    is_well_made(page, watch)
    page.goto(need_path)
    expect(page.locator("#suggested")).to_contain_text("Style 0 at least")
    is_well_made(page, watch)
    page.get_by_role("button", name="Ask for it").click()
    expect(page.locator("#suggested")).to_have_count(0)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#flashes")).to_contain_text("The role need was saved.")
    with Session(agency.engine) as session:
        proposal = session.scalars(select(CriterionProposal)).one()
        saved = session.get_one(RoleNeed, int(need_path.split("/")[2]))
        assert [(line.style_id, line.min) for line in saved.styles] == [(proposal.style_id, proposal.min)]
        assert saved.styles[0].reason == "Outcomes suggest it: “Open rate”"
