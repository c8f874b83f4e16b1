"""The versions of a plan and what changed between them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from headway.core.actors import Role
from headway.core.errors import NotFound
from headway.plans import differences
from headway.plans.models import PaperKind
from headway.plans.pages.desk import user_of
from headway.plans.papers.freezing import letter_for
from headway.plans.queries import plan_for
from headway.plans.signing import draft_in


@require_GET
def versions(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Every version with its reason, the newest first."""
    found = plan_for(user_of(request), plan_id)
    rows = list(found.versions.order_by("-number").defer("content_text").prefetch_related("signatures"))
    title = _("%(n)d versions of this plan") % {"n": len(rows)} if len(rows) != 1 else _("One version of this plan")
    return render(request, "plans/versions.html", {"plan": found, "rows": rows, "title": title})


@require_GET
def version(request: HttpRequest, plan_id: int, number: int) -> HttpResponse:
    """One version as it was, and how it differs from another (`?with=`, the one before if left out)."""
    found = plan_for(user_of(request), plan_id)
    rows = {row.number: row for row in found.versions.prefetch_related("signatures")}
    row = rows.get(number)
    if row is None:
        raise NotFound(_("There is no such version of this plan"))
    asked = request.GET.get("with", "")
    other = rows.get(int(asked)) if asked.isdecimal() else rows.get(number - 1)
    draft = draft_in(row)
    context = {
        "plan": found,
        "row": row,
        "other": other,
        "numbers": [n for n in sorted(rows) if n != number],
        "differences": differences.between(draft_in(other), draft) if other else (),
        "letter": letter_for(row, PaperKind.PLAN),
        "signatures": list(row.signatures.all()),
        "is_rep": user_of(request).role == Role.REP,
    }
    return render(request, "plans/version.html", context)
