"""A plan's sheet leaves, is changed where people like to, comes back late, and nothing of anybody's is lost."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from databases import on_both
from openpyxl import Workbook, load_workbook
from pages import CheckedClient
from programs import Program
from ready import ready_plan
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import Allocation, Decision, Plan, PlanVersion, RoleName, SheetCopy, SheetReturn, User, now
from planner.schemas.planning_plans import AcceptSaid
from planner.services.planning import by_hand, deciding
from planner.services.planning.by_hand import Assign, MovePhase, TakeOff
from planner.services.planning.reading import solution_of
from planner.services.sheets import copies

Edit = Callable[[Any], None]


@pytest.fixture
def by(user: Callable[..., User]) -> User:
    return user(RoleName.PROJECT_MANAGER, name="Inès Caron")


@pytest.fixture
def plan(session: Session, by: User) -> Plan:
    """Ann develops, Bea writes, nobody edits; "cut" is not scheduled yet."""
    return ready_plan(session, by, starts={"cut": 0}, holders={"dev": "ann", "copy": "bea", "editor": "ben"})


def leave(client: CheckedClient, plan: Plan, kind: str = "xlsx") -> bytes:
    answer = client.send(f"/plans/{plan.id}/sheet", {"format": kind}, page=f"/plans/{plan.id}/export")
    assert answer.status_code == 200
    return answer.data


def cells(sheet: Any) -> dict[tuple[str, str], Any]:
    """The cells of a sheet by the id of their row and the title of their column."""
    titles = [cell.value for cell in sheet[1]]
    id_col = next(num for num, title in enumerate(titles) if str(title).startswith("Id ("))
    return {
        (row[id_col].value, title): cell
        for row in sheet.iter_rows(min_row=2)
        for title, cell in zip(titles, row, strict=True)
    }


def changed(data: bytes, edits: dict[tuple[str, str], Any]) -> bytes:
    """The workbook with some cells written over, as a person would."""
    book = load_workbook(io.BytesIO(data))
    found = cells(book.worksheets[0])
    for place, value in edits.items():
        found[place].value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def bring(client: CheckedClient, plan: Plan, data: bytes, name: str = "sheet.xlsx") -> str:
    """Brings a sheet back, and gives the address of the comparison."""
    answer = client.send(f"/plans/{plan.id}/sheets/add", {"file": (io.BytesIO(data), name)})
    assert answer.status_code == 303, answer.text
    return answer.location


def take(client: CheckedClient, session: Session, plan: Plan, page: str, **said: str) -> Any:
    return client.send(page, {"version": str(version_of(session, plan)), "reason": "From the sheet.", **said})


def version_of(session: Session, plan: Plan) -> int:
    """The plan's present version; the session lets go of the database afterwards."""
    session.refresh(plan)
    session.commit()
    return plan.version


def seen(session: Session, statement: Any) -> Any:
    """What is there now; the session lets go of the database afterwards."""
    session.commit()
    found = session.scalars(statement).all()
    session.commit()
    return found


def standing(session: Session, plan: Plan) -> tuple[dict[str, str], dict[str, int]]:
    session.expire_all()
    found = solution_of(session.get_one(Plan, plan.id))
    session.commit()
    return dict(found.holders), dict(found.starts)


def test_sheet_says_what_it_was_made_from(pm: CheckedClient, session: Session, plan: Plan) -> None:
    book = load_workbook(io.BytesIO(leave(pm, plan)))
    copy = seen(session, select(SheetCopy))[0]
    assert [sheet.title for sheet in book][:2] == ["Seats", "_lists"]
    about = " ".join(str(row[0].value) for row in book["About this file"].iter_rows())
    assert f"plan 1, “Spring”, as of its version {copy.version_number}" in about
    assert copy.code in about
    assert book["Seats"].cell(1, 10).value == f"Id ({copy.code})"
    assert {book[name].sheet_state for name in ("_planner", "_lists")} == {"veryHidden"}


