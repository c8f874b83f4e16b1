"""Two reps and four deals: enough to see what comes home."""

from __future__ import annotations

from datetime import date, datetime, time

import pyarrow as pa

from tests.warehouse.invented import Row, arrow


def small() -> dict[str, pa.Table]:
    """The tables, typed."""
    people: list[Row] = [
        {"person_id": "m1", "name": "Mia Boss", "role": "manager"},
        *(
            {"person_id": p, "name": n, "role": "rep", "hired_on": date(2020, 1, 1)}
            for p, n in (("r1", "Ana"), ("r2", "Ben"))
        ),
    ]
    deals: list[Row] = [
        {
            "opportunity_id": f"d{i}",
            "owner_id": owner,
            "created_at": datetime.combine(date(2026, 1, 5), time.min),
            "closed_at": datetime.combine(date(2026, 2, i), time(23, 30)) if outcome != "open" else None,
            "outcome": outcome,
            "amount": amount,
            "currency": "EUR",
            "next_step": "Call",
        }
        for i, (owner, outcome, amount) in enumerate(
            [("r1", "won", 100.0), ("r1", "won", 200.0), ("r2", "lost", 45.5), ("r2", "open", None)], start=1
        )
    ]
    return arrow({"people": people, "opportunities": deals})
