"""Figures as a file: CSV, Excel or Parquet, one row per person and metric."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from headway.core.actors import Actor
from headway.metrics.boards import Board, board_of
from headway.metrics.explore.asking import Question
from headway.metrics.explore.board import BY_NAME
from headway.metrics.spec import MetricSpec
from headway.metrics.values import Measured
from headway.people.queries import names_and_teams, rep_ids_of

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
COLUMNS = (
    "person_id", "name", "team", "segment", "metric", "metric_version", "unit", "currency", "period_start",
    "period_end", "value", "low", "high", "n", "peer_median", "peer_low", "peer_high", "peer_count", "not_evaluable",
)  # fmt: skip
# A cell that begins with one of these is taken for a formula by spreadsheet programs.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_EVERYBODY = 1_000_000

Line = tuple[Any, ...]


def lines_of(actor: Actor, question: Question, specs: Sequence[MetricSpec]) -> list[Line]:
    """Every figure asked for, of everybody on all pages; empty while there are no figures."""
    people = rep_ids_of(actor, team=question.team, at_most=BY_NAME)
    board = board_of(
        actor, people, metric_keys=[spec.key for spec in specs], grain=question.grain, start=question.start,
        size=_EVERYBODY, kept_only=True,
    )  # fmt: skip
    return list(_lines(actor, board)) if board else []


def _lines(actor: Actor, board: Board) -> Iterator[Line]:
    known = names_and_teams(actor, [row.person_id for row in board.rows])
    for row in board.rows:
        name, team = known.get(row.person_id, (row.first_name, ""))
        for spec in board.specs:
            value = row.values[spec.key]
            of, peers, why = value.result, value.peers, value.not_evaluable
            yield (
                row.person_id, name, team, row.segment, spec.key, spec.version, spec.unit.value, value.currency,
                value.period.start, value.period.end, value.value,
                of.low if isinstance(of, Measured) else None, of.high if isinstance(of, Measured) else None, value.n,
                peers.median if peers else None, peers.low if peers else None, peers.high if peers else None,
                peers.count if peers else None, why.sentence if why else None,
            )  # fmt: skip


def _plain(cell: Any) -> Any:
    """Text that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def as_csv(lines: Sequence[Line]) -> bytes:
    """UTF-8 with a header; empty where there is no number."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([_plain(cell) for cell in line] for line in lines)
    return out.getvalue().encode()


def as_xlsx(lines: Sequence[Line]) -> bytes:
    """One sheet with a header that stays in sight."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("figures")
    sheet.freeze_panes = "A2"
    sheet.append(list(COLUMNS))
    for line in lines:
        sheet.append([_plain(cell) for cell in line])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_parquet(lines: Sequence[Line]) -> bytes:
    """Typed columns, for programs."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    text, number, day, whole = pa.string(), pa.float64(), pa.date32(), pa.int64()
    kinds = {
        "metric_version": whole, "n": whole, "peer_count": whole, "period_start": day, "period_end": day,
        "value": number, "low": number, "high": number, "peer_median": number, "peer_low": number, "peer_high": number,
    }  # fmt: skip
    columns = list(zip(*lines, strict=True)) if lines else [()] * len(COLUMNS)
    arrays = [pa.array(column, kinds.get(name, text)) for name, column in zip(COLUMNS, columns, strict=True)]
    out = pa.BufferOutputStream()
    pq.write_table(pa.table(arrays, names=list(COLUMNS)), out)
    return bytes(out.getvalue().to_pybytes())


WRITERS = {"csv": as_csv, "xlsx": as_xlsx, "parquet": as_parquet}
