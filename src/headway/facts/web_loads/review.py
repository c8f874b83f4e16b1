"""What a person looks at before anything is written, kept as plain data with the record of the load."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

FORMAT = 1


@dataclass(frozen=True)
class ColumnView:
    """One column of a file: what is in it, and what it is taken for.

    Args:
        header: its name as it came.
        examples: a few different cells, as they came.
        table, column: the canonical column; both empty = left out or kept aside.
        also: other canonical columns it feeds as well.
        sure: `sure`, `likely`, `please check`, `kept aside`, `said by a person`.
        reason: why, for people.
    """

    header: str
    examples: tuple[str, ...]
    table: str = ""
    column: str = ""
    also: tuple[str, ...] = ()
    sure: str = "kept aside"
    reason: str = ""

    @property
    def value(self) -> str:
        """The choice as the form names it: `opportunities.amount`."""
        return f"{self.table}.{self.column}" if self.column else ""


@dataclass(frozen=True)
class StageView:
    """One stage as the source writes it, how many rows have it, and the ladder's stage it is taken for."""

    written: str
    means: str
    rows: int | None = None


@dataclass(frozen=True)
class SourceView:
    """One file, or one sheet of a workbook."""

    name: str
    rows: int
    tables: tuple[str, ...]
    columns: tuple[ColumnView, ...]
    stages: tuple[StageView, ...] = ()
    note: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class QuestionView:
    """Something only a person can answer.

    Args:
        key: what the answer is remembered by.
        text: the question.
        why: what hangs on it, or what was found.
        options: the answers with their words.
        chosen: the answer so far, or the proposal.
        answered: whether a person said so.
        must: nothing can be loaded before it is answered.
    """

    key: str
    text: str
    why: str
    options: tuple[tuple[str, str], ...]
    chosen: str = ""
    answered: bool = False
    must: bool = False


@dataclass(frozen=True)
class RejectView:
    """Rows (or cells) that could not be read for one reason."""

    reason: str
    rows: int
    example: str
    where: str
    todo: str
    whole_row: bool = True


@dataclass(frozen=True)
class TableCount:
    """What the load does to one table, in rows."""

    table: str
    read: int
    new: int
    changed: int
    unchanged: int
    rejected: int


@dataclass(frozen=True)
class Review:
    """A load as it would be, or as it was.

    Args:
        rows: rows in the files.
        new, changed, unchanged: rows by what the load does to the facts.
        unread: rows that could not be read.
        cells: cells that were emptied because they could not be read; their rows are loaded.
        gone: rows that are loaded now and leave, when the load starts afresh.
        base: the version it was compared with; None where nothing was loaded.
        changes: whether loading would change anything.
        possible, impossible: what can be judged afterwards; what cannot, and what to load for it.
        noticed: problems in the data, one sentence each.
        left_out: rows the source itself marks as deleted, in one sentence each.
    """

    rows: int
    new: int
    changed: int
    unchanged: int
    unread: int
    cells: int = 0
    gone: int = 0
    mode: str = "add"
    mode_reason: str = ""
    base: int | None = None
    changes: bool = True
    tables: tuple[TableCount, ...] = ()
    sources: tuple[SourceView, ...] = ()
    questions: tuple[QuestionView, ...] = ()
    rejects: tuple[RejectView, ...] = ()
    possible: tuple[str, ...] = ()
    impossible: tuple[tuple[str, str], ...] = ()
    noticed: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    troubles: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain data for the record of the load."""
        return {"format": FORMAT, **asdict(self)}

    @property
    def to_load(self) -> int:
        """Rows that go in or are there already."""
        return self.new + self.changed + self.unchanged

    @property
    def open_questions(self) -> tuple[QuestionView, ...]:
        """Those a person has not answered."""
        return tuple(q for q in self.questions if not q.answered)

    @property
    def blocked(self) -> bool:
        """Whether something must be answered first."""
        return any(q.must and not q.answered for q in self.questions)

    @property
    def doubtful(self) -> tuple[ColumnView, ...]:
        """Columns that a person should look at."""
        return tuple(c for s in self.sources for c in s.columns if c.sure == "please check")


@dataclass(frozen=True)
class Corrections:
    """What a person changed on the page.

    Args:
        mapping: the whole mapping as plain data; empty = as it was.
        answers: answer by the question's key.
        mode: `add` or `replace`; empty = as it was.
    """

    mapping: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    mode: str = ""

    def as_json(self) -> dict[str, Any]:
        """What is kept with the load, to read the files again."""
        kept: dict[str, Any] = {}
        if self.answers:
            kept["said"] = self.answers
        if self.mapping:
            kept["given"] = self.mapping
        return kept

    @property
    def empty(self) -> bool:
        """Whether nothing was changed."""
        return not (self.mapping or self.answers or self.mode)


def from_json(raw: object) -> Review | None:
    """What `as_json` made; None where there is nothing, or another version of the program wrote it."""
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        return None
    plain = {k: v for k, v in raw.items() if k in _PLAIN}
    return Review(
        **plain,
        tables=tuple(TableCount(**t) for t in raw["tables"]),
        sources=tuple(_source(s) for s in raw["sources"]),
        questions=tuple(
            QuestionView(**{**q, "options": tuple((str(v), str(w)) for v, w in q["options"])}) for q in raw["questions"]
        ),
        rejects=tuple(RejectView(**r) for r in raw["rejects"]),
        impossible=tuple((str(what), str(load)) for what, load in raw["impossible"]),
        possible=tuple(raw["possible"]),
        noticed=tuple(raw["noticed"]),
        left_out=tuple(raw["left_out"]),
        troubles=tuple(raw["troubles"]),
    )


_PLAIN = frozenset(
    {"rows", "new", "changed", "unchanged", "unread", "cells", "gone", "mode", "mode_reason", "base", "changes"}
)


def _source(raw: dict[str, Any]) -> SourceView:
    return SourceView(
        name=raw["name"],
        rows=raw["rows"],
        tables=tuple(raw["tables"]),
        columns=tuple(
            ColumnView(**{**c, "examples": tuple(c["examples"]), "also": tuple(c["also"])}) for c in raw["columns"]
        ),
        stages=tuple(StageView(**s) for s in raw["stages"]),
        note=raw["note"],
        notes=tuple(raw["notes"]),
    )
