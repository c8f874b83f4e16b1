"""The watch list: what changed lately, week by week, for a talk and never for a judgement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.charts import cusum
from headway.charts.marks import Kind
from headway.charts.table import Table
from headway.core.actors import Actor
from headway.core.permissions import scoped
from headway.detection import serialise
from headway.detection.models import SignalRecord, WatchRecord
from headway.detection.sentences import step_label
from headway.detection.signal import Tier
from headway.detection.watch import EFFORT
from headway.home.findings import day_words
from headway.home.week import TALK_WITHIN, working_day
from headway.home.words import spelled
from headway.metrics.models import AnalysisRun
from headway.people.models import Person


@dataclass(frozen=True)
class Watched:
    """One chart of one person as the pages show it."""

    key: str
    person_id: str
    name: str
    first_name: str
    team: str
    title: str
    sentences: tuple[str, ...]
    how: tuple[str, ...]
    picture: cusum.Strip
    table: Table
    warns: bool
    talk_by: date
    further: bool


def watched(actor: Actor, run: AnalysisRun, *, person_id: str | None = None) -> tuple[Watched, ...]:
    """Charts beyond the line now or in the last quarter, of those whom `actor` may watch over, by name."""
    records = scoped(actor, "watch.view", WatchRecord.objects.filter(run=run))
    if person_id is not None:
        records = records.filter(person_id=person_id)
    found = list(records.order_by("person_id", "kind"))
    people = Person.objects.in_bulk([r.person_id for r in found])
    words, further = _reasons(run, people) if found else ({}, set())
    shown = [
        watched_of(r, people[r.person_id], run.as_of, words.get((r.person_id, r.key), ()), r.person_id in further)
        for r in found
        if r.person_id in people
    ]
    return tuple(sorted(shown, key=lambda w: (w.name, w.title)))


def _reasons(run: AnalysisRun, people: Iterable[str]) -> tuple[dict[tuple[str, str], tuple[str, ...]], set[str]]:
    """By person and measure the sentences that count before and after; and for whom the evidence goes further."""
    found, further = {}, set()
    for record in SignalRecord.objects.filter(run=run, person_id__in=list(people), evaluable=True):
        entry = serialise.from_json(record.payload)
        kind = getattr(entry, "since_kind", None)
        if kind:
            found[record.person_id, kind] = tuple(getattr(entry, "reasons", ())[:1])
        if entry.tier in (Tier.SUPPORT, Tier.FORMAL):
            further.add(record.person_id)
    return found, further


def watched_of(
    record: WatchRecord, person: Person, as_of: date, sentences: tuple[str, ...], further: bool = False
) -> Watched:
    """The words and the picture of one chart."""
    since, what = day_words(record.since, today=as_of), step_label(record.key)
    if record.warns:
        title = _("Something changed around %(day)s: %(what)s") % {"day": since, "what": what}
    else:
        title = _("Back under the line: %(what)s") % {"what": what}
    picture = _strip(record, as_of, title)
    return Watched(
        f"watch-{person.person_id}-{record.kind}",
        person.person_id,
        person.name,
        person.first_name,
        person.team,
        title,
        sentences if record.warns else (),
        _how(record),
        picture,
        cusum.table(picture, header=(_("Week up to"), _("How far to the line"))),
        record.warns,
        working_day(as_of + TALK_WITHIN),
        further,
    )


def _strip(record: WatchRecord, as_of: date, title: str) -> cusum.Strip:
    count = len(record.levels)
    days = [as_of - timedelta(days=7 * (count - 1 - place)) for place in range(count)]
    levels = tuple(
        cusum.Level(day, float(level), _far(float(level)), day_words(day, today=as_of))
        for day, level in zip(days, record.levels, strict=True)
    )
    crossed = next((lv for lv in reversed(levels) if lv.level <= 1.0), None)
    when = crossed.when if crossed is not None else levels[0].when
    description = (
        _("The evidence of a fall builds up since %(since)s and is beyond the line since the week after %(when)s.")
        if record.warns
        else _("The evidence of a fall was beyond the line and is now back under it.")
    ) % {"since": day_words(record.since, today=as_of), "when": when}
    return cusum.Strip(
        title=title,
        description=description,
        kind=Kind.EARLY if record.warns else Kind.GOOD,
        levels=levels,
        limit_text=_("from here on it is worth a talk"),
        since=record.since if record.warns else None,
        since_text=day_words(record.since, today=as_of) if record.warns else "",
        days=_axis(days),
        empty=_("Too few weeks to add anything up"),
    )


def _axis(days: list[date]) -> tuple[tuple[date, str], ...]:
    """Both ends and two weeks between."""
    if len(days) < 9:
        return ((days[0], date_format(days[0], "j M")), (days[-1], date_format(days[-1], "j M")))
    places = (0, len(days) // 3, 2 * len(days) // 3, len(days) - 1)
    return tuple((days[p], date_format(days[p], "j M")) for p in places)


def _far(level: float) -> str:
    if level <= 0.005:
        return _("nothing points down")
    if level > 1.0:
        return _("beyond the line")
    return _("%(share)s%% of the way to the line") % {"share": round(100 * level)}


def _how(record: WatchRecord) -> tuple[str, ...]:
    """What the line rests on, in plain words."""
    if record.kind == EFFORT:
        against = _(
            "Leads found alone are held against the person’s own year before, week by week, with days away, holidays "
            "and what everybody does less of taken out. Meetings add to what the leads show; they never speak alone, "
            "and logging more of them changes nothing."
        )
    else:
        against = _(
            "Every lead and deal that was decided is held against what a comparable colleague would have made of it, "
            "and against the person’s own year and a half before, step by step, with season and quarter ends taken out."
        )
    return (
        against,
        _(
            "Each week adds what speaks for a fall and takes off what speaks against one. The line is set so that "
            "somebody who does well and simply goes on as before crosses a line less than once in ten years."
        ),
        _(
            "It can still be chance, and a fall can have good reasons that are in no data. It changes no quota, starts "
            "no plan, and only the person and their manager see it."
        ),
    )


def context(actor: Actor, run: AnalysisRun) -> dict[str, Any]:
    """Everything the watch page shows."""
    found = watched(actor, run)
    now, back = [w for w in found if w.warns], [w for w in found if not w.warns]
    people = len({w.person_id for w in now})
    if people:
        title = ngettext("Something changed for %s person", "Something changed for %s people", people) % spelled(people)
    else:
        title = _("Nothing has changed that is more than luck")
    return {"headline": capfirst(title), "now": now, "back": back, "run": run, "known_on": run.as_of}
