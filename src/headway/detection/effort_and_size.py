"""The two measures that are no conversions: own leads a week, and the size of won deals."""

import numpy as np

from headway.detection.chances import EFFORT, SIZE
from headway.detection.evidence import WonDeals
from headway.detection.measure import KIND, SLOPE, Measure, dispersion_of, shared_by_week, sums, tenure_basis
from headway.detection.roster import Roster
from headway.stats.arrays import Floats
from headway.stats.logistic import fit_poisson


def effort_measure(own: Floats, roster: Roster, effect: Floats) -> tuple[Measure, Floats, Floats]:
    people, weeks = own.shape
    rep = np.repeat(np.arange(people), weeks)
    week = np.tile(np.arange(weeks), people)
    design, penalty = [np.ones((rep.size, 1))], [1e-4]
    if len(roster.segments) > 1:
        design.append((roster.segment[rep][:, None] == np.arange(len(roster.segments))).astype(float))
        penalty.extend([KIND] * len(roster.segments))
    if np.isfinite(roster.hired_week).any():
        design.append(tenure_basis(roster, rep, week))
        penalty.extend([SLOPE, SLOPE])
    columns = np.column_stack(design)
    exposure = np.where(np.isnan(roster.first_week), 0.0, 1.0)[:, None] * roster.present
    used = exposure.ravel() > 0
    beta = fit_poisson(
        columns[used],
        counts=own.ravel()[used],
        exposure=exposure.ravel()[used],
        offset=effect[rep][used],
        penalty=np.array(penalty),
    ).coefficients
    base = exposure * np.exp(columns @ beta).reshape(people, weeks)
    with_effect = base * np.exp(effect)[:, None]
    months = (weeks + 3) // 4
    block = np.arange(weeks) // 4
    gather = (block[:, None] == np.arange(months)).astype(float)
    dispersion = dispersion_of(
        (own @ gather).ravel(), (with_effect @ gather).ravel(), (with_effect @ gather).ravel(), people
    )
    season = shared_by_week(own, with_effect, dispersion)
    precision = with_effect * season / dispersion
    information = (own - with_effect * season) / dispersion + precision * effect[:, None]
    rates = np.divide(base.sum(1), exposure.sum(1), out=np.full(people, np.nan), where=exposure.sum(1) > 0)
    measure = Measure(
        EFFORT,
        "effort",
        own,
        base * season,
        exposure,
        precision,
        float(base.sum() / max(exposure.sum(), 1e-9)),
        rates,
        0,
        dispersion,
    )
    return measure, information, precision


def size_measure(won: WonDeals, roster: Roster, effect: Floats) -> tuple[Measure, Floats, Floats]:
    people, weeks = len(roster.ids), roster.weeks
    design = [np.ones((won.week.size, 1))]
    penalty = [1e-4]
    for codes, values in (
        (np.unique(won.segment), won.segment),
        (np.unique(won.source), won.source),
        (np.unique(won.product), won.product),
    ):
        if codes.size > 1:
            design.append((values[:, None] == codes).astype(float))
            penalty.extend([KIND / 4] * codes.size)
    listed = np.isfinite(won.log_list)
    if listed.sum() >= 20:
        price = np.where(listed, won.log_list - won.log_list[listed].mean(), 0.0)
        design.append(np.column_stack([price, ~listed]))
        penalty.extend([0.1, KIND / 4])
    if np.isfinite(roster.hired_week).any():
        design.append(tenure_basis(roster, won.rep, won.week))
        penalty.extend([4 * SLOPE, 4 * SLOPE])
    columns = np.column_stack(design)
    beta = np.linalg.solve(columns.T @ columns + np.diag(penalty), columns.T @ (won.log_amount - effect[won.rep]))
    fitted = columns @ beta
    residual = won.log_amount - fitted - effect[won.rep]
    sigma = max(1.4826 * float(np.median(np.abs(residual - np.median(residual)))), 0.5 * float(residual.std()), 1e-3)
    clipped = np.clip(residual, -3 * sigma, 3 * sigma)
    variance = max(float(clipped.var()), 1e-6)
    cell, size = won.rep * weeks + won.week, people * weeks

    def by_week(values: Floats) -> Floats:
        return sums(cell, values, size).reshape(people, weeks)

    count = by_week(np.ones_like(fitted))
    precision = count / variance
    information = by_week(clipped + effect[won.rep]) / variance
    deals = count.sum(1)
    usual = np.exp(np.divide(by_week(fitted).sum(1), deals, out=np.full(people, np.nan), where=deals > 0))
    measure = Measure(
        SIZE,
        "size",
        by_week(won.log_amount),
        by_week(fitted),
        count,
        precision,
        float(np.exp(fitted.mean() + 0.5 * variance)),
        usual * np.exp(0.5 * variance),
        0,
        variance,
    )
    return measure, information, precision
