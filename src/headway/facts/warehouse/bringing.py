"""Bring the warehouse's rows home as a version of the facts, for what needs rows: detection, diagnosis, the pages."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from headway.core import clock
from headway.core.actors import Actor
from headway.core.errors import HeadwayError, NotFound
from headway.core.home_folder import home
from headway.facts.folder import scratch_folder
from headway.facts.store import current_version
from headway.facts.tables import TABLES
from headway.facts.warehouse.address import Address, configured
from headway.facts.warehouse.engine import connect
from headway.facts.warehouse.looking import Look, look, sources_of
from headway.facts.warehouse.names import names_for
from headway.facts.warehouse.reading import Source, Tables
from headway.facts.warehouse.trouble import Kind, trouble

if TYPE_CHECKING:
    from headway.facts.load import LoadPlan, LoadResult

Progress = Callable[[float, str], None]
STATE = "brought.json"


@dataclass(frozen=True)
class Brought:
    """What was brought home last, and how the last try went.

    Args:
        at: when rows last came home; None before the first time.
        version: of the facts that they are.
        shown: address of the warehouse, without what is secret.
        columns: which columns came, per table.
        trouble: what went wrong since, in one sentence; empty where nothing did.
        tried_at: when that was.
    """

    at: datetime | None = None
    version: int | None = None
    shown: str = ""
    columns: Mapping[str, tuple[str, ...]] | None = None
    trouble: str = ""
    tried_at: datetime | None = None

    def age(self, now: datetime) -> timedelta | None:
        """How long ago rows last came home."""
        return now - self.at if self.at else None


def brought() -> Brought:
    """What was brought home last."""
    try:
        raw: dict[str, Any] = json.loads(_file().read_text("utf-8"))
    except (OSError, ValueError):
        return Brought()
    when, tried = raw.get("at"), raw.get("tried_at")
    return Brought(
        datetime.fromisoformat(when) if when else None,
        raw.get("version"),
        raw.get("shown", ""),
        {table: tuple(columns) for table, columns in (raw.get("columns") or {}).items()},
        raw.get("trouble", ""),
        datetime.fromisoformat(tried) if tried else None,
    )


def _file() -> Path:
    return home() / "warehouse" / STATE


def _keep(state: Brought) -> None:
    folder = _file().parent
    folder.mkdir(parents=True, exist_ok=True)
    aside = folder / f"{STATE}.{os.getpid()}.part"
    aside.write_text(json.dumps(vars(state), default=str), encoding="utf-8")
    os.replace(aside, _file())


def _quiet(_share: float, _message: str) -> None:
    """Progress that nobody watches."""


def bring_home(*, by: Actor, progress: Progress = _quiet) -> tuple[LoadPlan, LoadResult]:
    """Load everything that the warehouse holds as the next version of the facts; one without a difference is none.

    On any trouble the version that counts stays what it is, and the sentence is kept for `headway status`.

    Raises:
        NotFound: no warehouse is configured, or it has no people.
        WarehouseTrouble: it does not answer, or a column that came before is gone or holds something else.
        StorageTrouble, Conflict, NotAllowed: as any load.
    """
    address = configured()
    if address is None:
        raise NotFound(_("No warehouse is configured"), todo=_("Set HEADWAY_WAREHOUSE to its address."))
    before, now = brought(), datetime.now(UTC)
    try:
        plan, result, columns = _bring(address, before, by, progress)
    except HeadwayError as error:
        _keep(Brought(before.at, before.version, before.shown, before.columns, error.sentence, now))
        raise
    _keep(Brought(now, current_version(), address.shown, columns, "", now))
    return plan, result


def _bring(
    address: Address, before: Brought, by: Actor, progress: Progress
) -> tuple[LoadPlan, LoadResult, dict[str, tuple[str, ...]]]:
    names, today = names_for(address), clock.today()
    scratch_folder().mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="warehouse-", dir=scratch_folder()))
    try:
        engine = connect(address)
        try:
            progress(0.0, _("Looking through the warehouse"))
            found = look(engine, address, names, today=today, afresh=True)
            sources = sources_of(found.tables, names)
            _check_nothing_is_lost(address, before, found, sources)
            tables = Tables(sources, dialect=engine.dialect, today=today)
            wanted = [table.name for table in TABLES if found.tables[table.name].there is not None]
            for i, table in enumerate(wanted):
                progress(0.4 * i / len(wanted), _("Bringing home %s") % table)
                engine.save(tables.home(table), folder / table)
        finally:
            engine.close()
        from headway.facts.load import commit_load, plan_load  # read where needed, not at start

        plan = plan_load(
            [folder], mode="replace", today=today, progress=lambda share, said: progress(0.4 + 0.4 * share, said)
        )
        result = commit_load(plan, by=by, progress=lambda share, said: progress(0.4 + 0.6 * share, said))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return plan, result, {name: found.tables[name].filled for name in wanted}


def _check_nothing_is_lost(address: Address, before: Brought, found: Look, sources: Mapping[str, Source]) -> None:
    """A column that came before and does not now is a change of the warehouse, not of what people did."""
    if before.shown == address.shown:
        for table, columns in (before.columns or {}).items():
            gone = [column for column in columns if column not in sources[table].columns]
            if gone:
                unfit = sources[table].unfit.get(gone[0])
                what = _("%s holds something else") if unfit else _("%s is gone")
                raise trouble(Kind.CHANGED, address, words=what % f"{table}.{gone[0]}")
    if not found.tables["people"].rows:
        raise NotFound(
            _("The warehouse has no people"),
            value=address.shown,
            todo=_("See with headway status what is looked for, and name the tables in a mapping file."),
        )
