"""Outcomes in a browser: a series by keyboard, a look that is counted, what is found or said reaches a role need."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import outcomes
import pytest
from agencies import Agency, sample_agency
from browsing import PHONE, Watch, is_well_made
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import (
    CriterionProposal,
    Experiment,
    ExperimentState,
    Metric,
    Phase,
    RoleName,
    RoleNeed,
    Task,
    TaskBoard,
    TeamTemplate,
    today,
)

pytestmark = pytest.mark.browser
WORDS = "Two mistakes went to print: nobody read the copy a second time."
REASON = "A second pair of eyes costs less than a second print."


@pytest.fixture(scope="module")
def agency(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agency]:
    """The sample company with thirty-four more teams, whose outcome goes with one work style."""
    with sample_agency(tmp_path_factory.mktemp("outcomes")) as made:
        with Session(made.engine) as session:
            outcomes.agency(session, 34, effect=outcomes.follows(0), prefix="x")
        made.speak("en")
        yield made


@pytest.mark.parametrize(("size", "look"), [(None, "light"), (PHONE, "dark")], ids=["desktop", "phone"])
def test_each_mark_of_a_series_leads_to_its_row_by_keyboard(
    agency: Agency, open_page: Callable[..., Page], size: dict[str, int] | None, look: str
) -> None:
    with Session(agency.engine) as session:
        metric = session.scalars(select(Metric).where(Metric.name == "E-mail open rate")).one()
        first, path = metric.points[0].id, f"/metrics/{metric.id}"
    page = open_page(RoleName.EXECUTIVE, color_scheme=look, **({"viewport": size} if size else {}))
    watch = Watch(page, agency.base)
    page.goto(path)
    is_well_made(page, watch)
    page.locator("svg.series a").first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{agency.base}{path}#point-{first}")
    expect(page.locator("tr:target")).to_contain_text("1,812")


def test_result_waits_and_a_look_is_counted(agency: Agency, open_page: Callable[..., Page]) -> None:
    with Session(agency.engine) as session:
        running = session.scalars(select(Experiment).where(Experiment.state == ExperimentState.RUNNING)).one()
        path = f"/experiments/{running.id}"
    page = open_page(RoleName.EXECUTIVE)
    watch = Watch(page, agency.base)
    page.goto(path)
    expect(page.locator(".lede")).to_contain_text("The result waits until then")
    is_well_made(page, watch)
    page.get_by_text("Look now").click()
    page.get_by_role("button", name="Look, and count it").click()
    expect(page.locator("main")).to_contain_text("Somebody looked at the result 1 time before it was due.")
    expect(page.get_by_role("region", name="Beside the control")).to_contain_text("Above the fold")
    is_well_made(page, watch)


def test_finding_is_proposed_accepted_and_reaches_a_role_need(agency: Agency, open_page: Callable[..., Page]) -> None:
    with Session(agency.engine) as session:
        need = session.scalars(select(RoleNeed).where(RoleNeed.title == "Analyst")).first()
        assert need is not None
        need_path = f"/needs/{need.id}/edit"
    page = open_page(RoleName.OPERATIONS)
    watch = Watch(page, agency.base)
    page.goto("/outcomes/criteria")
    expect(page.locator(".lede")).to_contain_text("1 criterion went with “Open rate” over 34 teams.")
    is_well_made(page, watch)
    page.get_by_role("button", name="Propose it").click()
    expect(page.locator("#flashes")).to_contain_text("1 proposal waits for a decision.")
    is_well_made(page, watch)
    page.get_by_role("link", name="Ask for Style 0").click()
    page.locator("#reason").fill("We see it on every team")
    page.get_by_role("button", name="Accept").click()
    expect(page.locator("main")).to_contain_text("We see it on every team")
    is_well_made(page, watch)
    page.goto(need_path)
    expect(page.locator("#suggested")).to_contain_text("Style 0 at least")
    is_well_made(page, watch)
    page.get_by_role("button", name="Ask for it").click()
    expect(page.locator("#suggested")).to_have_count(0)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#flashes")).to_contain_text("The role need was saved.")
    with Session(agency.engine) as session:
        proposal = session.scalars(select(CriterionProposal)).one()
        saved = session.get_one(RoleNeed, int(need_path.split("/")[2]))
        assert [(line.style_id, line.min) for line in saved.styles] == [(proposal.style_id, proposal.min)]
        assert saved.styles[0].reason == "Outcomes suggest it: “Open rate”"


def press(button: Locator, key: str = "Enter") -> None:
    button.focus()
    button.press(key)


def two_phases(agency: Agency) -> tuple[Phase, Phase]:
    """Of two projects, so that the second is a team that nobody spoke of."""
    with Session(agency.engine, expire_on_commit=False) as session:
        found = session.scalars(select(Phase).order_by(Phase.id)).all()
        return found[0], next(phase for phase in found if phase.project_id != found[0].project_id)


def say_as_client(agency: Agency, open_page: Callable[..., Page], ops: Page, phase: Phase) -> None:
    """A link of that team's, opened on a telephone by somebody who has no login, answered by keyboard."""
    ops.goto(f"/projects/{phase.project_id}")
    press(ops.get_by_role("link", name="Ask the client…"))
    ops.get_by_label("It opens until").fill(str(today() + timedelta(7)))
    ops.get_by_label("About").select_option(str(phase.id))
    press(ops.get_by_role("button", name="Make a link"))
    address = ops.locator("#client-link").inner_text()
    client = open_page(None, viewport=PHONE)
    watch = Watch(client, agency.base)
    client.goto(address)
    is_well_made(client, watch)
    press(client.get_by_label("unhappy", exact=True), "Space")
    client.keyboard.press("Tab")
    client.keyboard.type(WORDS)
    press(client.get_by_role("button", name="Send the answer"))
    expect(client.get_by_role("heading", level=1)).to_have_text("Thank you")
    is_well_made(client, watch)


