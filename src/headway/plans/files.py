"""A plan as a file: PDF, DOCX and Markdown are letters, JSON is the whole draft with its evidence."""

from __future__ import annotations

import json
import re
import unicodedata

from headway.documents.letter import Format
from headway.documents.render import render
from headway.plans.letter import letter_of
from headway.plans.plan_draft import PlanDraft


def file_of(plan: PlanDraft, fmt: Format | str) -> bytes:
    """A draft in a format; a kept plan has its versions (see papers.current).

    Raises:
        WrongUsage: there is no such format.
    """
    if str(fmt).lower().lstrip(".") == Format.JSON:
        return (json.dumps(plan.as_json(), ensure_ascii=False, indent=2) + "\n").encode()
    return render(letter_of(plan), fmt)


def file_name(plan: PlanDraft, fmt: Format | str) -> str:
    """A name that every file system takes: growth-plan-jonas-weber-2026-06-01.pdf."""
    words = unicodedata.normalize("NFKD", f"{plan.name} {plan.rep.name}").encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:80] or "plan"
    return f"{slug}-{plan.start.isoformat()}.{fmt}"
