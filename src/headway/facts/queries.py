"""Reading about the facts, for a named actor: versions, what is loaded, how fresh, what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.core.actors import Actor
from headway.core.errors import NotFound
from headway.core.permissions import require
from headway.facts.mapping import SourceMapping, fingerprint, source_from_json
from headway.facts.models import FactVersion, Load, SavedMapping
from headway.facts.readers import Source
from headway.facts.store import Facts, current_version, open_facts
from headway.facts.tables import EVENT_COLUMNS

STALE_DAYS = 14


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
        kind: `duplicates`, `gaps`, `past_close`, `currency`, `owners`, `left`, `negative_cycle`, `stages`, `missing`, `stale`.
        text: one plain sentence.
        rows: how many rows or weeks.
        todo: what to do about it.
    """  # noqa: E501

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
    """What is loaded and what is wrong with it. Reads the facts: for a command, or kept by a page."""
    require(actor, "facts.view")
    if current_version() is None:
        return Status(None, "", None, None, "", (), ())
    with open_facts(today) as facts:
        tables = tuple(_table_status(facts, name) for name in facts.manifest.tables)
        return Status(
            facts.version,
            facts.content_hash,
            facts.first_day,
            facts.last_day,
            facts.currency,
            tables,
            tuple(_problems(facts, today)),
        )


def _table_status(facts: Facts, name: str) -> TableStatus:
    info = facts.manifest.tables[name]
    columns = [c for t, c in EVENT_COLUMNS if t == name and c in info.filled]
    first = last = None
    if columns:
        lows = ", ".join(f"CAST(min({c}) AS DATE)" for c in columns)
        highs = ", ".join(f"CAST(max({c}) AS DATE)" for c in columns)
        found = facts.con.execute(f"SELECT {lows}, {highs} FROM {name}").fetchone() or ()
        days = [d for d in found if d is not None]
        first, last = min(days, default=None), max(days, default=None)
    return TableStatus(name, info.rows, first, last, info.loaded_at)


def _count(facts: Facts, sql: str) -> int:
    found = facts.con.execute(sql).fetchone()
    return int(found[0] or 0) if found else 0


def _problems(facts: Facts, today: date) -> list[Problem]:
    found = [*_deal_problems(facts), *_owner_problems(facts), *_missing(facts)]
    gaps = _empty_weeks(facts)
    if gaps:
        text = ngettext("%(n)s week without any activity.", "%(n)s weeks without any activity.", gaps) % {"n": gaps}
        found.append(Problem("gaps", text, gaps, _("Look whether the export left these weeks out.")))
    if facts.last_day and (today - facts.last_day).days > STALE_DAYS:
        age = (today - facts.last_day).days
        text = _("The newest fact is %(n)s days old.") % {"n": age}
        found.append(Problem("stale", text, age, _("Load a fresh export; figures are judged as of their last day.")))
    return found


def _deal_problems(facts: Facts) -> list[Problem]:
    if not facts.has("opportunities"):
        return []
    last = facts.last_day or facts.as_of
    checks = [
        (
            "past_close",
            f"SELECT count(*) FROM opportunities WHERE outcome = 'open' AND expected_close_on < DATE '{last}'",
            _("open deals have an expected closing date in the past."),
            _("Have the owners move the dates."),
        ),
        (
            "duplicates",
            "SELECT sum(n - 1) FROM (SELECT count(*) AS n FROM opportunities WHERE account_id IS NOT NULL AND amount > 0 "  # noqa: E501
            "GROUP BY account_id, owner_id, amount, product, CAST(created_at AS DATE) HAVING count(*) > 1)",
            _("deals look like duplicates: same account, owner, product, amount and day."),
            _("Look at them in the CRM and merge what is the same."),
        ),
        (
            "owners",
            "SELECT count(*) FROM opportunities WHERE owner_id IS NULL",
            _("deals have no owner and count for nobody."),
            _("Give them an owner in the CRM."),
        ),
        (
            "undated",
            "SELECT count(*) FROM opportunities WHERE outcome IN ('won', 'lost') AND closed_at IS NULL",
            _("closed deals have no closing date and belong to no period."),
            _("Add the closing dates in the CRM."),
        ),
        (
            "outcome",
            "SELECT count(*) FROM opportunities WHERE outcome IS NULL",
            _("deals are neither open nor won nor lost, because their stage is empty."),
            _("Fill in the stage in the CRM."),
        ),
        (
            "negative_cycle",
            "SELECT count(*) FROM opportunities o JOIN leads l USING (lead_id) "
            "WHERE CAST(o.closed_at AS DATE) < CAST(l.created_at AS DATE)",
            _("deals were closed before their lead came in."),
            _("One of the two dates is wrong; they are left out of cycle lengths."),
        ),
    ]
    found = []
    for kind, sql, text, todo in checks:
        number = _count(facts, sql)
        if number:
            found.append(Problem(kind, f"{number} {text}", number, todo))
    currencies = facts.manifest.currencies
    if len(currencies) > 1:
        listed = ", ".join(f"{c} ({n})" for c, n in sorted(currencies.items(), key=lambda i: -i[1]))
        text = _("Amounts are in several currencies: %s.") % listed
        found.append(Problem("currency", text, sum(currencies.values()), _("Export them in one currency.")))
    return found


