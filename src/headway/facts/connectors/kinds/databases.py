"""SQL databases, read with dlt's `sql_table` (SQLAlchemy): tables or views named like the canonical files.

Docs: dlthub.com/docs, "SQL database" (`query_adapter_callback`, `table_adapter_callback`). With a column that says when
a row last changed, only changed rows are read, and all keys are compared to find rows that are gone; without one, all
rows are read every time.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from headway.core.errors import BadInput
from headway.facts.connectors.book import Book, Page, Record
from headway.facts.connectors.canonical import Canonical
from headway.facts.connectors.extra import extra
from headway.facts.connectors.kinds.base import Reading, Stream
from headway.facts.connectors.web import AccessExpired, SourceTrouble
from headway.facts.tables import BY_NAME, Table

PAGE = 5000
# Databases keep times in zones of their own: a day more is read again than elsewhere.
ZONES = timedelta(days=1)


def make(name: str, settings: Mapping[str, str], secrets: Mapping[str, str], **_how: Any) -> Database:
    """The connector of one source."""
    return Database(name, settings, secrets)


class Database:
    """Reads one database."""

    stages: Mapping[str, str] = {}

    def __init__(self, name: str, settings: Mapping[str, str], secrets: Mapping[str, str]) -> None:
        self.name, self._schema = name, settings.get("schema", "") or None
        self._changed, self._before = settings.get("changed", ""), settings.get("table_prefix", "")
        self._engine = _engine(settings, secrets)
        self.gives: dict[str, tuple[str, ...]] = {}

    def open(self) -> str:
        """Connect and look which canonical tables there are."""
        alchemy = extra("sqlalchemy")
        try:
            found = alchemy.inspect(self._engine)
            names = {*found.get_table_names(schema=self._schema), *found.get_view_names(schema=self._schema)}
            for table in BY_NAME.values():
                if self._before + table.name in names:
                    columns = {c["name"] for c in found.get_columns(self._before + table.name, schema=self._schema)}
                    self._take(table, columns)
            with self._engine.connect() as con:
                moment = con.execute(alchemy.select(alchemy.func.current_timestamp())).scalar()
        except alchemy.exc.SQLAlchemyError as error:
            raise self._plain(error) from error
        if not self.gives:
            raise BadInput(
                _("No table or view of the database has the name of a canonical table"),
                value=self._before + "opportunities",
                todo=_("Make a view for each, with the columns of the canonical files; the how-to page shows how."),
            )
        return _instant(moment)

    def _take(self, table: Table, columns: set[str]) -> None:
        missing = [k for k in table.key if k not in columns and table.name != "territories"]
        if missing:
            raise BadInput(
                _("The table %s has no such column") % (self._before + table.name),
                value=", ".join(missing),
                todo=_("Name its columns as in the canonical files."),
            )
        self.gives[table.name] = tuple(c for c in table.names if c in columns)

    def streams(self) -> tuple[Stream, ...]:
        """Each table; and its keys, where only what changed is read of it."""
        made = []
        for name in self.gives:
            some = self._can_be_partly_read(name)
            made.append(Stream(name, self._rows(name, keys_only=False, partly=some), complete=not some))
            if some:
                made.append(
                    Stream(f"{name} ids", self._rows(name, keys_only=True, partly=False), complete=True, sweeps=name)
                )
        return tuple(made)

    def _can_be_partly_read(self, name: str) -> bool:
        return bool(self._changed) and self._changed in self._columns(name)

    def _columns(self, name: str) -> set[str]:
        inspected = extra("sqlalchemy").inspect(self._engine).get_columns(self._before + name, schema=self._schema)
        return {c["name"] for c in inspected}

    def _rows(self, name: str, *, keys_only: bool, partly: bool) -> Callable[[Reading], Iterator[Page]]:
        table = BY_NAME[name]
        # Only a key of one column gives a place to go on from; the others are read anew, which doubles nothing.
        single = table.key[0] if len(table.key) == 1 else ""

        def read(reading: Reading) -> Iterator[Page]:
            since = datetime.fromisoformat(reading.since) - ZONES if partly and reading.since else None
            after = (reading.cursor or {}).get("after")
            rows = self._resource(name, keys_only, since, single, after)
            try:
                for chunk in _chunks(rows, PAGE):
                    records = tuple(_record(table, self.gives[name], row, keys_only) for row in chunk)
                    full = len(chunk) == PAGE
                    yield Page(
                        records, {"after": _plain_value(chunk[-1][single]) if single else None} if full else None
                    )
                    if not full:
                        return
                yield Page((), None)
            except (BadInput, SourceTrouble):
                raise
            except Exception as error:
                raise self._plain(error) from error

        return read

    def _resource(self, name: str, keys_only: bool, since: datetime | None, single: str, after: Any) -> Iterator[Any]:
        wanted = [c for c in (BY_NAME[name].key if keys_only else self.gives[name]) if c in self._columns(name)]

        def narrow(query: Any, table: Any) -> Any:
            if since is not None:
                query = query.where(table.c[self._changed] >= _comparable(table.c[self._changed], since))
            if single and after is not None:
                query = query.where(table.c[single] > after)
            return query.order_by(*(table.c[k] for k in BY_NAME[name].key if k in table.c))

        def only(table: Any) -> None:
            for column in list(table._columns):
                if column.name not in (*wanted, self._changed if since is not None else ""):
                    table._columns.remove(column)

        resource = extra("dlt.sources.sql_database").sql_table(
            credentials=self._engine,
            table=self._before + name,
            schema=self._schema,
            chunk_size=PAGE,
            query_adapter_callback=narrow,
            table_adapter_callback=only,
            reflection_level="minimal",
        )
        return iter(resource)

    def _plain(self, error: Exception) -> Exception:
        """What the driver says may hold the address with its password, so it is not quoted."""
        text = str(error).lower()
        if any(word in text for word in ("password", "authentication", "access denied")):
            return AccessExpired(
                _("%s no longer accepts the user or password of this source") % self.name,
                todo=_("Give the right one to the source; then sync again, nothing is lost."),
            )
        return SourceTrouble(
            _("The database of %s cannot be read") % self.name,
            value=type(getattr(error, "orig", None) or error).__name__,
            todo=_("Check that it is reachable and that the user may read the tables; what was read is kept."),
        )

    def shape(self, book: Book, out: Canonical) -> None:
        """The rows are canonical already."""
        for name in self.gives:
            for record in book.pending(name, everything=out.everything or name == "people"):
                out.pass_on(name, record.body)
            for identity in book.lost(name, everything=out.everything):
                out.remove(name, json.loads(identity)[0] if identity.startswith("[") else identity)
                # Rows that share the first part of the key are written again, so that only the one goes.
                if identity.startswith("["):
                    for other in book.children(name, json.loads(identity)[0]):
                        out.pass_on(name, other)


def _engine(settings: Mapping[str, str], secrets: Mapping[str, str]) -> Any:
    alchemy = extra("sqlalchemy")
    try:
        url = alchemy.engine.make_url(settings["address"])
        if url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        if settings.get("user"):
            url = url.set(username=settings["user"])
        if secrets.get("secret"):
            url = url.set(password=secrets["secret"])
        return alchemy.create_engine(url, hide_parameters=True)
    except (alchemy.exc.ArgumentError, alchemy.exc.NoSuchModuleError) as error:
        raise BadInput(
            _("The address of the database is not understood"), todo=_("Write it as postgresql://host:5432/name.")
        ) from error
    except ImportError as error:
        raise BadInput(_("The driver for this database is not installed"), value=error.name) from error


def _chunks(rows: Iterator[Any], size: int) -> Iterator[list[Any]]:
    while chunk := list(itertools.islice(rows, size)):
        yield chunk


def _record(table: Table, columns: tuple[str, ...], row: Mapping[str, Any], keys_only: bool) -> Record:
    key = [_plain_value(row.get(k)) for k in table.key]
    identity = str(key[0]) if len(key) == 1 else json.dumps(key, default=str)
    body = {} if keys_only else {c: _plain_value(row.get(c)) for c in columns}
    return Record(identity, body, parent=str(key[0]) if len(key) > 1 else None)


def _plain_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return _instant(value)
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def _instant(moment: Any) -> str:
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    if not isinstance(moment, datetime):
        return ""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


def _comparable(column: Any, moment: datetime) -> Any:
    """The moment as the column holds it: with or without a zone, or as text."""
    kind = column.type.python_type if hasattr(column.type, "python_type") else datetime
    if kind is str:
        return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    if kind is date:
        return moment.date()
    return moment if getattr(column.type, "timezone", False) else moment.astimezone(UTC).replace(tzinfo=None)
