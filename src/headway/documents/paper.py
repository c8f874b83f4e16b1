"""A letter as an accessible PDF, by Typst."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.utils.translation import gettext

from headway.core.errors import StorageTrouble
from headway.documents import fonts
from headway.documents.letter import Letter, Picture

TEMPLATE = Path(__file__).parent / "letter.typ"
PICTURE = Path(__file__).parent / "picture.typ"
_local = threading.local()
# What XML and PDF text cannot hold: control characters other than line breaks and tabs.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def without_controls(value: Any) -> Any:
    """The same data without characters that no document can hold."""
    if isinstance(value, str):
        return _CONTROL.sub("", value)
    if isinstance(value, dict):
        return {key: without_controls(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_controls(item) for item in value]
    return value


def _compiler(template: Path = TEMPLATE) -> Any:
    """One compiler per thread and template: fonts are read once, a compiler is not shared between threads."""
    kept = _local.__dict__.setdefault("compilers", {})
    if template not in kept:
        import typst

        known = typst.Fonts(include_system_fonts=True, include_embedded_fonts=True, font_paths=[str(fonts.folder())])
        kept[template] = typst.Compiler(input=str(template), root=str(template.parent), font_paths=known)
    return kept[template]


def png_of(picture: Picture, *, width_mm: float = 160) -> bytes:
    """A picture as PNG, for papers that do not take SVG.

    Raises:
        StorageTrouble: the picture cannot be set.
    """
    import typst  # the engine is read where it is needed, not at start

    inputs = {"svg": picture.svg, "width": str(width_mm), "height": str(picture.height_mm)}
    try:
        return bytes(_compiler(PICTURE).compile(format="png", ppi=220, sys_inputs=inputs))
    except (typst.TypstError, OSError) as trouble:
        raise StorageTrouble(gettext("The picture could not be made"), value=str(trouble)[:200]) from trouble


def to_pdf(letter: Letter) -> bytes:
    """The letter as a tagged PDF 1.7 (A4), with title, language and alternatives to pictures.

    Raises:
        StorageTrouble: the letter cannot be set.
    """
    import typst

    language, _, region = letter.language.partition("-")
    data = without_controls(asdict(letter)) | {"lang": language.lower(), "region": region.upper() or None}
    inputs = {"letter": json.dumps(data, ensure_ascii=False)}
    try:
        try:
            made = _compiler().compile(format="pdf", sys_inputs=inputs, pdf_standards=["ua-1"])
        except typst.TypstError as refused:
            if "could not be displayed" not in str(refused):
                raise
            # No font of this machine has a sign that somebody typed (emoji, a rare script). PDF/UA forbids such
            # signs; the letter must not fail for it, so it is tagged all the same but makes no claim to PDF/UA.
            made = _compiler().compile(format="pdf", sys_inputs=inputs, pdf_standards=[])
    except (typst.TypstError, OSError) as trouble:
        raise StorageTrouble(gettext("The PDF could not be made"), value=str(trouble)[:200]) from trouble
    return bytes(made)
