"""A person's metrics by family, as the card shows them: rows with a figure, then one line per reason without."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.metrics import sentences
from headway.metrics.values import MetricValue

# Families whose rows are open when the page is; the others are opened by the reader.
OPEN = ("results", "funnel", "own")


@dataclass(frozen=True)
class Row:
    """One figure: what it is, the number with its unit, what stands beside it; `when` only where it is not the
    family's; `behind`: address of what it is made of."""

    key: str
    name: str
    figure: str
    beside: str
    when: str
    behind: str


@dataclass(frozen=True)
class Family:
    """A heading with its rows, and what cannot be told, in one line per reason."""

    heading: str
    when: str
    summary: str
    is_open: bool
    rows: tuple[Row, ...]
    not_told: tuple[str, ...]


def families(values: Sequence[MetricValue]) -> tuple[Family, ...]:
    """The values of one person by family, in their order."""
    by_family: dict[str, list[MetricValue]] = defaultdict(list)
    for value in values:
        by_family[value.spec.family].append(value)
    return tuple(_family(family, of) for family, of in by_family.items())


def _family(family: str, values: Sequence[MetricValue]) -> Family:
    told = [value for value in values if value.value is not None]
    spans = [sentences.span(value.period, value.grain, value.spec.at) for value in told]
    usual = Counter(spans).most_common(1)[0][0] if spans else ""
    rows = tuple(
        Row(
            value.metric,
            str(value.spec.name),
            value.figure,
            value.beside,
            "" if when == usual else when,
            _behind(value),
        )
        for value, when in zip(told, spans, strict=True)
    )
    heading = sentences.family_name(family)
    return Family(heading, usual, _summary(heading, len(rows)), family in OPEN, rows, _not_told(values))


def _behind(value: MetricValue) -> str:
    return f"{reverse('figure', args=[value.person_id, value.metric])}?period={value.grain.value}"


def _summary(heading: str, figures: int) -> str:
    counted = ngettext("%(n)s figure", "%(n)s figures", figures) % {"n": figures}
    return _("%(heading)s, %(figures)s") % {"heading": heading, "figures": counted}


def _not_told(values: Sequence[MetricValue]) -> tuple[str, ...]:
    """One line per reason, with the names of the metrics it holds for."""
    by_reason: dict[str, list[str]] = defaultdict(list)
    for value in values:
        if value.not_evaluable is not None:
            by_reason[value.not_evaluable.sentence].append(str(value.spec.name))
    return tuple(
        _("Not evaluable: %(metrics)s. %(reason)s.") % {"metrics": ", ".join(names), "reason": reason}
        for reason, names in by_reason.items()
    )