def test_unchanged_sheet_brings_nothing(pm: CheckedClient, session: Session, plan: Plan) -> None:
    for kind in ("xlsx", "csv"):
        page = pm.get(bring(pm, plan, leave(pm, plan, kind), f"sheet.{kind}")).text
        assert "brings nothing new" in page
    assert seen(session, select(PlanVersion.number)) == [1]


def test_change_of_the_sheet_is_taken_as_one_version_and_undone_as_one(
    pm: CheckedClient, session: Session, plan: Plan
) -> None:
    before = standing(session, plan)
    data = changed(leave(pm, plan), {("dev", "Person"): "Ben Ode", ("editor", "Person"): None})
    page = bring(pm, plan, data)
    assert "<b>2 changes</b> merge by themselves" in pm.get(page).text
    assert standing(session, plan) == before
    assert take(pm, session, plan, page).status_code == 303
    assert standing(session, plan)[0] == {"dev": "ben", "copy": "bea"}
    assert seen(session, select(PlanVersion.number)) == [1, 2]
    assert {one.reason for one in seen(session, select(Decision))} == {"From the sheet."}
    undone = pm.send(f"{page}/undo", {"version": str(version_of(session, plan))}, page=page)
    assert undone.status_code == 303
    assert standing(session, plan) == before
    assert seen(session, select(PlanVersion.number)) == [1, 2, 3]


def test_same_sheet_twice_changes_nothing_the_second_time(pm: CheckedClient, session: Session, plan: Plan) -> None:
    data = changed(leave(pm, plan), {("dev", "Person"): "Ben Ode"})
    take(pm, session, plan, bring(pm, plan, data))
    again = bring(pm, plan, data)
    assert "brings nothing new" in pm.get(again).text
    assert seen(session, select(PlanVersion.number)) == [1, 2]


@on_both
def test_edits_of_both_sides_merge_and_only_the_true_conflict_is_asked(
    pm: CheckedClient, session: Session, plan: Plan, by: User
) -> None:
    data = changed(leave(pm, plan), {("dev", "Person"): "Ben Ode", ("copy", "Person"): "Ann Lee"})
    version_of(session, plan)
    by_hand.apply_all(session, plan, [Assign("dev", "cy"), TakeOff("editor")], "Meanwhile.", plan.version, by=by)
    session.commit()
    page = bring(pm, plan, data)
    text = pm.get(page).text
    assert "<b>1 change</b> merges by itself" in text
    assert text.count('type="radio"') == 2
    refused = take(pm, session, plan, page)
    assert refused.status_code == 409
    assert "Choose for each cell that both sides have changed" in refused.text
    assert standing(session, plan)[0] == {"dev": "cy", "copy": "bea"}
    assert take(pm, session, plan, page, **{"choose:seat:dev|person": "sheet"}).status_code == 303
    assert standing(session, plan)[0] == {"dev": "ben", "copy": "ann"}


def test_theirs_may_be_kept(pm: CheckedClient, session: Session, plan: Plan, by: User) -> None:
    data = changed(leave(pm, plan), {("dev", "Person"): "Ben Ode", ("copy", "Person"): "Ann Lee"})
    version_of(session, plan)
    by_hand.apply(session, plan, Assign("dev", "cy"), "Meanwhile.", plan.version, by=by)
    session.commit()
    take(pm, session, plan, bring(pm, plan, data), **{"choose:seat:dev|person": "present"})
    assert standing(session, plan)[0]["dev"] == "cy"
    assert standing(session, plan)[0]["copy"] == "ann"


def test_start_of_a_movable_phase_comes_back(pm: CheckedClient, session: Session, plan: Plan) -> None:
    data = changed(leave(pm, plan), {("editor", "Phase starts"): date(2027, 1, 18)})
    take(pm, session, plan, bring(pm, plan, data))
    assert standing(session, plan)[1]["cut"] == 2


