from django.urls import URLPattern, path

from headway.metrics import pages
from headway.metrics.own import pages as own

urlpatterns: list[URLPattern] = [
    path("metrics/", pages.catalogue, name="metrics"),
    path("metrics/new/", own.new, name="metric-own-new"),
    path("metrics/<slug:key>/change/", own.change, name="metric-own-change"),
    path("metrics/<slug:key>/retire/", own.retire, name="metric-own-retire"),
    path("metrics/<slug:key>/", pages.metric, name="metric"),
]
