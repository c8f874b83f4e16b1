"""The catalogue: every metric, defined once."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Sequence
from dataclasses import astuple
from functools import lru_cache

from django.utils.translation import gettext as _

from headway.core.errors import WrongUsage
from headway.core.stages import DEFAULT_LADDER
from headway.metrics.canonical import Calendar
from headway.metrics.catalogue import activity, funnel, pipeline, results, stages
from headway.metrics.compiled import name_of
from headway.metrics.spec import MetricSpec

FAMILIES = ("results", "funnel", "activity", "pipeline", "hygiene", "own")


@lru_cache(maxsize=16)
def specs(ladder: tuple[str, ...] = tuple(DEFAULT_LADDER)) -> tuple[MetricSpec, ...]:
    """All metrics for a company with these stages, by family."""
    everything = (*results.SPECS, *funnel.specs(ladder), *activity.SPECS, *pipeline.SPECS, *stages.specs(ladder))
    return tuple(sorted(everything, key=lambda spec: FAMILIES.index(spec.family)))


def _plain(key: str) -> str:
    return key.strip().lower().replace("-", "_").replace(" ", "_")


def is_known(key: str, *, ladder: tuple[str, ...] = tuple(DEFAULT_LADDER)) -> bool:
    """Whether there is a built-in metric of that key."""
    return _plain(key) in {spec.key for spec in specs(ladder)}


def find(key: str, *, ladder: tuple[str, ...] = tuple(DEFAULT_LADDER), own: Sequence[MetricSpec] = ()) -> MetricSpec:
    """The metric of that key; `own`: those the company defined, beside the built-in ones.

    Raises:
        WrongUsage: there is none; names the nearest.
    """
    known = {spec.key: spec for spec in (*specs(ladder), *own)}
    wanted = _plain(key)
    if wanted in known:
        return known[wanted]
    near = difflib.get_close_matches(wanted, known, n=1, cutoff=0.5)
    todo = (
        _("Did you mean %(key)s?") % {"key": near[0]}
        if near
        else _("The metrics are: %(keys)s.") % {"keys": ", ".join(known)}
    )
    raise WrongUsage(_("There is no such metric"), value=key, todo=todo)


def catalogue_version(
    ladder: tuple[str, ...] = tuple(DEFAULT_LADDER), *, own: Sequence[MetricSpec] = (), calendar: Calendar | None = None
) -> str:
    """Names the set of definitions: changes when any of them does, the company's own and its calendar included."""
    built_in = [f"{spec.key}={spec.version}" for spec in specs(ladder)]
    added = [f"{spec.key}={spec.version}:{spec.formula}:{name_of(spec.numerator.rows)}" for spec in own]
    settings = [",".join(str(value) for value in astuple(calendar))] if calendar else []
    text = ";".join([*built_in, *added, *settings])
    return f"metrics-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
