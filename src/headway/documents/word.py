"""A letter as a Word document, built in code: real headings, header rows, page numbers, language."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from headway.documents.letter import Block, Bullets, Heading, Letter, Picture, Quote, Rows, Signatures, Words
from headway.documents.paper import png_of, without_controls

INK, SOFT, LINE = RGBColor(0x1F, 0x1D, 0x1A), RGBColor(0x57, 0x52, 0x4A), "CFC8BB"


def to_docx(letter: Letter) -> bytes:
    """The letter as .docx, A4."""
    document = Document()
    _styles(document, letter.language)
    _page(document, letter)
    document.core_properties.title = _text(letter.title)
    document.core_properties.author = _text(letter.sender)
    document.core_properties.language = letter.language
    document.core_properties.comments = ""
    document.add_paragraph(_text("\n".join(letter.recipient)))
    document.add_paragraph(_text(letter.dated))
    document.add_heading(_text(letter.title), level=1)
    if letter.greeting:
        document.add_paragraph(_text(letter.greeting))
    for block in letter.blocks:
        _WRITERS[type(block)](document, block)
    result = io.BytesIO()
    document.save(result)
    return result.getvalue()


def _text(text: str) -> str:
    return str(without_controls(text))


def _styles(document: Any, language: str) -> None:
    sizes = {"Normal": (10, False), "Heading 1": (18, True), "Heading 2": (11.5, True), "List Bullet": (10, False)}
    for name, (size, bold) in sizes.items():
        style = document.styles[name]
        style.font.name, style.font.size, style.font.bold = "Inter", Pt(size), bold
        style.font.color.rgb = INK
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
            fonts.set(qn(kind), "Inter")
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(theme), None)
    document.styles["Normal"].paragraph_format.space_after = Pt(6)
    document.styles["Heading 2"].paragraph_format.space_before = Pt(14)
    document.styles["Heading 2"].paragraph_format.space_after = Pt(4)
    lang = OxmlElement("w:lang")
    lang.set(qn("w:val"), _tag(language))
    document.styles["Normal"].element.get_or_add_rPr().append(lang)


def _tag(language: str) -> str:
    short, _, region = language.partition("-")
    return f"{short.lower()}-{region.upper()}" if region else short.lower()


def _page(document: Any, letter: Letter) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(26), Mm(24)
    section.top_margin, section.bottom_margin = Mm(30), Mm(24)
    head = section.header.paragraphs[0]
    head.paragraph_format.tab_stops.clear_all()
    head.paragraph_format.tab_stops.add_tab_stop(Mm(160), WD_ALIGN_PARAGRAPH.RIGHT)
    run = head.add_run(_text(letter.sender))
    run.bold, run.font.size = True, Pt(12)
    _small(head, "\t" + " · ".join(letter.corner))
    _small(section.header.add_paragraph(), " · ".join(letter.sender_lines))
    foot = section.footer.paragraphs[0]
    foot.paragraph_format.tab_stops.clear_all()
    foot.paragraph_format.tab_stops.add_tab_stop(Mm(160), WD_ALIGN_PARAGRAPH.RIGHT)
    _small(foot, letter.reference + "\t")
    before, _, rest = letter.page_words.partition("{n}")
    between, _, after = rest.partition("{total}")
    for words, field in ((before, "PAGE"), (between, "NUMPAGES"), (after, "")):
        _small(foot, words)
        if field:
            _field(foot, field)


def _small(paragraph: Any, text: str) -> None:
    run = paragraph.add_run(_text(text))
    run.font.size, run.font.color.rgb = Pt(8.5), SOFT


def _field(paragraph: Any, code: str) -> None:
    run = paragraph.add_run()
    run.font.size, run.font.color.rgb = Pt(8.5), SOFT
    for kind, text in (("begin", None), (None, code), ("end", None)):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = text
        run._r.append(mark)


def _styled(document: Any, text: str, style_id: str) -> None:
    """A paragraph of a style by its id: looking styles up by name takes longer than all the rest of a letter."""
    paragraph = document.add_paragraph(text)
    paragraph._p.get_or_add_pPr().get_or_add_pStyle().val = style_id


def _heading(document: Any, block: Heading) -> None:
    _styled(document, _text(block.text), "Heading2")


def _words(document: Any, block: Words) -> None:
    paragraph = document.add_paragraph()
    if block.tone == "fine":
        _small(paragraph, block.text)
        return
    paragraph.add_run(_text(block.text))
    if block.tone == "note":
        _bar(paragraph)


def _bar(paragraph: Any) -> None:
    paragraph.paragraph_format.left_indent = Mm(4)
    borders = OxmlElement("w:pBdr")
    left = OxmlElement("w:left")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "8"), ("color", "2F8199")):
        left.set(qn(f"w:{name}"), value)
    borders.append(left)
    paragraph._p.get_or_add_pPr().append(borders)


def _bullets(document: Any, block: Bullets) -> None:
    for item in block.items:
        _styled(document, _text(item), "ListBullet")


def _rows(document: Any, block: Rows) -> None:
    table = document.add_table(rows=1, cols=len(block.columns))
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    table.autofit = False
    total = sum(column.width for column in block.columns)
    widths = [Mm(160 * column.width / total) for column in block.columns]
    _repeat_head(table.rows[0])
    for cell, column in zip(table.rows[0].cells, block.columns, strict=True):
        _cell(cell, column.title, figures=column.figures, small=True)
    for row in block.rows:
        cells = table.add_row().cells
        for n, (cell, text, column) in enumerate(zip(cells, row, block.columns, strict=True)):
            _cell(cell, text, figures=column.figures, bold=n == 0)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width
    document.add_paragraph().paragraph_format.space_after = Pt(2)


def _repeat_head(row: Any) -> None:
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _cell(cell: Any, text: str, *, figures: bool, small: bool = False, bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(2)
    if figures:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if small:
        _small(paragraph, text)
    else:
        run = paragraph.add_run(_text(text))
        run.bold, run.font.size = bold, Pt(9.5)
    borders = OxmlElement("w:tcBorders")
    line = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "4"), ("color", LINE)):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    cell._tc.get_or_add_tcPr().append(borders)


def _picture(document: Any, block: Picture) -> None:
    """The picture as Typst sets it (Word shows SVG not everywhere), with its words for those who do not see it."""
    shape = document.add_picture(io.BytesIO(png_of(block)), width=Mm(160))
    shape._inline.docPr.set("descr", _text(block.alternative))
    _small(document.add_paragraph(), block.alternative)


def _quote(document: Any, block: Quote) -> None:
    paragraph = document.add_paragraph(_text(f"“{block.text}”"))
    _bar(paragraph)
    if block.cite:
        _small(document.add_paragraph(), block.cite)


def _signatures(document: Any, block: Signatures) -> None:
    document.add_paragraph().paragraph_format.space_after = Pt(18)
    table = document.add_table(rows=(len(block.people) + 1) // 2, cols=2)
    for number, person in enumerate(block.people):
        cell = table.cell(number // 2, number % 2)
        line = cell.paragraphs[0]
        line.add_run(_text(person.name) if person.signed else "______________________________").italic = bool(
            person.signed
        )
        cell.add_paragraph().add_run(_text(person.name)).bold = True
        _small(cell.add_paragraph(), person.meaning)
        if person.signed:
            _small(cell.add_paragraph(), person.signed)


_WRITERS: dict[type[Block], Callable[[Any, Any], None]] = {
    Heading: _heading,
    Words: _words,
    Bullets: _bullets,
    Rows: _rows,
    Picture: _picture,
    Quote: _quote,
    Signatures: _signatures,
}
