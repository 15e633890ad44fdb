"""The main things with nothing but a keyboard; wherever the focus is, it is seen."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from planner.models import RoleName

pytestmark = pytest.mark.browser

MANY = 400
FOCUSED = """() => {
  const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
  const words = (at.getAttribute("aria-label") || at.innerText || "").trim().replace(/\\s+/g, " ");
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return {words, ring, isShown: box.width > 0 && box.height > 0, id: at.id, tag: at.tagName};
}"""


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    return open_page(RoleName.OPERATIONS)


def press(page: Page, key: str) -> dict[str, object]:
    """Presses a key; what has the focus then, which must be seen to have it."""
    page.keyboard.press(key)
    focused: dict[str, object] = page.evaluate(FOCUSED)
    if focused["tag"] != "BODY":
        assert focused["ring"], f"nothing shows that {focused} has the focus"
        assert focused["isShown"], f"{focused} has the focus and is not seen"
    return focused


def tab_to(page: Page, words: str) -> None:
    """Tabs on until something with these words has the focus."""
    for _press in range(MANY):
        if words in str(press(page, "Tab")["words"]):
            return
    raise AssertionError(f"{MANY} times Tab do not lead to {words!r}")


def tab_to_id(page: Page, ident: str) -> None:
    for _press in range(MANY):
        if press(page, "Tab")["id"] == ident:
            return
    raise AssertionError(f"{MANY} times Tab do not lead to #{ident}")


def test_the_first_stop_skips_the_navigation(page: Page) -> None:
    page.goto("/people")
    assert press(page, "Tab")["words"] == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_navigation_leads_on_by_tab_and_by_letters(page: Page) -> None:
    page.goto("/")
    tab_to(page, "Candidates")
    page.keyboard.press("Enter")
    page.wait_for_url("**/candidates")
    expect(page.get_by_role("heading", level=1)).to_have_text("Candidates")
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.wait_for_url("**/people")
    expect(page.get_by_role("heading", level=1)).to_have_text("People")


def test_a_question_mark_opens_the_list_of_keys_and_escape_closes_it(page: Page) -> None:
    page.goto("/people")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(keys).to_be_visible()
    press(page, "Tab")
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()


def test_a_list_is_searched_and_filtered(page: Page) -> None:
    page.goto("/people")
    assert press(page, "/")["id"] == "search"
    page.keyboard.type("Solène")
    page.wait_for_url("**q=Sol%C3%A8ne**")
    expect(page.locator("#results tbody tr")).to_have_count(1)
    expect(page.locator("#results tbody")).to_contain_text("Solène Maréchal")
    page.goto("/plans/1")
    tab_to_id(page, "filter-only")
    page.keyboard.type("only what is open")
    page.wait_for_url("**only=gaps**")
    expect(page.locator("#teams li.seat:not(.gap)")).to_have_count(0)
    expect(page.locator("#teams li.seat.gap").first).to_be_visible()


def test_what_is_typed_before_htmx_attaches_is_searched_too(page: Page) -> None:
    """htmx begins in a timer of no time; on a slow machine people are faster."""
    page.add_init_script("const timer = setTimeout; window.setTimeout = (call, ms) => timer(call, ms ?? 1000)")
    page.goto("/people")
    press(page, "/")
    page.keyboard.type("Maréchal")
    page.wait_for_url("**q=Mar%C3%A9chal**")
    expect(page.locator("#results tbody tr")).to_have_count(1)


def test_what_is_typed_before_any_script_is_searched_too(page: Page) -> None:
    """Scripts come after the page; on a slow line people are faster."""
    typed: list[str] = []
    waiting: list[Route] = []
    page.route("**/app.js*", lambda route: route.continue_() if typed else waiting.append(route))
    with page.expect_request("**/app.js*"):
        page.goto("/people", wait_until="commit")
    page.get_by_role("searchbox", name="Search").fill("Maréchal")
    assert waiting, "no script was held back: nothing was typed before it"
    typed.append("Maréchal")
    for route in waiting:
        route.continue_()
    page.wait_for_url("**q=Mar%C3%A9chal**")
    expect(page.locator("#results tbody tr")).to_have_count(1)


def test_what_is_typed_before_htmx_attaches_and_our_script_comes_after_it_is_searched_too(page: Page) -> None:
    """The two scripts come one by one: between them htmx may attach, to a field in which somebody has typed."""
    waiting: dict[str, Route] = {}
    page.route("**/*.js*", lambda route: waiting.setdefault(urlsplit(route.request.url).path.rsplit("/", 1)[-1], route))
    with page.expect_request("**/htmx.min.js*"), page.expect_request("**/app.js*"):
        page.goto("/people", wait_until="commit")
    page.get_by_role("searchbox", name="Search").fill("Maréchal")
    waiting["htmx.min.js"].continue_()
    expect(page.locator("form[data-htmx-powered]").first).to_be_attached()
    assert "q=" not in page.url
    waiting["app.js"].continue_()
    # In 30 seconds htmx asks for what is new, and processes the page again: that would be too late.
    page.wait_for_url("**q=Mar%C3%A9chal**", timeout=15_000)
    expect(page.locator("#results tbody tr")).to_have_count(1)


def test_a_seat_of_a_plan_is_opened_and_accepted(page: Page) -> None:
    page.goto("/plans/1?only=open")
    tab_to(page, "points for")
    page.keyboard.press("Enter")
    page.wait_for_url("**/seats/**")
    tab_to(page, "Accept…")
    page.keyboard.press("Enter")
    page.wait_for_url("**/accept?**")
    tab_to_id(page, "reason")
    page.keyboard.type("The client asked for them")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#flashes")).to_contain_text("1 seat is agreed now.")


def test_more_of_a_plan_folds_out_and_in(page: Page) -> None:
    page.goto("/plans/1")
    tab_to(page, "More…")
    page.keyboard.press("Escape")
    versions = page.locator(".actions").get_by_role("link", name="Versions")
    expect(versions).to_be_hidden()
    page.keyboard.press("Enter")
    expect(versions).to_be_visible()
    page.keyboard.press("Escape")
    expect(versions).to_be_hidden()
    assert page.evaluate(FOCUSED)["words"] == "More…"
    page.keyboard.press("Enter")
    tab_to(page, "Why, and what else")
    page.keyboard.press("Enter")
    page.wait_for_url("**/questions")


def test_navigation_stays_as_it_was_folded(page: Page) -> None:
    """A group that is folded is folded on the next page too, and the one in which somebody is is open."""
    page.goto("/people")
    hiring, administration = (page.locator(f".rail details[data-fold={key}]") for key in ("hiring", "administration"))
    expect(hiring).to_have_attribute("open", "")
    expect(administration).not_to_have_attribute("open", "")
    for group in (hiring, administration):
        group.locator("summary").focus()
        page.keyboard.press("Enter")
    page.goto("/skills")
    expect(hiring).not_to_have_attribute("open", "")
    expect(administration).to_have_attribute("open", "")
    for key in "gr":  # a key leads to an entry that is folded away
        page.keyboard.press(key)
    page.wait_for_url("**/requisitions")
    expect(hiring).to_have_attribute("open", "")
