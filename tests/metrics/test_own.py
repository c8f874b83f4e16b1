"""Metrics a company defines itself: on the page and in a file, next to the figure worked out by hand."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from headway.core.actors import SYSTEM
from headway.core.errors import BadInput, Conflict, NotAllowed
from headway.core.models import AuditEntry
from headway.core.period import Grain
from headway.metrics.actions import define_metric, retire_metric
from headway.metrics.canonical import Calendar
from headway.metrics.catalogue import catalogue_version
from headway.metrics.engine import metric_rows
from headway.metrics.models import OwnMetric
from headway.metrics.own.files import file_specs
from headway.metrics.own.guard import guarded
from headway.metrics.own.queries import file_trouble, own_specs, recipes
from headway.metrics.own.recipe import Condition, Recipe, Shape, Things, recipe_from
from headway.metrics.own.rows import spec_of
from headway.metrics.own.values import check_values
from headway.metrics.spec import MetricSpec
from headway.metrics.values import MetricValue, NotEvaluable
from headway.people.models import User
from tests.metrics.facts_double import LADDER, FactsDouble, facts_of

NO_SHOW = Recipe(
    "demo_no_show_rate", "Demo no-show rate", "Share of booked demos to which the customer did not come.",
    Things.ACTIVITIES, Shape.SHARE, of=(Condition("kind", ("demo",)),), only=(Condition("outcome", ("no_show",)),),
    minimum_n=4,
)  # fmt: skip


def company() -> FactsDouble:
    """Ana: 6 demos in the quarter, 2 of them no-shows (one row stands for 2 demos); one call that nobody answered."""

    def activity(
        n: int, kind: str, outcome: str | None, day: str, count: int | None = None, who: str = "ana"
    ) -> dict[str, object]:
        return {"activity_id": f"K{n}", "person_id": who, "kind": kind, "outcome": outcome, "count": count,
                "occurred_at": f"{day} 10:00:00"}  # fmt: skip

    def deal(
        n: int, outcome: str, amount: float | None, currency: str = "EUR", *, who: str = "ana", day: str = "2026-02-02"
    ) -> dict[str, object]:
        return {
            "opportunity_id": f"O{n}", "owner_id": who, "created_at": "2025-12-01 09:00:00", "outcome": outcome,
            "closed_at": f"{day} 09:00:00", "amount": amount, "currency": currency, "product": "Scanner",
        }  # fmt: skip

    return facts_of(
        {
            "people": [{"person_id": "ana", "name": "Ana Lima", "role": "rep", "hired_on": date(2020, 1, 1)}],
            "activities": [
                activity(1, "demo", "held", "2026-01-05"),
                activity(2, "demo", "No_Show", "2026-01-06"),
                activity(3, "demo", None, "2026-01-07"),
                activity(4, "demo", "held", "2026-02-07", 2),
                activity(5, "demo", "no_show", "2026-03-02"),
                activity(6, "demo", "no_show", "2025-12-30"),
                activity(7, "call", "no_show", "2026-03-02"),
                activity(8, "demo", "no_show", "2026-03-30", who="ben"),
            ],
            "opportunities": [
                deal(1, "won", 100.0),
                deal(2, "lost", 300.0),
                deal(7, "lost", 200.0),
                deal(3, "won", 50.0, "USD"),
                deal(4, "won", None),
                # Records reach from before the quarter to its end.
                deal(5, "won", 10.0, who="ben", day="2025-12-20"),
                deal(6, "won", 10.0, who="ben", day="2026-03-30"),
            ],
        },
        as_of=date(2026, 3, 31),
    )  # fmt: skip


def value_of(*own: MetricSpec, facts: FactsDouble | None = None) -> dict[str, MetricValue]:
    rows = metric_rows(
        facts or company(),
        grain=Grain.QUARTER,
        calendar=Calendar(),
        metrics=[s.key for s in own],
        back=0,
        own=own,
        persons=["ana"],
    )
    return {row.metric: row for row in rows}


def test_a_share_counts_parts_of_the_whole_and_nothing_else() -> None:
    found = value_of(spec_of(NO_SHOW))["demo_no_show_rate"]
    assert found.value == pytest.approx(2 / 6)
    assert found.n == 6
    assert "deals" not in str(found.spec.formula)
    assert "kind is demo and whose outcome is no_show" in str(found.spec.formula)


def test_too_few_is_said_not_shown() -> None:
    found = value_of(spec_of(recipe_from({**NO_SHOW.as_json(), "minimum_n": 7})))["demo_no_show_rate"]
    assert found.value is None
    assert "only 6 of the 7 activities needed" in found.sentence


@pytest.mark.parametrize(
    ("recipe", "expected"),
    [
        (Recipe("closed", "Closed", "Deals closed.", Things.CLOSED, Shape.TOTAL), 5),
        (Recipe("not_lost", "Won", "Deals that were not lost.", Things.CLOSED, Shape.TOTAL,
                of=(Condition("outcome", ("lost",), negated=True),)), 3),
        (Recipe("size_lost", "Lost size", "Average amount of lost deals.", Things.CLOSED, Shape.AVERAGE,
                of=(Condition("outcome", ("lost",)),), amount=True, minimum_n=2), 250.0),
    ],
)  # fmt: skip
def test_other_shapes(recipe: Recipe, expected: float) -> None:
    assert value_of(spec_of(recipe))[recipe.key].value == expected


def test_money_in_another_currency_is_never_added_up() -> None:
    won = Recipe("won_money", "Won", "Money won.", Things.CLOSED, Shape.TOTAL, amount=True)
    assert value_of(spec_of(won))["won_money"].value is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"things": "activites"}, "Did you mean activities?"),
        ({"of": [{"column": "outcom", "values": ["x"]}]}, "Did you mean outcome?"),
        ({"of": [{"column": "kind", "values": [" "]}]}, "at least one value"),
        ({"only": []}, "A share needs a part of a whole"),
        ({"shape": "average"}, "Only a share has a part and a whole"),
        ({"amount": True}, "Only deals have an amount"),
        ({"key": "No Show!"}, "demo_no_show_rate"),
        ({"minimum_n": 0}, "at least one thing"),
        (
            {"things": "deals_closed", "shape": "average", "amount": True, "of": [], "only": [], "minimum_n": 1},
            "two deals",
        ),
        ({"colour": "red"}, "A metric has no such part: colour"),
    ],
)
def test_what_does_not_fit_is_said_in_one_sentence(change: dict[str, object], words: str) -> None:
    with pytest.raises(BadInput) as said:
        recipe_from({**NO_SHOW.as_json(), **change})
    assert words in said.value.sentence


def test_a_value_that_never_occurs_is_refused() -> None:
    wrong = recipe_from({**NO_SHOW.as_json(), "only": [{"column": "outcome", "values": ["noshow"]}]})
    with pytest.raises(BadInput, match="Did you mean no_show"):
        check_values(company(), wrong)
    check_values(company(), NO_SHOW)


def test_one_that_fails_leaves_the_others() -> None:
    spec = spec_of(NO_SHOW)
    broken = spec_of(recipe_from({**NO_SHOW.as_json(), "key": "broken_one"}))
    object.__setattr__(broken.numerator, "x", _no_such_column)
    found = value_of(spec, broken)
    assert found["demo_no_show_rate"].value is not None
    assert found["broken_one"].not_evaluable is not None
    assert "could not be computed" in found["broken_one"].sentence


def _no_such_column(_c: object, rows: object) -> object:
    return rows.nothing_like_it  # type: ignore[attr-defined]


def test_one_that_never_ends_is_stopped() -> None:
    facts = company()
    slow = "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range * b.range = 7"
    answer = guarded(facts, lambda: facts.con.execute(slow).fetchall(), seconds=0.3)
    assert isinstance(answer, NotEvaluable)
    assert answer.code == "own_slow"


@pytest.mark.django_db
class TestOnThePage:
    def test_versions_are_kept_and_the_newest_counts(self) -> None:
        define_metric(recipe=NO_SHOW, seen_version=0, by=SYSTEM)
        before = catalogue_version(own=own_specs(LADDER))
        define_metric(recipe=recipe_from({**NO_SHOW.as_json(), "minimum_n": 9}), seen_version=1, by=SYSTEM)
        assert recipes()["demo_no_show_rate"].minimum_n == 9
        assert [row.version for row in OwnMetric.objects.all()] == [1, 2]
        assert catalogue_version(own=own_specs(LADDER)) != before
        retire_metric(key="demo_no_show_rate", seen_version=2, by=SYSTEM)
        assert own_specs(LADDER) == ()
        assert AuditEntry.objects.filter(event__startswith="metric.").count() == 3

    def test_somebody_elses_change_is_not_overwritten(self) -> None:
        define_metric(recipe=NO_SHOW, seen_version=0, by=SYSTEM)
        with pytest.raises(Conflict):
            define_metric(recipe=NO_SHOW, seen_version=0, by=SYSTEM)
        assert OwnMetric.objects.count() == 1

    def test_a_key_of_headways_own_is_refused(self) -> None:
        with pytest.raises(BadInput, match="already"):
            define_metric(recipe=recipe_from({**NO_SHOW.as_json(), "key": "win_rate"}), seen_version=0, by=SYSTEM)

    def test_a_rep_defines_nothing(self) -> None:
        rep = User.objects.create(email="rep@example.com", name="Rep", role="rep")
        with pytest.raises(NotAllowed):
            define_metric(recipe=NO_SHOW, seen_version=0, by=rep)
        assert not OwnMetric.objects.exists()


FILE = """
from headway.metrics.own.recipe import Condition, Recipe, Shape, Things
METRICS = [Recipe("demo_no_show_rate", "Demo no-show rate", "Share of booked demos nobody came to.", Things.ACTIVITIES,
    Shape.SHARE, of=(Condition("kind", ("demo",)),), only=(Condition("outcome", ("no_show",)),), minimum_n=4)]
