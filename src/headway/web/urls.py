from django.urls import URLPattern, path

from headway.web import advice, pages

urlpatterns: list[URLPattern] = [
    path("components/", pages.components, name="components"),
    path("appearance/", pages.set_theme, name="set-theme"),
    path("advice/", advice.advice, name="advice"),
    path("language/", pages.set_language, name="set-language"),
]
