"""How leads travel: outcome and wait at each step, by the generator's own mechanics."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bench.simulation.notes import FOLLOW, Notes
from bench.simulation.tables import QUARTER, Funnel
from bench.simulation.truth import EFFORT, SIZE, STEPS

Rng = np.random.Generator
MEETINGS = 4.0


@dataclass(frozen=True)
class Recovery:
    """Who got better, from which day on (-1: never), by how much in each effect (n, 5)."""

    day: np.ndarray
    gain: np.ndarray


@dataclass(frozen=True)
class People:
    """Who works: effects (n, 5) from the start, their change `after` from `day` on (-1: never), and who got better."""

    segment: np.ndarray
    hired: np.ndarray
    effects: np.ndarray
    after: np.ndarray
    day: np.ndarray
    better: Recovery | None = None

    def effect(self, column: int, person: np.ndarray, day: np.ndarray) -> np.ndarray:
        """A person's effect on a day."""
        changed = (self.day[person] >= 0) & (np.nan_to_num(day) >= self.day[person])
        found = self.effects[person, column] + np.where(changed, self.after[person, column], 0.0)
        if self.better is None:
            return found
        risen = (self.better.day[person] >= 0) & (np.nan_to_num(day) >= self.better.day[person])
        return np.asarray(found + np.where(risen, self.better.gain[person, column], 0.0))

    @property
    def now(self) -> np.ndarray:
        found = self.effects + np.where(self.day[:, None] >= 0, self.after, 0.0)
        return found if self.better is None else found + self.better.gain


@dataclass(frozen=True)
class Leads:
    """One row per lead: person, day, source code, log odds by which it is easier at each step (leads, 3)."""

    person: np.ndarray
    day: np.ndarray
    source: np.ndarray
    easier: np.ndarray


@dataclass(frozen=True)
class Mechanics:
    """rates: (segments, 3) of an ordinary lead; wait: days at a step; ramp: log odds lost by tenure in days;
    at_entry: skill works when a step begins, not when it ends; rush: the quarter's end pulls signatures
    forward; unrecorded: share of losses that nobody enters; loss_wait: how much longer losses take."""

    rates: np.ndarray
    wait: Callable[[Rng, int, np.ndarray], np.ndarray]
    ramp: Callable[[np.ndarray, int, np.ndarray], np.ndarray]
    season: float = 0.12
    at_entry: bool = False
    rush: bool = False
    unrecorded: float = 0.0
    loss_wait: float = 1.3


def odds(rate: np.ndarray | float, shift: np.ndarray) -> np.ndarray:
    """A chance moved on the log odds scale."""
    return np.asarray(1.0 / (1.0 + (1.0 - rate) / rate * np.exp(-shift)))


def walk(rng: Rng, people: People, leads: Leads, how: Mechanics, notes: Notes, days: int) -> tuple[np.ndarray, ...]:
    """Days of qualified, proposal, won and lost for every lead; NaN where it did not happen."""
    segment = people.segment[leads.person]
    alive = np.ones(leads.day.size, dtype=bool)
    lost = np.full(leads.day.size, np.nan)
    reached = [leads.day]
    for step in range(STEPS):
        start = reached[-1]
        wait = how.wait(rng, step, segment)
        if how.rush and step == STEPS - 1:
            wait = _rushed(rng, start, wait, days)
        moment = start if how.at_entry else start + wait
        effect = people.effect(step, leads.person, moment)
        tenure = np.clip(np.nan_to_num(moment) - people.hired[leads.person], 0, None)
        season = how.season * np.cos(2 * np.pi * np.nan_to_num(moment) / 365)
        shift = effect + how.ramp(tenure, step, segment) + season + leads.easier[:, step]
        chance = odds(how.rates[segment, step], shift)
        good = rng.random(leads.day.size) < chance
        finish = start + wait * np.where(good, 1.0, how.loss_wait)
        known = alive & (np.nan_to_num(finish, nan=np.inf) < days)
        notes.step(step, leads.person[known], moment[known], good[known], chance[known], effect[known])
        who, before = leads.person[known], people.effects[leads.person[known], step]
        rate = how.rates[segment[known], step]
        notes.outcome(step, who, moment[known], finish[known], good[known],
                      np.log(rate / (1 - rate)) + shift[known] - effect[known] + before)  # fmt: skip
        lost = np.where(alive & ~good, finish, lost)
        alive = alive & good
        reached.append(np.where(alive, start + wait, np.nan))
    hidden = rng.random(leads.day.size) < how.unrecorded
    return (*reached[1:], np.where(hidden, np.nan, lost))


