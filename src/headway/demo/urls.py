"""The address of the demo company's button."""

from django.urls import URLPattern, path

from headway.demo import pages

urlpatterns: list[URLPattern] = [path("demo/week/", pages.next_week, name="demo-week")]
