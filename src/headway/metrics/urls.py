from django.urls import URLPattern, path

from headway.metrics import pages
from headway.metrics.explore import pages as explore
from headway.metrics.own import pages as own

urlpatterns: list[URLPattern] = [
    path("metrics/", pages.catalogue, name="metrics"),
    path("figures/", explore.explore, name="figures"),
    path("figures/map/", explore.heat_map, name="figures-map"),
    path("figures/deals/", explore.pipeline, name="figures-deals"),
    path("figures/file.<slug:fmt>", explore.file, name="figures-file"),
    path("people/<path:person_id>/metrics/", explore.weeks, name="figure-weeks"),
    path("people/<path:person_id>/metrics/<slug:key>/", explore.figure, name="figure"),
    path("metrics/new/", own.new, name="metric-own-new"),
    path("metrics/<slug:key>/change/", own.change, name="metric-own-change"),
    path("metrics/<slug:key>/retire/", own.retire, name="metric-own-retire"),
    path("metrics/<slug:key>/", pages.metric, name="metric"),
]