def decide_idea(page: Page, watch: Watch, phase: Phase) -> None:
    """From the words on the team's page to an idea that is accepted."""
    page.goto(f"/projects/{phase.project_id}")
    team = page.locator(f"#phase-{phase.id}")
    press(team.get_by_text("What clients say of this team"))
    expect(team).to_contain_text(WORDS)
    is_well_made(page, watch)
    press(team.locator("li", has_text=WORDS).get_by_role("link", name="open this feedback"))
    page.wait_for_url("**/feedback/*")
    is_well_made(page, watch)
    press(page.get_by_role("button", name="Make it an idea"))
    expect(page.get_by_role("heading", name="Decide")).to_be_visible()
    page.get_by_label("State").select_option("accepted")
    page.get_by_label("Reason").fill(REASON)
    press(page.get_by_role("button", name="Decide"))
    expect(page.get_by_role("heading", name="What was decided")).to_be_visible()
    is_well_made(page, watch)


def change_template(page: Page, watch: Watch, template_id: int) -> None:
    """From the idea's page to what it changes; the version says why and out of what, and the idea what it changed."""
    idea = page.url
    press(page.get_by_role("link", name="Change a team template by it"))
    page.wait_for_url("**/ideas/*/templates")
    is_well_made(page, watch)
    press(page.get_by_role("link", name="Copywriter (Campaign team)"))
    expect(page.get_by_label("Why it changes")).to_have_value(re.compile(f"said yes: {REASON}$"))
    page.get_by_label("Effort").fill("70")
    page.locator("#styles-0-min").fill("3.5")
    is_well_made(page, watch)
    press(page.get_by_role("button", name="Save"))
    expect(page.locator(".eyebrow")).to_contain_text("Version 2")
    is_well_made(page, watch)
    page.goto(f"/templates/{template_id}/history")
    changed = page.locator("#version-2")
    for said in (REASON, f"Idea {idea.rpartition('/')[2]}", "50 % → 70 %"):
        expect(changed).to_contain_text(said)
    is_well_made(page, watch)
    page.goto(idea)
    press(page.get_by_role("main").get_by_role("link", name="Campaign team"))
    expect(page.locator("section:target")).to_contain_text(REASON)


def test_what_a_client_says_is_carried_by_the_next_role_need(agency: Agency, open_page: Callable[..., Page]) -> None:
    spoken_of, following = two_phases(agency)
    with Session(agency.engine) as session:
        template_id = session.scalars(select(TeamTemplate.id).where(TeamTemplate.name == "Campaign team")).one()
    page = open_page(RoleName.OPERATIONS)
    watch = Watch(page, agency.base)
    say_as_client(agency, open_page, page, spoken_of)
    decide_idea(page, watch, spoken_of)
    change_template(page, watch, template_id)

    page.goto(f"/phases/{following.id}/templates/{template_id}")
    is_well_made(page, watch)
    press(page.get_by_role("button", name="Add all of it"))
    expect(page.locator(f"#phase-{following.id}")).to_contain_text("From Campaign team")
    with Session(agency.engine) as session:
        needs = session.get_one(Phase, following.id).needs
        need = next(need for need in needs if need.title == "Copywriter" and need.fte_pct == 70)
        assert need.styles[0].min == 3.5
    page.goto(f"/needs/{need.id}/edit")
    expect(page.locator("#fte_pct")).to_have_value("70")
    expect(page.locator("#styles-0-min")).to_have_value("3.5")
    expect(page.locator("#origin")).to_contain_text("version 2")
    is_well_made(page, watch)


