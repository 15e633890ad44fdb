"""The workbook: real dates and numbers, no text that comes alive, and the way back to the plan."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any

import agency
import build
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from planner.exchange import ExportError, export, workbook
from planner.exchange.workbook import MOST_FOOTER, MOST_HEIGHT, MOST_UNITS, cell_text, height_of, most_lines, sheet_name
from planner.translate.report import PlanReport, report
from solver.solution import Solution

SHEETS = ["Summary", "Role requirements", "Staff assigned", "Week by week", "Gaps", "Hires", "Reasons"]


def book_of(plan: PlanReport, edition: str = "organisers", language: str = "en") -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(export(plan, "xlsx", edition, language).data))


def rows_of(sheet: Worksheet) -> list[dict[str, Any]]:
    """The rows under the header, by their titles."""
    head, *rows = list(sheet.iter_rows(min_row=2, values_only=True))
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


@pytest.fixture(scope="module")
def book() -> openpyxl.Workbook:
    return book_of(agency.plan())


def test_sheets_stand_in_the_order_of_reading_and_the_record_is_hidden(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == [*SHEETS, "_plan"]
    assert [sheet.sheet_state for sheet in book] == ["visible"] * 7 + ["hidden"]


def test_each_sheet_says_which_plan_it_is_from(book: openpyxl.Workbook) -> None:
    for name in SHEETS:
        line = book[name]["B1"].value
        assert line.startswith(
            "Plan 12, version 3 · generated Jan 18, 2027, 09:41 UTC by Inès Caron · organisers’ edition"
        )


def test_headers_are_frozen_filtered_and_repeated_on_paper(book: openpyxl.Workbook) -> None:
    for name in SHEETS:
        sheet = book[name]
        assert sheet.freeze_panes == "C3"
        assert sheet.auto_filter.ref.startswith("B2:")
        assert sheet.print_title_rows == "$1:$2"
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        assert sheet.column_dimensions["A"].hidden


def test_dates_are_dates_and_numbers_are_numbers(book: openpyxl.Workbook) -> None:
    seat = rows_of(book["Staff assigned"])[0]
    assert (seat["From"], seat["To"]) == (datetime(2027, 1, 4), datetime(2027, 3, 14))  # noqa: DTZ001
    assert seat["Effort (%)"] == 50
    assert seat["Staff cost (EUR)"] == agency.LEA_COST * 5
    assert all(cell.is_date for cell in book["Staff assigned"]["I"][2:])


def test_negative_number_stays_a_number(book: openpyxl.Workbook) -> None:
    points = {row["Item"]: row["Value"] for row in rows_of(book["Summary"])}
    assert isinstance(points["Hire costs"], int)
    assert points["Hire costs"] < 0


def test_text_never_becomes_a_formula(book: openpyxl.Workbook) -> None:
    types = {cell.value: cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert {types[text] for text in ("=SUM(A1:A9)", "-5", "Léa =Martin", "@consent")} == {"s"}
    assert "f" not in types.values()
    parts = zipfile.ZipFile(io.BytesIO(export(agency.plan(), "xlsx").data))
    assert not [name for name in parts.namelist() if b"<f>" in parts.read(name)]


def test_text_that_looks_like_a_formula_stays_text_when_its_cell_is_edited(book: openpyxl.Workbook) -> None:
    quoted = {cell.value: cell.quotePrefix for cell in book["Role requirements"]["D"]}
    assert {text: quoted[text] for text in ("=SUM(A1:A9)", "-5", "@consent", "SEO\nlead")} == {
        "=SUM(A1:A9)": True, "-5": True, "@consent": True, "SEO\nlead": False,
    }  # fmt: skip


def test_row_is_as_high_as_its_text() -> None:
    asked = agency.titled(["short", "two\nlines", "long " * 20, "x" * 40_000])
    sheet = book_of(report(asked, agency.result(asked, {}), agency.meta()))["Role requirements"]
    heights = [sheet.row_dimensions[row].height for row in range(3, 7)]  # in whole pixels of three quarters of a point
    assert [height and round(height) for height in heights] == [None, height_of(2), height_of(4), MOST_HEIGHT]


def test_header_of_three_lines_is_seen_whole(book: openpyxl.Workbook) -> None:
    assert most_lines([("of these: Chance of a no", 8)]) == 3
    assert book["Staff assigned"].row_dimensions[2].height >= height_of(3)


def test_columns_of_the_projects_under_the_summary_are_wide_enough_for_dates(book: openpyxl.Workbook) -> None:
    widths = book["Summary"].column_dimensions
    assert min(widths[col].width for col in "EF") > 12


def test_points_of_a_seat_are_the_sum_of_its_parts(book: openpyxl.Workbook) -> None:
    rows = rows_of(book["Staff assigned"])
    assert len(rows) == 3
    for row in rows:
        assert row["Points"] == sum(value for title, value in row.items() if title.startswith("of these: "))


def test_points_of_the_plan_are_the_sum_of_its_terms(book: openpyxl.Workbook) -> None:
    rows = [row for row in rows_of(book["Summary"]) if row["Section"] == "Points"]
    *terms, total, bound = [row["Value"] for row in rows]
    assert sum(terms) == total == bound - 77


def test_weeks_say_load_and_time_off(book: openpyxl.Workbook) -> None:
    people = {row["Person"]: row for row in rows_of(book["Week by week"])}
    assert [people["Léa =Martin"][week] for week in ("W01 Jan\xa04", "W10 Mar\xa08")] == [50, 50]
    assert "Never Hired" not in people


def test_gap_says_why_and_reasons_say_who_decided(book: openpyxl.Workbook) -> None:
    (gap,) = rows_of(book["Gaps"])
    assert gap["Why it is open"] == "Nobody has consent at level 3; the best has 2. One person is one level short."
    verdicts = {row["About"]: row["Verdict"] for row in rows_of(book["Reasons"])}
    assert verdicts["Decision"] == "Inès Caron, Jan 18, 2027, 09:41 UTC: the client asked"
    assert verdicts["Team rule"] == "short by 7"


def test_mentor_is_named(book: openpyxl.Workbook) -> None:
    reasons = rows_of(book["Reasons"])
    assert "guided by Léa =Martin" in [row["Verdict"] for row in reasons if row["id"] == "s2"]


def test_record_leads_every_row_back_to_what_it_is_about(book: openpyxl.Workbook) -> None:
    record = {row[0]: row[1] for row in book["_plan"].iter_rows(max_row=9, values_only=True)}
    assert (record["number"], record["version"]) == (12, 3)
    assert (record["generated_at"], record["generated_by"]) == ("2027-01-18T09:41:00+00:00", "Inès Caron")
    rows = set(book["_plan"].iter_rows(min_row=10, values_only=True))
    assert ("staff", 2, "s2") in rows
    assert [row["id"] for row in rows_of(book["Staff assigned"])] == ["s1", "s2", "s3"]


def test_properties_say_the_plan(book: openpyxl.Workbook) -> None:
    assert book.properties.title == "Spring campaigns"
    assert book.properties.creator == "Inès Caron"
    assert {prop.name: prop.value for prop in book.custom_doc_props.props}["Plan version"] == 3


def test_hours_are_moments() -> None:
    seat = rows_of(book_of(agency.hourly())["Staff assigned"])[0]
    assert (seat["From"], seat["To"]) == (datetime(2027, 1, 4), datetime(2027, 1, 4, 10))  # noqa: DTZ001


def test_day_before_excels_first_is_text() -> None:
    asked = agency.problem(calendar=build.Calendar(build.PERIODS, start=datetime(1812, 6, 1).date()))  # noqa: DTZ001
    whole = report(asked, agency.result(asked), agency.meta())
    assert rows_of(book_of(whole)["Staff assigned"])[0]["From"] == "1812-06-01"


def test_rule_that_somebody_overrode_is_said() -> None:
    asked = agency.problem()
    rows = rows_of(book_of(report(asked, Solution({}, {"s4": "noah"}), agency.meta()))["Summary"])
    broken = [row["Value"] for row in rows if row["Section"] == "Broken rules"]
    assert broken[0] == '-Noah, "N"; #panic() has consent at 0; the seat @consent needs 3.'


def test_plan_that_cannot_be_says_why() -> None:
    rows = rows_of(book_of(agency.infeasible())["Summary"])
    assert "noah is pinned to s4, and lacks consent." in [row["Value"] for row in rows]


@pytest.mark.parametrize(("text", "name"), [("[a]:*?/\\", "a"), ("'x'", "x"), ("", "-"), ("x" * 40, "x" * 31)])
def test_sheet_has_a_name_that_excel_takes(text: str, name: str) -> None:
    assert sheet_name(text) == name


def test_text_longer_than_a_cell_is_cut_and_says_so() -> None:
    assert cell_text("a" * MOST_UNITS) == "a" * MOST_UNITS
    assert cell_text("a" * (MOST_UNITS + 1)) == "a" * (MOST_UNITS - 1) + "…"
    assert cell_text("😀" * MOST_UNITS) == "😀" * ((MOST_UNITS - 1) // 2) + "…"


def test_plan_too_large_for_a_workbook_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 2)
    with pytest.raises(ExportError, match="CSV files have all of it"):
        export(agency.plan(), "xlsx")


@pytest.mark.parametrize("title", ["&" * 300, "\x00\n=1", "<r>&</r>"])
def test_strange_title_and_author_do_not_harm_it(title: str) -> None:
    book = book_of(agency.plan(title=title, generated_by=title))
    assert book.sheetnames[0] == "Summary"
    assert len(book["Summary"].oddFooter.left.text) <= 2 * MOST_FOOTER


def test_letters_that_xml_cannot_say_are_replaced() -> None:
    assert cell_text("a\ufffeb\uffff") == "a\ufffdb\ufffd"
