"""What members may not see is in no format of their edition."""

from __future__ import annotations

import io
import re
import zipfile

import agency
import openpyxl
import pypdf
import pytest

from planner.exchange import FORMATS, Edition, Export, Words, export
from planner.exchange.editions import edited
from planner.translate.report import PlanReport

WORDS = re.compile(
    r"\b(points?|score|fit|costs?|wish|acceptance|chance|budget|ceiling|utilisation|free|EUR)\b|€", re.IGNORECASE
)


def text_of(exported: Export) -> str:
    """Everything that a file says, hidden sheets and properties too."""
    kind = exported.filename.rpartition(".")[2]
    if kind == "pdf":
        reader = pypdf.PdfReader(io.BytesIO(exported.data))
        return " ".join([*(page.extract_text() for page in reader.pages), str(reader.metadata)])
    if kind == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(exported.data))
        cells = [str(cell.value or "") for sheet in book for row in sheet.iter_rows() for cell in row]
        return "\n".join([*cells, str(book.properties), *(str(prop) for prop in book.custom_doc_props.props)])
    if kind == "zip":
        archive = zipfile.ZipFile(io.BytesIO(exported.data))
        return "\n".join(archive.read(name).decode("utf-8-sig") for name in archive.namelist())
    return exported.data.decode()


def secrets_of(plan: PlanReport) -> set[str]:
    """Figures and names that stand nowhere but in the organisers' edition."""
    figures = [agency.MEI_COST, agency.MEI_HIRE_COST, agency.LEA_COST, agency.CEILING, agency.BUDGET]
    figures += [plan.headline.cost, plan.objective or 0, plan.bound or 0, *plan.terms.values()]
    figures += [value for row in plan.seats for value in (row.points, row.cost) if value is not None]
    names = ["Mei Tan", "Never Hired", "the client asked", "Cooperation", "nobody_has_skill", "one level short"]
    plain = {str(figure) for figure in figures if abs(figure) > 999}
    return plain | {f"{figure:,}" for figure in figures if figure > 999} | set(names)


@pytest.mark.parametrize("format", FORMATS)
def test_members_edition_holds_no_secret(format: str) -> None:  # noqa: A002
    plan = agency.plan()
    text = text_of(export(plan, format, "members"))
    assert "SUM(A1:A9)" in text or format == "json"
    assert not [secret for secret in secrets_of(plan) if secret in text]


@pytest.mark.parametrize("format", ["xlsx", "csv", "pdf", "ics"])
def test_members_edition_has_no_word_of_scores_or_costs(format: str) -> None:  # noqa: A002
    text = text_of(export(agency.plan(), format, "members"))
    text = text.replace('"currency": "EUR"', "")
    assert not WORDS.findall(text)


@pytest.mark.parametrize("format", FORMATS)
def test_organisers_edition_holds_them(format: str) -> None:  # noqa: A002
    assert "idle" not in text_of(export(agency.plan(), format))  # a candidate without a seat is in neither
    if format != "ics":
        assert str(agency.plan().objective) in text_of(export(agency.plan(), format)).replace(",", "")


def test_hire_has_a_name_once_a_seat_is_agreed() -> None:
    say = Words()
    shown = edited(agency.plan(), Edition.MEMBERS, say)
    assert [row.person for row in shown.seats] == ["Léa =Martin", '-Noah, "N"; #panic()', "New hire 1", None]
    agreed = edited(agency.plan(firm=frozenset({"s3"})), Edition.MEMBERS, say)
    assert agreed.hires[0].name == agreed.seats[2].person == "Mei Tan"


def test_redacted_report_is_whole_in_itself() -> None:
    shown = edited(agency.plan(), Edition.MEMBERS, Words())
    seats = {row.seat_id: row for row in shown.seats}
    assert [row.seat_id for team in shown.teams for row in team.seats] == list(seats)
    assert all(row is seats[row.seat_id] for team in shown.teams for row in team.seats)
    assert {row.person_id for row in shown.people} == {row.person_id for row in shown.seats if row.is_filled}
    assert [gap.seat.seat_id for gap in shown.gaps] == ["s4"]


def test_filename_says_who_it_is_for() -> None:
    assert export(agency.plan(), "xlsx").filename == "plan-12-v3.xlsx"
    assert export(agency.plan(), "xlsx", "members").filename == "plan-12-v3-members.xlsx"
    assert export(agency.plan(number=None, title="Été: n° 1"), "json").filename == "ete-n-1.json"
    assert export(agency.plan(number=None, title="中文"), "json").filename == "plan.json"
