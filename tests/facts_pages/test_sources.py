"""Sources on pages: connecting, how fresh they are, problems, who may, and no secret ever comes back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django_q.models import OrmQ

from headway.core import clock, jobs
from headway.core.actors import SYSTEM
from headway.core.errors import BadInput
from headway.facts.connectors import actions, sources
from headway.facts.connectors.jobs import look_for_due
from headway.facts.connectors.web import AccessExpired
from headway.facts.models import Source
from tests.facts_pages.conftest import Send, user

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = "token-of-nobody-at-all"
GIVEN = {"name": "hub", "schedule": "hourly", "set-secret": TOKEN, "set-address": "http://127.0.0.1:9"}


@pytest.fixture
def source() -> Source:
    return actions.add_source(
        name="hub",
        kind="hubspot",
        settings={"address": "http://127.0.0.1:9"},
        secrets={"secret": TOKEN},
        schedule="daily",
        by=SYSTEM,
    )


def test_a_source_is_connected_and_read_next(revops: Client) -> None:
    assert b"No system is connected yet" in revops.get("/data/sources/").content
    answer = revops.post("/data/sources/new/hubspot/", GIVEN)
    assert answer.status_code == 302
    made = Source.objects.get()
    assert (made.name, made.kind, made.schedule) == ("hub", "hubspot", "hourly")
    assert TOKEN not in str(made.secrets)
    assert OrmQ.objects.count() == 1
    assert "1 source was not read yet" in revops.get("/data/sources/").content.decode()
    for path in ("/data/sources/", "/data/sources/hub/", "/data/"):
        page = revops.get(path).content.decode()
        assert "hub" in page
        assert TOKEN not in page
    assert "sealed, with a key in the Headway folder" in revops.get("/data/sources/hub/").content.decode()


def test_what_is_missing_or_wrong_is_said_on_the_form(revops: Client) -> None:
    answer = revops.post("/data/sources/new/salesforce/", {"name": "Sales Force", "schedule": "daily"})
    assert answer.status_code == 400
    assert "small letters, digits and hyphens" in answer.content.decode()
    answer = revops.post("/data/sources/new/salesforce/", {"name": "sf", "schedule": "daily"})
    assert "needs one more thing to be read: Address" in answer.content.decode()
    given = {"name": "db", "schedule": "daily", "set-address": "sqlite:////etc/passwd"}
    assert revops.post("/data/sources/new/sql/", given).status_code == 403
    given = {**GIVEN, "set-secret": "env:SECRET_KEY"}
    assert "has to begin with SYNC_" in revops.post("/data/sources/new/hubspot/", given).content.decode()
    assert Source.objects.count() == 0


def test_settings_change_and_a_secret_that_is_not_given_stays(source: Source, revops: Client) -> None:
    before = source.secrets
    typed = {"schedule": "manual", "set-address": "http://127.0.0.1:9", "set-stages": "Legal check = proposal"}
    assert revops.post("/data/sources/hub/", typed).status_code == 302
    source.refresh_from_db()
    assert (source.schedule, source.settings["stages"], source.secrets) == (
        "manual",
        "Legal check = proposal",
        before,
    )
    wrong = revops.post("/data/sources/hub/", {**typed, "set-stages": "no sign here"})
    assert wrong.status_code == 400
    assert "A line of the stages is not understood" in wrong.content.decode()


def test_a_problem_is_the_first_thing_one_sees(source: Source, revops: Client) -> None:
    trouble = AccessExpired("HubSpot no longer accepts the token", value=TOKEN, todo="Make a new one.")
    actions.keep_problem(source=source, error=trouble, hidden=(TOKEN,), by=SYSTEM)
    assert "One source needs your eye" in revops.get("/data/sources/").content.decode() or (
        "1 source needs your eye" in revops.get("/data/sources/").content.decode()
    )
    page = revops.get("/data/sources/hub/").content.decode()
    assert "hub stopped" in page
    assert "•••" in page
    assert TOKEN not in page


def test_it_is_forgotten_with_its_secrets(source: Source, revops: Client) -> None:
    assert revops.post("/data/sources/hub/remove/").status_code == 302
    assert Source.objects.count() == 0


@pytest.mark.parametrize("role", ["rep", "manager", "leader", "hr"])
def test_for_everybody_else_there_is_no_such_page(source: Source, role: str) -> None:
    client = Client()
    client.force_login(user(role))
    for path in ("/data/sources/", "/data/sources/hub/", "/data/sources/new/hubspot/"):
        assert client.get(path).status_code == 404
    for path in ("/data/sources/hub/now/", "/data/sources/hub/remove/"):
        assert client.post(path).status_code == 404
    assert Source.objects.count() == 1


def test_health_shows_how_fresh_each_source_is(source: Source, revops: Client, loaded: Send) -> None:
    page = revops.get("/data/").content.decode()
    assert "Sources that are read by themselves" in page
    assert "not read yet" in page


def test_the_worker_reads_what_is_due_and_leaves_the_rest(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def sync(found: Source, **_how: object) -> None:
        read.append(found.name)
        begun = actions.begin_sync(source=found, by=SYSTEM)
        actions.keep_problem(source=begun, error=BadInput("away"), hidden=(), by=SYSTEM)

    monkeypatch.setattr(sources, "sync", sync)
    look_for_due()
    assert jobs.work(once=True) == 1
    assert read == ["hub"]
    look_for_due()
    assert OrmQ.objects.count() == 0
    # After a problem it is tried again in an hour, not in a day.
    with clock.at(clock.now() + timedelta(hours=1, minutes=1)):
        assert sources.status_of(Source.objects.get()).next_at <= clock.now()
