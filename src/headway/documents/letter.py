"""A letter as frozen data: what every format is made from. Knows nothing of plans."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Format(StrEnum):
    """The formats a letter can be had in."""

    PDF = "pdf"
    DOCX = "docx"
    MARKDOWN = "md"
    JSON = "json"


MEDIA_TYPES = {
    Format.PDF: "application/pdf",
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Format.MARKDOWN: "text/markdown; charset=utf-8",
    Format.JSON: "application/json",
}


@dataclass(frozen=True)
class Heading:
    """A section's title."""

    text: str
    block: str = "heading"


@dataclass(frozen=True)
class Words:
    """A paragraph. tone: "plain", "fine" (small print), "note" (set apart: something the reader must not miss)."""

    text: str
    tone: str = "plain"
    block: str = "words"


@dataclass(frozen=True)
class Bullets:
    """A list."""

    items: tuple[str, ...]
    block: str = "bullets"


@dataclass(frozen=True)
class Column:
    """A column's title, its share of the width, and whether it holds figures (set flush right)."""

    title: str
    width: float = 1.0
    figures: bool = False


@dataclass(frozen=True)
class Rows:
    """A table. The first cell of a row is its title. Each row has as many cells as there are columns."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    label: str
    block: str = "rows"

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"A row of “{self.label}” has another number of cells than the table has columns")


@dataclass(frozen=True)
class Picture:
    """An SVG with fixed colours, and what it shows in words."""

    svg: str
    alternative: str
    height_mm: float
    block: str = "picture"


@dataclass(frozen=True)
class Quote:
    """Somebody's own words."""

    text: str
    cite: str = ""
    block: str = "quote"


@dataclass(frozen=True)
class Signature:
    """A line to sign on: the name, and what signing means. signed: when and how, once it has been."""

    name: str
    meaning: str
    signed: str = ""


@dataclass(frozen=True)
class Signatures:
    """The signature block."""

    people: tuple[Signature, ...]
    block: str = "signatures"


Block = Heading | Words | Bullets | Rows | Picture | Quote | Signatures


@dataclass(frozen=True)
class Letter:
    """A whole letter.

    language: a tag like "en" or "en-gb". sender_lines come under the sender's name; corner stands at the right of
    every page's head ("Confidential"); reference stands in every foot; page_words is "Page {n} of {total}". The same
    letter always gives the same bytes: no clock is read while it is set.
    """

    language: str
    title: str
    sender: str
    sender_lines: tuple[str, ...]
    corner: tuple[str, ...]
    recipient: tuple[str, ...]
    dated: str
    greeting: str
    blocks: tuple[Block, ...]
    reference: str
    page_words: str = "Page {n} of {total}"
