"""The generated pages about the API: the OpenAPI document and the list for people."""

from __future__ import annotations

import json

from headway.api.outline import outline
from headway.api.service import ABOUT, document


def pages() -> dict[str, str]:
    """`openapi.json` and `api.md`."""
    return {
        "openapi.json": json.dumps(document(), indent=1, ensure_ascii=False, default=str) + "\n",
        "api.md": _list(),
    }


def _list() -> str:
    lines = ["# API", "", ABOUT, "", "The whole description for programs: [openapi.json](openapi.json)."]
    for group in outline():
        lines += ["", f"## {group.name}", "", "| | address | does |", "| --- | --- | --- |"]
        for found in group.operations:
            lines.append(f"| {found.method} | `{found.path}` | {found.words.split(chr(10))[0] or found.summary} |")
    return "\n".join(lines) + "\n"
