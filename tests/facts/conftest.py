"""A home of its own for every test, and files written in one line."""

# ruff: noqa: E501
# (word lists and tables read better unwrapped)

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from headway.core.actors import SYSTEM
from headway.facts.load import LoadPlan, LoadResult, commit_load, plan_load

Write = Callable[[str, str | bytes], Path]


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    monkeypatch.setenv("HEADWAY_HOME", str(tmp_path / "home"))


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file into a fresh folder; gives its path."""
    folder = tmp_path / "export"
    folder.mkdir()

    def put(name: str, content: str | bytes) -> Path:
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return put


def load(*paths: Path, **how: object) -> tuple[LoadPlan, LoadResult]:
    """Plan and commit; what is open stays open."""
    plan = plan_load(paths, **how)  # type: ignore[arg-type]
    return plan, commit_load(plan, by=SYSTEM)


def rows(facts: object, sql: str) -> Sequence[tuple[object, ...]]:
    """All rows of a query on opened facts."""
    return facts.con.execute(sql).fetchall()  # type: ignore[attr-defined,no-any-return]


PEOPLE = "person_id,name,email,role,manager_id,team,hired_on,left_on\nm1,Mia Boss,mia@x.example,manager,,North,2020-01-01,\nr1,Jonas Weber,jonas@x.example,rep,m1,North,2023-01-01,\nr2,Ana Müller,ana@x.example,rep,m1,North,2024-05-01,2024-12-31\n"
DEALS = "opportunity_id,owner_id,created_at,stage,outcome,closed_at,amount,currency\n"
