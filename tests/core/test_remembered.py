"""What is read once while a page is made: asked once inside, afresh outside and after anything was written."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from headway.core import company
from headway.core.actors import SYSTEM
from headway.core.models import Company
from headway.core.remembered import remembered, remembering
from headway.people.actions import change_company
from headway.people.company import CompanyChange

pytestmark = pytest.mark.django_db


def test_a_page_asks_once_and_everything_else_afresh() -> None:
    asked: list[int] = []
    for _turn in range(2):
        remembered("key", lambda: asked.append(1))
    assert len(asked) == 2
    with remembering():
        for _turn in range(3):
            remembered("key", lambda: asked.append(1))
    assert len(asked) == 3
    with remembering():
        remembered("key", lambda: asked.append(1))
    assert len(asked) == 4, "the next page knows nothing of the last one"


def test_what_an_action_wrote_is_seen_at_once() -> None:
    Company.objects.create(name="Before")
    with remembering():
        assert company.current().name == "Before"
        with CaptureQueriesContext(connection) as queries:
            assert company.current().name == "Before"
        assert len(queries) == 0
        change_company(change=CompanyChange(name="After"), by=SYSTEM)
        assert company.current().name == "After"
