"""The rows of the bench: what is asked, for how long, and what is to be reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from planner.bench.goals import Ahead, AsKnown, Gap, Goal, Linear, PartOfBest, Proven
from planner.bench.instances import Drawn, Given, Published, Source, given_groups
from planner.bench.methods import Method

ALL = (Method.GREEDY, Method.MODEL, Method.OURS)
MOST_PEOPLE = 500  # that plain CP-SAT is asked about
WITHIN = Fraction(5, 100)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    `gap` is where our solver may stop before its time: it is 0 where the time is what is given. `is_as_asked` is
    false where another time is tried than the one that the goal is for.
    """

    name: str
    what: str
    time_limit_s: float
    source: Source
    goal: Goal
    methods: Sequence[Method] = ALL
    gap: Fraction = Fraction(0)
    is_as_asked: bool = True

    def within(self, time_limit_s: float | None) -> Row:
        """The same row in another time, where one is said."""
        if time_limit_s is None or time_limit_s == self.time_limit_s:
            return self
        return replace(self, time_limit_s=time_limit_s, is_as_asked=False)


def _plain(people: int, time_limit_s: float, goal: Goal, name: str = "") -> Row:
    what = f"plain, {people} people"
    methods = ALL if people <= MOST_PEOPLE else (Method.GREEDY, Method.OURS)
    return Row(name or f"plain-{people}", what, time_limit_s, Drawn(("plain",), (people,)), goal, methods)


ROWS = (
    Row("small", "plain and teams, 30 to 100 people", 10, Drawn(("plain", "teams"), (30, 60, 100)), Proven(90)),
    _plain(500, 20, Gap(10, percent_of_greedy=115), name="plain-500-short"),
    _plain(500, 60, Gap(5, percent_of_greedy=115)),
    Row("teams-500", "teams, 500 people", 60, Drawn(("teams",), (500,)), Gap(20)),
    Row("full-500", "full, 500 people", 60, Drawn(("full",), (500,)), Gap(40)),
    _plain(5000, 120, Gap(25, most_gb=4)),
    _plain(20_000, 600, Gap(50, most_gb=12)),
    Row(
        "scaling",
        "plain, 250 to 5000 people, to 5 %",
        120,
        Drawn(("plain",), (250, 500, 1000, 2000, 5000)),
        Linear(120, WITHIN),
        methods=(Method.OURS,),
        gap=WITHIN,
    ),
    Row("mspsp-1a", "MSPSP, set 1a", 30, Published("mspsp", "inst_set1a_"), Proven(95)),
    Row("mspsp-1b-2", "MSPSP, sets 1b and 2", 60, Published("mspsp", "inst_set(?!1a_)"), AsKnown(0, 100)),
    Row("smptsp", "SMPTSP", 60, Published("smptsp"), AsKnown(2, 90)),
    Row("hashcode-b", "Hash Code 2022, b", 600, Published("hashcode2022", "b_"), PartOfBest(95)),
    Row("hashcode-e", "Hash Code 2022, e", 600, Published("hashcode2022", "e_"), PartOfBest(99)),
)


def rows_of(data: Path | None) -> list[Row]:
    """The rows above, and one for each group of problems that the data directory itself holds."""
    given = [
        Row(f"given/{group}", f"given: {group}", 60, Given(group, files), Ahead())
        for group, files in given_groups(data).items()
    ]
    return [*ROWS, *given]
