"""The demo company's button: a week goes by."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_q.models import OrmQ
from django_q.tasks import async_task

from headway.core import clock, company
from headway.core.errors import NotFound

TASK = "a week goes by"


@require_POST
def next_week(request: HttpRequest) -> HttpResponse:
    """Ask the worker to let a week go by. Only in a demo company; a second click while it works changes nothing."""
    if not company.current().is_demo:
        raise NotFound(_("There is no such page"))
    if any(waiting.name() == TASK for waiting in OrmQ.objects.all()):
        messages.info(request, _("A week is going by already. Load the page again in half a minute."))
        return redirect("home")
    async_task("headway.demo.weeks.advance_now", task_name=TASK)
    today = clock.today()
    monday = today + timedelta(days=7 - today.weekday())
    words = _("A week goes by at the demo company. Load the page again in half a minute: it will be %s.")
    messages.success(request, words % date_format(monday, "l j F"))
    return redirect("home")
