"""From a signal, a diagnosis and metric figures to the frozen evidence of a plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Protocol

from django.utils.translation import gettext as _

from headway.detection.signal import NotEvaluable, Signal, StageEvidence
from headway.plans import rules
from headway.plans.content import Content
from headway.plans.evidence import Comparison, Evidence, Figure, Gap, GapLine, OutsideFactor, Unit


class GapPart(Protocol):
    """A part of the gap as the diagnosis gives it."""

    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def amount(self) -> float: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...
    @property
    def controllable(self) -> bool: ...
    @property
    def clear(self) -> bool: ...
    @property
    def note(self) -> str: ...


class Factor(Protocol):
    """An outside factor as the diagnosis gives it."""

    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def sentence(self) -> str: ...


class Diagnosed(Protocol):
    """What a plan needs of a diagnosis. Money in `currency`; the parts add up to the gap."""

    @property
    def currency(self) -> str: ...
    @property
    def gap(self) -> float: ...
    @property
    def expected(self) -> float: ...
    @property
    def actual(self) -> float: ...
    @property
    def parts(self) -> Sequence[GapPart]: ...
    @property
    def external(self) -> Sequence[Factor]: ...
    @property
    def strengths(self) -> Sequence[str]: ...
    @property
    def sentences(self) -> Sequence[str]: ...


def stage_names() -> dict[str, str]:
    """The steps of a deal in words."""
    return {
        "lead_to_qualified": _("Leads qualified"),
        "qualified_to_proposal": _("Qualified leads with a proposal"),
        "proposal_to_won": _("Proposals won"),
        "own_leads": _("Own leads a week"),
        "deal_size": _("Average deal won"),
    }


def _many(stage: str) -> str:
    known = {"lead": _("Leads"), "qualified": _("Qualified leads"), "proposal": _("Proposals")}
    return known.get(stage) or _("Deals at “%s”") % stage.replace("_", " ")


def is_conversion(key: str) -> bool:
    """Whether a key is a step from one stage to a later one. Where a middle stage never occurs, steps are merged
    (`qualified_to_won`)."""
    before, _sep, after = key.partition("_to_")
    return bool(before and after)


def stage_name(key: str) -> str:
    """What a step of a deal counts, in words; merged steps too: "Qualified leads won" for `qualified_to_won`."""
    known = stage_names().get(key)
    if known is not None or not is_conversion(key):
        return known or key.replace("_", " ")
    before, _sep, after = key.partition("_to_")
    values = {"many": _many(before), "stage": after.replace("_", " ")}
    if after == "won":
        return _("%(many)s won") % values
    if after == "proposal":
        return _("%(many)s with a proposal") % values
    return _("%(many)s that reach “%(stage)s”") % values


# The catalogue's name of what a step of the funnel is measured by, where it differs.
METRIC_OF = {"own_leads": "own_leads_found", "deal_size": "average_deal_size"}
STAGE_UNITS = {"own_leads": Unit.PER_WEEK, "deal_size": Unit.MONEY}


def evidence_of(
    signal: Signal | NotEvaluable,
    diagnosis: Diagnosed | None,
    figures: Sequence[Figure] = (),
    *,
    run_id: int | None = None,
) -> Evidence:
    """Copy everything a plan rests on. A step of the funnel keeps the signal's period and range; the metric that
    goals are measured by gives its name and version."""
    mine = {figure.key: figure for figure in figures}
    for stage in _stages(signal):
        metric = mine.get(METRIC_OF.get(stage.key, stage.key))
        mine[stage.key] = replace(stage, version=metric.version) if metric else stage
    outside = (
        tuple(OutsideFactor(f.key, f.name, str(f.state), f.sentence) for f in diagnosis.external) if diagnosis else ()
    )
    strengths = tuple(diagnosis.strengths) if diagnosis else ()
    said = tuple(diagnosis.sentences) if diagnosis else ()
    finding, tier, kept = str(signal.finding), str(signal.tier), tuple(mine.values())
    if isinstance(signal, NotEvaluable):
        return Evidence(
            as_of=signal.as_of, run_id=run_id, policy_version="", evaluable=False, finding=finding, tier=tier,
            certain=False, why_not=signal.sentence, since=None, sentences=(),
            what_would_clear=signal.what_would_help, comparison=None, gap=None, figures=kept, outside=outside,
            strengths=strengths, diagnosis=said,
        )  # fmt: skip
    return Evidence(
        as_of=signal.as_of, run_id=run_id, policy_version=signal.policy_version, evaluable=True, finding=finding,
        tier=tier, certain=rules.is_certain(tier), why_not="", since=signal.since, sentences=tuple(signal.sentences),
        what_would_clear=signal.what_would_clear, comparison=_comparison(signal),
        gap=_gap(signal, diagnosis) if diagnosis is not None else None, figures=kept, outside=outside,
        strengths=strengths, diagnosis=said,
    )  # fmt: skip


def _comparison(signal: Signal) -> Comparison:
    group = signal.comparison
    return Comparison(
        label=group.label,
        n=group.n,
        start=group.start,
        end=_day_after(signal),
        estimate=float(signal.index.estimate),
        low=float(signal.index.low),
        high=float(signal.index.high),
        adjusted_for=tuple(group.adjusted_for),
    )


def _stages(signal: Signal | NotEvaluable) -> tuple[Figure, ...]:
    version = signal.policy_version if isinstance(signal, Signal) else ""
    found = [_stage_figure(stage, version) for stage in signal.stages]
    if isinstance(signal, Signal):
        period = signal.comparison
        return tuple(replace(figure, start=period.start, end=_day_after(signal)) for figure in found)
    return tuple(found)


def _stage_figure(stage: StageEvidence, version: str) -> Figure:
    unit = STAGE_UNITS.get(stage.key, Unit.SHARE)
    counted = stage.n > 0
    # A person reads "9 of 28", so the share is the plain one; the likely range is the engine's.
    plain = stage.observed / stage.n if counted and unit is Unit.SHARE else stage.rate
    return Figure(
        key=stage.key,
        name=stage_name(stage.key),
        version=version,
        unit=unit,
        value=float(plain) if counted or unit is Unit.PER_WEEK else None,
        n=stage.n,
        observed=float(stage.observed),
        low=float(stage.low),
        high=float(stage.high),
        peer=float(stage.peer_rate),
        peer_low=float(stage.peer_low),
        peer_high=float(stage.peer_high),
        reason="" if counted else _("Nothing to count yet."),
    )


def _gap(signal: Signal, diagnosis: Diagnosed) -> Gap:
    difference = float(diagnosis.actual) - float(diagnosis.expected)
    # Whether parts are written as what is missing or as what was added, the lines say what was added.
    sign = 1.0 if sum(float(part.amount) for part in diagnosis.parts) * difference >= 0 else -1.0
    return Gap(
        currency=diagnosis.currency,
        start=signal.comparison.start,
        end=_day_after(signal),
        expected=float(diagnosis.expected),
        actual=float(diagnosis.actual),
        lines=tuple(_line(part, sign) for part in diagnosis.parts),
    )


def _day_after(signal: Signal) -> date:
    """The first day after the compared span, which always holds the day of the analysis."""
    return max(signal.comparison.end, signal.as_of + timedelta(days=1))


def _line(part: GapPart, sign: float) -> GapLine:
    ends = [sign * float(end) for end in (part.low, part.high) if end is not None]
    return GapLine(
        key=part.key,
        name=part.name,
        amount=sign * float(part.amount),
        low=min(ends) if len(ends) == 2 else None,
        high=max(ends) if len(ends) == 2 else None,
        controllable=part.controllable,
        clear=part.clear,
        note=part.note or "",
    )


def named(evidence: Evidence, content: Content) -> Evidence:
    """The evidence with figures, parts and outside factors called as the plan's language calls them."""
    if "name" not in content.tables:
        return evidence
    gap = evidence.gap
    if gap is not None:
        gap = replace(gap, lines=tuple(replace(ln, name=content.name(ln.key, ln.name)) for ln in gap.lines))
    return replace(
        evidence,
        gap=gap,
        figures=tuple(replace(figure, name=content.name(figure.key, figure.name)) for figure in evidence.figures),
        outside=tuple(replace(factor, name=content.name(factor.key, factor.name)) for factor in evidence.outside),
    )
