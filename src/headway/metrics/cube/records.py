"""A book of figures as rows for the relational database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from headway.metrics.cube.book import Book, PeriodFigures
from headway.metrics.cube.packing import packed, reasons_json
from headway.metrics.members import first_name
from headway.metrics.models import Peer, RepWeek


@dataclass(frozen=True)
class PeriodRow:
    """The fields of a `FigurePeriod`."""

    grain: str
    start: date
    end: date
    workdays_whole: int
    people: list[list[Any]]


@dataclass(frozen=True)
class ColumnRow:
    """The fields of a `FigureColumn`."""

    metric: str
    packed: bytes
    groups: list[str]
    peers: bytes


def never_of(book: Book) -> dict[str, Any]:
    """Per grain and first day, why nobody can be measured by which metric."""
    found: dict[str, Any] = {}
    for page in book.pages:
        found.setdefault(page.grain.value, {})[page.period.start.isoformat()] = reasons_json(page.never)
    return found


def rep_weeks(book: Book, page: PeriodFigures) -> Iterator[RepWeek]:
    """One row per rep who was employed in the week."""
    crew = page.crew
    for i in np.flatnonzero(crew.employed).tolist():
        who = book.roster.person_ids[i]
        yield RepWeek(
            person_id=who,
            start=page.period.start,
            first_name=first_name(book.roster.names[i], who),
            segment=crew.segment[i],
            workdays=int(crew.workdays[i]),
            workdays_whole=crew.workdays_whole,
            packed=packed(page.cells[i]),
        )


def peers(page: PeriodFigures) -> Iterator[Peer]:
    """One row per segment that is compared in the week, and one for everybody."""
    for segment, records in page.groups.items():
        yield Peer(segment=segment, start=page.period.start, packed=packed(records))


def period_row(book: Book, page: PeriodFigures) -> PeriodRow:
    """The period, and who was employed in it."""
    crew, roster = page.crew, book.roster
    people = [
        [
            roster.person_ids[i],
            first_name(roster.names[i], roster.person_ids[i]),
            crew.segment[i],
            int(crew.workdays[i]),
        ]
        for i in np.flatnonzero(crew.employed).tolist()
    ]
    return PeriodRow(page.grain.value, page.period.start, page.period.end, crew.workdays_whole, people)


def columns(book: Book, page: PeriodFigures) -> Iterator[ColumnRow]:
    """One row per metric that anybody can be measured by."""
    employed = page.cells[page.crew.employed]
    names = list(page.groups)
    for at, spec in enumerate(book.metrics):
        if spec.key not in page.never:
            groups = np.array([page.groups[name][at] for name in names])
            yield ColumnRow(spec.key, packed(employed[:, at]), names, packed(groups))
