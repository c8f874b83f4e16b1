"""What lies outside a person's hands: the data's word, the manager's answers, signed by name."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.core import clock
from headway.core.errors import BadInput, Conflict
from headway.core.permissions import can, require
from headway.diagnosis.practice import actions
from headway.diagnosis.practice.actions import FactorGiven
from headway.diagnosis.practice.factors import FACTORS, Factor, factors_of
from headway.diagnosis.practice.models import Found
from headway.diagnosis.practice.pages.common import reading
from headway.diagnosis.practice.rules import GateState
from headway.metrics.queries import latest_run


@dataclass(frozen=True)
class FactorField:
    """One factor with what was typed about it."""

    factor: Factor
    found: str
    text: str
    remedy: str
    ask: bool


def outside(request: HttpRequest, person_id: str) -> HttpResponse:
    """Every factor as it stands; whoever may answer finds the open ones as a form."""
    who = reading(request, person_id, page="outside")
    problem = ""
    if request.method == "POST":
        require(who.user, "factors.answer", person_id)
        try:
            actions.answer_factors(
                person_id=person_id, answers=_given(request.POST), signed="signed" in request.POST, by=who.user
            )
        except (BadInput, Conflict) as error:
            problem = error.sentence
        else:
            messages.success(request, _("Your answers are kept, with your name and today’s date."))
            return redirect("outside", person_id)
    factors = factors_of(who.person, as_of=clock.today(), run=latest_run())
    may_answer = bool(can(who.user, "factors.answer", person_id))
    fields = [_field(factor, request.POST, again=request.GET.get("again", "")) for factor in factors]
    context = {
        **who.context("gate"),
        "title": _title(factors),
        "fields": fields,
        "asked": [field for field in fields if field.ask and may_answer],
        "answered": [field for field in fields if not field.ask or not may_answer],
        "choices": Found.choices,
        "may_answer": may_answer,
        "problem": problem,
        "signed": "signed" in request.POST,
    }
    return render(request, "diagnosis/outside.html", context, status=400 if problem else 200)


def _title(factors: tuple[Factor, ...]) -> str:
    waiting = sum(factor.state is not GateState.DONE for factor in factors)
    if waiting:
        words = ngettext("%s thing outside has no answer yet", "%s things outside have no answer yet", waiting)
        return words % waiting
    holding = [factor.name for factor in factors if factor.holds_back]
    if holding:
        return _("Holds back, and something is done about it: %s") % ", ".join(holding)
    return _("Nothing outside holds back")


def _field(factor: Factor, post: QueryDict, *, again: str) -> FactorField:
    kept = factor.answer
    return FactorField(
        factor=factor,
        found=post.get(f"found-{factor.key}", kept.found if kept and again == factor.key else ""),
        text=post.get(f"text-{factor.key}", kept.text if kept and again == factor.key else ""),
        remedy=post.get(f"remedy-{factor.key}", kept.remedy if kept and again == factor.key else ""),
        ask=factor.state is not GateState.DONE or again == factor.key or f"found-{factor.key}" in post,
    )


def _given(post: QueryDict) -> list[FactorGiven]:
    """The factors about which anything was typed."""
    given = [
        FactorGiven(
            key, post.get(f"found-{key}", ""), post.get(f"text-{key}", ""), post.get(f"remedy-{key}", "")
        )
        for key in FACTORS
    ]  # fmt: skip
    return [one for one in given if one.found or one.text.strip() or one.remedy.strip()]
