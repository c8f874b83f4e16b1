"""Two at the same moment, and a process killed between signature and paper: real threads, processes, files.

On the SQLite file that Headway uses, and on a PostgreSQL database of its own where the tests run there.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlparse, urlunparse

import pytest

from tests.plans.at_once import ROUNDS

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A home with people in it, and the environment that points to it."""
    env = {**os.environ, "HEADWAY_HOME": str(tmp_path_factory.mktemp("once")),
           "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}  # fmt: skip
    address, name = env.get("DATABASE_URL"), f"headway_once_{os.getpid()}"
    if address:
        import psycopg

        with psycopg.connect(address, autocommit=True) as base:
            base.execute(f'CREATE DATABASE "{name}"')
        env["DATABASE_URL"] = urlunparse(urlparse(address)._replace(path=f"/{name}"))
    step(env, "setup")
    yield env
    if address:
        with psycopg.connect(address, autocommit=True) as base:
            base.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def step(env: dict[str, str], name: str, *, dies: bool = False) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "tests.plans.at_once", name], env=env, cwd=ROOT, capture_output=True, text=True,
        check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == (-signal.SIGKILL if dies else 0), done.stderr[-3000:]
    return None if dies else json.loads(done.stdout.splitlines()[-1])


def test_two_at_once_one_wins_the_other_is_told_and_nothing_is_lost(home: dict[str, str]) -> None:
    found = step(home, "race")
    assert {name: len(rounds) for name, rounds in found["races"].items()} == dict.fromkeys(found["races"], ROUNDS)
    for name, rounds in found["races"].items():
        for one in rounds:
            statuses = sorted(answer["status"] for answer in one["answers"])
            assert one["kept"], (name, one)
            assert statuses == [302, 409] or (name == "withdrawn" and statuses == [302, 302]), (name, statuses)
            for loser in (answer for answer in one["answers"] if answer["status"] == 409):
                assert loser["shown_back"], (name, loser)
                assert len(loser["said"]) == 1, (name, loser)
                assert loser["said"] != ["Traceback"]
    assert found["proof"].startswith("The record is whole")


def test_killed_between_signature_and_paper_or_with_a_full_disk_the_paper_is_made_afterwards(
    home: dict[str, str],
) -> None:
    step(home, "die", dies=True)
    full, again = step(home, "recover")
    assert full["papers"] == 0
    assert full["due"] > 0
    assert full["rest"] == []  # nothing half is left
    assert full["proof"].startswith("The record is whole")
    assert full["state"] == "active"  # the signature counts, not the file: the plan begins on its day
    assert (again["due"], again["papers"]) == (0, full["due"])
    verify = [sys.executable, "-m", "headway", "audit", "verify"]
    told = subprocess.run(verify, env=home, capture_output=True, text=True, check=False)
    assert (told.returncode, f"{full['due']} signed paper" in told.stdout) == (0, True), told.stdout + told.stderr
