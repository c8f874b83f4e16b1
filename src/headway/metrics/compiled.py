"""The definitions as SQL, compiled by Ibis once and kept in the home, so that most processes need no compiler.

Importing Ibis and compiling the catalogue takes seconds; reading what they gave takes milliseconds. What was kept is
used for the very same definitions, ladder, currency, calendar and version of Ibis only.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from headway.metrics.canonical import Canonical, Rows

# Compiled statements of other definitions than today's are dropped when there are more files than this.
FILES_KEPT = 20


def name_of(definition: Callable[..., Any] | None) -> str:
    """Names a function of the catalogue, with what it was given; empty for None."""
    if definition is None:
        return ""
    if isinstance(definition, partial):
        return f"{name_of(definition.func)}({definition.keywords})"
    return f"{definition.__module__}.{definition.__qualname__}"


@cache
def definitions() -> str:
    """Changes with any line of the files that definitions are made of, and with the compiler."""
    here = Path(__file__).parent
    digest = hashlib.sha256(f"{version('ibis-framework')} {version('sqlglot')}".encode())
    for file in sorted([*here.glob("*.py"), *here.glob("catalogue/*.py"), *here.glob("own/*.py")]):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def compiled(rows: Rows, *, dialect: str) -> str:
    """An expression as the SQL of a dialect (Ibis' name of it)."""
    import ibis

    if dialect == "pyspark" and ibis.options.pyspark is None:
        from ibis.backends.pyspark import Backend

        # Ibis only sets these when it connects, which the SQL itself has no need of.
        ibis.options.pyspark = Backend.Options()
    return str(ibis.to_sql(rows, dialect=dialect))


class Statements:
    """The SQL of definitions for one company's ladder, currency and calendar. Call `keep` when done."""

    def __init__(self, c: Canonical, *, folder: Path | None, dialect: str = "duckdb") -> None:
        """Read what was kept before in `folder`; with None nothing is read or kept. `dialect`: Ibis' name of it."""
        self.c = c
        self._dialect = dialect
        digest = hashlib.sha256(f"{definitions()} {c} {dialect}".encode()).hexdigest()[:32]
        self._file = folder / f"{digest}.json" if folder else None
        self._known = self._read()
        self._new = False

    def of(self, name: str, rows: Callable[[Canonical], Rows]) -> str:
        """The SQL of `rows`, which `name` names; compiled if it is not known yet."""
        if name not in self._known:
            self._known[name] = compiled(rows(self.c), dialect=self._dialect)
            self._new = True
        return self._known[name]

    def keep(self) -> None:
        """Write down what was compiled. A home that cannot be written to costs time, not the result."""
        if self._file is None or not self._new:
            return
        with contextlib.suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            _write(self._file, {**self._read(), **self._known})
            _drop_old(self._file.parent)
        self._new = False

    def _read(self) -> dict[str, str]:
        if self._file is None:
            return {}
        try:
            found = json.loads(self._file.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return {str(name): str(sql) for name, sql in found.items()} if isinstance(found, dict) else {}


def _write(file: Path, known: dict[str, str]) -> None:
    """All of it or nothing: a reader never sees half a file."""
    handle, written = tempfile.mkstemp(dir=file.parent, suffix=".part")
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump(known, out)
    os.replace(written, file)


def _drop_old(folder: Path) -> None:
    files = sorted(folder.glob("*.json"), key=lambda f: f.stat().st_mtime, reverse=True)
    for file in files[FILES_KEPT:]:
        file.unlink(missing_ok=True)
