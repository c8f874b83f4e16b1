"""What is wrong or missing in a version of the facts: counted once, when it is loaded, and kept with it.

Pages and `headway status` read what was kept; nothing here runs while somebody waits for a page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from headway.facts.needs import CONDITIONS
from headway.facts.store import Facts
from headway.facts.tables import TABLES, Kind

MOST_EXAMPLES = 3
# People can only be looked after by name.
MOST_PEOPLE = 12
FORMAT = 1


class Trouble(StrEnum):
    """What can be noticed."""

    PAST_CLOSE = "past_close"
    DUPLICATES = "duplicates"
    SAME_NAME = "same_name"
    NO_DEALS = "no_deals"
    NEGATIVE_CYCLE = "negative_cycle"
    AFTER_LEAVING = "after_leaving"
    BEFORE_LEAD = "before_lead"
    WORK_AFTER_LEAVING = "work_after_leaving"
    NO_AMOUNT = "no_amount"
    CURRENCIES = "currencies"
    EMPTY_WEEKS = "empty_weeks"
    NO_OWNER = "no_owner"
    DEAL_NO_OWNER = "deal_no_owner"
    UNDATED = "undated"
    NO_OUTCOME = "no_outcome"
    AFTER_CLOSE = "after_close"
    NO_HIRE_DAY = "no_hire_day"


@dataclass(frozen=True)
class Example:
    """One row that shows a trouble: which record, and what about it."""

    ref: str
    detail: str = ""


@dataclass(frozen=True)
class Problem:
    """One kind of trouble.

    Args:
        kind: which.
        count: how many rows, people or weeks.
        of: of how many; None where a share says nothing.
        examples: up to three of them, or twelve people.
    """

    kind: Trouble
    count: int
    of: int | None
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class TableHealth:
    """What one table holds: rows, first and last day, and when it was loaded last."""

    table: str
    rows: int
    first_day: date | None
    last_day: date | None
    loaded_at: str


@dataclass(frozen=True)
class Health:
    """What a version holds and what is wrong with it. `holds` names the `needs.CONDITIONS` that are met."""

    last_day: date | None
    tables: tuple[TableHealth, ...]
    problems: tuple[Problem, ...]
    people: int
    currencies: dict[str, int]
    holds: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain data to be kept with the version."""
        raw = asdict(self)
        raw["format"] = FORMAT
        raw["last_day"] = _text(self.last_day)
        for table in raw["tables"]:
            table["first_day"], table["last_day"] = _text(table["first_day"]), _text(table["last_day"])
        return raw


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def from_json(raw: object) -> Health | None:
    """What `as_json` made; None where nothing was kept, or by another version of the program."""
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        return None
    return Health(
        last_day=_day(raw["last_day"]),
        tables=tuple(
            TableHealth(t["table"], t["rows"], _day(t["first_day"]), _day(t["last_day"]), t["loaded_at"])
            for t in raw["tables"]
        ),
        problems=tuple(
            Problem(Trouble(p["kind"]), p["count"], p["of"], tuple(Example(**e) for e in p["examples"]))
            for p in raw["problems"]
        ),
        people=raw["people"],
        currencies=dict(raw["currencies"]),
        holds=tuple((str(table), str(name)) for table, name in raw["holds"]),
    )


def examine(facts: Facts) -> Health:
    """Look through the whole version once. Takes a second or two for a large one."""
    found = [look(facts) for look in _LOOKS]
    return Health(
        last_day=facts.last_day,
        tables=tuple(_table(facts, table.name) for table in TABLES if facts.has(table.name)),
        problems=tuple(p for p in found if p is not None and p.count > 0),
        people=_count(facts, "SELECT count(*) FROM people"),
        currencies=dict(facts.manifest.currencies),
        holds=tuple(
            (table, name)
            for (table, name), where in CONDITIONS.items()
            if _count(facts, f"SELECT count(*) FROM raw_{table} WHERE {where}")
        ),
    )


def _count(facts: Facts, sql: str) -> int:
    row = facts.con.execute(sql).fetchone()
    return int(row[0] or 0) if row else 0


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


# A day that was planned, or the end of a span, says nothing about how fresh a table is.
_NOT_HAPPENED = frozenset({"expected_close_on", "valid_to", "period_end", "end_on", "left_on"})


