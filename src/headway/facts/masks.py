"""The views through which everybody reads: only what had happened and was known by a day.

`as_of` includes its whole day (UTC). What happened later is gone; what was still open is open again.
The SQL speaks of `raw_<table>`, the version as it was loaded.
"""

from __future__ import annotations

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


def _plain(table: Table, as_of: date) -> str:
    later = _LATER.get(table.name, ())
    columns = []
    for column in table.columns:
        name = f'r."{column.name}"'
        if column.name in later:
            name = f"CASE WHEN {_happened(table, column.name, as_of)} THEN {name} END"
        if table.name == "absences" and column.name == "end_on":
            name = f"least({name}, {_literal(as_of + timedelta(days=1))})"
        columns.append(f'{name} AS "{column.name}"')
    return f"SELECT {', '.join(columns)}, r.attributes FROM raw_{table.name} r WHERE {_appears(table, as_of)}"


def _leads(table: Table, as_of: date) -> str:
    end = _literal(as_of + timedelta(days=1))
    return f"""SELECT r.* REPLACE (
        CASE WHEN r.qualified_at < {end} THEN r.qualified_at END AS qualified_at,
        CASE WHEN r.disqualified_at < {end} THEN r.disqualified_at END AS disqualified_at,
        CASE WHEN r.disqualified_at < {end} THEN r.disqualified_reason END AS disqualified_reason,
        CASE WHEN o.opportunity_id IS NOT NULL THEN r.opportunity_id END AS opportunity_id)
    FROM raw_leads r LEFT JOIN (SELECT opportunity_id FROM opportunities) o ON o.opportunity_id = r.opportunity_id
    WHERE {_appears(table, as_of)}"""


def _opportunities(table: Table, as_of: date) -> str:
    """Deals as they stood: closed later = open, at the stage last entered by then.

    Without a history the stage of an earlier day is not known, so it is empty rather than today's.
    """
    end = _literal(as_of + timedelta(days=1))
    closed = f"(r.closed_at IS NOT NULL AND r.closed_at < {end})"
    undated = "(r.closed_at IS NULL AND r.outcome IN ('won', 'lost'))"
    return f"""SELECT r.* REPLACE (
        CASE WHEN {closed} THEN r.stage ELSE h.stage END AS stage,
        CASE WHEN {closed} THEN r.outcome WHEN {undated} THEN NULL ELSE 'open' END AS outcome,
        CASE WHEN {closed} THEN r.closed_at END AS closed_at,
        CASE WHEN {closed} THEN r.lost_reason END AS lost_reason)
    FROM raw_opportunities r LEFT JOIN (
        SELECT opportunity_id, arg_max(stage, entered_at) AS stage FROM raw_stage_changes
        WHERE entered_at < {end} GROUP BY opportunity_id) h ON h.opportunity_id = r.opportunity_id
    WHERE {_appears(table, as_of)}"""


def _assignments(table: Table, as_of: date) -> str:
    """History where it was given; else one span made of what `people` says."""
    return f"""{_plain(table, as_of)}
    UNION ALL
    SELECT p.person_id, p.hired_on, CASE WHEN p.left_on <= {_literal(as_of)} THEN p.left_on END,
        p.manager_id, p.team, p.segment, p.territory_id, NULL
    FROM raw_people p
    WHERE (p.hired_on <= {_literal(as_of)} OR p.hired_on IS NULL)
      AND NOT EXISTS (SELECT 1 FROM raw_assignments a WHERE a.person_id = p.person_id)"""


def _people(table: Table, as_of: date) -> str:
    """People, each where the history puts them on that day."""
    day = _literal(as_of)
    place = ("manager_id", "team", "segment", "territory_id")
    here = ", ".join(f"arg_max({c}, coalesce(valid_from, DATE '0001-01-01')) AS {c}" for c in place)
    wins = ", ".join(f"CASE WHEN h.person_id IS NULL THEN r.{c} ELSE coalesce(h.{c}, r.{c}) END AS {c}" for c in place)
    return f"""SELECT r.* REPLACE ({wins}, CASE WHEN r.left_on <= {day} THEN r.left_on END AS left_on)
    FROM raw_people r LEFT JOIN (SELECT person_id, {here} FROM raw_assignments
        WHERE (valid_from <= {day} OR valid_from IS NULL) AND (valid_to > {day} OR valid_to IS NULL)
        GROUP BY person_id) h ON h.person_id = r.person_id
    WHERE {_appears(table, as_of)}"""


def view_sql(table: Table, as_of: date, *, whole: bool) -> str:
    """The SELECT behind the view of `table` on `as_of`.

    Args:
        table: a canonical table.
        as_of: the day, its end.
        whole: nothing in this version lies after `as_of`, so a deal's present state is its state then.
    """
    special = {"leads": _leads, "opportunities": _opportunities, "assignments": _assignments, "people": _people}
    if whole and table.name in ("leads", "opportunities"):
        return f"SELECT r.* FROM raw_{table.name} r"
    return special.get(table.name, _plain)(table, as_of)


def ordered_tables() -> list[Table]:
    """Tables in an order in which each view only needs those before it."""
    return sorted(TABLES, key=lambda t: t.name == "leads")