def test_start_that_cannot_be_is_told_at_its_cell(pm: CheckedClient, session: Session, plan: Plan) -> None:
    before = standing(session, plan)
    data = changed(leave(pm, plan), {("editor", "Phase starts"): date(2027, 1, 19)})
    text = pm.get(bring(pm, plan, data)).text
    assert "The phase cannot start then" in text
    assert ">I4<" in text
    assert standing(session, plan) == before


def test_unknown_name_is_asked_and_never_guessed(pm: CheckedClient, session: Session, plan: Plan) -> None:
    page = bring(pm, plan, changed(leave(pm, plan), {("dev", "Person"): "Ben Odee"}))
    text = pm.get(page).text
    assert "Names that nobody has" in text
    assert '<option value="ben">Ben Ode</option>' in text
    take(pm, session, plan, page)
    assert standing(session, plan)[0]["dev"] == "ann"
    page = bring(pm, plan, changed(leave(pm, plan), {("dev", "Person"): "Ben Odee"}))
    take(pm, session, plan, page, **{"name:dev": "ben"})
    assert standing(session, plan)[0]["dev"] == "ben"


def test_cells_to_be_read_and_agreed_seats_are_told_one_by_one(
    pm: CheckedClient, session: Session, plan: Plan, by: User
) -> None:
    data = leave(pm, plan)
    version_of(session, plan)
    deciding.accept(session, plan, AcceptSaid(seats=["dev"], reason="Agreed."), plan.version, by=by)
    session.commit()
    text = pm.get(bring(pm, plan, changed(data, {("dev", "Person"): "Ben Ode", ("copy", "Role"): "Author"}))).text
    assert "The seat is agreed." in text
    assert "“Role” is there to be read" in text
    assert "brings nothing new" in text


def test_reader_without_the_right_is_told_cell_by_cell(
    client_of: Callable[..., CheckedClient], pm: CheckedClient, session: Session, plan: Plan
) -> None:
    reader = client_of(RoleName.EXECUTIVE)
    data = changed(leave(pm, plan), {("dev", "Person"): "Ben Ode", ("editor", "Phase starts"): date(2027, 1, 18)})
    page = bring(reader, plan, data)
    text = reader.get(page).text
    assert text.count("You have no right to change") == 2
    assert "Take the sheet" not in text
    assert reader.send(page, {"version": str(version_of(session, plan))}).status_code == 403
    assert standing(session, plan)[0]["dev"] == "ann"


