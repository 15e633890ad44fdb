"""`planner export`: what it writes, what it refuses, and how it ends."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import agency
import build
import openpyxl
import pypdf
import pytest
from click.testing import CliRunner, Result
from icalendar import Calendar

from planner.cli import main
from planner.exchange import export
from solver.problem import to_document
from solver.solution import to_document as plan_document

ROOT = Path(__file__).parents[2]


def run(*args: object) -> Result:
    result = CliRunner().invoke(main, ["export", *(str(arg) for arg in args)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """The agency's problem and plan, and a place to write to."""
    asked = agency.problem()
    paths = {name: tmp_path / name for name in ("problem", "plan", "out")}
    paths["problem"].write_text(json.dumps(to_document(asked)))
    paths["plan"].write_text(json.dumps(plan_document(asked, agency.result(asked))))
    return paths


def exported(files: dict[str, Path], format_: str, *more: str) -> bytes:
    result = run(files["plan"], "--problem", files["problem"], "--format", format_, "--out", files["out"], *more)
    assert (result.exit_code, result.output) == (0, "")
    return files["out"].read_bytes()


def change_plan(files: dict[str, Path], **changes: Any) -> None:
    files["plan"].write_text(json.dumps(json.loads(files["plan"].read_text()) | changes))


def refused(files: dict[str, Path], *more: str, format_: str = "json") -> tuple[int, str]:
    result = run(files["plan"], "--problem", files["problem"], "--format", format_, "--out", files["out"], *more)
    assert not files["out"].exists()
    return result.exit_code, result.output


def test_each_format_is_written_and_reads_back(files: dict[str, Path]) -> None:
    assert openpyxl.load_workbook(io.BytesIO(exported(files, "xlsx"))).sheetnames[0] == "Summary"
    assert "about.json" in zipfile.ZipFile(io.BytesIO(exported(files, "csv"))).namelist()
    assert "agency" in pypdf.PdfReader(io.BytesIO(exported(files, "pdf"))).pages[0].extract_text()
    assert "people/lea-martin.ics" in zipfile.ZipFile(io.BytesIO(exported(files, "ics"))).namelist()
    assert json.loads(exported(files, "json"))["schema"] == "staffing-plan/1"


def test_calendar_of_one_person_and_of_one_project(files: dict[str, Path]) -> None:
    assert len(Calendar.from_ical(exported(files, "ics", "--person", "lea")).walk("VEVENT")) == 1
    assert len(Calendar.from_ical(exported(files, "ics", "--project", "verne")).walk("VEVENT")) == 3


def test_edition_and_currency_are_as_asked(files: dict[str, Path]) -> None:
    cells = [cell for row in _cells(exported(files, "xlsx", "--currency", "CAD"), "Summary") for cell in row]
    assert "Staff cost (CAD)" in cells
    heads = _cells(exported(files, "xlsx", "--edition", "members"), "Staff assigned")[1]
    assert "Points" not in heads


def _cells(data: bytes, sheet: str) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(data))[sheet].iter_rows(values_only=True))


def test_plan_from_the_planner_keeps_its_number_and_version(files: dict[str, Path]) -> None:
    files["plan"].write_bytes(export(agency.plan(), "json").data)
    again = json.loads(exported(files, "json"))["plan"]
    assert (again["number"], again["version"], again["title"]) == (12, 3, "Spring campaigns")


@pytest.mark.parametrize("number", [0, -1, True, "12", 10**30])
def test_number_that_is_none_is_left_out(files: dict[str, Path], number: object) -> None:
    change_plan(files, plan={"number": number, "version": number})
    again = json.loads(exported(files, "json"))["plan"]
    assert (again["number"], again["version"]) == (None, 1)


def test_standard_output_takes_the_file(files: dict[str, Path]) -> None:
    command = [sys.executable, "-m", "planner", "export", files["plan"], "--problem", files["problem"]]
    done = subprocess.run([*command, "--format", "json", "--out", "-"], cwd=ROOT, capture_output=True, check=True)
    assert json.loads(done.stdout)["schema"] == "staffing-plan/1"


def test_infeasible_plan_is_exported_with_its_conflict(files: dict[str, Path]) -> None:
    asked = agency.problem(pins=(build.pairing("s4", "noah"),))
    files["problem"].write_text(json.dumps(to_document(asked)))
    files["plan"].write_bytes(export(agency.infeasible(), "json").data)
    assert b"noah is pinned" in json.dumps(json.loads(exported(files, "json"))).encode()


def test_plan_that_breaks_a_rule_goes_nowhere(files: dict[str, Path]) -> None:
    holders = [{"seat": "s4", "person": "noah"}]
    change_plan(files, assignments=holders, hires=[], unfilled=[], objective=0, bound=None)
    code, said = refused(files)
    assert code == 1
    assert "musts_are_held" in said
    assert "not exported" in said


def test_plan_with_untrue_figures_goes_nowhere(files: dict[str, Path]) -> None:
    plan = json.loads(files["plan"].read_text())
    change_plan(files, objective=plan["objective"] + 1)
    assert refused(files)[0] == 1


def test_plan_of_another_problem_is_refused(files: dict[str, Path]) -> None:
    change_plan(files, problem="other")
    code, said = refused(files)
    assert code == 2
    assert "the problem's name" in said


@pytest.mark.parametrize("which", ["plan", "problem"])
@pytest.mark.parametrize("content", [None, b"", b"[]", b"\xff\xfe", b"{" * 100_000, b'{"schema": "staffing-plan/1"}'])
def test_file_that_is_none_is_refused_in_a_sentence(files: dict[str, Path], which: str, content: bytes | None) -> None:
    files[which].unlink()
    if content is not None:
        files[which].write_bytes(content)
    code, said = refused(files)
    assert code == 2
    assert said.startswith(str(files[which]))
    assert len(said.splitlines()) == 1


def test_unknown_person_and_a_person_outside_calendars_are_refused(files: dict[str, Path]) -> None:
    assert refused(files, "--person", "x", format_="ics") == (2, "The plan has nobody with the id x.\n")
    assert refused(files, "--person", "lea", format_="pdf")[0] == 2


def test_place_that_cannot_be_written_to_is_refused(files: dict[str, Path], tmp_path: Path) -> None:
    files["out"] = tmp_path / "missing" / "out"
    assert refused(files)[0] == 2
    assert run(files["plan"], "--problem", files["problem"], "--format", "json", "--out", tmp_path).exit_code == 2


def test_it_needs_neither_web_nor_database_nor_solver_engine() -> None:
    heavy = {"flask", "sqlalchemy", "ortools", "numpy", "typst", "xlsxwriter", "icalendar"}
    said = f"import planner.cli.exporting, sys; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", said], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
