"""The fact store, read side: `open_facts` gives the facts as they were known on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import TracebackType
from typing import Self

import duckdb
from django.utils.translation import gettext as _

from headway.core import clock, company
from headway.core.errors import NotFound
from headway.core.models import AuditEntry
from headway.facts.folder import Manifest, read_manifest, scratch_folder, table_file, version_folder
from headway.facts.masks import empty_select, ordered_tables, view_sql
from headway.facts.models import FactVersion
from headway.facts.tables import BY_NAME

READ_MEMORY = "600MB"


@dataclass(frozen=True)
class Facts:
    """The facts of one version as they were known at the end of `as_of`.

    `con` is an in-memory DuckDB connection with one view per canonical table (empty where nothing was
    loaded), each with the canonical columns and `attributes` (JSON text of the extra columns). Not to be
    shared between threads: open one each. Close it, or use it as a context manager.
    """

    con: duckdb.DuckDBPyConnection
    as_of: date
    version: int
    content_hash: str
    first_day: date | None
    last_day: date | None
    currency: str
    ladder: tuple[str, ...]
    manifest: Manifest

    def has(self, table: str) -> bool:
        """Whether the version holds any row of `table`."""
        found = self.manifest.tables.get(table)
        return found is not None and found.rows > 0

    def has_column(self, table: str, column: str) -> bool:
        """Whether any row of `table` has a value in `column`."""
        found = self.manifest.tables.get(table)
        return found is not None and column in found.filled

    def close(self) -> None:
        """Give the connection back."""
        self.con.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def current_version() -> int | None:
    """The number of the version everybody reads, or None before the first load."""
    return FactVersion.objects.filter(is_current=True).values_list("number", flat=True).first()


def version_known_on(day: date) -> int:
    """The version that everybody read at the end of a day (UTC): before later corrections, and before later undoing.

    Asked of the record, since a version says neither that it was undone nor when.

    Raises:
        NotFound: nothing was loaded then.
    """
    end = datetime.combine(day + timedelta(days=1), time.min, tzinfo=UTC)
    changes = AuditEntry.objects.filter(event__in=("facts.loaded", "facts.undone"), at__lt=end).order_by("-pk")
    last = changes.values_list("detail", flat=True).first() or {}
    number = last.get("version", last.get("current"))
    if number is None:
        raise NotFound(_("No facts were loaded then"), value=day, todo=_("See headway status for the loads."))
    return int(number)


def connect(memory: str = READ_MEMORY) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB that spills to the scratch folder, never fetches extensions, and thinks in UTC."""
    spill = scratch_folder()
    spill.mkdir(parents=True, exist_ok=True)
    con = duckdb.connect(
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "memory_limit": memory,
            "temp_directory": str(spill / "spill"),
        }
    )
    con.execute("SET TimeZone = 'UTC'")
    return con


def raw_views(con: duckdb.DuckDBPyConnection, number: int | None) -> None:
    """Make `raw_<table>` for every canonical table: the version's rows, or none."""
    for table in BY_NAME.values():
        columns = ", ".join(f'"{c}"' for c in (*table.names, "attributes"))
        source = empty_select(table)
        if number is not None and table_file(number, table.name).exists():
            path = str(table_file(number, table.name)).replace("'", "''")
            source = f"SELECT {columns} FROM read_parquet('{path}')"
        con.execute(f"CREATE OR REPLACE TEMP VIEW raw_{table.name} AS {source}")


def _currency(manifest: Manifest) -> str:
    known = manifest.currencies
    return max(known, key=lambda c: known[c]) if known else company.current().currency


def open_facts(as_of: date | None = None, *, version: int | None = None) -> Facts:
    """The facts as they were known at the end of `as_of`.

    Args:
        as_of: the day; the last day with a fact (never after today) if None.
        version: number of a load to look back at; the current one if None.

    Raises:
        NotFound: nothing is loaded, or there is no such version.
    """
    number = current_version() if version is None else version
    if number is None:
        raise NotFound(_("No facts are loaded yet"), todo=_("Load an export with headway load, or on the Data page."))
    if not version_folder(number).is_dir():
        raise NotFound(_("There is no such load"), value=number, todo=_("See headway status for the loads there are."))
    manifest = read_manifest(number)
    today = clock.today()
    day = as_of or min(manifest.last_day or today, today)
    whole = manifest.last_day is None or day >= manifest.last_day
    con = connect()
    try:
        raw_views(con, number)
        for table in ordered_tables():
            con.execute(f"CREATE TEMP VIEW {table.name} AS {view_sql(table, day, whole=whole)}")
    except Exception:
        con.close()
        raise
    return Facts(
        con=con,
        as_of=day,
        version=number,
        content_hash=manifest.content_hash,
        first_day=manifest.first_day,
        last_day=min(manifest.last_day, day) if manifest.last_day else None,
        currency=_currency(manifest),
        ladder=tuple(company.current().ladder),
        manifest=manifest,
    )
