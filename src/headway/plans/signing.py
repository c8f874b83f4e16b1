"""What a signature stands for, in words, and what it was put under."""

from __future__ import annotations

import unicodedata

from django.utils.translation import gettext as _

from headway.core.actors import Actor, Role
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
    """The sentence that is signed."""
    told = {"plan": plan.name, "name": plan.person.name}
    if kind == SignatureKind.REFUSED and by is not None and by.role != Role.REP:
        return _("I handed this %(plan)s to %(name)s, who does not sign for it.") % told
    return {
        SignatureKind.ACKNOWLEDGED: _("I have received and read this %(plan)s. Signing does not mean that I agree."),
        SignatureKind.ACKNOWLEDGED_WITH_STATEMENT: _(
            "I have received and read this %(plan)s. Signing does not mean that I agree; my statement is part of it."
        ),
        SignatureKind.REFUSED: _("I have been given this %(plan)s and do not sign for it."),
        SignatureKind.WITNESSED: _("I witness that this %(plan)s was handed to %(name)s and that receipt was refused."),
        SignatureKind.CONSENTED: _("I have received this change of the %(plan)s and agree that it holds from now on."),
    }[kind] % told
