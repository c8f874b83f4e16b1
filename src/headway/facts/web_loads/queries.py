"""Reading loads and versions, always for a named actor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from headway.core.actors import Actor
from headway.core.errors import NotFound
from headway.core.permissions import require
from headway.facts import folder
from headway.facts.health import Health, from_json
from headway.facts.models import FactVersion, Load
from headway.facts.web_loads.review import TableCount


@dataclass(frozen=True)
class Counts:
    """What a load did, over all tables, in rows."""

    new: int
    changed: int
    unchanged: int
    rejected: int
    cells: int
    tables: tuple[TableCount, ...]


@dataclass(frozen=True)
class VersionRow:
    """One version in the list."""

    number: int
    created_at: datetime
    who: str
    mode: str
    counts: Counts | None
    is_current: bool
    rejects: str
    last_day: date | None


def versions_for(actor: Actor) -> QuerySet[FactVersion]:
    """All versions, the newest first."""
    require(actor, "facts.view")
    return FactVersion.objects.select_related("created_by").order_by("-number")


def version_for(actor: Actor, number: int) -> FactVersion:
    """One version. Raises NotFound where there is none."""
    found = versions_for(actor).select_related("previous").filter(number=number).first()
    if found is None:
        raise NotFound(_("There is no such version"), value=number, todo=_("See the list on the data page."))
    return found


def current_version_for(actor: Actor) -> FactVersion | None:
    """The version everybody reads; None before the first load."""
    return versions_for(actor).select_related("previous").filter(is_current=True).first()


def load_for(actor: Actor, pk: int) -> Load:
    """One load. Raises NotFound where there is none."""
    require(actor, "facts.load")
    found = Load.objects.select_related("created_by", "version").filter(pk=pk).first()
    if found is None:
        raise NotFound(
            _("There is no such load; it may have been cancelled"), todo=_("Start a new one on the data page.")
        )
    return found


def unfinished_loads_for(actor: Actor) -> list[Load]:
    """Loads that wait for somebody, the newest first."""
    require(actor, "facts.load")
    return list(Load.objects.select_related("created_by").exclude(state=Load.State.DONE).order_by("-pk")[:5])


def loads_by_version_for(actor: Actor) -> dict[int, Load]:
    """The load of each version that was made on a page."""
    require(actor, "facts.load")
    found = Load.objects.filter(version__isnull=False).only("pk", "version_id", "rejects_file").order_by("pk")
    return {int(load.version_id or 0): load for load in found}


def health_of(version: FactVersion) -> Health | None:
    """What was noticed when the version was loaded; None while nobody looked."""
    return from_json(version.summary.get("health"))


def _table(name: str, raw: dict[str, Any]) -> TableCount:
    def of(*names: str) -> int:
        return next((int(raw[n]) for n in names if isinstance(raw.get(n), int)), 0)

    return TableCount(name, of("read"), of("loaded", "new"), of("updated"), of("unchanged"), of("rejected"))


def counts_of(version: FactVersion) -> Counts | None:
    """What the load of this version did; None where that was not kept."""
    raw = version.summary.get("tables")
    if not isinstance(raw, dict):
        return None
    tables = tuple(_table(name, counts) for name, counts in raw.items() if isinstance(counts, dict))
    return Counts(
        new=sum(t.new for t in tables),
        changed=sum(t.changed for t in tables),
        unchanged=sum(t.unchanged for t in tables),
        rejected=sum(t.rejected for t in tables),
        cells=sum(int(c.get("cells_not_read") or 0) for c in raw.values() if isinstance(c, dict)),
        tables=tables,
    )


def filled_of(version: FactVersion) -> frozenset[tuple[str, str]]:
    """Every (table, column) of the version that holds anything. From the manifest: one small file."""
    try:
        manifest = folder.read_manifest(version.number)
    except (OSError, ValueError, KeyError):
        return frozenset()
    return frozenset((name, column) for name, info in manifest.tables.items() for column in info.filled if info.rows)


def rejects_name(version: FactVersion, load: Load | None = None) -> str:
    """The name of the file of rejected rows of a version; empty where every row could be read."""
    if load is not None and load.rejects_file:
        return f"load-{load.pk}"
    return f"v{version.number}" if version.summary.get("rejects_file") else ""


def version_row(version: FactVersion, load: Load | None) -> VersionRow:
    """A version as the list shows it."""
    found = health_of(version)
    return VersionRow(
        number=version.number,
        created_at=version.created_at,
        who=version.created_by.name if version.created_by else "",
        mode=version.mode,
        counts=counts_of(version),
        is_current=version.is_current,
        rejects=rejects_name(version, load),
        last_day=found.last_day if found else None,
    )
