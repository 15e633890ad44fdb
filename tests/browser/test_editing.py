"""Two windows on one record: each sees the other, what they change apart merges, what both change is chosen by key."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from agencies import Agency, sample_agency
from axe_playwright_python.sync_playwright import Axe
from browsing import OVERFLOW, PHONE
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import Person, PersonKind, Plan, RoleName
from planner.services.account import presence
from planner.services.planning import versions

pytestmark = pytest.mark.browser

TEXT = "Ann <b>Æ</b>"
CHOSEN = "[...document.querySelectorAll('#conflicts input:checked')].map(one => one.value)"


@pytest.fixture(scope="module")
def agency(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agency]:
    """A company of its own, whose people may change."""
    with sample_agency(tmp_path_factory.mktemp("editing")) as made:
        yield made


@pytest.fixture
def windows(open_page: Callable[..., Page]) -> Callable[..., tuple[Page, Page]]:
    """Mine, opened as asked, and somebody else's."""

    def open_both(**how: object) -> tuple[Page, Page]:
        return open_page(RoleName.ADMINISTRATOR, **how), open_page(RoleName.OPERATIONS)

    return open_both


def somebody(agency: Agency, number: int) -> str:
    """The form of an employee who has skills."""
    with Session(agency.engine) as session:
        employees = select(Person).where(Person.kind == PersonKind.EMPLOYEE, Person.skills.any()).order_by(Person.id)
        return f"/people/{session.scalars(employees.offset(number)).first().id}/edit"  # type: ignore[union-attr]


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).last.click()


def saved(page: Page, **typed: str) -> None:
    for ident, text in typed.items():
        page.locator(f"#{ident.replace('__', '-')}").fill(text)
    save(page)
    expect(page.locator("#flashes")).to_contain_text("The person was saved.")


