"""Who gets an answer at which address: every one of the project, for everybody."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.reach.addresses import ADDRESSES, BEFORE_SIGNING_IN, EVERYBODY, OPEN, Address
from tests.reach.world import World, allowed

NO = {403, 404}


def names(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    """The names of all addresses but the API's, which has a test of its own."""
    for pattern in patterns:
        here = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from names(pattern.url_patterns, here)
        elif not here.startswith("api/v1/"):
            yield pattern.name or here


def test_every_address_has_its_rule() -> None:
    """A new page: name its permission in addresses.py."""
    assert set(names(get_resolver().url_patterns)) - OPEN - set(ADDRESSES) == set()


def test_every_rule_has_its_address() -> None:
    assert set(ADDRESSES) - set(names(get_resolver().url_patterns)) == set()


def path_of(name: str, address: Address, world: World) -> str:
    kwargs = {
        key: world.ids.get(value, value) if isinstance(value, str) else value for key, value in address.kwargs.items()
    }
    return reverse(name, kwargs=kwargs)


def ask(browser: Client, address: Address, path: str) -> int:
    """The answer's status; whatever it changed is undone."""
    with transaction.atomic():
        status = (browser.post(path, address.data) if address.method == "POST" else browser.get(path)).status_code
        transaction.set_rollback(True)
    return status


def may(address: Address, world: World) -> set[str]:
    found = (
        set(world.viewers)
        if address.needs == EVERYBODY
        else allowed(world, address.needs, case=address.about != "no_case")
    )
    found |= set(address.also)
    return found & set(address.only) if address.only else found


def test_who_gets_in_where(world: World) -> None:
    wrong = []
    for name, addresses in ADDRESSES.items():
        for address in addresses:
            path, expected = path_of(name, address, world), may(address, world)
            for who, viewer in world.viewers.items():
                status = ask(viewer.browser, address, path)
                if who not in expected and status not in NO:
                    wrong.append(f"{address.method} {path}: {who} must not get in, got {status}")
                if who in expected and not address.gone and (status in NO or status in {405, 500}):
                    wrong.append(f"{address.method} {path}: {who} should get in, got {status}")
    assert wrong == [], "\n".join(wrong)


def test_nobody_gets_anything_without_signing_in(world: World) -> None:
    for name, addresses in ADDRESSES.items():
        for address in addresses if name not in BEFORE_SIGNING_IN else ():
            answer = Client().generic(address.method, path_of(name, address, world))
            assert answer.status_code == 302, name
            assert answer["Location"].startswith("/sign-in/"), name
