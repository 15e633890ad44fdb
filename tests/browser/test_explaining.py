"""Asking why in a browser: from a gap to its reasons and a way out, and from everyone considered to a person."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from agencies import Agency
from background import answer_waiting
from playwright.sync_api import Page, expect

from planner.models import RoleName

pytestmark = pytest.mark.browser
ANSWERED_MS = 30_000


def test_gap_is_explained_and_ways_out_are_tried_by_hand_and_in_a_scenario(
    open_page: Callable[..., Page], agency: Agency
) -> None:
    page = open_page(RoleName.OPERATIONS)
    page.goto("/plans/1")
    page.locator("#gaps a").first.click()
    page.get_by_role("button", name="Why nobody?").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Why does nobody hold")
    expect(page.locator("#question")).to_contain_text("of the way")
    answer_waiting(agency.engine)
    ways = page.get_by_role("region", name="The cheapest ways out, each planned anew")
    expect(ways).to_be_visible(timeout=ANSWERED_MS)  # the page asks by itself
    assert 1 <= ways.locator("tbody tr").count() <= 3
    answered = page.url
    ways.locator("tbody tr").first.get_by_role("link").last.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.goto(answered)
    tried = ways.locator("tbody tr").filter(has=page.get_by_role("button", name="Try it")).first
    name = tried.get_by_role("rowheader").inner_text()
    tried.get_by_role("button", name="Try it").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(name[:60])
    expect(page.get_by_text("Nothing is otherwise yet")).to_have_count(0)
    page.wait_for_load_state("networkidle")


def test_question_is_asked_by_keyboard_from_everyone_considered(open_page: Callable[..., Page], agency: Agency) -> None:
    page = open_page(RoleName.OPERATIONS)
    page.goto("/plans/1")
    page.locator("a.pts").first.click()
    page.get_by_text("More…", exact=True).click()
    page.get_by_role("link", name="Everyone considered").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Who was considered for")
    total = page.get_by_role("region", name="Whom each rule leaves out").locator("tfoot td").first.inner_text()
    rows = page.get_by_role("region", name="Whom each rule leaves out").locator("tbody tr td:nth-child(2)")
    assert sum(int(text) for text in rows.all_inner_texts()) == int(total)
    page.get_by_label("Person").select_option(index=3)
    page.get_by_role("button", name="What if they sat here?").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Why")
    answer_waiting(agency.engine)
    expect(page.locator("#question .lede")).to_be_visible(timeout=ANSWERED_MS)
    page.wait_for_load_state("networkidle")
