"""Marta's team of tests/plans, asked over the API."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from headway.api.actions import make_token
from headway.people.models import User
from tests.plans.conftest import people, plan, run  # noqa: F401

Ask = Callable[..., tuple[int, Any]]


@pytest.fixture
def ask(people: dict[str, User]) -> Ask:  # noqa: F811
    """`ask("manager", "GET", "plans")` as a program does it: with a token, in JSON both ways."""
    secrets: dict[str, str] = {}

    def asked(role: str, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        if role not in secrets:
            secrets[role] = make_token(name="tests", by=people[role]).secret
        answer = Client().generic(
            method,
            f"/api/v1/{path}",
            json.dumps(body if body is not None else {}),
            content_type="application/json",
            headers={"Authorization": f"Bearer {secrets[role]}"},
        )
        return answer.status_code, json.loads(answer.content or "null")

    return asked
