"""PDF/UA as far as a checker without Java goes; hard words break no paper."""

from __future__ import annotations

from pathlib import Path

import pdfua
import pytest

from headway.documents.letter import Signature, Signatures, Words
from headway.documents.render import render
from tests.documents.test_render import NASTY, letter


def findings(content: bytes, folder: Path) -> list[str]:
    path = folder / "letter.pdf"
    path.write_bytes(content)
    return [str(one) for one in pdfua.validate(path).findings]


def test_the_checker_finds_nothing(tmp_path: Path) -> None:
    assert findings(render(letter(), "pdf"), tmp_path) == []


def test_the_checker_would_find_something(tmp_path: Path) -> None:
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    path = tmp_path / "plain.pdf"
    writer.write(path)
    assert findings(path.read_bytes(), tmp_path) != []


@pytest.mark.parametrize("text", [*NASTY, "W" * 3000, "שלום עולם, مرحبا بالعالم"])
def test_signed_words_of_any_kind(tmp_path: Path, text: str) -> None:
    people = (Signature("Jonas", text, "Signed electronically on 28 May"), Signature("Marta", "for Alderwick"))
    made = render(letter(blocks=(Words(text), Signatures(people))), "pdf")
    assert made.startswith(b"%PDF")
