"""The views through which everybody reads: only what had happened and was known by a day.

`as_of` includes its whole day (UTC). What happened later is gone; what was still open is open again.
The SQL speaks of `raw_<table>`, the version as it was loaded. It is DuckDB's, kept to what can be translated into the
dialect of any warehouse (`warehouse.dialects`): columns are named, no subquery looks outside itself, and functions
that read NULL differently from one engine to the next are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from headway.facts.tables import TABLES, Kind, Table

# Tables whose rows appear on a day, told by the first of these columns that is known.
_APPEARS = {
    "activities": ("logged_at", "occurred_at"),
    "leads": ("created_at", "qualified_at", "disqualified_at"),
    "opportunities": ("created_at", "closed_at"),
    "stage_changes": ("entered_at",),
    "quotas": ("period_start",),
    "people": ("hired_on",),
    "accounts": ("started_on",),
    "trainings": ("completed_on",),
    "feedback": ("given_on",),
    "absences": ("start_on",),
    "assignments": ("valid_from",),
    "territories": ("valid_from",),
}
# Columns that are empty again while the day they name lies ahead.
_LATER = {
    "people": ("left_on",),
    "leads": ("qualified_at", "disqualified_at"),
    "accounts": ("churned_on",),
    "assignments": ("valid_to",),
    "territories": ("valid_to",),
}


def _literal(day: date) -> str:
    return f"DATE '{day.isoformat()}'"


def empty_select(table: Table) -> str:
    """A SELECT with the table's columns and types, without rows."""
    columns = ", ".join(f'CAST(NULL AS {c.kind.sql}) AS "{c.name}"' for c in table.columns)
    return f"SELECT {columns}, CAST(NULL AS VARCHAR) AS attributes WHERE false"


def _happened(table: Table, column: str, as_of: date, alias: str = "r") -> str:
    found = table.column(column)
    assert found is not None
    if found.kind is Kind.INSTANT:
        return f'{alias}."{column}" < {_literal(as_of + timedelta(days=1))}'
    return f'{alias}."{column}" <= {_literal(as_of)}'


def _appears(table: Table, as_of: date) -> str:
    columns = _APPEARS.get(table.name, ())
    if not columns:
        return "true"
    tests = [f"({_happened(table, c, as_of)} OR r.{c} IS NULL)" for c in columns[:1]]
    if table.name == "activities":
        # Done but not yet written down was not known; written down ahead has not happened.
        tests = [f"coalesce({_happened(table, c, as_of)}, true)" for c in columns]
    elif len(columns) > 1:
        known = "coalesce(" + ", ".join(f"r.{c}" for c in columns) + ")"
        end = _literal(as_of + timedelta(days=1))
        tests = [f"coalesce({known} < {end}, true)"]
    return " AND ".join(tests)


def _raw(name: str) -> str:
    return f'r."{name}"'


def _select(table: Table, instead: Mapping[str, str], rest: str) -> str:
    """SELECT of all columns of `raw_<table> r`, some of them worked out, in the table's order."""
    columns = [f'{instead.get(name) or _raw(name)} AS "{name}"' for name in table.names]
    return f"SELECT {', '.join(columns)}, r.attributes AS attributes FROM raw_{table.name} r {rest}"


def _plain(table: Table, as_of: date) -> str:
    instead = {
        name: f'CASE WHEN {_happened(table, name, as_of)} THEN r."{name}" END' for name in _LATER.get(table.name, ())
    }
    if table.name == "absences":
        known = _literal(as_of + timedelta(days=1))
        instead["end_on"] = f"CASE WHEN r.end_on <= {known} THEN r.end_on ELSE {known} END"
    return _select(table, instead, f"WHERE {_appears(table, as_of)}")


