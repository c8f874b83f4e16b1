"""Days and instants written by people and programs: which order of day, month and year a column uses.

The order is decided from the whole column and for each way of writing apart: one column may hold
`23/02/2022` (day first) beside `10-19-2022` (month first).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Order(StrEnum):
    """The order of day, month and year."""

    YEAR_FIRST = "year first"
    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"
    UNDECIDED = "undecided"


# 99/99/9999, 9.9.99, 99-99-99 10:20: two numbers, a separator, a year of two or four digits, maybe a time.
SHORT = r"^(\d{1,2})([./\- ])(\d{1,2})\2(\d{2}|\d{4})(?:[,T ]+(\d.*))?$"
YEAR_FIRST = r"^\d{4}[./\-]\d{1,2}[./\-]\d{1,2}(?:[T ].*)?$|^(19|20)\d{2}[01]\d[0-3]\d$"
WORDED = r"^\d{1,2}[ .\-]+[A-Za-zÀ-ÿ]{3,10}\.?[ ,\-]+\d{2,4}.*$|^[A-Za-zÀ-ÿ]{3,10}\.? \d{1,2},? \d{4}.*$"

_TIMES = (
    "",
    " %H:%M",
    " %H:%M:%S",
    " %H:%M:%S.%g",
    " %I:%M %p",
    " %I:%M:%S %p",
    ", %H:%M",
    ", %H:%M:%S",
    ", %I:%M %p",
    "T%H:%M:%S",
)


@dataclass(frozen=True)
class Spelling:
    """One way of writing dates in a column: separator, digits of the year, the order; how many cells use it."""

    separator: str
    year_digits: int
    order: Order
    cells: int
    why: str = ""

    @property
    def name(self) -> str:
        """`99/99/9999` and the like: the key under which a person's answer is kept."""
        return f"99{self.separator}99{self.separator}{'9' * self.year_digits}"


@dataclass(frozen=True)
class Counts:
    """What the whole column shows about one spelling: cells, and how many have a first or second number over 12."""

    separator: str
    year_digits: int
    cells: int
    first_over_12: int
    second_over_12: int
    ordered_day_first: int = 0
    ordered_month_first: int = 0


def decide(counts: Counts) -> Spelling:
    """Day first, month first, or undecided where every cell could be either.

    A spelling that shows both (some cells only fit day first, others only month first) goes with the clear
    majority (nine in ten); the rest do not read and are named. Otherwise it is undecided.
    """
    day, month = counts.first_over_12, counts.second_over_12
    if day and day >= 9 * month:
        order, why = Order.DAY_FIRST, f"{day} cells only fit day first"
    elif month and month >= 9 * day:
        order, why = Order.MONTH_FIRST, f"{month} cells only fit month first"
    elif not day and not month and counts.separator == ".":
        order, why = Order.DAY_FIRST, "dots are only used day first"
    else:
        order, why = Order.UNDECIDED, "every cell fits both orders"
    return Spelling(counts.separator, counts.year_digits, order, counts.cells, why)


def formats(separator: str, year_digits: int, order: Order) -> list[str]:
    """The strptime formats of one spelling."""
    year = "%Y" if year_digits == 4 else "%y"
    first, second = ("%d", "%m") if order is Order.DAY_FIRST else ("%m", "%d")
    day = separator.join((first, second, year))
    return [day + time for time in _TIMES]


WORDED_FORMATS = [
    day + time
    for day in ("%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%d-%b-%y", "%d. %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y")
    for time in ("", " %H:%M", " %H:%M:%S", " %I:%M %p")
]


def _list(texts: list[str]) -> str:
    return "[" + ", ".join(f"'{t}'" for t in texts) + "]"


def timestamp_sql(column: str, spellings: tuple[Spelling, ...]) -> str:
    """A DuckDB expression: the cell as naive UTC TIMESTAMP, NULL where it is no date.

    Args:
        column: SQL of the text.
        spellings: the decided spellings; undecided ones read as NULL.
    """
    offset = r"(Z|[+\-]\d{2}:?\d{2}|[+\-]\d{2}| UTC| GMT)$"
    iso = (
        f"CASE WHEN regexp_matches({column}, '^\\d{{4}}-\\d{{1,2}}-\\d{{1,2}}') THEN "
        f"CASE WHEN length({column}) > 10 AND regexp_matches({column}, '{offset}') "
        f"THEN TRY_CAST(regexp_replace({column}, ' (UTC|GMT)$', 'Z') AS TIMESTAMPTZ)::TIMESTAMP "
        f"ELSE TRY_CAST({column} AS TIMESTAMP) END END"
    )
    compact = f"CASE WHEN regexp_matches({column}, '^(19|20)\\d{{6}}$') THEN try_strptime({column}, '%Y%m%d') END"
    slashed = (
        f"CASE WHEN regexp_matches({column}, '^\\d{{4}}[./]\\d') "
        f"THEN TRY_CAST(regexp_replace({column}, '^(\\d{{4}})[./](\\d{{1,2}})[./]', '\\1-\\2-') AS TIMESTAMP) END"
    )
    parts = [iso]
    by_separator: dict[str, list[str]] = {}
    for s in spellings:
        if s.order in (Order.DAY_FIRST, Order.MONTH_FIRST):
            by_separator.setdefault(f"{s.separator}{s.year_digits}", formats(s.separator, s.year_digits, s.order))
    for name, listed in by_separator.items():
        separator, digits = name[0], name[1]
        shape = f"^\\d{{1,2}}{re.escape(separator)}\\d{{1,2}}{re.escape(separator)}\\d{{{digits}}}([,T ]|$)"
        parts.append(f"CASE WHEN regexp_matches({column}, '{shape}') THEN try_strptime({column}, {_list(listed)}) END")
    parts.extend([slashed, compact, f"try_strptime({column}, {_list(WORDED_FORMATS)})"])
    # A day outside these years is a slip of the pen or a program's "for ever".
    value = f"coalesce({', '.join(parts)})"
    read = f"CASE WHEN {value} >= TIMESTAMP '1900-01-01' AND {value} < TIMESTAMP '2200-01-01' THEN {value} END"
    # 2026-05-17 and 2026-05-17T10:20:30, which most programs write, without all these patterns.
    usual = (
        f"{column} >= '19' AND {column} < '22' AND ({column} LIKE '____-__-__' "
        f"OR {column} LIKE '____-__-__T__:__:__' OR {column} LIKE '____-__-__ __:__:__')"
    )
    return f"CASE WHEN {usual} THEN TRY_CAST({column} AS TIMESTAMP) ELSE {read} END"
