"""Blocks of rows read at once give what reading row by row gives."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from headway.facts import csv_rows
from headway.facts.csv_blocks import Columns, _may_have_blanks, clean, columns_of
from headway.facts.csv_files import layout_of

ODD = [
    'x1,"a, b","he said ""no"""',
    "x2,short",
    "x3,too,many,cells",
    "x4,extra,blank,,",
    "",
    ",,",
    " x5 , NULL ,-",
    'x6,5" screen,3" disc',
    'x7,"line\nbreak",z',
    'x8,"never closed,z',
    "x9,=1+1,<b>bold</b>",
    "x10,é,ß",
]


def read(path: Path) -> tuple[list[tuple[object, ...]], list[tuple[int, str, int]], int]:
    """Rows with their numbers, bad rows, how many blocks were read at once."""
    layout = layout_of(path)
    assert layout is not None
    rows: list[tuple[object, ...]] = []
    bad: list[tuple[int, str, int]] = []
    blocks = 0

    def one(number: int, cells: list[str]) -> None:
        rows.append((number, *(clean_one(c) for c in cells)))

    def many(block: Columns) -> None:
        nonlocal blocks
        blocks += 1
        columns = [c.to_pylist() for c in block.columns]
        rows.extend(zip(block.numbers.to_pylist(), *columns, strict=True))

    csv_rows.read_rows(path, layout, csv_rows.Takers(one, many, lambda *what: bad.append(what)))
    # A block's odd lines come after its good ones.
    kept = [row for row in rows if any(cell is not None for cell in row[1:])]
    return sorted(kept, key=lambda row: str(row[0]).zfill(9)), sorted(bad), blocks


def clean_one(cell: str) -> str | None:
    found: str | None = clean(pa.array([cell], pa.string()))[0].as_py()
    return found


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("odd", [*ODD, "\n".join(ODD[:7]), "\n".join(ODD)])
def test_blocks_read_what_rows_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, odd: str, end: str) -> None:
    """Also where a block holds ragged rows, quotes, breaks of line and quotes that are never closed."""
    monkeypatch.setattr(csv_rows, "FIRST_BLOCK", 100)
    monkeypatch.setattr(csv_rows, "BLOCK", 500)
    plain = [f"id{i},b{i},c{i}" for i in range(60)]
    text = "\n".join(["id,b,c", *plain, *plain, odd, *plain, *plain]) + "\n"
    path = tmp_path / "a.csv"
    path.write_bytes(text.replace("\n", end).encode())
    fast = read(path)
    monkeypatch.setattr(csv_rows, "columns_of", lambda *_args: None)
    slow = read(path)
    assert fast[2] > 0 == slow[2]
    assert fast[:2] == slow[:2]
    monkeypatch.setattr(csv_rows, "FIRST_BLOCK", 1 << 20)
    assert fast[:2] == read(path)[:2]


def test_every_blank_of_every_script_is_looked_for() -> None:
    """Columns in which no cell begins or ends with such a byte are not gone through: no blank may be missed."""
    signs = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    trimmed = pc.utf8_trim_whitespace(pa.array([f"{sign}x{sign}" for sign in signs]))
    blanks = [sign for sign, left in zip(signs, trimmed.to_pylist(), strict=True) if left == "x"]
    assert len(blanks) > 20
    for sign in blanks:
        assert _may_have_blanks(pa.array(["a", None, f"{sign}x", "b"])), hex(ord(sign))
        assert _may_have_blanks(pa.array(["a", None, f"x{sign}", "b"])), hex(ord(sign))
    assert not _may_have_blanks(pa.array(["a b", "ü", "Zoë", None, "7"]).slice(1))


def test_lines_that_end_with_a_carriage_return_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As old Macs wrote them; block after block."""
    monkeypatch.setattr(csv_rows, "BLOCK", 300)
    lines = ["id,b,c", *(f"id{i},b{i},c{i}" for i in range(300))]
    path = tmp_path / "a.csv"
    path.write_bytes("\r".join(lines).encode())
    rows, bad, _blocks = read(path)
    assert (len(rows), bad) == (300, [])
    assert rows[-1] == (301, "id299", "b299", "c299")


def test_a_block_without_an_end_of_line(tmp_path: Path) -> None:
    """The last line needs no end."""
    path = tmp_path / "a.csv"
    path.write_text("id,b\n1,x\n2,y")
    layout = layout_of(path)
    assert layout is not None
    found = columns_of(b"1,x\n2,y", layout)
    assert found is not None
    assert (found.after(1).numbers.to_pylist(), found.lines) == ([2, 3], 2)
