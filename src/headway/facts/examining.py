"""Look through a version of the facts once, when it is loaded; what is noticed is kept with it (`health`)."""

from __future__ import annotations

from headway.facts.health import Health, TableHealth
from headway.facts.needs import CONDITIONS
from headway.facts.problems import LOOKS, number
from headway.facts.store import Facts
from headway.facts.tables import TABLES, Kind

# A day that was planned, or the end of a span, says nothing about how fresh a table is.
_NOT_HAPPENED = frozenset({"expected_close_on", "valid_to", "period_end", "end_on", "left_on"})


def examine(facts: Facts) -> Health:
    """Look through the whole version once. Takes a second or two for a large one."""
    found = [look(facts) for look in LOOKS]
    return Health(
        last_day=facts.last_day,
        tables=tuple(_table(facts, table.name) for table in TABLES if facts.has(table.name)),
        problems=tuple(p for p in found if p is not None and p.count > 0),
        people=number(facts, "SELECT count(*) FROM people"),
        currencies=dict(facts.manifest.currencies),
        holds=tuple(
            (table, name)
            for (table, name), where in CONDITIONS.items()
            if number(facts, f"SELECT count(*) FROM raw_{table} WHERE {where}")
        ),
    )


def _table(facts: Facts, name: str) -> TableHealth:
    info = facts.manifest.tables[name]
    happened = [
        c.name
        for table in TABLES
        if table.name == name
        for c in table.columns
        if c.kind in (Kind.DATE, Kind.INSTANT) and c.name not in _NOT_HAPPENED
    ]
    first = last = None
    if happened:
        spans = " UNION ALL ".join(
            f'SELECT min("{c}")::DATE AS low, max("{c}")::DATE AS high FROM raw_{name}' for c in happened
        )
        row = facts.con.execute(f"SELECT min(low), max(high) FROM ({spans})").fetchone()
        first, last = row if row else (None, None)
    return TableHealth(name, info.rows, first, last, info.loaded_at)
