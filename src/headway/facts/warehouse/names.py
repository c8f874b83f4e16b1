"""Which table and column of the warehouse is which canonical one: a file of the company's, or the same names."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from headway.core.errors import BadInput
from headway.core.home_folder import home
from headway.facts.tables import BY_NAME
from headway.facts.warehouse.address import Address

FILE = "warehouse.json"


@dataclass(frozen=True)
class Named:
    """Where a canonical table is found.

    Args:
        table: its name in the warehouse, `crm.deals`.
        columns: canonical column -> column there; those that are not named have the same name.
        values: canonical column -> word there -> canonical word.
    """

    table: str
    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Names:
    """The whole mapping; `file` is None where the warehouse has the canonical names."""

    file: Path | None
    tables: Mapping[str, Named]

    def of(self, table: str) -> Named:
        """Where this canonical table is found."""
        return self.tables.get(table) or Named(table)


def names_for(address: Address) -> Names:
    """The mapping that the address names (`?mapping=FILE`), else `warehouse.json` in the home, else the same names.

    Raises:
        BadInput: the file is not there, not JSON, or speaks of a table or column that there is not.
    """
    said = address.options.get("mapping")
    file = Path(said).expanduser() if said else home() / FILE
    if not file.is_file():
        if said:
            raise BadInput(_("There is no such mapping file"), value=said)
        return Names(None, {})
    try:
        raw = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise BadInput(_("The mapping file is not JSON"), value=file.name, todo=_("Mend it: %s.") % error) from error
    tables = raw.get("tables") if isinstance(raw, dict) else None
    if not isinstance(tables, dict):
        raise BadInput(
            _("The mapping file has no tables"),
            value=file.name,
            todo=_('It looks like {"tables": {"opportunities": {"table": "crm.deals", "columns": {}}}}.'),
        )
    return Names(file, {name: _named(name, said, file.name) for name, said in tables.items()})


def _named(table: str, raw: Any, file: str) -> Named:
    known = BY_NAME.get(table)
    if known is None:
        raise BadInput(_("%s names a table that is not one of ours") % file, value=table, todo=_near(table, BY_NAME))
    if isinstance(raw, str):
        return Named(raw)
    found = raw if isinstance(raw, dict) else {}
    columns, values = found.get("columns", {}), found.get("values", {})
    if not (
        isinstance(columns, dict) and isinstance(values, dict) and all(isinstance(v, dict) for v in values.values())
    ):
        raise BadInput(_("%s cannot be read") % file, value=table, todo=_("See the how-to page for its form."))
    for column in (*columns, *values):
        if known.column(column) is None:
            what = _("%(file)s names a column that %(table)s has not") % {"file": file, "table": table}
            raise BadInput(what, value=column, todo=_near(column, known.names))
    return Named(
        str(found.get("table") or table),
        {str(ours): str(theirs) for ours, theirs in columns.items()},
        {str(c): {str(k).strip().lower(): str(v) for k, v in said.items()} for c, said in values.items()},
    )


def _near(word: str, known: Any) -> str:
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return _("Did you mean %s?") % near[0] if near else _("They are: %s.") % ", ".join(known)
