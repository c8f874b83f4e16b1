"""The bench on which a load is prepared: a DuckDB of its own that spills to disk, thrown away afterwards."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.utils.translation import gettext as _

from headway.core.errors import StorageTrouble
from headway.facts.csv_blocks import Columns, clean
from headway.facts.folder import scratch_folder
from headway.facts.lock import take
from headway.facts.row_files import write_rows

LOAD_MEMORY = "250MB"
LOAD_THREADS = 2
LOCK = "lock"
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
CHUNK = 20_000
# How often, on average, the cells of a column come again for it to be written as words and their places.
REPEATS = 4
# Larger inputs are prepared on disk, so that a small machine can load a file that is larger than its memory.
IN_MEMORY_BYTES = 150_000_000
# A bench without a lock is one that is being made.
YOUNG_SECONDS = 60

REJECT_COLUMNS = ("source", "row_number", "target", "level", "column_name", "value", "reason", "todo")


class Workspace:
    """A connection with the sources read so far (`src_0`, `src_1`, …) and the table of `rejects`."""

    def __init__(self, *, input_bytes: int = 0) -> None:
        scratch_folder().mkdir(parents=True, exist_ok=True)
        clear_stale()
        self.folder = Path(tempfile.mkdtemp(prefix="load-", dir=scratch_folder()))
        # Held until the process ends, however it ends: by it the next load knows what was left behind.
        self._lock = os.open(self.folder / LOCK, os.O_RDWR | os.O_CREAT)
        take(self._lock)
        place = ":memory:" if input_bytes < IN_MEMORY_BYTES else str(self.folder / "work.duckdb")
        self.con = duckdb.connect(
            place,
            config={
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "memory_limit": LOAD_MEMORY,
                "threads": LOAD_THREADS,
                "temp_directory": str(self.folder / "spill"),
            },
        )
        self.con.execute("SET TimeZone = 'UTC'")
        kinds = ", ".join(f"{c} {'BIGINT' if c == 'row_number' else 'VARCHAR'}" for c in REJECT_COLUMNS)
        self.con.execute(f"CREATE TABLE rejects ({kinds})")
        self._made = 0
        self._whole: dict[str, Path] = {}

    def new_name(self, prefix: str) -> str:
        """A table name that is not in use."""
        self._made += 1
        return f"{prefix}_{self._made}"

    def count(self, relation: str, where: str = "true") -> int:
        """Rows of a relation that satisfy a condition."""
        found = self.con.execute(f"SELECT count(*) FROM {relation} WHERE {where}").fetchone()
        return int(found[0]) if found else 0

    def keep(self, name: str, select: str, *, repeating: Sequence[str] = ()) -> None:
        """Make `name` the rows of a query, worked out once and kept in a file: wide rows cost little there.

        repeating: columns whose cells repeat each other.
        """
        write_rows(self.con, select, self.file(name), compression="lz4", dictionary=repeating)
        self.see(name)

    def file(self, name: str) -> Path:
        """The file in which the rows of a relation are kept."""
        return self.folder / f"{name}.parquet"

    def see(self, name: str, also: str = "") -> None:
        """Make `name` the rows of its file; `also`: columns in SQL that stand before those of the file."""
        path = str(self.file(name)).replace("'", "''")
        self.con.execute(f"CREATE VIEW {name} AS SELECT {also} * FROM read_parquet('{path}')")

    def note_whole(self, name: str, *, of: str) -> None:
        """Note that relation `name` has all rows of `of`, and no others."""
        path = self._whole.get(of, self.file(of))
        if path.exists():
            self._whole[name] = path

    def whole(self, name: str) -> Path | None:
        """The file that holds all rows of a relation and no others, if it is known."""
        return self._whole.get(name)

    def close(self) -> None:
        """Throw everything away."""
        self.con.close()
        os.close(self._lock)
        shutil.rmtree(self.folder, ignore_errors=True)


def clear_stale() -> None:
    """Remove benches that a killed process left behind."""
    for left in scratch_folder().glob("load-*"):
        if _abandoned(left):
            shutil.rmtree(left, ignore_errors=True)


def _abandoned(folder: Path) -> bool:
    try:
        handle = os.open(folder / LOCK, os.O_RDWR)
    except OSError:
        return folder.is_dir() and folder.stat().st_mtime < time.time() - YOUNG_SECONDS
    try:
        take(handle)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True


class RelationWriter:
    """Writes rows of text into a relation `name(_row, c0, c1, …)`, blank cells as NULL, chunk by chunk."""

    def __init__(self, workspace: Workspace, name: str, width: int) -> None:
        self.workspace, self.name, self.width = workspace, name, width
        self.rows = 0
        self._numbers: list[int] = []
        self._cells: list[Sequence[str | None]] = []
        self._path = workspace.file(name)
        self._schema = pa.schema([("_row", pa.int64()), *((f"c{i}", pa.string()) for i in range(width))])
        self._file: pq.ParquetWriter | None = None

    def add(self, number: int, cells: Sequence[str | None]) -> None:
        """One row with its number in the file."""
        self._numbers.append(number)
        self._cells.append(cells)
        if len(self._numbers) >= CHUNK:
            self.flush()

    def add_block(self, block: Columns) -> None:
        """Many rows at once."""
        self.flush()
        self._write(block.numbers, block.columns)

    def flush(self) -> None:
        """Write what is waiting."""
        if not self._numbers:
            return
        columns = [clean(pa.array(column, pa.string())) for column in zip(*self._cells, strict=True)]
        self._write(pa.array(self._numbers, pa.int64()), columns)
        self._numbers.clear()
        self._cells.clear()

    def _write(self, numbers: pa.Array, columns: list[pa.Array]) -> None:
        self._opened(columns).write_table(pa.Table.from_arrays([numbers, *columns], schema=self._schema))
        self.rows += len(numbers)

    def _opened(self, columns: Sequence[pa.Array]) -> pq.ParquetWriter:
        """The file; columns whose first cells repeat each other are written as words and their places."""
        if self._file is None:
            again = [f"c{i}" for i, c in enumerate(columns) if pc.count_distinct(c).as_py() * REPEATS < len(c)]
            self._file = pq.ParquetWriter(
                self._path, self._schema, compression="lz4", use_dictionary=again or False, write_statistics=False
            )
        return self._file

    def close(self) -> None:
        """Write what is waiting; from now on the relation can be read."""
        self.flush()
        self._opened(()).close()
        self.workspace.see(self.name)


def storage_trouble(error: BaseException) -> StorageTrouble:
    """A full disk or too little memory, said in one sentence."""
    return StorageTrouble(
        _("There is not enough room on the disk for this load"),
        todo=_("Nothing was changed. Free some space in the Headway folder and load again."),
    )
