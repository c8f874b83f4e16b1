"""Killed at chosen moments while a plan runs: nothing is lost, nothing half-written, nobody is sent a letter twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.environment import __file__ as _here

ROOT = Path(_here).resolve().parent.parent
# On SQLite: what a transaction promises holds on PostgreSQL too, and `test_trouble` kills it there.
MOMENTS = (
    "words typed, before their line of the record",
    "words kept, before the answer",
    "notices kept, before the first letter",
    "half the letters written",
    "letters written, none sent",
    "a letter claimed, before it is sent",
    "between two letters",
    "a letter accepted, before our mark",
    "goals measured, before the record",
    "an outcome's words, before its stage",
    "an outcome confirmed, before refreshers",
    "a case file made, before its line",
    "a plan going on, before its version",
    "a plan going on, before its calendar",
    "a change signed, before its signature",
)


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What was wrong after each moment, played in processes of their own."""
    home = tmp_path_factory.mktemp("killed")
    env = {
        **os.environ,
        "HEADWAY_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "headway.config.settings",
        "HEADWAY_EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "HEADWAY_SMTP_HOST": "127.0.0.1",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
    }
    env.pop("DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-m", "tests.running.killing"],
        env=env,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, str] = json.loads(done.stdout)
    assert set(found) == set(MOMENTS)
    return found


@pytest.mark.parametrize("moment", MOMENTS)
def test_nothing_is_lost_or_sent_twice(wrong: dict[str, str], moment: str) -> None:
    assert wrong[moment] == ""