def test_who_else_edits_is_seen_within_one_look_and_gone_with_their_window(
    agency: Agency, windows: Callable[..., tuple[Page, Page]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "EVERY_S", 1)
    mine, theirs = windows()
    path = somebody(agency, 0)
    mine.goto(path)
    mine.locator("#name").fill(TEXT)
    expect(mine.locator(".presence")).to_have_text("")
    with theirs.expect_response(lambda answer: answer.url.endswith("/presence")):
        theirs.goto(path)
    expect(mine.locator(".presence")).to_contain_text("is editing this, since")
    expect(mine.locator("#name")).to_have_value(TEXT)
    theirs.goto("/people")
    expect(mine.locator(".presence")).to_have_text("")


def test_what_two_windows_change_apart_is_saved_together_and_told(
    agency: Agency, windows: Callable[..., tuple[Page, Page]]
) -> None:
    mine, theirs = windows()
    path = somebody(agency, 1)
    mine.goto(path)
    theirs.goto(path)
    saved(theirs, email="apart@example.com", skills__0__level="4")
    saved(mine, name=TEXT)
    expect(mine.locator("#flashes")).to_contain_text(
        "Somebody else has changed this meanwhile, and it stands too: E-mail"
    )
    mine.goto(path)
    expect(mine.locator("#name")).to_have_value(TEXT)
    expect(mine.locator("#email")).to_have_value("apart@example.com")
    expect(mine.locator("#skills-0-level")).to_have_value("4")


@pytest.mark.parametrize("how", [{}, {"viewport": PHONE, "color_scheme": "dark"}], ids=["desktop", "phone in the dark"])
def test_what_both_changed_is_chosen_by_key_in_three_columns(
    agency: Agency, windows: Callable[..., tuple[Page, Page]], how: dict[str, object]
) -> None:
    mine, theirs = windows(**how)
    path = somebody(agency, 3 if how else 2)
    mine.goto(path)
    theirs.goto(path)
    was, level = mine.locator("#name").input_value(), mine.locator("#skills-0-level").input_value()
    other = "1" if level != "1" else "2"
    saved(theirs, name="Their name", email="both@example.com", skills__0__level=other)
    mine.locator("#name").fill(TEXT)
    mine.locator("#skills-0-level").fill("5" if level != "5" else "4")
    mine.keyboard.press("Control+Enter")
    expect(mine.get_by_role("heading", level=1)).to_have_text("Somebody else was first")
    names = mine.locator("#conflicts tbody tr").first
    for column, words in enumerate((was, TEXT, "Their name")):
        expect(names.locator("td").nth(column)).to_contain_text(words)
    expect(mine.locator("#conflicts tbody tr")).to_have_count(2)
    expect(mine.locator("summary", has_text="needs no question")).to_contain_text("1 other change")
    assert Axe().run(mine).response["violations"] == []
    assert mine.evaluate(OVERFLOW) <= 0
    expect(mine.locator("#conflicts")).to_be_focused()
    for key in ("Tab", "Space", "Tab", "Space", "ArrowRight"):
        mine.keyboard.press(key)
    assert mine.evaluate(CHOSEN) == ["yours", "theirs"]
    mine.keyboard.press("Control+Enter")
    expect(mine.locator("#flashes")).to_contain_text("The person was saved.")
    mine.goto(path)
    expect(mine.locator("#name")).to_have_value(TEXT)
    expect(mine.locator("#email")).to_have_value("both@example.com")
    expect(mine.locator("#skills-0-level")).to_have_value(other)


def test_without_scripts_what_was_typed_is_kept_and_merged(
    agency: Agency, windows: Callable[..., tuple[Page, Page]]
) -> None:
    mine, theirs = windows(java_script_enabled=False)
    path = somebody(agency, 4)
    mine.goto(path)
    theirs.goto(path)
    saved(theirs, name="Their name")
    mine.locator("#name").fill(TEXT)
    save(mine)
    expect(mine.locator("#conflicts")).to_contain_text(TEXT)
    mine.get_by_role("button", name="Go on editing").click()
    expect(mine.locator("#name")).to_have_value(TEXT)
    saved(mine)
    mine.goto(path)
    expect(mine.locator("#name")).to_have_value(TEXT)


def test_second_on_a_seat_is_shown_what_changed_and_keeps_their_reason(
    agency: Agency, windows: Callable[..., tuple[Page, Page]]
) -> None:
    mine, theirs = windows()
    with Session(agency.engine) as session:
        plan = session.scalars(select(Plan)).one()
        newest = versions.latest(session, plan)
        assert newest is not None
        standing = versions.standing_of(newest)
        seat = min(key for key in standing.holders if standing.bookings.get(key) != "hard")
        path = f"/plans/{plan.id}/take-off/{seat}"
    mine.goto(path)
    theirs.goto(path)
    mine.locator("#reason").fill("they leave in May")
    theirs.locator("#reason").fill("they are away")
    theirs.get_by_role("button", name="Take off").click()
    expect(theirs.locator("#flashes")).to_contain_text("The plan was changed by hand.")
    mine.get_by_role("button", name="Take off").click()
    told = mine.locator(".error-summary")
    expect(told).to_be_focused()
    expect(told).to_contain_text("What you saw, and what is there now")
    expect(told).to_contain_text("nobody")
    expect(mine.locator("#reason")).to_have_value("they leave in May")
    assert Axe().run(mine).response["violations"] == []


def test_who_types_before_the_scripts_are_there_keeps_the_focus(open_page: Callable[..., Page]) -> None:
    """An error list takes the focus of a page that comes back, but not from somebody who is faster."""
    page = open_page(RoleName.OPERATIONS)
    page.goto("/people/add")
    late: list[Route] = []
    page.route("**/app.js*", lambda route: late.append(route))  # noqa: PLW0108 -- Playwright marks what it is given
    save(page)
    page.locator("#name").focus()
    for route in late:
        route.continue_()
    page.wait_for_load_state("load")
    expect(page.locator(".flash, .error-summary").first).to_be_visible()
    assert late
    assert page.locator("[data-focus]").count() == 0
    expect(page.locator("#name")).to_be_focused()