"""
OWN_ROWS = """
from headway.metrics.spec import Direction, Kind, Measure, MetricSpec, Source, Unit

def evenings(c):
    done = c.table("activities")
    late = done.filter(done.person_id.notnull() & (done.occurred_at.hour() >= 9))
    one = c.ibis.literal(1.0)
    return late.select(person_id=late.person_id, day=c.day(late.occurred_at), x=one, of=one)

METRICS = [MetricSpec("after_nine", 1, "After nine", "Activities after nine.", "Count them.", Unit.COUNT,
    Direction.NEUTRAL, "results", Kind.TOTAL, Measure(evenings, table="activities",
    clock=("activities", "occurred_at")),
    (Source("activities", ("person_id", "occurred_at")),), "activities")]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(os.environ, "HEADWAY_HOME", str(tmp_path))
    (tmp_path / "metrics").mkdir()
    return tmp_path / "metrics"


def test_a_file_of_the_company_is_computed_like_the_page(folder: Path) -> None:
    (folder / "ours.py").write_text(FILE)
    (folder / "rows.py").write_text(OWN_ROWS)
    found = value_of(*file_specs())
    assert found["demo_no_show_rate"].value == pytest.approx(2 / 6)
    assert found["after_nine"].value == 6
    (folder / "rows.py").write_text(OWN_ROWS.replace(">= 9", ">= 11"))
    assert value_of(*file_specs())["after_nine"].value == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("METRICS = [1]", "something that is no metric"),
        ("x = 1", "has no list METRICS"),
        ("METRICS = [", "Python says"),
        (OWN_ROWS.replace("Measure(evenings", "Measure(lambda c: evenings(c)"), "function with a name"),
    ],
)
def test_a_file_that_cannot_be_used_says_so_and_stops_nothing(folder: Path, text: str, words: str) -> None:
    (folder / "bad.py").write_text(text)
    assert own_specs(LADDER) == ()
    assert words in file_trouble()
    assert "bad.py" in file_trouble() or "after_nine" in file_trouble()


@pytest.mark.django_db
def test_a_file_without_end_is_given_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headway.metrics.own.files.TRIAL_SECONDS", 1)
    (folder / "loop.py").write_text("while True: pass")
    assert "did not come to an end" in file_trouble()
