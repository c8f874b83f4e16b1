"""Whether a target is fair; chances of shares and counts; the log of forecasts and what came of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import betabinom, nbinom

from bench.simulation.memory_facts import memory_facts
from headway.core.actors import SYSTEM
from headway.core.errors import HeadwayError
from headway.core.models import AuditEntry
from headway.detection.engine import analyse
from headway.plans.models import ForecastLog
from headway.plans.outlook import actions, reasons
from headway.plans.outlook.outlook import Metric, Outlook, Spread
from headway.plans.outlook.queries import calibration, calibration_of
from headway.plans.outlook.reaching import Answer, Question, answer, days_for, has_peers, proposed_revenue
from headway.plans.outlook.steady import Pace, Share, colleague_share, person_pace, person_share
from headway.plans.wording import chance


def test_shares_equal_scipys_beta_binomial():
    share = Share(12.0, 18.0)
    for k in range(21):
        assert share.chance(k / 20, n=20) == pytest.approx(betabinom.sf(k - 1, 20, 12, 18), abs=1e-9)
    assert share.chance(1.2, n=20) == 0.0
    best = share.reached_with(0.8, n=20)
    assert share.chance(best, n=20) >= 0.8 > share.chance(best + 1 / 20, n=20)


def test_counts_equal_scipys_negative_binomial():
    pace = Pace(6.0, 0.04)
    spread = 0.04 + 1.0 / 60.0
    for target in (3.0, 6.0, 8.0):
        wanted = nbinom.sf(target * 10 - 1, 1 / spread, (1 / spread) / (1 / spread + 60))
        assert pace.chance(target, weeks=10) == pytest.approx(wanted, abs=1e-9)


def test_little_evidence_is_pulled_to_colleagues_and_much_is_not():
    usual = {"peer": 0.4, "low": 0.3, "high": 0.5}
    assert 0.30 < person_share(rate=0.1, n=5, **usual).mean < 0.4
    assert person_share(rate=0.1, n=2_000, **usual).mean == pytest.approx(0.1, abs=0.01)
    assert person_pace(per_week=2.0, weeks=1, peer=10, low=8, high=12).mean > 5
    assert person_pace(per_week=2.0, weeks=500, peer=10, low=8, high=12).mean == pytest.approx(2.0, abs=0.2)
    assert colleague_share(0.4).chance(0.5, n=30) == pytest.approx(nothing_but_luck(), abs=0.005)


def nothing_but_luck() -> float:
    return float(betabinom.sf(14, 30, 0.4e5, 0.6e5))


def outlook(values: np.ndarray) -> Outlook:
    on = date(2026, 8, 28)
    spread = Spread(on, tuple(float(v) for v in values))
    return Outlook("P1", Metric.REVENUE, date(2026, 5, 17), date(2026, 6, 1), date(2026, 8, 29), 0.0,
                   float(values.mean()), 5, 2.0, 3.0, (spread,))  # fmt: skip


def test_the_proposed_target_is_fair_and_a_step():
    adequate = outlook(np.linspace(50_000, 250_000, 100))
    proposed = proposed_revenue(adequate, 60_000)
    assert proposed is not None
    assert adequate.chance(proposed) >= 0.80
    assert proposed > 60_000 * 1.05
    assert proposed_revenue(adequate, 95_000) is None


@pytest.mark.parametrize(("cycle", "days"), [(15, 30), (21, 60), (58, 90), (61, None), (None, 30)])
def test_the_window_holds_one_and_a_half_cycles(cycle, days):
    assert days_for(cycle) == days


def test_reasons_say_what_would_be_fair_and_why_a_window_is_too_short():
    found = reasons.Reached(0.31, False, True, 90, 58.0, 150_000.0, 240_000.0, "money", "EUR", 90_000.0)
    assert "31 times in 100" in reasons.pipeline(found)
    assert "Fair would be €150,000" in reasons.pipeline(found)
    short = replace(found, enough=False, days=30, cycle=90.0, proposed=None)
    assert "30 days are too short" in reasons.pipeline(short)
    assert "135 days" in reasons.pipeline(short)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.0, "less than once in 100 times"),
        (0.01, "once in 100 times"),
        (0.311, "31 times in 100"),
        (0.994, "99 times in 100"),
        (1.0, "more than 99 times in 100"),
    ],
)
def test_a_chance_is_said_as_it_is(value: float, words: str):
    assert chance(value) == words


@pytest.mark.django_db
def test_without_colleagues_nothing_says_what_is_adequate():
    """Somebody who sells alone: an adequate colleague's chance would only be the person's own."""
    wins = ["won" if i % 3 else "lost" for i in range(90)]
    days = [date(2026, 5, 17) - timedelta(days=5 + 6 * i) for i in range(90)]
    deals = pa.table(
        {
            "opportunity_id": [f"O{i}" for i in range(90)],
            "owner_id": ["P0"] * 90,
            "outcome": wins,
            "created_at": [d - timedelta(days=20) for d in days],
            "closed_at": days,
            "amount": [1000.0] * 90,
        }
    )
    facts = memory_facts(
        {"people": pa.table({"person_id": ["P0"], "name": ["Ann B"]}), "opportunities": deals}, date(2026, 5, 17)
    )
    assert not has_peers(analyse(facts), "P0")
    found = answer(facts, "revenue", Question("P0", 5000.0, date(2026, 5, 18), date(2026, 8, 18)))
    assert (found.code, found.p_adequate_peer, found.fair) == ("no_peers", None, None)


ANSWER = Answer("P7", "revenue", "Revenue", "money", "EUR", 150_000.0, date(2026, 6, 1), date(2026, 8, 29),
                date(2026, 5, 17), 0.42, 0.81, 0.9, True, 150_000.0, 90, "", "told", inputs="abc")  # fmt: skip


def test_a_forecast_is_kept_once_with_an_audit_entry(people):
    actions.log_forecast(person_id="P7", answer=ANSWER, made_for="target", by=people["manager"])
    actions.log_forecast(person_id="P7", answer=ANSWER, made_for="target", by=people["manager"])
    kept = ForecastLog.objects.get()
    assert (kept.chance, kept.chance_adequate, kept.reached) == (0.42, 0.81, None)
    assert AuditEntry.objects.filter(event="forecast.made", person_id="P7").exists()


def test_what_could_not_be_told_is_not_kept(people):
    nothing = replace(ANSWER, p_person=None)
    assert actions.log_forecast(person_id="P7", answer=nothing, made_for="target", by=SYSTEM) is None
    assert not ForecastLog.objects.exists()


@pytest.mark.parametrize("role", ["rep", "hr", "other"])
def test_others_may_not_ask(people, role):
    with pytest.raises(HeadwayError):
        actions.log_forecast(person_id="P7", answer=ANSWER, made_for="target", by=people[role])
    assert not ForecastLog.objects.exists()


def test_outcomes_are_written_once_and_only_by_the_system(people):
    kept = actions.log_forecast(person_id="P7", answer=ANSWER, made_for="target", by=SYSTEM)
    assert kept is not None
    with pytest.raises(HeadwayError):
        actions.settle(outcomes={kept.pk: 170_000.0}, by=people["manager"])
    assert actions.settle(outcomes={kept.pk: 170_000.0}, by=SYSTEM) == 1
    assert actions.settle(outcomes={kept.pk: 10.0}, by=SYSTEM) == 0
    kept.refresh_from_db()
    assert (kept.outcome, kept.reached) == (170_000.0, True)
    found = calibration(SYSTEM)
    assert (found.made, found.settled, found.enough, found.brier) == (1, 1, False, None)


def test_calibration_says_nothing_before_fifty_and_adds_up_after():
    pairs = [(0.25, n % 4 == 0) for n in range(40)]
    assert calibration_of(pairs, made=60).error is None
    pairs += [(0.75, n % 4 != 0) for n in range(40)]
    found = calibration_of(pairs, made=80)
    assert found.error == pytest.approx(0.0)
    assert found.brier == pytest.approx(0.25 * 0.75)
    assert [k.n for k in found.classes] == [40, 40]
