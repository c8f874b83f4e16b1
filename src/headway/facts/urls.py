"""Addresses of the data's pages."""

from django.urls import URLPattern, path

from headway.facts.pages import downloads, health, review, sources, upload, versions

urlpatterns: list[URLPattern] = [
    path("data/", health.health, name="data-health"),
    path("data/load/", upload.upload, name="data-load"),
    path("data/load/<int:pk>/", review.load, name="data-review"),
    path("data/load/<int:pk>/state/", review.state, name="data-load-state"),
    path("data/load/<int:pk>/again/", review.again, name="data-load-again"),
    path("data/load/<int:pk>/cancel/", review.cancel, name="data-load-cancel"),
    path("data/versions/<int:number>/", versions.version, name="data-version"),
    path("data/sources/", sources.listed, name="data-sources"),
    path("data/sources/new/<slug:kind>/", sources.new, name="data-source-new"),
    path("data/sources/<slug:name>/", sources.source, name="data-source"),
    path("data/sources/<slug:name>/now/", sources.now, name="data-source-now"),
    path("data/sources/<slug:name>/remove/", sources.remove, name="data-source-remove"),
    path("data/undo/", versions.undo_page, name="data-undo"),
    path("data/rejects/<str:name>.csv", downloads.rejects, name="data-rejects"),
]
