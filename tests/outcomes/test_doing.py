"""What the end of a plan asks of each role, on their first pages, and the links between a plan's pages."""

from __future__ import annotations

from datetime import UTC, date, datetime

from headway.core import clock
from headway.outcomes.doing import to_do
from headway.plans.models import Plan
from tests.outcomes.conftest import People, answered, confirmed, proposed
from tests.plans.conftest import client_of


def texts(people: People, who: str) -> list[str]:
    return [one.text for one in to_do(people[who], clock.today())]


def test_each_is_asked_when_it_is_their_turn(plan: Plan, people: People) -> None:
    assert texts(people, "manager") == ["Jonas’s plan ends: gather the evidence for its outcome"]
    assert texts(people, "hr") == []
    proposed(plan, people)
    assert texts(people, "rep") == ["Read the proposed outcome of your plan and answer it"]
    assert texts(people, "hr") == [], "the person still has time to answer"
    with clock.at(datetime(2026, 9, 20, 9, tzinfo=UTC)):
        assert texts(people, "hr") == [
            "Jonas Weber has not answered the proposed outcome in time: confirm it, or send it back"
        ]
    assert texts(people, "other") == []


def test_hrs_first_page_counts_what_waits(plan: Plan, people: People) -> None:
    assert "No case waits for you" in client_of(people["hr"]).get("/").content.decode()
    answered(plan, people)
    html = client_of(people["hr"]).get("/").content.decode()
    assert "1 case waits for you" in html
    assert "Confirm the outcome of Jonas Weber’s plan, or send it back" in html


def test_follow_ups_stand_in_the_week_when_they_are_due(plan: Plan, people: People) -> None:
    confirmed(plan, people)
    assert not any("Twenty minutes" in text for text in texts(people, "hr"))
    first = plan.follow_ups.earliest("due_on")
    with clock.at(datetime(2026, 9, 20, 9, tzinfo=UTC)):
        mine = list(to_do(people["manager"], date(2026, 9, 20)))
    assert [(one.on, one.minutes, one.late) for one in mine][:1] == [(first.due_on, first.minutes, True)]
    assert mine[0].text.startswith("Jonas Weber: ")


def test_a_plans_pages_lead_to_its_outcome(plan: Plan, people: People) -> None:
    page, href = f"/plans/{plan.pk}/", f'href="/plans/{plan.pk}/outcome/"'
    assert href in client_of(people["manager"]).get(page).content.decode()
    assert href not in client_of(people["rep"]).get(page).content.decode(), "nothing to see there for the rep yet"
    with clock.at(datetime(2026, 6, 20, 9, tzinfo=UTC)):
        assert href not in client_of(people["manager"]).get(page).content.decode(), "weeks before the last day"
    proposed(plan, people)
    assert href in client_of(people["rep"]).get(f"{page}progress/").content.decode()
