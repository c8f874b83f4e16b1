"""Is a plan the right step? The gate as a page: what is missing, where to do it, and the calmer way beside it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.core.errors import BadInput, Conflict
from headway.core.permissions import can
from headway.diagnosis.practice import actions
from headway.diagnosis.practice.forms import ExceptionForm, ReasonForm
from headway.diagnosis.practice.gate import gate_for, item_label
from headway.diagnosis.practice.models import ExceptionRequest
from headway.diagnosis.practice.pages.common import Reading, address, reading
from headway.diagnosis.practice.queries import reason_of, requests_of
from headway.diagnosis.practice.rules import Gate, GateItem

# Where a missing item is done.
PLACES = {"coaching": "coaching", "outside": "outside", "axis": "why"}


def gate(request: HttpRequest, person_id: str) -> HttpResponse:
    """The gate of a person, and what this reader can do about it."""
    who = reading(request, person_id, page="gate", permission="gate.view")
    do, item = request.POST.get("do", ""), request.POST.get("item", "")
    forms = {
        "reason": ReasonForm(request.POST if do == "reason" else None, prefix="reason"),
        "ask": ReasonForm(request.POST if do == "ask" else None, prefix="ask"),
        "except": ExceptionForm(request.POST if do == "except" else None, prefix="except"),
        "decline": ReasonForm(request.POST if do == "decline" else None, prefix="decline"),
    }
    form = forms.get(do)
    if form is not None and form.is_valid():
        try:
            words = _act(who, do, item, form.cleaned_data)
        except (BadInput, Conflict) as error:
            form.add_error(None, error.sentence)
        else:
            messages.success(request, words)
            return redirect("gate", person_id)
    return _page(request, who, forms=forms, item=item, wrong=bool(form and form.errors))


def _act(who: Reading, do: str, item: str, typed: dict[str, Any]) -> str:
    """Do what the form asks; the words that say it is done."""
    person_id, by = who.person.pk, who.user
    if do == "reason":
        actions.record_reason(person_id=person_id, text=typed["reason"], by=by)
        return _("The reason is on record. %s reads it word by word.") % who.person.first_name
    if do == "ask":
        actions.ask_for_exception(person_id=person_id, item=item, reason=typed["reason"], by=by)
        return _("HR has been asked and sees the case from now on.")
    if do == "except":
        actions.grant_exception(person_id=person_id, item=item, reason=typed["reason"], until=typed["until"], by=by)
        return _("The exception is on record.")
    waiting = requests_of(by, person_id).filter(item=item, closed_at__isnull=True).last()
    if waiting is not None:
        actions.decline_exception(request=waiting, reason=typed["reason"], by=by)
    return _("The answer is on record.")


def _page(request: HttpRequest, who: Reading, *, forms: dict[str, Any], item: str, wrong: bool) -> HttpResponse:
    found = gate_for(who.person.pk, by=who.user)
    asked = list(requests_of(who.user, who.person.pk))
    lifted = {given.item: given for given in found.exceptions}
    context = {
        **who.context("gate"),
        "title": _title(found, name=who.person.first_name),
        "gate": found,
        "lines": [_line(who, line, lifted.get(line.key)) for line in found.items],
        "asked": [(row, item_label(row.item)) for row in asked],
        "waiting": [(row, item_label(row.item)) for row in asked if row.closed_at is None],
        "may_ask": [line for line in found.missing if _may_be_asked(who, line, asked)],
        "may_lift": [line for line in found.missing if can(who.user, "gate.except", who.person.pk)],
        "needs_reason": who.side and any(line.key == "chance" for line in found.missing),
        "reason": reason_of(who.user, who.person.pk),
        "forms": forms,
        "item": item,
        "draft_url": address("plan-new", who.person.pk) if can(who.user, "practice.write", who.person.pk) else "",
        "coaching_url": address("coaching", who.person.pk),
        "outside_url": address("outside", who.person.pk),
    }
    return render(request, "diagnosis/gate.html", context, status=400 if wrong else 200)


def _title(found: Gate, *, name: str) -> str:
    count = len(found.missing)
    if count == 0:
        return _("A formal plan may be the right step for %s") % name
    words = ngettext(
        "%(n)s thing comes before a formal plan for %(name)s",
        "%(n)s things come before a formal plan for %(name)s",
        count,
    )
    return words % {"n": count, "name": name}


def _line(who: Reading, line: GateItem, lifted: Any) -> dict[str, Any]:
    place = PLACES.get(line.key, "")
    return {"item": line, "lifted": lifted, "place": address(place, who.person.pk) if place else ""}


def _may_be_asked(who: Reading, line: GateItem, asked: list[ExceptionRequest]) -> bool:
    open_ones = {row.item for row in asked if row.closed_at is None}
    # The data's word is answered by a recorded reason, not by an exception.
    return bool(can(who.user, "gate.ask", who.person.pk)) and line.key not in open_ones and line.key != "chance"
