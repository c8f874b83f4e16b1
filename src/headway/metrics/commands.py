"""`headway metrics`: every metric of every rep, next to comparable colleagues."""

from __future__ import annotations

import json
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from headway.metrics.canonical import MeasuredFacts
    from headway.metrics.values import MetricValue


_EVERYBODY = "SELECT person_id, coalesce(name, ''), coalesce(email, '') FROM people"


class Length(StrEnum):
    """Lengths of a period."""

    week = "week"
    month = "month"
    quarter = "quarter"
    trailing = "13weeks"


def register(app: typer.Typer) -> None:
    """Add this room's commands to `headway`."""
    app.command("metrics")(metrics)


def metrics(
    as_of: Annotated[
        datetime | None,
        typer.Option(
            "--as-of", formats=["%Y-%m-%d"], help="Nothing later counts. The last day with facts if left out."
        ),
    ] = None,
    period: Annotated[
        Length, typer.Option(help="The last one that is complete on that day; one that ends on that day is.")
    ] = Length.quarter,
    person: Annotated[str | None, typer.Option(help="Only this person (id, name or e-mail).")] = None,
    metric: Annotated[str | None, typer.Option(help="Only this metric.")] = None,
    known_on: Annotated[
        datetime | None,
        typer.Option(
            "--known-on",
            formats=["%Y-%m-%d"],
            help="As the data stood at the end of that day.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Every metric per rep for the last complete period, next to comparable colleagues."""
    from headway.core import company
    from headway.core.period import Grain
    from headway.facts.store import open_facts, version_known_on
    from headway.facts.warehouse.place import in_place
    from headway.metrics.catalogue import find
    from headway.metrics.databases import database_of
    from headway.metrics.engine import metric_rows
    from headway.metrics.own.queries import own_specs

    settings = company.current()
    # A misspelt name is said before any work is done.
    own = own_specs(tuple(settings.ladder))
    keys = [find(metric, ladder=tuple(settings.ladder), own=own).key] if metric else None

    def computed(facts: MeasuredFacts) -> tuple[date, list[MetricValue]]:
        persons = [named(database_of(facts).ask(_EVERYBODY), person)] if person else None
        rows = metric_rows(facts, grain=Grain(period.value), calendar=settings, metrics=keys, persons=persons, own=own)
        return facts.as_of, [row for row in rows if row.period.end > facts.as_of or row.period == rows[0].period]

    day = as_of.date() if as_of else None
    if known_on:
        with open_facts(day, version=version_known_on(known_on.date())) as facts:
            as_known, newest = computed(facts)
    else:
        as_known, newest = in_place(computed, day)
    if as_json:
        typer.echo(json.dumps(document(newest, as_of=as_known, period=period.value), ensure_ascii=False, indent=1))
    else:
        _print(newest, as_of=as_known)


def person_named(con: Any, wanted: str) -> str:
    """The person's id, from an id, an e-mail address or a name.

    Raises:
        WrongUsage: nobody or several are called so.
    """
    return named(con.execute(_EVERYBODY).fetchall(), wanted)


def named(people: list[tuple[Any, ...]], wanted: str) -> str:
    """As `person_named`, among rows of id, name and e-mail."""
    import difflib

    from django.utils.translation import gettext as _

    from headway.core.errors import WrongUsage

    if any(row[0] == wanted for row in people):
        return wanted
    asked = wanted.strip().casefold()
    found = [row[0] for row in people if asked in (row[1].casefold(), row[2].casefold())]
    if len(found) == 1:
        return str(found[0])
    if found:
        raise WrongUsage(
            _("Several people are called so"), value=wanted, todo=_("Give one of their ids: %s.") % ", ".join(found)
        )
    known = {name: name for row in people for name in row[:2] if name}
    near = difflib.get_close_matches(wanted, known, n=1, cutoff=0.5)
    todo = _("Did you mean %s?") % near[0] if near else _("See the people file for the ids there are.")
    raise WrongUsage(_("There is no such person"), value=wanted, todo=todo)


def document(values: list[MetricValue], *, as_of: date, period: str) -> dict[str, Any]:
    """The command's JSON document; fields may be added, never renamed."""
    return {"as_of": as_of.isoformat(), "period": period, "rows": [_row(value) for value in values]}


def _row(value: MetricValue) -> dict[str, Any]:
    from headway.metrics.values import Measured

    peers, of = value.peers, value.result if isinstance(value.result, Measured) else None
    past = value.previous.value if isinstance(value.previous, Measured) else None
    return {
        "person_id": value.person_id,
        "metric": value.metric,
        "metric_version": value.spec.version,
        "period_start": value.period.start.isoformat(),
        "period_end": value.period.end.isoformat(),
        "value": value.value,
        "low": of.low if of else None,
        "high": of.high if of else None,
        "unit": value.spec.unit.value,
        "currency": value.currency if value.spec.unit == "money" else None,
        "n": value.n,
        "peers": {"median": peers.median, "low": peers.low, "high": peers.high, "count": peers.count}
        if peers
        else None,
        "no_peers": value.no_peers.sentence if value.no_peers else None,
        "previous": past,
        "not_evaluable": value.not_evaluable.sentence if value.not_evaluable else None,
        "sentence": value.sentence,
    }


def _print(values: list[MetricValue], *, as_of: date) -> None:
    from django.utils.translation import gettext as _
    from rich.console import Console
    from rich.table import Table

    from headway.metrics.sentences import peers_shown, shown, span

    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 160  # a file or a pipe has no width of its own: rows stay on one line
    if not values:
        console.print(_("Nobody to measure: no rep was employed in the last complete period."), markup=False)
        return
    whole = max((value.period for value in values), key=lambda p: p.days)
    title = _("Metrics %(when)s, as known on %(day)s") % {
        "when": span(whole, values[0].grain),
        "day": as_of.isoformat(),
    }
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for heading in (_("Person"), _("Metric"), _("Value"), _("Rests on"), _("Comparable reps")):
        table.add_column(heading)
    for value in (v for v in values if v.value is not None):
        unit = value.spec.unit
        band = value.no_peers.sentence if value.no_peers else ""
        band = peers_shown(value.peers, unit, value.currency) if value.peers else band
        said = shown(value.value or 0.0, unit, value.currency)
        # Names come from files: square brackets in them are text.
        table.add_row(
            *(_plain(t) for t in (value.person_id, str(value.spec.name), said, f"{value.n} {value.spec.n_of}", band))
        )
    if table.row_count:
        console.print(table)
    for line in not_told(values):
        console.print(line, markup=False, soft_wrap=True)


def _plain(text: str) -> Any:
    from rich.text import Text

    return Text(text)


def not_told(values: list[MetricValue]) -> list[str]:
    """What could not be told: one line for a reason that holds for everybody, else one per person."""
    from collections import defaultdict

    from django.utils.translation import gettext as _

    everybody = {value.person_id for value in values}
    by_reason: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for value in values:
        if value.not_evaluable is not None:
            by_reason[value.not_evaluable.sentence][value.person_id].append(str(value.spec.name))
    lines = []
    for sentence, who in sorted(by_reason.items()):
        names = ", ".join(dict.fromkeys(name for found in who.values() for name in found))
        about = {"reason": sentence, "metrics": names, "people": ", ".join(sorted(who))}
        if len(who) == len(everybody) and len(everybody) > 1:
            lines.append(_("Not evaluable for anybody: %(metrics)s. %(reason)s.") % about)
        else:
            lines.append(_("Not evaluable for %(people)s: %(metrics)s. %(reason)s.") % about)
    return lines
