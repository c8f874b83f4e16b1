"""The present level under a prior of the usual one, against plain integration."""

import numpy as np
import pytest
from scipy.stats import norm

from headway.stats.change_point import before_given_all, change_posterior
from headway.stats.changed_level import Levels, present_density, usual_likelihood
from headway.stats.mixture_prior import GridPosterior, fixed_posterior

GRID = np.arange(-3.0, 2.001, 0.02)
SIGMA, CHANGE = np.array([[0.09]]), np.array([[[0.25]]])


def _levels(b, p):
    change = change_posterior(
        b, p, candidates=np.array([1]), sigma=SIGMA, change=CHANGE, prior_change=np.full((len(b), 1), 0.3)
    )
    before = before_given_all(change, change=CHANGE)
    return Levels(
        change.weight,
        before.mean[..., 0],
        before.covariance[..., 0, 0],
        change.mean[..., 0],
        change.covariance[..., 0, 0],
        before.cross[..., 0, 0],
        np.full(change.weight.shape, SIGMA[0, 0]),
    )


def _present(b, p, prior):
    levels = _levels(b, p)
    likelihood = usual_likelihood(levels, GRID, hidden=0.0)
    team = GridPosterior(GRID, prior[None], prior, 0.0, 0.0, np.ones(1))
    usual = fixed_posterior(likelihood.on_grid(), team, noise=np.ones(len(b)))
    return present_density(levels, likelihood, usual)


def _integrated(b, p, prior):
    """The same on a fine grid: usual level down, present level across."""
    usual, now = GRID[:, None], GRID[None, :]
    early = prior[:, None] * np.exp(b[0, 0, 0] * usual - 0.5 * p[0, 0, 0] * usual**2)
    late = np.exp(b[0, 1, 0] * now - 0.5 * p[0, 1, 0] * now**2)
    moved = norm.pdf(now, usual, CHANGE[0, 0, 0] ** 0.5) * (GRID[1] - GRID[0])
    return _shares(0.7 * (early * np.eye(GRID.size) * late).sum(0) + 0.3 * (early * moved * late).sum(0))


def _shares(mass):
    return mass / mass.sum()


PRIORS = {
    "normal": _shares(norm.pdf(GRID, 0.0, 0.3)),
    "two groups": _shares(0.8 * norm.pdf(GRID, 0.05, 0.12) + 0.2 * norm.pdf(GRID, -0.45, 0.15)),
}


@pytest.mark.parametrize("kind", list(PRIORS))
@pytest.mark.parametrize(
    ("early", "late"), [(0.0, -0.9), (0.1, 0.1), (-0.4, -0.4), (0.3, -0.5)], ids=["fell", "steady", "low", "far"]
)
def test_the_present_level_is_that_of_plain_integration(kind, early, late):
    p = np.array([[[40.0], [25.0]]])
    b = p * np.array([[[early], [late]]])
    found, wanted = _present(b, p, PRIORS[kind])[0], _integrated(b, p, PRIORS[kind])
    assert found.sum() == pytest.approx(1.0)
    assert found.cumsum() == pytest.approx(wanted.cumsum(), abs=1e-6 if kind == "normal" else 0.03)


def test_nobody_is_pulled_back_to_the_team_by_having_been_ordinary():
    """A deep fall seen for long: the prior of usual levels, as narrow as it is, says little of how far one falls."""
    p = np.array([[[60.0], [40.0]]])
    b = p * np.array([[[0.0], [-1.0]]])
    density = _present(b, p, _shares(norm.pdf(GRID, 0.0, 0.1)))[0]
    # drawn anew from that team the level would be -1 * .01 / (.01 + 1/40) = -.29
    assert density @ GRID < -0.8


def test_without_evidence_the_present_level_is_only_wider():
    b, p = np.zeros((1, 2, 1)), np.zeros((1, 2, 1))
    density = _present(b, p, PRIORS["normal"])[0]
    assert density @ GRID == pytest.approx(0.0, abs=0.01)
    assert density @ GRID**2 == pytest.approx(0.09 + 0.3 * 0.25, rel=0.03)


def test_evidence_beyond_the_grid_ends_at_its_edge():
    p = np.array([[[400.0], [400.0]]])
    density = _present(p * -9.0, p, PRIORS["two groups"])[0]
    assert np.isfinite(density).all()
    assert density @ GRID < -2.5
