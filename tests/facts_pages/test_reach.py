from __future__ import annotations

import pytest
from django.test import Client

from headway.facts.models import FactVersion, Load
from tests.facts_pages.conftest import user

pytestmark = pytest.mark.django_db

PAGES = (
    "/data/",
    "/data/load/",
    "/data/load/1/",
    "/data/load/1/state/",
    "/data/versions/1/",
    "/data/undo/",
    "/data/rejects/load-1.csv",
    "/data/rejects/v1.csv",
)
POSTS = ("/data/load/", "/data/load/1/", "/data/load/1/again/", "/data/load/1/cancel/", "/data/undo/")
CLOSED = ("rep", "manager", "leader", "hr")


@pytest.fixture
def something() -> Load:
    version = FactVersion.objects.create(number=1, mode="add", is_current=True, content_hash="x", summary={})
    return Load.objects.create(pk=1, state=Load.State.FAILED, version=version, answers={"key": "k"})


@pytest.mark.parametrize("role", CLOSED)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_does_not_exist_for_those_it_is_not_for(something: Load, role: str, page: str) -> None:
    client = Client()
    client.force_login(user(role))
    assert client.get(page).status_code == 404


@pytest.mark.parametrize("role", CLOSED)
@pytest.mark.parametrize("page", POSTS)
def test_nor_can_they_send_anything(something: Load, role: str, page: str) -> None:
    client = Client()
    client.force_login(user(role))
    assert client.post(page, {"do": "load", "version": "1"}).status_code == 404
    assert Load.objects.count() == 1
    assert FactVersion.objects.get(is_current=True).number == 1


@pytest.mark.parametrize("role", ["revops", "admin"])
@pytest.mark.parametrize("page", ["/data/", "/data/load/", "/data/load/1/", "/data/versions/1/"])
def test_those_who_own_the_data_see_them(something: Load, role: str, page: str) -> None:
    client = Client()
    client.force_login(user(role))
    assert client.get(page).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_nobody_sees_them_without_signing_in(something: Load, page: str) -> None:
    answer = Client().get(page)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


def test_what_is_sent_needs_the_pages_own_token(something: Load) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user("revops"))
    for page in POSTS:
        assert client.post(page).status_code == 403, page


def test_changing_something_needs_a_post(something: Load) -> None:
    client = Client()
    client.force_login(user("revops"))
    for page in ("/data/load/1/again/", "/data/load/1/cancel/"):
        assert client.get(page).status_code == 405
