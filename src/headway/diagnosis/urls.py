"""Addresses of what people saw and did."""

from django.urls import URLPattern, path

from headway.diagnosis.practice.pages import coaching, gate, observations, outside, protected, skills, why

urlpatterns: list[URLPattern] = [
    path("people/<path:person_id>/coaching/", coaching.coaching, name="coaching"),
    path("coaching/<int:session_id>/answer/", coaching.answer, name="coaching-answer"),
    path("people/<path:person_id>/observations/", observations.observations, name="observations"),
    path("people/<path:person_id>/skills/", skills.skills, name="skills"),
    path("people/<path:person_id>/skills/rate/", skills.rate, name="skills-rate"),
    path("people/<path:person_id>/outside/", outside.outside, name="outside"),
    path("people/<path:person_id>/why/", why.why, name="why"),
    path("chains/<int:link_id>/validate/", why.validate, name="chain-validate"),
    path("chains/<int:link_id>/change/", why.change, name="chain-change"),
    path("chains/<int:link_id>/end/", why.end, name="chain-end"),
    path("people/<path:person_id>/before-a-plan/", gate.gate, name="gate"),
    path("protected/", protected.protected, name="protected"),
    path("protected/<int:event_id>/end/", protected.end, name="protected-end"),
]
