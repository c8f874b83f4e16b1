"""The addresses of this room and what every page needs, without the rooms that stand after it."""

from django.contrib.auth.views import LoginView
from django.urls import include, path

urlpatterns = [
    path("", include("headway.metrics.urls")),
    path("", include("headway.web.urls")),
    path("sign-in/", LoginView.as_view(), name="sign-in"),
]