def _rushed(rng: Rng, start: np.ndarray, wait: np.ndarray, days: int) -> np.ndarray:
    to_end = QUARTER - (start + wait + (days % QUARTER)) % QUARTER
    near = (to_end > 70) & (rng.random(wait.size) < 0.35)
    return np.where(near, np.maximum(wait - (QUARTER - to_end), 1), wait)


def priced(rng: Rng, people: People, leads: Leads, usual: np.ndarray, sd: float, tail: np.ndarray, notes: Notes,
           won: np.ndarray, days: int) -> np.ndarray:  # fmt: skip
    """Amounts if won: log-normal around the segment's usual amount, `tail` (leads,) added to the log."""
    noise = rng.normal(0, sd, leads.day.size) + tail
    effect = people.effect(SIZE, leads.person, won)
    sold = won < days
    notes.size(leads.person[sold], won[sold], (effect + noise)[sold], float(noise.var()))
    return usual[people.segment[leads.person]] * np.exp(effect + noise)


def own_leads(rng: Rng, people: People, mean: np.ndarray, notes: Notes, *, noise: np.ndarray | float = 1.0,
              dispersion: float = 1.0) -> np.ndarray:  # fmt: skip
    """Counts (people, weeks) of leads a person finds alone; mean (people, weeks) for somebody with no effect."""
    n, weeks = mean.shape
    person, week = np.repeat(np.arange(n), weeks), np.tile(np.arange(weeks), n)
    effect = people.effect(EFFORT, person, week * 7.0 + 3.5).reshape(n, weeks)
    count = rng.poisson(mean * np.exp(effect) * noise)
    notes.effort(person, week * 7.0, count.ravel(), (mean * np.exp(effect)).ravel(), effect.ravel(), dispersion)
    before = (mean * np.exp(people.effects[:, EFFORT])[:, None]).ravel()
    notes.count(person, week * 7.0, count.ravel(), before, 1.0, dispersion)
    return count


def meetings(rng: Rng, people: People, weeks: int, inflated: np.ndarray, notes: Notes) -> np.ndarray:
    """Meetings logged (people, weeks): they follow effort; some log far more lately without doing more."""
    n = people.segment.size
    person, week = np.repeat(np.arange(n), weeks), np.tile(np.arange(weeks), n)
    effect = people.effect(EFFORT, person, week * 7.0 + 3.5).reshape(n, weeks)
    here = (np.arange(weeks)[None, :] * 7.0 + 7 > people.hired[:, None]) * 1.0
    many = np.where(inflated[:, None] & (np.arange(weeks) >= weeks - 26), 2.5, 1.0)
    # what is logged on top is drawn last: everything else stays as it is without it
    usual = MEETINGS * np.exp(FOLLOW * effect) * here
    count = rng.poisson(usual) + rng.poisson(usual * (many - 1.0))
    before = MEETINGS * np.exp(FOLLOW * people.effects[:, EFFORT])[:, None] * here * many
    notes.count(person, week * 7.0, count.ravel(), before.ravel(), FOLLOW)
    return count


def funnel(leads: Leads, owner: np.ndarray, source: np.ndarray, score: np.ndarray, path: tuple[np.ndarray, ...],
           amount: np.ndarray) -> Funnel:  # fmt: skip
    """The rows of the books."""
    return Funnel(owner, leads.day, source, score, *path, amount)
