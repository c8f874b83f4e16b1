"""What is not in a person’s hands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from headway.core import audit, clock
from headway.core.action import action
from headway.core.actors import Actor
from headway.core.errors import BadInput
from headway.diagnosis.practice.actions.keeping import clean, keep, one_of
from headway.diagnosis.practice.factors import FACTORS
from headway.diagnosis.practice.models import (
    FactorAnswer,
    Found,
)


@dataclass(frozen=True)
class FactorGiven:
    """The answer to one outside factor; a remedy says what the company does where it holds back."""

    factor: str
    found: str
    text: str
    remedy: str = ""


@action(permission="factors.answer", event="factors.answered", about="person_id")
def answer_factors(
    *, person_id: str, answers: Sequence[FactorGiven], signed: bool, by: Actor
) -> tuple[FactorAnswer, ...]:
    """Answer what lies outside a person's hands, and stand by it with the own name.

    Raises:
        BadInput: not signed, nothing answered, an unknown factor, or an answer without words.
    """
    if not answers:
        raise BadInput(_("Nothing was answered"), todo=_("Answer at least one factor."))
    if not signed:
        raise BadInput(_("The answers are not signed"), todo=_("Tick that you have looked at each of them yourself."))
    for given in answers:
        if given.factor not in FACTORS:
            raise BadInput(_("There is no such factor"), value=given.factor)
        one_of(given.found, Found, what=_("The answer"))
    audit.detail(answers={given.factor: given.found for given in answers}, signed=by.name)
    return tuple(
        keep(
            FactorAnswer(
                factor=given.factor, found=given.found, answered_on=clock.today(),
                text=clean(given.text, what=_("The answer"), needed=True),
                remedy=clean(given.remedy, what=_("What is done about it")),
            ),
            person_id=person_id, by=by,
        )
        for given in answers
    )  # fmt: skip
