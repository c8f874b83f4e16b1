"""Canonical tables from what a generator drew."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pyarrow as pa

from bench.simulation.truth import AS_OF

QUARTER = 91


@dataclass(frozen=True)
class Force:
    """The people: segment code, territory potential, day of hire, first day gone (NaN: still there)."""

    segments: tuple[str, ...]
    segment: np.ndarray
    potential: np.ndarray
    hired: np.ndarray
    left: np.ndarray
    days: int


@dataclass(frozen=True)
class Funnel:
    """One row per lead: who owns it in the books, source ("" unknown), score (NaN none), days of each event
    (NaN: did not happen), amount if won."""

    owner: np.ndarray
    day: np.ndarray
    source: np.ndarray
    score: np.ndarray
    qualified: np.ndarray
    proposal: np.ndarray
    won: np.ndarray
    lost: np.ndarray
    amount: np.ndarray


def stamp(day: np.ndarray, days: int) -> pa.Array:
    """Days since the start as instants; what lies after the last day is not known yet."""
    seen = np.isfinite(day) & (day < days)
    start = np.datetime64(AS_OF + timedelta(days=1)) - np.timedelta64(days, "D")
    seconds = (np.where(seen, day, 0.0) * 86_400).astype("timedelta64[s]")
    return pa.array(start.astype("datetime64[s]") + seconds, mask=~seen)


def as_date(day: np.ndarray, days: int) -> pa.Array:
    """Days since the start as dates; NaN unknown."""
    return pa.array([AS_OF - timedelta(days=int(days - 1 - d)) if np.isfinite(d) else None for d in day], pa.date32())


def canonical(force: Force, funnel: Funnel, *, meetings: np.ndarray | None = None) -> dict[str, pa.Table]:
    """meetings: (people, weeks) counts, one row per person and week."""
    n, days = force.segment.size, force.days
    people = np.array([f"P{i:04d}" for i in range(n)])
    tables = {
        "people": pa.table(
            {
                "person_id": people,
                "name": [f"Rep {i}" for i in range(n)],
                "role": ["rep"] * n,
                "segment": np.array(force.segments)[force.segment],
                "territory_id": [f"T{i}" for i in range(n)],
                "hired_on": as_date(force.hired, days),
                "left_on": as_date(force.left, days),
            }
        ),
        "territories": pa.table(
            {"territory_id": [f"T{i}" for i in range(n)], "potential": np.round(force.potential, 2)}
        ),
        **_books(people, funnel, days),
    }
    if meetings is not None:
        who, week = np.nonzero(meetings)
        tables["activities"] = pa.table(
            {
                "activity_id": [f"A{i}" for i in range(who.size)],
                "person_id": people[who],
                "kind": ["meeting"] * who.size,
                "occurred_at": stamp(week * 7.0 + 3.0, days),
                "count": meetings[who, week].astype(float),
            }
        )
    return tables


def _books(people: np.ndarray, funnel: Funnel, days: int) -> dict[str, pa.Table]:
    ids = np.array([f"L{i:07d}" for i in range(funnel.day.size)])
    deal = np.char.replace(ids.astype(str), "L", "O")
    qualified, won = funnel.qualified < days, funnel.won < days
    lost = (funnel.lost < days) & qualified
    disqualified = np.where(~qualified & np.isnan(funnel.qualified), funnel.lost, np.nan)
    opp = np.flatnonzero(qualified)
    stage = np.where(won, "won", np.where(lost, "lost", np.where(funnel.proposal < days, "proposal", "qualified")))
    source = pa.array(funnel.source, mask=funnel.source == "")
    return {
        "leads": pa.table(
            {
                "lead_id": ids,
                "owner_id": people[funnel.owner],
                "created_at": stamp(funnel.day, days),
                "source": source,
                "score": pa.array(np.nan_to_num(funnel.score), mask=~np.isfinite(funnel.score)),
                "qualified_at": stamp(funnel.qualified, days),
                "disqualified_at": stamp(disqualified, days),
                "opportunity_id": pa.array(deal, mask=~qualified),
            }
        ),
        "opportunities": pa.table(
            {
                "opportunity_id": deal[opp],
                "owner_id": people[funnel.owner[opp]],
                "lead_id": ids[opp],
                "created_at": stamp(funnel.qualified[opp], days),
                "stage": stage[opp],
                "outcome": np.where(won, "won", np.where(lost, "lost", "open"))[opp],
                "closed_at": stamp(np.where(won, funnel.won, np.where(lost, funnel.lost, np.nan))[opp], days),
                "amount": funnel.amount[opp],
                "source": source.take(pa.array(opp)),
            }
        ),
        "stage_changes": pa.concat_tables(
            pa.table(
                {
                    "opportunity_id": deal[pick],
                    "stage": pa.array([name] * pick.size, pa.string()),
                    "entered_at": stamp(when[pick], days),
                }
            )
            for name, when in (("qualified", funnel.qualified), ("proposal", funnel.proposal), ("won", funnel.won))
            for pick in (opp[when[opp] < days],)
        ),
    }


def quarters(force: Force, funnel: Funnel) -> tuple[np.ndarray, np.ndarray]:
    """Bookings of the last two quarters (people, 2), and a quota that a good half misses."""
    bookings = np.zeros((force.segment.size, 2))
    for back in range(2):
        end = force.days - QUARTER * back
        inside = (funnel.won >= end - QUARTER) & (funnel.won < end)
        bookings[:, 1 - back] = np.bincount(funnel.owner[inside], funnel.amount[inside], force.segment.size)
    usual = np.array(
        [np.median(bookings[force.segment == s]) if (force.segment == s).any() else 1.0
         for s in range(len(force.segments))]
    )  # fmt: skip
    return bookings, np.maximum(usual[force.segment], 1.0) * 1.1
