"""What only a person can decide about a load."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Choice:
    """One possible answer: what is kept and what is shown."""

    value: str
    words: str


@dataclass(frozen=True)
class Question:
    """An open decision.

    Args:
        id: key of the answer.
        kind: `dates`, `owner`, `stage`, `currency`.
        source, column: what it is about.
        text: the question in one sentence.
        examples: a few cells.
        choices: the possible answers.
        default: what happens where nobody answers (`--yes`); always the choice that invents nothing.
        rows: how many rows it touches.
    """

    id: str
    kind: str
    source: str
    column: str
    text: str
    examples: tuple[str, ...]
    choices: tuple[Choice, ...]
    default: str
    rows: int = 0
