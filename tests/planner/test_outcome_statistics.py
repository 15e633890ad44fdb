"""The statistics of outcomes agree with what is computed by hand from their formulas, with SciPy, and with counting."""

from __future__ import annotations

import math
import random
from datetime import date, timedelta
from fractions import Fraction
from statistics import NormalDist

import numpy as np
import pytest
from scipy import stats

from planner.services.outcomes import association, peeking, power, trend
from planner.services.outcomes.two_groups import (
    Mean,
    Method,
    Share,
    compare_means,
    compare_shares,
    holm,
    mean_interval,
    newcombe,
    share_interval,
)

EXACTLY = 1e-9

Z = 1.959963984540054
PAIRS = [
    ((56, 70), (48, 80)),
    ((9, 10), (3, 10)),
    ((6, 7), (2, 7)),
    ((5, 56), (0, 29)),
    ((0, 10), (0, 20)),
    ((0, 10), (0, 10)),
    ((10, 10), (0, 20)),
    ((10, 10), (0, 10)),
]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_interval_of_a_difference_is_newcombe_s(one: tuple[int, int], other: tuple[int, int]) -> None:
    """By hand, by the formula of method 10 (Newcombe 1998): the distances to both Wilson ends, squared and added."""
    p, q = one[0] / one[1], other[0] / other[1]
    (low, high), (least, most) = (stats.binomtest(*pair).proportion_ci(0.95, "wilson") for pair in (one, other))
    ends = p - q - math.hypot(p - low, most - q), p - q + math.hypot(high - p, q - least)
    assert newcombe(Share(*one), Share(*other)) == pytest.approx(ends, abs=EXACTLY)


@pytest.mark.parametrize(
    ("p", "n", "q", "m", "least", "most"),
    [(0.8, 70, 0.6, 80, 0.94, 0.96), (0.5, 20, 0.5, 20, 0.94, 0.96), (0.9, 10, 0.3, 10, 0.92, 0.96)],
)
def test_interval_of_a_difference_holds_it_as_often_as_it_says(
    p: float, n: int, q: float, m: int, least: float, most: float
) -> None:
    """Every outcome that there can be, each with its chance: no formula of the interval's own is believed."""
    of_p, of_q = stats.binom.pmf(range(n + 1), n, p), stats.binom.pmf(range(m + 1), m, q)
    held = 0.0
    for a in range(n + 1):
        for b in range(m + 1):
            low, high = newcombe(Share(a, n), Share(b, m))
            held += of_p[a] * of_q[b] * (low <= p - q <= high)
    assert least <= held <= most


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_ends_of_wilson_s_interval_are_the_roots_of_its_equation(one: tuple[int, int], other: tuple[int, int]) -> None:
    """(p - x)² = z² x (1 - x) / n, by its definition (Wilson 1927)."""
    z = NormalDist().inv_cdf(0.975)
    for successes, num in (one, other):
        for end in share_interval(Share(successes, num)):
            left, right = (successes / num - end) ** 2, z * z * end * (1 - end) / num
            assert left == pytest.approx(right, abs=EXACTLY)


def test_small_counts_are_judged_by_fisher_s_exact_test() -> None:
    """Computed by hand: four and four cups give C(8, 4) = 70 ways; 2 · (16 + 1) are no likelier than three of four."""
    found = compare_shares(Share(3, 4), Share(1, 4))
    assert found.method is Method.FISHER
    assert found.p == pytest.approx(34 / 70, abs=EXACTLY)
    perfect = compare_shares(Share(4, 4), Share(0, 4))
    assert perfect.p == pytest.approx(2 / 70, abs=EXACTLY)


def counted_out(a: int, n: int, b: int, m: int) -> Fraction:
    """Fisher's p in whole numbers: all tables with the same margins that are no likelier than the one seen."""
    whole, hits = math.comb(n + m, a + b), range(max(0, a + b - m), min(n, a + b) + 1)
    ways = {k: math.comb(n, k) * math.comb(m, a + b - k) for k in hits}
    return Fraction(sum(way for way in ways.values() if way <= ways[a]), whole)


@pytest.mark.parametrize(("a", "n", "b", "m"), [(2, 40, 7, 45), (0, 31, 6, 33), (1, 500, 7, 480), (30, 31, 33, 40)])
def test_exact_p_is_what_is_counted_out(a: int, n: int, b: int, m: int) -> None:
    found = compare_shares(Share(a, n), Share(b, m))
    assert found.method is Method.FISHER
    assert found.p == pytest.approx(float(counted_out(a, n, b, m)), abs=EXACTLY)


