"""The coaching log: what went well, what to try, what was agreed; and the person's own words beside it."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from headway.core import clock
from headway.core.errors import BadInput, Conflict
from headway.diagnosis.practice import actions
from headway.diagnosis.practice.company_rules import practice_rules
from headway.diagnosis.practice.competencies import competency_name
from headway.diagnosis.practice.forms import AnswerForm, CoachingForm
from headway.diagnosis.practice.models import CoachingSession
from headway.diagnosis.practice.pages.common import Reading, reading
from headway.diagnosis.practice.queries import session_for, sessions_of
from headway.web.advice import advise


def coaching(request: HttpRequest, person_id: str) -> HttpResponse:
    """The log of a person, and the form that adds to it."""
    who = reading(request, person_id, page="coaching")
    form = CoachingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.note_coaching(person_id=person_id, given=form.given(), by=who.user)
        except (BadInput, Conflict) as error:
            form.add_error(None, error.sentence)
        else:
            messages.success(request, _("The talk is written down. %s reads it too.") % who.person.first_name)
            given = form.given()
            advise(request, given.wins, given.improvements, given.agreed, given.notes)
            return redirect("coaching", person_id)
    return _page(request, who, form=form)


def _page(
    request: HttpRequest, who: Reading, *, form: CoachingForm, answer: AnswerForm | None = None, answered: int = 0
) -> HttpResponse:
    rules, rows = practice_rules(), sessions_of(who.user, who.person.pk)
    recent = rows.filter(held_on__gt=clock.today() - timedelta(days=rules.coaching_days)).count()
    page = Paginator(rows, 20).get_page(request.GET.get("page"))
    context = {
        **who.context("coaching"),
        "title": _title(recent, rules.coaching_days),
        "sessions": [(row, competency_name(row.competency) if row.competency else "") for row in page.object_list],
        "page": page,
        "form": form,
        "open": form.is_bound,
        "answer": answer or AnswerForm(),
        "answered": answered,
        "kinds": CoachingSession._meta.get_field("kind").choices,
        "recent": recent,
        "rules": rules,
    }
    wrong = form.errors or (answer and answer.errors)
    return render(request, "diagnosis/coaching.html", context, status=400 if wrong else 200)


def _title(recent: int, days: int) -> str:
    if recent == 0:
        return _("No coaching talk in the last %s days") % days
    words = ngettext(
        "%(n)s coaching talk in the last %(days)s days", "%(n)s coaching talks in the last %(days)s days", recent
    )
    return words % {"n": recent, "days": days}


@require_POST
def answer(request: HttpRequest, session_id: int) -> HttpResponse:
    """The person's own words on one talk."""
    session = session_for(request.user, session_id)  # type: ignore[arg-type]
    who = reading(request, session.person_id, page="coaching")
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            actions.answer_coaching(session=session, words=form.cleaned_data["words"], by=who.user)
        except (BadInput, Conflict) as error:
            form.add_error(None, error.sentence)
        else:
            messages.success(request, _("Your words stand beside the note."))
            return redirect("coaching", session.person_id)
    return _page(request, who, form=CoachingForm(), answer=form, answered=session.pk)
