"""A catalogue entry in words, for pages and the reference."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.core.period import Grain
from headway.metrics import sentences
from headway.metrics.queries import Available, CatalogueEntry
from headway.metrics.spec import MetricSpec


@dataclass(frozen=True)
class Entry:
    """What the catalogue says about one metric, ready to be read.

    state: "told", "partly", "not" or "unknown" (no analysis yet); status: the same in words.
    """

    key: str
    name: str
    words: str
    formula: str
    unit: str
    direction: str
    grain: str
    owner: str
    version: int
    minimum: str
    sources: tuple[tuple[str, str], ...]
    state: str
    status: str
    reason: str


def entry_of(entry: CatalogueEntry) -> Entry:
    """The words of one metric."""
    spec = entry.spec
    state, status, reason = _state(entry.available)
    return Entry(
        spec.key, str(spec.name), str(spec.words), str(spec.formula), sentences.unit_name(spec.unit),
        sentences.direction_name(spec.direction), str(spec.grain), str(spec.owner), spec.version, minimum(spec),
        tuple((s.table, ", ".join(s.columns)) for s in spec.sources), state, status, reason,
    )  # fmt: skip


def minimum(spec: MetricSpec) -> str:
    """How many things a value must rest on, or that there is no minimum."""
    if not spec.minimum_n:
        return _("no minimum")
    return _("at least %(n)s %(things)s") % {"n": spec.minimum_n, "things": spec.n_of}


def _state(found: Available | None) -> tuple[str, str, str]:
    if found is None:
        return "unknown", _("No analysis yet"), ""
    if found.evaluable == 0:
        why = found.reason.sentence if found.reason else _("Nobody has enough to go by")
        return "not", _("Not evaluable"), why
    people = ngettext("%(n)s of %(all)s person", "%(n)s of %(all)s people", found.people) % {
        "n": found.evaluable, "all": found.people,
    }  # fmt: skip
    return ("told" if found.evaluable == found.people else "partly"), people, ""


def period_words(found: Available, grain: Grain = Grain.QUARTER) -> str:
    """When the figures are from."""
    return sentences.span(found.period, grain)
