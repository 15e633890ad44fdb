"""Cards on a board in a browser: a pipeline's or a task board's."""

from __future__ import annotations

from playwright.sync_api import Locator, Page


def pile(page: Page, name: str) -> Locator:
    """A column of the board."""
    return page.get_by_role("region", name=name, exact=True)


def card(page: Page, name: str) -> Locator:
    """A card, by the words of its link."""
    return page.locator(".card", has=page.get_by_role("link", name=name))


def grab(page: Page, name: str) -> None:
    """Presses on the text of a card, where neither link nor button is."""
    held = card(page, name).locator("p").first.bounding_box()
    assert held is not None
    page.mouse.move(held["x"] + 10, held["y"] + 8)
    page.mouse.down()
