"""Where somebody stands now, when the prior tells where people usually stand.

Each candidate (no change, or a change at some date) says how likely every usual level is and how far the present one
lies from it. The prior of the team is about usual levels; a change comes on top of it. Putting the prior on the present
level instead would take back part of every change, as if whoever fell had been drawn anew from the team.
Checked against brute-force integration.
"""

from dataclasses import dataclass

import numpy as np

from headway.stats.arrays import Floats, Ints
from headway.stats.mixture_prior import GridPosterior

# candidates less likely than this beside the likeliest are left out
NEGLIGIBLE = 1e-4


@dataclass(frozen=True)
class Levels:
    """One level per unit and candidate (units, candidates), normal given the candidate; the first: no change.

    weight: posterior probability; usual, usual_variance: level before the change; now, now_variance: the present one;
    cross: their covariance; prior: variance of the usual level that all this was worked out with (around 0).
    """

    weight: Floats
    usual: Floats
    usual_variance: Floats
    now: Floats
    now_variance: Floats
    cross: Floats
    prior: Floats


@dataclass(frozen=True)
class UsualLikelihood:
    """What each candidate says of the usual level, its normal prior taken out: log-likelihood over a grid is
    scale + precision * (centre * x - x^2 / 2); reference: (units,) the largest of any candidate on the grid; counts:
    which candidates are not negligible."""

    grid: Floats
    scale: Floats
    centre: Floats
    precision: Floats
    reference: Floats
    counts: Floats

    def of(self, rows: Ints, candidate: int) -> Floats:
        """(rows, points) likelihood under one candidate, over the unit's reference."""
        grid = self.grid
        precision, centre = self.precision[rows, candidate], self.centre[rows, candidate]
        start = self.scale[rows, candidate] - self.reference[rows]
        return np.asarray(np.exp(start[:, None] + precision[:, None] * (centre[:, None] * grid - 0.5 * grid**2)))

    def rows(self, candidate: int) -> Ints:
        """Units for which the candidate counts."""
        return np.flatnonzero(self.counts[:, candidate])

    def on_grid(self) -> Floats:
        """(units, points) log-likelihood of the usual level, candidates averaged."""
        total = np.zeros((len(self.scale), self.grid.size))
        for candidate in range(self.scale.shape[1]):
            rows = self.rows(candidate)
            total[rows] += self.of(rows, candidate)
        return np.asarray(np.log(np.maximum(total, 1e-300)))


def usual_likelihood(levels: Levels, grid: Floats, *, hidden: float) -> UsualLikelihood:
    """The evidence on the usual level. hidden: variance of what looks like the unit in all data and is not."""
    learnt = np.maximum(1.0 / levels.usual_variance - 1.0 / levels.prior, 1e-4)
    centre = (levels.usual / levels.usual_variance) / learnt
    learnt = learnt / (1.0 + learnt * hidden)
    scale = (
        np.log(levels.weight + 1e-300)
        + 0.5 * np.log1p(learnt * levels.prior)
        + 0.5 * centre**2 / (levels.prior + 1.0 / learnt)
        - 0.5 * learnt * centre**2
    )
    counts = levels.weight > NEGLIGIBLE * levels.weight.max(axis=1, keepdims=True)
    counts[:, 0] = True
    # the likeliest level may lie beyond the grid
    nearest = np.clip(centre, grid[0], grid[-1])
    largest = scale + learnt * (centre * nearest - 0.5 * nearest**2)
    return UsualLikelihood(grid, scale, centre, learnt, np.where(counts, largest, -np.inf).max(axis=1), counts)


def present_density(levels: Levels, likelihood: UsualLikelihood, usual: GridPosterior) -> Floats:
    """(units, points) posterior of the present level on the grid of `usual`, the posterior of the usual one.

    Without a change both are the same. After one the present level is normal with the mean and variance that the
    usual level's first two moments give it.
    """
    grid = usual.grid
    # the prior that each unit's posterior was formed with, up to a constant of the unit
    prior = usual.density / np.maximum(np.exp(likelihood.on_grid()), 1e-300)
    density = likelihood.of(likelihood.rows(0), 0) * prior
    for candidate in range(1, levels.weight.shape[1]):
        rows = likelihood.rows(candidate)
        if rows.size:
            density[rows] += _moved(levels, rows, candidate, likelihood.of(rows, candidate) * prior[rows], grid)
    return np.asarray(density / density.sum(axis=1, keepdims=True))


def _moved(levels: Levels, rows: Ints, candidate: int, usual: Floats, grid: Floats) -> Floats:
    """Mass of the present level that goes with the mass `usual` (rows, points) of the usual one."""
    mass = usual.sum(axis=1)
    share = usual / np.maximum(mass, 1e-300)[:, None]
    mean = share @ grid
    variance = np.maximum(share @ grid**2 - mean**2, 0.0)
    slope = levels.cross[rows, candidate] / levels.usual_variance[rows, candidate]
    centre = levels.now[rows, candidate] + slope * (mean - levels.usual[rows, candidate])
    spread = levels.now_variance[rows, candidate] - slope * levels.cross[rows, candidate] + slope**2 * variance
    # no narrower than half a step of the grid, or the mass could fall between two points
    spread = np.maximum(spread, (0.5 * (grid[1] - grid[0])) ** 2)
    here = np.exp(-0.5 * (grid - np.clip(centre, grid[0], grid[-1])[:, None]) ** 2 / spread[:, None])
    return np.asarray(here * (mass / here.sum(axis=1))[:, None])
