"""A load on its way: being read, waiting for a person, being written, done, stopped."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from headway.core.errors import BadInput
from headway.facts.models import FactVersion, Load
from headway.facts.pages import review_view
from headway.facts.pages.gate import actor_of, address_of, needs
from headway.facts.web_loads import actions, jobs, queries
from headway.facts.web_loads.corrections import corrections_of
from headway.facts.web_loads.pulse import last_beat
from headway.facts.web_loads.review import Review, from_json

State = Load.State
# So long a job may wait for its worker before the page wonders whether there is one.
PATIENCE_SECONDS = 15.0
BUSY = (State.READING, State.LOADING)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("facts.load")
def load(request: HttpRequest, pk: int) -> HttpResponse:
    """The load as it stands. POST: corrections (`do=check`) or the decision to load (`do=load`)."""
    found = queries.load_for(actor_of(request), pk)
    if request.method == "POST":
        return _decide(request, found)
    return _show(request, found)


def _show(request: HttpRequest, found: Load, *, status: int = 200) -> HttpResponse:
    if found.state in BUSY:
        return render(request, "facts/working.html", _working(found))
    review = from_json(found.plan)
    if found.state == State.DONE and review is not None:
        return render(request, "facts/done.html", _done(found, review))
    if found.state == State.PLANNED and review is not None:
        return render(request, "facts/review.html", _review(found, review), status=status)
    return render(request, "facts/stopped.html", {"load": found})


def _decide(request: HttpRequest, found: Load) -> HttpResponse:
    review = from_json(found.plan)
    if found.state != State.PLANNED or review is None:
        # Somebody pressed twice, or came back with the browser's own button: show how it stands.
        return redirect("data-review", pk=found.pk)
    corrections = corrections_of(request.POST, load=found, review=review)
    wants_load = request.POST.get("do") == "load"
    if not corrections.empty or not wants_load:
        actions.correct_load(load=found, corrections=corrections, by=actor_of(request))
        jobs.hand_over(jobs.read_load, load_id=found.pk)
        if wants_load:
            messages.info(
                request, _("You changed something, so the files are checked once more. Look, then press Load.")
            )
        return _checking(request, found)
    if review.blocked:
        raise BadInput(_("A question is still open"), todo=_("Answer it, then press Load."))
    actions.begin_load(load=found, by=actor_of(request))
    jobs.hand_over(jobs.write_load, load_id=found.pk)
    return redirect("data-review", pk=found.pk)


def _checking(request: HttpRequest, found: Load) -> HttpResponse:
    if not getattr(request, "htmx", False):
        return redirect("data-review", pk=found.pk)
    found.refresh_from_db()
    if found.state not in BUSY:
        return _whole_again(request, found)
    return render(request, "facts/checking.html", _working(found))


def _whole_again(request: HttpRequest, found: Load) -> HttpResponse:
    """The review in the place of the old one; the focus stays where it was, because the ids stay."""
    review = from_json(found.plan)
    if found.state != State.PLANNED or review is None:
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = reverse("data-review", args=[found.pk])
        return answer
    answer = render(request, "facts/review_body.html", _review(found, review))
    answer["HX-Retarget"] = "#load"
    answer["HX-Reswap"] = "outerHTML"
    return answer


@require_GET
@needs("facts.load")
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """What the waiting page asks every second. `part=checking` comes from a review that is checked again."""
    found = queries.load_for(actor_of(request), pk)
    checking = request.GET.get("part") == "checking"
    if found.state in BUSY:
        name = "facts/checking.html" if checking else "facts/progress.html"
        return render(request, name, _working(found))
    if checking:
        return _whole_again(request, found)
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = reverse("data-review", args=[found.pk])
    return answer


@require_POST
@needs("facts.load")
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """A job was cut off or failed: do it again. Nothing happens while one is at work."""
    found = queries.load_for(actor_of(request), pk)
    working = _working(found)
    if found.state == State.FAILED or (found.state in BUSY and (working["silent"] or working["unclaimed"])):
        found = actions.try_again(load=found, by=actor_of(request))
        job = jobs.write_load if found.state == State.LOADING else jobs.read_load
        jobs.hand_over(job, load_id=found.pk)
    return redirect("data-review", pk=pk)


@require_POST
@needs("facts.load")
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget the load and its files."""
    found = queries.load_for(actor_of(request), pk)
    actions.cancel_load(load=found, by=actor_of(request))
    messages.success(request, _("Load cancelled; nothing was changed and its files are gone."))
    return redirect("data-health")


def _working(found: Load) -> dict[str, object]:
    beat = last_beat(jobs.key_of(found))
    waited = jobs.waited_seconds(found)
    share = None if beat is None or beat.share is None else int(beat.share * 100)
    return {
        "load": found,
        "percent": "" if share is None else share,
        "words": beat.words if beat else "",
        "silent": beat is not None and not beat.alive,
        "unclaimed": beat is None and waited > PATIENCE_SECONDS,
        "writing": found.state == State.LOADING,
        "now": timezone.now(),
    }


def _review(found: Load, review: Review) -> dict[str, object]:
    return {
        "load": found,
        "review": review,
        "view": review_view.of(found, review),
        "rejects": f"load-{found.pk}" if found.rejects_file else "",
    }


def _done(found: Load, review: Review) -> dict[str, object]:
    version = found.version
    return {
        "load": found,
        "review": review,
        "view": review_view.of(found, review),
        "title": review_view.done_title(review),
        "version": version,
        "panel": address_of("overview-panel"),
        "overview": address_of("overview"),
        "rejects": f"load-{found.pk}" if found.rejects_file else "",
        "is_current": version is not None and FactVersion.objects.filter(pk=version.pk, is_current=True).exists(),
    }
