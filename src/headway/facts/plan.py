"""What a load would do: the plan that a person looks at before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from headway.facts.mapping import Mapping
from headway.facts.merging import TableCounts
from headway.facts.notices import Notice
from headway.facts.questions import Question
from headway.facts.rejects import RejectGroup
from headway.facts.workspace import Workspace


@dataclass(frozen=True)
class SourceView:
    """One source as a page shows it.

    Args:
        name: file, or file and sheet.
        tables: canonical tables it feeds; empty = not used, or looked into only (`note` says).
        headers: its columns.
        samples: its first rows, as text, in the order of the headers.
        rows, bad_rows: rows that could be read as rows, and that could not.
        notes: encoding and the like.
        note: why it is not used, or what it is looked into for.
    """

    name: str
    tables: tuple[str, ...]
    headers: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]
    rows: int
    bad_rows: int
    notes: tuple[str, ...]
    note: str


@dataclass
class LoadPlan:
    """What a load would do. Nothing is written before `commit_load`.

    Args:
        paths: the files.
        mode: `add` or `replace`.
        sources: every file or sheet, as a page shows it.
        mapping: what every source means; change it and plan again.
        questions: open decisions; answered by `answers` (question id -> choice), else by their default.
        tables: what happens to each canonical table.
        rejects: what could not be read, by reason.
        troubles: files that could not be read at all, one sentence each.
        notices: what a person should know besides (derived people, mixed currencies, …).
        base: the version it builds on.
        today: what lies after it has not happened.
        workspace: where the prepared rows lie until the plan is closed.
    """

    paths: tuple[Path, ...]
    mode: str
    mapping: Mapping
    answers: dict[str, str]
    questions: tuple[Question, ...]
    sources: tuple[SourceView, ...]
    tables: dict[str, TableCounts]
    rejects: tuple[RejectGroup, ...]
    troubles: tuple[str, ...]
    notices: tuple[Notice, ...]
    base: int | None
    today: date
    workspace: Workspace = field(repr=False)
    closed: bool = False

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """Questions nobody has answered yet."""
        return tuple(q for q in self.questions if q.id not in self.answers)

    @property
    def changes(self) -> bool:
        """Whether the load would change anything."""
        return any(t.changes for t in self.tables.values()) or (self.mode == "replace" and bool(self.tables))

    def total(self, what: str) -> int:
        """Sum over all tables of `read`, `loaded`, `unchanged`, `updated` or `rejected`."""
        return sum(int(getattr(t, what)) for t in self.tables.values())

    def close(self) -> None:
        """Throw the prepared rows away."""
        if not self.closed:
            self.closed = True
            self.workspace.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def summary(self) -> dict[str, Any]:
        """Plain data for `load --json`, the records and a page."""
        return {
            "tables": {
                name: {
                    "read": t.read,
                    "loaded": t.loaded,
                    "unchanged": t.unchanged,
                    "updated": t.updated,
                    "rejected": t.rejected,
                    "removed": t.removed,
                    "cells_not_read": t.cells,
                    "left_out": t.dropped,
                }
                for name, t in self.tables.items()
            },
            "rejects": [vars(g) for g in self.rejects],
            "not_read": list(self.troubles),
            "notices": [{"kind": n.kind, "text": n.text, "rows": n.rows} for n in self.notices],
            "sources": [
                {"name": s.name, "tables": list(s.tables), "rows": s.rows, "bad_rows": s.bad_rows, "note": s.note}
                for s in self.sources
            ],
        }
