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


def test_what_is_agreed_done_and_celebrated_over_the_api(running: Plan, people: dict[str, User], base: str) -> None:
    rep, manager = client_of(people["rep"]), client_of(people["manager"])
    agreed = {"text": "Call before the price", "side": "rep", "owner": "Jonas", "due": "2026-06-25"}
    status, made = put(manager, f"{base}/check-ins/3/agreements", agreed, "post")
    assert (status, made["check_in"], made["done_on"]) == (200, 3, None)  # type: ignore[index]
    pk = made["id"]  # type: ignore[index]
    assert put(rep, f"{base}/agreements/{pk}/done", {"on": TODAY.isoformat()}, "post")[0] == 200
    assert put(rep, f"{base}/agreements/{pk}/done", {"on": TODAY.isoformat()}, "post")[0] == 409
    assert [row["done_on"] for row in rep.get(f"/api/v1/{base}/agreements").json()] == [TODAY.isoformat()]
    key = rep.get(f"/api/v1/{base}/ledger").json()["rep"][0]["key"]
    assert put(manager, f"{base}/actions/{key}/mark", {"done": True, "on": TODAY.isoformat()}, "post")[0] == 200
    assert put(manager, f"{base}/actions/none/mark", {"done": True, "on": TODAY.isoformat()}, "post")[0] == 400
    assert put(manager, f"{base}/wins", {"text": "A pilot!", "on": TODAY.isoformat()}, "post")[0] == 200
    assert running.wins.get().text == "A pilot!"
    for path in ("agreements", f"agreements/{pk}/done", "wins"):
        assert put(client_of(people["other"]), f"{base}/{path}", {"text": "x", "on": "2026-06-18"}, "post")[0] in (
            404,
            405,
        )


def test_half_days_and_scored_talks_over_the_api(running: Plan, people: dict[str, User], base: str) -> None:
    rep, manager = client_of(people["rep"]), client_of(people["manager"])
    half_day = {"on": TODAY.isoformat(), "appointments": [{"who": "Hansen", "at": "9:00"}], "competency": "discovery"}
    status, made = put(manager, f"{base}/half-days", half_day, "post")
    assert status == 200
    found = {"on": TODAY.isoformat(), "wins": ["Asks"], "improvements": ["Waits"], "seen": ["Good start"]}
    address = f"{base}/half-days/{made['id']}/held"  # type: ignore[index]
    assert put(manager, address, {**found, "wins": []}, "post")[0] == 400
    assert put(manager, address, found, "post")[0] == 200
    assert put(manager, address, found, "post")[0] == 409
    marks = [{"line": "Asks before proposing", "mark": 3}, {"line": "Asks who decides", "mark": 4}]
    talk = {"kind": "role_play", "competency": "discovery", "on": TODAY.isoformat(), "marks": marks}
    assert put(manager, f"{base}/practices", {**talk, "kind": "dance"}, "post")[0] == 400
    status, made = put(manager, f"{base}/practices", talk, "post")
    assert status == 200
    own = f"{base}/practices/{made['id']}/own"  # type: ignore[index]
    assert put(manager, own, {"marks": [4, 4]}, "post")[0] == 404
    assert put(rep, own, {"marks": [4, 4]}, "post")[0] == 200
    assert running.practices.get().mean == pytest.approx(3.75)
