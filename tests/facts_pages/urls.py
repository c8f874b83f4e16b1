"""The room's pages alone, without the rooms above it."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path


@login_not_required
def sign_in(request: HttpRequest) -> HttpResponse:
    return HttpResponse("sign in")


urlpatterns = [
    path("sign-in/", sign_in, name="sign-in"),
    path("", include("headway.facts.urls")),
    path("", include("headway.web.urls")),
]
