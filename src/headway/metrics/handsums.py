"""The worked example of a metric: only those tables and columns it reads, and the sum."""

from __future__ import annotations

from dataclasses import dataclass

from headway.charts.table import Table
from headway.metrics import sentences
from headway.metrics.examples import CURRENCY, EXAMPLES, TABLES
from headway.metrics.spec import Kind, MetricSpec

# Columns a person needs to tell rows apart or to see why one does not count.
_ALWAYS = {
    "opportunities": ("opportunity_id", "owner_id"),
    "stage_changes": ("opportunity_id",),
    "leads": ("lead_id", "owner_id"),
    "activities": ("activity_id", "person_id", "kind", "count", "outcome"),
    "accounts": ("account_id", "owner_id"),
    "quotas": ("person_id", "metric", "period_start", "period_end", "currency"),
    "absences": ("person_id", "start_on", "end_on"),
}
_NUMBERS = {"amount", "target", "count"}


@dataclass(frozen=True)
class HandSum:
    """Tables by name, the sum in words, and its result as shown."""

    tables: tuple[tuple[str, Table], ...]
    working: str
    result: str


def hand_sum(spec: MetricSpec) -> HandSum | None:
    """The example of a metric; None for stages of a company's own ladder, which the example company has not."""
    example = next((e for e in EXAMPLES if e.metric == spec.key), None)
    if example is None:
        return None
    wanted: dict[str, set[str]] = {}
    for source in spec.sources:
        wanted.setdefault(source.table, set()).update(source.columns)
    if spec.kind is Kind.PER_WEEK:
        wanted["absences"] = set()
    tables = tuple((name, _table(name, columns)) for name, columns in wanted.items())
    return HandSum(tables, str(example.working), sentences.shown(example.value, spec.unit, CURRENCY))


def _table(name: str, columns: set[str]) -> Table:
    header, rows = TABLES[name]
    shown = [c for c in header if c in columns or c in _ALWAYS.get(name, ())]
    places = [header.index(c) for c in shown]
    cells = tuple(tuple("" if row[p] is None else str(row[p]) for p in places) for row in rows)
    return Table(tuple(shown), cells, frozenset(i for i, c in enumerate(shown) if c in _NUMBERS))
