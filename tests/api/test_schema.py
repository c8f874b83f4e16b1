"""What the OpenAPI document promises is what the API does, for odd input too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from ninja import Schema
from schemathesis import checks
from schemathesis.specs.openapi import checks as openapi_checks

from headway.api.actions import make_token
from headway.api.outline import outline
from headway.api.service import document
from headway.people.models import User

SCHEMA = schemathesis.openapi.from_dict(json.loads(json.dumps(document(), default=str)))
SCHEMA.app = get_wsgi_application()
SCHEMA.config.phases.coverage.enabled = False  # the generated cases are enough, and a tenth of the time
CHECKS = [
    checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_schema_conformance,
]


@pytest.fixture
def secret(people: dict[str, User], plan: object) -> str:
    return make_token(name="odd input", by=people["manager"]).secret


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Each call is a whole WSGI request, and those close their connection, which here is the test's own."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@SCHEMA.parametrize()
@pytest.mark.usefixtures("one_connection")
@settings(
    max_examples=5,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_operation_keeps_its_promise(case: schemathesis.Case, secret: str) -> None:
    answer = case.call(headers={"Authorization": f"Bearer {secret}"})
    case.validate_response(answer, checks=CHECKS)


def test_every_operation_says_what_it_does() -> None:
    silent = [f"{one.method} {one.path}" for group in outline() for one in group.operations if not one.words]
    assert silent == []


def test_the_document_in_the_docs_is_this_one() -> None:
    kept = Path(__file__).resolve().parents[2] / "docs" / "reference" / "openapi.json"
    assert json.loads(kept.read_text()) == json.loads(json.dumps(document(), default=str))


def test_no_two_rooms_call_their_shapes_alike() -> None:
    """The document keeps one shape of a name: the second would silently take the place of the first."""
    import importlib
    import pkgutil

    import headway

    found: dict[str, set[str]] = {}
    for module in pkgutil.walk_packages(headway.__path__, "headway."):
        if ".api" not in module.name:
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, type) and issubclass(value, Schema) and value is not Schema:
                found.setdefault(name, set()).add(value.__module__)
    assert len(found) > 20
    assert {name: rooms for name, rooms in found.items() if len(rooms) > 1} == {}
