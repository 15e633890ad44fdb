"""Importing in a real browser: the grid by keys and paste, then columns, preview, import and undo; axe on each page."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from agencies import Agency, sample_agency
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.jobs.solving import writing
from planner.models import PastAllocation, Person, PersonKind, RoleName, Site

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
    """No fault for axe, light and dark, wide and narrow; nothing wider than the window."""
    for width, size, scheme in ((1280, "desktop", "light"), (320, "phone", "light"), (1280, "desktop", "dark")):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(page)
        assert found.violations_count == 0, f"{name}, {size}, {scheme}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
        if SHOTS:
            page.screenshot(path=str(Path(SHOTS) / f"imports-{name}-{size}-{scheme}.png"), full_page=True)
    page.emulate_media(color_scheme="light")
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
    assert text.input_value().startswith("Name\tNotice\nAnna\t2\n")
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


def test_sheet_is_mapped_looked_at_imported_and_undone(page: Page, agency: Agency) -> None:
    with Session(agency.engine) as session:
        site = session.scalars(select(Site.name).limit(1)).one()
    page.goto("/imports")
    looked_at(page, "choose")
    page.get_by_role("link", name="People", exact=True).last.click()
    looked_at(page, "grid")
    page.locator('[data-place="0 0"]').click()
    page.evaluate(PASTE, f"Name\tOffice\tNotice\nAnna New\t{site}\t2\nBea New\tNowhere\t1\nCy New\t{site}\tsoon\n")
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
    looked_at(page, "undone")


def sheets_of(path: Path, **sheets: list[list[str]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, cells in sheets.items():
        page = book.create_sheet(title)
        for row in cells:
            page.append(row)
    book.save(path)
    return path


def test_another_sheet_of_the_file_is_chosen(page: Page, tmp_path: Path) -> None:
    path = sheets_of(
        tmp_path / "staff.xlsx",
        Paris=[["Name", "E-mail"], ["Dora New", "dora@example.com"]],
        Lyon=[["Name"], ["Eve New"], ["Finn New"]],
    )
    page.goto("/imports/add/people")
    page.locator("#file").set_input_files(path)
    page.get_by_role("button", name="Read", exact=True).click()
    expect(page.get_by_text("1 row")).to_be_visible()
    looked_at(page, "sheets")
    page.get_by_label("Sheet of the file", exact=True).select_option("Lyon")
    page.get_by_role("button", name="Read this sheet").click()
    expect(page.get_by_text("2 rows")).to_be_visible()
    page.get_by_role("button", name="Show what it would do").click()
    expect(page.get_by_role("rowheader", name="Finn New")).to_be_visible()
    expect(page.get_by_text("staff.xlsx, Lyon").first).to_be_visible()


def test_list_comes_back_with_conflicts_in_french(page: Page, agency: Agency, tmp_path: Path) -> None:
    """Three people were changed by the sheet, two of them here too, one was taken out of it."""
    with page.expect_download() as leaving:
        page.goto("/imports")
        page.locator('form[action$="/lists/people/xlsx"] button').click()
    path = tmp_path / "people.xlsx"
    leaving.value.save_as(path)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    notice = next(cell.column for cell in sheet[1] if str(cell.value).startswith("Notice"))
    for row in (2, 3, 4):
        sheet.cell(row, notice).value = 17
    changed = [sheet.cell(row, 1).value for row in (2, 3)]
    sheet.delete_rows(6)
    book.save(path)
    with writing(agency.engine) as session:
        for person in session.scalars(select(Person).where(Person.name.in_(changed) | Person.key.in_(changed))):
            person.notice_periods = 9
    agency.speak("fr")
    try:
        page.goto("/imports/add/people")
        looked_at(page, "grid-fr")
        page.locator("#file").set_input_files(path)
        page.locator("main form button.main").last.click()
        page.wait_for_url("**/columns")
        looked_at(page, "mapping-fr")
        page.locator("main form button.main").last.click()
        expect(page.locator("fieldset.sides")).to_have_count(2)
        looked_at(page, "preview-fr")
        page.locator("fieldset.sides input[value=yours]").first.check()
        page.locator("fieldset.sides input[value=theirs]").last.check()
        page.locator('form[action$="/choices"] button').first.click()
        expect(page.locator("fieldset.sides")).to_have_count(0)
        page.locator('form[action$="/run"] button').click()
        page.get_by_role("link", name="Annuler").first.wait_for()
        looked_at(page, "result-fr")
    finally:
        agency.speak("en")


def test_past_work_stands_on_its_persons_page(page: Page, agency: Agency) -> None:
    with writing(agency.engine) as session:
        person = session.scalars(select(Person).where(Person.kind == PersonKind.EMPLOYEE).limit(1)).one()
        session.add_all(
            PastAllocation(person_id=person.id, project=f"Old project {n}", role="Writer", fte_pct=50,
                           from_on=date(2020 + n % 5, 1, 6), to_on=date(2020 + n % 5, 6, 5)) for n in range(11)
        )  # fmt: skip
        path = f"/people/{person.id}"
    page.goto(path)
    expect(page.get_by_role("heading", name="Worked on before")).to_be_visible()
    page.get_by_text("3 older").click()
    expect(page.get_by_role("row", name="Old project")).to_have_count(11)
    looked_at(page, "past")
