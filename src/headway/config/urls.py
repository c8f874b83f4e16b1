"""Every address, room by room."""

from django.urls import include, path

urlpatterns = [
    path("", include("headway.facts.urls")),
    path("", include("headway.metrics.urls")),
    path("", include("headway.diagnosis.urls")),
    path("", include("headway.detection.urls")),
    path("", include("headway.plans.urls")),
    path("", include("headway.running.urls")),
    path("", include("headway.outcomes.urls")),
    path("", include("headway.web.urls")),
    path("", include("headway.api.urls")),
    path("", include("headway.demo.urls")),
    path("", include("headway.home.urls")),  # last: its person page takes every other address below people/
]
