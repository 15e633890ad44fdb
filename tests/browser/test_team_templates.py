"""A template in a browser: to a phase, changed with a reason, told at the need, and carried by the next one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from agencies import Agency, sample_agency
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.jobs.solving import writing
from planner.models import FinishedWork, Idea, IdeaState, Phase, RoleName, WorkStyle, today

pytestmark = pytest.mark.browser

REASON = "Mistakes went to print in two campaigns."


@pytest.fixture(scope="module")
def agency(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agency]:
    """A company of its own, whose phases may change."""
    with sample_agency(tmp_path_factory.mktemp("templates")) as made:
        yield made


def two_phases(agency: Agency) -> tuple[int, int]:
    with Session(agency.engine) as session:
        found = session.scalars(select(Phase).order_by(Phase.id).limit(2)).all()
        return found[0].id, found[1].id


def add(page: Page, phase: int) -> None:
    page.goto(f"/phases/{phase}/templates")
    page.get_by_role("link", name="Campaign team").click()
    expect(page.locator(".lede")).to_contain_text("6 role needs")
    page.get_by_role("button", name="Add all of it").click()
    expect(page.locator(f"#phase-{phase}")).to_contain_text("From Campaign team")


def test_a_changed_template_is_told_at_its_needs_and_the_next_one_carries_it(
    agency: Agency, open_page: Callable[..., Page]
) -> None:
    first, second = two_phases(agency)
    page = open_page(RoleName.OPERATIONS)
    add(page, first)
    expect(page.locator("#flashes")).to_contain_text("can be taken back as a whole")

    page.goto("/templates")
    page.get_by_role("link", name="Campaign team").click()
    page.get_by_role("link", name="Edit Copywriter").click()
    page.get_by_label("Effort").fill("70")
    page.locator("#styles-0-min").fill("3.5")
    page.get_by_label("Why it changes").fill(REASON)
    page.get_by_label("What led to it").fill("idea 12")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".eyebrow")).to_contain_text("Version 2")
    page.get_by_role("link", name="All versions").click()
    expect(page.locator("#version-2")).to_contain_text(REASON)
    expect(page.locator("#version-2")).to_contain_text("50 % → 70 %")

    page.goto("/needs?q=Copywriter")
    with Session(agency.engine) as session:
        old = next(need.id for need in session.get_one(Phase, first).needs if need.title == "Copywriter")
    page.goto(f"/needs/{old}/edit")
    expect(page.locator("#origin")).to_contain_text("The template is at version 2, and says now:")
    expect(page.locator("#fte_pct")).to_have_value("50")
    page.get_by_role("button", name="Take this over").click()
    expect(page.locator("#fte_pct")).to_have_value("70")

    add(page, second)
    with Session(agency.engine) as session:
        new = next(need.id for need in session.get_one(Phase, second).needs if need.title == "Copywriter")
    page.goto(f"/needs/{new}/edit")
    expect(page.locator("#fte_pct")).to_have_value("70")
    expect(page.locator("#styles-0-min")).to_have_value("3.5")
    expect(page.locator("#origin")).to_contain_text("version 2")
    page.wait_for_load_state("networkidle")


def test_what_work_like_it_took_is_offered_while_a_need_is_typed(
    agency: Agency, open_page: Callable[..., Page]
) -> None:
    first, _second = two_phases(agency)
    with writing(agency.engine) as session:
        kind = session.get_one(Phase, first).project.kind
        session.add_all(
            FinishedWork(role="Lantern maker", kind=kind, planned_periods=10, actual_periods=actual, ended_on=today())
            for actual in (12.0, 12.4, 12.8)
        )
    page = open_page(RoleName.OPERATIONS)
    page.goto(f"/needs/phases/{first}/add")
    page.get_by_label("Effort").fill("50")
    page.get_by_label("Role", exact=True).fill("lantern maker")
    expect(page.locator("#effort-offer")).to_contain_text("3 role needs like it")
    page.get_by_role("button", name="Take 60 %").click()
    expect(page.locator("#fte_pct")).to_have_value("60")
    expect(page.get_by_label("Role", exact=True)).to_have_value("lantern maker")
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize(("look", "role"), [("light", "Account lead"), ("dark", "Art director")])
def test_an_accepted_idea_changes_a_template_and_the_next_need_carries_it(
    agency: Agency, open_page: Callable[..., Page], look: str, role: str
) -> None:
    with writing(agency.engine) as session:
        style = session.scalars(select(WorkStyle).where(WorkStyle.is_on).order_by(WorkStyle.id.desc())).first()
        assert style is not None
        said = {"state_reason": "It costs little", "state_by": "Bea", "style_id": style.id}
        idea = Idea(title=f"Proofs are read twice ({look})", state=IdeaState.ACCEPTED, **said)
        phase = session.scalars(select(Phase).order_by(Phase.id.desc())).first()
        assert phase is not None
        launch = Phase(
            key=f"f-{look}", project=phase.project, name=f"Launch {look}", duration=8,
            earliest_on=phase.earliest_on, latest_on=phase.latest_on,
        )  # fmt: skip
        session.add_all([idea, launch])
        session.flush()
        idea_id, style_id, phase_id = idea.id, style.id, launch.id
    page = open_page(RoleName.OPERATIONS, color_scheme=look)
    page.goto(f"/ideas/{idea_id}")
    page.get_by_role("link", name="Change a team template by it").click()
    page.get_by_role("link", name=f"{role} (Campaign team)").click()
    expect(page.get_by_label("Why it changes")).to_have_value(
        f"Proofs are read twice ({look}). Bea said yes: It costs little"
    )
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#flashes")).to_contain_text("The role need of the template was saved.")
    page.goto(f"/ideas/{idea_id}")
    page.get_by_role("main").get_by_role("link", name="Campaign team").click()
    expect(page.locator("section:target")).to_contain_text(f"Idea {idea_id}: Proofs are read twice ({look})")
    add(page, phase_id)
    with Session(agency.engine) as session:
        carried = next(need for need in session.get_one(Phase, phase_id).needs if need.title == role)
        assert style_id in [line.style_id for line in carried.styles]
    page.wait_for_load_state("networkidle")
