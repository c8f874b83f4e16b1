"""From the model to distributions: open deals and those to come, for many people over one span at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from headway.detection.chances import SIZE
from headway.detection.roster import VETERAN_WEEKS
from headway.plans.outlook.calendar import Season, year_wave
from headway.plans.outlook.model import PipelineModel
from headway.plans.outlook.seat import draws_of
from headway.stats.arrays import Floats, Ints
from headway.stats.compound import Further, Pending, Totals, Unsized, compound, spread_over_levels

DRAWS = 8
# markets move for everybody: variance of the common pace over a quarter, beyond what is estimated
COMMON = 0.01


@dataclass(frozen=True)
class Forecasts:
    """One row per person asked for. totals: the distribution; pending: open deals; from_pending, from_new: wins."""

    totals: Totals
    pending: Floats
    from_pending: Floats
    from_new: Floats


def forecast(
    model: PipelineModel, people: Ints, *, begin: float, end: float, wins_only: bool = False, draws: int = DRAWS
) -> Forecasts:
    """What the people bring over (begin, end], in days after the end of as_of.

    wins_only: count deals instead of money. draws: how many values stand for what is not known of each person.
    """
    place = np.full(len(model.segment), -1, dtype=np.int64)
    place[people] = np.arange(people.size)
    effects = draws_of(model, draws=draws)
    item, chance = _pending(model, place, effects, begin, end, draws)
    row = place[model.walks.rep[item]]
    amount = np.ones(item.size) if wins_only else model.walks.amount[item]
    deals = model.walks.stage_on(0.0)[item] >= _first_deal(model)
    sized = np.isfinite(amount) & deals
    mean, spread = _arriving(model, people, effects, begin, end, draws)
    # an open lead is won so seldom that how many of them are is as good as Poisson
    early = np.stack([np.bincount(row[~deals], one[~deals], people.size) for one in chance])
    spread = spread * (mean.mean(axis=0) / np.maximum((mean + early).mean(axis=0), 1e-12)) ** 2
    mean = mean + early
    sizes = np.ones((people.size, 1)) if wins_only else model.sizes[model.segment[people]] * _factor(model, people)
    weights = np.full(sizes.shape, 1.0 / sizes.shape[1])
    pending = Pending(row[sized], amount[sized], chance[:, sized])
    further = Further(mean, spread, sizes, weights)
    unsized = None
    if (deals & ~sized).any():
        unsized = spread_over_levels(row[deals & ~sized], chance[:, deals & ~sized], rows=people.size)
    totals = _compound(pending, further, unsized, wins_only=wins_only)
    expected = chance.mean(axis=0)
    return Forecasts(
        totals,
        np.bincount(row[deals], minlength=people.size).astype(np.float64),
        np.asarray(np.bincount(row[deals], expected[deals], people.size), dtype=np.float64),
        np.asarray(mean.mean(axis=0), dtype=np.float64),
    )


def _compound(pending: Pending, further: Further, unsized: Unsized | None, *, wins_only: bool) -> Totals:
    if not wins_only:
        return compound(pending, further, unsized=unsized)
    most = float(further.mean.max(initial=0.0)) + float(np.bincount(pending.row).max(initial=0))
    points = 1 << int(np.ceil(np.log2(most + 10.0 * np.sqrt(most + 1.0) + 64.0)))
    return compound(pending, further, unsized=unsized, points=points, step=np.ones(further.spread.size))


def _first_deal(model: PipelineModel) -> int:
    return 1 if model.walks.leads else 0


def _factor(model: PipelineModel, people: Ints) -> Floats:
    """How the person's deals compare with the segment's in size."""
    mean, _sd = model.effects.at(SIZE)
    centre = np.zeros(len(model.segment))
    for code in np.unique(model.segment):
        centre[model.segment == code] = mean[model.segment == code].mean()
    return np.asarray(np.exp(mean - centre)[people, None])


def _pending(
    model: PipelineModel, place: Ints, effects: dict[str, Floats], begin: float, end: float, draws: int
) -> tuple[Ints, Floats]:
    """Open walks of the people asked for, and their chance to be won in the span: (draws, items)."""
    walks, days = model.walks, model.calendar.closing_days(np.array([begin, end]))
    stage = walks.stage_on(0.0)
    item = np.flatnonzero((stage >= 0) & (place[walks.rep] >= 0))
    chance = np.zeros((draws, item.size))
    segment = model.segment[walks.rep[item]]
    for step in range(len(walks.keys)):
        here = stage[item] == step
        if not here.any():
            continue
        walk = item[here]
        age = -walks.reached[walk, step]
        still = _window(model, step, days)[
            segment[here], np.minimum(age, model.timing[step].success.shape[1] - 1).astype(int)
        ]
        when = np.minimum(0.5 * model.wait[step, segment[here]], 0.6 * end)
        first = expit(
            _odds(model, walk, step, when, tenure=walks.reached[walk, step])
            + _of(effects, walks.keys[step], walks.rep[walk], draws)
        )
        rest = np.ones((draws, walk.size))
        for later in range(step + 1, len(walks.keys)):
            when = np.minimum(when + model.wait[later, segment[here]], 0.6 * end)
            rest *= expit(_odds(model, walk, later, when) + _of(effects, walks.keys[later], walks.rep[walk], draws))
        open_still = 1.0 - first * _at(model.timing[step].success, segment[here], age)
        open_still -= (1.0 - first) * _at(model.timing[step].loss, segment[here], age)
        correction = model.correction[step, segment[here]]
        chance[:, here] = np.clip(correction * first * rest * still / np.maximum(open_still, 0.02), 0.0, 0.999)
    good = chance.max(axis=0, initial=0.0) > 1e-6
    return item[good], chance[:, good]


def _of(effects: dict[str, Floats], key: str, rep: Ints, draws: int) -> Floats:
    found = effects.get(key)
    return np.zeros((draws, rep.size)) if found is None else found[:, rep]


def _odds(model: PipelineModel, walk: Ints, step: int, when: Floats, *, tenure: Floats | None = None) -> Floats:
    """Log odds of a step, were it decided on a day from as_of on; tenure: the day it was entered, by default then."""
    begun = np.where(np.isnan(model.hired_week), -VETERAN_WEEKS, model.hired_week)[model.walks.rep[walk]]
    weeks = np.clip((when if tenure is None else tenure) / 7.0 + model.weeks - begun, 0.0, None)
    ramp = np.exp(-weeks / 8.0) * model.ramp[step, 0] + np.exp(-weeks / 20.0) * model.ramp[step, 1]
    return np.asarray(model.base[walk, step] + ramp + year_wave(when) @ model.wave[step])


def _at(share: Floats, segment: Ints, age: Floats) -> Floats:
    """Share by an age in days, between whole days in a straight line."""
    low = np.minimum(np.floor(age), share.shape[1] - 2).astype(np.int64)
    part = np.clip(age - low, 0.0, 1.0)
    return np.asarray(share[segment, low] * (1.0 - part) + share[segment, low + 1] * part)


def _through(model: PipelineModel, step: int) -> Floats:
    """(segments, days + 1): share of the wins that are in by the end of each day after entering a step."""
    last = len(model.timing) - 1
    total = model.timing[last].success
    for earlier in range(last - 1, step - 1, -1):
        density = np.diff(model.timing[earlier].success, axis=1)
        # what passes within a day does so at noon on average
        noon = 0.5 * (total + np.hstack([np.zeros((len(total), 1)), total[:, :-1]]))
        size = total.shape[1]
        total = np.stack([np.convolve(d, t)[:size] for d, t in zip(density, noon, strict=True)])
    return total


def _window(model: PipelineModel, step: int, days: Floats) -> Floats:
    """(segments, ages): share of eventual wins that come in the span, of items that entered the step so long ago."""
    result = None
    for sign, until in ((1.0, days[1]), (-1.0, days[0])):
        found = _won_within(model, step, float(until)) * sign
        result = found if result is None else result + found
    assert result is not None
    return np.maximum(result, 0.0)


def _won_within(model: PipelineModel, step: int, until: float) -> Floats:
    success = model.timing[step].success
    size = success.shape[1]
    if until <= 0:
        return np.zeros_like(success)
    ages = np.arange(size, dtype=np.float64) + 0.5
    if step == len(model.timing) - 1:
        return np.stack(
            [np.interp(ages + until, np.arange(size), s) - np.interp(ages, np.arange(size), s) for s in success]
        )
    later = _through(model, step + 1)
    result = np.zeros_like(success)
    for code, share in enumerate(success):
        middle = np.interp(ages, np.arange(size), share)
        for day in range(int(np.ceil(until))):
            width = min(1.0, until - day)
            moved = np.interp(ages + day + width, np.arange(size), share)
            result[code] += (moved - middle) * np.interp(until - day - width / 2, np.arange(size), later[code])
            middle = moved
    return result


def _arriving(
    model: PipelineModel, people: Ints, effects: dict[str, Floats], begin: float, end: float, draws: int
) -> tuple[Floats, Floats]:
    """Expected wins from what is still to be created, (draws, people); variance of the rate over its square."""
    arrivals = model.arrivals
    mean, variance = np.zeros((draws, people.size)), np.zeros(people.size)
    for place, entry in enumerate(arrivals.entry):
        share = _won_of_new(model, int(entry), arrivals.seasons[place], begin, end)[model.segment[people]]
        converted = _converted(model, place, int(entry), effects, draws, 0.6 * end)[:, people]
        part = arrivals.rate[place, people] * share * converted
        mean += part
        variance += part.mean(axis=0) ** 2 * arrivals.doubt[place, people]
    total = np.maximum(mean.mean(axis=0), 1e-12)
    return mean, np.minimum(variance / total**2, 1.0) + COMMON


def _won_of_new(model: PipelineModel, entry: int, season: Season, begin: float, end: float) -> Floats:
    """(segments,): days' worth of arrivals (in season) that are won in the span if every one were won in the end."""
    through = _through(model, entry)
    wave = season.on(np.arange(0.0, np.ceil(end)) + 0.5)
    until, since = model.calendar.closing_days(np.array([end, begin]))
    found = np.zeros(len(through))
    for code, share in enumerate(through):
        days = np.arange(wave.size, dtype=np.float64)
        inside = np.minimum(end - days, 1.0)
        created = model.calendar.closing_days(days + 0.5)
        late = np.interp(np.maximum(until - created, 0.0), np.arange(share.size), share)
        early = np.interp(np.maximum(since - created, 0.0), np.arange(share.size), share)
        found[code] = float((wave * inside * (late - early)).sum())
    return found


def _converted(
    model: PipelineModel, place: int, entry: int, effects: dict[str, Floats], draws: int, when: float
) -> Floats:
    """(draws, people): chance of a new arrival to be won, by the mix of recent ones, pulled to colleagues'."""
    walks, mine = model.walks, np.flatnonzero(model.arrivals.members[place])
    rep, people = walks.rep[mine], len(model.segment)
    counts = np.bincount(rep, minlength=people)
    result, day = np.zeros((draws, people)), np.full(mine.size, when)
    for draw in range(draws):
        chance = np.ones(mine.size)
        for step in range(entry, len(walks.keys)):
            effect = effects.get(walks.keys[step])
            chance *= expit(_odds(model, mine, step, day) + (0.0 if effect is None else effect[draw, rep]))
        sums = np.bincount(rep, chance, people)
        for code in np.unique(model.segment):
            here = model.segment == code
            usual = sums[here].sum() / max(counts[here].sum(), 1)
            # somebody with few arrivals of this class: their own effect is in the few, the mix is colleagues'
            result[draw, here] = (sums[here] + 2.0 * usual) / (counts[here] + 2.0)
    return result
