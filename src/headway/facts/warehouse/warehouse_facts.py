"""The facts in the company's warehouse, for metrics: sums per person and period come home, rows do not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from headway.core import clock, company
from headway.core.errors import NotFound
from headway.core.period import Period
from headway.facts.warehouse.address import Address, configured
from headway.facts.warehouse.dialects import translated
from headway.facts.warehouse.engine import Engine, connect
from headway.facts.warehouse.looking import Look, look, sources_of
from headway.facts.warehouse.names import Names, names_for
from headway.facts.warehouse.reading import Tables

# So many questions are put into one statement. Spark took as long for one large statement as for its parts.
TOGETHER, ONE_BY_ONE = 12, ("pyspark", "databricks")
_EDGE = re.compile(r"\bwindow_(start|end)\(\)", re.IGNORECASE)


def _between(sql: str, period: Period) -> str:
    """A compiled definition with the edges of the period written into it."""
    edges = {"start": period.start, "end": period.end}
    return _EDGE.sub(lambda m: f"CAST('{edges[m[1].lower()].isoformat()}' AS DATE)", sql)


@dataclass(frozen=True)
class WarehouseDatabase:
    """Answers over the canonical tables as known on a day; the same face as `metrics.databases.Database`."""

    engine: Engine
    tables: Tables
    as_of: date
    whole: bool

    @property
    def dialect(self) -> str:
        """Ibis' name of the SQL that the engine speaks."""
        return self.engine.dialect

    def compute(self, sql: str, period: Period) -> list[tuple[Any, ...]]:
        """A compiled definition over a period: the edges are written into it."""
        return self.engine.rows(self.tables.on(self.as_of, whole=self.whole, statement=_between(sql, period)))

    def compute_all(self, questions: Sequence[tuple[str, Period, tuple[str, ...]]]) -> list[list[tuple[Any, ...]]]:
        """Several of them, a dozen in one statement where that is quicker; numbers then come back as floats."""
        if self.dialect in ONE_BY_ONE:
            return [self.compute(sql, period) for sql, period, _columns in questions]
        parts = [questions[at : at + TOGETHER] for at in range(0, len(questions), TOGETHER)]
        return [answer for part in parts for answer in self._together(part)]

    def _together(self, some: Sequence[tuple[str, Period, tuple[str, ...]]]) -> list[list[tuple[Any, ...]]]:
        width = max(len(columns) for _sql, _period, columns in some)
        mark = "`" if self.dialect == "bigquery" else '"'
        selects = []
        for number, (sql, period, (who, *numbers)) in enumerate(some):
            # A product with a floating number has the same type in every part; the shorter ones are filled up.
            shown = [f"{mark}{name}{mark} * 1.0e0 AS c{at}" for at, name in enumerate(numbers, 1)]
            shown += [f"0.0e0 AS c{at}" for at in range(len(numbers) + 1, width)]
            selects.append(
                f"SELECT {number} AS asked, {mark}{who}{mark} AS whose, {', '.join(shown)} "
                f"FROM ({_between(sql, period)}) AS part{number}"
            )
        statement = self.tables.on(self.as_of, whole=self.whole, statement=" UNION ALL ".join(selects))
        answers: list[list[tuple[Any, ...]]] = [[] for _question in some]
        for asked, *row in self.engine.rows(statement):
            answers[int(asked)].append(tuple(row[: len(some[int(asked)][2])]))
        return answers

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """A small question in DuckDB's SQL."""
        said = translated(sql, self.dialect)
        return self.engine.rows(self.tables.on(self.as_of, whole=self.whole, statement=said))

    def stop(self) -> None:
        """Stop what is being asked, from another thread."""
        self.engine.stop()


@dataclass(frozen=True)
class WarehouseFacts:
    """The warehouse's facts as they were known at the end of `as_of`; what `metrics` needs of `store.Facts`."""

    database: WarehouseDatabase
    found: Look
    address: Address
    names: Names
    as_of: date
    currency: str
    ladder: tuple[str, ...]

    @property
    def first_day(self) -> date | None:
        """The first day with a fact."""
        return self.found.first_day

    @property
    def last_day(self) -> date | None:
        """The last day with a fact, not after `as_of`."""
        last = self.found.last_day
        return min(last, self.as_of) if last else None

    def has(self, table: str) -> bool:
        """Whether the warehouse holds any usable row of `table`."""
        return table in self.found.tables and self.found.tables[table].rows > 0

    def has_column(self, table: str, column: str) -> bool:
        """Whether any row of `table` has a value in `column`."""
        return table in self.found.tables and column in self.found.tables[table].filled


@contextmanager
def open_warehouse(as_of: date | None = None, *, address: Address | None = None) -> Iterator[WarehouseFacts]:
    """The facts in the configured warehouse as they were known at the end of `as_of` (their last day if None).

    Raises:
        NotFound: no warehouse is configured, or it holds nothing.
        WarehouseTrouble: it does not answer.
    """
    place = address or configured()
    if place is None:
        raise NotFound(_("No warehouse is configured"), todo=_("Set HEADWAY_WAREHOUSE to its address."))
    names = names_for(place)
    engine = connect(place)
    try:
        today = clock.today()
        found = look(engine, place, names, today=today)
        last = found.last_day
        if not found.tables["people"].rows:
            raise NotFound(
                _("The warehouse has no people"),
                value=place.shown,
                todo=_("See with headway status what is looked for, and name the tables in a mapping file."),
            )
        day = as_of or min(last or today, today)
        tables = Tables(sources_of(found.tables, names), dialect=engine.dialect, today=today)
        database = WarehouseDatabase(engine, tables, day, whole=last is None or day >= last)
        known = found.currencies
        currency = max(sorted(known), key=lambda code: known[code]) if known else company.current().currency
        yield WarehouseFacts(database, found, place, names, day, currency, tuple(company.current().ladder))
    finally:
        engine.close()
