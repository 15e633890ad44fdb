"""The main job, end to end, as two people do it: the real server, the real worker, a real browser."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import icalendar
import openpyxl
import pypdf
import pytest
from browsing import DESKTOP, PATIENCE_MS, Product, Watch
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

PASSWORD = "four plain words together"
ROLE, CANDIDATE, REASON = "Launch lead", "Zoé Tremblay", "They launched the last two together"
PLANNED_MS = 60_000
SHEETS = {"Summary", "Role requirements", "Staff assigned", "Week by week", "Gaps", "Hires", "Reasons"}


@pytest.fixture
def product(chromium: Browser, tmp_path: Path) -> Iterator[Product]:
    product = Product(tmp_path / "data")
    yield product
    product.stop()


def window(chromium: Browser, base: str) -> Page:
    """A browser of somebody's own, nobody logged in yet."""
    context = chromium.new_context(viewport=DESKTOP, locale="en-GB", base_url=base)
    context.set_default_timeout(PATIENCE_MS)
    return context.new_page()


def test_two_people_staff_a_project_and_take_the_plan_along(chromium: Browser, product: Product) -> None:
    manager, operations = window(chromium, product.base), window(chromium, product.base)
    watches = [Watch(manager, product.base), Watch(operations, product.base)]

    manager.goto(product.link)
    write_need(manager)
    write_rule(manager)

    log_in(operations, product.say("user", "add", "olga@example.com", "--name", "Olga", "--role", "operations"))
    enter_candidate(operations)
    plan = make_plan(operations)
    accept_team(operations)
    read_exports(operations, plan)
    open_requisition(operations, plan)

    assert [watch.faults() for watch in watches] == [[], []]
    for page in (manager, operations):
        page.context.close()


def write_need(page: Page) -> None:
    """Three skills and two work-style bands with their reasons, while the living answer follows."""
    page.locator("main table a").first.click()
    page.get_by_role("link", name="Add a role need").first.click()
    page.get_by_label("Role", exact=True).fill(ROLE)
    for row, (skill, level) in enumerate((("Launch planning", "2"), ("Market research", "2"), ("Positioning", "1"))):
        page.get_by_role("button", name="Add a skill").click()
        page.locator(f"#skills-{row}-skill_id").fill(skill)
        page.locator(f"#skills-{row}-level").fill(level)
    expect(page.locator("#need-answer")).to_contain_text("Launch planning")
    for row, (style, reason) in enumerate((("Initiative", "Nobody briefs the launch"), ("Innovation", "A new market"))):
        page.get_by_role("button", name="Add a work style").click()
        page.locator(f"#styles-{row}-style_id").select_option(label=style)
        page.locator(f"#styles-{row}-min").fill("2.5")
        page.locator(f"#styles-{row}-reason").fill(reason)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name=ROLE, exact=True)).to_be_visible()


def write_rule(page: Page) -> None:
    page.locator("article", has=page.get_by_role("link", name=ROLE, exact=True)).get_by_role(
        "link", name="Add a team rule"
    ).click()
    page.get_by_role("link", name="How many work in a certain way").click()
    page.locator("#at_least").fill("1")
    page.locator("#style_id").select_option(label="Initiative")
    page.locator("#min").fill("3")
    page.locator("#weight").fill("200")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("ul.rules").filter(has_text="At least 1 person with initiative")).to_be_visible()


def log_in(page: Page, password_link: str) -> None:
    """Sets a password by the operator's link, and logs in with it on the login page."""
    page.goto(password_link)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("#password_confirm").fill(PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    page.wait_for_load_state()
    page.context.clear_cookies()
    page.goto("/")
    page.get_by_label("E-mail address").fill("olga@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Olga")


def enter_candidate(page: Page) -> None:
    page.get_by_role("link", name="Candidates", exact=True).first.click()
    page.get_by_role("link", name="Add a candidate").click()
    page.get_by_label("Name", exact=True).fill(CANDIDATE)
    page.get_by_role("button", name="Add a skill").click()
    page.locator("#skills-0-skill_id").fill("Launch planning")
    page.locator("#skills-0-level").fill("4")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(CANDIDATE)


def make_plan(page: Page) -> str:
    """Asks for a plan and watches its curve until it is ready; the address of the plan."""
    page.get_by_role("link", name="Plans", exact=True).click()
    page.get_by_role("link", name="Plan…").or_(page.get_by_role("link", name="Make a plan")).first.click()
    page.locator("#time_limit_s").fill("20")
    page.get_by_role("button", name="Plan", exact=True).click()
    expect(page.locator("#progress .curve").first).to_be_visible(timeout=PLANNED_MS)
    page.get_by_role("link", name="See the plan").click(timeout=PLANNED_MS)
    expect(page.locator(".lede")).to_contain_text(re.compile(r"\d+ of 91 seats filled"))
    return page.url


def accept_team(page: Page) -> None:
    page.locator("article.team h3 a").first.click()
    page.get_by_role("link", name="Accept this team…").click()
    page.get_by_label("Reason").fill(REASON)
    page.get_by_role("button", name="Accept", exact=True).click()
    expect(page.locator("#flashes")).to_contain_text("agreed")


def open_requisition(page: Page, plan: str) -> None:
    """From the first gap of the plan."""
    page.goto(plan)
    gaps = page.locator("li.seat.gap")
    title = gaps.first.locator("span").first.inner_text()
    gaps.first.get_by_role("button", name="Open requisition").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)


def read_exports(page: Page, plan: str) -> None:
    """All five files, each read by a library that did not write it."""
    page.goto(plan)
    page.get_by_role("link", name="Export").click()
    book = openpyxl.load_workbook(io.BytesIO(download(page, "Excel")))
    assert set(book.sheetnames) >= SHEETS
    assert any(REASON in str(cell) for row in book["Reasons"].values for cell in row)
    text = "".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(download(page, "PDF"))).pages)
    assert "Plan 1" in text
    assert ROLE in text
    tables = zipfile.ZipFile(io.BytesIO(download(page, "CSV")))
    assert ROLE in "".join(tables.read(name).decode("utf-8-sig") for name in tables.namelist())
    calendars = zipfile.ZipFile(io.BytesIO(download(page, "Calendars")))
    read = [icalendar.Calendar.from_ical(calendars.read(name)) for name in calendars.namelist()]
    assert any(calendar.walk("VEVENT") for calendar in read)
    document = json.loads(download(page, "JSON"))
    assert document["status"] in ("optimal", "feasible")


def download(page: Page, name: str) -> bytes:
    page.get_by_label(name, exact=True).check()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download", exact=True).click()
    return Path(waiting.value.path()).read_bytes()
