"""The data page says where the facts come from, how old they are, and what went wrong; it never asks the warehouse."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from django.test import Client

from headway.core.actors import SYSTEM
from headway.core.errors import HeadwayError
from headway.facts.warehouse import bringing
from headway.people.models import User
from tests.warehouse.small import small

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HEADWAY_HOME", str(tmp_path / "home"))
    place = tmp_path / "crm.duckdb"
    with duckdb.connect(str(place)) as con:
        for name, table in small().items():
            con.register("arrived", table)
            con.execute(f"CREATE TABLE {name} AS SELECT * FROM arrived")
    monkeypatch.setenv("HEADWAY_WAREHOUSE", f"duckdb://{place}?password=topsecret")
    return place


def page(role: str) -> str:
    client = Client()
    client.force_login(User.objects.create(email=f"{role}@x.example", name=role, role=role))
    return client.get("/data/").content.decode()


def test_before_and_after_rows_came_home(file: Path) -> None:
    assert "have not been brought home yet" in page("revops")
    bringing.bring_home(by=SYSTEM)
    said = page("admin")
    assert "last brought home on" in said
    assert f"duckdb://{file}" in said
    assert "topsecret" not in said


def test_trouble_is_told_to_those_who_can_mend_it(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bringing.bring_home(by=SYSTEM)
    file.rename(file.with_suffix(".moved"))
    with pytest.raises(HeadwayError):
        bringing.bring_home(by=SYSTEM)

    def never(*_args: object) -> None:
        raise AssertionError("a page must not ask the warehouse")

    monkeypatch.setattr(bringing, "connect", never)
    said = page("revops")
    assert "The warehouse cannot be reached" in said
    assert "What you see was brought home on" in said
    assert "topsecret" not in said
    assert str(file) not in page("leader")
