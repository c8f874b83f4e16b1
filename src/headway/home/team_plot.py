"""The team as a funnel plot: one step of the deal, what it rests on, and the limits of ordinary luck."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.charts.funnel_plot import FunnelPlot, Limits, Point, table
from headway.charts.marks import Kind
from headway.charts.table import Table
from headway.core.actors import Actor
from headway.core.kept import Kept
from headway.core.permissions import scoped
from headway.detection import serialise as signal_json
from headway.detection.models import SignalRecord
from headway.detection.signal import Signal, StageEvidence
from headway.home.pictures import stage_label
from headway.home.words import percent
from headway.metrics.models import AnalysisRun
from headway.people.models import Person
from headway.stats.funnel_limits import binomial_limits, rate_overdispersion

LEAST_PEOPLE, LEAST_CHANCES = 5, 5
# Of more people than these only those of the page have words and a name; the others are small dots.
MOST_NAMED = 60
LEVELS = np.array([0.001, 0.025, 0.975, 0.999])


@dataclass(frozen=True)
class TeamPicture:
    """The plot with the words and figures around it."""

    plot: FunnelPlot
    table: Table
    step: str
    sentence: str
    spread: str
    compared: str


def team_picture(actor: Actor, run: AnalysisRun, *, team: str | None, page: Collection[str] = ()) -> TeamPicture | None:
    """The step in which most deals are decided; None where fewer than five people show enough of it. Of many people
    only those of the page are named."""
    everybody = _stages(run)
    step = _chosen(everybody)
    if step is None:
        return None
    shown = {p: s for p, s in ((p, _of(rows, step)) for p, rows in everybody.items()) if s is not None}
    visible = scoped(actor, "person.view", Person.objects.filter(listed=True, role="rep"))
    if team:
        visible = visible.filter(team=team)
    names = dict(visible.values_list("person_id", "name"))
    mine = {p: s for p, s in shown.items() if p in names}
    if len(mine) < LEAST_PEOPLE or len(shown) < LEAST_PEOPLE:
        return None
    target = sum(s.observed for s in shown.values()) / sum(s.n for s in shown.values())
    if not 0.0 < target < 1.0:
        return None
    return _picture(mine, names, shown, target=target, step=step, page=frozenset(page))


# What an analysis found of everybody's steps: it never changes, and reading a thousand takes longer than the page.
_STAGES: Kept[tuple[object, ...], dict[str, tuple[StageEvidence, ...]]] = Kept(2)


def _stages(run: AnalysisRun) -> dict[str, tuple[StageEvidence, ...]]:
    which = (run.pk, run.finished_at, run.facts_hash)  # a key alone may be given away again
    kept = _STAGES.get(which)
    return kept if kept is not None else _STAGES.put(which, _read_stages(run))


def _read_stages(run: AnalysisRun) -> dict[str, tuple[StageEvidence, ...]]:
    rows = SignalRecord.objects.filter(run=run, evaluable=True).values_list("person_id", "payload")
    found = ((person, signal_json.from_json(payload)) for person, payload in rows)
    return {person: entry.stages for person, entry in found if isinstance(entry, Signal)}


def _chosen(everybody: dict[str, tuple[StageEvidence, ...]]) -> str | None:
    """The last conversion that most people have: what happens to proposals."""
    counted = Counter(s.key for rows in everybody.values() for s in rows if "_to_" in s.key and s.n >= LEAST_CHANCES)
    last = [key for key in counted if key.endswith("_to_won")]
    return max(last or counted, key=lambda key: counted[key], default=None)


def _of(rows: tuple[StageEvidence, ...], step: str) -> StageEvidence | None:
    found = next((s for s in rows if s.key == step), None)
    return found if found is not None and found.n >= LEAST_CHANCES and found.expected > 0 else None


def _picture(
    mine: dict[str, StageEvidence],
    names: dict[str, str],
    everybody: dict[str, StageEvidence],
    *,
    target: float,
    step: str,
    page: frozenset[str],
) -> TeamPicture:
    people = sorted(mine, key=lambda p: names[p])
    n = np.array([float(mine[p].n) for p in people])
    rates = np.array([min(1.0, mine[p].observed / mine[p].expected * target) for p in people])
    edges = binomial_limits(n, target=target, levels=LEVELS)
    label = stage_label(step, {})
    inside, many = int(((rates >= edges[:, 1]) & (rates <= edges[:, 2])).sum()), len(people) > MOST_NAMED
    named = [place for place in range(len(people)) if not many or people[place] in page]
    points = tuple(_point(mine[people[i]], people[i], names[people[i]], float(rates[i]), edges[i]) for i in named)
    others = tuple((float(n[i]), float(rates[i])) for i in range(len(people)) if many and people[i] not in page)
    plot = FunnelPlot(
        title=_("%(step)s: %(n)s people and the limits of ordinary luck") % {"step": label, "n": len(people)},
        description=_inside_sentence(inside, len(people)),
        target=target,
        target_text=_("all %s") % percent(target),
        points=points,
        others=others,
        limits=_limits(float(n.max()) * 1.08, target),
        x_label=_("decided in the last half year"),
        x_ticks=tuple((float(v), str(v)) for v in _round_steps(float(n.max()))),
        y_ticks=tuple((v, percent(v)) for v in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8) if abs(v - target) > 0.02),
    )
    return TeamPicture(
        plot,
        table(plot, header=(_("Person"), _("Won of decided"), _("Rate with the usual mix"))),
        label,
        _inside_sentence(inside, len(people)),
        _spread_sentence(everybody, target),
        _compared(many=many),
    )


def _compared(*, many: bool) -> str:
    words = _("Rates are brought to the same mix of leads, segments and seasons; the line is everybody in the company.")
    if not many:
        return words
    return words + " " + _("Named are the people on this page; small dots are the others.")


def _inside_sentence(inside: int, people: int) -> str:
    return ngettext(
        "%(inside)s of %(n)s person lies in the band where ordinary luck puts 95 of 100 equal people.",
        "%(inside)s of %(n)s people lie in the band where ordinary luck puts 95 of 100 equal people.",
        people,
    ) % {"inside": inside, "n": people}


def _point(row: StageEvidence, person_id: str, name: str, rate: float, edge: np.ndarray) -> Point:
    outer_low, inner_low, inner_high, _outer_high = (float(v) for v in edge)
    if rate < outer_low:
        kind, where = Kind.SIGNAL, _("below what luck does in 998 of 1,000 cases")
    elif rate < inner_low:
        kind, where = Kind.EARLY, _("below what luck does in 95 of 100 cases")
    elif rate > inner_high:
        kind, where = Kind.GOOD, _("above what luck does in 95 of 100 cases")
    else:
        kind, where = Kind.LUCK, _("inside the band of ordinary luck")
    counts = _("%(made)s of %(n)s") % {"made": round(row.observed), "n": row.n}
    return Point(
        n=float(row.n),
        rate=rate,
        kind=kind,
        words=_("%(name)s: %(rate)s (%(counts)s), %(where)s")
        % {"name": name, "rate": percent(rate), "counts": counts, "where": where},
        name=name,
        counts=counts,
        rate_text=percent(rate),
        label=name if kind is not Kind.LUCK else "",
        href=reverse("person", args=[person_id]),
    )


def _limits(right: float, target: float) -> tuple[Limits, ...]:
    n = np.unique(np.round(np.geomspace(LEAST_CHANCES, max(right, LEAST_CHANCES + 1), 40), 0))
    edges = binomial_limits(n, target=target, levels=LEVELS)
    held = np.clip(edges, 0.0, 1.0)
    return tuple(Limits(float(v), *(float(e) for e in row)) for v, row in zip(n, held, strict=True))


def _round_steps(most: float) -> list[int]:
    step = next(s for s in (5, 10, 20, 50, 100, 200, 500, 1000, 5000, 10**6) if most / s <= 6)
    return list(range(step, int(most) + 1, step))


def _spread_sentence(everybody: dict[str, StageEvidence], target: float) -> str:
    """Whether people differ by more than luck does."""
    n = np.array([float(s.n) for s in everybody.values()])
    events = np.array([min(1.0, s.observed / s.expected * target) for s in everybody.values()]) * n
    phi = rate_overdispersion(events, n, target=target).phi
    if phi > 1.0:
        return _("Over the company the spread is %s times what luck alone makes: people do differ in this step.") % (
            f"{phi:.1f}"
        )
    return _("Over the company the spread is no larger than luck alone makes in this step.")
