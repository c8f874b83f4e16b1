"""Every address of the project with the permission that opens it. A page that is not here fails the test."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

EVERYBODY, NOBODY_ELSE = "everybody", "nobody else"


@dataclass(frozen=True)
class Address:
    """How an address is asked for, and who may.

    needs: a permission, or EVERYBODY who is signed in. kwargs: what stands in the address; a text names an id of the
    world ("plan_id"), anything else is taken as it is. about: "case" (Jonas), "no_case" (Ina), "draft" (a draft of
    Jonas's, which only the manager's side sees). gone: nothing lies behind it in this world, so that it can only be
    seen that nobody gets in who may not. only: who is left of those with the permission; also: who comes on top.
    data: what is sent, where nothing at all would be refused before anybody is asked for a right.
    """

    needs: str
    method: str = "GET"
    kwargs: dict[str, Any] = field(default_factory=dict)
    about: str = "case"
    gone: bool = False
    only: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    data: dict[str, str] = field(default_factory=dict)


def get(needs: str, **kwargs: Any) -> Address:
    """An address that is read."""
    return Address(needs, kwargs=kwargs)


def post(needs: str, *, gone: bool = False, only: tuple[str, ...] = (), **kwargs: Any) -> Address:
    """An address that changes something."""
    return Address(needs, "POST", kwargs, gone=gone, only=only)


PLAN = {"plan_id": "plan_id"}
PERSON = {"person_id": "person_id"}
MEETING = {**PLAN, "number": 1}
# Whoever may see a plan but not change it hears "no" (403 or 404); who changes what is the actions' business.
ADDRESSES: dict[str, list[Address]] = {
    "home": [get(EVERYBODY)],
    "team": [Address("person.view", only=("manager", "manager_other", "leader"), also=("manager_other",))],
    "person": [get("person.view", **PERSON), Address("person.view", kwargs={"person_id": "no_case"}, about="no_case")],
    "person-deals": [get("person.view", **PERSON)],
    "team-journey": [Address("person.view", only=("manager", "manager_other", "leader"), also=("manager_other",))],
    "overview": [get("overview.view")],
    "forecasts": [Address("forecast.review", also=("manager_other",))],
    "watch": [Address("watch.view", also=("rep_other", "manager_other"))],
    "equal-treatment": [get("impact.view")],
    "consistency": [get("impact.view")],
    "policy": [get("policy.view")],
    "policy-propose": [get("policy.propose")],
    "policy-version": [Address("policy.view", kwargs={"version": "2026-1"}, gone=True)],
    "overview-panel": [get("overview.view")],
    "audit": [get("audit.view")],
    "company": [get("company.view"), post("company.edit")],
    "data-health": [get("facts.view")],
    "data-load": [get("facts.load"), post("facts.load")],
    "data-review": [get("facts.load", pk="load_id")],
    "data-load-state": [get("facts.load", pk="load_id")],
    "data-load-again": [post("facts.load", pk="load_id")],
    "data-load-cancel": [post("facts.load", pk="load_id")],
    "data-version": [get("facts.view", number=1)],
    "data-undo": [get("facts.undo")],
    "data-rejects": [Address("facts.view", kwargs={"name": "v1"}, gone=True)],
    "data-sources": [get("facts.view")],
    "data-source-new": [get("sources.change", kind="tryton")],
    "data-source": [Address("facts.view", kwargs={"name": "crm"}, gone=True)],
    "data-source-now": [post("facts.load", gone=True, name="crm")],
    "data-source-remove": [post("sources.change", gone=True, name="crm")],
    "metrics": [get(EVERYBODY)],
    "metric": [get(EVERYBODY, key="win_rate")],
    "figures": [get("figures.look")],
    "figures-map": [get("figures.look")],
    "figures-deals": [Address("figures.look", gone=True)],
    "figures-file": [get("figures.look", fmt="csv")],
    "figure-weeks": [get("figures.view", **PERSON)],
    "figure": [get("figures.view", **PERSON, key="win_rate")],
    "metric-own-new": [Address("metric.define", gone=True)],
    "metric-own-change": [Address("metric.define", kwargs={"key": "own_x"}, gone=True)],
    "metric-own-retire": [post("metric.define", gone=True, key="own_x")],
    "components": [get(EVERYBODY)],
    "set-theme": [post(EVERYBODY)],
    "set-language": [post(EVERYBODY)],
    "advice": [post(EVERYBODY)],
    "tokens": [get("token.own")],
    "token-revoke": [post("token.own", only=("self", "admin"), token_id="token_id")],
    "webhooks": [get("webhook.view")],
    "webhook-stop": [post("webhook.manage", gone=True, subscription_id=1)],
    "webhook-again": [post("webhook.manage", gone=True, delivery_id=1)],
    "api-reference": [get(EVERYBODY)],
    "api-openapi": [get(EVERYBODY)],
    "plans": [get(EVERYBODY)],
    "plan": [get("plan.view", **PLAN), Address("plan.edit", kwargs={"plan_id": "draft_id"}, about="draft")],
    "plan-letter": [get("plan.view", **PLAN), Address("plan.edit", kwargs={"plan_id": "draft_id"})],
    "plan-file": [
        get("plan.view", **PLAN, fmt="pdf"),
        get("plan.view", **PLAN, fmt="json"),
        Address("plan.edit", kwargs={"plan_id": "draft_id", "fmt": "docx"}),
    ],
    "plan-papers": [get("plan.view", **PLAN), Address("plan.edit", kwargs={"plan_id": "draft_id"})],
    "plan-paper": [
        get("plan.view", **PLAN, name="paper", fmt="pdf"),
        get("plan.view", **PLAN, name="paper", fmt="docx"),
        get("plan.present", **PLAN, name="first-meeting", fmt="pdf"),
    ],
    "plan-check-ins": [get("plan.view", **PLAN), Address("plan.edit", kwargs={"plan_id": "draft_id"})],
    "plan-new": [post("plan.draft", **PERSON)],
    "plan-goal": [post("plan.edit", plan_id="draft_id", key="revenue")],
    "plan-goal-check": [post("plan.edit", plan_id="draft_id", key="revenue")],
    "plan-support-new": [post("plan.edit", plan_id="draft_id")],
    "plan-support": [post("plan.edit", plan_id="draft_id", key="promise")],
    "plan-text": [post("plan.edit", plan_id="draft_id", section="purpose")],
    "plan-discard": [post("plan.edit", plan_id="draft_id")],
    "plan-kind": [post("plan.edit", plan_id="draft_id")],
    "plan-share": [post("plan.share", plan_id="draft_id")],
    "plan-comment": [post("plan.comment", **PLAN)],
    "plan-settle": [post("plan.comment", **PLAN, comment_id="comment_id")],
    "plan-propose": [post("plan.propose", **PLAN)],
    "plan-answer": [post("plan.answer", **PLAN, proposal_id="proposal_id")],
    "plan-proposal-back": [post("plan.propose", **PLAN, proposal_id="proposal_id")],
    "plan-submit": [post("plan.submit", **PLAN)],
    "plan-review": [get("plan.review", **PLAN), post("plan.review", **PLAN)],
    "plan-meeting": [post("plan.present", **PLAN)],
    "plan-sign": [post("plan.sign", **PLAN)],
    "plan-answer-day": [post("plan.present", **PLAN)],
    "plan-refuse": [post("plan.refuse", **PLAN)],
    "plan-witness": [post("plan.witness", **PLAN)],
    "plan-start": [post("plan.start", **PLAN)],
    "plan-pause": [post("plan.pause", **PLAN)],
    "plan-resume": [post("plan.pause", **PLAN)],
    "plan-amend": [post("plan.amend", **PLAN)],
    "plan-amendment": [Address("plan.view", kwargs=PLAN, gone=True)],
    "plan-withdraw": [post("plan.withdraw", **PLAN)],
    "plan-appeal": [post("plan.appeal", **PLAN)],
    "plan-answer-appeal": [post("plan.answer_appeal", gone=True, **PLAN)],
    "plan-versions": [get("plan.view", **PLAN), Address("plan.edit", kwargs={"plan_id": "draft_id"})],
    "plan-version": [get("plan.view", **PLAN, number="number")],
    "coaching": [get("practice.view", **PERSON)],
    "coaching-answer": [
        Address("practice.answer", "POST", {"session_id": "session_id"}, data={"words": "I asked for the order."})
    ],
    "observations": [get("practice.view", **PERSON)],
    "skills": [get("practice.view", **PERSON)],
    "skills-rate": [get("competency.rate", **PERSON)],
    "outside": [get("gate.view", **PERSON)],
    "why": [get("practice.view", **PERSON)],
    "chain-validate": [post("link.validate", link_id="link_id")],
    "chain-change": [post("practice.write", link_id="link_id")],
    "chain-end": [post("practice.write", link_id="link_id")],
    "gate": [get("gate.view", **PERSON)],
    "protected": [get("protected.view")],
    "protected-end": [post("protected.record", event_id="event_id")],
    "plan-progress": [get("progress.view", **PLAN)],
    "plan-behind": [get("progress.view", **PLAN, key="revenue")],
    "plan-coaching": [get("progress.view", **PLAN)],
    "plan-coaching-plan": [post("halfday.hold", **PLAN)],
    "plan-coaching-hold": [post("halfday.hold", gone=True, **PLAN)],
    "plan-coaching-score": [post("practice.score", **PLAN)],
    "plan-coaching-mark": [post("practice.mark_own", gone=True, **PLAN)],
    "plan-win": [post("win.celebrate", **PLAN)],
    "plan-ledger": [get("progress.view", **PLAN)],
    "support-give": [post("support.deliver", gone=True, **PLAN, key="promise")],
    "support-answer": [post("support.answer", **PLAN, key="promise")],
    "action-mark": [post("action.mark", gone=True, **PLAN, key="a1")],
    "agreement-keep": [post("agreement.keep", gone=True, **PLAN, agreement_id=1)],
    "check-in": [get("progress.view", **MEETING)],
    "check-in-save": [post("progress.view", gone=True, **MEETING)],
    "check-in-held": [post("checkin.lead", **MEETING)],
    "check-in-move": [post("checkin.move", **MEETING)],
    "check-in-skip": [post("checkin.move", **MEETING)],
    "check-in-confirm": [post("checkin.confirm", **MEETING)],
    "check-in-agree": [post("agreement.keep", **MEETING)],
    "outcomes": [get(EVERYBODY)],
    "portfolio": [get("portfolio.view")],
    "lessons": [get("lessons.view")],
    "plan-outcome": [get("outcome.view", **PLAN)],
    "plan-outcome-step": [post("outcome.prepare", gone=True, **PLAN, what="prepare")],
    "plan-outcome-file": [Address("outcome.view", kwargs={**PLAN, "fmt": "pdf"})],
    "plan-case": [post("outcome.view", **PLAN)],
    "follow-up-done": [post("followup.do", pk="follow_up_id")],
    "relapse-answer": [post("relapse.answer", pk="drop_id")],
    "check-ins": [get(EVERYBODY)],
    "plan-change": [get("progress.view", **PLAN)],
    "mail": [get("mail.choose")],
    "mail-choose": [post("mail.choose")],
    "demo-week": [post(EVERYBODY, gone=True)],  # only a demo company has it
    "promises": [get(EVERYBODY)],
}
OPEN = {"sign-in", "sign-out", "mail-stop"}  # these lead in and out
BEFORE_SIGNING_IN = {"set-theme", "set-language"}  # look and language of the page to sign in
