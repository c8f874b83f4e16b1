"""Addresses outside are told of steps: signed, once for each id, tried again, given up with a reason."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from headway.core import clock
from headway.core.actors import SYSTEM
from headway.core.errors import BadInput, NotFound
from headway.core.models import Delivery, Subscription
from headway.core.webhooks import sending
from headway.core.webhooks.actions import subscribe, try_again, unsubscribe
from headway.core.webhooks.published import PUBLISHED, facts_of, publish
from headway.core.webhooks.sending import PAUSES, send_what_is_due, signature_of
from headway.people.models import User
from headway.plans import actions
from headway.plans.states import PlanState
from tests.plans.conftest import client_of
from tests.plans.stories import DAYS, on, plan_in


class Receiver(HTTPServer):
    """A server on loopback that keeps what it is told and answers as wished."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.told: list[tuple[dict[str, str], str]] = []
        self.answers: list[int] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook?from=headway"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.told.append((dict(self.headers), body))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 204)
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def admin(db: None) -> User:
    return User.objects.create(email="ada@x.example", name="Ada", role="admin")


@pytest.fixture
def withdrawn(people, run, receiver: Receiver, admin: User):
    """An address that listens, and a plan that is then withdrawn with words that must not go out."""
    plan = plan_in(PlanState.SHARED, people=people, run=run)
    made = subscribe(address=receiver.address, name="HR system", by=admin)
    with clock.at(on(DAYS["submit"])):
        actions.withdraw_plan(plan=plan, reason="A reason nobody outside may read.", by=people["manager"])
    return made


def test_a_step_is_told_signed_and_once(withdrawn, receiver: Receiver) -> None:
    with clock.at(on(DAYS["submit"], 10)):
        assert (send_what_is_due(), send_what_is_due()) == (1, 0)
    [(headers, body)] = receiver.told
    expected = signature_of(withdrawn.secret, timestamp=int(headers["Headway-Timestamp"]), body=body)
    assert headers["Headway-Signature"] == f"v1={expected}"
    assert headers["Headway-Delivery"] == json.loads(body)["id"]
    told = json.loads(body)
    assert (told["event"], told["data"]["state"], told["data"]["person_id"]) == ("plan.withdrawn", "withdrawn", "P7")


def test_no_words_no_names_go_out(withdrawn, receiver: Receiver) -> None:
    with clock.at(on(DAYS["submit"], 10)):
        send_what_is_due()
    body = receiver.told[0][1]
    assert "nobody outside" not in body
    assert "Jonas" not in body
    assert set(json.loads(body)["data"]) == {"plan", "person_id", "kind", "state", "version", "start_on", "last_on"}


def test_only_plain_values_can_be_published() -> None:
    publish("test.long", words="x", facts=lambda result: {"text": "x" * 201})
    try:
        with pytest.raises(TypeError, match="may not tell text"):
            facts_of("test.long", None)
    finally:
        del PUBLISHED["test.long"]


def test_a_draft_is_told_to_nobody(people, run, receiver: Receiver, admin: User) -> None:
    subscribe(address=receiver.address, name="x", by=admin)
    plan_in(PlanState.DISCARDED, people=people, run=run)
    assert not Delivery.objects.exists()


def test_it_is_tried_again_with_growing_pauses_and_given_up(withdrawn, receiver: Receiver) -> None:
    receiver.answers = [500] * (len(PAUSES) + 2)
    moment, seen = on(DAYS["submit"], 10), []
    for pause in (*PAUSES, timedelta(days=2)):
        with clock.at(moment):
            assert send_what_is_due() == 0
            assert send_what_is_due() == 0
        seen.append(Delivery.objects.get().tries)
        moment += pause
    assert seen == list(range(1, len(PAUSES) + 2))
    row = Delivery.objects.get()
    assert row.state == Delivery.GIVEN_UP
    assert "It answered 500. Given up after 8 tries" in row.last_answer
    assert len({headers["Headway-Delivery"] for headers, _body in receiver.told}) == 1
    receiver.answers = []
    with clock.at(moment):
        try_again(delivery=row, by=SYSTEM)
        assert send_what_is_due() == 1


def test_killed_between_commit_and_delivery_it_is_told_later(withdrawn, receiver: Receiver, monkeypatch) -> None:
    def killed(*_args: object) -> int:
        raise KeyboardInterrupt

    with clock.at(on(DAYS["submit"], 10)):
        with monkeypatch.context() as patch:
            patch.setattr(sending, "_post", killed)
            with pytest.raises(KeyboardInterrupt):
                send_what_is_due()
        assert receiver.told == []
    with clock.at(on(DAYS["submit"], 11)):
        assert send_what_is_due() == 1
    assert len(receiver.told) == 1


def test_what_is_undone_is_told_to_nobody(people, run, receiver: Receiver, admin: User) -> None:
    plan = plan_in(PlanState.SHARED, people=people, run=run)
    subscribe(address=receiver.address, name="x", by=admin)
    with pytest.raises(BadInput):
        actions.withdraw_plan(plan=plan, reason=" ", by=people["manager"])
    assert not Delivery.objects.exists()


def test_redirects_are_not_followed(withdrawn, receiver: Receiver) -> None:
    receiver.answers = [302]
    with clock.at(on(DAYS["submit"], 10)):
        assert send_what_is_due() == 0
    assert len(receiver.told) == 1
    assert Delivery.objects.get().last_answer == "It answered 302."


def test_nobody_there_is_said_plainly(withdrawn) -> None:
    Subscription.objects.update(address="http://127.0.0.1:9/hook")
    with clock.at(on(DAYS["submit"], 10)):
        assert send_what_is_due() == 0
    assert "It could not be reached" in Delivery.objects.get().last_answer


def test_switched_off_means_told_nothing_more(withdrawn, receiver: Receiver, admin: User) -> None:
    unsubscribe(subscription=withdrawn.subscription, by=admin)
    with clock.at(on(DAYS["submit"], 10)):
        assert send_what_is_due() == 0
    assert receiver.told == []
    assert Delivery.objects.get().state == Delivery.GIVEN_UP


@pytest.mark.parametrize(
    "address", ["", "ftp://x/y", "file:///etc/passwd", "https://", "https://a:b@c/", "http://x:99999/", "http://a b/"]
)
def test_only_addresses_of_the_web(admin: User, address: str) -> None:
    with pytest.raises(BadInput):
        subscribe(address=address, name="x", by=admin)
    assert not Subscription.objects.exists()


def test_the_page_is_the_administrators(people, admin: User) -> None:
    assert client_of(people["manager"]).get("/webhooks/").status_code == 404
    with pytest.raises(NotFound):
        unsubscribe(
            subscription=subscribe(address="https://x.example/h", name="x", by=admin).subscription, by=people["hr"]
        )
    page = client_of(admin).post("/webhooks/", {"name": "Payroll", "address": "https://p.example/h"})
    assert "whsec_" in page.content.decode()
    assert "whsec_" not in client_of(admin).get("/webhooks/").content.decode()
    wrong = client_of(admin).post("/webhooks/", {"name": "Payroll", "address": "p.example"})
    assert wrong.status_code == 400
    assert 'value="p.example"' in wrong.content.decode()
