"""Adverse impact: cases reckoned by hand, and a second reckoning that goes another way."""

from __future__ import annotations

import random
from fractions import Fraction
from math import comb, isclose, log

import pytest

from planner.services.hiring.adverse_impact import (
    CHI_SQUARED,
    Finding,
    Group,
    compared,
    exact_p,
    interval_of_ratio,
)


def test_ratio_of_one_half_is_flagged():
    first, second = compared([Group("a", 80, 48), Group("b", 40, 12)])
    assert (first.group.rate, second.group.rate) == (0.60, 0.30)
    assert first.finding is Finding.HIGHEST
    assert second.finding is Finding.FLAGGED
    assert second.ratio == 0.50
    assert second.p == pytest.approx(0.0034092, abs=1e-6)
    assert second.low < 0.5 < second.high < 0.8


def test_one_of_one_and_none_of_one_are_too_few():
    found = compared([Group("a", 1, 1), Group("b", 1, 0)])
    assert [one.finding for one in found] == [Finding.TOO_FEW, Finding.TOO_FEW]
    assert [one.ratio for one in found] == [None, None]


@pytest.mark.parametrize("selected", [0, 30, 60])
def test_groups_that_all_tie_cannot_be_compared(selected):
    found = compared([Group("a", 60, selected), Group("b", 120, 2 * selected)])
    assert [one.finding for one in found] == [Finding.NOT_COMPUTABLE, Finding.NOT_COMPUTABLE]


def test_group_of_nobody_has_no_rate():
    _first, second, nobody = compared([Group("a", 80, 48), Group("b", 40, 12), Group("c", 0, 0)])
    assert nobody.finding is Finding.NOBODY
    assert nobody.group.rate is None
    assert second.ratio == 0.50


def test_small_group_with_the_highest_rate_is_no_measure_for_the_others():
    small, large, other = compared([Group("a", 2, 2), Group("b", 100, 50), Group("c", 100, 45)])
    assert small.finding is Finding.TOO_FEW
    assert large.finding is Finding.HIGHEST
    assert other.finding is Finding.CLOSE


@pytest.mark.parametrize(("num", "finding"), [(29, Finding.TOO_FEW), (30, Finding.FLAGGED)])
def test_thirty_are_enough_to_judge(num, finding):
    assert compared([Group("a", 100, 60), Group("b", num, 0)])[1].finding is finding


def test_alone_a_group_is_beside_nobody():
    assert compared([Group("a", 100, 60)])[0].finding is Finding.TOO_FEW


def test_four_fifths_to_the_last_head_are_close():
    assert compared([Group("a", 100, 50), Group("b", 100, 40)])[1].finding is Finding.CLOSE
    assert compared([Group("a", 1000, 500), Group("b", 1000, 399)])[1].finding is Finding.FLAGGED


def test_low_ratio_that_chance_explains_is_told_apart():
    assert compared([Group("a", 30, 12), Group("b", 30, 9)])[1].finding is Finding.FLAGGED_MAYBE_CHANCE


def test_nobody_selected_gives_an_interval_from_nothing():
    none = compared([Group("a", 40, 20), Group("b", 40, 0)])[1]
    assert none.low == 0.0
    assert 0.0 < none.high < 0.5


@pytest.mark.parametrize(("num", "selected"), [(1, 2), (3, -1)])
def test_counts_that_cannot_be_are_refused(num, selected):
    with pytest.raises(ValueError, match="not understood"):
        Group("a", num, selected)


def test_second_reckoning_agrees_on_ten_thousand_sets():
    draw = random.Random(4)
    for _ in range(10_000):
        sizes = [draw.randint(30, 90) for _ in range(2)]
        first, second = (Group("ab"[n], size, draw.randint(0, size)) for n, size in enumerate(sizes))
        found = compared([first, second])
        assert_agrees(found, first, second)


def assert_agrees(found, first, second):
    rates = [Fraction(group.selected, group.num) for group in (first, second)]
    if rates[0] == rates[1]:
        assert [one.finding for one in found] == [Finding.NOT_COMPUTABLE] * 2
        return
    lower, higher = (first, second) if rates[0] < rates[1] else (second, first)
    one = found[0] if lower is first else found[1]
    assert isclose(one.ratio, min(rates) / max(rates), rel_tol=1e-12, abs_tol=1e-15)
    p = _fisher(lower, higher)
    assert isclose(one.p, p, rel_tol=1e-7)
    is_low = min(rates) / max(rates) < Fraction(4, 5)
    flagged = Finding.FLAGGED if p < 0.05 else Finding.FLAGGED_MAYBE_CHANCE
    assert one.finding is (flagged if is_low else Finding.CLOSE)
    assert one.low <= one.ratio <= one.high
    for end in (one.low, one.high):
        if end:
            assert isclose(_against(lower, higher, end), CHI_SQUARED, rel_tol=1e-4)


def _fisher(first, second):
    """Every table with the same margins that is no likelier than this one, in whole numbers."""
    whole, through = first.num + second.num, first.selected + second.selected
    ways = {
        k: comb(first.num, k) * comb(second.num, through - k)
        for k in range(max(0, through - second.num), min(first.num, through) + 1)
    }
    seen = ways[first.selected]
    return float(Fraction(sum(way for way in ways.values() if way <= seen), comb(whole, through)))


def _against(lower, higher, ratio):
    """The score statistic with the rates found by climbing the likelihood, not by the quadratic."""

    def likelihood(theirs):
        ours = theirs * ratio
        terms = ((lower.selected, ours), (lower.num - lower.selected, 1 - ours))
        more = ((higher.selected, theirs), (higher.num - higher.selected, 1 - theirs))
        return sum(n * log(max(x, 1e-300)) for n, x in (*terms, *more) if n)

    low, high = 0.0, min(1.0, 1.0 / ratio)
    for _ in range(70):
        third = (high - low) / 3
        left, right = low + third, high - third
        low, high = (left, high) if likelihood(left) < likelihood(right) else (low, right)
    theirs = (low + high) / 2
    ours = theirs * ratio
    variance = ours * (1 - ours) / lower.num + ratio**2 * theirs * (1 - theirs) / higher.num
    whole = lower.num + higher.num
    return (lower.selected / lower.num - ratio * higher.selected / higher.num) ** 2 / variance * (whole - 1) / whole


def test_interval_is_that_of_the_literature():
    """30 of 75 beside 48 of 80: .47 to .92 by the score method (statsmodels 0.15.0)."""
    low, high = interval_of_ratio(Group("b", 75, 30), Group("a", 80, 48))
    assert (round(low, 2), round(high, 2)) == (0.47, 0.92)
    assert round(exact_p(Group("b", 75, 30), Group("a", 80, 48)), 3) == 0.016
