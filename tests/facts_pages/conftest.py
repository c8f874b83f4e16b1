from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import set_urlconf

from headway.facts.models import Load
from headway.facts.web_loads import jobs, pulse
from headway.people.models import User

Send = Callable[..., Load]


@pytest.fixture(autouse=True)
def own_place(settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of its own for each test, the room's pages alone, and jobs that run at once."""
    monkeypatch.setenv("HEADWAY_HOME", str(tmp_path))
    settings.ROOT_URLCONF = "tests.facts_pages.urls"
    monkeypatch.setattr(pulse, "BEAT_SECONDS", 0.02)

    def at_once(name: str, load_id: int, **_how: object) -> None:
        getattr(jobs, name.rpartition(".")[2])(load_id)

    monkeypatch.setattr(jobs, "async_task", at_once)
    yield
    set_urlconf(None)


def user(role: str) -> User:
    return User.objects.create(email=f"{role}@x.example", name=f"{role.title()} Person", role=role)


@pytest.fixture
def revops(db: None) -> Client:
    client = Client()
    client.force_login(user("revops"))
    return client


def file(name: str, text: str | bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())


PEOPLE = "person_id,name,role\np1,Ada Ash,rep\np2,Bo Birk,rep\np3,Cy Cole,rep\n"
DEALS = (
    "opportunity_id,owner_id,created_at,stage,outcome,closed_at,amount,currency\n"
    "d1,p1,2026-01-05,won,won,2026-02-01,1000,EUR\n"
    "d2,p2,2026-01-06,lost,lost,2026-02-03,500,EUR\n"
    "d3,p1,2026-01-07,proposal,open,,700,EUR\n"
    "d4,nobody,2026-01-08,proposal,open,,700,EUR\n"
)


@pytest.fixture
def send(revops: Client) -> Send:
    """Send files through the upload page; gives the load that came of it."""

    def sent(*files: SimpleUploadedFile, mode: str = "auto") -> Load:
        answer = revops.post("/data/load/", {"files": list(files), "mode": mode})
        assert answer.status_code == 302, answer.content.decode()
        return Load.objects.latest("pk")

    return sent


@pytest.fixture
def loaded(send: Send, revops: Client) -> Load:
    """Three people and four deals, one of them nobody's, loaded through the pages."""
    load = send(file("people.csv", PEOPLE), file("opportunities.csv", DEALS))
    answer = revops.post(f"/data/load/{load.pk}/", {"do": "load"})
    assert answer.status_code == 302
    load.refresh_from_db()
    return load
