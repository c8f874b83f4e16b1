"""The bench on which a load is prepared: a DuckDB of its own that spills to disk, thrown away afterwards."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
from django.utils.translation import gettext as _

from headway.core.errors import StorageTrouble
from headway.facts.csv_blocks import Columns, clean
from headway.facts.folder import scratch_folder

LOAD_MEMORY = "500MB"
CHUNK = 20_000
# Larger inputs are prepared on disk, so that a small machine can load a file that is larger than its memory.
IN_MEMORY_BYTES = 150_000_000
STALE_SECONDS = 86_400

REJECT_COLUMNS = ("source", "row_number", "target", "level", "column_name", "value", "reason", "todo")


class Workspace:
    """A connection with the sources read so far (`src_0`, `src_1`, …) and the table of `rejects`."""

    def __init__(self, *, input_bytes: int = 0) -> None:
        scratch_folder().mkdir(parents=True, exist_ok=True)
        clear_stale()
        self.folder = Path(tempfile.mkdtemp(prefix="load-", dir=scratch_folder()))
        place = ":memory:" if input_bytes < IN_MEMORY_BYTES else str(self.folder / "work.duckdb")
        self.con = duckdb.connect(
            place,
            config={
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "memory_limit": LOAD_MEMORY,
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

    def close(self) -> None:
        """Throw everything away."""
        self.con.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def clear_stale() -> None:
    """Remove benches that a killed process left behind."""
    old = time.time() - STALE_SECONDS
    for left in scratch_folder().glob("load-*"):
        if left.stat().st_mtime < old:
            shutil.rmtree(left, ignore_errors=True)


class RelationWriter:
    """Writes rows of text into a relation `name(_row, c0, c1, …)`, blank cells as NULL, chunk by chunk."""

    def __init__(self, workspace: Workspace, name: str, width: int) -> None:
        self.workspace, self.name, self.width = workspace, name, width
        self.rows = 0
        self._numbers: list[int] = []
        self._cells: list[Sequence[str | None]] = []
        columns = ", ".join(f"c{i} VARCHAR" for i in range(width))
        workspace.con.execute(f"CREATE TABLE {name} (_row BIGINT, {columns})")

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
        names = ["_row", *(f"c{i}" for i in range(self.width))]
        self.workspace.con.register("incoming_chunk", pa.Table.from_arrays([numbers, *columns], names=names))
        try:
            self.workspace.con.execute(f"INSERT INTO {self.name} SELECT * FROM incoming_chunk")
        except duckdb.Error as error:
            raise storage_trouble(error) from error
        finally:
            self.workspace.con.unregister("incoming_chunk")
        self.rows += len(numbers)


def storage_trouble(error: BaseException) -> StorageTrouble:
    """A full disk or too little memory, said in one sentence."""
    return StorageTrouble(
        _("There is not enough room on the disk for this load"),
        todo=_("Nothing was changed. Free some space in the Headway folder and load again."),
    )
