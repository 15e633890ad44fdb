"""A sheet left from plan 3; two people change the plan and the sheet; plan 5 is in force when the sheet comes back."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from agencies import Agency, sample_agency
from browsing import DESKTOP, PATIENCE_MS, PHONE, Watch, log_in
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.jobs.solving import writing
from planner.models import Allocation, PhaseStart, Plan, PlanVersion, RoleName, VersionKind, now
from planner.services.planning import by_hand, versions
from planner.services.planning.by_hand import Assign
from planner.services.planning.reading import question_of, solution_of

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def agency(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agency]:
    """A company of its own: what is changed here is seen by no other test."""
    with sample_agency(tmp_path_factory.mktemp("sheets")) as made:
        yield made


def plan_like(session: Session, first: Plan, number: int, *, is_in_force: bool = False) -> Plan:
    """Another plan that answers as the first one does."""
    plan = Plan(
        number=number, title=f"Plan {number}", request_token=f"like-{number}", state=first.state, request=first.request,
        starts_on=first.starts_on, num_periods=first.num_periods, question=first.question, answer=first.answer,
        status=first.status, objective=first.objective, bound=first.bound, num_seats=first.num_seats,
        num_filled=first.num_filled, num_people=first.num_people, cost=first.cost,
        allocations=[Allocation(seat_key=one.seat_key, person_key=one.person_key) for one in first.allocations],
        phase_starts=[PhaseStart(phase_key=one.phase_key, start_idx=one.start_idx) for one in first.phase_starts],
        in_force_since=now() if is_in_force else None,
    )  # fmt: skip
    session.add(plan)
    session.flush()
    versions.keep(session, plan, by=None, kind=VersionKind.ANSWER)
    return plan


def holders(agency: Agency, plan_id: int) -> dict[str, str]:
    with Session(agency.engine) as session:
        return dict(solution_of(session.get_one(Plan, plan_id)).holders)


def edited(data: bytes, edits: dict[str, str]) -> bytes:
    """The sheet sorted by person, as somebody would read it, with other people on some seats."""
    book = load_workbook(io.BytesIO(data))
    sheet = book["Seats"]
    head, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    person = head.index("Person")
    ident = next(num for num, title in enumerate(head) if str(title).startswith("Id ("))
    for row in rows:
        row[person] = edits.get(row[ident], row[person])
    for num, row in enumerate(sorted(rows, key=lambda row: str(row[person])), 2):
        for col, value in enumerate(row, 1):
            sheet.cell(num, col).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def free_people(plan: Plan, num: int) -> list[Any]:
    """People of the plan who hold no seat."""
    busy = set(solution_of(plan).holders.values())
    return [one for one in question_of(plan).people if one.id not in busy and one.name][:num]


@pytest.mark.parametrize("with_scripts", [True, False], ids=["scripts", "no-scripts"])
def test_sheet_of_plan_3_comes_back_while_plan_5_is_in_force_and_only_the_true_conflict_is_asked(
    chromium: Browser, agency: Agency, tmp_path: Path, with_scripts: bool
) -> None:
    base = 0 if with_scripts else 10
    with writing(agency.engine) as session:
        for other in session.scalars(select(Plan).where(Plan.in_force_since.is_not(None))):
            other.in_force_since = None
        first = session.scalars(select(Plan).order_by(Plan.number)).first()
        assert first is not None
        third = plan_like(session, first, base + 3)
        third_id = third.id
        contested, mine, theirs = list(solution_of(third).holders)[:3]
        people = free_people(third, 4)
    context = chromium.new_context(
        viewport=DESKTOP, locale="en-GB", base_url=agency.base, java_script_enabled=with_scripts
    )
    context.set_default_timeout(PATIENCE_MS)
    log_in(context, agency.app, agency.base, agency.user(RoleName.PROJECT_MANAGER))
    page = context.new_page()

    # the sheet leaves from plan 3, and somebody edits it
    page.goto(f"/plans/{third_id}/export")
    with page.expect_download() as leaving:
        page.get_by_role("button", name="Download as Excel").click()
    sheet = tmp_path / "plan.xlsx"
    sheet.write_bytes(
        edited(Path(leaving.value.path()).read_bytes(), {contested: people[0].name, mine: people[1].name})
    )

    # meanwhile plan 5 comes into force, and somebody else changes it
    with writing(agency.engine) as session:
        fifth = plan_like(session, session.get_one(Plan, third_id), base + 5, is_in_force=True)
        by = agency.user(RoleName.OPERATIONS)
        meanwhile = [Assign(contested, people[2].id), Assign(theirs, people[3].id)]
        by_hand.apply_all(session, fifth, meanwhile, "They asked.", fifth.version, by=by)
        fifth_id = fifth.id
    before = holders(agency, fifth_id)

    # the sheet comes back, from the page of the plan that it left from
    page.goto(f"/plans/{third_id}/sheets/add")
    page.get_by_role("link", name=f"Bring it back to plan {base + 5}, which is").click()
    page.get_by_label("Sheet (XLSX, XLS, ODS or CSV)").set_input_files(sheet)
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What the sheet brings")
    expect(page.locator("main")).to_contain_text(f"It left from plan {base + 3}, version 1")
    expect(page.locator("main")).to_contain_text("The rows stand in another order")
    assert page.get_by_role("radio").count() == 2
    assert holders(agency, fifth_id) == before

    # only the true conflict is asked; nothing is taken before it is answered
    page.get_by_label("Reason").fill("The client asked for them.")
    page.get_by_role("button", name="Take the sheet").click()
    expect(page.locator("main")).to_contain_text("Choose for each cell that both sides have changed")
    assert holders(agency, fifth_id) == before
    page.get_by_role("radio", name=people[0].name).focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Take the sheet").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A sheet that is taken")
    assert holders(agency, fifth_id) == {**before, contested: people[0].id, mine: people[1].id}
    with Session(agency.engine) as session:
        kinds = session.scalars(select(PlanVersion.kind).where(PlanVersion.plan_id == fifth_id)).all()
    assert kinds == [VersionKind.ANSWER, VersionKind.BY_HAND, VersionKind.MERGED]

    # the same sheet once more changes nothing, and says so
    bring_again(page, fifth_id, sheet)
    expect(page.locator("main")).to_contain_text("The sheet brings nothing new")

    # undone as one
    page.go_back()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("A sheet that is taken")
    page.get_by_role("button", name="Undo the sheet").click()
    expect(page.locator("main")).to_contain_text("The sheet is undone")
    assert holders(agency, fifth_id) == before
    context.close()


def bring_again(page: Page, plan_id: int, sheet: Path) -> None:
    page.goto(f"/plans/{plan_id}/sheets/add")
    page.get_by_label("Sheet (XLSX, XLS, ODS or CSV)").set_input_files(sheet)
    page.get_by_role("button", name="Compare").click()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_pages_of_sheets_are_no_wider_than_their_window(
    chromium: Browser, agency: Agency, size: Any, tmp_path: Path
) -> None:
    context = chromium.new_context(viewport=size, locale="en-GB", base_url=agency.base)
    context.set_default_timeout(PATIENCE_MS)
    log_in(context, agency.app, agency.base, agency.user(RoleName.PROJECT_MANAGER))
    page = context.new_page()
    watch = Watch(page, agency.base)
    with Session(agency.engine) as session:
        plan = session.scalars(select(Plan).order_by(Plan.number)).first()
        assert plan is not None
        plan_id, seat = plan.id, next(iter(solution_of(plan).holders))
        person = free_people(plan, 1)[0].name
    page.goto(f"/plans/{plan_id}/export")
    with page.expect_download() as leaving:
        page.get_by_role("button", name="Download as Excel").click()
    sheet = tmp_path / "plan.xlsx"
    sheet.write_bytes(edited(Path(leaving.value.path()).read_bytes(), {seat: person}))
    assert watch.faults() == []
    bring_again(page, plan_id, sheet)
    expect(page.get_by_role("heading", level=1)).to_have_text("What the sheet brings")
    assert watch.faults() == []
    context.close()
