"""Who gets an answer at which operation of the API: every one, for everybody."""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction
from django.test import Client

from headway.api.service import document
from tests.reach.world import World, allowed

ANYBODY = "anybody"
# Operation -> the permission it needs; "draft" where it is asked about a draft.
NEEDS: dict[str, str] = {
    "api_me": ANYBODY,
    "people_people": ANYBODY,
    "people_person": "person.view",
    "metrics_metrics": "person.view",
    "metrics_figures": ANYBODY,
    "metrics_things": "figures.view",
    "detection_signals": ANYBODY,
    "detection_signal": "person.view",
    "diagnosis_diagnosis": "person.view",
    "plans_plans": ANYBODY,
    "plans_plan": "plan.view",
    "plans_history": "plan.view",
    "plans_letter": "plan.view",
    "plans_papers": "plan.view",
    "plans_paper": "plan.view",
    "plans_check_ins": "plan.view",
    "plans_comments": "plan.view",
    "plans_proposals": "plan.view",
    "plans_draft": "plan.draft",
    "plans_change_goal": "plan.edit",
    "plans_add_support": "plan.edit",
    "plans_change_support": "plan.edit",
    "plans_remove_support": "plan.edit",
    "plans_change_text": "plan.edit",
    "plans_choose_kind": "plan.edit",
    "plans_discard": "plan.edit",
    "plans_share": "plan.share",
    "plans_submit": "plan.submit",
    "plans_send_back": "plan.review",
    "plans_approve": "plan.review",
    "plans_present": "plan.present",
    "plans_acknowledge": "plan.sign",
    "plans_refuse": "plan.refuse",
    "plans_witness": "plan.witness",
    "plans_start": "plan.start",
    "plans_pause": "plan.pause",
    "plans_resume": "plan.pause",
    "plans_amend": "plan.amend",
    "plans_take_amendment_back": "plan.amend",
    "plans_consent": "plan.sign",
    "plans_decline": "plan.sign",
    "plans_withdraw": "plan.withdraw",
    "plans_close": "plan.close",
    "plans_appeal": "plan.appeal",
    "plans_answer_appeal": "plan.answer_appeal",
    "plans_comment": "plan.comment",
    "plans_settle": "plan.comment",
    "plans_propose": "plan.propose",
    "plans_answer": "plan.answer",
    "plans_take_back": "plan.propose",
    "running_progress": "progress.view",
    "running_ledger": "progress.view",
    "running_check_ins": "progress.view",
    "running_review": "checkin.prepare",
    "running_notes": "checkin.lead",
    "running_held": "checkin.lead",
    "running_move": "checkin.move",
    "running_skip": "checkin.move",
    "running_confirm": "checkin.confirm",
    "running_given": "support.answer",  # and whoever the promise names
    "running_answer": "support.answer",
    "running_count": "goal.count",
    "running_agreements": "progress.view",
    "running_agree": "agreement.keep",
    "running_keep": "agreement.keep",
    "running_mark": "action.mark",
    "running_win": "win.celebrate",
    "running_plan_half_day": "halfday.hold",
    "running_hold_half_day": "halfday.hold",
    "running_score": "practice.score",
    "running_mark_own": "practice.mark_own",
    "outcomes_outcomes": ANYBODY,
    "outcomes_outcome": "outcome.view",
    "outcomes_letter": "outcome.view",
    "outcomes_case": "outcome.view",
    "outcomes_prepare": "outcome.prepare",
    "outcomes_propose": "outcome.propose",
    "outcomes_answer": "outcome.answer",
    "outcomes_send_back": "outcome.confirm",
    "outcomes_confirm": "outcome.confirm",
    "outcomes_appeal": "outcome.appeal",
    "outcomes_decide": "outcome.decide_appeal",
    "outcomes_extend": "outcome.extend",
    "outcomes_follow_ups": ANYBODY,
    "outcomes_done": "followup.do",
    "outcomes_drops": ANYBODY,
    "outcomes_answer_drop": "relapse.answer",
    "outcomes_lessons": "lessons.view",
    "outcomes_portfolio": "portfolio.view",
}
NOT_THERE = {"metrics_metrics", "metrics_things", "diagnosis_diagnosis"}  # nothing lies behind these in this world


def operations() -> list[tuple[str, str, str, dict[str, Any]]]:
    """Operation, method, path and body of every operation, the body made up from its schema."""
    doc = json.loads(json.dumps(document(), default=str))
    found = []
    for path, methods in doc["paths"].items():
        for method, about in methods.items():
            schema = about.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            found.append((about["operationId"], method.upper(), path, made_up(schema, doc)))
    return found


def made_up(schema: dict[str, Any], doc: dict[str, Any]) -> Any:
    """Something of the right shape, the required fields only."""
    if "$ref" in schema:
        return made_up(doc["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], doc)
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if kind == "object" or "properties" in schema:
        return {name: made_up(schema["properties"][name], doc) for name in schema.get("required", [])}
    if schema.get("format") == "date":
        return "2026-06-22"
    return {"string": "x", "integer": 1, "number": 1, "boolean": True, "array": []}.get(str(kind))


def test_every_operation_has_its_rule() -> None:
    assert {name for name, *_more in operations()} - set(NEEDS) == set()


def filled(path: str, world: World) -> str:
    own = {"key": world.ids["goal"] if "goals" in path else world.ids["promise"], "section": "purpose", "fmt": "pdf",
           "name": world.ids["paper"]}  # fmt: skip
    for name, value in {**world.ids, **own}.items():
        path = path.replace("{" + name + "}", str(value))
    assert "{" not in path, path
    return path


def ask(browser: Client, method: str, path: str, body: Any) -> int:
    with transaction.atomic():
        status = browser.generic(method, path, json.dumps(body), content_type="application/json").status_code
        transaction.set_rollback(True)
    return status


def test_who_gets_an_answer(world: World) -> None:
    wrong = []
    for name, method, path, body in operations():
        permission = NEEDS[name]
        expected = set(world.viewers) if permission == ANYBODY else allowed(world, permission)
        for who, viewer in world.viewers.items():
            status = ask(viewer.browser, method, filled(path, world), body)
            if who not in expected and status != 404:
                wrong.append(f"{method} {path}: {who} must not get in, got {status}")
            if who in expected and name not in NOT_THERE and status in {401, 403, 404, 405, 422, 500}:
                wrong.append(f"{method} {path}: {who} should get in, got {status}")
        assert ask(Client(), method, filled(path, world), body) == 401, path
    assert wrong == [], "\n".join(wrong)
