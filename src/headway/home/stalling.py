"""Time in each stage of a team beside comparable colleagues, as the journey page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from headway.charts import funnel
from headway.charts.marks import Kind
from headway.diagnosis.stalls import Stall, Stay, stall_sentence, stalls_of
from headway.metrics.catalogue.funnel import stage_name
from headway.metrics.models import AnalysisRun, MetricValueRecord

PREFIX = "time_in_"


@dataclass(frozen=True)
class Stalling:
    """Rows of the card and the sentences behind them; `worst`: the name of the stage where deals stall most."""

    steps: tuple[funnel.Step, ...]
    sentences: tuple[str, ...]
    worst: str


def stalling(run: AnalysisRun, people: Sequence[str]) -> Stalling:
    """How long the deals of `people` stay in each stage, next to comparable colleagues."""
    rows = MetricValueRecord.objects.filter(
        run=run, newest=True, metric__startswith=PREFIX, person_id__in=people, value__isnull=False,
        peer_median__isnull=False,
    )  # fmt: skip
    stays: dict[str, list[Stay]] = {}
    for metric, value, usual in rows.order_by("pk").values_list("metric", "value", "peer_median"):
        stays.setdefault(metric, []).append(Stay(value or 0.0, usual or 0.0))
    found = stalls_of(stays)
    clear = [s for s in found if s.stalls]
    worst = _name(max(clear, key=lambda s: s.ratio).stage) if clear else ""
    return Stalling(
        tuple(_step(s) for s in found), tuple(stall_sentence(s, stage=_name(s.stage)) for s in found), worst
    )


def _name(metric: str) -> str:
    return str(stage_name(metric.removeprefix(PREFIX)))


def _step(found: Stall) -> funnel.Step:
    label, shown = _name(found.stage), _("%s days") % f"{found.days:.0f}"
    usual = _("%s days") % f"{found.usual:.0f}"
    return funnel.Step(
        label=label,
        title=f"{label}: {shown}",
        description=stall_sentence(found, stage=label),
        kind=Kind.LUCK if found.stalls else Kind.UNKNOWN,
        value=found.days,
        value_text=shown,
        low=found.low * found.usual,
        high=min(found.high * found.usual, 4.0 * found.days),
        peer=found.usual,
        counts=_("middle of %s people") % found.people,
        say=_("Colleagues %s") % usual,
        fine=_("%(longer)s of %(n)s people take longer") % {"longer": found.longer, "n": found.people},
        peer_text=usual,
    )
