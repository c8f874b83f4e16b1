"""A company of thirty reps whose CRM is as untidy as real ones are; the same rows for every engine."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import pyarrow as pa

from headway.facts.tables import BY_NAME, Kind
from headway.metrics.edge_cases import EDGE_CASES
from headway.metrics.examples import TABLES

FIRST, LAST = date(2025, 1, 6), date(2026, 3, 31)
# Things went on after the quarter: as of its end they have not happened yet.
TODAY = date(2026, 4, 6)
Row = dict[str, Any]
_ARROW = {Kind.NUMBER: pa.float64(), Kind.COUNT: pa.int64(), Kind.DATE: pa.date32(), Kind.INSTANT: pa.timestamp("us")}


def _instant(rng: random.Random, first: date = FIRST, last: date = LAST) -> datetime:
    day = first + timedelta(days=rng.randrange((last - first).days + 1))
    # Some CRMs write days only; hours around midnight are another day in another time zone.
    seconds = 0 if rng.random() < 0.3 else rng.choice([60, 3_000, 40_000, 82_000, 86_000])
    return datetime.combine(day, time.min) + timedelta(seconds=seconds)


def company(seed: int = 7) -> dict[str, list[Row]]:
    """Rows by canonical table: missing values, the same row twice, rows of nobody, other currencies, reopened deals."""
    rng = random.Random(seed)
    reps = [f"r{i:02d}" for i in range(30)]
    owners = [*reps, *reps, *reps, None, "stranger"]
    people: list[Row] = [{"person_id": "m1", "name": "Mia Boss", "role": "manager"}]
    for i, rep in enumerate(reps):
        people.append(
            {
                "person_id": rep,
                "name": f"Rep {i}",
                "role": rng.choice(["rep", "rep", None, "Rep"]),
                "manager_id": "m1",
                "segment": rng.choice(["smb", "enterprise"]),
                "team": rng.choice(["North", "South"]),
                "hired_on": date(2026, 1, 20) if i == 3 else date(2020, 1, 1) if i % 4 else None,
                "left_on": date(2026, 2, 10) if i == 5 else None,
            }
        )
    tables: dict[str, list[Row]] = {"people": people}
    tables["assignments"] = [
        {"person_id": rep, "valid_from": start, "valid_to": end, "team": team, "segment": segment, "manager_id": "m1"}
        for rep in reps[:6]
        for start, end, team, segment in (
            (None, date(2025, 12, 1), "North", "smb"),
            (date(2025, 12, 1), None, "South", "enterprise" if rep != "r02" else None),
        )
    ]
    tables["absences"] = [
        {"person_id": rep, "start_on": date(2026, 2, 2), "end_on": date(2026, 2, 2 + n) if n else None}
        for n, rep in enumerate(reps[:5])
    ]
    tables["quotas"] = [
        {
            "person_id": rep,
            "metric": rng.choice([None, "revenue"]),
            "period_start": date(2025, 1, 1),
            "period_end": date(2027, 1, 1),
            "target": 730_000.0,
            "currency": rng.choice(["EUR", "eur", None]),
        }
        for rep in reps
    ]
    tables["accounts"] = [
        {
            "account_id": f"a{i}",
            "owner_id": rng.choice(owners),
            "started_on": rng.choice([None, date(1999, 5, 1), date(2025, 3, 1), date(2026, 1, 20)]),
            "churned_on": rng.choice([None, None, date(2026, 2, 10), date(2025, 6, 1)]),
        }
        for i in range(260)
    ]
    deals: list[Row] = []
    changes: list[Row] = []
    for i in range(1_100):
        opened = _instant(rng)
        outcome = rng.choice(["won", "lost", "open", "Won", None])
        closed = opened + timedelta(days=rng.randrange(-2, 110), seconds=rng.choice([0, 100]))
        if closed.date() > LAST:
            outcome, closed = "open", None  # type: ignore[assignment]
        deals.append(
            {
                "opportunity_id": f"d{i}",
                "owner_id": (owner := rng.choice(owners)),
                "account_id": rng.choice([None, f"a{rng.randrange(300)}"]),
                "created_at": rng.choice([opened, opened, opened, None]),
                "stage": rng.choice(["qualified", "Proposal", None]),
                "outcome": outcome,
                # An open deal with a closing day was reopened.
                "closed_at": None if outcome == "open" and rng.random() < 0.8 else closed,
                "amount": rng.choice([100.5, 2_000.25, 33.1, 0.0, 70.0, 41.7, 8.0, None if i % 3 else 5.0, -5.0]),
                "currency": rng.choice(["EUR", "eur", None, "USD" if owner in ("r00", "r01") else "EUR"]),
                "source": rng.choice(["web", "Self", None, " "]),
                "next_step": rng.choice([None, "", "  ", "Anruf", "Überblick"]),
                "expected_close_on": rng.choice([None, date(2026, 3, 30), date(2026, 4, 30)]),
            }
        )
        entered = opened
        for stage in rng.choice([[], ["qualified"], ["qualified", "Proposal"], ["qualified", "proposal", "qualified"]]):
            entered += timedelta(days=rng.randrange(0, 80), seconds=1)
            if entered.date() <= LAST:
                changes.append({"opportunity_id": f"d{i}", "stage": stage, "entered_at": entered})
    tables["opportunities"], tables["stage_changes"] = deals, changes
    tables["leads"] = [
        {
            "lead_id": f"l{i}",
            "owner_id": rng.choice(owners),
            "created_at": (came := _instant(rng)),
            "source": rng.choice(["self", "SELF", "web", None]),
            "qualified_at": rng.choice(
                [None, min(came + timedelta(days=rng.randrange(0, 60)), datetime.combine(LAST, time.min))]
            ),
        }
        for i in range(900)
    ]
    tables["activities"] = [
        {
            "activity_id": f"k{i}",
            "person_id": rng.choice(owners),
            "kind": rng.choice(["call", "Call", "email", "social", "meeting", "demo", "smoke signal", None]),
            "occurred_at": (done := _instant(rng)),
            "logged_at": rng.choice([None, done, done + timedelta(hours=24), done + timedelta(hours=30)]),
            "outcome": rng.choice([None, "held", "No_Show", "cancelled"]),
            "count": rng.choice([None, 1, 3, 0]),
            "lead_id": rng.choice([None, f"l{rng.randrange(950)}"]),
        }
        for i in range(3_000)
    ]
    tables["opportunities"].append(
        {
            "opportunity_id": "later",
            "owner_id": "r01",
            "created_at": datetime.combine(TODAY, time.min),
            "outcome": "open",
        }
    )
    for name, row in _of_the_reference():
        tables.setdefault(name, []).append(row)
    for table in ("opportunities", "leads", "activities", "accounts"):
        # A nightly job that ran twice.
        tables[table] += [dict(row) for row in tables[table][:25]]
    return tables


def _of_the_reference() -> Iterator[tuple[str, Row]]:
    """The rows of the worked examples and of the edge cases."""
    for tables in (TABLES, *(case.tables for case in EDGE_CASES)):
        for name, (header, rows) in tables.items():
            for row in rows:
                cells = zip(header, row, strict=True)
                yield name, {column: _typed(name, column, cell) for column, cell in cells}


def _typed(table: str, column: str, cell: Any) -> Any:
    known = BY_NAME[table].column(column)
    if cell is None or known is None or not known.kind.is_time:
        return cell
    return date.fromisoformat(cell) if known.kind is Kind.DATE else datetime.fromisoformat(cell)


def arrow(tables: Mapping[str, list[Row]]) -> dict[str, pa.Table]:
    """The rows as typed tables with all canonical columns."""
    return {
        name: pa.table(
            {
                c.name: pa.array([row.get(c.name) for row in rows], type=_ARROW.get(c.kind, pa.string()))
                for c in BY_NAME[name].columns
            }
        )
        for name, rows in tables.items()
    }
