from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from headway.core import clock
from headway.core.actors import SYSTEM
from headway.metrics.models import AnalysisRun
from headway.people.models import User
from headway.plans.models import Plan
from headway.plans.states import PlanState
from headway.running.actions.check_ins import schedule_check_ins
from tests.plans.conftest import people, plan, run
from tests.plans.stories import plan_in

__all__ = ["people", "plan", "run"]

# Jonas's plan runs from Monday 1 June 2026; the tests look from its third week.
TODAY = date(2026, 6, 18)


@pytest.fixture(autouse=True)
def third_week() -> Iterator[None]:
    with clock.at(datetime(2026, 6, 18, 9, 0, tzinfo=UTC)):
        yield


@pytest.fixture
def running(people: dict[str, User], run: AnalysisRun) -> Plan:
    """Jonas's plan, walked to running by the real actions, with its check-ins on the calendar."""
    plan = plan_in(PlanState.ACTIVE, people=people, run=run)
    schedule_check_ins(plan=plan, by=SYSTEM)
    return plan


def other_rep() -> User:
    return User.objects.create(email="x@x.example", name="Xaver", role="rep")