def _owner_problems(facts: Facts) -> list[Problem]:
    found = []
    for table, column, when in (
        ("opportunities", "owner_id", "created_at"),
        ("activities", "person_id", "occurred_at"),
    ):
        number = _count(
            facts,
            f"SELECT count(*) FROM {table} t JOIN people p ON p.person_id = t.{column} "
            f"WHERE p.left_on IS NOT NULL AND CAST(t.{when} AS DATE) > p.left_on",
        )
        if number:
            text = _("%(n)s rows of %(table)s were created after their owner had left.") % {"n": number, "table": table}
            found.append(Problem("left", text, number, _("Give them to whoever works them now.")))
    return found


def _missing(facts: Facts) -> list[Problem]:
    """What is not evaluable with what is there."""
    needs = {
        "activities": _("Activity counts and follow-ups are not evaluable: no activities are loaded."),
        "quotas": _("Quota attainment is not evaluable: no quotas are loaded."),
        "leads": _("Lead conversion is not evaluable: no leads are loaded."),
        "opportunities": _("Win rate, deal size and revenue are not evaluable: no opportunities are loaded."),
        "stage_changes": _("Conversion between stages is not evaluable: no stage changes are loaded."),
    }
    todo = _("Load them when you have them; nothing is counted as zero.")
    found = [Problem("missing", text, 0, todo) for table, text in needs.items() if not facts.has(table)]
    if facts.has("people") and not facts.has_column("people", "hired_on"):
        text = _("Nobody's first day is known, so new hires cannot be told from others.")
        found.append(Problem("missing", text, 0, _("Add hired_on to the people file.")))
    if facts.has("opportunities") and facts.has("people"):
        idle = _count(
            facts,
            "SELECT count(*) FROM people p WHERE role = 'rep' AND NOT EXISTS (SELECT 1 FROM opportunities o WHERE "
            "o.owner_id = p.person_id) AND NOT EXISTS (SELECT 1 FROM activities a WHERE a.person_id = p.person_id) "
            "AND NOT EXISTS (SELECT 1 FROM leads l WHERE l.owner_id = p.person_id)",
        )
        if idle:
            text = ngettext(
                "%(n)s person owns nothing and cannot be judged.",
                "%(n)s people own nothing and cannot be judged.",
                idle,
            ) % {"n": idle}
            found.append(Problem("missing", text, idle, _("New, on leave, or in another job? Nothing is not zero.")))
    return found


def _empty_weeks(facts: Facts) -> int:
    """Weeks between the first and the last activity in which there is none at all."""
    if not facts.has("activities"):
        return 0
    found = facts.con.execute(
        "SELECT date_diff('week', min(occurred_at), max(occurred_at)) + 1, count(DISTINCT date_trunc('week', occurred_at)) "  # noqa: E501
        "FROM activities"
    ).fetchone()
    return max(0, int(found[0]) - int(found[1])) if found and found[0] is not None else 0
