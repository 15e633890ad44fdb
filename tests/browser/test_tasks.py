"""A task board under mouse and keyboard, and my work with a thumb."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from agencies import Agency, sample_agency
from browsing import PHONE
from cards import card, grab, pile
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import RoleName, Task, TaskBoard

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def agency(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agency]:
    """A company of its own, whose tasks may be moved about."""
    with sample_agency(tmp_path_factory.mktemp("tasks")) as made:
        yield made


@pytest.fixture
def page(open_page: Callable[..., Page], agency: Agency) -> Iterator[Page]:
    page = open_page(RoleName.OPERATIONS)
    with Session(agency.engine) as session:
        board_id = session.scalars(select(TaskBoard.id).where(TaskBoard.name == "Market research team")).one()
    page.goto(f"/boards/{board_id}")
    yield page
    page.wait_for_load_state("networkidle")  # a window that goes while files come leaves the server with them open


def order(page: Page, name: str) -> list[str]:
    return pile(page, name).locator(".card-head a").all_inner_texts()


def test_card_is_dragged_up_its_column_and_to_another(page: Page) -> None:
    name = "Survey of 800 home cooks"
    assert order(page, "To do") == ["Write up the first six interviews", name]
    grab(page, name)
    top = pile(page, "To do").bounding_box()
    assert top is not None
    page.mouse.move(top["x"] + 60, top["y"] + 30, steps=8)
    page.mouse.up()
    expect(pile(page, "To do").locator(".card-head a").first).to_have_text(name)
    page.wait_for_load_state("networkidle")  # the board that came knows drags once its script is there
    grab(page, name)
    aim = pile(page, "Done").bounding_box()
    assert aim is not None
    page.mouse.move(aim["x"] + 60, aim["y"] + 60, steps=8)
    page.mouse.up()
    expect(pile(page, "Done")).to_contain_text(name)


def test_keys_move_a_card_up_down_and_on(page: Page) -> None:
    """The focus stays with the card, so that the next press goes on from there."""
    name = "Find twelve households"
    card(page, name).get_by_role("link").focus()
    page.keyboard.press("Shift+ArrowUp")
    expect(pile(page, "Doing").locator(".card-head a").first).to_contain_text(name)
    expect(card(page, name)).to_be_focused()
    page.keyboard.press("Shift+ArrowDown")
    expect(pile(page, "Doing").locator(".card-head a").last).to_contain_text(name)
    expect(card(page, name)).to_be_focused()
    page.keyboard.press("Shift+ArrowRight")
    expect(pile(page, "Second pair of eyes")).to_contain_text(name)


def test_full_column_asks_why_before_it_takes_a_card(page: Page) -> None:
    name = "Write up the first six interviews"
    grab(page, name)
    aim = pile(page, "Second pair of eyes").bounding_box()
    assert aim is not None
    page.mouse.move(aim["x"] + 60, aim["y"] + 60, steps=8)
    page.mouse.up()
    expect(page.get_by_label("Reason")).to_be_focused()
    expect(card(page, name).get_by_role("checkbox")).to_be_checked()
    page.get_by_role("button", name="Move those ticked").click()
    expect(page.locator(".error-summary")).to_contain_text("takes at most 2")
    page.get_by_label("Reason").fill("The client asks for them on Monday.")
    page.get_by_role("button", name="Move anyway").click()
    expect(pile(page, "Second pair of eyes")).to_contain_text(name)
    expect(pile(page, "Second pair of eyes")).to_contain_text("more than this column takes")


def test_my_work_is_ticked_noted_and_moved_on_on_a_telephone(open_page: Callable[..., Page], agency: Agency) -> None:
    with Session(agency.engine) as session:
        task = session.scalars(select(Task).where(Task.title == "Tracking plan for the night opening")).one()
        assert task.owner is not None
        assert task.is_late
    agency.speak("en")
    page = open_page(RoleName.MEMBER, viewport=PHONE)
    page.goto("/my-work")
    own = page.locator(".own-tasks > li", has=page.get_by_role("link", name="Tracking plan"))
    expect(page.get_by_role("heading", name="Late", exact=True)).to_be_visible()
    own.get_by_label("Hours").fill("1.5")
    own.get_by_role("button", name="Note").click()
    expect(own).to_contain_text("7.5 of 14 h")
    own.get_by_role("button", name="On to Delivered").click()
    expect(page.get_by_role("link", name="Tracking plan")).to_have_count(0)
    page.wait_for_load_state("networkidle")
