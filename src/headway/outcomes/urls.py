"""Addresses of the ends of plans and of what comes after."""

from django.urls import URLPattern, path

from headway.outcomes import overviews, pages

urlpatterns: list[URLPattern] = [
    path("outcomes/", pages.outcomes, name="outcomes"),
    path("outcomes/portfolio/", overviews.portfolio_page, name="portfolio"),
    path("outcomes/lessons/", overviews.lessons_page, name="lessons"),
    path("plans/<int:plan_id>/outcome/", pages.outcome, name="plan-outcome"),
    path("plans/<int:plan_id>/outcome/<slug:what>/", pages.step, name="plan-outcome-step"),
    path("plans/<int:plan_id>/outcome.<str:fmt>", pages.file, name="plan-outcome-file"),
    path("plans/<int:plan_id>/case.zip", pages.whole_case, name="plan-case"),
    path("follow-ups/<int:pk>/done/", pages.follow_up_done, name="follow-up-done"),
    path("relapses/<int:pk>/answer/", pages.relapse_answer, name="relapse-answer"),
]
