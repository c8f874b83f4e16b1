"""The numbers behind a picture, as words in rows."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """A header and rows of finished texts; `figures` are the columns to set right-aligned."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.header):
                raise ValueError(f"A row has {len(row)} cells, the header {len(self.header)}: {row!r}")

    @property
    def columns(self) -> tuple[tuple[str, bool], ...]:
        """Each heading with whether it holds figures."""
        return tuple((words, number in self.figures) for number, words in enumerate(self.header))

    @property
    def cells(self) -> tuple[tuple[tuple[str, bool], ...], ...]:
        """Each row's cells with whether they are figures."""
        return tuple(tuple((words, number in self.figures) for number, words in enumerate(row)) for row in self.rows)
