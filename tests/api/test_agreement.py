"""A plan walked from draft to its end by programs, each with the token of its person."""

from __future__ import annotations

from typing import Any

import pytest

from headway.core import clock
from headway.plans.models import Plan
from headway.plans.states import PlanState
from tests.api.conftest import Ask
from tests.plans.stories import DAYS, on, plan_in, prepare


def test_from_shared_to_signed(people, run, ask: Ask) -> None:
    plan = plan_in(PlanState.SHARED, people=people, run=run)
    prepare(people)
    path = f"plans/{plan.pk}"
    with clock.at(on(DAYS["submit"])):
        promise = ask("rep", "GET", path)[1]["promises"][0]
        wish = {"piece": f"promise:{promise['key']}", "text": "An hour each Thursday", "why": "Fridays are full."}
        status, proposal = ask("rep", "POST", f"{path}/proposals", wish)
        assert (status, proposal["state"]) == (201, "open")
        accepted = ask("manager", "POST", f"{path}/proposals/{proposal['id']}/answer", {"accept": True})
        assert (accepted[0], accepted[1]["state"]) == (200, "accepted")
        assert ask("rep", "GET", path)[1]["promises"][0]["text"] == "An hour each Thursday"
        assert ask("rep", "POST", f"{path}/comments", {"text": "Thank you."})[0] == 201
        assert ask("hr", "GET", path)[0] == 404
        sent = ask("manager", "POST", f"{path}/submit", {})
        assert sent[1].get("state") == "hr_review", sent
    with clock.at(on(DAYS["review"])):
        seen = ask("hr", "GET", path)[1]["version"]
        assert ask("hr", "POST", f"{path}/approve", {"reasons": "Fine.", "version": seen - 1})[0] == 409
        assert ask("hr", "POST", f"{path}/approve", {"reasons": "Fine.", "version": seen})[1]["state"] == "approved"
    with clock.at(on(DAYS["sign"])):
        assert ask("manager", "POST", f"{path}/present", {"held_on": "2026-05-28"})[1]["state"] == "presented"
        presented = ask("rep", "GET", f"{path}/history")[1]["versions"][-1]
        signed = {"name": "Jonas Weber", "consent": True, "content_hash": presented["content_hash"], "statement": "Hm."}
        assert ask("manager", "POST", f"{path}/acknowledge", signed)[0] == 404
        assert ask("rep", "POST", f"{path}/acknowledge", {**signed, "content_hash": "0" * 64})[0] == 409
        assert ask("rep", "POST", f"{path}/acknowledge", signed)[1]["state"] == "acknowledged_with_statement"
        assert ask("rep", "POST", f"{path}/acknowledge", signed)[0] == 409
    found = ask("hr", "GET", f"{path}/history")[1]["signatures"]
    assert [(one["name"], one["statement"]) for one in found] == [("Jonas Weber", "Hm.")]


def test_a_running_plan_is_paused_amended_and_appealed(people, run, ask: Ask) -> None:
    plan = plan_in(PlanState.ACTIVE, people=people, run=run)
    path = f"plans/{plan.pk}"
    with clock.at(on(DAYS["running"])):
        change = {"reason": "A fair.", "goals": {"revenue": {"target": 90_000}}}
        assert ask("manager", "POST", f"{path}/amend", change)[1]["state"] == "amended"
        assert ask("rep", "POST", f"{path}/amend/decline", {"answer": "Too little time."})[1]["state"] == "active"
        assert ask("rep", "POST", f"{path}/appeal", {"text": "The leads never came."})[0] == 200
        answered = ask("leader", "POST", f"{path}/appeal/answer", {"upheld": True, "answer": "Right."})
        assert answered[0] == 200
        pause = {"from_on": "2026-06-22", "reason": "Leave."}
        assert ask("manager", "POST", f"{path}/pause", pause)[1]["state"] == "paused"


@pytest.mark.parametrize("role", ["rep", "other", "hr"])
def test_the_managers_steps_are_the_managers(people, run, ask: Ask, role: str) -> None:
    plan = plan_in(PlanState.APPROVED, people=people, run=run)
    for step, body in (("present", {"held_on": "2026-05-28"}), ("withdraw", {"reason": "x"})):
        assert ask(role, "POST", f"plans/{plan.pk}/{step}", body)[0] == 404
    assert Plan.objects.get(pk=plan.pk).state == "approved"


@pytest.mark.parametrize(
    ("role", "path", "body"),
    [
        ("rep", "comments", {"text": "a\x00b"}),
        ("rep", "proposals", {"piece": "goal:revenue", "target": 90_000, "why": "a\x00b"}),
        ("rep", "appeal", {"text": "a\x00b"}),
        ("manager", "withdraw", {"reason": "a\x00b"}),
    ],
)
def test_a_null_character_is_refused_in_one_sentence(
    people, run, ask: Ask, role: str, path: str, body: dict[str, Any]
) -> None:
    plan = plan_in(PlanState.SHARED, people=people, run=run)
    before = plan.version
    status, answer = ask(role, "POST", f"plans/{plan.pk}/{path}", body)
    assert (status, "null character" in answer["what"]) == (400, True), answer
    plan.refresh_from_db()
    assert plan.version == before
