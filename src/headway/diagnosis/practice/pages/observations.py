"""What people saw and said: notes made here, and feedback that came with the data, in one list by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.core.actors import Actor
from headway.core.errors import BadInput, Conflict
from headway.diagnosis.models import EvidenceRecord
from headway.diagnosis.practice import actions
from headway.diagnosis.practice.competencies import competency_name
from headway.diagnosis.practice.factors import largest_gap
from headway.diagnosis.practice.forms import ObservationForm
from headway.diagnosis.practice.models import Source
from headway.diagnosis.practice.pages.common import Reading, reading
from headway.diagnosis.practice.queries import observations_of, suggestion_for
from headway.metrics.queries import latest_run
from headway.web.advice import advise

QUOTED = frozenset({"customer", "peer", "self"})


@dataclass(frozen=True)
class Seen:
    """One line of the list. quote: somebody's own words."""

    on: date
    source: str
    text: str
    quote: bool


def observations(request: HttpRequest, person_id: str) -> HttpResponse:
    """The list of a person, and the form that adds to it."""
    who = reading(request, person_id, page="observations")
    form = ObservationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.note_observation(person_id=person_id, given=form.given(gap_key=_gap(who)), by=who.user)
        except (BadInput, Conflict) as error:
            form.add_error(None, error.sentence)
        else:
            messages.success(request, _("The observation is written down. %s reads it too.") % who.person.first_name)
            if form.cleaned_data["source"] not in QUOTED:  # what others said is quoted as they said it
                advise(request, form.cleaned_data["text"])
            return redirect("observations", person_id)
    found = seen_of(who.user, person_id)
    context = {
        **who.context("observations"),
        "title": _title(len(found)),
        "page": Paginator(found, 25).get_page(request.GET.get("page")),
        "form": form,
        "open": form.is_bound,
    }
    return render(request, "diagnosis/observations.html", context, status=400 if form.errors else 200)


def _title(count: int) -> str:
    if count == 0:
        return _("Nobody has written down what they saw")
    return ngettext("%s observation on record", "%s observations on record", count) % count


def _gap(who: Reading) -> str:
    """The gap an observation is attached to: the largest one in the person's hands on that day."""
    suggested = suggestion_for(who.user, who.person.pk)
    part = largest_gap(suggested.diagnosis) if suggested and suggested.diagnosis else None
    return part.key if part else ""


def seen_of(actor: Actor, person_id: str) -> list[Seen]:
    """Everything that was seen or said about a person, newest first; NotFound outside the actor's reach."""
    noted = [
        Seen(
            row.seen_on,
            " · ".join(
                part
                for part in (row.said_by, row.get_source_display(), row.competency and competency_name(row.competency),
                             _("noted by %s") % row.made_by_name)
                if part
            ),
            row.text,
            quote=row.source in QUOTED,
        )
        for row in observations_of(actor, person_id)
    ]  # fmt: skip
    run = latest_run()
    rows = EvidenceRecord.objects.filter(run=run, person_id=person_id).exclude(text="") if run else []
    said = [Seen(row.given_on, _source(row), row.text, quote=row.from_role in QUOTED) for row in rows]
    return sorted([*noted, *said], key=lambda seen: seen.on, reverse=True)


def _source(row: EvidenceRecord) -> str:
    roles = {**dict(Source.choices), "self": _("in their own words")}
    score = _("%g of 5") % row.score if row.score is not None else ""
    parts = (str(roles.get(row.from_role, row.from_role)), row.kind.replace("_", " "), score, _("from the data"))
    return " · ".join(part for part in parts if part)
