"""On what terms somebody new can be had: asked beside a problem, and no part of it."""

from __future__ import annotations

from dataclasses import dataclass

from solver.problem.law import LARGEST, whole


@dataclass(frozen=True, slots=True)
class Market:
    """On what terms somebody new can be had.

    Parameters
    ----------
    hire_cost
        Once, in whole units of money.
    earliest
        The first period in which somebody new could work.
    acceptance
        Chance in percent that an offer is accepted.
    fte
        Percent of full time.
    not_for_hires
        Tags that nobody new can hold: a seat that asks for one is left to staff.
    exclusive
        Beginnings of tags of which a person holds one at most, such as that of the site.
    """

    hire_cost: int = 0
    earliest: int = 0
    acceptance: int = 100
    fte: int = 100
    not_for_hires: frozenset[str] = frozenset()
    exclusive: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        whole(self.hire_cost, 0, LARGEST, "hire_cost")
        whole(self.earliest, 0, LARGEST, "earliest")
        whole(self.acceptance, 0, 100, "acceptance")
        whole(self.fte, 1, 100, "fte")
