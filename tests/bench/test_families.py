"""The public families: files as published become problems whose best plan is the published best."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import benching
import pytest
import referee

from planner.bench.families import FAMILIES, FamilyError, Known
from planner.bench.instances import Drawn, Published, given_groups
from solver.check import violations
from solver.problem import Problem, from_document, to_document
from solver.search import Options, solve
from solver.solution import Solution
from solver.solution import to_document as plan_to_document

SCRIPTS = {"mspsp": ("mspsp.py",), "smptsp": ("smptsp.py",), "hashcode2022": ("hashcode.py", "problem")}
needs_bench = pytest.mark.skipif(not referee.BENCH.is_dir(), reason="needs the instances in ../shared/bench")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return benching.published(tmp_path)


def only(data: Path, family: str) -> Problem:
    path = next(path for path in (data / family).iterdir() if path.name.endswith(FAMILIES[family].suffix))
    return FAMILIES[family].read(path)


@pytest.mark.parametrize(
    ("family", "figure"), [("mspsp", benching.DZN_MAKESPAN), ("smptsp", benching.DAT_PEOPLE)], ids=["mspsp", "smptsp"]
)
def test_best_plan_is_worth_the_best_figure(data: Path, family: str, figure: int) -> None:
    problem, read = only(data, family), FAMILIES[family]
    result = solve(problem, Options(time_limit_s=10, workers=1))
    assert result.solution is not None
    assert (str(result.status), result.objective) == ("optimal", read.points(problem, figure))
    assert read.figure(problem, result.solution) == figure


def test_contest_project_is_worth_its_score_less_its_days_late(data: Path) -> None:
    problem, family = only(data, "hashcode2022"), FAMILIES["hashcode2022"]
    holders = {"Site/0": "Bob", "Site/1": "Ann"}
    assert problem.growth
    assert [family.figure(problem, Solution({"Site#": start}, holders)) for start in (0, 1, 3, 11)] == [10, 10, 8, 0]
    assert family.figure(problem, Solution()) == 0
    assert problem.calendar.periods == 14


def test_plan_that_leaves_something_undone_has_no_figure(data: Path) -> None:
    for family in ("mspsp", "smptsp"):
        assert FAMILIES[family].figure(only(data, family), Solution()) is None


def test_tables_say_what_others_have_found(data: Path) -> None:
    known = {name: family.known(data / name) for name, family in FAMILIES.items()}
    assert known["mspsp"] == {"inst_set1a_tiny": Known(5, 5)}
    assert known["smptsp"] == {"tiny": Known(2, 2)}
    assert known["hashcode2022"] == {"b_better_start_small": Known(1_005_020)}
    assert known["mspsp"]["inst_set1a_tiny"].is_proven
    assert not known["hashcode2022"]["b_better_start_small"].is_proven


@pytest.mark.parametrize("family", list(FAMILIES))
@pytest.mark.parametrize(
    "text", ["", "Jobs = 2\n1 2\n", "nActs = 2; dur = [1, 1]; nSkills = 1; sreq = [1];", "2 1 Ann"]
)
def test_file_of_another_kind_is_refused_by_its_name(tmp_path: Path, family: str, text: str) -> None:
    path = tmp_path / f"odd{FAMILIES[family].suffix}"
    path.write_text(text)
    with pytest.raises(FamilyError, match=r"odd\..*: it is no "):
        FAMILIES[family].read(path)


def test_each_family_is_found_in_its_folder(data: Path) -> None:
    assert [one.name for one in Published("mspsp", "inst_set1a_").instances(data, (1, 2))] == ["inst_set1a_tiny"]
    assert Published("mspsp", "inst_set(?!1a_)").instances(data, (1,)) == []
    assert Published("smptsp").instances(None, (1,)) == []
    found = Published("smptsp").instances(data, (1,))
    assert [(one.name, one.family, one.known) for one in found] == [("tiny", "smptsp", Known(2, 2))]


def test_problems_drawn_elsewhere_take_the_place_of_ours(tmp_path: Path) -> None:
    path = benching.give(tmp_path / "generated", "plain-30-2", benching.two_seats())
    ours, theirs = Drawn(("plain",), (30,)).instances(tmp_path, (1, 2))
    assert (ours.file, dict(ours.made_of)) == (None, {"variant": "plain", "people": 30, "seed": 1})
    assert (theirs.file, dict(theirs.made_of)) == (path, {})
    assert ours.group == theirs.group == "plain-30"


def test_given_problems_are_grouped_by_their_names(tmp_path: Path) -> None:
    for name in ("500-plain-1", "500-plain-2", "spring", "7"):
        benching.give(tmp_path, name, benching.two_seats())
    groups = {group: [path.stem for path in paths] for group, paths in given_groups(tmp_path).items()}
    assert groups == {"500-plain": ["500-plain-1", "500-plain-2"], "spring": ["spring"], "7": ["7"]}


def published_files() -> list[tuple[str, Path]]:
    """The first few real files of each family."""
    return [
        (family, path)
        for family in (FAMILIES if referee.BENCH.is_dir() else ())
        for path in sorted((referee.BENCH / family).glob(f"*{FAMILIES[family].suffix}"))[:3]
    ]


@needs_bench
@pytest.mark.parametrize(("family", "path"), published_files(), ids=lambda value: getattr(value, "name", value))
def test_published_file_says_the_same_to_the_contracts_own_reader(family: str, path: Path) -> None:
    theirs: dict[str, Any] = referee.made(*SCRIPTS[family], str(path))
    assert FAMILIES[family].read(path) == from_document(theirs)


@needs_bench
def test_referee_accepts_our_plan_for_its_own_reading_of_a_file() -> None:
    path = referee.BENCH / "mspsp" / "inst_set2c_sf0_nc2.1_n20_l3_m8_00.dzn"
    problem = FAMILIES["mspsp"].read(path)
    result = solve(problem, Options(time_limit_s=2, workers=2))
    assert result.solution is not None
    assert violations(problem, result.solution) == []
    document = json.loads(json.dumps(plan_to_document(problem, result)))
    assert referee.complaints(referee.made("mspsp.py", str(path)), document) == []
    assert to_document(problem)["people"]
