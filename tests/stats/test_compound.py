"""Totals of so many wins of such sizes: against plain convolution and against simulation."""

import numpy as np
import pytest
from scipy.stats import nbinom, poisson

from headway.stats.compound import Further, Pending, compound

NOBODY = Pending(np.zeros(0, np.int64), np.zeros(0), np.zeros((1, 0)))


def none_further(rows: int = 1) -> Further:
    return Further(np.zeros((1, rows)), np.zeros(rows), np.ones((rows, 1)), np.ones((rows, 1)))


def counted(mean: float, spread: float) -> Further:
    return Further(np.array([[mean]]), np.array([spread]), np.ones((1, 1)), np.ones((1, 1)))


def test_counting_wins_gives_poisson_and_negative_binomial():
    k = np.arange(20)
    found = compound(NOBODY, counted(4.2, 0.0), points=64, step=np.ones(1)).mass[0, :20]
    assert found == pytest.approx(poisson.pmf(k, 4.2), abs=1e-12)
    found = compound(NOBODY, counted(4.2, 0.5), points=256, step=np.ones(1)).mass[0, :20]
    assert found == pytest.approx(nbinom.pmf(k, 2, 2 / 6.2), abs=1e-9)


def test_pending_items_equal_plain_convolution():
    rng = np.random.default_rng(3)
    chance = np.concatenate([rng.random(14), [0.0, 1.0, 0.499, 0.51]])
    size = rng.integers(1, 9, chance.size).astype(float)
    plain = np.array([1.0])
    for p, a in zip(chance, size.astype(int), strict=True):
        plain = np.convolve(plain, np.concatenate([[1 - p], np.zeros(a - 1), [p]]))
    pending = Pending(np.zeros(chance.size, np.int64), size, chance[None])
    found = compound(pending, none_further(), points=256, step=np.ones(1)).mass[0, : plain.size]
    assert found == pytest.approx(plain, abs=2e-3)
    assert found @ np.arange(plain.size) == pytest.approx(chance @ size, abs=0.02)


def test_one_deal_reaches_its_own_size_and_no_more():
    pending = Pending(np.zeros(1, np.int64), np.array([10_000.0]), np.array([[0.3]]))
    found = compound(pending, none_further())
    assert found.chance(10_000.0)[0] == pytest.approx(0.3, abs=1e-6)
    assert found.chance(10_200.0)[0] == pytest.approx(0.0, abs=1e-6)
    assert found.chance(0.0)[0] == 1.0
    assert found.quantiles(np.array([0.5, 0.9]))[0] == pytest.approx([0.0, 10_000.0], rel=0.01)


def test_agrees_with_simulation_over_draws():
    rng = np.random.default_rng(5)
    rows, draws, paths = 3, 4, 60_000
    row = np.repeat(np.arange(rows), 12)
    size, chance = np.exp(rng.normal(9, 0.7, row.size)), rng.beta(1, 2, (draws, row.size))
    sizes = np.exp(rng.normal(9, 0.6, (rows, 40)))
    mean, spread = rng.uniform(2, 8, (draws, rows)), np.array([0.0, 0.1, 0.3])
    found = compound(Pending(row, size, chance), Further(mean, spread, sizes, np.full((rows, 40), 1 / 40)))
    for r in range(rows):
        mine, which = row == r, rng.integers(0, draws, paths)
        total = (rng.random((paths, mine.sum())) < chance[which][:, mine]) @ size[mine]
        rate = mean[which, r] * (rng.gamma(1 / spread[r], spread[r], paths) if spread[r] else 1.0)
        number = rng.poisson(rate)
        ends = number.cumsum()
        money = np.concatenate([[0.0], rng.choice(sizes[r], ends[-1]).cumsum()])
        total = total + money[ends] - money[ends - number]
        assert found.mean[r] == pytest.approx(total.mean(), rel=0.01)
        for level in (0.1, 0.5, 0.8, 0.95):
            assert found.chance(np.quantile(total, level))[r] == pytest.approx(1 - level, abs=0.008)


@pytest.mark.parametrize("chance", [1.2, -0.1, float("nan")])
def test_a_chance_outside_0_to_1_is_refused(chance):
    with pytest.raises(ValueError, match="chance"):
        compound(Pending(np.zeros(1, np.int64), np.ones(1), np.array([[chance]])), none_further())
