from django.urls import URLPattern, path

from headway.web import pages

urlpatterns: list[URLPattern] = [
    path("components/", pages.components, name="components"),
    path("appearance/", pages.set_theme, name="set-theme"),
    path("language/", pages.set_language, name="set-language"),
]
