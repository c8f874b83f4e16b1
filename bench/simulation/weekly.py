"""Early warnings as a manager meets them: the facts of each week, week after week, each known only up to then; beside
a judge who knows every chance's difficulty, how people were before and what falls there are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from bench.simulation.figures import FINE, report_id
from bench.simulation.memory_facts import MemoryFacts, as_known_on
from bench.simulation.truth import Trail, Truth
from headway.detection.chances import read_evidence
from headway.detection.early import early_warnings
from headway.detection.engine import analyse, report
from headway.detection.estimate import fit
from headway.detection.policy import DEFAULT
from headway.detection.roster import read_roster
from headway.detection.watch import effort_charts, meetings_per_week
from headway.detection.watch_results import result_charts

WEEKS = 40
# the same warning, however often it is repeated, counts once in a quarter
QUARTER = 91
JUDGED_WEEKS = 78
FALSE_ALARMS = 0.10


@dataclass(frozen=True)
class Seen:
    """One world: who was warned about at each weekly look (looks, people), the judge's evidence at it, the days
    of the looks, and the truth; changed: people who are warned about, or not, because `padded` others log far more
    activity."""

    warned: np.ndarray
    ideal: np.ndarray
    today: np.ndarray
    truth: Truth
    changed: int
    padded: int


@dataclass(frozen=True)
class Waits:
    """Weeks from each fall to its first warning (inf: none), and how long it was watched; false alarms a year."""

    waits: np.ndarray
    watched: np.ndarray
    effort: np.ndarray
    alarms: int
    fine_years: float

    def of(self, kind: str) -> np.ndarray:
        """Which falls are of a kind."""
        return np.ones(self.effort.size, bool) if kind == "all" else self.effort == (kind == "effort")

    def seen_within(self, weeks: float, kind: str) -> float:
        """Share of falls seen within so many weeks. Falls watched for less count as long as they were (Kaplan and
        Meier), so that a fall of last week does not pass for one that nobody saw."""
        here = self.of(kind)
        time = np.where(np.isfinite(self.waits), self.waits, self.watched)[here]
        seen = np.isfinite(self.waits)[here]
        left = 1.0
        for t in np.unique(time[seen & (time <= weeks)]):
            left *= 1.0 - float(((time == t) & seen).sum()) / float((time >= t).sum())
        return 1.0 - left

    def median(self, kind: str) -> float:
        """Weeks by which half of the falls are seen; inf: not within the time watched."""
        times = np.unique(self.waits[self.of(kind) & np.isfinite(self.waits)])
        return next((float(t) for t in times if self.seen_within(float(t), kind) >= 0.5), float("inf"))

    @property
    def false_alarms(self) -> float:
        return self.alarms / self.fine_years if self.fine_years else float("nan")


def watch_weeks(facts: MemoryFacts, truth: Truth, *, days: int, padded: MemoryFacts, refit: bool) -> Seen:
    """Warnings at every weekly look; `padded`: the same world where some log far more activity lately.

    refit: everything is fitted anew at each look, as in use; otherwise the charts alone are looked at every week, on
    one fit of the last day cut off at the look (forty times faster).
    """
    backs = np.arange(WEEKS, -1, -1)
    people = truth.index.size
    if refit:
        warned = np.array([_warned(facts, int(back), people) for back in backs])
        changed = 0
    else:
        warned = _charted(facts, backs, people)
        differ = _charted(padded, backs, people).any(axis=0) != warned.any(axis=0)
        changed = int((differ & ~truth.inflated).sum())
    ideal = ideal_levels(truth.trail, people, days, backs)
    return Seen(warned, ideal, days - 7 * backs, truth, changed, int(truth.inflated.sum()))


def _warned(facts: MemoryFacts, back: int, people: int) -> np.ndarray:
    known = as_known_on(facts, facts.as_of - timedelta(days=7 * back))
    found = {w.person_id for w in early_warnings(report(known, analyse(known)))}
    known.con.close()
    return np.array([report_id(i) in found for i in range(people)])


def _charted(facts: MemoryFacts, backs: np.ndarray, people: int) -> np.ndarray:
    roster = read_roster(facts, policy=DEFAULT)
    evidence = read_evidence(facts, roster)
    estimate, meetings = fit(evidence, roster), meetings_per_week(facts, roster)
    who = np.array([int(i[1:]) for i in roster.ids])
    found = np.zeros((len(backs), people), dtype=bool)
    for place, back in enumerate(backs):
        end = roster.weeks - int(back)
        then = replace(roster, weeks=end, present=roster.present[:, :end])
        charts = result_charts(
            replace(estimate, information=estimate.information[:, :end],
                    weekly_precision=estimate.weekly_precision[:, :end]), then, strip=1,
        )  # fmt: skip
        if evidence.own is not None:
            logged = meetings[:, :end] if meetings is not None else None
            charts += effort_charts(evidence.own[:, :end], logged, then, strip=1)
        found[place, [who[c.person] for c in charts if c.warns]] = True
    return found


def ideal_levels(trail: Trail, people: int, days: int, backs: np.ndarray) -> np.ndarray:
    """(looks, people) the largest log likelihood ratio of any kind of fall in any week, of what is known by then."""
    weeks = days // 7 + 1
    worked = np.clip(trail.worked.astype(np.int64), 0, weeks - 1)
    found = np.zeros((len(backs), people))
    for place, back in enumerate(backs):
        end = weeks - int(back)
        here = (trail.known < end) & (worked >= end - JUDGED_WEEKS)
        cell = trail.person[here] * weeks + worked[here]
        for kind in range(trail.ratio.shape[1]):
            gains = np.bincount(cell, trail.ratio[here, kind], people * weeks).reshape(people, weeks)[:, :end]
            found[place] = np.maximum(found[place], gains[:, ::-1].cumsum(axis=1).max(axis=1))
    return found


def waits_of(worlds: Sequence[Seen], warned: Sequence[np.ndarray]) -> Waits:
    """A fall counts as seen at the first warning after it; a false alarm is a warning about somebody who is fine and
    does not change."""
    waits, watched, effort, alarms, years = [], [], [], 0, 0.0
    for world, at in zip(worlds, warned, strict=True):
        truth, last_day = world.truth, int(world.today[-1])
        steady = (truth.decline_day < 0) & (truth.index >= FINE)
        first, last = np.full(steady.size, np.inf), np.full(steady.size, -np.inf)
        for today, here in zip(world.today, at, strict=True):
            if today > last_day - 7 * WEEKS:
                alarms += int((here & (today - last > QUARTER) & steady).sum())
                years += float(steady.sum()) / 52
            last = np.where(here, today, last)
            new = here & truth.index_fell & (truth.decline_day <= today) & np.isinf(first)
            first = np.where(new, today - truth.decline_day, first)
        pick = truth.index_fell & (truth.decline_day > last_day - 7 * WEEKS)
        waits.append(first[pick] / 7.0)
        watched.append((last_day - truth.decline_day[pick]) / 7.0)
        effort.append(truth.effort_fell[pick])
    return Waits(*(np.concatenate(part) for part in (waits, watched, effort)), alarms, years)


def ideal_waits(worlds: Sequence[Seen], *, rate: float = FALSE_ALARMS) -> Waits:
    """The judge at the lowest limit that keeps `rate` false alarms a fine rep-year in these very worlds."""
    for limit in np.arange(2.0, 12.0, 0.1):
        found = waits_of(worlds, [w.ideal > limit for w in worlds])
        if found.false_alarms <= rate:
            return found
    raise AssertionError("no limit keeps so few false alarms")