def _problem(
    facts: Facts, kind: Trouble, rows: str, *, of: str = "", order: str = "1", shown: int = MOST_EXAMPLES
) -> Problem:
    """A problem from a query that gives `ref` and `detail`, one row each."""
    count = _count(facts, f"SELECT count(*) FROM ({rows})")
    if not count:
        return Problem(kind, 0, None, ())
    examples = facts.con.execute(
        f"SELECT ref::VARCHAR, coalesce(detail::VARCHAR, '') FROM ({rows}) ORDER BY {order} LIMIT {shown}"
    ).fetchall()
    total = _count(facts, of) if of else None
    return Problem(kind, count, total, tuple(Example(ref, detail) for ref, detail in examples))


def _past_close(facts: Facts) -> Problem | None:
    if not facts.has_column("opportunities", "expected_close_on"):
        return None
    rows = (
        "SELECT opportunity_id AS ref, expected_close_on AS detail FROM opportunities "
        f"WHERE outcome = 'open' AND expected_close_on < DATE '{facts.as_of}'"
    )
    return _problem(
        facts, Trouble.PAST_CLOSE, rows, of="SELECT count(*) FROM opportunities WHERE outcome = 'open'", order="2"
    )


def _duplicates(facts: Facts) -> Problem | None:
    if not facts.has("opportunities"):
        return None
    # Same owner, account, day and amount under different ids. Without account or amount, equality says nothing.
    rows = (
        "SELECT array_to_string(list_slice(list(opportunity_id ORDER BY opportunity_id), 1, 3), ', ') AS ref, "
        "max(account_id) AS detail "
        "FROM opportunities WHERE account_id IS NOT NULL AND coalesce(amount, 0) > 0 AND created_at IS NOT NULL "
        "GROUP BY owner_id, account_id, created_at, amount, product HAVING count(*) > 1"
    )
    return _problem(facts, Trouble.DUPLICATES, rows, of="SELECT count(*) FROM opportunities")


def _same_name(facts: Facts) -> Problem | None:
    rows = (
        "SELECT max(name) AS ref, "
        "array_to_string(list_slice(list(person_id ORDER BY person_id), 1, 3), ', ') AS detail FROM people "
        "WHERE name IS NOT NULL GROUP BY lower(trim(name)) HAVING count(*) > 1"
    )
    return _problem(facts, Trouble.SAME_NAME, rows)


def _no_deals(facts: Facts) -> Problem | None:
    owned = [
        f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL"
        for table, column in (("opportunities", "owner_id"), ("leads", "owner_id"))
        if facts.has(table) and facts.has_column(table, column)
    ]
    if not owned:
        return None
    rows = (
        "SELECT coalesce(name, person_id) AS ref, team AS detail FROM people WHERE role = 'rep' "
        f"AND left_on IS NULL AND person_id NOT IN ({' UNION '.join(owned)})"
    )
    return _problem(
        facts,
        Trouble.NO_DEALS,
        rows,
        of="SELECT count(*) FROM people WHERE role = 'rep' AND left_on IS NULL",
        shown=MOST_PEOPLE,
    )


def _negative_cycle(facts: Facts) -> Problem | None:
    rows = (
        "SELECT opportunity_id AS ref, closed_at::DATE || ' < ' || created_at::DATE AS detail FROM opportunities "
        "WHERE closed_at::DATE < created_at::DATE"
    )
    return _problem(facts, Trouble.NEGATIVE_CYCLE, rows, of="SELECT count(*) FROM opportunities")


def _after_leaving(facts: Facts) -> Problem | None:
    rows = (
        "SELECT o.opportunity_id AS ref, p.name || ', ' || p.left_on AS detail FROM opportunities o "
        "JOIN people p ON p.person_id = o.owner_id WHERE o.closed_at::DATE > p.left_on "
        "OR (o.outcome = 'open' AND p.left_on IS NOT NULL)"
    )
    return _problem(facts, Trouble.AFTER_LEAVING, rows, of="SELECT count(*) FROM opportunities")


def _before_lead(facts: Facts) -> Problem | None:
    if not facts.has("opportunities") or not facts.has("leads"):
        return None
    rows = (
        "SELECT o.opportunity_id AS ref, o.closed_at::DATE || ' < ' || l.created_at::DATE AS detail "
        "FROM opportunities o JOIN leads l USING (lead_id) WHERE o.closed_at::DATE < l.created_at::DATE"
    )
    return _problem(facts, Trouble.BEFORE_LEAD, rows, of="SELECT count(*) FROM opportunities")


def _work_after_leaving(facts: Facts) -> Problem | None:
    if not facts.has("activities") or not facts.has_column("people", "left_on"):
        return None
    rows = (
        "SELECT a.activity_id AS ref, p.name || ', ' || p.left_on AS detail FROM activities a "
        "JOIN people p USING (person_id) WHERE a.occurred_at::DATE > p.left_on"
    )
    return _problem(facts, Trouble.WORK_AFTER_LEAVING, rows, of="SELECT count(*) FROM activities")


