"""The page of addresses that are told, and what became of the last deliveries."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from headway.core.actors import Actor
from headway.core.errors import BadInput, NotFound
from headway.core.models import Delivery, Subscription
from headway.core.permissions import require
from headway.core.webhooks.actions import subscribe, try_again, unsubscribe
from headway.core.webhooks.published import PUBLISHED
from headway.people.models import User

SHOWN = 40


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


def subscriptions_for(actor: Actor) -> QuerySet[Subscription]:
    """The addresses that are told, for those who may manage them."""
    require(actor, "webhook.view")
    return Subscription.objects.filter(stopped_at__isnull=True)


@require_http_methods(["GET", "POST"])
def webhooks(request: HttpRequest) -> HttpResponse:
    """Addresses that are told; a new one's secret is shown once, on the answer to the form."""
    user = _user(request)
    rows = subscriptions_for(user)
    typed = {name: request.POST.get(name, "") for name in ("name", "address")}
    chosen = [event for event in request.POST.getlist("events") if event in PUBLISHED]
    made, wrong = None, ""
    if request.method == "POST":
        try:
            made = subscribe(address=typed["address"], name=typed["name"], events=chosen, by=user)
            typed, chosen = {"name": "", "address": ""}, []
        except BadInput as error:
            wrong = error.sentence
    context = {
        "rows": rows.all(),
        "deliveries": Delivery.objects.select_related("subscription")[:SHOWN],
        "events": [(one.event, one.words, one.event in chosen) for one in PUBLISHED.values()],
        "made": made,
        "wrong": wrong,
        "typed": typed,
    }
    answer = render(request, "api/webhooks.html", context, status=400 if wrong else 200)
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_POST
def stop(request: HttpRequest, subscription_id: int) -> HttpResponse:
    """Tell an address nothing more."""
    row = subscriptions_for(_user(request)).filter(pk=subscription_id).first()
    if row is None:
        raise NotFound(_("There is no such address"))
    unsubscribe(subscription=row, by=_user(request))
    messages.success(request, _("This address is told nothing more."))
    return redirect("webhooks")


@require_POST
def again(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Send once more what was given up."""
    require(_user(request), "webhook.view")
    row = Delivery.objects.filter(pk=delivery_id).first()
    if row is None:
        raise NotFound(_("There is no such delivery"))
    try_again(delivery=row, by=_user(request))
    messages.success(request, _("It is sent again, under the same id."))
    return redirect("webhooks")
