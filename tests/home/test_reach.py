"""Which page answers whom: every page, every role."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from types import SimpleNamespace

import duckdb
import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from headway.core.models import AuditEntry
from headway.metrics.models import AnalysisRun
from tests.home.conftest import AS_OF, client_of

EVERYBODY = {"rep", "manager", "leader", "hr", "revops", "admin"}
OPEN = {  # page -> who may see it; everybody else gets 404
    "/": EVERYBODY,
    "/team/": {"manager", "leader"},
    "/team/journey/": {"manager", "leader"},
    "/people/A/": {"rep", "manager", "leader"},
    "/people/B/": {"manager", "leader"},
    "/people/C/": {"leader"},
    "/people/nobody/": set(),
    "/people/A/deals/": {"rep", "manager", "leader"},
    "/people/C/deals/": {"leader"},
    "/watch/": {"rep", "manager"},
    "/overview/": {"leader", "hr", "revops", "admin"},
    "/overview/panel/": {"leader", "hr", "revops", "admin"},
    "/audit/": {"hr"},
    "/equal-treatment/": {"hr"},
    "/policy/": {"leader", "hr", "revops", "admin"},
    "/policy/propose/": {"hr", "revops"},
    "/policy/no-such/": set(),
    "/consistency/": {"hr"},
    "/company/": {"hr", "revops", "admin"},
    "/plans/": EVERYBODY,
    "/plans/1/": set(),
    "/check-ins/": EVERYBODY,  # lists only what one may see; tests/running walks the plans' own pages
    "/promises/": EVERYBODY,
    "/mail/": EVERYBODY,
    "/outcomes/": EVERYBODY,
    "/outcomes/portfolio/": {"leader", "hr"},
    "/outcomes/lessons/": {"manager", "leader", "hr", "revops"},
    "/metrics/": EVERYBODY,
    "/metrics/win_rate/": EVERYBODY,
    "/metrics/no-such/": set(),
    "/data/": {"revops", "admin"},
    "/data/load/": {"revops", "admin"},
    "/components/": EVERYBODY,
}


@contextlib.contextmanager
def no_deals(**_which: object) -> Iterator[SimpleNamespace]:
    """Facts without a single deal."""
    con = duckdb.connect()
    con.execute("CREATE TABLE accounts (account_id VARCHAR, name VARCHAR)")
    con.execute(
        "CREATE TABLE opportunities (opportunity_id VARCHAR, owner_id VARCHAR, account_id VARCHAR, stage VARCHAR, "
        "outcome VARCHAR, amount DOUBLE, created_at TIMESTAMP, closed_at TIMESTAMP, expected_close_on DATE, "
        "source VARCHAR, next_step VARCHAR, lost_reason VARCHAR)"
    )
    con.execute("CREATE TABLE groups (person_id VARCHAR, attribute VARCHAR, value VARCHAR)")
    con.execute("CREATE TABLE people (person_id VARCHAR, manager_id VARCHAR, segment VARCHAR)")
    con.execute(
        "CREATE TABLE assignments (person_id VARCHAR, manager_id VARCHAR, segment VARCHAR, valid_from DATE, "
        "valid_to DATE)"
    )
    yield SimpleNamespace(con=con, as_of=AS_OF)


@pytest.fixture(autouse=True)
def facts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headway.home.deals.open_facts", no_deals)
    monkeypatch.setattr("headway.home.fairness.open_facts", no_deals)


@pytest.mark.parametrize("role", sorted(EVERYBODY))
@pytest.mark.parametrize("path", sorted(OPEN))
def test_who_may_open_what(company: AnalysisRun, path: str, role: str) -> None:
    status = client_of(role).get(path).status_code
    if role in OPEN[path]:
        assert status in {200, 302}
    else:
        assert status == 404


@pytest.mark.parametrize("path", sorted(OPEN))
def test_nobody_sees_anything_without_signing_in(company: AnalysisRun, path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in/")


def test_a_closed_page_names_nobody(company: AnalysisRun) -> None:
    body = client_of("rep").get("/people/C/").content.decode()
    # Not the first name alone: two letters also turn up in the random token of a form.
    assert "Craft" not in body


def test_no_page_was_forgotten() -> None:
    """A new address must be added here or belong to a room with a matrix of its own."""
    known = {path.strip("/").split("/")[0] for path in OPEN} | {"sign-in", "sign-out"}
    known |= {"coaching", "chains", "protected"}  # tests/practice walks these as every role
    known |= {"advice"}  # words that judge, pointed out to whoever types them
    known |= {"figures"}  # tests/metrics walks these as every role
    known |= {"follow-ups", "relapses"}  # tests/outcomes
    known |= {"appearance", "language"}  # choices of look and language, open to everybody
    known |= {"demo"}  # the demo company's button, a POST; see tests/demo
    known |= {"check-ins", "promises"}  # tests/running walks these as every role
    known |= {"api", "tokens", "webhooks"}  # see tests/api and tests/reach

    def first_parts(patterns: list[URLPattern | URLResolver]) -> set[str]:
        found: set[str] = set()
        for pattern in patterns:
            if isinstance(pattern, URLResolver) and not str(pattern.pattern):
                found |= first_parts(pattern.url_patterns)
            else:
                found.add(str(pattern.pattern).split("/")[0].lstrip("^"))
        return found

    assert first_parts(get_resolver().url_patterns) <= known | {""}


def test_looking_at_somebody_is_written_down_once_an_hour(company: AnalysisRun) -> None:
    client = client_of("manager")
    for _time in range(3):
        client.get("/people/A/")
    seen = AuditEntry.objects.filter(event="person.seen", person_id="A")
    assert [entry.actor_name for entry in seen] == ["Mia Moor"]


def test_ones_own_page_is_not_written_down(company: AnalysisRun) -> None:
    client_of("rep").get("/people/A/")
    assert not AuditEntry.objects.filter(event="person.seen").exists()


def test_the_settings_are_changed_by_the_administrator_alone(company: AnalysisRun) -> None:
    form = {
        "name": "Acme", "currency": "usd", "time_zone": "Europe/Oslo", "week_start": "sunday",
        "fiscal_year_start": "4", "ladder": "lead, demo, won", "plan_name": "Success plan",
    }  # fmt: skip
    assert client_of("revops").post("/company/", form).status_code == 403
    assert client_of("admin").post("/company/", form).status_code == 302
    page = client_of("admin").get("/company/").content.decode()
    assert "Acme" in page
    assert "lead, demo, won" in page
    wrong = client_of("admin").post("/company/", {**form, "ladder": "lead, demo"})
    assert "ends with won" in wrong.content.decode()


def test_a_rep_without_a_person_is_told_so(company: AnalysisRun) -> None:
    from headway.core.actors import SYSTEM
    from headway.people.actions import give_access

    user = give_access(email="stranger@x.example", role="rep", by=SYSTEM).user
    client = Client()
    client.force_login(user)
    answer = client.get("/")
    assert answer.status_code == 404
    assert "administrator" in answer.content.decode()
