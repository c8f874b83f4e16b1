"""The export of a simulated company: one canonical CSV file per table."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np

from bench.outside.race import Deals, Force, Shape

LAST_DAY = date(2026, 6, 30)


@dataclass(frozen=True)
class Told:
    """What the company writes down."""

    scores: bool = True
    territories: bool = True
    quotas: bool = True
    segments: bool = True
    leads: bool = True
    stages: bool = True
    activities: bool = True
    hired: bool = True
    absences: bool = True
    currencies: tuple[str, ...] = ("EUR",)
    last_day: date = LAST_DAY
    quota: float = 1.1
    groups: tuple[str, ...] | None = None


def person_id(i: int) -> str:
    return f"R{i:03d}"


class Clock:
    """Weeks of the simulation as days and instants."""

    def __init__(self, shape: Shape, last_day: date) -> None:
        self.end = float(shape.weeks)
        self.start = datetime.combine(last_day, datetime.min.time()) + timedelta(days=1) - timedelta(weeks=shape.weeks)

    def instant(self, week: float) -> str:
        return (self.start + timedelta(weeks=float(week))).strftime("%Y-%m-%dT%H:%M:%S") if week < self.end else ""

    def day(self, week: float) -> str:
        return self.instant(week)[:10]


def write(folder: Path, force: Force, deals: Deals, *, shape: Shape, told: Told, rng: np.random.Generator) -> None:
    """Write every table that the company tells into `folder`; what happens after the last day is not in it."""
    folder.mkdir(parents=True, exist_ok=True)
    clock = Clock(shape, told.last_day)
    _people(folder, force, told, clock)
    if told.territories:
        rows = [(f"T{i}", f"Territory {i}", f"{p:.3f}") for i, p in enumerate(force.territory)]
        _table(folder, "territories", ("territory_id", "name", "potential"), rows)
    if told.leads:
        _leads(folder, deals, shape=shape, told=told, clock=clock, rng=rng)
    _opportunities(folder, force, deals, shape=shape, told=told, clock=clock)
    if told.stages:
        _stage_changes(folder, deals, shape=shape, told=told, clock=clock)
    if told.quotas:
        _quotas(folder, force, deals, shape=shape, told=told, clock=clock)
    if told.activities:
        _activities(folder, force, shape=shape, clock=clock, rng=rng)
    if told.absences and any(force.away):
        rows = [
            (person_id(i), clock.day(a), clock.day(b), "leave") for i, spans in enumerate(force.away) for a, b in spans
        ]
        _table(folder, "absences", ("person_id", "start_on", "end_on", "kind"), rows)
    if told.groups:
        _table(
            folder,
            "groups",
            ("person_id", "attribute", "value"),
            [(person_id(i), "gender", g) for i, g in enumerate(told.groups)],
        )


def _table(folder: Path, name: str, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)


def _people(folder: Path, force: Force, told: Told, clock: Clock) -> None:
    columns = ("person_id", "name", "role", "manager_id", "team", "segment", "territory_id", "hired_on")
    rows: list[tuple[object, ...]] = [("M0", "Mona Head", "manager", "", "North", "", "", "")]
    for i in range(force.size.size):
        rows.append(
            (
                person_id(i),
                f"Person {i}",
                "rep",
                "M0",
                "North",
                f"seg{force.segment[i]}" if told.segments else "",
                f"T{i}" if told.territories else "",
                clock.day(force.hired[i]) if told.hired else "",
            )
        )
    _table(folder, "people", columns, rows)


def _seen(deals: Deals, shape: Shape, step: int) -> np.ndarray:
    return np.flatnonzero(deals.entered[:, step] < shape.weeks)


def _leads(folder: Path, deals: Deals, *, shape: Shape, told: Told, clock: Clock, rng: np.random.Generator) -> None:
    shown = np.log(deals.quality) / max(shape.quality_spread, 1e-9) + rng.normal(0, shape.score_noise, deals.owner.size)
    columns = (
        "lead_id",
        "owner_id",
        "created_at",
        "source",
        "score",
        "qualified_at",
        "disqualified_at",
        "opportunity_id",
    )
    rows = []
    for d in _seen(deals, shape, 0):
        went = deals.entered[d, 1] < shape.weeks
        rows.append(
            (
                f"L{d}",
                person_id(deals.owner[d]),
                clock.instant(deals.entered[d, 0]),
                "self" if deals.own[d] else ("web", "fair")[d % 2],
                f"{50 + 15 * shown[d]:.0f}" if told.scores else "",
                clock.instant(deals.entered[d, 1]) if went else "",
                clock.instant(deals.ended[d]) if not went and deals.ended[d] < shape.weeks else "",
                f"D{d}" if went else "",
            )
        )
    _table(folder, "leads", columns, rows)


def _opportunities(folder: Path, force: Force, deals: Deals, *, shape: Shape, told: Told, clock: Clock) -> None:
    first = 1 if told.leads else 0
    columns = (
        "opportunity_id",
        "owner_id",
        "lead_id",
        "created_at",
        "stage",
        "outcome",
        "closed_at",
        "amount",
        "currency",
    )
    rows = []
    for d in _seen(deals, shape, first):
        done = deals.ended[d] < shape.weeks
        outcome = ("won" if deals.won[d] else "lost") if done else "open"
        at = int((deals.entered[d] < shape.weeks).sum()) - 1
        rows.append(
            (
                f"D{d}",
                person_id(deals.owner[d]),
                f"L{d}" if told.leads else "",
                clock.instant(deals.entered[d, first]),
                outcome if done else shape.stages[at],
                outcome,
                clock.instant(deals.ended[d]) if done else "",
                f"{deals.amount[d]:.2f}",
                told.currencies[force.segment[deals.owner[d]] % len(told.currencies)],
            )
        )
    _table(folder, "opportunities", columns, rows)


def _stage_changes(folder: Path, deals: Deals, *, shape: Shape, told: Told, clock: Clock) -> None:
    first = 1 if told.leads else 0
    rows = []
    for j in range(first, len(shape.stages)):
        rows += [(f"D{d}", shape.stages[j], clock.instant(deals.entered[d, j])) for d in _seen(deals, shape, j)]
    closed = np.flatnonzero((deals.ended < shape.weeks) & (deals.entered[:, first] < shape.weeks))
    rows += [(f"D{d}", "won" if deals.won[d] else "lost", clock.instant(deals.ended[d])) for d in closed]
    _table(folder, "stage_changes", ("opportunity_id", "stage", "entered_at"), rows)


def _quotas(folder: Path, force: Force, deals: Deals, *, shape: Shape, told: Told, clock: Clock) -> None:
    done = deals.won & (deals.ended < shape.weeks) & (deals.ended >= 0)
    booked = np.bincount(deals.owner[done], deals.amount[done], force.size.size)
    worked = np.clip(shape.weeks - np.maximum(force.hired, 0), 1, None)
    a_week = np.array([np.mean((booked / worked)[force.segment == s]) for s in force.segment])
    rows: list[tuple[object, ...]] = []
    for quarter in range(shape.weeks // 13):
        begin = clock.start + timedelta(weeks=13 * quarter)
        end = begin + timedelta(weeks=13)
        for i, usual in enumerate(a_week):
            if force.hired[i] < 13 * quarter:
                target = told.quota * usual * 13 * force.territory[i]
                money = told.currencies[force.segment[i] % len(told.currencies)]
                rows.append((person_id(i), "revenue", f"{begin:%Y-%m-%d}", f"{end:%Y-%m-%d}", f"{target:.0f}", money))
    _table(folder, "quotas", ("person_id", "metric", "period_start", "period_end", "target", "currency"), rows)


def _activities(folder: Path, force: Force, *, shape: Shape, clock: Clock, rng: np.random.Generator) -> None:
    rows: list[tuple[object, ...]] = []
    for i, effort in enumerate(force.effort):
        for week in range(max(0, int(np.ceil(force.hired[i]))), shape.weeks):
            for kind, usual in (("call", 30.0), ("email", 40.0), ("meeting", 4.0)):
                done = rng.poisson(usual * effort)
                rows.append((f"A{len(rows)}", person_id(i), kind, clock.instant(week + 0.4), done))
    _table(folder, "activities", ("activity_id", "person_id", "kind", "occurred_at", "count"), rows)
