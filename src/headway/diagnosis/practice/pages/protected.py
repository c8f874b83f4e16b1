"""Protected events: a page for HR alone. For everybody else there is no such page."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from headway.core.errors import BadInput, Conflict
from headway.diagnosis.practice import actions
from headway.diagnosis.practice.forms import ProtectedForm
from headway.diagnosis.practice.queries import event_for, protected_for
from headway.people.models import Person, User


def protected(request: HttpRequest) -> HttpResponse:
    """The list, and the form that adds to it."""
    user = cast(User, request.user)
    rows = protected_for(user)
    people = Person.objects.filter(listed=True, left_on__isnull=True).exclude(pk=user.person_id or "")
    form = ProtectedForm(
        request.POST or None,
        people=[(p.pk, f"{p.name} · {p.team}" if p.team else p.name) for p in people.order_by("name")],
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_protected(**form.cleaned_data, by=user)
        except (BadInput, Conflict) as error:
            form.add_error(None, error.sentence)
        else:
            messages.success(request, _("The event is on record, for HR alone."))
            return redirect("protected")
    context = {"page": Paginator(rows, 25).get_page(request.GET.get("page")), "form": form, "open": form.is_bound}
    return render(request, "diagnosis/protected.html", context, status=400 if form.errors else 200)


@require_POST
def end(request: HttpRequest, event_id: int) -> HttpResponse:
    """An event no longer stands before a plan."""
    user = cast(User, request.user)
    event = event_for(user, event_id)
    try:
        actions.end_protected(event=event, because=request.POST.get("because", ""), by=user)
    except (BadInput, Conflict) as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("It no longer stands before a plan; it stays on record."))
    return redirect("protected")
