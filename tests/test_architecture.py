"""House rules that no linter knows: the rooms and the ways between them."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import settings_for
from flask.templating import Environment

from planner import create_app

ROOT = Path(__file__).parents[1]
LONGEST_FILE, LONGEST_FUNCTION = 480, 45  # lines; 400 and 30 are where one begins to think
PACKAGES = ("planner", "solver")
FORBIDDEN_NAMES = {"utils", "util", "common", "helpers", "helper", "core", "base", "misc"}
CORRIDORS = {"staffing", "hiring", "planning", "work", "outcomes", "account", "sheets"}

# A room, what somebody might write there, and the contract that must catch it.
PLANTED = [
    ("solver/problem/parts.py", "import numpy", "rulebook-is-plain"),
    ("solver/check/rules.py", "from ortools.sat.python import cp_model", "rulebook-is-plain"),
    ("solver/solution.py", "from solver.check import score", "solver-layers"),
    ("solver/eligible/pairs.py", "from solver.model import build", "solver-layers"),
    ("solver/model/plan.py", "from planner.models import Person", "solver-knows-no-planner"),
    ("planner/views/staffing_people.py", "from solver.problem import Problem", "solver-is-asked-by-few"),
    ("planner/services/staffing/skills.py", "from solver.check import score", "solver-is-asked-by-few"),
    ("planner/services/staffing/skills.py", "from flask import g", "verbs-know-no-web"),
    ("planner/services/staffing/skills.py", "from planner import db", "db-belongs-to-doors"),
    ("planner/services/staffing/skills.py", "from planner.views import door", "layers"),
    ("planner/views/staffing_skills.py", "from planner.api import answers", "layers"),
    ("planner/schemas/staffing_skills.py", "from sqlalchemy import select", "said-is-judged-without-looking"),
    ("planner/models/staffing.py", "from planner.schemas.said import Name", "layers"),
    ("planner/services/planning/plans.py", "from solver.search import solve", "web-is-light"),
    ("planner/bench/session.py", "from solver.search import solve", "bench-measures-from-outside"),
    ("planner/bench/child.py", "from planner.models import Person", "bench-asks-the-solver-alone"),
    ("planner/services/planning/plans.py", "from planner.words.work import hours", "layers"),
    ("planner/services/planning/plans.py", "from planner.refusals.work import WORK_REFUSALS", "verbs-know-no-web"),
    ("planner/services/planning/plans.py", "from planner.bench.agency import draw_agency", "layers"),
]


def sources() -> Iterator[Path]:
    for package in PACKAGES:
        yield from (ROOT / package).rglob("*.py")


def linted(root: Path, *contracts: str) -> tuple[int, str]:
    """What import-linter says of a tree."""
    chosen = [part for contract in contracts for part in ("--contract", contract)]
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as main; main()", "--no-cache"]
    done = subprocess.run(
        [*command, *chosen], cwd=root, env={"PYTHONPATH": str(root)}, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_imports_point_the_way_that_the_house_says() -> None:
    code, said = linted(ROOT)
    assert code == 0, said


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree, in which things may be planted."""
    folder = tmp_path_factory.mktemp("copy")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("static", "__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


@pytest.mark.parametrize(("room", "line", "contract"), PLANTED, ids=[f"{room}: {line}" for room, line, _c in PLANTED])
def test_planted_import_is_caught(copy: Path, room: str, line: str, contract: str) -> None:
    file = copy / room
    before = file.read_text(encoding="utf-8")
    file.write_text(f"{before}\n{line}\n", encoding="utf-8")
    try:
        code, said = linted(copy, contract)
    finally:
        file.write_text(before, encoding="utf-8")
    assert code == 1, f"{room} could say {line!r} and nobody would notice: {said}"
    assert "BROKEN" in said


def test_tests_have_no_package_of_their_own() -> None:
    """An __init__.py under tests hides the real packages from the tests."""
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def test_no_room_is_called_after_nothing() -> None:
    named = {path.relative_to(ROOT) for path in sources() if FORBIDDEN_NAMES & {*path.parts, path.stem}}
    assert not named, f"say what is in them: {named}"


@pytest.mark.parametrize("layer", ["forms", "refusals", "views", "words"])
def test_files_of_a_layer_bear_the_name_of_a_corridor(layer: str) -> None:
    shared = {"__init__", "asking", "fields", "merging", "door", "home", "pages"}
    strays = {
        path.stem
        for path in (ROOT / "planner" / layer).glob("*.py")
        if path.stem.partition("_")[0] not in {*CORRIDORS, "sheets"} and path.stem not in shared
    }
    assert not strays, f"planner/{layer} is built of corridors ({', '.join(sorted(CORRIDORS))}): {strays}"


def test_no_file_outgrows_its_room() -> None:
    long = {str(path.relative_to(ROOT)): n for path in sources() if "migrations" not in path.parts
            if (n := path.read_text(encoding="utf-8").count("\n")) > LONGEST_FILE}  # fmt: skip
    assert not long, f"past about 400 lines a file becomes a folder: {long}"


def test_no_function_outgrows_a_screen() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {size} lines"
        for path in sources()
        if "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (size := (node.end_lineno or 0) - node.body[0].lineno + 1) > LONGEST_FUNCTION
    ]
    assert not long, f"15 lines are usual, 30 the end: {long}"


