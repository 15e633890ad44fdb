"""What the bench tells: goals, the table, the history and the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import benching
import pytest
from benching import Children, children, setup_in

from planner.bench import goals
from planner.bench.cases import Case, Point, Run, Size
from planner.bench.families import Known
from planner.bench.goals import AsKnown, Gap, Linear, PartOfBest, Proven
from planner.bench.history import Entry, write_entry
from planner.bench.instances import Drawn, Given, Instance
from planner.bench.methods import Method
from planner.bench.picture import draw
from planner.bench.rows import ROWS, Row, rows_of
from planner.bench.session import Outcome, Session, Setup
from planner.bench.standing import Mark, standing_of
from planner.bench.table import details, summary

__all__ = ["children"]
PNG = b"\x89PNG\r\n"


def run_of(method: Method = Method.OURS, objective: int | None = 1000, bound: int | None = 1010, **changes: Any) -> Run:
    trace = [Point(2.0, None, 2000), Point(4.0, 500, 1100), Point(8.0, objective, bound)]
    said = {"time_limit_s": 10, "wall_s": 9.5, "cpu_s": 12.0, "peak_bytes": 10**8, "load": 0.1, "status": "feasible"}
    return Run(**{"method": method, "objective": objective, "bound": bound, "trace": trace} | said | changes)


def case_of(*runs: Run, name: str = "one", people: int = 30, pairs: int = 400, **changes: Any) -> Case:
    said = {"instance": Instance(name, "group"), "digest": name, "size": Size(people, 50, pairs, 0.1, 0.2, 10**7)}
    limit = min((run.bound for run in runs if run.bound is not None), default=None)
    return Case(**said | {"runs": {run.method: run for run in runs}, "limit": limit} | changes)


def outcome_of(goal: goals.Goal, *cases: Case, **changes: Any) -> Outcome:
    row = Row("row", "a row", 10, Drawn((), ()), goal, **changes)
    return Outcome(row, list(Method), cases, [])


def of_family(name: str, figure: int | None, best: int, published: int, objective: int) -> Case:
    instance = Instance(name, "mspsp", {"family": "mspsp"}, known=Known(best))
    return case_of(run_of(objective=objective, figure=figure), instance=instance, published=published)


# -- goals


@pytest.mark.parametrize(("bound", "mark"), [(1005, Mark.REACHED), (1006, Mark.MISSED)])
def test_gap_is_reached_to_the_point(bound: int, mark: Mark) -> None:
    standing = standing_of(outcome_of(Gap(5), case_of(run_of(bound=bound))))
    assert standing.mark is mark
    assert standing.why == ("" if mark is Mark.REACHED else "gap 0.60 %")


def test_median_of_the_seeds_counts() -> None:
    cases = [case_of(run_of(bound=bound), name=str(bound)) for bound in (1001, 1005, 1900)]
    standing = standing_of(outcome_of(Gap(5), *cases))
    assert (standing.mark, standing.verdict.measured, standing.verdict.worst) == (Mark.REACHED, "0.50 %", "90.00 %")
    assert standing_of(outcome_of(Gap(5), *cases[1:])).mark is Mark.MISSED


def test_gap_is_rounded_up() -> None:
    assert goals.gap(Fraction(1, 10**6)) == "0.01 %"
    assert goals.gap(Fraction(50, 10_000)) == "0.50 %"
    assert goals.gap(None) == "–"


@pytest.mark.parametrize(("greedy", "mark"), [(869, Mark.REACHED), (870, Mark.MISSED)])
def test_plan_is_so_far_above_the_greedy_list(greedy: int, mark: Mark) -> None:
    runs = (run_of(bound=1000), run_of(Method.GREEDY, greedy, None))
    assert standing_of(outcome_of(Gap(5, percent_of_greedy=115), case_of(*runs))).mark is mark


@pytest.mark.parametrize(("peak", "mark"), [(4 * 10**9, Mark.REACHED), (4 * 10**9 + 1, Mark.MISSED)])
def test_memory_at_worst_counts(peak: int, mark: Mark) -> None:
    cases = [case_of(run_of(bound=1000), name="a"), case_of(run_of(bound=1000, peak_bytes=peak), name="b")]
    assert standing_of(outcome_of(Gap(5, most_gb=4), *cases)).mark is mark


@pytest.mark.parametrize(("num", "mark"), [(9, Mark.REACHED), (8, Mark.MISSED)])
def test_nine_of_ten_are_proven(num: int, mark: Mark) -> None:
    cases = [case_of(run_of(bound=1000 if n < num else 1001), name=str(n)) for n in range(10)]
    standing = standing_of(outcome_of(Proven(90), *cases))
    assert (standing.mark, standing.verdict.measured) == (mark, f"{num} of 10, median 9.5 s")


@pytest.mark.parametrize(
    ("figure", "more", "mark"),
    [(61, 0, Mark.REACHED), (62, 0, Mark.MISSED), (60, 0, Mark.REACHED), (63, 2, Mark.REACHED), (None, 2, Mark.MISSED)],
)
def test_figure_is_held_against_the_best_known(figure: int | None, more: int, mark: Mark) -> None:
    case = of_family("x", figure, 61, published=939, objective=1000 - (figure or 1000))
    assert standing_of(outcome_of(AsKnown(more, 100), case)).mark is mark


@pytest.mark.parametrize(("figure", "mark"), [(950, Mark.REACHED), (949, Mark.MISSED)])
def test_score_is_a_part_of_the_best_in_the_round(figure: int, mark: Mark) -> None:
    instance = Instance("b", "hashcode2022", {"family": "hashcode2022"}, known=Known(1000))
    case = case_of(run_of(objective=figure, bound=2000, figure=figure), instance=instance, published=1000)
    standing = standing_of(outcome_of(PartOfBest(95), case))
    assert (standing.mark, standing.verdict.worst) == (mark, f"{figure / 10:.2f} %")
    assert case.share(Method.OURS) == Fraction(figure, 1000)


@pytest.mark.parametrize(("power", "mark"), [(1.1, Mark.REACHED), (1.3, Mark.MISSED)])
def test_power_of_growth_is_that_of_seconds_over_pairs(power: float, mark: Mark) -> None:
    cases = [
        case_of(
            run_of(bound=1000, wall_s=0.0005 * pairs**power, time_limit_s=1e6),
            name=str(pairs), pairs=pairs, people=pairs // 10,
        )
        for pairs in (1000, 10_000, 100_000)
    ]  # fmt: skip
    standing = standing_of(outcome_of(Linear(120, Fraction(5, 100)), *cases))
    assert (standing.mark, standing.verdict.measured) == (mark, f"power {power:.2f}")
    far = [replace(cases[0], runs={Method.OURS: run_of(bound=1051)}), *cases[1:]]
    assert "not within 5.00 %: 1000" in standing_of(outcome_of(Linear(120, Fraction(5, 100)), *far)).why


def test_row_behind_another_method_is_missed() -> None:
    case = case_of(run_of(bound=1002), run_of(Method.MODEL, 1001, None))
    standing = standing_of(outcome_of(Gap(5), case))
    assert (standing.mark, standing.why) == (Mark.MISSED, "behind plain CP-SAT on one")


def test_row_that_took_too_long_is_missed() -> None:
    for wall_s, mark in ((11.0, Mark.REACHED), (11.1, Mark.MISSED)):
        assert standing_of(outcome_of(Gap(5), case_of(run_of(bound=1000, wall_s=wall_s)))).mark is mark


def test_row_without_a_plan_is_missed() -> None:
    standing = standing_of(outcome_of(Gap(5), case_of(run_of(objective=None, bound=None))))
    assert standing.mark is Mark.MISSED
    assert "no plan of one" in standing.why


def test_other_times_and_fewer_methods_are_not_judged() -> None:
    outcome = outcome_of(Gap(5), case_of(run_of(bound=1000)))
    hurried = replace(outcome, row=outcome.row.within(3))
    assert outcome.row.within(10) is outcome.row.within(None) is outcome.row
    assert str(standing_of(hurried)) == "not judged: in 3 s"
    assert str(standing_of(replace(outcome, methods=[Method.OURS]))) == "not judged: without greedy list; plain CP-SAT"
    assert str(standing_of(outcome_of(Gap(5)))) == "no data"


def test_rows_are_those_that_are_asked_for(tmp_path: Path) -> None:
    data = benching.published(tmp_path)
    benching.give(data, "mine-1", benching.two_seats())
    names = [row.name for row in rows_of(data)]
    assert len(set(names)) == len(names)
    assert names[-1] == "given/mine"
    times = {row.name: row.time_limit_s for row in ROWS}
    assert times["plain-500-short"], times["plain-500"] == (20, 60)
    assert (times["plain-5000"], times["plain-20000"], times["hashcode-e"]) == (120, 600, 600)
    assert [len(row.source.instances(None, (1, 2, 3))) for row in ROWS[:8]] == [18, 3, 3, 3, 3, 3, 3, 15]


# -- times


def test_seconds_count_to_the_first_plan_that_is_near_enough() -> None:
    case = case_of(run := run_of(objective=1000, bound=1010))
    assert [case.seconds_to(run, within) for within in (float("inf"), 1.02, 0.05, 0.01)] == [4.0, 4.0, 8.0, 8.0]
    assert case.seconds_to(run, Fraction(9, 1000)) is None
    assert case.seconds_to(run_of(Method.GREEDY, None, None)) == 4.0


def test_makespans_are_compared_and_not_points() -> None:
    case = of_family("x", 66, 60, published=940, objective=934)
    assert case.share(Method.OURS) == Fraction(60, 66)
    assert of_family("x", None, 60, published=940, objective=0).share(Method.OURS) == 0


# -- table, history, picture


@pytest.fixture
def measured(tmp_path: Path, children: Children) -> tuple[Setup, list[Outcome]]:
    """A row that was given and one that has no data, measured."""
    file = benching.give(tmp_path / "data", "two|bars", benching.two_seats())
    setup = setup_in(tmp_path)
    row = Row("given/two", "two", 10, Given("two", [file]), Gap(5))
    return setup, Session(setup, lambda _: None).run([row, replace(ROWS[-1])])


def test_table_says_what_was_asked_and_what_came_of_it(measured: tuple[Setup, list[Outcome]]) -> None:
    lines = summary(measured[1]).splitlines()
    assert lines[2].startswith("| `given/two` | two (1) | 10 s | gap ≤ 0.5 % | **yes** | 0.00 % | 0.00 % | 100.00 % |")
    assert "| no data |" in lines[3]
    told = details(measured[1][0])
    assert "given/two\\|bars" in told
    assert [line.split(" | ")[4] for line in told.splitlines()[4:]] == ["greedy list", "plain CP-SAT", "planner"]
    assert all(line.count(" | ") == lines_of(told)[0].count(" | ") for line in lines_of(told))
    assert "| 50 MB | optimal |" in told


def lines_of(told: str) -> Sequence[str]:
    return [line.replace("\\|", "") for line in told.splitlines() if line.startswith("|")]


def test_failure_stands_in_the_table(tmp_path: Path, children: Children, measured: tuple[Setup, list[Outcome]]) -> None:
    children.failures[Method.OURS] = "killed by SIGKILL"
    row = replace(measured[1][0].row, time_limit_s=11)
    outcomes = Session(measured[0], lambda _: None).run([row])
    assert "**failed**: given/two\\|bars, planner: killed by SIGKILL" in summary(outcomes)
    assert "**killed by SIGKILL**" in details(outcomes[0])
    assert "Wrong:\n\n- given/two|bars, planner: killed" in Entry(outcomes, measured[0]).text(has_picture=False)


def test_history_is_newest_first_and_says_nothing_twice(
    tmp_path: Path, measured: tuple[Setup, list[Outcome]], monkeypatch: pytest.MonkeyPatch
) -> None:
    setup, outcomes = measured
    history = tmp_path / "RESULTS.md"
    days = ("2026-03-01", "2026-05-01", "2026-04-01", "2026-05-01")
    for day in days:
        for record in outcomes[0].records:
            record["ended_at"] = f"{day}T12:00:00+00:00"
        write_entry(history, Entry(outcomes, setup), has_picture=True)
    text = history.read_text(encoding="utf-8")
    headings = [line for line in text.splitlines() if line.startswith("## ")]
    assert [heading[3:13] for heading in headings] == ["2026-05-01", "2026-04-01", "2026-03-01"]
    assert text.startswith("# The bench\n")
    assert text.count("](bench-2026-05-01-1200-") == 1
    assert text.count("<details>") == text.count("</details>") == 3


def test_entry_says_on_what_it_was_measured(measured: tuple[Setup, list[Outcome]]) -> None:
    text = Entry(measured[1], measured[0]).text(has_picture=False)
    assert all(word in text for word in (" cores (", " GB; Python 3.", "OR-Tools 9.", "NumPy 2.", "1 workers, seeds 1"))
    assert "![" not in text


def test_picture_is_drawn_of_every_kind_of_row(tmp_path: Path) -> None:
    runs = [run_of(), run_of(Method.MODEL, 900, 1200), run_of(Method.GREEDY, 800, None)]
    curves = [case_of(*runs, name=name) for name in "ab"]
    proofs = [case_of(run_of(bound=1000), run_of(Method.MODEL, None, None), name="a")]
    costs = [case_of(run_of(wall_s=pairs / 100), name=str(pairs), pairs=pairs, people=pairs) for pairs in (100, 900)]
    known = of_family("x", 66, 60, published=940, objective=934)
    outcomes = [
        outcome_of(Gap(5), *curves),
        outcome_of(Proven(90), *proofs),
        outcome_of(Linear(120, Fraction(1, 20)), *costs),
        outcome_of(AsKnown(2, 90), known),
        outcome_of(PartOfBest(95)),
    ]
    for shown in (outcomes, outcomes[:1], []):
        path = tmp_path / f"{len(shown)}" / "picture.png"
        draw(shown, path)
        assert path.read_bytes().startswith(PNG)
    assert (tmp_path / "5" / "picture.png").stat().st_size > 2 * (tmp_path / "1" / "picture.png").stat().st_size
