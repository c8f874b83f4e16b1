"""What shared plans state is kept once, and held against what came on a page without names."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.charts.marks import Kind
from headway.plans.models import ForecastLog
from headway.plans.outlook.outlook import Spread
from headway.plans.outlook.pages import headline, step_of, table_of
from headway.plans.outlook.queries import calibration_of
from headway.plans.outlook.reach import Reach
from headway.plans.outlook.stated import stated_in
from headway.plans.plan_draft import Chance, Goal, GoalKind

START = date(2026, 6, 1)


def _goal(chance: Chance | None) -> Goal:
    return Goal(
        "g", GoalKind.REVENUE, "Sell 100", "revenue", "Revenue", "1", "money", 50.0, 100.0, START,
        START + timedelta(days=88), "", 50, "data", chance=chance,
    )  # fmt: skip


def _reach() -> Reach:
    spread = (Spread(START + timedelta(days=88), tuple(float(v) for v in range(100))),)
    return Reach(date(2026, 5, 17), START, START + timedelta(days=89), 3, 1.0, 2.0, spread, spread, inputs="abc")


def test_a_goal_with_a_forecast_states_its_chance_over_its_own_days() -> None:
    chance = replace(_chance(), reach=_reach(), person_today=0.31, adequate_colleague=0.82)
    (found,) = stated_in([_goal(chance), _goal(None), _goal(_chance())])
    assert (found.metric, found.target, found.p_person, found.p_adequate_peer) == ("revenue", 100.0, 0.31, 0.82)
    assert (found.start, found.end, found.as_of) == (START, START + timedelta(days=89), date(2026, 5, 17))
    assert found.inputs == "abc"


def _chance() -> Chance:
    return Chance(None, None, "")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=50, max_size=120))
def test_every_number_on_the_page_is_counted(pairs: list[tuple[float, bool]]) -> None:
    found = calibration_of(pairs, made=len(pairs))
    rows = table_of(found).rows
    assert sum(int(row[1]) for row in rows) == len(pairs)
    assert sum(int(row[3].split(" of ")[0]) for row in rows) == sum(r for _c, r in pairs)
    for k, row in zip(found.classes, rows, strict=True):
        step = step_of(k)
        assert step.value is not None
        assert step.low is not None
        assert step.high is not None
        assert step.low <= step.value <= step.high
        assert step.value_text == f"{100 * k.came_true:.0f}%"
        assert row[2] == f"{100 * k.stated:.0f}%"
        assert k.low <= k.stated <= k.high + 1e-9


def test_a_class_that_comes_true_far_too_seldom_is_said() -> None:
    honest = calibration_of([(0.25, n % 4 == 0) for n in range(60)], made=60)
    assert headline(honest) == "Stated chances come true about as often as they say"
    hopeful = calibration_of([(0.85, n % 4 == 0) for n in range(60)], made=60)
    assert headline(hopeful).startswith("One class of chances")
    assert step_of(hopeful.classes[0]).kind is Kind.SIGNAL
    assert headline(calibration_of([(0.5, True)] * 49, made=60)).startswith("Not enough")


@pytest.mark.django_db
def test_the_page_says_how_many_are_missing_and_names_nobody(people, client) -> None:
    for n in range(3):
        ForecastLog.objects.create(
            made_at=datetime.now(UTC), made_for="plan", as_of=START, person_id="P7", metric="revenue", start_on=START,
            end_on=START + timedelta(days=30), target=100.0 + n, chance=0.3, reached=n == 0, outcome=100.0,
        )  # fmt: skip
    client.force_login(people["manager"])
    page = client.get("/plans/forecasts/").content.decode()
    assert "47 more forecasts have to be over" in page
    assert "1 of 3" in page
    assert "P7" not in page
    client.force_login(people["rep"])
    assert client.get("/plans/forecasts/").status_code in {403, 404}
