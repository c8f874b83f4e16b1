"""What `headway status` says of the warehouse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from headway.core import clock
from headway.core.actors import Actor
from headway.core.errors import HeadwayError
from headway.core.permissions import require
from headway.facts.tables import FACT_TABLES, TABLES
from headway.facts.warehouse.address import Address, configured
from headway.facts.warehouse.at_hand import age_sentence
from headway.facts.warehouse.bringing import Brought, brought
from headway.facts.warehouse.engine import connect
from headway.facts.warehouse.looking import Look, look, sources_of
from headway.facts.warehouse.names import Names, names_for


@dataclass(frozen=True)
class WarehouseStatus:
    """The warehouse as it is now.

    Args:
        shown: its address without what is secret.
        engine: its kind, as people know it; empty where it does not answer.
        mapping: the file that says which table is which, or empty.
        tables: per canonical table that is there: its name there, rows, first and last day, missing columns.
        problems: one sentence each.
        state: what was brought home last.
    """

    shown: str
    engine: str
    mapping: str
    tables: tuple[dict[str, Any], ...]
    problems: tuple[str, ...]
    state: Brought

    def as_json(self) -> dict[str, Any]:
        """For `headway status --json`."""
        return {
            "address": self.shown,
            "engine": self.engine,
            "mapping": self.mapping,
            "tables": list(self.tables),
            "problems": list(self.problems),
            "brought_home_at": self.state.at,
            "brought_home_version": self.state.version,
        }


def warehouse_status(actor: Actor) -> WarehouseStatus | None:
    """Look at the warehouse now; None where none is configured. Trouble with it is one of the problems."""
    require(actor, "facts.view")
    address = configured()
    if address is None:
        return None
    state = brought()
    try:
        names = names_for(address)
        engine = connect(address)
        try:
            found = look(engine, address, names, today=clock.today(), afresh=True)
        finally:
            engine.close()
    except HeadwayError as error:
        return WarehouseStatus(address.shown, "", "", (), (error.sentence, age_sentence(state)), state)
    return _described(address, engine.label, names, found, state)


def _described(address: Address, label: str, names: Names, found: Look, state: Brought) -> WarehouseStatus:
    sources, tables, problems = sources_of(found.tables, names), [], []
    for table in TABLES:
        seen, source = found.tables[table.name], sources[table.name]
        if seen.there is None:
            if table.name == "people" or table.name in names.tables:
                problems.append(
                    _("There is no table %(there)s, for %(ours)s.") % {"there": seen.name, "ours": table.name}
                )
            continue
        tables.append(
            {
                "table": table.name,
                "there": seen.name,
                "rows": seen.rows,
                "first_day": seen.first_day,
                "last_day": seen.last_day,
                "missing": list(source.missing),
            }
        )
        for column, holds in source.unfit.items():
            about = {"table": table.name, "column": column, "holds": holds.value}
            problems.append(_("%(table)s.%(column)s holds %(holds)s, so it is not read.") % about)
        problems += [
            _("%(file)s names %(column)s of %(there)s, which is not there.")
            % {"file": names.file.name if names.file else "", "column": theirs, "there": seen.name}
            for ours, theirs in names.of(table.name).columns.items()
            if ours in source.missing
        ]
        if seen.repeated:
            repeated = {"n": seen.repeated, "table": seen.name, "key": " + ".join(table.key)}
            problems.append(_("%(n)s rows of %(table)s repeat a %(key)s; one of each is counted.") % repeated)
    if not any(found.tables[name].rows for name in FACT_TABLES):
        problems.append(_("There are no leads, opportunities or activities, so nothing can be measured."))
    file = str(names.file) if names.file else ""
    return WarehouseStatus(address.shown, label, file, tuple(tables), tuple(problems), state)


def told(status: WarehouseStatus, line: Callable[[str], object]) -> None:
    """Print it, a line at a time."""
    line(_("Warehouse: %(engine)s %(address)s") % {"engine": status.engine, "address": status.shown})
    if status.mapping:
        line(_("Names of tables and columns: %s") % status.mapping)
    for table in status.tables:
        missing = _("; not there: %s") % ", ".join(table["missing"]) if table["missing"] else ""
        span = f", {table['first_day']} – {table['last_day']}" if table["first_day"] else ""
        line(f"  {table['table']} ({table['there']}): {table['rows']}{span}{missing}")
    for problem in status.problems:
        line(problem)
    if status.state.at is not None:
        about = {"when": status.state.at.strftime("%Y-%m-%d %H:%M"), "version": status.state.version}
        line(_("Brought home on %(when)s UTC as version %(version)s.") % about)
    else:
        line(_("Its rows have not been brought home yet: headway load does it."))
