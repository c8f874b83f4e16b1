"""Many rows at once: a block of delimited text into columns, where every line of it is one row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from headway.facts.csv_files import Layout

# What exports write for "nothing here".
BLANKS = ("NULL", "null", "None", "N/A", "n/a", "#N/A", "NaN", "nan", "-", "--", "\\N", "NaT", "(null)")
_NOTHING = ["", *BLANKS]
# Bytes by which a cell may begin or end whose blanks would have to go: those up to the blank, and the first and last
# ones of the blanks that other scripts write.
_MAY_BE_BLANK = np.zeros(256, dtype=bool)
_MAY_BE_BLANK[:33] = True
_MAY_BE_BLANK[[0xC2, 0xE1, 0xE2, 0xE3]] = True
_MAY_BE_BLANK[[*range(0x80, 0x8B), 0x9F, 0xA0, 0xA8, 0xA9, 0xAF]] = True


@dataclass(frozen=True)
class Columns:
    """A block's rows.

    Args:
        numbers: the rows' numbers, the block's first line being 1; in the file after `after`.
        columns: their cells, one array a column, trimmed, blank ones null; none where no row is good.
        odd: number and text of the lines that have too few or too many cells.
        lines: how many lines the block has.
    """

    numbers: pa.Array
    columns: list[pa.Array]
    odd: list[tuple[int, str]]
    lines: int

    def after(self, before: int) -> Columns:
        """The same rows, numbered as in a file in which so many come before them."""
        odd = [(before + number, text) for number, text in self.odd]
        return Columns(pc.add(self.numbers, before), self.columns, odd, self.lines)


def clean(array: pa.Array) -> pa.Array:
    """Cells without blanks at their ends; those that say nothing are null."""
    trimmed = pc.utf8_trim_whitespace(array)
    return pc.if_else(
        pc.is_in(trimmed, value_set=pa.array(_NOTHING, pa.string())), pa.scalar(None, pa.string()), trimmed
    )


def _may_have_blanks(array: pa.Array) -> bool:
    """Whether a cell may begin or end with a blank; only then is the column gone through cell by cell."""
    _valid, starts, text = array.buffers()
    if text is None or not text.size:
        return False
    ends = np.frombuffer(starts, np.int32)[array.offset : array.offset + len(array) + 1]
    signs, last = np.frombuffer(text, np.uint8), text.size - 1
    first_signs, last_signs = signs[np.minimum(ends[:-1], last)], signs[np.maximum(ends[1:], 1) - 1]
    return bool(_MAY_BE_BLANK[first_signs].any() or _MAY_BE_BLANK[last_signs].any())


def _line_is_row(data: bytes) -> bool:
    """Whether no cell goes on in the next line: every line has an even number of quotes and ends as usual."""
    if b"\0" in data or (b"\r" in data and data.count(b"\r") != data.count(b"\r\n")):
        return False
    if b'"' not in data:
        return True
    signs = np.frombuffer(data, np.uint8)
    quotes, ends = np.flatnonzero(signs == ord('"')), np.flatnonzero(signs == ord("\n"))
    return len(quotes) % 2 == 0 and not np.any(np.searchsorted(quotes, ends) & 1)


def columns_of(data: bytes, layout: Layout) -> Columns | None:
    """Read a block of whole lines; None where it takes a closer look, row by row.

    Args:
        data: the text in UTF-8.
        layout: how the file is written.
    """
    if not _line_is_row(data):
        return None
    # As numbers they are counted three times as fast as as text.
    ends = np.count_nonzero(np.frombuffer(data, np.uint8) == ord("\n"))
    lines = int(ends) + (not data.endswith(b"\n"))
    odd: list[tuple[int, str]] = []

    def note(row: arrow_csv.InvalidRow) -> str:
        odd.append((row.number, row.text))
        return "skip"

    names = [f"c{i}" for i in range(len(layout.headers))]
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(data),
            read_options=arrow_csv.ReadOptions(
                use_threads=False, column_names=names, block_size=len(data) + 1, encoding="utf8"
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=layout.delimiter, ignore_empty_lines=False, invalid_row_handler=note
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                null_values=_NOTHING,
                strings_can_be_null=True,
                check_utf8=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
    if table.num_rows + len(odd) != lines or any(number is None for number, _text in odd):
        return None
    return _without_empty(table, odd, lines)


def _without_empty(table: pa.Table, odd: list[tuple[int, str]], lines: int) -> Columns:
    numbers = np.arange(1, lines + 1, dtype=np.int64)
    if odd:
        numbers = np.delete(numbers, [number - 1 for number, _text in odd])
    columns = [c.combine_chunks() if c.num_chunks != 1 else c.chunk(0) for c in table.columns]
    columns = [clean(c) if _may_have_blanks(c) else c for c in columns]
    if columns and len(numbers) and min(c.null_count for c in columns):
        filled = np.zeros(len(numbers), dtype=bool)
        for column in columns:
            filled |= column.is_valid().to_numpy(zero_copy_only=False)
        numbers, columns = numbers[filled], [c.filter(pa.array(filled)) for c in columns]
    return Columns(pa.array(numbers), columns if len(numbers) else [], odd, lines)
