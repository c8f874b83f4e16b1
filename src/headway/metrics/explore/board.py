"""Figures of many people in one period, ready to be read: as a table and as a map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString
from django.utils.translation import get_language

from headway.core import company
from headway.core.actors import Actor
from headway.core.fiscal import FiscalYears
from headway.core.kept import Kept
from headway.core.period import Period
from headway.metrics import sentences
from headway.metrics.boards import Board, board_of
from headway.metrics.explore.asking import Against, Question
from headway.metrics.explore.naming import period_name, starts_named
from headway.metrics.explore.standing import OUTSIDE, Standing
from headway.metrics.explore.written import Written, WrittenRow
from headway.metrics.spec import MetricSpec
from headway.metrics.values import NotEvaluable
from headway.people.queries import names_and_teams, rep_ids_of, teams_for

# Above this many people within reach they stand in the order of their ids: sorting names would read them all.
BY_NAME = 500
# A map has a cell for every metric there is, a table for those of a family.
ON_A_PAGE, ON_A_MAP = 50, 20


@dataclass(frozen=True)
class Row:
    """One person with the cells of every column, as markup: a page has hundreds of them."""

    person_id: str
    markup: SafeString


@dataclass(frozen=True)
class Column:
    """One metric: its name, where it is explained, the family it stands under, and why nobody has a figure of it."""

    key: str
    name: str
    href: str
    family: str
    why: str


@dataclass(frozen=True)
class Sheet:
    """A page of the board in words.

    outside, compared: cells outside the band of colleagues, and cells that have one, on this page.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    when: str
    period: Period
    starts: tuple[tuple[str, str], ...]
    teams: tuple[str, ...]
    page: int
    pages: int
    total: int
    outside: int
    compared: int
    as_of: date


Link = Callable[[str], str]


def sheet_of(
    actor: Actor,
    question: Question,
    specs: Sequence[MetricSpec],
    *,
    link: Link,
    about: Callable[[str], str],
    as_map: bool = False,
) -> Sheet | None:
    """The figures asked for, a page of them; None while there are no figures, or none of these metrics.

    Args:
        actor: who asks; only people within reach are shown.
        question: what is asked.
        specs: the columns.
        link: address of a person's weeks; below it lie the figures, each by its key.
        about: address of a metric's definition.
        as_map: cells hold a mark instead of the number.

    Raises:
        NotFound: no such period is kept.
    """
    board = board_of(
        actor, rep_ids_of(actor, team=question.team, at_most=BY_NAME), metric_keys=[spec.key for spec in specs],
        grain=question.grain, start=question.start, page=question.page, size=ON_A_MAP if as_map else ON_A_PAGE,
        kept_only=True, nearest=True,
    )  # fmt: skip
    if board is None:
        return None
    if not board.specs:
        return None
    return _sheet(actor, question, board, link=link, about=about, as_map=as_map)


# Teams are those of the load that the figures came from; asked once per analysis and reader.
_TEAMS: Kept[tuple[str, object], tuple[str, ...]] = Kept(500)


def _teams(actor: Actor, stamp: str) -> tuple[str, ...]:
    place = (stamp, actor.pk)
    found = _TEAMS.get(place)
    return _TEAMS.put(place, teams_for(actor)) if found is None else found


# What was written of a person before: the figures of an analysis never change. About 3 kB each.
_ROWS: Kept[tuple[object, ...], WrittenRow] = Kept(4000)


def _rows_of(actor: Actor, question: Question, board: Board, *, link: Link, as_map: bool) -> list[WrittenRow]:
    """The people of the board as written, in their order."""
    keys = tuple(spec.key for spec in board.specs)
    past = question.against is Against.PAST and not as_map
    page = (board.stamp, get_language(), board.grain, board.period, keys, past, as_map, link("0"))
    kept = {row.person_id: _ROWS.get((page, row.person_id)) for row in board.rows}
    if None in kept.values():
        written = Written()
        earlier = _past(actor, board.specs, board) if past else None
        when = f"?period={board.grain.value}&start={board.period.start.isoformat()}"
        for row in board.rows:
            if kept[row.person_id] is None:
                values = [row.values[key] for key in keys]
                before = None if earlier is None else earlier.get(row.person_id, {})
                weeks = link(row.person_id)
                of = written.row(values, weeks, when, never=board.never.keys(), before=before, as_map=as_map)
                kept[row.person_id] = _ROWS.put((page, row.person_id), of)
    return [of for of in kept.values() if of is not None]


def _past(actor: Actor, specs: Sequence[MetricSpec], board: Board) -> dict[str, dict[str, str]]:
    """The figures of the same people in the period before, as shown."""
    earlier = [start for start in board.starts if start < board.period.start]
    if not earlier:
        return {}
    before = board_of(
        actor, [row.person_id for row in board.rows], metric_keys=[spec.key for spec in specs],
        grain=board.grain, start=earlier[0], size=max(1, len(board.rows)),
    )  # fmt: skip
    rows = before.rows if before else ()
    return {row.person_id: {key: value.figure for key, value in row.values.items()} for row in rows}


def _sheet(
    actor: Actor, question: Question, board: Board, *, link: Link, about: Callable[[str], str], as_map: bool
) -> Sheet:
    people = names_and_teams(actor, [row.person_id for row in board.rows])
    counts: Counter[Standing] = Counter()
    rows = []
    for row, written in zip(board.rows, _rows_of(actor, question, board, link=link, as_map=as_map), strict=True):
        name, team = people.get(row.person_id, (row.first_name, ""))
        counts.update(written.standings)
        rows.append(Row(row.person_id, written.beside(name, "" if as_map else team)))
    outside = sum(counts[standing] for standing in OUTSIDE)
    return Sheet(
        tuple(_column(spec, board.never.get(spec.key), about) for spec in board.specs),
        tuple(rows), period_name(board.period, board.grain, years=FiscalYears.of(company.current())), board.period,
        starts_named(board.starts, board.grain),
        _teams(actor, board.stamp), board.page, board.pages, board.total, outside, outside + counts[Standing.INSIDE],
        board.as_of,
    )  # fmt: skip


def _column(spec: MetricSpec, why: NotEvaluable | None, about: Link) -> Column:
    family = sentences.family_name(spec.family)
    return Column(spec.key, str(spec.name), about(spec.key), family, why.sentence if why else "")
