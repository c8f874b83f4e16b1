"""The end of a plan over the API: from the evidence to the appeal, follow-ups, drops, lessons, portfolio."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

from headway.core import clock
from headway.core.actors import SYSTEM
from headway.core.models import AuditEntry
from headway.outcomes import actions
from headway.outcomes.actions.after import RelapseSeen
from headway.people.models import User
from headway.plans.models import Plan
from tests.outcomes.conftest import LAST_DAY, People, answered_for, confirmed
from tests.plans.conftest import client_of
from tests.plans.stories import on


def ask(user: User, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
    client = client_of(user)
    if body is None:
        answer = client.get(f"/api/v1/{path}")
    else:
        answer = client.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json")
    return answer.status_code, answer.json()


def test_an_outcome_is_walked_to_the_appeal(plan: Plan, people: People) -> None:
    answered_for(plan, people)
    base = f"plans/{plan.pk}/outcome"
    assert ask(people["rep"], base)[0] == 404
    status, made = ask(people["manager"], f"{base}/prepare", {})
    assert (status, made["stage"], len(made["prepared"]["goals"])) == (200, "prepared", plan.goals.count())
    assert ask(people["rep"], base)[0] == 404, "the manager's desk is private"
    wrong = {"outcome": "fired", "words": "x", "prepared_hash": made["prepared_hash"]}
    assert ask(people["manager"], f"{base}/propose", wrong)[0] == 400
    stale = {"outcome": "not_met", "words": "x", "prepared_hash": "0" * 64}
    assert ask(people["manager"], f"{base}/propose", stale)[0] == 409
    sent = {"outcome": "not_met", "words": "Little moved.", "prepared_hash": made["prepared_hash"]}
    assert ask(people["manager"], f"{base}/propose", sent)[1]["stage"] == "proposed"
    assert ask(people["rep"], f"{base}/answer", {"words": "Much did."})[1]["stage"] == "answered"
    assert ask(people["hr"], f"{base}/return", {"words": "Which calls?"})[1]["stage"] == "returned"
    assert ask(people["manager"], f"{base}/propose", sent)[1]["stage"] == "proposed"
    ask(people["rep"], f"{base}/answer", {"words": "As I said."})
    assert ask(people["hr"], f"{base}/confirm", {"words": "Like others."})[1]["stage"] == "confirmed"
    assert ask(people["rep"], f"{base}/appeal", {"words": "No help came."})[1]["stage"] == "appealed"
    decided = {"upheld": True, "words": "Right.", "outcome": "unfair"}
    assert ask(people["hr"], f"{base}/decide-appeal", decided)[0] == 409, "HR confirmed it"
    status, final = ask(people["leader"], f"{base}/decide-appeal", decided)
    assert (status, final["stage"], final["outcome"]) == (200, "final", "unfair")
    assert [step["step"] for step in final["steps"]][-2:] == ["appeal", "decide_appeal"]
    assert [row["plan_id"] for row in ask(people["rep"], "outcomes")[1]["items"]] == [plan.pk]
    assert ask(people["other"], "outcomes")[1]["total"] == 0
    letter = client_of(people["rep"]).get(f"/api/v1/{base}.pdf")
    assert letter.content.startswith(b"%PDF")
    assert client_of(people["rep"]).get(f"/api/v1/{base}.exe").status_code == 404


def test_what_comes_after_a_plan(plan: Plan, people: People) -> None:
    confirmed(plan, people)
    listed = ask(people["manager"], "follow-ups?until=2027-12-31")[1]
    assert [row["kind"] for row in listed] == ["coaching", "refresher", "refresher", "coaching", "look_back"]
    assert ask(people["hr"], "follow-ups?until=2027-12-31")[1] == []
    first = listed[0]
    with clock.at(on(plan.follow_ups.first().due_on)):  # type: ignore[union-attr]
        status, kept = ask(people["manager"], f"follow-ups/{first['id']}/done", {"on": first["due_on"], "note": "Ok."})
    assert (status, kept["done_on"]) == (200, first["due_on"])
    seen = RelapseSeen(plan.pk, LAST_DAY, "conversion", 0.9, "Fewer talks became offers.")
    actions.keep_relapses(seen=[seen], by=SYSTEM)
    drop = ask(people["rep"], "renewed-drops")[1][0]
    assert drop["sentence"] == "Fewer talks became offers."
    assert ask(people["rep"], f"renewed-drops/{drop['id']}/answer", {"answer": "help", "words": "x"})[0] == 404
    assert ask(people["manager"], f"renewed-drops/{drop['id']}/answer", {"answer": "plan", "words": "x"})[0] == 400
    said = {"answer": "diagnosis", "words": "We look at it on Friday."}
    assert ask(people["manager"], f"renewed-drops/{drop['id']}/answer", said)[1]["answer"] == "diagnosis"


@pytest.mark.parametrize(("path", "who", "no"), [("lessons", "hr", "rep"), ("portfolio", "leader", "manager")])
def test_figures_over_many_plans_protect_small_numbers(
    plan: Plan, people: People, path: str, who: str, no: str
) -> None:
    confirmed(plan, people)
    status, found = ask(people[who], path)
    assert status == 200
    text = json.dumps(found)
    assert plan.person.name not in text
    if path == "portfolio":
        assert [(row["outcomes"]["partly"], row["gain_a_year"], row["hours_given"]) for row in found] == [
            ("1-4", None, None)
        ]
    assert ask(people[no], path)[0] in {403, 404}


def test_the_whole_case_is_the_one_of_the_page(plan: Plan, people: People) -> None:
    confirmed(plan, people)
    made = AuditEntry.objects.filter(event="outcome.case_file_made")
    for number, role in enumerate(("rep", "manager", "leader", "hr"), 1):
        client = client_of(people[role])
        answer = client.post(f"/api/v1/plans/{plan.pk}/case.zip")
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip"), role
        assert made.count() == 2 * number - 1, "taking it along is on record"
        by_api, by_page = _files(answer.content), _files(client.post(f"/plans/{plan.pk}/case.zip").content)
        assert set(by_api) == set(by_page), role
        same = [name for name in by_api if by_api[name] == by_page[name]]
        # what tells when it was taken, and the letter made that moment, may differ
        assert {f"case-{plan.pk}/outcome/outcomes.json", f"case-{plan.pk}/verify.py"} <= set(same), role
    assert client_of(people["other"]).post(f"/api/v1/plans/{plan.pk}/case.zip").status_code == 404
    assert client_of(people["hr"]).get(f"/api/v1/plans/{plan.pk}/case.zip").status_code == 405


def _files(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