@pytest.mark.parametrize("command", [["solve", "--help"], ["check", "--help"], ["bench", "--help"], ["--help"]])
def test_command_line_starts_without_the_web_and_the_database(command: list[str]) -> None:
    heavy = ("flask", "sqlalchemy", "ortools", "numpy", "pydantic", "werkzeug")
    code = (
        "import sys\nfrom planner.cli import main\n"
        f"try: main({command!r})\nexcept SystemExit as end: assert not end.code\n"
        f"found = [name for name in {heavy!r} if name in sys.modules]\nassert not found, found"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def test_checks_stand_where_a_migration_finds_them() -> None:
    """A CHECK on a column is left out by Alembic's autogenerate: it belongs in __table_args__."""
    on_column = re.compile(r"mapped_column\((?:[^()]|\([^()]*\))*CheckConstraint")
    found = [
        p.name for p in (ROOT / "planner" / "models").glob("*.py") if on_column.search(p.read_text(encoding="utf-8"))
    ]
    assert not found, found


def templates() -> Iterator[tuple[str, str]]:
    """Each template's path, and what is left of it without Jinja's own code."""
    for path in (ROOT / "templates").rglob("*.html"):
        plain = re.sub(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        yield str(path.relative_to(ROOT)), plain


def test_no_template_carries_code_that_the_policy_forbids() -> None:
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|https?://(?!www\.w3\.org)", re.IGNORECASE)
    found = [f"{path}: {hit[0].strip()}" for path, plain in templates() if (hit := inline.search(plain))]
    assert not found, found


def test_no_sentence_of_the_pages_escapes_gettext() -> None:
    """Words between tags that no gettext call gives: they would stay English in French."""
    bare = re.compile(r">\s*([A-Z][a-z]+(?: [a-z]+)+[^<>{}]*)<")
    found = [f"{path}: {hit}" for path, plain in templates() for hit in bare.findall(plain)]
    assert not found, found


def test_no_name_of_the_pages_means_two_things(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A filter or a function that is given twice would be one thing to the page that asked for the other."""
    twice: list[str] = []

    class Once(dict[str, Any]):
        def __setitem__(self, name: str, value: Any) -> None:
            if name in self and self[name] is not value:
                twice.append(name)
            super().__setitem__(name, value)

        def setdefault(self, name: str, value: Any = None) -> Any:
            if name not in self:
                self[name] = value
            return self[name]

        def update(self, *args: Any, **kwargs: Any) -> None:
            for name, value in dict(*args, **kwargs).items():
                self[name] = value

    begin = Environment.__init__

    def watched(self: Environment, *args: Any, **kwargs: Any) -> None:
        begin(self, *args, **kwargs)
        self.filters, self.globals = Once(self.filters), Once(self.globals)

    monkeypatch.setattr(Environment, "__init__", watched)
    app = create_app(settings_for(tmp_path))
    assert isinstance(app.jinja_env.filters, Once)
    assert isinstance(app.jinja_env.globals, Once)
    assert "signed" in app.jinja_env.filters
    assert twice == []
