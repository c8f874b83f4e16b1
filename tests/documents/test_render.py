"""Letters in every format: accessible, escaped, whole."""

from __future__ import annotations

import json
import time
from io import BytesIO

import pytest
from docx import Document
from pypdf import PdfReader

from headway.charts import forecast
from headway.core.errors import WrongUsage
from headway.documents.letter import (
    Bullets,
    Column,
    Heading,
    Letter,
    Picture,
    Quote,
    Rows,
    Signature,
    Signatures,
    Words,
)
from headway.documents.markdown import escaped, to_markdown
from headway.documents.render import render
from tests.plans.jonas import AS_OF

NASTY = [
    '#import "x": *; $x^2$ @ref <label> // no /* no */ `raw` \\ [b] {c} = not a heading',
    "<script>alert(1)</script> & <b>bold</b> &amp;",
    "| pipes | and *stars* and _lines_ and [links](http://x.example) ~~no~~",
    "👩‍💻 💪 café ñandú 中文",
    "שלום עולם مرحبا بالعالم",
    "with\x00null\x07bell and\ttab",
    "x" * 3_000,
    '=HYPERLINK("http://x.example")',
    "",
]


def picture() -> Picture:
    steps = (forecast.Step(AS_OF, 0.0), forecast.Step(AS_OF.replace(month=8), 150.0, "17 August", "€150k"))
    found = forecast.Forecast(
        "Path", "From nothing to €150k", AS_OF, AS_OF.replace(month=8), path=steps, marks=steps[1:]
    )
    return Picture(str(forecast.render(found, colours="print", height=110)), found.description, 38)


def letter(text: str = "Some words.", **changes: object) -> Letter:
    values: dict[str, object] = {
        "language": "en-gb",
        "title": "Your growth plan",
        "sender": "Alderwick",
        "sender_lines": ("Mid-market North",),
        "corner": ("Confidential", "Draft"),
        "recipient": ("Jonas Weber",),
        "dated": "17 May 2026",
        "greeting": "Dear Jonas,",
        "blocks": (
            Heading("What we saw"),
            Words(text),
            Words(text, tone="note"),
            Words(text, tone="fine"),
            Bullets((text, "second")),
            Rows((Column("Part"), Column("Amount", figures=True)), ((text, "−€50k"), ("second", "+€10k")), "Parts"),
            picture(),
            Quote(text, "Jonas"),
            Signatures((Signature("Jonas Weber", "has received this"), Signature("Marta", text))),
        ),
        "reference": "Growth plan · record 7c1e",
        **changes,
    }
    return Letter(**values)  # type: ignore[arg-type]


def pdf_of(made: Letter) -> PdfReader:
    return PdfReader(BytesIO(render(made, "pdf")))


def test_the_pdf_is_tagged_titled_and_knows_its_language() -> None:
    pdf = pdf_of(letter())
    root = pdf.trailer["/Root"]
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Your growth plan"
    assert pdf.metadata.author == "Alderwick"
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()


def test_the_pdf_has_headings_table_heads_and_alternatives() -> None:
    kinds: list[str] = []
    alternatives: list[str] = []

    def walk(node: object) -> None:
        found = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(found, list):
            for child in found:
                walk(child)
        elif isinstance(found, dict):
            kinds.append(str(found.get("/S", "")))
            if "/Alt" in found:
                alternatives.append(str(found["/Alt"]))
            if "/K" in found:
                walk(found["/K"])

    walk(pdf_of(letter()).trailer["/Root"]["/StructTreeRoot"])
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/L", "/Figure"} <= set(kinds)
    assert "From nothing to €150k" in alternatives


def test_pages_are_numbered_and_carry_the_head() -> None:
    long = letter(blocks=tuple(Words("Words to fill the page. " * 60) for _ in range(12)))
    pages = [page.extract_text() for page in pdf_of(long).pages]
    assert len(pages) > 1
    for number, text in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in text
        assert "Confidential" in text


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("fmt", ["pdf", "docx", "md", "json"])
def test_whatever_people_type_is_text(fmt: str, text: str) -> None:
    made = render(letter(text), fmt)
    assert len(made) > 300
    if fmt == "pdf":
        assert "/StructTreeRoot" in PdfReader(BytesIO(made)).trailer["/Root"]


def test_markup_is_shown_not_obeyed() -> None:
    text = "#strong[x] $a$ *b* <script>"
    shown = " ".join(page.extract_text() for page in pdf_of(letter(text)).pages)
    assert "#strong[x] $a$ *b* <script>" in shown
    word = Document(BytesIO(render(letter(text), "docx")))
    assert any(text == paragraph.text for paragraph in word.paragraphs)


def test_two_hundred_kilobytes_are_set_whole() -> None:
    text = "Every word is kept. " * 10_000
    long = letter(blocks=(Words(text + "The last sentence."),))
    assert "The last sentence." in pdf_of(long).pages[-1].extract_text()
    assert "The last sentence." in render(long, "md").decode()
    assert "The last sentence." in Document(BytesIO(render(long, "docx"))).paragraphs[-1].text


def test_word_has_real_headings_head_rows_language_and_page_fields() -> None:
    document = Document(BytesIO(render(letter(), "docx")))
    styles = {paragraph.style.name for paragraph in document.paragraphs if paragraph.style}
    assert {"Heading 1", "Heading 2", "List Bullet"} <= styles
    assert document.core_properties.title == "Your growth plan"
    assert "w:tblHeader" in document.tables[0]._tbl.xml
    assert "NUMPAGES" in document.sections[0].footer._element.xml
    assert 'w:val="en-GB"' in document.styles["Normal"].element.xml


def test_markdown_has_every_section_and_escapes() -> None:
    text = to_markdown(letter("a * b"))
    assert "## What we saw" in text
    assert "a \\* b" in text
    assert "| Part | Amount |" in text
    assert escaped("1. one\n- two\n<b> & |") == "1\\. one\n\\- two\n\\<b\\> &amp; \\|"


def test_json_holds_everything() -> None:
    assert json.loads(render(letter(), "json"))["blocks"][0] == {"text": "What we saw", "block": "heading"}


@pytest.mark.parametrize("fmt", ["exe", "", "PDF "])
def test_an_unknown_format_is_said_plainly(fmt: str) -> None:
    with pytest.raises(WrongUsage, match="pdf, docx, md or json"):
        render(letter(), fmt)


def test_a_table_with_a_missing_cell_is_refused() -> None:
    with pytest.raises(ValueError, match="another number of cells"):
        Rows((Column("a"), Column("b")), (("only one",),), "x")


@pytest.mark.parametrize("fmt", ["pdf", "docx"])
def test_it_is_quick_after_warm_up(fmt: str) -> None:
    render(letter(), fmt)
    best = min(_seconds(fmt, f"Words {n}.") for n in range(3))
    assert best < 0.15


def _seconds(fmt: str, text: str) -> float:
    # This process's own time: whatever else the machine does must not fail a test.
    start = time.process_time()
    render(letter(text), fmt)
    return time.process_time() - start
