"""Importing in a real browser: the grid by keys and paste, then columns, preview, import and undo; axe on each page."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from agencies import Agency, sample_agency
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from planner.models import RoleName

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("PLANNER_SHOTS")


@pytest.fixture(scope="module")
def agency(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agency]:
    """A company of its own, into which something is imported."""
    with sample_agency(tmp_path_factory.mktemp("imports")) as made:
        yield made


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Iterator[Page]:
    page = open_page(RoleName.OPERATIONS)
    yield page
    page.wait_for_load_state("networkidle")


def looked_at(page: Page, name: str) -> None:
    """No fault for axe, nothing wider than the window; a picture where somebody wants to look."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    for width, size in ((1280, "desktop"), (320, "phone")):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        if SHOTS:
            page.screenshot(path=str(Path(SHOTS) / f"imports-{name}-{size}.png"), full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})


PASTE = """text => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const how = {clipboardData: data, bubbles: true, cancelable: true};
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", how));
}"""


def test_grid_takes_keys_blocks_fill_and_undo(page: Page) -> None:
    page.goto("/imports/add/people")
    text = page.locator("#text")
    page.locator('[data-place="0 0"]').click()
    page.evaluate(PASTE, 'Name\tNotice\nAnna\t2\n"Bea, ""B"""\t3\n')
    assert text.input_value().startswith("Name\tNotice\t")
    page.locator('[data-place="1 0"]').click()
    page.keyboard.type("Zoe")
    page.keyboard.press("Tab")
    page.keyboard.press("F2")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    assert "Zoe\t7" in text.input_value()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.locator('[aria-selected="true"]')).to_have_count(2)
    page.keyboard.press("Control+d")
    assert text.input_value().count("\t7") == 2
    page.keyboard.press("Control+z")
    assert text.input_value().count("\t7") == 1
    page.keyboard.press("Delete")
    assert text.input_value().count("\t7") == 0
    page.keyboard.press("Control+z")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Edit as text")).to_be_focused()


def test_sheet_is_mapped_looked_at_imported_and_undone(page: Page) -> None:
    page.goto("/imports")
    looked_at(page, "choose")
    page.get_by_role("link", name="People", exact=True).last.click()
    looked_at(page, "grid")
    page.locator('[data-place="0 0"]').click()
    page.evaluate(PASTE, "Name\tOffice\tNotice\nAnna New\tLyon\t2\nBea New\tNowhere\t1\nCy New\tLyon\tsoon\n")
    page.get_by_role("button", name="Read", exact=True).click()
    expect(page.get_by_role("heading", name="What the columns mean")).to_be_visible()
    looked_at(page, "mapping")
    page.get_by_role("button", name="Show what it would do").click()
    expect(page.get_by_text("is not known here").first).to_be_visible()
    looked_at(page, "preview")
    page.get_by_label("Leave out the").check()
    page.get_by_role("button", name="Keep my choices").click()
    page.get_by_role("button", name="Import ").click()
    expect(page.get_by_role("heading", name="Imported")).to_be_visible()
    looked_at(page, "result")
    page.get_by_role("link", name="Undo this import").click()
    looked_at(page, "undo")
    page.get_by_role("button", name="Undo the import").click()
    expect(page.get_by_role("heading", name="Import undone")).to_be_visible()
