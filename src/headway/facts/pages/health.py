"""How good the data is: what is loaded, how fresh, what is wrong with it, what cannot be judged and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.core import clock
from headway.core.permissions import can
from headway.facts import needs as needed
from headway.facts.connectors import sources
from headway.facts.health import Health, TableHealth
from headway.facts.models import FactVersion, Load
from headway.facts.pages.gate import actor_of, address_of, needs
from headway.facts.pages.warehouse_note import note_for
from headway.facts.pages.words import long_day, number, table_words, told
from headway.facts.queries import OLD_DAYS
from headway.facts.tables import EVENT_COLUMNS
from headway.facts.web_loads import queries

VERSIONS_SHOWN = 12
# Something happens in them day by day. Accounts only tell when somebody left.
EVENT_TABLES = frozenset(table for table, _column in EVENT_COLUMNS) - {"accounts"}


@dataclass(frozen=True)
class TableRow:
    """One table on the page."""

    words: str
    rows: int
    first_day: date | None
    last_day: date | None
    loaded_at: datetime | None
    days_behind: int | None


def row_of(table: TableHealth, last_day: date | None) -> TableRow:
    behind = (last_day - table.last_day).days if last_day and table.last_day else None
    return TableRow(
        words=table_words(table.table),
        rows=table.rows,
        first_day=table.first_day,
        last_day=table.last_day,
        loaded_at=datetime.fromisoformat(table.loaded_at) if table.loaded_at else None,
        # The last hire says nothing about how fresh a list is; quotas reach into the future.
        days_behind=behind if table.table in EVENT_TABLES and behind is not None and behind > 0 else None,
    )


def title_of(health: Health | None, counts: queries.Counts | None) -> str:
    """The answer first: up to when the data reaches, and how much of it could not be read."""
    upto = long_day(health.last_day) if health and health.last_day else None
    if upto is None:
        return _("Facts are loaded, but no day in them says when anything happened")
    if counts is None:
        return _("Data up to %(day)s") % {"day": upto}
    if counts.rejected:
        words = ngettext(
            "Data up to %(day)s; %(n)s row could not be read",
            "Data up to %(day)s; %(n)s rows could not be read",
            counts.rejected,
        )
        return words % {"day": upto, "n": number(counts.rejected)}
    if counts.cells:
        words = ngettext(
            "Data up to %(day)s; %(n)s cell could not be read",
            "Data up to %(day)s; %(n)s cells could not be read",
            counts.cells,
        )
        return words % {"day": upto, "n": number(counts.cells)}
    return _("Data up to %(day)s; every row could be read") % {"day": upto}


def age_of(last_day: date | None) -> str:
    """How old the newest fact is, in words; of an older export no number of days, which says nothing."""
    if last_day is None:
        return ""
    days = (clock.today() - last_day).days
    if days <= 0:
        return _("The newest fact is from today.")
    if days > OLD_DAYS:
        return _("This is an older export: figures are shown as of its last day, not of today.")
    return ngettext("The newest fact is %(n)s day old.", "The newest fact is %(n)s days old.", days) % {
        "n": number(days)
    }


@needs("facts.view")
def health(request: HttpRequest) -> HttpResponse:
    """The data page. Reads what was kept when the version was loaded; nothing is worked out here."""
    actor = actor_of(request)
    current = queries.current_version_for(actor)
    waiting = queries.unfinished_loads_for(actor)
    if current is None:
        shown = {"waiting": waiting, "warehouse": note_for(actor), "sources": sources.statuses_for(actor)}
        return render(request, "facts/nothing.html", shown)
    return render(request, "facts/health.html", _context(request, current, waiting))


def _context(request: HttpRequest, current: FactVersion, waiting: list[Load]) -> dict[str, object]:
    actor = actor_of(request)
    found = queries.health_of(current)
    counts = queries.counts_of(current)
    loads = queries.loads_by_version_for(actor)
    versions = queries.versions_for(actor)[: VERSIONS_SHOWN + 1]
    filled = queries.filled_of(current) | frozenset(found.holds if found else ())
    possible = needed.possible(lambda table, column: (table, column) in filled)
    return {
        "title": title_of(found, counts),
        "age": age_of(found.last_day if found else None),
        "version": current,
        "health": found,
        "tables": [row_of(t, found.last_day) for t in found.tables] if found else [],
        "problems": [told(p) for p in found.problems] if found else [],
        "counts": counts,
        "possible": possible,
        "versions": [queries.version_row(v, loads.get(v.pk)) for v in versions[:VERSIONS_SHOWN]],
        "more_versions": len(versions) > VERSIONS_SHOWN,
        "rejects": queries.rejects_name(current, loads.get(current.pk)),
        "waiting": waiting,
        "warehouse": note_for(actor),
        "may_undo": bool(can(actor, "facts.undo")) and current.previous_id is not None,
        "overview": address_of("overview"),
        "sources": sources.statuses_for(actor),
    }
