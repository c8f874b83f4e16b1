"""Addresses of the policy."""

from django.urls import URLPattern, path

from headway.detection import pages

urlpatterns: list[URLPattern] = [
    path("policy/", pages.policy, name="policy"),
    path("policy/propose/", pages.propose, name="policy-propose"),
    path("policy/<str:version>/", pages.version, name="policy-version"),
]
