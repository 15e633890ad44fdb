"""The pipeline board under mouse and keyboard: cards move by dragging, by keys and several at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from agencies import Agency, sample_agency
from cards import card, grab, pile
from playwright.sync_api import Browser, Page, expect

from planner.models import RoleName

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def agency(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agency]:
    """A company of its own, whose candidates may be moved about."""
    with sample_agency(tmp_path_factory.mktemp("board")) as made:
        yield made


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Iterator[Page]:
    page = open_page(RoleName.OPERATIONS)
    page.goto("/board")
    yield page
    page.wait_for_load_state("networkidle")  # a window that goes while files come leaves the server with them open


def drag_over(page: Page, name: str) -> None:
    aim = pile(page, name).bounding_box()
    assert aim is not None
    page.mouse.move(aim["x"] + 60, aim["y"] + 60, steps=8)


def test_card_is_dragged_to_another_column(page: Page) -> None:
    grab(page, "Simon Prud’homme")
    drag_over(page, "interview")
    expect(pile(page, "interview")).to_have_class("pile aim")
    page.mouse.up()
    expect(pile(page, "interview")).to_contain_text("Simon Prud’homme")


def test_drag_that_ends_nowhere_changes_nothing(page: Page) -> None:
    grab(page, "Hannah Weidner")
    page.mouse.move(700, 20, steps=4)
    page.mouse.up()
    expect(pile(page, "new")).to_contain_text("Hannah Weidner")
    assert page.url.endswith("/board")


def test_keys_move_a_card_on_and_on(page: Page) -> None:
    """The focus stays with the card, so that the next press goes on from there."""
    name = "Hannah Weidner"
    card(page, name).get_by_role("link").focus()
    for key, column in (("ArrowRight", "screening"), ("ArrowRight", "interview"), ("ArrowLeft", "screening")):
        page.keyboard.press(f"Shift+{key}")
        expect(pile(page, column)).to_contain_text(name)
        expect(card(page, name)).to_be_focused()


def test_ticked_cards_move_together(page: Page) -> None:
    button = page.get_by_role("button", name="Move those ticked")
    expect(button).to_be_hidden()
    for name in ("Fatou Diallo", "Inti Quispe"):
        card(page, name).get_by_role("link").focus()
        page.keyboard.press("x")
    page.get_by_label("Move to").select_option(label="interview")
    button.click()
    for name in ("Fatou Diallo", "Inti Quispe"):
        expect(pile(page, "interview")).to_contain_text(name)


def test_declining_wants_a_reason_and_keeps_the_ticks(page: Page) -> None:
    name = "Oskar Lindgren"
    card(page, name).get_by_role("checkbox").check()
    page.get_by_label("Move to").select_option(label="declined")
    page.get_by_role("button", name="Move those ticked").click()
    expect(page.locator(".error-summary")).to_contain_text("Say why")
    expect(card(page, name).get_by_role("checkbox")).to_be_checked()
    page.get_by_label("Reason").fill("The other knows the client’s system.")
    page.get_by_role("button", name="Move those ticked").click()
    expect(pile(page, "declined")).to_contain_text(name)


def test_drop_on_declined_asks_why(page: Page) -> None:
    grab(page, "Bianca Rossetti")
    page.locator(".lanes").evaluate("lanes => lanes.scrollTo(9999, 0)")
    drag_over(page, "declined")
    page.mouse.up()
    expect(page.get_by_label("Reason")).to_be_focused()
    assert page.get_by_label("Move to").evaluate("box => box.selectedOptions[0].text") == "declined"
    expect(card(page, "Bianca Rossetti").get_by_role("checkbox")).to_be_checked()
    expect(pile(page, "interview")).to_contain_text("Bianca Rossetti")


def test_drop_on_hired_leads_to_the_decision(page: Page) -> None:
    """Nobody is hired by dragging: two people decide."""
    grab(page, "Léonie Vautrin")
    drag_over(page, "hired")
    page.mouse.up()
    page.wait_for_url("**/hire")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hire Léonie Vautrin?")


def test_filter_stays_while_cards_move(page: Page) -> None:
    page.goto("/board?q=Jonas")
    card(page, "Jonas Reiter").get_by_role("button", name="to the right").click()
    expect(pile(page, "offer")).to_contain_text("Jonas Reiter")
    assert "q=Jonas" in page.url
    assert page.locator(".card").count() == 1
