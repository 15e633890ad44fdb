"""A client's feedback through a link lands on the team's page, becomes an idea, is decided, and its board moves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from agencies import Agency
from axe_playwright_python.sync_playwright import Axe
from browsing import PHONE, Watch
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import Phase, RoleName, today

pytestmark = pytest.mark.browser
WORDS = "The second mailing had last year’s prices in it."


def test_what_a_client_says_becomes_an_idea_that_is_decided(agency: Agency, open_page: Callable[..., Page]) -> None:
    with Session(agency.engine) as session:
        phase = session.scalars(select(Phase).order_by(Phase.id)).first()
        assert phase is not None
        phase_id, project_id, name = phase.id, phase.project_id, phase.name
    ops = open_page(RoleName.OPERATIONS)
    ops.goto(f"/projects/{project_id}")
    ops.get_by_role("link", name="Ask the client…").click()
    ops.get_by_label("It opens until").fill(str(today() + timedelta(7)))
    ops.get_by_label("About").select_option(str(phase_id))
    ops.get_by_label("It is good for one answer only").check()
    ops.get_by_role("button", name="Make a link").click()
    address = ops.locator("#client-link").inner_text()

    client = open_page(None, viewport=PHONE)
    watch = Watch(client, agency.base)
    client.goto(address)
    assert Axe().run(client).response["violations"] == []
    client.get_by_role("button", name="Send the answer").click()
    expect(client.get_by_role("alert")).to_contain_text("Fill this in.")
    client.get_by_label("unhappy", exact=True).check()
    client.get_by_label("What should we keep, what should we change?").fill(WORDS)
    client.get_by_role("button", name="Send the answer").click()
    expect(client.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert watch.faults() == [
        "console: Failed to load resource: the server responded with a status of 422 (UNPROCESSABLE ENTITY)"
    ]
    client.goto(address)
    expect(client.get_by_text("This link was used already")).to_be_visible()

    ops.goto(f"/projects/{project_id}")
    team = ops.locator(f"#phase-{phase_id}")
    team.get_by_text("What clients say of this team").click()
    expect(team).to_contain_text(WORDS)
    team.get_by_role("link", name="open this feedback").first.click()
    expect(ops.get_by_text(name).first).to_be_visible()
    ops.get_by_role("button", name="Make it an idea").click()
    ops.get_by_label("State").select_option("accepted")
    ops.get_by_label("Reason").fill("Twice is enough.")
    ops.get_by_role("button", name="Decide").click()
    expect(ops.get_by_role("heading", name="What was decided")).to_be_visible()
    ops.goto("/voices")
    taken = ops.get_by_role("region", name="An idea, or accepted")
    expect(taken).to_contain_text("Twice is enough.")
    expect(taken).to_contain_text("→ The second mailing")


def test_cards_of_the_board_move_by_keys_and_ask_for_a_reason(agency: Agency, open_page: Callable[..., Page]) -> None:
    ops = open_page(RoleName.OPERATIONS)
    ops.goto("/voices")
    words = "The French version had two dates"
    card = ops.locator(".card", has_text=words)
    card.focus()
    card.press("Shift+ArrowRight")
    looked = ops.get_by_role("region", name="Looked at")
    expect(looked).to_contain_text(words)
    ops.wait_for_load_state()  # the page came anew, and its keys with it
    idea = ops.locator(".card", has_text="One page that shows")
    idea.focus()
    idea.press("Shift+ArrowRight")
    expect(ops.get_by_label("Reason")).to_be_focused()
    ops.get_by_label("Reason").fill("Operations want it too.")
    ops.get_by_role("button", name="Move those ticked").click()
    expect(ops.get_by_role("region", name="An idea, or accepted")).to_contain_text("Operations want it too.")
