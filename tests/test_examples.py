"""The example that people copy does what its page says, by the commands that its page names."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
TINY = ROOT / "examples" / "tiny"


def _headway(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    env |= {"HEADWAY_HOME": str(home), "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-m", "headway", *words]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


def _said(home: Path, *words: str) -> dict[str, Any]:
    told = _headway(home, *words, "--json")
    assert told.returncode == 0, told.stderr
    found: dict[str, Any] = json.loads(told.stdout)
    return found


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    loaded = _said(folder, "load", str(TINY))
    for table, counts in loaded["tables"].items():
        rows = len(list(csv.DictReader((TINY / f"{table}.csv").read_text().splitlines())))
        assert (counts["read"], counts["loaded"], counts["rejected"]) == (rows, rows, 0)
    assert set(loaded["tables"]) == {"people", "leads", "opportunities"}
    assert loaded["questions"] == []
    return folder


def test_loading_it_twice_changes_nothing(home: Path) -> None:
    again = _said(home, "load", str(TINY))
    assert again["version"] is None
    assert all(counts["unchanged"] == counts["read"] for counts in again["tables"].values())


def test_status_names_what_is_missing(home: Path) -> None:
    problems = " ".join(problem["text"] for problem in _said(home, "status")["problems"])
    for missing in ("Quota attainment", "Calls, meetings", "Conversion from stage to stage", "Femi Ade"):
        assert missing in problems


def test_nobody_is_judged_and_everybody_has_a_reason(home: Path) -> None:
    people = {entry["person_id"]: entry for entry in _said(home, "signals")["people"]}
    assert set(people) == {"r1", "r2", "r3", "r4", "r5", "r6"}
    for entry in people.values():
        assert not entry["evaluable"]
        assert entry["reason"]
        assert entry["index"] is None
    assert "no leads and no deals" in people["r6"]["reason"]


def test_metrics_that_lack_their_table_say_so(home: Path) -> None:
    rows = _said(home, "metrics", "--period", "quarter")["rows"]
    by_key = {row["metric"]: row for row in rows if row["person_id"] == "r1"}
    assert by_key["quota_attainment"]["value"] is None
    assert "quotas" in by_key["quota_attainment"]["not_evaluable"]
    assert by_key["leads_received"]["value"] > 0
