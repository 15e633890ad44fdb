"""Talk by keyboard: said, seen before it is said, told to somebody else, read and answered; axe finds nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from agencies import Agency
from axe_playwright_python.sync_playwright import Axe
from browsing import PHONE
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import Comment, Project, RoleName
from planner.views.work_notifications import EVERY_S

pytestmark = pytest.mark.browser


def faults(page: Page) -> list[str]:
    broken = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in broken for node in rule["nodes"][:3]]


def project_of(agency: Agency) -> int:
    with Session(agency.engine) as session:
        return session.scalars(select(Project.id).order_by(Project.id)).first() or 0


def test_somebody_is_told_by_keyboard_and_answers(agency: Agency, open_page: Callable[..., Page]) -> None:
    pm, ops = open_page(RoleName.PROJECT_MANAGER), open_page(RoleName.OPERATIONS)
    name, ident = agency.user(RoleName.OPERATIONS).name, project_of(agency)
    pm.goto(f"/projects/{ident}")
    pm.get_by_label("Comment", exact=True).focus()
    pm.keyboard.type("**When** can we start?")
    preview = pm.locator("#talk-preview")
    expect(preview.locator("strong")).to_have_text("When")
    pm.keyboard.press("Tab")
    pm.keyboard.type(name)
    assert faults(pm) == []
    pm.keyboard.press("Tab")
    pm.keyboard.press("Enter")
    said = pm.locator(".comment").last
    expect(said).to_contain_text(f"@{name} When can we start?")
    expect(said.locator(".named")).to_have_text(f"@{name}")

    ops.goto("/people")
    bell = ops.locator(".bell")
    expect(bell).to_contain_text("1")
    bell.focus()
    ops.keyboard.press("Enter")
    ops.wait_for_url("**/notifications?state=unread")
    assert faults(ops) == []
    ops.get_by_role("link", name="mentions you").focus()
    ops.keyboard.press("Enter")
    ops.wait_for_url("**/talk/projects/**")
    expect(ops.locator(".comment.meant")).to_contain_text("When can we start?")
    expect(ops.locator(".bell .n")).to_have_count(0)
    ops.locator("summary", has_text="Answer").first.focus()
    ops.keyboard.press("Enter")
    ops.keyboard.press("Tab")
    ops.keyboard.type("On the 14th.")
    ops.keyboard.press("Control+Enter")
    expect(ops.locator(".answers .comment")).to_contain_text("On the 14th.")
    assert faults(ops) == []
    with Session(agency.engine) as session:
        [first, answer] = session.scalars(select(Comment).order_by(Comment.id)).all()[-2:]
        assert answer.parent_id == first.id


def test_bell_counts_while_a_page_is_open(agency: Agency, open_page: Callable[..., Page]) -> None:
    """An open page asks for it twice a minute."""
    pm, ops = open_page(RoleName.PROJECT_MANAGER), open_page(RoleName.OPERATIONS)
    name, ident = agency.user(RoleName.OPERATIONS).name, project_of(agency)
    ops.goto("/notifications")
    if ops.get_by_role("button", name="Mark all as read").count():
        ops.get_by_role("button", name="Mark all as read").click()
    ops.clock.install()
    ops.goto("/people")
    expect(ops.locator(".bell .n")).to_have_count(0)
    pm.goto(f"/talk/projects/{ident}")
    pm.get_by_label("Comment", exact=True).fill(f"@{name}, one more thing")
    pm.get_by_role("button", name="Say it").last.click()
    expect(pm.locator(".comment").last).to_contain_text("one more thing")
    ops.clock.run_for((EVERY_S + 1) * 1000)
    expect(ops.locator(".bell .n")).to_contain_text("1")


def test_what_is_refused_stands_at_its_field_on_a_telephone(agency: Agency, open_page: Callable[..., Page]) -> None:
    page = open_page(RoleName.PROJECT_MANAGER, viewport=PHONE, color_scheme="dark")
    page.goto(f"/talk/projects/{project_of(agency)}")
    page.get_by_label("Comment", exact=True).fill("Look")
    page.get_by_label("Tell somebody").fill("Nobody at all")
    page.get_by_role("button", name="Say it").last.click()
    expect(page.locator("#comment-mention-error")).to_contain_text("Nobody who may see this")
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_it_works_without_scripts(agency: Agency, open_page: Callable[..., Page]) -> None:
    page = open_page(RoleName.PROJECT_MANAGER, java_script_enabled=False)
    page.goto(f"/talk/projects/{project_of(agency)}")
    page.get_by_label("Comment", exact=True).fill("*Softly*")
    page.get_by_role("button", name="See how it looks").last.click()
    expect(page.locator("#talk-preview em")).to_have_text("Softly")
    page.get_by_role("button", name="Say it").last.click()
    expect(page.locator(".comment").last.locator("em")).to_have_text("Softly")
