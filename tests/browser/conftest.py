"""What browser tests share: Chromium, and the sample company with a plan that is ready."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from agencies import Agency, sample_agency
from browsing import CHROMIUM, DESKTOP, PATIENCE_MS, launch, log_in
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from planner.models import RoleName

expect.set_options(timeout=PATIENCE_MS)  # what a page waits for holds for what is expected of it, too


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("wants Debian's chromium: apt install chromium")
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def agency(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agency]:
    with sample_agency(tmp_path_factory.mktemp("agency")) as made:
        yield made


@pytest.fixture
def open_page(chromium: Browser, agency: Agency) -> Iterator[Callable[..., Page]]:
    """Opens a window in which the first user with a role is logged in, or nobody."""
    contexts: list[BrowserContext] = []

    def open_it(role: RoleName | None, **how: Any) -> Page:
        how = {"viewport": DESKTOP, "locale": "en-GB", "base_url": agency.base, **how}
        contexts.append(chromium.new_context(**how))
        contexts[-1].set_default_timeout(PATIENCE_MS)
        if role:
            log_in(contexts[-1], agency.app, agency.base, agency.user(role))
        return contexts[-1].new_page()

    yield open_it
    for context in contexts:
        context.close()
