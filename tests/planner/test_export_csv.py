"""The CSV files: inert in any spreadsheet, and exact for whoever reads them by the rule that stands beside them."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import agency
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.exchange import export
from planner.exchange.csv_zip import escape, unescape
from planner.translate.report import PlanReport

STARTS_FORMULA = "=+-@|%＝＋－＠\t\r\n "


def files_of(plan: PlanReport, edition: str = "organisers", language: str = "en") -> dict[str, bytes]:
    archive = zipfile.ZipFile(io.BytesIO(export(plan, "csv", edition, language).data))
    assert archive.testzip() is None
    return {name: archive.read(name) for name in archive.namelist()}


def rows_of(data: bytes) -> list[list[str]]:
    """The cells as they stand in the file."""
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return files_of(agency.plan())


def test_one_file_for_each_table(files: dict[str, bytes]) -> None:
    tables = ["summary", "projects", "roles", "staff", "weeks", "gaps", "hires", "reasons"]
    assert list(files) == [*(f"{name}.csv" for name in tables), "about.json"]


def test_page_beside_them_says_plan_columns_and_how_to_read(files: dict[str, bytes]) -> None:
    about = json.loads(files["about.json"])
    assert (about["plan"]["number"], about["plan"]["version"]) == (12, 3)
    assert (about["plan"]["generated_at"], about["plan"]["generated_by"]) == ("2027-01-18T09:41:00+00:00", "Inès Caron")
    for table in about["tables"]:
        head, *rows = rows_of(files[table["file"]])
        assert [column["title"] for column in table["columns"]] == head
        assert table["rows"] == len(rows)
    assert "apostrophe" in about["how_to_read"]


def test_no_text_can_start_a_formula(files: dict[str, bytes]) -> None:
    about = json.loads(files["about.json"])
    texts = 0
    for table in about["tables"]:
        kinds = [column["kind"] for column in table["columns"]]
        for row in rows_of(files[table["file"]])[1:]:
            for kind, cell in zip(kinds, row, strict=True):
                if kind == "text":
                    texts += 1
                    assert not cell.startswith(tuple(STARTS_FORMULA)), cell
    assert texts > 100


def test_numbers_and_dates_stand_as_they_are(files: dict[str, bytes]) -> None:
    summary = {row[0]: row[3] for row in rows_of(files["summary.csv"])}
    assert int(summary["points_hiring"]) < 0
    head, first, *_ = rows_of(files["staff.csv"])
    seat = dict(zip(head, first, strict=True))
    assert (seat["From"], seat["To"], seat["Effort (%)"]) == ("2027-01-04", "2027-03-14", "50")


def test_same_plan_gives_the_same_bytes() -> None:
    assert export(agency.plan(), "csv").data == export(agency.plan(), "csv").data


@given(st.text())
def test_escaping_can_be_undone(text: str) -> None:
    assert unescape(escape(text)) == text
    assert not escape(text).startswith(tuple(STARTS_FORMULA))
