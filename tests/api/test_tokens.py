from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from typer.testing import CliRunner

from headway.api import actions
from headway.api.models import AccessToken
from headway.cli.main import build
from headway.core import clock
from headway.core.actors import SYSTEM
from headway.core.errors import BadInput, Conflict, NotFound
from headway.core.models import AuditEntry
from headway.people.models import User


def status(secret: str) -> int:
    return Client().get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"}).status_code


def test_a_token_signs_in_as_its_person_and_only_its_digest_is_kept(people: dict[str, User]) -> None:
    made = actions.make_token(name="report", by=people["manager"])
    answer = Client().get("/api/v1/me", headers={"Authorization": f"Bearer {made.secret}"})
    assert answer.json()["person_id"] == "M1"
    assert made.secret not in str(AccessToken.objects.values())
    assert made.secret not in str(AuditEntry.objects.values())


def test_it_stops_working_when_switched_off_expired_or_its_person_gone(people: dict[str, User]) -> None:
    rep = people["rep"]
    off, old, gone = (actions.make_token(name=n, by=rep) for n in ("off", "old", "gone"))
    assert {status(t.secret) for t in (off, old, gone)} == {200}
    actions.revoke_token(token=off.token, by=rep)
    AccessToken.objects.filter(pk=old.token.pk).update(expires_on=clock.today() - timedelta(days=1))
    assert (status(off.secret), status(old.secret), status(gone.secret)) == (401, 401, 200)
    User.objects.filter(pk=rep.pk).update(is_active=False)
    assert status(gone.secret) == 401
    with pytest.raises(Conflict):
        actions.revoke_token(token=off.token, by=rep)


def test_a_wrong_token_never_falls_back_to_a_session(people: dict[str, User]) -> None:
    client = Client()
    client.force_login(people["manager"])
    assert client.get("/api/v1/me").status_code == 200
    assert client.get("/api/v1/me", headers={"Authorization": "Bearer hw_wrong"}).status_code == 401


def test_a_session_needs_the_pages_own_token_to_change_something(people: dict[str, User]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people["manager"])
    answer = client.post("/api/v1/plans/1/discard")
    assert answer.status_code == 403
    assert answer.json()["error"] == "not_allowed"


def test_nobody_switches_off_somebody_elses(people: dict[str, User]) -> None:
    token = actions.make_token(name="mine", by=people["rep"]).token
    with pytest.raises(NotFound):
        actions.revoke_token(token=token, by=people["manager"])
    client = Client()
    client.force_login(people["manager"])
    assert client.post(f"/tokens/{token.pk}/revoke/").status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None
    admin = User.objects.create(email="a@x.example", name="Ada", role="admin")
    actions.revoke_token(token=token, by=admin)
    assert AuditEntry.objects.filter(event="token.revoked", actor_name="Ada").count() == 1


@pytest.mark.parametrize("name", ["", "  ", "\x00", "x" * 81])
def test_a_token_needs_a_name(people: dict[str, User], name: str) -> None:
    with pytest.raises(BadInput):
        actions.make_token(name=name, by=people["rep"])
    assert not AccessToken.objects.exists()


def test_use_is_written_down_once_a_day(people: dict[str, User]) -> None:
    made = actions.make_token(name="report", by=people["rep"])
    for _time in range(3):
        status(made.secret)
    assert AuditEntry.objects.filter(event="token.used").count() == 1


def test_the_page_shows_the_secret_once_and_keeps_what_was_typed(people: dict[str, User]) -> None:
    client = Client()
    client.force_login(people["rep"])
    made = client.post("/tokens/", {"name": "My report", "expires_on": ""}).content.decode()
    secret = AccessToken.objects.get().start
    assert secret in made
    assert "hw_" in made
    assert AccessToken.objects.get().digest not in made
    wrong = client.post("/tokens/", {"name": "My report", "expires_on": "31.06.2026"})
    assert wrong.status_code == 400
    assert "This is not a day: 31.06.2026" in wrong.content.decode()
    assert 'value="My report"' in wrong.content.decode()


def test_the_command_makes_lists_and_revokes(people: dict[str, User]) -> None:
    run = CliRunner().invoke
    made = run(build(), ["token", "make", people["hr"].email, "--name", "sync"])
    secret = made.stdout.split()[-1]
    assert status(secret) == 200
    assert "sync" in run(build(), ["token", "list"]).stdout
    assert run(build(), ["token", "revoke", str(AccessToken.objects.get().pk)]).exit_code == 0
    assert status(secret) == 401
    with pytest.raises(BadInput):
        actions.make_token(name="x", by=SYSTEM) if False else actions.cast_user(SYSTEM)
