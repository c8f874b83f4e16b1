"""Rows on their way to the facts: one CSV file per canonical table, ids and people joined to those known already."""

from __future__ import annotations

import csv
from collections.abc import Mapping as Readonly
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, Any

from headway.facts.folder import table_file
from headway.facts.mapping import Mapping, Rule, SourceMapping, Target
from headway.facts.store import connect, current_version
from headway.facts.tables import BY_NAME, Kind

_PERSON_COLUMNS = ("person_id", "name", "email", "role", "manager_id", "team", "segment", "territory_id")
_PERSON_DAYS = ("hired_on", "left_on")
Cells = dict[str, Any]


@dataclass(frozen=True)
class Worker:
    """Somebody the source knows. Only those who own deals or leads, or lead those who do, become people.

    Args:
        id: the source's own.
        name, email, team, segment: as the source has them.
        manager: the source's id of whom they report to.
        hired_on, left_on: days, where the source says so.
        manages: the source says that this is somebody who leads others.
    """

    id: str
    name: str = ""
    email: str = ""
    team: str = ""
    segment: str = ""
    manager: str | None = None
    hired_on: date | None = None
    left_on: date | None = None
    manages: bool = False


@dataclass
class Canonical:
    """The rows of one load.

    Args:
        folder: where the files are written.
        gives: columns per table.
        prefix: put before every id of the source.
        everything: all records are shaped, not only those that are pending.
        currency: for amounts without one.
    """

    folder: Path
    gives: Readonly[str, tuple[str, ...]]
    prefix: str = ""
    everything: bool = False
    currency: str = ""
    removed: dict[str, set[str]] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)
    _files: dict[str, tuple[IO[str], Any]] = field(default_factory=dict)
    _people: dict[str, str] = field(default_factory=dict)

    def people(self, workers: list[Worker], selling: set[str]) -> None:
        """Write the people: those in `selling` (the source's ids) and whom they report to.

        Somebody whose e-mail address is known already under another id keeps that id. What the source does not say of
        somebody who is known stays as it is.
        """
        by_id = {w.id: w for w in workers}
        wanted = {i for i in selling if i in by_id}
        for worker in [by_id[i] for i in sorted(wanted)]:
            above, climbed = worker.manager, set[str]()
            while above in by_id and above not in climbed:
                climbed.add(str(above))
                above = by_id[str(above)].manager
            wanted |= climbed
        known = _known_people()
        mails = _only_once((str(p["email"]).lower(), i) for i, p in known.items() if p.get("email"))
        for worker in workers:
            if worker.id in wanted:
                own = self.prefix + worker.id
                self._people[worker.id] = own if own in known else mails.get(worker.email.lower(), own)
        leads = {by_id[i].manager for i in wanted}
        for identity in sorted(wanted):
            self._person(by_id[identity], known.get(self._people[identity], {}), leads=identity in leads)

    def _person(self, worker: Worker, before: Cells, *, leads: bool) -> None:
        said: Cells = {
            "person_id": self._people[worker.id],
            "name": worker.name,
            "email": worker.email,
            "manager_id": self._people.get(worker.manager or ""),
            "team": worker.team,
            "segment": worker.segment,
            "hired_on": worker.hired_on,
            "left_on": worker.left_on,
            "role": before.get("role") or ("manager" if leads or worker.manages else "rep"),
        }
        row = {c: said.get(c) or before.get(c) for c in (*_PERSON_COLUMNS, *_PERSON_DAYS)}
        self._write("people", row)

    def person(self, identity: str | None) -> str | None:
        """The person behind an id of the source; None = nobody who sells."""
        return self._people.get(identity or "")

    def add(self, table: str, **cells: Any) -> bool:
        """A row. Ids are the source's own; people are given as the source's ids too.

        Returns whether the row counts: it is not when it is of nobody who sells.
        """
        row: Cells = {}
        for name in self.gives[table]:
            column, value = BY_NAME[table].column(name), cells.pop(name, None)
            if value in (None, ""):
                value = None
            elif column and column.references == "people":
                value = self.person(str(value))
            elif column and column.kind is Kind.ID:
                value = self.prefix + str(value)
            row[name] = value
        if cells:
            raise TypeError(f"{table} of this source does not give {', '.join(cells)}")
        owner = BY_NAME[table].owner
        if table != "leads" and owner and row.get(owner.name) is None:
            self.leave_out(table)
            return False
        if "currency" in row and not row["currency"]:
            row["currency"] = self.currency or None
        self._write(table, row)
        return True

    def pass_on(self, table: str, cells: Cells) -> None:
        """A row that is canonical already."""
        row = {}
        for name in self.gives[table]:
            column, value = BY_NAME[table].column(name), cells.get(name)
            is_id = column is not None and column.kind is Kind.ID
            row[name] = f"{self.prefix}{value}" if is_id and value not in (None, "") else value
        if row.get("currency", "") is None:
            row["currency"] = self.currency or None
        self._write(table, row)

    def leave_out(self, table: str) -> None:
        """Count a row that is not of somebody who sells."""
        self.left_out[table] = self.left_out.get(table, 0) + 1

    def remove(self, table: str, identity: str) -> None:
        """The rows with this id go, unless they are written again in this load (stage changes of a deal)."""
        self.removed.setdefault(table, set()).add(self.prefix + identity)

    def _write(self, table: str, row: Cells) -> None:
        if table not in self._files:
            self.folder.mkdir(parents=True, exist_ok=True)
            file = open(self.folder / f"{table}.csv", "w", encoding="utf-8", newline="")  # noqa: SIM115
            writer = csv.DictWriter(file, list(row))
            writer.writeheader()
            self._files[table] = (file, writer)
        self._files[table][1].writerow(row)

    def close(self) -> list[Path]:
        """The files that were written."""
        for file, _writer in self._files.values():
            file.close()
        return [self.folder / f"{table}.csv" for table in self._files]

    def mapping(self, stages: Readonly[str, str]) -> Mapping:
        """What the files mean: each column is the canonical one of its name.

        Args:
            stages: stage as the CRM writes it (any case) -> stage of the ladder.
        """
        lower = {k.lower(): v for k, v in stages.items()}
        sources = []
        for table in self._files:
            names = self.gives.get(table) or (*_PERSON_COLUMNS, *_PERSON_DAYS)
            rules = tuple(Rule(c, (c,)) for c in names)
            sources.append(SourceMapping(f"{table}.csv", "", (Target(table, rules),), stages=dict(lower)))
        return Mapping(tuple(sources))


def _only_once(pairs: Any) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for key, value in pairs:
        found.setdefault(key, set()).add(value)
    return {k: next(iter(v)) for k, v in found.items() if len(v) == 1 and k}


def _known_people() -> dict[str, Cells]:
    number = current_version()
    if number is None or not table_file(number, "people").exists():
        return {}
    columns = (*_PERSON_COLUMNS, *_PERSON_DAYS)
    with connect() as con:
        rows = con.execute(
            f"SELECT {', '.join(columns)} FROM read_parquet(?)", [str(table_file(number, "people"))]
        ).fetchall()
    return {str(row[0]): dict(zip(columns, row, strict=True)) for row in rows}
