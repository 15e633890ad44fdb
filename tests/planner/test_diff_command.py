"""`planner diff`: two files in words, and a status that a script can ask."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import agency
import xlsxwriter
from click.testing import CliRunner, Result

from planner.cli import main
from solver.problem import to_document
from solver.solution import to_document as plan_document

ROWS: list[list[Any]] = [["Name", "Site", "Days", "Id"], ["Ann", "Paris", 3, "p1"], ["Béa", "Lyon", 4, "p2"]]


def run(*args: object) -> Result:
    result = CliRunner().invoke(main, ["diff", *(str(arg) for arg in args)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def sheet(path: Path, rows: list[list[Any]]) -> Path:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        page = book.add_worksheet("People")
        for num, row in enumerate(rows):
            page.write_row(num, 0, row)
    path.write_bytes(data.getvalue())
    return path


def text(path: Path, rows: list[list[Any]]) -> Path:
    path.write_text("\n".join(";".join(map(str, row)) for row in rows), encoding="utf-8")
    return path


def test_same_rows_in_another_order_and_format_say_the_same(tmp_path: Path) -> None:
    one, other = sheet(tmp_path / "a.xlsx", ROWS), text(tmp_path / "b.csv", [ROWS[0], ROWS[2], ROWS[1]])
    result = run(one, other)
    assert (result.exit_code, result.output) == (0, "Both say the same.\n")


def test_changed_cells_rows_and_columns_are_said_in_words(tmp_path: Path) -> None:
    changed = [["Name", "Days", "Note", "Id"], ["Ann", 5, "", "p1"], ["Cy", 1, "", "p3"]]
    result = run(sheet(tmp_path / "a.xlsx", ROWS), sheet(tmp_path / "b.xlsx", changed))
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "People, the column “Site” is removed.",
        "People, the column “Note” is added.",
        "People, row p1, Days: “3” became “5”",
        "People, row p2 is removed.",
        "People, row p3 is added.",
    ]


def test_plans_and_problems_are_compared_by_what_they_say(tmp_path: Path) -> None:
    asked = agency.problem()
    plan = plan_document(asked, agency.result(asked))
    one, other = tmp_path / "one.json", tmp_path / "other.json"
    one.write_text(json.dumps(plan))
    other.write_text(json.dumps({**plan, "seconds": 99.0}))
    assert run(one, other).exit_code == 0
    problem = to_document(asked)
    one.write_text(json.dumps(problem))
    person = problem["people"][0]
    other.write_text(json.dumps({**problem, "people": [{**person, "name": "Somebody"}, *problem["people"][1:]]}))
    result = run(one, other)
    assert result.exit_code == 1
    assert result.output == f"people · {person['id']} · name: “{person['name']}” became “Somebody”\n"


def test_files_that_cannot_be_read_or_compared_end_with_2(tmp_path: Path) -> None:
    good, bad, other = sheet(tmp_path / "a.xlsx", ROWS), tmp_path / "bad.xlsx", tmp_path / "x.json"
    bad.write_bytes(b"PK\x03\x04 torn")
    other.write_text(json.dumps({"schema": "staffing-plan/1"}))
    for pair in ((good, bad), (good, other), (good, tmp_path / "nowhere.xlsx")):
        result = run(*pair)
        assert result.exit_code == 2
        assert "Traceback" not in result.output
    assert "The file is damaged" in run(good, bad).output
