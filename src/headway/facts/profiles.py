"""What the values of a column look like, found over the whole column or a sample of distinct cells."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from headway.facts.dates import SHORT, WORDED, YEAR_FIRST, Counts
from headway.facts.readers import Source
from headway.facts.workspace import Workspace

SAMPLE = 4000
_NUMBER = r"^[(+\-−]?\s*[€$£¥]?\s*[0-9][0-9.,'  ]*\s*([€$£¥%]|[A-Z]{3})?\)?-?$"


@dataclass(frozen=True)
class Profile:
    """A column's values.

    Args:
        filled: cells with a value.
        distinct: different values (capped by the sample for large columns).
        dates, numbers, mails: share of filled cells that look like one, 0 to 1.
        unique: every filled cell is different and none is empty.
        examples: a few values.
    """

    filled: int
    rows: int
    distinct: int
    dates: float
    numbers: float
    mails: float
    unique: bool
    examples: tuple[str, ...]


def _regex(pattern: str) -> str:
    # DuckDB's regular expressions have no back-references; the shape is enough here.
    return pattern.replace(r"\2", r"[./\- ]").replace("'", "''")


def profile(source: Source, header: str, workspace: Workspace) -> Profile:
    """Look at a column's values: counts over the whole column, shapes over a sample."""
    cell = source.column(header)
    counts = workspace.con.execute(
        f"SELECT count(*), count({cell}), approx_count_distinct({cell}) FROM {source.relation}"
    ).fetchone() or (0, 0, 0)
    shares = workspace.con.execute(
        f"WITH v AS (SELECT {cell} AS v FROM {source.relation} WHERE {cell} IS NOT NULL LIMIT {SAMPLE}) SELECT "
        f"avg(CASE WHEN regexp_matches(v, '{_regex(SHORT)}|{_regex(YEAR_FIRST)}|{_regex(WORDED)}') THEN 1 ELSE 0 END), "
        f"avg(CASE WHEN regexp_matches(v, '{_regex(_NUMBER)}') THEN 1 ELSE 0 END), "
        "avg(CASE WHEN contains(v, '@') THEN 1 ELSE 0 END), list(DISTINCT v)[1:5] FROM v"
    ).fetchone() or (0, 0, 0, [])
    rows, filled, distinct = (int(c) for c in counts)
    unique = False
    if filled == rows and distinct > 0.8 * rows:
        unique = workspace.count(f"(SELECT {cell} FROM {source.relation} GROUP BY 1 HAVING count(*) > 1)") == 0
    return Profile(
        filled=filled,
        rows=rows,
        distinct=distinct,
        dates=float(shares[0] or 0),
        numbers=float(shares[1] or 0),
        mails=float(shares[2] or 0),
        unique=unique,
        examples=tuple(str(e) for e in shares[3] or ()),
    )


def values(source: Source, header: str, workspace: Workspace, *, most: int = 60) -> Counter[str]:
    """The most frequent values of a column and how often each stands there."""
    cell = source.column(header)
    rows = workspace.con.execute(
        f"SELECT {cell}, count(*) FROM {source.relation} WHERE {cell} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {most}"  # noqa: E501
    ).fetchall()
    return Counter({str(v): int(n) for v, n in rows})


def date_counts(source: Source, header: str, workspace: Workspace) -> list[Counts]:
    """For each way of writing short dates in the whole column: how many cells fit only one order."""
    cell = source.column(header)
    pattern = r"^(\d{1,2})([./\- ])(\d{1,2})[./\- ](\d{4}|\d{2})(?:[,T ]|$)"
    rows = workspace.con.execute(
        f"WITH v AS (SELECT regexp_extract({cell}, '{pattern}', ['a', 's', 'b', 'y']) AS p FROM {source.relation} "
        # What begins with a year and is written as most programs do needs no closer look.
        f"WHERE {cell} NOT LIKE '____-__-__%' AND regexp_matches({cell}, '{pattern}')) "
        "SELECT p.s, length(p.y), count(*), count(*) FILTER (CAST(p.a AS INT) > 12 AND CAST(p.b AS INT) <= 12), "
        "count(*) FILTER (CAST(p.b AS INT) > 12 AND CAST(p.a AS INT) <= 12) FROM v GROUP BY 1, 2 ORDER BY 3 DESC"
    ).fetchall()
    return [Counts(str(s), int(y), int(n), int(first), int(second)) for s, y, n, first, second in rows]


def number_cells(source: Source, header: str, workspace: Workspace) -> list[str]:
    """Distinct cells of a column, enough to see how it writes numbers: those with signs first."""
    cell = source.column(header)
    rows = workspace.con.execute(
        f"SELECT DISTINCT {cell} FROM {source.relation} WHERE {cell} IS NOT NULL AND regexp_matches({cell}, '[.,'' ]') LIMIT {SAMPLE}"  # noqa: E501
    ).fetchall()
    return [str(r[0]) for r in rows]