def test_overdue_card_shows_on_its_seat(agency: Agency, open_page: Callable[..., Page]) -> None:
    """On the page of who could sit there, and on that of the seat in a plan; moved to "Done", it is there no more."""
    name = "Find twelve households"
    with Session(agency.engine) as session:
        task = session.scalars(select(Task).where(Task.title.startswith(name))).one()
        assert task.seat is not None
        task_path, board_path = f"/tasks/{task.id}", f"/boards/{task.board_id}"
        seats = [f"/seats/{task.seat.key}/people", f"/plans/1/seats/{task.seat.key}"]
    page = open_page(RoleName.OPERATIONS)
    watch = Watch(page, agency.base)
    page.goto(f"{task_path}/edit")
    page.get_by_label("Starts").fill(str(today() - timedelta(9)))
    page.get_by_label("Due").fill(str(today() - timedelta(1)))
    press(page.get_by_role("button", name="Save"))
    expect(page.locator(".lede")).to_contain_text("and is late")
    is_well_made(page, watch)
    page.goto(board_path)
    expect(page.locator(".card", has_text=name)).to_contain_text("late")
    is_well_made(page, watch)
    for path in seats:
        page.goto(path)
        line = page.locator("#seat-tasks li", has_text=name)
        expect(line.locator(".chip")).to_have_text("late")
        is_well_made(page, watch)
        press(line.get_by_role("link", name=name))
        expect(page).to_have_url(f"{agency.base}{task_path}")
    page.get_by_label("Move to").select_option("Done")
    press(page.get_by_role("button", name="Move", exact=True))
    expect(page.locator(".lede")).to_contain_text("Done on")
    for path in seats:
        page.goto(path)
        expect(page.locator("#seat-tasks li", has_text="Survey of 800")).to_be_visible()
        expect(page.locator("#seat-tasks li", has_text=name)).to_have_count(0)


def test_duplicate_task_is_pointed_out_and_merged(agency: Agency, open_page: Callable[..., Page]) -> None:
    """Asked for once more on the department's board, by keyboard; the one that is there already keeps everything."""
    stays, double = "Competitors’ shelf space: photographs", "Photographs of competitors’ shelf space"
    with Session(agency.engine) as session:
        board_id = session.scalars(select(TaskBoard.id).where(TaskBoard.name == "Campaign requests")).one()
        first = session.scalars(select(Task).where(Task.title == stays)).one()
        first_id, spent = first.id, first.actual_h
        assert (first.estimate_h, spent) == (10, 10)
    page = open_page(RoleName.OPERATIONS)
    watch = Watch(page, agency.base)
    page.goto(f"/tasks/add/{board_id}")
    page.get_by_label("Title").focus()
    page.keyboard.type(double)
    page.get_by_label("Estimate").fill("12")
    page.get_by_label("Spent").fill("2")
    page.get_by_label("Checklist").fill("Ask the shops first")
    is_well_made(page, watch)
    press(page.get_by_role("button", name="Save"))
    press(page.locator(".card").get_by_role("link", name=double))
    notice = page.locator(".notice", has_text="Another team seems to do the same")
    expect(notice.get_by_role("link", name=stays)).to_be_visible()
    is_well_made(page, watch)
    page.goto("/alike")
    pair = page.locator(".alike > li", has_text=double)
    expect(pair).to_contain_text(stays)
    is_well_made(page, watch)
    press(pair.get_by_role("link", name=f"Merge “{double}” into “{stays}”…"))
    expect(page.get_by_label("The other task")).not_to_have_value("")
    is_well_made(page, watch)
    press(page.get_by_role("button", name="Merge"))
    expect(page).to_have_url(f"{agency.base}/tasks/{first_id}")
    expect(page.locator("main")).to_contain_text("was merged into this")
    expect(page.locator("main")).to_contain_text("Ask the shops first")
    expect(page.locator("aside")).to_contain_text("12 h")
    is_well_made(page, watch)
    page.goto("/alike")
    expect(page.locator(".alike > li", has_text=double)).to_have_count(0)
    page.goto(f"/boards/{board_id}")
    expect(page.locator(".card", has_text=double)).to_have_count(0)
    with Session(agency.engine) as session:
        kept = session.get_one(Task, first_id)
        assert (kept.estimate_h, kept.actual_h) == (12, spent + 2)
        assert [gone.title for gone in session.scalars(select(Task).where(Task.merged_into_id == first_id))] == [double]
