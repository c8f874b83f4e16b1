"""Where metrics are computed: in the local DuckDB, or in the company's warehouse. Only sums come home from there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from headway.core.period import Period
from headway.metrics.canonical import MeasuredFacts

Answer = list[tuple[Any, ...]]
# A compiled definition, the period, and the names of its columns: whose row it is, then numbers.
Question = tuple[str, Period, tuple[str, ...]]


class Database(Protocol):
    """Something that has the canonical tables, as known on a day, under their names."""

    @property
    def dialect(self) -> str:
        """Ibis' name of the SQL that it speaks."""

    def compute(self, sql: str, period: Period) -> Answer:
        """What a compiled definition, in its dialect, gives over a period."""

    def compute_all(self, questions: Sequence[Question]) -> list[Answer]:
        """The same for several, in as few requests as suit the engine. Numbers may come back as floats."""

    def ask(self, sql: str) -> Answer:
        """What a small question gives, asked in DuckDB's SQL and kept to what can be translated."""

    def stop(self) -> None:
        """Stop what is being computed, from another thread."""


@runtime_checkable
class Elsewhere(Protocol):
    """Facts that do not lie on this machine: `database` answers for them."""

    @property
    def database(self) -> Database: ...


@dataclass(frozen=True)
class Local:
    """The facts on this machine, in DuckDB."""

    con: Any
    dialect: str = "duckdb"

    def compute(self, sql: str, period: Period) -> Answer:
        """The edges of the period are macros, so that one statement serves every period."""
        edges = (("window_start", period.start), ("window_end", period.end))
        self.con.execute(
            ";".join(f"CREATE OR REPLACE TEMP MACRO {name}() AS DATE '{day.isoformat()}'" for name, day in edges)
        )
        return self.ask(sql)

    def compute_all(self, questions: Sequence[Question]) -> list[Answer]:
        """One after the other: a question costs next to nothing here."""
        return [self.compute(sql, period) for sql, period, _columns in questions]

    def ask(self, sql: str) -> Answer:
        """Asked as it is."""
        found: Answer = self.con.execute(sql).fetchall()
        return found

    def stop(self) -> None:
        """DuckDB can be interrupted from any thread."""
        self.con.interrupt()


def database_of(facts: MeasuredFacts) -> Database:
    """What answers for these facts."""
    if isinstance(facts, Elsewhere):
        return facts.database
    return Local(facts.con)  # type: ignore[attr-defined]  # what lies here has a connection (`FactsLike`)