def test_large_counts_are_judged_by_the_pooled_z_test() -> None:
    """By hand, by the pooled standard error; z² is the chi-squared of the table without correction, as SciPy has it."""
    pooled = (231 + 172) / (4203 + 4186)
    z = (231 / 4203 - 172 / 4186) / math.sqrt(pooled * (1 - pooled) * (1 / 4203 + 1 / 4186))
    found = compare_shares(Share(231, 4203), Share(172, 4186))
    assert found.method is Method.Z
    assert found.p == pytest.approx(2 * (1 - NormalDist().cdf(z)), abs=EXACTLY)
    table = [[231, 4203 - 231], [172, 4186 - 172]]
    assert found.p == pytest.approx(stats.chi2_contingency(table, correction=False).pvalue, abs=EXACTLY)
    assert found.relative == pytest.approx((231 / 4203) / (172 / 4186) - 1, abs=EXACTLY)


@pytest.mark.parametrize(("nobody", "other"), [((0, 50), (0, 60)), ((50, 50), (60, 60))])
def test_where_all_are_alike_nothing_is_told_apart(nobody: tuple[int, int], other: tuple[int, int]) -> None:
    found = compare_shares(Share(*nobody), Share(*other))
    assert (found.value, found.p) == (0, 1)
    assert found.low < 0 < found.high


