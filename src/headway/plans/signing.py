"""What a signature stands for, in words, and what it was put under."""

from __future__ import annotations

import unicodedata

from headway.core.actors import Actor, Role
from headway.plans.letter_words import in_language, named, said
from headway.plans.models import Plan, PlanVersion, SignatureKind
from headway.plans.plan_draft import PlanDraft


def draft_in(version: PlanVersion) -> PlanDraft:
    """The plan that a version holds."""
    return PlanDraft.from_json(version.content)


def same_name(typed: str, name: str) -> bool:
    """Whether a typed name is the signer's, whatever case, accents' form and spaces."""
    return _plain(typed) == _plain(name)


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).split()).casefold()


def intent(plan: Plan, kind: SignatureKind, *, by: Actor | None = None) -> str:
    """The sentence that is signed, in the language of the plan."""
    words = f"{kind}_for" if kind == SignatureKind.REFUSED and by is not None and by.role != Role.REP else str(kind)
    with in_language(plan.body["language"]):
        return said(f"intent_{words}", **named(plan.name), name=plan.person.name)
