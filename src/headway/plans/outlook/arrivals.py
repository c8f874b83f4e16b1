"""New leads and deals a person can expect: their own recent rate, pulled toward colleagues' by how little it says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headway.detection.roster import Roster
from headway.plans.outlook.calendar import Season, fit_season
from headway.plans.outlook.pipeline import Walks
from headway.stats.arrays import Flags, Floats, Ints

RECENT_DAYS, LEAST_WEEKS = 182, 8


@dataclass(frozen=True)
class Arrivals:
    """Per class of arrivals (assigned leads, own leads, deals without a lead): (classes, people).

    rate: expected arrivals a day at work, the season's wave taken out; doubt: variance of the rate over its square;
    usual: the rate of the segment's middle; entry: the rung on which each class begins;
    members: which walks of late belong to it; seasons: its wave over the year.
    """

    rate: Floats
    doubt: Floats
    usual: Floats
    entry: Ints
    members: tuple[Flags, ...]
    seasons: tuple[Season, ...]


def fit_arrivals(roster: Roster, walks: Walks) -> Arrivals:
    """Rates over the last half year, recent weeks counting more."""
    begins = np.argmax(np.isfinite(walks.reached), axis=1)
    born = walks.reached[np.arange(walks.rep.size), begins] if walks.rep.size else np.zeros(0)
    classes = [(0, begins == 0, walks.own), (0, begins == 0, ~walks.own)] if walks.leads else []
    direct = 1 if walks.leads else 0
    parts = [(entry, here & own) for entry, here, own in classes] + [(direct, begins == direct)]
    rates, doubts, usual, members, seasons = [], [], [], [], []
    for _entry, mine in parts:
        season = fit_season(born[mine & (born >= walks.since)])
        rate, doubt, middle = _rates(roster, walks, mine, born, season)
        seasons.append(season)
        rates.append(rate)
        doubts.append(doubt)
        usual.append(middle)
        members.append(mine & (born >= -RECENT_DAYS))
    return Arrivals(
        np.array(rates),
        np.array(doubts),
        np.array(usual),
        np.array([entry for entry, _ in parts]),
        tuple(members),
        tuple(seasons),
    )


def _rates(roster: Roster, walks: Walks, mine: Flags, born: Floats, season: Season) -> tuple[Floats, Floats, Floats]:
    people, weeks = len(roster.ids), min(RECENT_DAYS // 7, roster.weeks)
    if -walks.since >= 7 * LEAST_WEEKS:
        # of what began before ends are on record only the part that lasted is known
        weeks = min(weeks, int(-walks.since // 7))
    recent = mine & (born >= -7.0 * weeks)
    back = np.minimum((-born[recent]) // 7, weeks - 1).astype(np.int64)
    weight = 0.5 ** (np.arange(weeks) / 13.0)
    counts = np.bincount(walks.rep[recent], weight[back], people)
    present = roster.present[:, ::-1][:, :weeks]
    wave = season.on(np.asarray(-7.0 * (np.arange(weeks) + 0.5), dtype=np.float64))
    exposed = 7.0 * (present * weight * wave).sum(axis=1)
    square = np.bincount(walks.rep[recent], weight[back] ** 2, people)
    rate, doubt, usual = np.zeros(people), np.zeros(people), np.zeros(people)
    for code in np.unique(roster.segment):
        here = (roster.segment == code) & (exposed > 0)
        total = exposed[here].sum()
        mean = counts[here].sum() / total if total > 0 else 0.0
        usual[roster.segment == code] = mean
        if mean <= 0:
            continue
        own = counts[here] / exposed[here]
        noise = square[here] / exposed[here] ** 2
        between = max(float(np.average((own - mean) ** 2 - noise, weights=exposed[here])), 0.01 * mean**2)
        noise = np.maximum(noise, mean * (weight**2).sum() / weight.sum() / exposed[here])
        pull = between / (between + noise)
        rate[here] = mean + pull * (own - mean)
        doubt[here] = pull * noise / np.maximum(rate[here], 1e-9) ** 2
    return rate, np.minimum(doubt, 1.0), usual
