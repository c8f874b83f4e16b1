"""A prior that knows most people are fine and a few are not, with its shape averaged over what the team shows.

Each prior is a main group around a centre plus a smaller group lower down. The hyper-parameters are not
fixed: they are averaged, weighted by how well they explain everybody's evidence, so that a team of twelve
keeps the honest doubt that a team of a thousand has lost. Sources: Efron 2010 (two-groups model); Carlin
and Louis 2000 (hyper-prior averaging of empirical Bayes).
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import logsumexp

from headway.stats.arrays import Floats


@dataclass(frozen=True)
class GridPosterior:
    """Posterior mass of each unit on the grid: density (units, points), rows sum to 1.

    prior: (points,) averaged prior; spread: its standard deviation; median: its median; noise: (units,)
    sampling variance of each unit's evidence, as given.
    """

    grid: Floats
    density: Floats
    prior: Floats
    spread: float
    median: float
    noise: Floats

    def below(self, value: float | Floats) -> Floats:
        """P(unit < value), linear between grid points; value scalar or (units,)."""
        step = self.grid[1] - self.grid[0]
        cumulative = self.density.cumsum(axis=1)
        position = np.clip((np.broadcast_to(value, len(self.density)) - self.grid[0]) / step + 0.5, 0.0, None)
        left = np.minimum(position.astype(int), len(self.grid) - 1)
        before = np.where(left > 0, np.take_along_axis(cumulative, np.maximum(left - 1, 0)[:, None], 1)[:, 0], 0)
        return np.asarray(
            before + (position - left).clip(0, 1) * np.take_along_axis(self.density, left[:, None], 1)[:, 0]
        )

    def quantile(self, probability: float) -> Floats:
        """Value below which the given share of each unit's posterior lies."""
        step = self.grid[1] - self.grid[0]
        cumulative = self.density.cumsum(axis=1)
        cell = np.minimum((cumulative < probability).sum(axis=1), len(self.grid) - 1)
        rows = np.arange(len(cell))
        before = np.where(cell > 0, cumulative[rows, np.maximum(cell - 1, 0)], 0.0)
        inside = (probability - before) / np.maximum(self.density[rows, cell], 1e-300)
        return np.asarray(self.grid[cell] + step * (np.clip(inside, 0.0, 1.0) - 0.5))

    @property
    def mean(self) -> Floats:
        return np.asarray(self.density @ self.grid)

    @property
    def variance(self) -> Floats:
        return np.asarray(self.density @ self.grid**2 - self.mean**2)


@dataclass(frozen=True)
class PriorFamily:
    """Candidate priors on a grid: mass (priors, points) and prior log-weights (priors,)."""

    grid: Floats
    mass: Floats
    log_weight: Floats


def prior_family(grid: Floats) -> PriorFamily:
    """Main group N(centre, tau2) plus a share of people lower by a distance; tau from 'no spread' to wide."""
    shapes, weights = [], []
    # people usually differ by a quarter to a third; the weight is that of one or two colleagues
    for tau in (0.0, 0.03, 0.06, 0.09, 0.12, 0.16, 0.20, 0.25, 0.30, 0.36, 0.43, 0.52, 0.65):
        usual = -0.5 * np.log((tau + 0.05) / 0.3) ** 2
        for share, weight in ((0.0, 0.2), (0.08, 0.25), (0.15, 0.3), (0.25, 0.25)):
            for distance in (0.0,) if share == 0.0 else (0.35, 0.5, 0.65):
                for centre in (-0.12, -0.08, -0.04, 0.0, 0.04, 0.08, 0.12):
                    low = max(tau, 0.15)
                    shapes.append(
                        (1 - share) * _normal(grid, centre, tau) + share * _normal(grid, centre - distance, low)
                    )
                    log_centre = -0.5 * (centre / 0.08) ** 2
                    weights.append(np.log(weight / (1 if share == 0.0 else 3)) + log_centre + usual)
    return PriorFamily(grid, np.array(shapes), np.array(weights))


def average_posterior(log_likelihood: Floats, family: PriorFamily, *, noise: Floats) -> GridPosterior:
    """Posterior of every unit, averaged over the family's priors.

    log_likelihood: (units, points) up to a constant per unit, without doubt that all units share.
    """
    scaled = _scaled(log_likelihood)
    evidence = np.log(np.maximum(scaled @ family.mass.T, 1e-300)).sum(axis=0) + family.log_weight
    weight = np.exp(evidence - logsumexp(evidence))
    keep = weight > 1e-5
    each = scaled @ family.mass[keep].T
    # P(h | all) * prior_h(x) / evidence_h(unit): every prior keeps its own normalisation per unit
    density = scaled * ((weight[keep] / np.maximum(each, 1e-300)) @ family.mass[keep])
    density /= density.sum(axis=1, keepdims=True)
    prior = weight[keep] @ family.mass[keep]
    prior /= prior.sum()
    mean = float(prior @ family.grid)
    spread = float(np.sqrt(prior @ (family.grid - mean) ** 2))
    median = float(np.interp(0.5, prior.cumsum() - 0.5 * prior, family.grid))
    return GridPosterior(family.grid, density, prior, spread, median, noise)


def fixed_posterior(log_likelihood: Floats, prior: GridPosterior, *, noise: Floats) -> GridPosterior:
    """Posterior under a prior already averaged (what another day's evidence taught about its shape)."""
    scaled = _scaled(log_likelihood)
    density = scaled * prior.prior
    density /= density.sum(axis=1, keepdims=True)
    return GridPosterior(prior.grid, density, prior.prior, prior.spread, prior.median, noise)


def shifted_by_doubt(posterior: GridPosterior, variance: Floats) -> GridPosterior:
    """The posterior when all units share an unknown shift of the whole scale: convolved with N(0, variance).

    variance: (units,). Contrasts to the group's mean say nothing about where that mean lies, so the shift
    widens each posterior and shrinks nobody further. Exact up to the grid (product of Fourier transforms).
    """
    points = posterior.grid.size
    padded = 2 * points
    frequency = 2.0 * np.pi * np.fft.rfftfreq(padded, d=float(posterior.grid[1] - posterior.grid[0]))
    spectrum = np.fft.rfft(posterior.density, padded, axis=1) * np.exp(-0.5 * variance[:, None] * frequency**2)
    # what the kernel carries beyond an end of the grid wraps around into the padding and is dropped
    density = np.clip(np.fft.irfft(spectrum, padded, axis=1)[:, :points], 0.0, None)
    return replace(posterior, density=density / density.sum(axis=1, keepdims=True))


def _scaled(log_likelihood: Floats) -> Floats:
    return np.asarray(np.exp(log_likelihood - log_likelihood.max(axis=1, keepdims=True)))


def _normal(grid: Floats, centre: float, sd: float) -> Floats:
    step = grid[1] - grid[0]
    density = np.exp(-0.5 * ((grid - centre) / max(sd, 0.5 * step)) ** 2)
    return np.asarray(density / density.sum())
