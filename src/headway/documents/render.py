"""One letter, any format."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict

from django.utils.translation import gettext as _

from headway.core.errors import WrongUsage
from headway.documents.letter import Format, Letter
from headway.documents.markdown import to_markdown
from headway.documents.paper import to_pdf
from headway.documents.word import to_docx


def _json(letter: Letter) -> bytes:
    return json.dumps(asdict(letter), ensure_ascii=False, indent=2).encode()


_WRITERS: dict[Format, Callable[[Letter], bytes]] = {
    Format.PDF: to_pdf,
    Format.DOCX: to_docx,
    Format.MARKDOWN: lambda letter: to_markdown(letter).encode(),
    Format.JSON: _json,
}


def render(snapshot: Letter, fmt: Format | str) -> bytes:
    """The letter in a format ("pdf", "docx", "md" or "json").

    Raises:
        WrongUsage: there is no such format.
    """
    try:
        chosen = Format(str(fmt).lower().lstrip("."))
    except ValueError:
        raise WrongUsage(
            _("A letter can be had as pdf, docx, md or json"),
            value=fmt,
            todo=_("End the file's name with one of these."),
        ) from None
    return _WRITERS[chosen](snapshot)
