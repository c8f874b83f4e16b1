"""Addresses of the plans."""

from django.urls import URLPattern, path

from headway.plans import pages
from headway.plans.papers import pages as papers

urlpatterns: list[URLPattern] = [
    path("plans/", pages.plans, name="plans"),
    path("plans/<int:plan_id>/", pages.plan, name="plan"),
    path("plans/<int:plan_id>/goals/<slug:key>/", pages.save_goal, name="plan-goal"),
    path("plans/<int:plan_id>/goals/<slug:key>/check/", pages.check_goal, name="plan-goal-check"),
    path("plans/<int:plan_id>/support/", pages.save_support, name="plan-support-new"),
    path("plans/<int:plan_id>/support/<slug:key>/", pages.save_support, name="plan-support"),
    path("plans/<int:plan_id>/words/<slug:section>/", pages.save_text, name="plan-text"),
    path("plans/<int:plan_id>/discard/", pages.discard, name="plan-discard"),
    path("plans/<int:plan_id>/letter/", pages.letter, name="plan-letter"),
    path("plans/<int:plan_id>/letter.<str:fmt>", pages.file, name="plan-file"),
    path("plans/<int:plan_id>/papers/", papers.papers, name="plan-papers"),
    path("plans/<int:plan_id>/papers/<slug:name>.<str:fmt>", papers.paper, name="plan-paper"),
    path("plans/<int:plan_id>/check-ins.ics", papers.check_ins, name="plan-check-ins"),
    path("people/<path:person_id>/plan/new", pages.new, name="plan-new"),
]
