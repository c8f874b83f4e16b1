"""The command line as a script meets it: exit codes, one sentence, never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


def headway(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    env |= {"HEADWAY_HOME": str(home), "PYTHONPATH": str(ROOT / "src")}
    return subprocess.run(
        [sys.executable, "-m", "headway", *words], env=env, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["people"], 0),
        (["company", "--json"], 0),
        (["status", "--json"], 0),
        (["audit", "verify"], 0),
        (["signals"], 1),
        (["metrics", "--period", "quarter"], 1),
        (["diagnose", "nobody"], 1),
        (["plan", "draft", "nobody"], 1),
        (["load", "no-such-file.csv"], 1),
        (["no-such-command"], 2),
        (["signals", "--no-such-option"], 2),
        (["signals", "--as-of", "yesterday"], 2),
        (["invite", "no-address", "--as", "rep"], 1),
    ],
)
def test_an_empty_home_answers_in_words(tmp_path: Path, words: list[str], code: int) -> None:
    told = headway(tmp_path / "home", *words)
    assert told.returncode == code, told.stderr
    assert "Traceback" not in told.stderr
    if code == 1:
        assert told.stdout == ""
        assert len(told.stderr.strip().splitlines()) == 1
    if "--json" in words:
        json.loads(told.stdout)


def test_the_company_is_changed_and_wrong_values_are_named(tmp_path: Path) -> None:
    told = headway(tmp_path, "company", "--currency", "usd", "--ladder", "lead, demo, won", "--json")
    assert json.loads(told.stdout)["currency"] == "USD"
    wrong = headway(tmp_path, "company", "--time-zone", "Mars/Olympus")
    assert wrong.returncode == 1
    assert "Mars/Olympus" in wrong.stderr


def test_somebody_is_given_access_and_the_record_knows(tmp_path: Path) -> None:
    told = headway(tmp_path, "invite", "ann@x.example", "--as", "revops")
    assert "password" in told.stdout
    assert "2 entries" not in headway(tmp_path, "audit", "verify").stdout
    assert "1 entry" in headway(tmp_path, "audit", "verify").stdout


def test_what_nobody_foresaw_is_one_sentence_with_the_details_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "records.sqlite3").write_bytes(b"this is no database" * 100)
    told = headway(tmp_path, "people")
    assert told.returncode == 1
    assert "Traceback" not in told.stderr
    assert len(told.stderr.strip().splitlines()) == 1
