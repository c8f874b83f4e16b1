"""A letter as Markdown that shows the same in every reader: everything special in the words is escaped."""

from __future__ import annotations

import re
from collections.abc import Callable

from headway.documents.letter import Block, Bullets, Heading, Letter, Picture, Quote, Rows, Signatures, Words
from headway.documents.paper import without_controls

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|~#])")
_LINE_START = re.compile(r"^(\s*)([+-]|\d+[.)])(\s|$)", re.M)


def escaped(text: str) -> str:
    """Words as plain text in Markdown, HTML included."""
    text = str(without_controls(text)).replace("&", "&amp;")
    text = _SPECIAL.sub(r"\\\1", text)
    return _LINE_START.sub(lambda m: f"{m[1]}{m[2][:-1]}\\{m[2][-1]}{m[3]}", text)


def _cell(text: str) -> str:
    return " ".join(escaped(text).split())


def _rows(block: Rows) -> str:
    head = "| " + " | ".join(_cell(column.title) for column in block.columns) + " |"
    rule = "| " + " | ".join("---:" if column.figures else "---" for column in block.columns) + " |"
    return "\n".join([head, rule, *("| " + " | ".join(map(_cell, row)) + " |" for row in block.rows)])


def _quote(block: Quote) -> str:
    lines = escaped(block.text).split("\n") + ([f"— {escaped(block.cite)}"] if block.cite else [])
    return "\n".join(f"> {line}" for line in lines)


def _words(block: Words) -> str:
    text = escaped(block.text)
    return "\n".join(f"> {line}" for line in text.split("\n")) if block.tone == "note" else text


def _block(block: Block) -> str:
    writers: dict[type, Callable[..., str]] = {
        Heading: lambda b: f"## {_cell(b.text)}",
        Words: _words,
        Bullets: lambda b: "\n".join(f"- {_cell(item)}" for item in b.items),
        Rows: _rows,
        Picture: lambda b: f"*{_cell(b.alternative)}*",
        Quote: _quote,
        Signatures: lambda b: "\n\n".join(
            f"{_cell(p.signed) or '______________________'}\n**{_cell(p.name)}** {_cell(p.meaning)}" for p in b.people
        ),
    }
    return writers[type(block)](block)


def to_markdown(letter: Letter) -> str:
    """The whole letter as Markdown."""
    head = [
        f"# {_cell(letter.title)}",
        "  \n".join(escaped(line) for line in (f"{letter.sender}", *letter.corner)),
        "  \n".join(escaped(line) for line in letter.recipient),
        escaped(letter.dated),
        escaped(letter.greeting),
    ]
    parts = [*head, *(_block(block) for block in letter.blocks), "---", escaped(letter.reference)]
    return "\n\n".join(part for part in parts if part) + "\n"
