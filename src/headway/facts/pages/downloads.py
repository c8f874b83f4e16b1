"""The file of what could not be read."""

from __future__ import annotations

import re
from pathlib import Path

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from headway.core.errors import NotFound
from headway.facts.pages.gate import actor_of, needs
from headway.facts.web_loads import queries

_NAME = re.compile(r"^(load-|v)(\d{1,9})$")


@needs("facts.load")
def rejects(request: HttpRequest, name: str) -> HttpResponseBase:
    """Rejects of a load (`load-12`) or of a version (`v7`) as CSV, always as a download."""
    found = _NAME.match(name)
    path = _path(request, found.group(1), int(found.group(2))) if found else None
    if path is None or not path.is_file():
        raise NotFound(_("There is no such file of rejects"), todo=_("Every row of that load may have been readable."))
    return FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=f"headway-rejects-{name}.csv",
        content_type="text/csv; charset=utf-8",
    )


def _path(request: HttpRequest, kind: str, number: int) -> Path | None:
    actor = actor_of(request)
    if kind == "load-":
        kept = queries.load_for(actor, number).rejects_file
    else:
        kept = str(queries.version_for(actor, number).summary.get("rejects_file") or "")
    return Path(kept) if kept else None
