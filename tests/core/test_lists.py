"""Long lists of ids, and the first rows of long lists: the same as asked plainly."""

from __future__ import annotations

import pytest
from django.core.paginator import Paginator
from django.db import connection
from django.test.utils import CaptureQueriesContext

from headway.core.lists import FEW, Pages, among, first
from headway.people.models import Person

IDS = [f"P{n:03d}" for n in range(3 * FEW)]
STRANGE = ["it's", 'a "b"', "ünï, {c}", "back\\slash", "%s"]


@pytest.fixture
def people(db: None) -> None:
    Person.objects.bulk_create(
        Person(pk=one, name=f"Name {n % 7}", email=f"{n}@example.com", role="rep")
        for n, one in enumerate([*IDS, *STRANGE])
    )


@pytest.mark.parametrize("ids", [[], IDS[:1], IDS[:FEW], IDS[: FEW + 1], [*IDS[:40], *STRANGE], [*IDS, "nobody"]])
def test_however_many_ids_the_same_rows_are_found(people: None, ids: list[str]) -> None:
    found = Person.objects.filter(pk__in=among(frozenset(ids)))
    assert set(found.values_list("pk", flat=True)) == set(ids) - {"nobody"}
    assert Person.objects.exclude(pk__in=among(ids)).count() == Person.objects.count() - found.count()
    assert Person.objects.filter(manager__pk__in=among(ids)).count() == 0


def test_many_ids_are_one_value(people: None) -> None:
    with CaptureQueriesContext(connection) as asked:
        list(Person.objects.filter(pk__in=among(IDS)))
    assert len(asked) == 1
    rows = Person.objects.filter(pk__in=among(IDS))
    assert len(rows.query.sql_with_params()[1]) == 1


@pytest.mark.parametrize(("most", "start"), [(5, 0), (5, 7), (1000, 0), (3, 1000), (0, 0)])
def test_the_first_rows_are_those_of_the_whole_list(people: None, most: int, start: int) -> None:
    rows = Person.objects.filter(pk__in=among(IDS)).select_related("manager").defer("email").order_by("-name", "pk")
    assert first(rows, most, start=start) == list(rows)[start : start + most]


def test_pages_are_those_of_the_plain_paginator(people: None) -> None:
    rows = Person.objects.order_by("name", "pk")
    ours, plain = Pages(rows, 10), Paginator(rows, 10)
    assert ours.num_pages == plain.num_pages == 7
    for number in (1, 2, 7, 99, "nonsense"):
        assert list(ours.get_page(number)) == list(plain.get_page(number))
