"""What the card of a person's metrics needs beyond the values themselves."""

from __future__ import annotations

from collections.abc import Sequence

from django import template

from headway.metrics.card import Family, families
from headway.metrics.values import MetricValue

register = template.Library()


@register.simple_tag
def metric_families(values: Sequence[MetricValue]) -> tuple[Family, ...]:
    """The values by family: `{% metric_families metrics as families %}`."""
    return families(values)