def reshaped(data: bytes) -> bytes:
    """The sheet alone, sorted backwards, a column of somebody's own put first, nothing hidden left."""
    source = load_workbook(io.BytesIO(data))["Seats"]
    rows: Iterator[tuple[Any, ...]] = source.iter_rows(values_only=True)
    head, *body = rows
    book = Workbook()
    book.active.append(["My notes", *head])
    for row in reversed(body):
        book.active.append(["?", *row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_sheet_whose_hidden_sheet_was_stripped_still_merges(
    pm: CheckedClient, session: Session, plan: Plan, by: User
) -> None:
    data = changed(leave(pm, plan), {("copy", "Person"): "Ann Lee"})
    version_of(session, plan)
    by_hand.apply(session, plan, TakeOff("editor"), "Meanwhile.", plan.version, by=by)
    session.commit()
    page = bring(pm, plan, reshaped(data))
    text = pm.get(page).text
    assert "<b>1 change</b> merges by itself" in text
    assert "It left from plan 1, version 1" in text
    assert "The rows stand in another order" in text
    assert "My notes" in text
    take(pm, session, plan, page)
    assert standing(session, plan)[0] == {"dev": "ann", "copy": "ann"}


def test_sheet_of_an_earlier_plan_is_compared_with_the_one_in_force(
    pm: CheckedClient, session: Session, plan: Plan, by: User
) -> None:
    data = changed(leave(pm, plan), {("dev", "Person"): "Ben Ode"})
    version_of(session, plan)
    later = ready_plan(session, by, number=5, title="Summer", in_force_since=now(), starts={"cut": 2},
                       holders={"dev": "ann", "editor": "ben"})  # fmt: skip
    page = bring(pm, later, data)
    text = pm.get(page).text
    assert "It left from plan 1, version 1" in text
    assert "<b>1 change</b> merges by itself" in text
    assert 'type="radio"' not in text
    take(pm, session, later, page)
    assert standing(session, later) == ({"dev": "ben", "editor": "ben"}, {"build": 0, "cut": 2})
    assert standing(session, plan)[0]["dev"] == "ann"


def test_code_of_another_installation_is_not_believed(pm: CheckedClient, session: Session, plan: Plan) -> None:
    data = changed(leave(pm, plan), {("dev", "Person"): "Ben Ode"})
    copy = seen(session, select(SheetCopy))[0]
    copy.checksum = "0" * 64
    session.commit()
    page = bring(pm, plan, data)
    text = pm.get(page).text
    assert "What it left with is not known here" in text
    assert text.count('type="radio"') == 2
    take(pm, session, plan, page, **{"choose:seat:dev|person": "sheet"})
    assert standing(session, plan)[0]["dev"] == "ben"


def test_rule_that_breaks_wants_a_reason(pm: CheckedClient, session: Session, plan: Plan) -> None:
    page = bring(pm, plan, changed(leave(pm, plan), {("dev", "Person"): "Béa Roux"}))
    assert "breaks" in pm.get(page).text
    refused = take(pm, session, plan, page, reason="")
    assert refused.status_code == 409
    assert standing(session, plan)[0]["dev"] == "ann"


def test_sheet_that_comes_too_late_to_be_undone_says_so(
    pm: CheckedClient, session: Session, plan: Plan, by: User
) -> None:
    page = bring(pm, plan, changed(leave(pm, plan), {("copy", "Person"): "Ann Lee"}))
    take(pm, session, plan, page)
    version_of(session, plan)
    by_hand.apply(session, plan, MovePhase("cut", 1), "Later.", plan.version, by=by)
    session.commit()
    pm.send(f"{page}/undo", {"version": str(version_of(session, plan))}, page=page)
    assert "The plan was changed after the sheet was taken" in pm.get(f"/plans/{plan.id}").text
    assert standing(session, plan)[0]["copy"] == "ann"


def test_erased_person_is_in_no_copy(pm: CheckedClient, session: Session, plan: Plan) -> None:
    bring(pm, plan, changed(leave(pm, plan), {("dev", "Person"): "Cy Trent"}))
    session.commit()
    copies.forget_person(session, "ann", "Ann Lee")
    copies.forget_person(session, "cy", "Cy Trent")
    session.commit()
    assert "Ann Lee" not in str(copies.document_of(seen(session, select(SheetCopy))[0]))
    assert seen(session, select(SheetReturn)) == []


def test_file_that_is_no_plan_sheet_is_refused_at_its_field(pm: CheckedClient, session: Session, plan: Plan) -> None:
    for data, name, sentence in (
        (b"a,b\n1,2\n", "x.csv", "No sheet in this file has the column Id"),
        (b"%PDF-1.7", "x.xlsx", "This is not a spreadsheet."),
        (b"", "x.csv", "There is nothing in this file"),
    ):
        answer = pm.send(f"/plans/{plan.id}/sheets/add", {"file": (io.BytesIO(data), name)})
        assert answer.status_code == 422
        assert sentence in answer.text
    assert seen(session, select(SheetReturn)) == []
    assert len(seen(session, select(Allocation))) == 3


# -- the same through the API


def through_api(program: Program, plan: Plan, data: bytes) -> Any:
    said = {"file_name": "sheet.xlsx", "data": base64.b64encode(data).decode()}
    return program.post(f"/plans/{plan.id}/sheet-returns", said)


def test_sheet_goes_and_comes_back_through_the_api(program: Program, session: Session, plan: Plan, by: User) -> None:
    left = program.post(f"/plans/{plan.id}/sheet-copies", {"format": "xlsx"})
    assert left.status_code == 200
    data = changed(left.data, {("dev", "Person"): "Ben Ode", ("copy", "Person"): "Ann Lee"})
    version_of(session, plan)
    by_hand.apply(session, plan, Assign("dev", "cy"), "Meanwhile.", plan.version, by=by)
    session.commit()
    found = through_api(program, plan, data)
    assert found.status_code == 201
    assert (found.json["from_version"], found.json["is_nothing_new"]) == (1, False)
    assert [(one["key"], one["then"], one["sheet"], one["present"]) for one in found.json["conflicts"]] == [
        ("seat:dev|person", "ann", "ben", "cy")
    ]
    assert [one["key"] for one in found.json["merged"]] == ["seat:copy|person"]
    address = f"/plans/{plan.id}/sheet-returns/{found.json['id']}"
    assert program.get(address).json == found.json
    said: dict[str, Any] = {"reason": "From the sheet."}
    refused = program.post(f"{address}/take", said, version=version_of(session, plan))
    assert (refused.status_code, refused.json["code"]) == (409, "sheet_wants_choices")
    said["choices"] = {"seat:dev|person": "sheet"}
    taken = program.post(f"{address}/take", said, version=version_of(session, plan))
    assert taken.status_code == 200, taken.json
    assert standing(session, plan)[0] == {"dev": "ben", "copy": "ann", "editor": "ben"}
    undone = program.post(f"{address}/undo", version=version_of(session, plan))
    assert undone.status_code == 200, undone.json
    assert standing(session, plan)[0] == {"dev": "cy", "copy": "bea", "editor": "ben"}


def test_bad_file_is_refused_by_the_api_in_the_words_of_the_page(program: Program, plan: Plan) -> None:
    refused = through_api(program, plan, b"%PDF-1.7")
    assert (refused.status_code, refused.json["code"]) == (422, "not_valid")
    assert refused.json["errors"][0]["code"] == "file_is_no_sheet"
    assert refused.json["errors"][0]["message"].startswith("This is not a spreadsheet.")


# -- rows that people delete, double, or make up


def with_rows(data: bytes, change: Callable[[Any], None]) -> bytes:
    book = load_workbook(io.BytesIO(data))
    change(book["Seats"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_deleted_row_takes_nobody_off_and_is_told(pm: CheckedClient, session: Session, plan: Plan) -> None:
    text = pm.get(bring(pm, plan, with_rows(leave(pm, plan), lambda sheet: sheet.delete_rows(2)))).text
    assert "1 seat is not in the sheet any more and stays as it is" in text
    assert "brings nothing new" in text


def test_doubled_unknown_and_nameless_rows_are_told_one_by_one(pm: CheckedClient, session: Session, plan: Plan) -> None:
    def change(sheet: Any) -> None:
        first = [cell.value for cell in sheet[2]]
        sheet.append([*first[:7], "Ben Ode", *first[8:]])
        sheet.append([*first[:9], "made-up"])
        sheet.append([*first[:9], None])

    before = standing(session, plan)
    text = pm.get(bring(pm, plan, with_rows(leave(pm, plan), change))).text
    assert text.count("stands in the sheet more than once") == 2
    assert "No seat of the plan has the id made-up." in text
    assert "The row has no id." in text
    assert "brings nothing new" in text
    assert standing(session, plan) == before


def test_header_that_was_moved_down_is_found(pm: CheckedClient, session: Session, plan: Plan) -> None:
    data = changed(leave(pm, plan), {("dev", "Person"): "Ben Ode"})
    page = bring(pm, plan, with_rows(data, lambda sheet: sheet.insert_rows(1, 3)))
    assert "<b>1 change</b> merges by itself" in pm.get(page).text
