"""Each look for something that may be wrong in the facts: how many rows, of how many, with examples."""

from __future__ import annotations

from collections.abc import Callable

from headway.facts.health import Example, Problem, Trouble
from headway.facts.store import Facts

MOST_EXAMPLES = 3
# People can only be looked after by name.
MOST_PEOPLE = 12


def number(facts: Facts, sql: str) -> int:
    """The number that a query gives; 0 where it gives none."""
    row = facts.con.execute(sql).fetchone()
    return int(row[0] or 0) if row else 0


def _problem(
    facts: Facts, kind: Trouble, rows: str, *, of: str = "", order: str = "1", shown: int = MOST_EXAMPLES
) -> Problem:
    """A problem from a query that gives `ref` and `detail`, one row each."""
    count = number(facts, f"SELECT count(*) FROM ({rows})")
    if not count:
        return Problem(kind, 0, None, ())
    examples = facts.con.execute(
        f"SELECT ref::VARCHAR, coalesce(detail::VARCHAR, '') FROM ({rows}) ORDER BY {order} LIMIT {shown}"
    ).fetchall()
    total = number(facts, of) if of else None
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


LOOKS: tuple[Callable[[Facts], Problem | None], ...] = (
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
