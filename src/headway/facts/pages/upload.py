"""A new load: choose files, say whether they are added or start afresh."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from headway.core.errors import BadInput, HeadwayError
from headway.facts.forms import UploadForm
from headway.facts.pages.gate import actor_of, needs
from headway.facts.store import current_version
from headway.facts.web_loads import actions, jobs, uploads


# The token is checked inside: checking it reads the whole request, and by then the files must have a place to go.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@needs("facts.load")
def upload(request: HttpRequest) -> HttpResponse:
    """The form, and what it sends. The files go straight to disk."""
    if request.method != "POST":
        return _show(request, UploadForm())
    straight = uploads.StraightToDisk(request)
    request.upload_handlers = [straight]
    try:
        answer = _receive(request)
    except BaseException:
        uploads.forget(straight.key)
        raise
    # Whatever did not become a load is not kept: a wrong token, a full disk, no file.
    if not getattr(request, "became_a_load", False):
        uploads.forget(straight.key)
    return answer


def _show(request: HttpRequest, form: UploadForm, trouble: HeadwayError | None = None) -> HttpResponse:
    status = 200 if trouble is None and not form.errors else (trouble.status if trouble else 422)
    return render(
        request,
        "facts/upload.html",
        {"form": form, "trouble": trouble, "first": current_version() is None},
        status=status,
    )


@csrf_protect
def _receive(request: HttpRequest) -> HttpResponse:
    # Reading the form reads the request, and with it the files.
    form = UploadForm(request.POST)
    straight = request.upload_handlers[0]
    assert isinstance(straight, uploads.StraightToDisk)
    if straight.trouble is not None:
        return _show(request, form, straight.trouble)
    if not straight.stored:
        return _show(request, form, BadInput(_("No file was chosen"), todo=_("Choose one or more files first.")))
    if not form.is_valid():
        return _show(request, form)
    load = actions.start_load(
        key=straight.key, files=tuple(straight.stored), mode=form.cleaned_data["mode"], by=actor_of(request)
    )
    request.became_a_load = True  # type: ignore[attr-defined]
    uploads.forget_stale()
    jobs.hand_over(jobs.read_load, load_id=load.pk)
    return redirect("data-review", pk=load.pk)
