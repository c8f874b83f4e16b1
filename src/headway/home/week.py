"""The first page's content: who needs somebody this week and why, and who does not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.charts.interval import Interval, Scale, scale_for
from headway.core import clock
from headway.detection.signal import MISSED, Finding, NotEvaluable, Signal
from headway.home.findings import NEEDS_SOMEBODY, Verdict, tenure, verdict
from headway.home.pictures import interval_of
from headway.home.under_way import UnderWay
from headway.home.words import count, percent, spelled
from headway.people.models import Person

# A clear signal or an early sign is talked about within the working week after it was seen.
TALK_WITHIN = timedelta(days=5)
LOOK_AGAIN = timedelta(days=28)


@dataclass(frozen=True)
class PersonRow:
    """One person on a list: verdict, a few sentences, the picture, the next date."""

    person_id: str
    name: str
    first_name: str
    meta: str
    team: str
    finding: Finding
    verdict: Verdict
    sentences: tuple[str, ...]
    picture: Interval
    next_on: date
    next_words: str
    quota_attainment: float | None
    coming_plan: int | None = None
    running_plan: int | None = None
    plan_over: bool = False
    potential: float | None = None

    @property
    def needs_somebody(self) -> bool:
        """Whether a person has something to do for this one now: who has a running plan is not left alone with it."""
        return self.running_plan is not None or self.finding in NEEDS_SOMEBODY


@dataclass(frozen=True)
class Week:
    """The manager's first page."""

    needs: tuple[PersonRow, ...]
    calm: tuple[PersonRow, ...]
    scale: Scale
    headline: str
    lead: str


def row_of(
    person: Person,
    entry: Signal | NotEvaluable,
    *,
    coming: tuple[int, date] | None = None,
    under_way: UnderWay | None = None,
) -> PersonRow:
    """One person's row from what the engine found. coming: an open plan that has not begun, and its first day;
    under_way: the plan that runs, whose course is the news then."""
    next_on, words = _next_date(entry, coming[1] if coming else None)
    found, sentences, picture = verdict(entry), _sentences(entry), interval_of(entry, name=person.name)
    if under_way is not None:
        next_on, words, found = under_way.next_on, under_way.next_words, under_way.verdict
        sentences = (*under_way.sentences, *sentences)
        picture = replace(picture, kind=found.kind) if picture.estimate is not None else picture
    years = tenure(person.hired_on, today=entry.as_of)
    return PersonRow(
        person_id=person.person_id,
        name=person.name,
        first_name=person.first_name,
        meta=_("%s in role") % years if years else person.segment,
        team=person.team,
        finding=entry.finding,
        verdict=found,
        sentences=tuple(s for s in sentences if s)[:2],
        picture=picture,
        next_on=next_on,
        next_words=words,
        quota_attainment=entry.quota_attainment,
        coming_plan=coming[0] if coming and under_way is None else None,
        running_plan=under_way.plan_id if under_way else None,
        plan_over=under_way.over if under_way else False,
        potential=entry.territory_potential,
    )


def _sentences(entry: Signal | NotEvaluable) -> tuple[str, ...]:
    if isinstance(entry, Signal):
        return tuple(getattr(entry, "reasons", ()) or entry.sentences[:1])
    return (entry.sentence, entry.what_would_help)


def _next_date(entry: Signal | NotEvaluable, plan_on: date | None) -> tuple[date, str]:
    if plan_on is not None:
        begun = plan_on < clock.today()
        return plan_on, (_("plan was to start %s") if begun else _("plan starts %s")) % _short(plan_on)
    if entry.finding in NEEDS_SOMEBODY:
        day = working_day(entry.as_of + TALK_WITHIN)
        return day, _("talk by %s") % _short(day)
    day = working_day(entry.as_of + LOOK_AGAIN)
    return day, _("next look %s") % _short(day)


def _short(day: date) -> str:
    return date_format(day, "l j F")


def working_day(day: date) -> date:
    """The day itself, or the Friday before a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def week_of(rows: Iterable[PersonRow]) -> Week:
    """Group by what people need; order by the next date, then by name. Never by size of the finding."""
    ordered = sorted(rows, key=lambda row: (row.next_on, row.name))
    needs = tuple(row for row in ordered if row.needs_somebody)
    calm = tuple(row for row in ordered if not row.needs_somebody)
    pictures = [row.picture for row in ordered]
    return Week(needs, calm, scale_for(pictures) if pictures else Scale(), headline(len(needs)), lead(needs, calm))


def headline(needed: int) -> str:
    """The finding of the page, as its title."""
    if needed == 0:
        return _("Nobody needs you this week")
    return (
        ngettext("%s person needs you this week", "%s people need you this week", needed) % spelled(needed).capitalize()
    )


def lead(needs: Sequence[PersonRow], calm: Sequence[PersonRow]) -> str:
    """What the title leaves out: who missed a quota and still needs nothing from the manager."""
    if not needs and not calm:
        return ""
    if needs:
        first = ngettext("The other %s doesn’t.", "The other %s don’t.", len(calm)) % spelled(len(calm)) if calm else ""
    else:
        first = _("All %s are within what chance, territory or ramp explain.") % spelled(len(calm))
    missed = [
        row for row in calm
        if row.finding in MISSED and (row.quota_attainment or 1.0) < 1.0
    ]  # fmt: skip
    if not missed:
        return first
    opening = (
        ngettext("%s of them missed the quota:", "%s of them missed their quota:", len(missed))
        % spelled(len(missed)).capitalize()
    )
    return f"{first} {opening} {_reasons(missed)}."


def _reasons(missed: Sequence[PersonRow]) -> str:
    words = {
        Finding.LUCK: _("%s by bad luck so far"),
        Finding.SHARED: _("%s like most colleagues"),
        Finding.OUT_OF_REACH: _("%s because the leads were not enough for it"),
        Finding.TERRITORY: _("%s because of the territory"),
    }
    said = [words[row.finding] % row.first_name for row in missed[:3]]
    if len(missed) > 3:
        said.append(_("%s more") % spelled(len(missed) - 3))
    return ", ".join(said)


def attainment_words(share: float | None) -> str:
    """ "58% of quota", or nothing."""
    return _("%s of quota") % percent(share) if share is not None else ""


def people_count(rows: Sequence[object]) -> str:
    """For group notes: "six people"."""
    return ngettext("%s person", "%s people", len(rows)) % (spelled(len(rows)) if len(rows) <= 10 else count(len(rows)))
