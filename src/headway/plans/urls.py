"""Addresses of the plans."""

from django.urls import URLPattern, path

from headway.plans.outlook import pages as outlook_pages
from headway.plans.pages import desk, life, review, signing, together, versions
from headway.plans.papers import pages as papers

urlpatterns: list[URLPattern] = [
    path("plans/", desk.plans, name="plans"),
    path("plans/forecasts/", outlook_pages.forecasts, name="forecasts"),
    path("plans/<int:plan_id>/", desk.plan, name="plan"),
    path("plans/<int:plan_id>/goals/<slug:key>/", desk.save_goal, name="plan-goal"),
    path("plans/<int:plan_id>/goals/<slug:key>/check/", desk.check_goal, name="plan-goal-check"),
    path("plans/<int:plan_id>/support/", desk.save_support, name="plan-support-new"),
    path("plans/<int:plan_id>/support/<slug:key>/", desk.save_support, name="plan-support"),
    path("plans/<int:plan_id>/words/<slug:section>/", desk.save_text, name="plan-text"),
    path("plans/<int:plan_id>/discard/", desk.discard, name="plan-discard"),
    path("plans/<int:plan_id>/letter/", desk.letter, name="plan-letter"),
    path("plans/<int:plan_id>/letter.<str:fmt>", desk.file, name="plan-file"),
    path("people/<path:person_id>/plan/new", desk.new, name="plan-new"),
    path("plans/<int:plan_id>/kind/", together.kind, name="plan-kind"),
    path("plans/<int:plan_id>/share/", together.share, name="plan-share"),
    path("plans/<int:plan_id>/comments/", together.comment, name="plan-comment"),
    path("plans/<int:plan_id>/comments/<int:comment_id>/settle/", together.settle, name="plan-settle"),
    path("plans/<int:plan_id>/proposals/", together.propose, name="plan-propose"),
    path("plans/<int:plan_id>/proposals/<int:proposal_id>/", together.answer_proposal, name="plan-answer"),
    path(
        "plans/<int:plan_id>/proposals/<int:proposal_id>/back/", together.take_proposal_back, name="plan-proposal-back"
    ),
    path("plans/<int:plan_id>/submit/", review.submit, name="plan-submit"),
    path("plans/<int:plan_id>/review/", review.decide, name="plan-review"),
    path("plans/<int:plan_id>/meeting/", signing.meeting, name="plan-meeting"),
    path("plans/<int:plan_id>/sign/", signing.sign, name="plan-sign"),
    path("plans/<int:plan_id>/answer-day/", signing.answer_day, name="plan-answer-day"),
    path("plans/<int:plan_id>/refuse/", signing.refuse, name="plan-refuse"),
    path("plans/<int:plan_id>/witness/", signing.witness, name="plan-witness"),
    path("plans/<int:plan_id>/start/", life.start, name="plan-start"),
    path("plans/<int:plan_id>/pause/", life.pause, name="plan-pause"),
    path("plans/<int:plan_id>/resume/", life.resume, name="plan-resume"),
    path("plans/<int:plan_id>/amend/", life.amend, name="plan-amend"),
    path("plans/<int:plan_id>/amendment/", life.amendment, name="plan-amendment"),
    path("plans/<int:plan_id>/withdraw/", life.withdraw, name="plan-withdraw"),
    path("plans/<int:plan_id>/appeal/", life.appeal, name="plan-appeal"),
    path("plans/<int:plan_id>/appeal/answer/", life.answer_appeal, name="plan-answer-appeal"),
    path("plans/<int:plan_id>/versions/", versions.versions, name="plan-versions"),
    path("plans/<int:plan_id>/versions/<int:number>/", versions.version, name="plan-version"),
    path("plans/<int:plan_id>/papers/", papers.papers, name="plan-papers"),
    path("plans/<int:plan_id>/papers/<slug:name>.<str:fmt>", papers.paper, name="plan-paper"),
    path("plans/<int:plan_id>/check-ins.ics", papers.check_ins, name="plan-check-ins"),
]
