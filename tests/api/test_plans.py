from __future__ import annotations

import pytest

from headway.core.models import AuditEntry
from headway.plans.models import Plan
from tests.api.conftest import Ask


def test_a_plan_is_read_and_changed_as_on_the_page(plan: Plan, ask: Ask) -> None:
    status, found = ask("manager", "GET", f"plans/{plan.pk}")
    assert (status, found["state"], found["person_id"]) == (200, "draft", "P7")
    goal = found["goals"][0]
    path = f"plans/{plan.pk}/goals/{goal['key']}"
    status, after = ask("manager", "PATCH", path, {"target": goal["target"] + 1, "version": goal["version"]})
    assert (status, after["goals"][0]["target"]) == (200, goal["target"] + 1)
    status, refused = ask("manager", "PATCH", path, {"target": 5, "version": goal["version"]})
    assert (status, refused["error"]) == (409, "conflict")
    assert refused["todo"]
    skill = next(one for one in after["goals"] if one["key"] == "skill")
    way = {"count_by": "training_score", "version": skill["version"]}
    status, after = ask("manager", "PATCH", f"plans/{plan.pk}/goals/skill", way)
    assert status == 200
    assert [one["metric"] for one in after["goals"] if one["key"] == "skill"] == ["training_score"]


def test_words_and_support(plan: Plan, ask: Ask) -> None:
    _status, found = ask("manager", "GET", f"plans/{plan.pk}")
    section = found["sections"]["purpose"]
    words = {"text": "Ünïcode 🎉", "stamp": section["stamp"]}
    status, after = ask("manager", "PUT", f"plans/{plan.pk}/sections/purpose", words)
    assert (status, after["sections"]["purpose"]["text"]) == (200, "Ünïcode 🎉")
    assert ask("manager", "PUT", f"plans/{plan.pk}/sections/purpose", words)[0] == 409
    promise = {"text": "Shadow a call", "owner": "Marta", "due": "2026-06-20", "hours": 2}
    status, after = ask("manager", "POST", f"plans/{plan.pk}/support", promise)
    assert (status, after["promises"][-1]["text"]) == (201, "Shadow a call")
    assert ask("manager", "POST", f"plans/{plan.pk}/support", {**promise, "text": "a\x00b"})[0] == 400
    assert ask("manager", "POST", f"plans/{plan.pk}/support", {**promise, "due": "soon"})[0] == 422


@pytest.mark.parametrize("role", ["rep", "hr", "other"])
def test_a_draft_does_not_exist_for_others(plan: Plan, ask: Ask, role: str) -> None:
    for method, path, body in (
        ("GET", f"plans/{plan.pk}", None),
        ("POST", f"plans/{plan.pk}/discard", None),
        ("POST", "people/P7/plans", {}),
        ("GET", f"plans/{plan.pk}/letter.pdf", None),
        ("PUT", f"plans/{plan.pk}/sections/purpose", {"text": "x", "stamp": "x"}),
    ):
        status, refused = ask(role, method, path, body)
        assert (status, refused["error"]) == (404, "not_found"), path
    assert ask(role, "GET", "plans")[1]["total"] == 0
    plan.refresh_from_db()
    assert plan.state == "draft"


def test_reading_is_in_the_record(plan: Plan, ask: Ask) -> None:
    ask("leader", "GET", f"plans/{plan.pk}")
    assert AuditEntry.objects.filter(event="plan.seen", actor_name="Olav Berg", detail__page="api").exists()


def test_lists_come_in_pages(plan: Plan, ask: Ask) -> None:
    _status, found = ask("manager", "GET", "plans?size=1")
    assert (found["total"], found["pages"], len(found["items"])) == (1, 1, 1)
    assert ask("manager", "GET", "plans?page=7")[1]["items"] == []
    assert ask("manager", "GET", "plans?size=1000")[0] == 422


def test_people_signals_and_nothing_of_others(plan: Plan, ask: Ask) -> None:
    assert [p["person_id"] for p in ask("manager", "GET", "people")[1]["items"]] == ["P7"]
    assert ask("manager", "GET", "people/P7/signal")[1]["person_id"] == "P7"
    for path in ("people/P7", "people/P7/signal", "people/P7/metrics", "people/P7/diagnosis"):
        assert ask("other", "GET", path)[0] == 404
    assert ask("other", "GET", "signals")[1]["total"] == 0
    assert ask("rep", "GET", "people/P7")[1]["name"] == "Jonas Weber"
    assert ask("rep", "GET", "nowhere/at/all")[1]["error"] == "not_found"