# Hours of sleep gained by two drugs (Student, Biometrika 6, 1908), and miles to the gallon by gearbox (Henderson and
# Velleman, Biometrics 37, 1981): two samples of ten, and two of unlike size and scatter.
TENS = ([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0], [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
UNLIKE = (
    [21.4, 18.7, 18.1, 14.3, 24.4, 22.8, 19.2, 17.8, 16.4, 17.3, 15.2, 10.4, 10.4, 14.7, 21.5, 15.5, 15.2, 13.3, 19.2],
    [21.0, 21.0, 22.8, 32.4, 30.4, 33.9, 27.3, 26.0, 30.4, 15.8, 19.7, 15.0, 21.4],
)


def mean_of(values: list[float]) -> Mean:
    mean = math.fsum(values) / len(values)
    return Mean(mean, math.sqrt(math.fsum((one - mean) ** 2 for one in values) / (len(values) - 1)), len(values))


@pytest.mark.parametrize("samples", [TENS, UNLIKE], ids=["tens", "unlike"])
def test_means_are_judged_by_welch(samples: tuple[list[float], list[float]]) -> None:
    one, other = samples
    found, again = compare_means(mean_of(one), mean_of(other)), stats.ttest_ind(one, other, equal_var=False)
    assert found.df == pytest.approx(again.df, abs=EXACTLY)
    assert found.p == pytest.approx(again.pvalue, abs=EXACTLY)
    assert (found.low, found.high) == pytest.approx(tuple(again.confidence_interval(0.95)), abs=EXACTLY)


def test_means_by_hand() -> None:
    """By hand, by Welch's formulas (1947): variances 4 of 8 and 9 of 9, so error² = 1/2 + 1, and his df."""
    found = compare_means(Mean(12, 2, 8), Mean(10, 3, 9))
    df = 1.5**2 / (0.5**2 / 7 + 1**2 / 8)
    assert found.df == pytest.approx(df, abs=EXACTLY)
    half = stats.t.ppf(0.975, df) * math.sqrt(1.5)
    assert (found.low, found.high) == pytest.approx((2 - half, 2 + half), abs=EXACTLY)
    assert found.p == pytest.approx(2 * stats.t.sf(2 / math.sqrt(1.5), df), abs=EXACTLY)


def test_one_side_may_be_without_scatter_but_not_both() -> None:
    found = compare_means(Mean(5, 0, 30), Mean(4, 1, 30))
    assert found.df == pytest.approx(29, abs=EXACTLY)
    with pytest.raises(ValueError, match="scatters"):
        compare_means(Mean(5, 0, 30), Mean(4, 0, 30))


def test_interval_of_one_mean_is_student_s() -> None:
    low, high = mean_interval(mean_of(TENS[0]))
    assert (low, high) == pytest.approx(
        stats.t.interval(0.95, 9, loc=mean_of(TENS[0]).mean, scale=mean_of(TENS[0]).spread / math.sqrt(10)),
        abs=EXACTLY,
    )


def test_holm_counts_the_family() -> None:
    """By hand, by Holm's steps (1979): the smallest times their number, the next times one less, never below it."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02], abs=EXACTLY)
    assert holm([0.5, 0.9]) == pytest.approx([1.0, 1.0], abs=EXACTLY)
    assert holm([]) == []


def test_sample_for_shares_by_hand() -> None:
    """By Fleiss' formula (1981), 1/2 against 3/4, power 90 %: n = (z √(2 · 5/8 · 3/8) + z' √(1/4 + 3/16))² · 16."""
    null, own = Z * math.sqrt(2 * 5 / 8 * 3 / 8), NormalDist().inv_cdf(0.9) * math.sqrt(1 / 4 + 3 / 16)
    num = 16 * (null + own) ** 2
    assert power.sample_for_shares(0.5, 0.25, power=0.9) == math.ceil(num) == 77


def test_power_of_shares_by_hand() -> None:
    """By Fleiss' formula (1981), written out for 4 % against 5 % of 4000 each."""
    null = math.sqrt(0.045 * 0.955 * 2 / 4000)
    own = math.sqrt((0.04 * 0.96 + 0.05 * 0.95) / 4000)
    by_hand = NormalDist().cdf((0.01 - Z * null) / own)
    assert power.power_of_shares(0.04, 0.01, 4000, 4000) == pytest.approx(by_hand, abs=EXACTLY)


@pytest.mark.parametrize("effect", [0.97, -0.05, 0.0])
def test_there_is_no_share_outside_0_and_1(effect: float) -> None:
    with pytest.raises(ValueError, match="No share"):
        power.power_of_shares(0.04, effect, 100, 100)


def chance_of_means(effect: float, num: int) -> float:
    """By its definition: noncentral t of 2n - 2 degrees of freedom around d √(n/2), beyond Student's quantile."""
    df = 2 * num - 2
    return float(stats.nct.sf(stats.t.ppf(0.975, df), df, effect * math.sqrt(num / 2)))


@pytest.mark.parametrize(("effect", "num"), [(1.0, 20), (0.5, 64), (0.2, 394), (0.8, 5)])
def test_power_of_means_is_noncentral_t_s(effect: float, num: int) -> None:
    assert power.power_of_means(1, 1, effect, num, num) == pytest.approx(chance_of_means(effect, num), abs=EXACTLY)


@pytest.mark.parametrize(("effect", "chance", "num"), [(1.0, 0.9, 23), (0.5, 0.8, 64), (0.2, 0.8, 394)])
def test_sample_for_means_is_the_smallest_that_is_enough(effect: float, chance: float, num: int) -> None:
    assert chance_of_means(effect, num - 1) < chance <= chance_of_means(effect, num)
    assert power.sample_for_means(1, 1, effect, power=chance) == num


def test_sample_is_the_smallest_that_is_enough() -> None:
    for rate, effect in ((0.04, 0.01), (0.3, -0.05), (0.5, 0.2)):
        num = power.sample_for_shares(rate, effect)
        reached = [power.power_of_shares(rate, effect, one, one) for one in (num - 1, num)]
        assert reached[0] < power.POWER <= reached[1]


def none_of(num: int) -> float:
    """The recursion of Armitage, McPherson and Rowe (1969) by Simpson's rule: a walk that stays within ± z √k.

    The density of its place after k steps, having stayed so far, is that after k - 1, spread by one more normal step.
    """
    cells, at, density = 400, np.zeros(1), np.ones(1)
    for k in range(1, num + 1):
        edge = Z * math.sqrt(k)
        here, step = np.linspace(-edge, edge, cells + 1, retstep=True)
        simpson = step / 3 * np.array([1, *([4, 2] * (cells // 2))[:-1], 1])
        density = stats.norm.pdf(here[:, None] - at[None, :]) @ density * simpson
        at = here
    return float(density.sum())


@pytest.mark.parametrize("num", [1, 2, 3, 4, 5, 10, 20])
def test_looking_often_raises_the_chance_of_a_false_alarm(num: int) -> None:
    found = peeking.false_alarm([100 * look for look in range(1, num + 1)])
    assert found == pytest.approx(1 - none_of(num), abs=1e-6)
    assert found >= peeking.false_alarm([100 * look for look in range(1, num)])


def test_false_alarm_of_two_looks_is_that_of_two_normals() -> None:
    """The two statistics are normal with correlation √(n1/n2)."""
    for first, second in ((100, 200), (300, 1000)):
        both = stats.multivariate_normal([0, 0], [[1, (first / second) ** 0.5], [(first / second) ** 0.5, 1]])
        z = NormalDist().inv_cdf(0.975)
        none = both.cdf([z, z], lower_limit=[-z, -z])
        assert peeking.false_alarm([first, second]) == pytest.approx(1 - none, abs=2e-6)


def test_another_look_at_the_same_is_none() -> None:
    assert peeking.false_alarm([1000, 1000, 1001]) == pytest.approx(0.05, abs=EXACTLY)
    assert peeking.false_alarm([]) == 0


def test_always_valid_interval_by_hand() -> None:
    """By hand, Robbins' mixture (1970): its ratio is 1/α at both ends, Λ = √(V/(V+τ²)) · exp(τ² d² / (2 V (V+τ²)))."""
    error, smallest = 0.01, 0.02
    low, high = peeking.always_valid(0.03, error, smallest)
    v, t = error**2, smallest**2
    for end in (low, high):
        ratio = math.sqrt(v / (v + t)) * math.exp(t * (end - 0.03) ** 2 / (2 * v * (v + t)))
        assert ratio == pytest.approx(20, rel=EXACTLY)


def test_always_valid_interval_misses_the_truth_at_most_as_often_as_it_says_however_often_one_looks() -> None:
    """Two arms without a difference, looked at after every hundred: of 600 experiments, by a binomial bound."""
    chance, num, misses, fooled = random.Random(11), 600, 0, 0
    for _run in range(num):
        total, is_missed, is_fooled = 0.0, False, False
        for look in range(1, 41):
            total += chance.gauss(0, 1)  # a hundred more in each arm, as standard normal steps
            value, error = total / look, 1 / math.sqrt(look)
            low, high = peeking.always_valid(value, error, 0.3)
            is_missed |= not low <= 0 <= high
            is_fooled |= abs(value) > 1.96 * error
        misses, fooled = misses + is_missed, fooled + is_fooled
    assert misses <= stats.binom.ppf(0.999, num, 0.05)
    assert fooled > 0.2 * num  # the plain interval, looked at as often


def test_trend_is_that_of_theil_and_sen() -> None:
    chance = random.Random(5)
    for num in (8, 12, 40, 90):
        days = sorted(chance.sample(range(400), num))
        values = [round(0.1 * day + chance.gauss(0, 9), 1) for day in days]
        found = trend.trend([(date(2026, 1, 1) + timedelta(day), v) for day, v in zip(days, values, strict=True)])
        again = stats.theilslopes(values, days, 0.95)
        assert found is not None
        assert [found.per_week / 7, found.low / 7, found.high / 7] == pytest.approx(
            [again.slope, again.low_slope, again.high_slope], abs=EXACTLY
        )


def test_trend_says_nothing_of_few_points_and_is_not_moved_by_one() -> None:
    weeks = [(date(2026, 1, 5) + timedelta(weeks=week), float(week)) for week in range(12)]
    assert trend.trend(weeks[: trend.LEAST - 1]) is None
    odd = [*weeks[:5], (weeks[5][0], 900.0), *weeks[6:]]
    found = trend.trend(odd)
    assert found is not None
    assert found.per_week == pytest.approx(1.0, abs=EXACTLY)
    assert found.is_clear


def test_rank_correlation_is_spearman_s_and_its_interval_bonett_and_wright_s() -> None:
    chance = random.Random(3)
    outcomes = [chance.randrange(12) * 1.0 for _one in range(30)]
    criteria = [[chance.randrange(6) + outcome / 6 for outcome in outcomes], [chance.random() for _one in outcomes]]
    for values, found in zip(criteria, association.associations(outcomes, criteria), strict=True):
        assert found is not None
        rho = stats.spearmanr(values, outcomes).statistic
        assert found.rho == pytest.approx(rho, abs=EXACTLY)
        half = Z * math.sqrt((1 + rho * rho / 2) / 27)
        ends = math.tanh(math.atanh(rho) - half), math.tanh(math.atanh(rho) + half)
        assert (found.low, found.high) == pytest.approx(ends, abs=EXACTLY)


def test_p_of_one_criterion_is_the_share_of_deals_that_reach_it() -> None:
    """One criterion alone: the permutation test of SciPy, which deals for itself."""
    chance = random.Random(8)
    outcomes = [chance.random() for _one in range(20)]
    values = [outcome + chance.gauss(0, 0.45) for outcome in outcomes]
    (found,) = association.associations(outcomes, [values])
    assert found is not None
    again = stats.permutation_test(
        (values,), lambda x: stats.spearmanr(x, outcomes).statistic, permutation_type="pairings", n_resamples=9999,
        rng=1,
    )  # fmt: skip
    assert found.p == pytest.approx(again.pvalue, abs=0.006)  # both deal ten thousand times


def test_same_report_twice_says_the_same_p() -> None:
    outcomes = [one * 1.0 for one in range(20)]
    criteria = [[(7 * one) % 13 for one in range(20)], [(5 * one) % 11 for one in range(20)]]
    assert association.associations(outcomes, criteria) == association.associations(outcomes, criteria)


def test_criterion_that_few_teams_are_known_of_is_silent() -> None:
    outcomes = [one * 1.0 for one in range(20)]
    few = [None] * (21 - association.LEAST) + outcomes[21 - association.LEAST :]
    enough = [None] * (20 - association.LEAST) + outcomes[20 - association.LEAST :]
    same = [3.0] * 20
    found = association.associations(outcomes, [few, enough, same])
    assert [one is None for one in found] == [True, False, True]
