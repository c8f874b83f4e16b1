"""What was read from a source: its records as they last came, and how far each stream is. One SQLite file per source.

Every page is one transaction: its records and the place to go on from. A process that is killed at any moment loses the
page it was reading and nothing else; a page that comes twice changes nothing, since a record is kept under its id.
A record that came in a run and is not yet in the facts is *pending*; it stays so until the load that has it is made.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

Cursor = dict[str, Any]
Body = dict[str, Any]
_TABLES = """
CREATE TABLE IF NOT EXISTS run (number INTEGER PRIMARY KEY, started_at TEXT NOT NULL, finished INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS stream (name TEXT PRIMARY KEY, cursor TEXT, cursor_run INTEGER, watermark TEXT, note TEXT);
CREATE TABLE IF NOT EXISTS record (
    stream TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, owner TEXT, parent TEXT,
    changed INTEGER NOT NULL, seen INTEGER NOT NULL, gone INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (stream, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS record_changed ON record (stream, changed);
CREATE INDEX IF NOT EXISTS record_parent ON record (stream, parent);
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT);
"""  # noqa: E501


@dataclass(frozen=True)
class Record:
    """One record of a source.

    Args:
        id: its id there.
        body: its fields as they came, as JSON can hold them.
        owner: id of whoever owns it, where that makes somebody one of the sales people.
        parent: id of the record it belongs to (a stage change's deal).
    """

    id: str
    body: Body
    owner: str | None = None
    parent: str | None = None


@dataclass(frozen=True)
class Page:
    """One answer of a source.

    Args:
        records: what it holds.
        cursor: where to go on, as JSON can hold it; None = this was the last.
        gone: ids that the source says are deleted or merged away.
        gone_from: the stream they are of, where it is another one.
    """

    records: tuple[Record, ...]
    cursor: Cursor | None
    gone: tuple[str, ...] = field(default=())
    gone_from: str = ""


class Book:
    """The records of one source on disk."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "records.sqlite"
        path.touch(mode=0o600)
        self._con = sqlite3.connect(path, isolation_level=None)
        self._con.execute("PRAGMA journal_mode = WAL")
        self._con.execute("PRAGMA synchronous = FULL")
        self._con.executescript(_TABLES)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._con.close()

    # The run

    def begin(self, started_at: str) -> tuple[int, str, bool]:
        """The run to work in: the one that was cut off, else a new one. Its number, its start, whether it goes on."""
        row = self._con.execute("SELECT number, started_at, finished FROM run ORDER BY number DESC LIMIT 1").fetchone()
        if row and not row[2]:
            return int(row[0]), str(row[1]), True
        number = int(row[0]) + 1 if row else 1
        self._con.execute("INSERT INTO run (number, started_at) VALUES (?, ?)", [number, started_at])
        return number, started_at, False

    def finish(self, number: int, *, version: int | None) -> None:
        """The run is in the facts: its start is from where the next one reads. `version` is the facts' version then."""
        with self._transaction():
            started = self._con.execute("SELECT started_at FROM run WHERE number = ?", [number]).fetchone()[0]
            self._con.execute("UPDATE run SET finished = 1 WHERE number = ?", [number])
            self._con.execute("DELETE FROM run WHERE number < ?", [number - 20])
            self._con.execute(
                "UPDATE stream SET watermark = CASE WHEN cursor_run = ? AND note IS NULL THEN ? ELSE watermark END, "
                "cursor = NULL, cursor_run = NULL",
                [number, started],
            )
            self.remember("applied_run", number)
            self.remember("applied_version", version)

    # Streams

    def place(self, stream: str, run: int) -> Cursor | None:
        """Where the stream goes on in this run: None = at its start; `{"done": True}` = it is read."""
        row = self._con.execute("SELECT cursor, cursor_run FROM stream WHERE name = ?", [stream]).fetchone()
        if row is None or row[1] != run or row[0] is None:
            return None
        return dict(json.loads(row[0]))

    def watermark(self, stream: str) -> str | None:
        """From when on the stream has to be read; None = it never was."""
        row = self._con.execute("SELECT watermark FROM stream WHERE name = ?", [stream]).fetchone()
        return str(row[0]) if row and row[0] else None

    def restart(self, stream: str) -> None:
        """Read the stream from its start in this run: the source no longer knows the place."""
        self._con.execute("UPDATE stream SET cursor = NULL, cursor_run = NULL WHERE name = ?", [stream])

    def keep(
        self, stream: str, page: Page, run: int, *, complete: bool, sweeps: str = "", note: str | None = None
    ) -> None:
        """Keep a page and the place after it, both or neither.

        Args:
            stream: its name.
            page: what came.
            run: the run's number.
            complete: with the last page everything that did not come in this run is gone.
            sweeps: another stream, of which with the last page everything is gone that is not in this one.
            note: why the stream could not be read, where it could not.
        """
        with self._transaction():
            self._con.executemany(
                "INSERT INTO record (stream, id, body, owner, parent, changed, seen, gone) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, 0) "
                "ON CONFLICT (stream, id) DO UPDATE SET "
                "changed = CASE WHEN body = excluded.body AND gone = 0 THEN changed ELSE excluded.changed END, "
                "body = excluded.body, owner = excluded.owner, parent = excluded.parent, seen = excluded.seen, "
                "gone = 0",
                [
                    (stream, r.id, json.dumps(r.body, sort_keys=True, default=str), r.owner, r.parent, run, run)
                    for r in page.records
                ],
            )
            self._lose(page.gone_from or stream, page.gone, run)
            if page.cursor is None and complete:
                self._con.execute(
                    "UPDATE record SET gone = 1, changed = ? WHERE stream = ? AND seen < ? AND gone = 0",
                    [run, stream, run],
                )
            if page.cursor is None and sweeps:
                self._con.execute(
                    "UPDATE record SET gone = 1, changed = ? WHERE stream = ? AND gone = 0 AND id NOT IN "
                    "(SELECT id FROM record WHERE stream = ? AND gone = 0)",
                    [run, sweeps, stream],
                )
            place = json.dumps({"done": True} if page.cursor is None else page.cursor)
            self._con.execute(
                "INSERT INTO stream (name, cursor, cursor_run, note) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (name) DO UPDATE SET cursor = excluded.cursor, cursor_run = excluded.cursor_run, "
                "note = excluded.note",
                [stream, place, run, note],
            )

    def _lose(self, stream: str, ids: Iterable[str], run: int) -> None:
        self._con.executemany(
            "UPDATE record SET gone = 1, changed = ?, seen = ? WHERE stream = ? AND id = ? AND gone = 0",
            [(run, run, stream, i) for i in ids],
        )

    def notes(self) -> list[str]:
        """Why streams could not be read, one sentence each."""
        return [str(r[0]) for r in self._con.execute("SELECT note FROM stream WHERE note IS NOT NULL ORDER BY name")]

    # Reading back

    def pending(self, stream: str, *, everything: bool = False) -> Iterator[Record]:
        """The stream's records that came since the last load (or all that are there), in the order of their ids."""
        since = 0 if everything else self.applied_run
        last = ""
        while rows := self._con.execute(
            "SELECT id, body, owner, parent FROM record WHERE stream = ? AND changed > ? AND gone = 0 AND id > ? "
            "ORDER BY id LIMIT 2000",
            [stream, since, last],
        ).fetchall():
            last = rows[-1][0]
            for identity, body, owner, parent in rows:
                yield Record(identity, json.loads(body), owner, parent)

    def lost(self, stream: str, *, everything: bool = False) -> list[str]:
        """Ids that went since the last load (or ever)."""
        since = 0 if everything else self.applied_run
        rows = self._con.execute(
            "SELECT id FROM record WHERE stream = ? AND changed > ? AND gone = 1", [stream, since]
        ).fetchall()
        return [str(r[0]) for r in rows]

    def touched(self, stream: str, *, run: int, after: str = "", most: int = 100) -> list[str]:
        """Ids of records that came changed in a run, after an id, in order."""
        rows = self._con.execute(
            "SELECT id FROM record WHERE stream = ? AND changed = ? AND gone = 0 AND id > ? ORDER BY id LIMIT ?",
            [stream, run, after, most],
        ).fetchall()
        return [str(r[0]) for r in rows]

    def ids(self, stream: str) -> list[str]:
        """Ids of all records of the stream that are there."""
        return [str(r[0]) for r in self._con.execute("SELECT id FROM record WHERE stream = ? AND gone = 0", [stream])]

    def between(self, stream: str, after: str, until: str) -> Iterator[Record]:
        """Records whose parent (here: a moment) lies after one moment and not after another."""
        rows = self._con.execute(
            "SELECT id, body, owner, parent FROM record WHERE stream = ? AND parent > ? AND parent <= ? AND gone = 0",
            [stream, after, until],
        ).fetchall()
        for identity, body, owner, parent in rows:
            yield Record(identity, json.loads(body), owner, parent)

    def is_touched(self, stream: str) -> bool:
        """Whether anything of the stream is pending."""
        found = self._con.execute(
            "SELECT 1 FROM record WHERE stream = ? AND changed > ? LIMIT 1", [stream, self.applied_run]
        ).fetchone()
        return found is not None

    def get(self, stream: str, identity: str | None) -> Body | None:
        """A record that is there, by its id."""
        row = self._con.execute(
            "SELECT body FROM record WHERE stream = ? AND id = ? AND gone = 0", [stream, identity or ""]
        ).fetchone()
        return dict(json.loads(row[0])) if row else None

    def children(self, stream: str, parent: str) -> list[Body]:
        """The records that belong to another one."""
        rows = self._con.execute(
            "SELECT body FROM record WHERE stream = ? AND parent = ? AND gone = 0 ORDER BY id", [stream, parent]
        ).fetchall()
        return [json.loads(r[0]) for r in rows]

    def parents(self, stream: str) -> set[str]:
        """Ids of the records to which pending records of the stream belong, those that went included."""
        rows = self._con.execute(
            "SELECT DISTINCT parent FROM record WHERE stream = ? AND changed > ? AND parent IS NOT NULL",
            [stream, self.applied_run],
        ).fetchall()
        return {str(r[0]) for r in rows}

    def owners(self) -> set[str]:
        """Everybody who owns something that makes them one of the sales people."""
        rows = self._con.execute("SELECT DISTINCT owner FROM record WHERE owner IS NOT NULL AND gone = 0").fetchall()
        return {str(r[0]) for r in rows}

    def count(self, stream: str) -> int:
        """How many records of the stream are there."""
        found = self._con.execute("SELECT count(*) FROM record WHERE stream = ? AND gone = 0", [stream]).fetchone()
        return int(found[0])

    # Small facts

    def remember(self, name: str, value: object) -> None:
        """Keep a small fact about the source."""
        self._con.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", [name, json.dumps(value)])

    def recall(self, name: str) -> Any:
        """A small fact, or None."""
        row = self._con.execute("SELECT value FROM fact WHERE name = ?", [name]).fetchone()
        return json.loads(row[0]) if row else None

    @property
    def identity(self) -> str:
        """A name that no other book ever had."""
        if self.recall("identity") is None:
            self.remember("identity", secrets.token_hex(8))
        return str(self.recall("identity"))

    @property
    def applied_run(self) -> int:
        """The last run that is in the facts; 0 = none."""
        return int(self.recall("applied_run") or 0)

    def _transaction(self) -> _Transaction:
        return _Transaction(self._con)


class _Transaction:
    def __init__(self, con: sqlite3.Connection) -> None:
        self._con = con

    def __enter__(self) -> None:
        self._con.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        self._con.execute("COMMIT" if kind is None else "ROLLBACK")
