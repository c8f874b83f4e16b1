from __future__ import annotations

import json

import pytest
from django.test import Client

from headway.people.models import User
from headway.plans.models import Plan
from tests.plans.conftest import client_of
from tests.running.conftest import TODAY
from tests.running.test_ledger import overdue_promise


def put(client: Client, path: str, body: dict[str, object], method: str = "put") -> tuple[int, object]:
    answer = getattr(client, method)(f"/api/v1/{path}", json.dumps(body), content_type="application/json")
    return answer.status_code, answer.json()


@pytest.fixture
def base(running: Plan) -> str:
    return f"plans/{running.pk}"


def test_progress_and_ledger_say_what_the_pages_say(running: Plan, people: dict[str, User], base: str) -> None:
    rep = client_of(people["rep"])
    goals = rep.get(f"/api/v1/{base}/progress").json()
    assert [goal["key"] for goal in goals] == [row.key for row in running.goals.all()]
    sides = rep.get(f"/api/v1/{base}/ledger").json()
    assert len(sides["company"]) == running.promises.count()
    for path in ("progress", "ledger", "check-ins"):
        assert client_of(people["other"]).get(f"/api/v1/{base}/{path}").status_code == 404


def test_a_check_in_is_walked_over_the_api(running: Plan, people: dict[str, User], base: str) -> None:
    rep, manager = client_of(people["rep"]), client_of(people["manager"])
    status, kept = put(rep, f"{base}/check-ins/3/review", {"version": 0, "worked": "Asked first"})
    assert (status, kept["review_version"]) == (200, 1)  # type: ignore[index]
    hidden = manager.get(f"/api/v1/{base}/check-ins").json()[2]
    assert hidden["worked"] == ""
    put(rep, f"{base}/check-ins/3/review", {"version": 1, "share": True})
    assert manager.get(f"/api/v1/{base}/check-ins").json()[2]["worked"] == "Asked first"
    status, refused = put(rep, f"{base}/check-ins/3/review", {"version": 0, "worked": "Old"})
    assert status == 409
    assert "somewhere else" in refused["what"]  # type: ignore[index]
    put(manager, f"{base}/check-ins/3/notes", {"version": 0, "recognition": "Full price"})
    put(manager, f"{base}/check-ins/3/held", {"on": TODAY.isoformat()}, "post")
    for client in (rep, manager):
        status, kept = put(client, f"{base}/check-ins/3/confirm", {"version": 1}, "post")
    assert kept["state"] == "held"  # type: ignore[index]
    assert running.meetings.get(number=3).rep_confirmed_at is not None


def test_support_and_counts_over_the_api(running: Plan, people: dict[str, User], base: str) -> None:
    key, manager = overdue_promise(running), client_of(people["manager"])
    assert put(manager, f"{base}/promises/{key}/answer", {"why": "Trainer ill"}, "post")[0] == 200
    assert put(manager, f"{base}/promises/{key}/given", {"on": TODAY.isoformat(), "hours": 2}, "post")[0] == 200
    assert (
        put(manager, f"{base}/goals/activity/counts", {"value": 3, "of": 4, "on": TODAY.isoformat()}, "post")[0] == 200
    )
    assert put(client_of(people["hr"]), f"{base}/promises/{key}/answer", {"why": "x"}, "post")[0] == 404