def _no_amount(facts: Facts) -> Problem | None:
    if not facts.has("opportunities"):
        return None
    rows = (
        "SELECT opportunity_id AS ref, closed_at::DATE AS detail FROM opportunities "
        "WHERE outcome = 'won' AND coalesce(amount, 0) = 0"
    )
    return _problem(
        facts, Trouble.NO_AMOUNT, rows, of="SELECT count(*) FROM opportunities WHERE outcome = 'won'", order="2 DESC"
    )


def _currencies(facts: Facts) -> Problem | None:
    known = facts.manifest.currencies
    if len(known) < 2:
        return None
    ordered = sorted(known.items(), key=lambda pair: -pair[1])
    return Problem(
        Trouble.CURRENCIES, len(known), None, tuple(Example(code, str(n)) for code, n in ordered[:MOST_EXAMPLES])
    )


def _empty_weeks(facts: Facts) -> Problem | None:
    if not facts.has("activities"):
        return None
    rows = (
        "WITH weeks AS (SELECT DISTINCT date_trunc('week', occurred_at)::DATE AS week FROM activities), "
        "span AS (SELECT unnest(generate_series(min(week), max(week), INTERVAL 7 DAY))::DATE AS week FROM weeks) "
        "SELECT week AS ref, '' AS detail FROM span WHERE week NOT IN (SELECT week FROM weeks)"
    )
    of = (
        "SELECT date_diff('week', min(occurred_at)::DATE, max(occurred_at)::DATE) + 1 FROM activities "
        "WHERE occurred_at IS NOT NULL"
    )
    return _problem(facts, Trouble.EMPTY_WEEKS, rows, of=of)


def _no_owner(facts: Facts) -> Problem | None:
    if not facts.has("leads"):
        return None
    rows = "SELECT lead_id AS ref, created_at::DATE AS detail FROM leads WHERE owner_id IS NULL"
    return _problem(facts, Trouble.NO_OWNER, rows, of="SELECT count(*) FROM leads")


def _deals_where(facts: Facts, kind: Trouble, condition: str, detail: str) -> Problem | None:
    if not facts.has("opportunities"):
        return None
    rows = f"SELECT opportunity_id AS ref, {detail} AS detail FROM opportunities WHERE {condition}"
    return _problem(facts, kind, rows, of="SELECT count(*) FROM opportunities")


def _deal_no_owner(facts: Facts) -> Problem | None:
    return _deals_where(facts, Trouble.DEAL_NO_OWNER, "owner_id IS NULL", "created_at::DATE")


def _undated(facts: Facts) -> Problem | None:
    return _deals_where(facts, Trouble.UNDATED, "outcome IN ('won', 'lost') AND closed_at IS NULL", "outcome")


def _no_outcome(facts: Facts) -> Problem | None:
    return _deals_where(facts, Trouble.NO_OUTCOME, "outcome IS NULL", "stage")


def _after_close(facts: Facts) -> Problem | None:
    if not facts.has("activities") or not facts.has("opportunities"):
        return None
    rows = (
        "SELECT a.activity_id AS ref, a.occurred_at::DATE AS detail FROM activities a "
        "JOIN opportunities o USING (opportunity_id) WHERE a.occurred_at::DATE > o.closed_at::DATE"
    )
    return _problem(facts, Trouble.AFTER_CLOSE, rows, of="SELECT count(*) FROM activities")


def _no_hire_day(facts: Facts) -> Problem | None:
    # Where nobody has one, the column was not exported: that is said with what is missing, not person by person.
    if not facts.has_column("people", "hired_on"):
        return None
    rows = (
        "SELECT coalesce(name, person_id) AS ref, coalesce(team, '') AS detail FROM people "
        "WHERE role = 'rep' AND left_on IS NULL AND hired_on IS NULL"
    )
    return _problem(
        facts, Trouble.NO_HIRE_DAY, rows, of="SELECT count(*) FROM people WHERE role = 'rep' AND left_on IS NULL"
    )


_LOOKS: tuple[Callable[[Facts], Problem | None], ...] = (
    _no_deals,
    _past_close,
    _duplicates,
    _same_name,
    _negative_cycle,
    _after_leaving,
    _before_lead,
    _work_after_leaving,
    _no_amount,
    _deal_no_owner,
    _undated,
    _no_outcome,
    _no_owner,
    _after_close,
    _no_hire_day,
    _currencies,
    _empty_weeks,
)
