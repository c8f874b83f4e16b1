from django.urls import URLPattern, path

from headway.metrics import pages

urlpatterns: list[URLPattern] = [
    path("metrics/", pages.catalogue, name="metrics"),
    path("metrics/<slug:key>/", pages.metric, name="metric"),
]
