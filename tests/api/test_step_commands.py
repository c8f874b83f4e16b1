"""`headway plan …`: each step by the person whose token is given; the operator signs and approves nothing."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from headway.api.actions import make_token
from headway.cli.main import build
from headway.core import clock
from headway.core.errors import Conflict, HeadwayError, NotAllowed, NotFound, WrongUsage
from headway.core.models import AuditEntry
from headway.people.models import User
from headway.plans.states import PlanState
from tests.plans.stories import DAYS, on, plan_in

RUN = CliRunner()


@pytest.fixture
def say(people: dict[str, User], monkeypatch: pytest.MonkeyPatch):
    """`say("manager", "plan", "share", "1")`; None = the operator."""

    def said(role: str | None, *words: str) -> str:
        monkeypatch.delenv("HEADWAY_TOKEN", raising=False)
        if role is not None:
            monkeypatch.setenv("HEADWAY_TOKEN", make_token(name="cli", by=people[role]).secret)
        result = RUN.invoke(build(), list(words))
        if isinstance(result.exception, HeadwayError):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.stdout

    return said


def test_a_plan_walks_by_commands(people, run, say) -> None:
    plan = plan_in(PlanState.HR_REVIEW, people=people, run=run)
    number = str(plan.pk)
    with clock.at(on(DAYS["review"])):
        assert "approved" in say("hr", "plan", "approve", number, "--reason", "In line.")
    with clock.at(on(DAYS["sign"])):
        say("manager", "plan", "present", number, "--held-on", "2026-05-28")
        seen = plan.versions.get(kind="presented").content_hash
        with pytest.raises(HeadwayError, match="consent"):
            say("rep", "plan", "acknowledge", number, "--name", "Jonas Weber", "--hash", seen)
        done = say("rep", "plan", "acknowledge", number, "--name", "Jonas Weber", "--hash", seen, "--consent", "--json")
    assert json.loads(done)["state"] == "acknowledged"
    assert AuditEntry.objects.get(event="plan.approved").actor_name == "Hanne Dijkstra"


def test_the_operator_takes_no_step_of_a_person(people, run, say) -> None:
    plan = plan_in(PlanState.HR_REVIEW, people=people, run=run)
    with pytest.raises((NotFound, NotAllowed)):
        say(None, "plan", "approve", str(plan.pk), "--reason", "x")
    with pytest.raises(NotFound):
        say("other", "plan", "withdraw", str(plan.pk), "--reason", "x")
    with pytest.raises(Conflict):
        say("manager", "plan", "start", str(plan.pk))
    plan.refresh_from_db()
    assert plan.state == "hr_review"


def test_lists_show_what_the_person_may_see(people, run, say) -> None:
    plan = plan_in(PlanState.DRAFT, people=people, run=run)
    assert [row["id"] for row in json.loads(say("manager", "plan", "list", "--json"))["plans"]] == [plan.pk]
    for role in ("rep", "hr", "other"):
        assert json.loads(say(role, "plan", "list", "--json"))["plans"] == []
    assert "Success plan" in say(None, "plan", "list", "--state", "draft")
    assert "## Your goals" in say("manager", "plan", "show", str(plan.pk))
    with pytest.raises(WrongUsage):
        say(None, "plan", "list", "--state", "lost")


def test_a_token_that_works_no_more(people, say, monkeypatch) -> None:
    monkeypatch.setenv("HEADWAY_TOKEN", "hw_wrong")
    result = RUN.invoke(build(), ["plan", "list"])
    assert isinstance(result.exception, NotAllowed)
