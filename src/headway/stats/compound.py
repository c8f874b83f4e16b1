"""How much so many wins of such sizes add up to: the whole distribution, by fast Fourier transform.

The total is the sum of pending items (each won with its own chance, at its own size) and of a random number of further
wins (Poisson, or negative binomial where the rate itself is uncertain) with sizes from a common distribution. On a
lattice its characteristic function is a product, so no simulation is needed. Pending items come in by the logarithmic
expansion of De Pril (1989): all of them cost one scattered sum and one transform, however many they are.

Rounding. Sizes of further wins are split between two lattice points so that their mean is kept; a pending item goes to
the nearest point, and what rounding adds to the expected total is taken out again. What would fall beyond the lattice
would come round to its beginning, so the lattice must reach far into the tail (`reach`). Checked against plain
convolution and against simulation.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headway.stats.arrays import Floats, Ints

Complexes = NDArray[np.complex128]
POINTS = 512
# an item more likely than this is followed by its chance of failing: the expansion needs odds below one
EVEN = 0.5
TERMS = 40
TAIL_SD = 7.0


@dataclass(frozen=True)
class Totals:
    """Distributions of totals, one row each. mass[i, k]: probability of about k * step[i] + shift[i]."""

    mass: Floats
    step: Floats
    shift: Floats
    mean: Floats

    def chance(self, target: Floats | float) -> Floats:
        """P(total >= target) per row.

        Within a lattice cell what is as common as in its neighbours counts as spread evenly; what stands out is a
        single possible total (one deal of 10,000 and nothing else) and counts as reached.
        """
        rows, points = self.mass.shape
        wanted = np.broadcast_to(np.asarray(target, dtype=np.float64), (rows,))
        at = np.clip((wanted - self.shift) / self.step, 0.0, points)
        cell = np.minimum(np.rint(at), points).astype(np.int64)
        padded = np.pad(self.mass, ((0, 0), (1, 2)))
        here, row = padded[np.arange(rows), cell + 1], np.arange(rows)
        smooth = np.minimum(here, 0.5 * (padded[row, cell] + padded[row, cell + 2]))
        beyond = np.concatenate([self.mass[:, ::-1].cumsum(axis=1)[:, ::-1], np.zeros((rows, 2))], axis=1)
        found = beyond[row, cell + 1] + (here - smooth) + smooth * np.clip(cell + 0.5 - at, 0.0, 1.0)
        return np.asarray(np.where(wanted <= 0, 1.0, np.clip(found, 0.0, 1.0)))

    def quantiles(self, levels: Floats) -> Floats:
        """(rows, levels): the smallest total whose probability of not being exceeded reaches the level."""
        below = self.mass.cumsum(axis=1)
        place = np.stack([np.searchsorted(row, levels * row[-1] - 1e-12) for row in below])
        found = np.minimum(place, self.mass.shape[1] - 1) * self.step[:, None] + self.shift[:, None]
        # what rounding moved a little off zero is nothing
        return np.asarray(np.where(found < 0.75 * self.step[:, None], 0.0, found))


@dataclass(frozen=True)
class Pending:
    """Items that may still be won. row: which total each belongs to; size > 0; chance: (draws, items)."""

    row: Ints
    size: Floats
    chance: Floats


@dataclass(frozen=True)
class Unsized:
    """Pending items whose size is not known yet: (draws, rows, len(LEVELS)) how many have which chance. Their sizes
    come from the same distribution as those of further wins."""

    number: Floats


# chances at which unsized items are counted; an item between two of them counts in part at each (`spread_over_levels`)
LEVELS = np.array([0.0, 0.05, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1.0])


def spread_over_levels(row: Ints, chance: Floats, *, rows: int) -> Unsized:
    """Unsized items from their rows and chances (draws, items); the expected number is kept exactly."""
    place = np.clip(np.searchsorted(LEVELS, chance, side="right") - 1, 0, LEVELS.size - 2)
    upper = (chance - LEVELS[place]) / (LEVELS[place + 1] - LEVELS[place])
    number = np.zeros((len(chance), rows, LEVELS.size))
    for draw in range(len(chance)):
        np.add.at(number[draw], (row, place[draw]), 1.0 - upper[draw])
        np.add.at(number[draw], (row, place[draw] + 1), upper[draw])
    return Unsized(number)


@dataclass(frozen=True)
class Further:
    """Wins beside the pending items, per draw and row.

    mean: (draws, rows) expected number; spread: variance of the rate over its squared mean (rows,), 0 = Poisson;
    sizes, weights: (rows, m) possible sizes with their probabilities, which sum to 1 in each row.
    """

    mean: Floats
    spread: Floats
    sizes: Floats
    weights: Floats


def compound(
    pending: Pending,
    further: Further,
    *,
    unsized: Unsized | None = None,
    points: int = POINTS,
    step: Floats | None = None,
) -> Totals:
    """Distribution of each row's total, averaged over the draws.

    points: lattice points per row, a power of two; step: width of the lattice per row, by default wide enough for the
    mean and seven standard deviations. Pass 1.0 to count wins (all sizes 1).

    Raises:
        ValueError: a chance outside 0 to 1, a size or mean that is not positive and finite.
    """
    _check(pending, further)
    draws, rows = further.mean.shape
    step = _steps(pending, further, unsized, points) if step is None else np.asarray(step, dtype=np.float64)
    lattice = np.rint(pending.size / step[pending.row]).astype(np.int64)
    severity = np.asarray(np.fft.rfft(_on_lattice(further, step, points), axis=1))
    chance = pending.chance.mean(axis=0)
    added = np.bincount(pending.row, chance * (lattice * step[pending.row] - pending.size), rows)
    mass = np.zeros((rows, points))
    for draw in range(draws):
        transform = _log_pending(pending, lattice, pending.chance[draw], rows, points)
        transform += _log_further(severity, further.mean[draw], further.spread)
        if unsized is not None:
            transform += _log_unsized(severity, unsized.number[draw])
        mass += np.fft.irfft(np.exp(transform), points, axis=1)
    mass = np.clip(mass / draws, 0.0, None)
    mass /= mass.sum(axis=1, keepdims=True)
    first = (further.sizes * further.weights).sum(axis=1)
    number = further.mean.mean(axis=0)
    if unsized is not None:
        number = number + (unsized.number.mean(axis=0) * LEVELS).sum(axis=1)
    expected = np.bincount(pending.row, chance * pending.size, rows) + number * first
    return Totals(mass, step, -added.astype(np.float64), np.asarray(expected, dtype=np.float64))


def _check(pending: Pending, further: Further) -> None:
    if pending.chance.size and not ((pending.chance >= 0) & (pending.chance <= 1)).all():
        raise ValueError("A chance must lie between 0 and 1.")
    if not (np.isfinite(pending.size).all() and (pending.size > 0).all() and (further.sizes >= 0).all()):
        raise ValueError("Sizes must be positive and finite.")
    if not (np.isfinite(further.mean).all() and (further.mean >= 0).all()):
        raise ValueError("An expected number must be finite and not negative.")


def _steps(pending: Pending, further: Further, unsized: Unsized | None, points: int) -> Floats:
    """Wide enough for the most hopeful draw: its mean and seven standard deviations, and the largest single item."""
    rows = further.spread.size
    most = pending.chance.max(axis=0, initial=0.0)
    number = further.mean.max(axis=0)
    if unsized is not None:
        number = number + (unsized.number * LEVELS).sum(axis=2).max(axis=0)
    first, second = ((further.sizes**power * further.weights).sum(axis=1) for power in (1, 2))
    mean = np.bincount(pending.row, most * pending.size, rows) + number * first
    variance = np.bincount(pending.row, most * pending.size**2, rows) + number * second
    variance = variance + further.spread * (number * first) ** 2
    reach = mean + TAIL_SD * np.sqrt(variance) + further.sizes.max(axis=1, initial=0.0)
    return np.asarray(np.maximum(reach, 1e-9) / points)


def _on_lattice(further: Further, step: Floats, points: int) -> Floats:
    """Sizes split between neighbours, the mean kept; (rows, points)."""
    place = further.sizes / step[:, None]
    low = np.minimum(np.floor(place), points - 2)
    share = np.clip(place - low, 0.0, 1.0)
    rows, size = place.shape[0], place.shape[0] * points
    cell = (np.arange(rows)[:, None] * points + low.astype(np.int64)).ravel()
    lower = np.bincount(cell, (further.weights * (1.0 - share)).ravel(), size)
    upper = np.bincount(cell + 1, (further.weights * share).ravel(), size)
    return np.asarray((lower + upper).reshape(rows, points))


def _log_unsized(severity: Complexes, number: Floats) -> Complexes:
    """Log characteristic function of items won with the chances LEVELS, each at a size from the distribution."""
    total = np.zeros(severity.shape, dtype=np.complex128)
    for level, chance in enumerate(LEVELS[1:], 1):
        used = np.flatnonzero(number[:, level] > 0)
        if used.size:
            # where an item is certain the transform may vanish: kept off zero
            inside = 1.0 + min(chance, 1.0 - 1e-9) * (severity[used] - 1.0)
            total[used] += number[used, level, None] * np.log(inside + 1e-300)
    return total


def _log_further(severity: Complexes, mean: Floats, spread: Floats) -> Complexes:
    """Log characteristic function of a Poisson (spread 0) or negative binomial number of wins."""
    inside = severity - 1.0
    shape = 1.0 / np.maximum(spread, 1e-9)
    plain = mean[:, None] * inside
    return np.where(spread[:, None] > 1e-9, -shape[:, None] * np.log(1.0 - plain / shape[:, None]), plain)


def _log_pending(pending: Pending, lattice: Ints, chance: Floats, rows: int, points: int) -> Complexes:
    """Log characteristic function of the pending items of each row, all items at once.

    log(1 - p + p z) = log(1 - p) + sum over m of (-1)^(m+1) r^m / m z^m with r = p / (1 - p) below one; where p is
    above one half, z is taken out and the same done with 1/r and 1/z. Powers beyond the lattice wrap round: exact.
    """
    likely = chance > EVEN
    p = np.minimum(np.where(likely, 1.0 - chance, chance), EVEN - 1e-3)
    odds, direction = p / (1.0 - p), np.where(likely, -1, 1) * lattice
    base = pending.row * points
    spike = np.zeros(rows * points)
    active, power = np.flatnonzero(p > 1e-9), 1
    strength = odds.copy()
    while active.size and power <= TERMS:
        sign = 1.0 if power % 2 else -1.0
        cell = base[active] + (power * direction[active]) % points
        spike += np.bincount(cell, sign * strength[active] / power, spike.size)
        strength[active] *= odds[active]
        power += 1
        active = active[strength[active] / power > 1e-7]
    constant = np.bincount(pending.row, np.log1p(-p), rows)
    turned = np.bincount(pending.row, np.where(likely, lattice, 0), rows)
    angle = -2j * np.pi * np.arange(points // 2 + 1) / points
    result = np.fft.rfft(spike.reshape(rows, points), axis=1) + constant[:, None]
    return np.asarray(result + angle * turned[:, None])
