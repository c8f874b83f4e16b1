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
import pyarrow.parquet as pq
from django.utils.translation import gettext as _

from headway.core.errors import StorageTrouble
from headway.facts.csv_blocks import Columns, clean
from headway.facts.folder import scratch_folder
from headway.facts.lock import take

LOAD_MEMORY = "250MB"
LOAD_THREADS = 2
LOCK = "lock"
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
CHUNK = 20_000
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

    def new_name(self, prefix: str) -> str:
        """A table name that is not in use."""
        self._made += 1
        return f"{prefix}_{self._made}"

    def count(self, relation: str, where: str = "true") -> int:
        """Rows of a relation that satisfy a condition."""
        found = self.con.execute(f"SELECT count(*) FROM {relation} WHERE {where}").fetchone()
        return int(found[0]) if found else 0

    def keep(self, name: str, select: str) -> None:
        """Make `name` the rows of a query, worked out once and kept in a file: wide rows cost little there."""
        path = str(self.folder / f"{name}.parquet").replace("'", "''")
        self.con.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet, COMPRESSION lz4_raw)")
        self.con.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{path}')")

    def let_go(self, name: str) -> None:
        """Throw away what `keep` made."""
        self.con.execute(f"DROP VIEW {name}")
        (self.folder / f"{name}.parquet").unlink(missing_ok=True)

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
        self._path = workspace.folder / f"{name}.parquet"
        self._schema = pa.schema([("_row", pa.int64()), *((f"c{i}", pa.string()) for i in range(width))])
        self._file = pq.ParquetWriter(
            self._path, self._schema, compression="lz4", use_dictionary=False, write_statistics=False
        )

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
        self._file.write_table(pa.Table.from_arrays([numbers, *columns], schema=self._schema))
        self.rows += len(numbers)

    def close(self) -> None:
        """Write what is waiting; from now on the relation can be read."""
        self.flush()
        self._file.close()
        path = str(self._path).replace("'", "''")
        self.workspace.con.execute(f"CREATE VIEW {self.name} AS SELECT * FROM read_parquet('{path}')")


def storage_trouble(error: BaseException) -> StorageTrouble:
    """A full disk or too little memory, said in one sentence."""
    return StorageTrouble(
        _("There is not enough room on the disk for this load"),
        todo=_("Nothing was changed. Free some space in the Headway folder and load again."),
    )
