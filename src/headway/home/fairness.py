"""What HR's pages about equal treatment and consistency show. Every read is for a named actor who may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from scipy.special import betaincinv

from headway.charts import funnel
from headway.charts.marks import Kind
from headway.charts.table import Table
from headway.core.actors import Actor
from headway.core.errors import NotFound
from headway.core.permissions import require
from headway.detection import serialise as signal_json
from headway.detection.equal_treatment import sentences as say
from headway.detection.equal_treatment.consistency import (
    Case,
    ManagerLine,
    RaterLine,
    Rating,
    plans_by_manager,
    ratings_by_manager,
)
from headway.detection.equal_treatment.impact import Comparison, Impact, Verdict
from headway.detection.equal_treatment.reading import decisions, impact_of
from headway.detection.models import SignalRecord
from headway.detection.signal import Signal
from headway.diagnosis.models import EvidenceRecord
from headway.diagnosis.practice.models import CompetencyRating, Rater
from headway.facts.store import open_facts
from headway.home.words import percent
from headway.metrics.models import AnalysisRun
from headway.people.models import Person

KINDS = {Verdict.UNEQUAL: Kind.SIGNAL, Verdict.ALIKE: Kind.LUCK, Verdict.TOO_FEW: Kind.UNKNOWN}


@dataclass(frozen=True)
class DecisionCard:
    """One kind of decision: a row per comparison, with its sentences and figures."""

    title: str
    note: str
    steps: tuple[funnel.Step, ...]
    lines: tuple[tuple[str, str, str], ...]
    table: Table


def equal_treatment(actor: Actor, run: AnalysisRun) -> dict[str, Any]:
    """Adverse-impact tests of the newest analysis. NotFound for everybody but HR."""
    require(actor, "impact.view")
    tiers = dict(SignalRecord.objects.filter(run=run).values_list("person_id", "tier"))
    try:
        with open_facts(as_of=run.as_of, version=run.facts_version) as facts:
            found = impact_of(facts, tiers, by=actor)
    except NotFound as gone:  # the load was undone since, and its files with it
        found = Impact((), (), gone.sentence)
    unequal = sum(c.verdict == Verdict.UNEQUAL for c in found.comparisons)
    compared = sum(c.verdict != Verdict.TOO_FEW for c in found.comparisons)
    return {
        "headline": say.headline(unequal, compared),
        "unequal": unequal,
        "cards": _cards(found),
        "hidden": [h.sentence for h in found.hidden],
        "reason": found.reason,
        "run": run,
        "known_on": run.as_of,
    }


def _cards(found: Impact) -> list[DecisionCard]:
    keys = list(dict.fromkeys(c.decision for c in found.comparisons))
    return [_card(key, [c for c in found.comparisons if c.decision == key]) for key in keys]


def _card(key: str, rows: Sequence[Comparison]) -> DecisionCard:
    told = [c for c in rows if c.verdict != Verdict.TOO_FEW]
    few = len(rows) - len(told)
    top = max((_jeffreys(h, n)[1] for c in told for h, n in ((c.hit, c.of), (c.other_hit, c.other_of))), default=1.0)
    note = ngettext("%s comparison rests on too few cases", "%s comparisons rest on too few cases", few) % few
    return DecisionCard(
        say.decision_title(key),
        note if few else "",
        tuple(_step(c, top=top) for c in told),
        tuple((KINDS[c.verdict].value, _verdict_words(c), " ".join(c.sentences)) for c in told),
        _table(rows),
    )


def _verdict_words(c: Comparison) -> str:
    name = group_name(c)
    if c.verdict == Verdict.UNEQUAL:
        return _("%s: more uneven than chance explains") % name
    return _("%s: what chance alone does") % name


def group_name(c: Comparison) -> str:
    """'Gender: male'."""
    return f"{say.attribute_label(c.attribute).capitalize()}: {c.group}"


def _jeffreys(hit: int, of: int) -> tuple[float, float]:
    low, high = (float(v) for v in betaincinv(hit + 0.5, of - hit + 0.5, [0.05, 0.95]))
    return (0.0 if hit == 0 else low), (1.0 if hit == of else high)


def _step(c: Comparison, *, top: float) -> funnel.Step:
    rate, other = c.hit / c.of, c.other_hit / c.other_of
    low, high = _jeffreys(c.hit, c.of)
    peer_low, peer_high = _jeffreys(c.other_hit, c.other_of)
    counts = _("%(made)s of %(n)s") % {"made": c.hit, "n": c.of}
    others = _("%(made)s of %(n)s") % {"made": c.other_hit, "n": c.other_of}
    return funnel.Step(
        label=group_name(c),
        title=f"{group_name(c)}: {percent(rate)}",
        description=" ".join(c.sentences[:2]),
        kind=KINDS[c.verdict],
        value=rate,
        value_text=percent(rate),
        low=low,
        high=high,
        peer=other,
        peer_low=peer_low,
        peer_high=peer_high,
        counts=counts,
        say=_("Everybody else %s") % percent(other),
        fine=others,
        peer_text=others,
        range_text=f"{percent(low)}–{percent(high)}",
        scale_high=min(1.0, top * 1.1),
    )


def _table(rows: Sequence[Comparison]) -> Table:
    header = (
        _("Group"),
        _("Hit"),
        _("Everybody else"),
        _("Spared, of the others’ share"),
        _("Standard deviations"),
        _("As uneven by chance, of 100"),
        _("After allowing for all comparisons"),
        _("Odds among people of one manager"),
        _("Odds within a segment"),
    )
    return Table(header, tuple(_table_row(c) for c in rows), figures=frozenset(range(1, len(header))))


def _table_row(c: Comparison) -> tuple[str, ...]:
    of = _("%(made)s of %(n)s")
    return (
        group_name(c),
        of % {"made": c.hit, "n": c.of},
        of % {"made": c.other_hit, "n": c.other_of},
        percent(c.retention) if c.retention is not None else "–",
        f"{c.standard_deviations:+.1f}".replace("-", "−") if c.standard_deviations is not None else "–",
        f"{100 * c.mid_p:.0f}",
        f"{100 * c.adjusted_p:.0f}",
        _odds(c.by_manager),
        _odds(c.by_segment),
    )


def _odds(found: Any) -> str:
    if found is None or found.odds_ratio is None or found.low is None:
        return "–"
    return f"{found.odds_ratio:.1f} ({found.low:.1f}–{found.high:.1f})"


def consistency(actor: Actor, run: AnalysisRun) -> dict[str, Any]:
    """Are like cases treated alike across managers? NotFound for everybody but HR."""
    require(actor, "impact.view")
    people = {p.person_id: p for p in Person.objects.filter(listed=True).only("person_id", "name", "manager_id")}
    names = {person_id: person.name for person_id, person in people.items()}
    records = list(SignalRecord.objects.filter(run=run).values_list("person_id", "tier", "payload"))
    tiers = {person_id: tier for person_id, tier, _payload in records}
    planned = next((d.hit for d in decisions(run.as_of, tiers) if d.key == "plans"), frozenset[str]())
    cases = [
        Case(person_id, people[person_id].manager_id or "", tier, person_id in planned)
        for person_id, tier in tiers.items()
        if person_id in people
    ]
    lines = plans_by_manager(cases, names)
    raters = ratings_by_manager(_ratings(run, records, people), names)
    clear = sum(line.clear for line in lines) + sum(line.clear for line in raters)
    return {
        "headline": _consistency_headline(clear, len(lines) if planned or raters else 0),
        "lines": lines,
        "steps": [_plan_step(line, names) for line in lines],
        "plans_table": _plans_table(lines, names),
        "any_plan": bool(planned),
        "raters": raters,
        "rating_steps": [_rating_step(line, names) for line in raters],
        "run": run,
        "known_on": run.as_of,
    }


def _consistency_headline(clear: int, managers: int) -> str:
    if managers == 0:
        return _("Nothing to compare yet")
    if clear == 0:
        return _("Like cases are treated alike, as far as the numbers tell")
    return ngettext(
        "One manager differs by more than chance explains", "%(n)s findings differ by more than chance explains", clear
    ) % {"n": clear}


def _ratings(run: AnalysisRun, records: Sequence[tuple[str, str, str]], people: dict[str, Person]) -> list[Rating]:
    """Levels and scores that managers gave, next to what the data say of the same person."""
    index = {}
    for person_id, _tier, payload in records:
        entry = signal_json.from_json(payload)
        if isinstance(entry, Signal):
            index[person_id] = log(max(entry.index.estimate, 0.05))
    levels = CompetencyRating.objects.filter(rater=Rater.MANAGER).values_list("person_id", "level")
    scores = EvidenceRecord.objects.filter(run=run, from_role="manager", score__isnull=False, score__lte=5)
    given = [(p, float(v)) for p, v in levels] + [
        (p, float(v or 0)) for p, v in scores.values_list("person_id", "score")
    ]
    return [
        Rating(people[person_id].manager_id or "", score, index[person_id])
        for person_id, score in given
        if person_id in index and person_id in people and people[person_id].manager_id
    ]


def _plan_step(line: ManagerLine, names: dict[str, str]) -> funnel.Step:
    name = names.get(line.manager, line.manager)
    return funnel.Step(
        label=name,
        title=_("%(name)s: %(n)s plans") % {"name": name, "n": line.plans},
        description=line.sentence,
        kind=Kind.SIGNAL if line.clear else Kind.LUCK,
        value=float(line.plans),
        value_text=ngettext("%s plan", "%s plans", line.plans) % line.plans,
        peer=line.expected,
        peer_low=float(line.low),
        peer_high=max(float(line.high), line.low + 0.05),
        counts=_("evidence names %(named)s of %(n)s") % {"named": line.named, "n": line.people},
        say=_("Expected %s") % f"{line.expected:.1f}",
        fine=_("chance: %(low)s to %(high)s") % {"low": line.low, "high": line.high},
        peer_text=f"{line.expected:.1f}",
        range_text="",
        scale_high=max(3.0, line.high + 1.0, line.plans + 1.0),
    )


def _plans_table(lines: Sequence[ManagerLine], names: dict[str, str]) -> Table:
    header = (
        _("Manager"),
        _("People"),
        _("Named by the evidence"),
        _("of these with a plan"),
        _("Plans"),
        _("Expected from like cases elsewhere"),
        _("By chance, nine in ten"),
    )
    rows = tuple(
        (
            names.get(line.manager, line.manager),
            str(line.people),
            str(line.named),
            str(line.planned_of_named),
            str(line.plans),
            f"{line.expected:.1f}",
            _("%(low)s to %(high)s") % {"low": line.low, "high": line.high},
        )
        for line in lines
    )
    return Table(header, rows, figures=frozenset(range(1, 7)))


def _rating_step(line: RaterLine, names: dict[str, str]) -> funnel.Step:
    name = names.get(line.manager, line.manager)
    shown = f"{line.estimate:+.1f}".replace("-", "−")
    return funnel.Step(
        label=name,
        title=_("%(name)s: %(points)s points") % {"name": name, "points": shown},
        description=line.sentence,
        kind=Kind.SIGNAL if line.clear else Kind.LUCK,
        value=line.estimate,
        value_text=shown,
        low=line.low,
        high=line.high,
        peer=0.0,
        counts=ngettext("%s rating", "%s ratings", line.n) % line.n,
        say=line.sentence,
        scale_low=-2.0,
        scale_high=2.0,
    )
