"""`headway running …` and `headway outcome …`: each step by the person whose token is given."""

from __future__ import annotations

import json
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from headway.api.actions import make_token
from headway.cli.main import build
from headway.core import clock
from headway.core.actors import SYSTEM
from headway.core.errors import BadInput, Conflict, HeadwayError, NotAllowed, NotFound, WrongUsage
from headway.people.models import User
from headway.plans.models import Plan
from headway.plans.states import PlanState
from headway.running.actions.check_ins import schedule_check_ins
from tests.plans.stories import on, plan_in

RUN = CliRunner()
TODAY, LAST_DAY = date(2026, 6, 18), date(2026, 8, 31)


@pytest.fixture
def say(people: dict[str, User], monkeypatch: pytest.MonkeyPatch):
    """`say("manager", "running", "progress", "1")`; None = the operator."""

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


@pytest.fixture
def plan(people: dict[str, User], run) -> Plan:
    found = plan_in(PlanState.ACTIVE, people=people, run=run)
    with clock.at(on(TODAY)):
        schedule_check_ins(plan=found, by=SYSTEM)
    return found


def test_a_running_plan_is_looked_after_by_commands(plan: Plan, say) -> None:
    number = str(plan.pk)
    with clock.at(on(TODAY)):
        goals = json.loads(say("rep", "running", "progress", number, "--json"))["goals"]
        assert [one["goal"] for one in goals] == [row.key for row in plan.goals.all()]
        assert "held" in say("manager", "running", "held", number, "1", "--on", "2026-06-04")
        assert "did not take place" in say("manager", "running", "skip", number, "2", "--why", "Ill.")
        assert "2026-06-22" in say("rep", "running", "move", number, "3", "--to", "2026-06-22", "--why", "Fair.")
        meetings = json.loads(say("hr", "running", "check-ins", number, "--json"))["check_ins"]
        assert [one["state"] for one in meetings[:3]] == ["held", "skipped", "planned"]
        lines = json.loads(say("manager", "running", "ledger", number, "--json"))["lines"]
        first, second = [one["key"] for one in lines if one["side"] == "company" and one["state"] == "overdue"][:2]
        assert "Written down" in say("manager", "running", "given", number, first, "--hours", "2", "--note", "Done.")
        assert "beside the promise" in say("manager", "running", "answer", number, second, "--why", "Trainer ill.")
        assert first in say("manager", "running", "ledger", number)
        for words in (["progress", number], ["skip", number, "4", "--why", "x"], ["given", number, second]):
            with pytest.raises((NotFound, NotAllowed)):
                say("other", "running", *words)
    assert plan.ledger_entries.filter(key=first, kind="given").count() == 1


def test_a_plan_is_judged_by_commands(plan: Plan, say, tmp_path: Path) -> None:
    number, until = str(plan.pk), (LAST_DAY + timedelta(days=28)).isoformat()
    with clock.at(on(LAST_DAY)):
        seen = json.loads(say("manager", "outcome", "prepare", number, "--json"))["prepared_hash"]
        with pytest.raises(WrongUsage):
            say("manager", "outcome", "propose", number, "--outcome", "fired", "--words", "x", "--hash", seen)
        with pytest.raises(BadInput, match="support the company owes"):
            say("manager", "outcome", "propose", number, "--outcome", "not_met", "--words", "x", "--hash", seen)
        with pytest.raises(NotFound):
            say("rep", "outcome", "show", number)
        told = ["--outcome", "partly", "--words", "Two of four.", "--hash", seen]
        assert "partly met" in say("manager", "outcome", "propose", number, *told)
        assert "waits for HR" in say("rep", "outcome", "answer", number, "--words", "I agree.")
        assert "sent back" in say("hr", "outcome", "return", number, "--words", "Which calls?")
        longer = ["--outcome", "extended", "--until", until, "--words", "More time.", "--hash", seen]
        say("manager", "outcome", "propose", number, *longer)
        say("rep", "outcome", "answer", number, "--words", "Good.")
        assert "confirmed" in say("hr", "outcome", "confirm", number, "--words", "In line.")
        assert "signed" in say("manager", "outcome", "extend", number)
        say("rep", "outcome", "appeal", number, "--words", "Too long.")
        with pytest.raises(Conflict):
            say("hr", "outcome", "decide", number, "--dismiss", "--words", "x")
        assert "decided after an appeal" in say("leader", "outcome", "decide", number, "--dismiss", "--words", "Fair.")
        path, seal = say("rep", "outcome", "case", number, "--to", str(tmp_path)).strip().rsplit(", SHA-256 ", 1)
    assert len(seal) == 64
    assert f"case-{plan.pk}/verify.py" in zipfile.ZipFile(path).namelist()
    with pytest.raises(NotFound):
        say("other", "outcome", "case", number, "--to", str(tmp_path))
