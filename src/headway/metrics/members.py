"""Whose metrics are computed, where they worked at the time, and how many days they were there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from headway.core.period import Period
from headway.metrics.canonical import MeasuredFacts
from headway.metrics.databases import database_of
from headway.metrics.values import Member

# Time in which a new rep is not held against ramped colleagues.
RAMP_WEEKS = 26

Span = tuple[date, date]
_NEVER, _EVER = date(1, 1, 1), date(9999, 1, 1)
_ONE = np.timedelta64(1, "D")

_PEOPLE = """
SELECT person_id, coalesce(name, ''), coalesce(segment, ''), coalesce(team, ''), hired_on, left_on
FROM people WHERE coalesce(lower(role), 'rep') = 'rep' ORDER BY person_id"""
_PLACES = "SELECT person_id, valid_from, valid_to, segment, team FROM assignments"
_AWAY = "SELECT person_id, start_on, end_on FROM absences WHERE start_on IS NOT NULL"


@dataclass(frozen=True)
class Crew:
    """Who of the roster was employed in a period, as arrays in the roster's order.

    workdays: at work, days away taken off; workdays_whole: of the period; days_employed: calendar days.
    segment, team: as of the period's last day.
    """

    employed: npt.NDArray[np.bool_]
    workdays: npt.NDArray[np.int64]
    workdays_whole: int
    days_employed: npt.NDArray[np.int64]
    ramping: npt.NDArray[np.bool_]
    segment: tuple[str, ...]
    team: tuple[str, ...]


@dataclass(frozen=True)
class Roster:
    """Everybody whose metrics are computed, read from the facts once, for any number of periods."""

    person_ids: tuple[str, ...]
    names: tuple[str, ...]
    places: tuple[tuple[str, str], ...]
    hired: npt.NDArray[np.datetime64]
    left: npt.NDArray[np.datetime64]
    moves: tuple[tuple[int, date, date, str | None, str | None], ...]
    away_of: npt.NDArray[np.int64]
    away_from: npt.NDArray[np.datetime64]
    away_until: npt.NDArray[np.datetime64]

    @classmethod
    def of(cls, facts: MeasuredFacts) -> Roster:
        """The reps of the facts, where they worked when, and when they were away."""
        database = database_of(facts)
        rows = database.ask(_PEOPLE)
        number = {str(row[0]): i for i, row in enumerate(rows)}
        moves = [
            (number[who], since or _NEVER, until or _EVER, *place)
            for who, since, until, *place in database.ask(_PLACES)
            if who in number
        ]
        spans = [
            (number[who], *span) for who, found in _away(facts).items() if who in number for span in _merged(found)
        ]
        return cls(
            tuple(number),
            tuple(row[1] for row in rows),
            tuple((row[2], row[3]) for row in rows),
            np.array([row[4] or _NEVER for row in rows], dtype="M8[D]"),
            np.array([row[5] or _EVER for row in rows], dtype="M8[D]"),
            tuple(sorted(moves, key=lambda move: move[1])),
            np.array([span[0] for span in spans], dtype=np.int64),
            np.array([span[1] for span in spans], dtype="M8[D]"),
            np.array([span[2] for span in spans], dtype="M8[D]"),
        )

    def during(self, period: Period) -> Crew:
        """Who was there, for how many days, and where on the last of them."""
        start, end = np.datetime64(period.start, "D"), np.datetime64(period.end, "D")
        first = np.maximum(self.hired, start)
        until = np.minimum(self.left + _ONE, end)
        employed = first < until
        until = np.maximum(until, first)
        absent = np.zeros(len(first), dtype=np.int64)
        if len(self.away_of):
            since = np.maximum(self.away_from, first[self.away_of])
            back = np.maximum(np.minimum(self.away_until, until[self.away_of]), since)
            np.add.at(absent, self.away_of, np.busday_count(since, back))
        segment, team = self._places_on(period.last_day)
        known = self.hired != np.datetime64(_NEVER, "D")
        return Crew(
            employed,
            np.busday_count(first, until) - absent,
            int(np.busday_count(start, end)),
            (until - first).astype(np.int64),
            known & ((end - _ONE - self.hired) < np.timedelta64(7 * RAMP_WEEKS, "D")),
            segment,
            team,
        )

    def _places_on(self, day: date) -> tuple[tuple[str, ...], tuple[str, ...]]:
        segment = [place[0] for place in self.places]
        team = [place[1] for place in self.places]
        for who, since, until, in_segment, in_team in self.moves:
            if since <= day < until:
                segment[who] = in_segment or segment[who]
                team[who] = in_team or team[who]
        return tuple(segment), tuple(team)


def members_of(roster: Roster, period: Period) -> tuple[Member, ...]:
    """The reps of a roster employed on any day of the period, with team and segment as of its last day."""
    crew = roster.during(period)
    return tuple(
        Member(
            roster.person_ids[i],
            first_name(roster.names[i], roster.person_ids[i]),
            crew.segment[i],
            crew.team[i],
            _known(roster.hired[i], _NEVER),
            _known(roster.left[i], _EVER),
            int(crew.workdays[i]),
            crew.workdays_whole,
            int(crew.days_employed[i]),
        )
        for i in np.flatnonzero(crew.employed).tolist()
    )


def first_name(name: str, person_id: str) -> str:
    """What somebody is called in a sentence."""
    return (name.split() or [person_id])[0]


def _known(day: np.datetime64, unknown: date) -> date | None:
    found = day.item()
    assert isinstance(found, date)
    return None if found == unknown else found


def is_ramping(member: Member, period: Period) -> bool:
    """Whether the person was still within the ramp on the last day. An unknown hiring day counts as past it."""
    return member.hired_on is not None and (period.last_day - member.hired_on).days < 7 * RAMP_WEEKS


def _away(facts: MeasuredFacts) -> dict[str, list[Span]]:
    spans: dict[str, list[Span]] = defaultdict(list)
    for who, start, end in database_of(facts).ask(_AWAY):
        until = end or facts.as_of + timedelta(days=1)
        # A single day is often written with the same first and last day.
        spans[who].append((start, max(until, start + timedelta(days=1))))
    return spans


def _merged(spans: list[Span]) -> list[Span]:
    """Overlapping spans as one, so that no day is taken off twice."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
