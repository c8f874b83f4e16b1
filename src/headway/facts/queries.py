"""Reading about the facts, for a named actor: versions, what is loaded, how fresh, what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from headway.core import company
from headway.core.actors import Actor
from headway.core.errors import NotFound
from headway.core.permissions import require
from headway.facts.examining import examine
from headway.facts.folder import Manifest, read_manifest
from headway.facts.health import Health, from_json
from headway.facts.mapping import SourceMapping, fingerprint, source_from_json
from headway.facts.models import FactVersion, Load, SavedMapping
from headway.facts.needs import possible
from headway.facts.readers import Source
from headway.facts.sentences import told
from headway.facts.store import open_facts

STALE_DAYS = 14
# From here on it is an older export, looked at as of its last day: how many days old says nothing any more.
OLD_DAYS = 60


def saved_mappings(sources: Sequence[Source]) -> dict[str, SourceMapping]:
    """What is remembered of the sources, by their names. Asked by a load, which asked for its own permission."""
    prints = {s.name: fingerprint(s.headers) for s in sources}
    found = {m.fingerprint: m.mapping for m in SavedMapping.objects.filter(fingerprint__in=prints.values())}
    return {name: source_from_json({**found[p], "source": name}) for name, p in prints.items() if p in found}


@dataclass(frozen=True)
class TableStatus:
    """One table of the current version.

    Args:
        rows: how many.
        first_day, last_day: from when to when something happened in it; None where nothing is dated.
        loaded_at: when it was last loaded, ISO 8601.
    """

    table: str
    rows: int
    first_day: date | None
    last_day: date | None
    loaded_at: str


@dataclass(frozen=True)
class Problem:
    """Something wrong or missing in what is loaded.

    Args:
        kind: a `health.Trouble`, or `missing`, `stale`.
        text: one plain sentence.
        rows: how many rows or weeks.
        todo: what to do about it.
    """

    kind: str
    text: str
    rows: int
    todo: str


@dataclass(frozen=True)
class Status:
    """What is loaded, from when to when, how fresh, and what is wrong with it."""

    version: int | None
    content_hash: str
    first_day: date | None
    last_day: date | None
    currency: str
    tables: tuple[TableStatus, ...]
    problems: tuple[Problem, ...]


def versions_for(actor: Actor) -> QuerySet[FactVersion]:
    """All loads, newest first."""
    require(actor, "facts.view")
    return FactVersion.objects.select_related("created_by", "previous").order_by("-number")


def loads_for(actor: Actor) -> QuerySet[Load]:
    """Loads started from pages, newest first."""
    require(actor, "facts.load")
    return Load.objects.select_related("created_by", "version").order_by("-pk")


def load_for(actor: Actor, pk: int) -> Load:
    """One load started from a page. Raises NotFound."""
    found = loads_for(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such load"), value=pk)
    return found


def status_for(actor: Actor, *, today: date) -> Status:
    """What is loaded and what is wrong with it, as it was noticed when it was loaded."""
    require(actor, "facts.view")
    version = FactVersion.objects.filter(is_current=True).first()
    if version is None:
        return Status(None, "", None, None, "", (), ())
    found = version.summary.get("health")
    health = from_json(found)
    if health is None:
        with open_facts(version=version.number) as facts:
            health = examine(facts)
    manifest = read_manifest(version.number)
    known = manifest.currencies
    return Status(
        version.number,
        version.content_hash,
        manifest.first_day,
        manifest.last_day,
        max(known, key=lambda code: known[code]) if known else company.current().currency,
        tuple(TableStatus(t.table, t.rows, t.first_day, t.last_day, t.loaded_at) for t in health.tables),
        (*_told(health), *_missing(health, manifest), *_stale(manifest.last_day, today)),
    )


def _told(health: Health) -> list[Problem]:
    """What was noticed when the version was loaded, in the words of the pages."""
    found = []
    for problem in health.problems:
        words = told(problem)
        listed = ", ".join(f"{e.ref} ({e.detail})" if e.detail else e.ref for e in words.examples)
        text = f"{words.finding}: {listed}." if listed else f"{words.finding}."
        found.append(Problem(problem.kind.value, f"{text} {words.so_what}", problem.count, words.todo))
    return found


def _missing(health: Health, manifest: Manifest) -> list[Problem]:
    """What is not evaluable with what is there."""
    filled = {(name, column) for name, info in manifest.tables.items() if info.rows for column in info.filled}
    filled |= set(health.holds)
    return [
        Problem(
            "missing",
            _("Not evaluable yet: %s.") % need.what,
            0,
            _("Load %s; nothing is counted as zero until then.") % need.load,
        )
        for need in possible(lambda table, column: (table, column) in filled).missing
    ]


def _stale(last_day: date | None, today: date) -> list[Problem]:
    age = (today - last_day).days if last_day else 0
    if age <= STALE_DAYS:
        return []
    if last_day is not None and age > OLD_DAYS:
        text = _("The newest fact is of %(day)s.") % {"day": date_format(last_day, "j F Y")}
    else:
        text = _("The newest fact is %(n)s days old.") % {"n": age}
    return [Problem("stale", text, age, _("Load a fresh export; figures are judged as of their last day."))]