def _leads(table: Table, as_of: date) -> str:
    end = _literal(as_of + timedelta(days=1))
    instead = {
        "qualified_at": f"CASE WHEN r.qualified_at < {end} THEN r.qualified_at END",
        "disqualified_at": f"CASE WHEN r.disqualified_at < {end} THEN r.disqualified_at END",
        "disqualified_reason": f"CASE WHEN r.disqualified_at < {end} THEN r.disqualified_reason END",
        "opportunity_id": "CASE WHEN o.opportunity_id IS NOT NULL THEN r.opportunity_id END",
    }
    known = "LEFT JOIN (SELECT opportunity_id FROM opportunities) o ON o.opportunity_id = r.opportunity_id"
    return _select(table, instead, f"{known} WHERE {_appears(table, as_of)}")


def _opportunities(table: Table, as_of: date) -> str:
    """Deals as they stood: closed later = open, at the stage last entered by then.

    Without a history the stage of an earlier day is not known, so it is empty rather than today's.
    """
    end = _literal(as_of + timedelta(days=1))
    closed = f"(r.closed_at IS NOT NULL AND r.closed_at < {end})"
    undated = "(r.closed_at IS NULL AND r.outcome IN ('won', 'lost'))"
    instead = {
        "stage": f"CASE WHEN {closed} THEN r.stage ELSE h.stage END",
        "outcome": f"CASE WHEN {closed} THEN r.outcome WHEN {undated} THEN NULL ELSE 'open' END",
        "closed_at": f"CASE WHEN {closed} THEN r.closed_at END",
        "lost_reason": f"CASE WHEN {closed} THEN r.lost_reason END",
    }
    return _select(
        table,
        instead,
        f"""LEFT JOIN (
        SELECT c.opportunity_id, arg_max(c.stage, c.entered_at) AS stage FROM raw_stage_changes c
        WHERE c.entered_at < {end} GROUP BY c.opportunity_id) h ON h.opportunity_id = r.opportunity_id
    WHERE {_appears(table, as_of)}""",
    )


def _assignments(table: Table, as_of: date) -> str:
    """History where it was given; else one span made of what `people` says."""
    return f"""{_plain(table, as_of)}
    UNION ALL
    SELECT p.person_id, p.hired_on, CASE WHEN p.left_on <= {_literal(as_of)} THEN p.left_on END,
        p.manager_id, p.team, p.segment, p.territory_id, NULL
    FROM raw_people p LEFT JOIN (SELECT DISTINCT person_id FROM raw_assignments) a ON a.person_id = p.person_id
    WHERE a.person_id IS NULL AND (p.hired_on <= {_literal(as_of)} OR p.hired_on IS NULL)"""


def _people(table: Table, as_of: date) -> str:
    """People, each where the history puts them on that day."""
    day = _literal(as_of)
    place = ("manager_id", "team", "segment", "territory_id")
    here = ", ".join(f"arg_max(a.{c}, coalesce(a.valid_from, DATE '1900-01-01')) AS {c}" for c in place)
    instead = {c: f"CASE WHEN h.person_id IS NULL THEN r.{c} ELSE coalesce(h.{c}, r.{c}) END" for c in place}
    instead["left_on"] = f"CASE WHEN r.left_on <= {day} THEN r.left_on END"
    return _select(
        table,
        instead,
        f"""LEFT JOIN (SELECT a.person_id, {here} FROM raw_assignments a
        WHERE (a.valid_from <= {day} OR a.valid_from IS NULL) AND (a.valid_to > {day} OR a.valid_to IS NULL)
        GROUP BY a.person_id) h ON h.person_id = r.person_id
    WHERE {_appears(table, as_of)}""",
    )


def view_sql(table: Table, as_of: date, *, whole: bool) -> str:
    """The SELECT behind the view of `table` on `as_of`.

    Args:
        table: a canonical table.
        as_of: the day, its end.
        whole: nothing in this version lies after `as_of`, so a deal's present state is its state then.
    """
    special = {"leads": _leads, "opportunities": _opportunities, "assignments": _assignments, "people": _people}
    if whole and table.name in ("leads", "opportunities"):
        return _select(table, {}, "")
    return special.get(table.name, _plain)(table, as_of)


def ordered_tables() -> list[Table]:
    """Tables in an order in which each view only needs those before it."""
    return sorted(TABLES, key=lambda t: t.name == "leads")
