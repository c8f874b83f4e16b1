"""Whose metrics are computed, where they worked at the time, and how many days they were there."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import numpy as np

from headway.core.period import Period
from headway.metrics.canonical import MeasuredFacts
from headway.metrics.databases import database_of
from headway.metrics.values import Member

# Time in which a new rep is not held against ramped colleagues.
RAMP_WEEKS = 26

Span = tuple[date, date]

_PEOPLE = """
SELECT person_id, coalesce(name, ''), coalesce(segment, ''), coalesce(team, ''), hired_on, left_on
FROM people WHERE coalesce(lower(role), 'rep') = 'rep' ORDER BY person_id"""
# Written into the text: binding a parameter makes DuckDB import pandas, which takes a second.
_PLACE = """
SELECT person_id, arg_max(segment, coalesce(valid_from, DATE '1900-01-01')),
       arg_max(team, coalesce(valid_from, DATE '1900-01-01'))
FROM assignments
WHERE (valid_from <= DATE '{day}' OR valid_from IS NULL) AND (valid_to > DATE '{day}' OR valid_to IS NULL)
GROUP BY person_id"""
_AWAY = "SELECT person_id, start_on, end_on FROM absences WHERE start_on IS NOT NULL"


def members(facts: MeasuredFacts, period: Period) -> tuple[Member, ...]:
    """The reps employed on any day of the period, with team and segment as of its last day."""
    database = database_of(facts)
    place = {
        str(who): (segment, team) for who, segment, team in database.ask(_PLACE.format(day=period.last_day.isoformat()))
    }
    away = _away(facts)
    found = []
    for who, name, segment, team, hired_on, left_on in database.ask(_PEOPLE):
        employed = _employed(period, hired_on, left_on)
        if employed is None:
            continue
        then = place.get(who, (None, None))
        absent = sum(_workdays(gap) for gap in _merged(away[who], employed))
        found.append(
            Member(
                who,
                (name.split() or [who])[0],
                then[0] or segment,
                then[1] or team,
                hired_on,
                left_on,
                _workdays(employed) - absent,
                _workdays((period.start, period.end)),
                (employed[1] - employed[0]).days,
            )
        )
    return tuple(found)


def is_ramping(member: Member, period: Period) -> bool:
    """Whether the person was still within the ramp on the last day. An unknown hiring day counts as past it."""
    return member.hired_on is not None and (period.last_day - member.hired_on).days < 7 * RAMP_WEEKS


def _employed(period: Period, hired_on: date | None, left_on: date | None) -> Span | None:
    first = max(period.start, hired_on or period.start)
    end = min(period.end, left_on + timedelta(days=1) if left_on else period.end)
    return (first, end) if first < end else None


def _away(facts: MeasuredFacts) -> dict[str, list[Span]]:
    spans: dict[str, list[Span]] = defaultdict(list)
    for who, start, end in database_of(facts).ask(_AWAY):
        until = end or facts.as_of + timedelta(days=1)
        # A single day is often written with the same first and last day.
        spans[who].append((start, max(until, start + timedelta(days=1))))
    return spans


def _merged(spans: list[Span], within: Span) -> list[Span]:
    """The spans cut to `within`, overlapping ones as one, so that no day is taken off twice."""
    merged: list[Span] = []
    for start, end in sorted((max(s, within[0]), min(e, within[1])) for s, e in spans):
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _workdays(span: Span) -> int:
    return int(np.busday_count(span[0], span[1]))
