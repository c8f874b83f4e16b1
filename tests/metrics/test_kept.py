"""Kept with a run, read for a named actor, shown on pages."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from headway.core.actors import SYSTEM
from headway.core.errors import NotAllowed, NotFound
from headway.core.models import AuditEntry
from headway.core.period import Grain
from headway.metrics.actions import store_metrics
from headway.metrics.canonical import Calendar
from headway.metrics.catalogue import catalogue_version, specs
from headway.metrics.engine import metric_rows
from headway.metrics.models import AnalysisRun, MetricValueRecord
from headway.metrics.queries import catalogue_for, latest_run, metrics_of
from headway.metrics.values import MetricValue
from headway.people.models import Person, User
from tests.metrics.test_examples import company as example_company

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.metrics.addresses")]


@pytest.fixture
def values() -> tuple[MetricValue, ...]:
    return metric_rows(example_company(), grain=Grain.QUARTER, calendar=Calendar())


@pytest.fixture
def run() -> AnalysisRun:
    return AnalysisRun.objects.create(
        as_of=date(2026, 3, 31), facts_version=1, facts_hash="x", code_version="0", policy_version="p",
        metrics_version=catalogue_version(), finished_at="2026-04-01T00:00Z",
    )  # fmt: skip


def user(role: str, person_id: str | None = None) -> User:
    if person_id:
        Person.objects.get_or_create(person_id=person_id, defaults={"name": person_id})
    return User.objects.create(email=f"{role}@example.com", name=role, role=role, person_id=person_id)


def test_what_is_kept_is_what_was_computed(run: AnalysisRun, values: tuple[MetricValue, ...]) -> None:
    store_metrics(run=run, values=values, by=SYSTEM)
    assert latest_run() == run
    newest = [v for v in values if v.person_id == "ana" and v.period.end >= values[0].period.end]
    newest = [v for v in newest if v.previous is not None]
    kept = metrics_of(SYSTEM, "ana")
    assert [(v.metric, v.sentence, v.previous) for v in kept] == [(v.metric, v.sentence, v.previous) for v in newest]
    assert AuditEntry.objects.filter(event="metrics.kept").count() == 1


def test_a_rep_reads_own_figures_only(run: AnalysisRun, values: tuple[MetricValue, ...]) -> None:
    store_metrics(run=run, values=values, by=SYSTEM)
    ana = user("rep", "ana")
    assert metrics_of(ana, "ana")
    with pytest.raises(NotFound):
        metrics_of(ana, "ben")


def test_reps_and_managers_do_not_run_analyses(run: AnalysisRun, values: tuple[MetricValue, ...]) -> None:
    for role in ("rep", "manager", "leader", "hr"):
        with pytest.raises((NotAllowed, NotFound)):
            store_metrics(run=run, values=values, by=user(role))
    assert MetricValueRecord.objects.count() == 0


@pytest.mark.parametrize("role", ["rep", "manager", "leader", "hr", "revops", "admin"])
def test_everybody_reads_the_same_definition(
    role: str, run: AnalysisRun, values: tuple[MetricValue, ...], client: Client
) -> None:
    store_metrics(run=run, values=values, by=SYSTEM)
    client.force_login(user(role))
    page = client.get("/metrics/").content.decode()
    for entry in catalogue_for(SYSTEM):
        assert str(entry.spec.name) in page
    for spec in specs():
        detail = client.get(f"/metrics/{spec.key}/")
        assert detail.status_code == 200
    assert client.get("/metrics/nonsense/").status_code == 404


def test_the_catalogue_needs_a_signed_in_person(client: Client) -> None:
    assert client.get("/metrics/").status_code == 302


def test_the_catalogue_asks_few_questions(
    run: AnalysisRun, values: tuple[MetricValue, ...], client: Client, django_assert_max_num_queries: object
) -> None:
    store_metrics(run=run, values=values, by=SYSTEM)
    client.force_login(user("revops"))
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        client.get("/metrics/")


def test_before_the_first_analysis_the_catalogue_says_so(client: Client) -> None:
    client.force_login(user("revops"))
    assert "No analysis has been made yet" in client.get("/metrics/").content.decode()
    assert metrics_of(SYSTEM, "ana") == ()
