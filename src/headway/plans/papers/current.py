"""The letter of a plan as it stands: the draft, then the last version that was kept, then the signed paper itself."""

from __future__ import annotations

import json

from headway.documents.letter import Format, Letter
from headway.documents.render import render
from headway.plans.files import file_name
from headway.plans.keeping import draft_of
from headway.plans.letter import letter_of
from headway.plans.models import PaperKind, Plan, VersionKind
from headway.plans.papers.freezing import letter_for
from headway.plans.papers.shelf import file_of_paper, paper_of_version
from headway.plans.queries import last_version
from headway.plans.signing import draft_in


def letter_now(plan: Plan) -> Letter:
    """The letter as its reader may see it; its corner says which version it is, or that it is a draft."""
    version = last_version(plan)
    return letter_for(version, PaperKind.PLAN) if version else letter_of(draft_of(plan), version=plan.version)


def file_now(plan: Plan, fmt: Format) -> bytes:
    """The letter as a file. Once signed, the PDF is the frozen paper byte for byte, JSON the words that were signed."""
    version = last_version(plan)
    if fmt is Format.JSON:
        content = version.content if version else draft_of(plan).as_json()
        return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()
    if version is not None and version.kind == VersionKind.SIGNED:
        return file_of_paper(paper_of_version(version, PaperKind.PLAN), fmt)
    return render(letter_now(plan), fmt)


def name_now(plan: Plan, fmt: Format) -> str:
    """The file's name, with the version: success-plan-jonas-weber-2026-06-01-v4.pdf."""
    version = last_version(plan)
    if version is None:
        return file_name(draft_of(plan), fmt)
    return f"{file_name(draft_in(version), fmt).removesuffix(f'.{fmt}')}-v{version.number}.{fmt}"
