"""A load that the system kills, that meets a full disk, or that meets another load: everything is as it was."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

MOMENTS = {
    "while reading": ("headway.facts.load", "propose"),
    "while writing": ("headway.facts.writing", "_manifest"),
    "between rename and commit": ("headway.facts.load", "accept_version"),
    "inside the transaction": ("headway.facts.actions", "sync_people"),
}

# Stops for ever at a moment of a load and says so; nothing else of the command is different.
STOP = """
import sys, threading
sys.argv = ["headway", "load", {path!r}, "--yes"]
import django, os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "headway.config.settings")
django.setup()
import {module} as place
def halt(*args, **named):
    print("here", flush=True)
    threading.Event().wait()
place.{name} = halt
from headway.cli.main import main
main()
"""


def environment(home: Path) -> dict[str, str]:
    return {**{k: v for k, v in os.environ.items() if k != "DATABASE_URL"}, "HEADWAY_HOME": str(home)}


def headway(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "headway", *words]
    return subprocess.run(command, env=environment(home), capture_output=True, text=True, timeout=120, check=False)


def status(home: Path) -> dict[str, object]:
    found = json.loads(headway(home, "status", "--json").stdout)
    return {key: found[key] for key in ("version", "content_hash", "tables")}


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "people.csv").write_text("person_id,name,role\nr1,Jonas Weber,rep\n")
    (folder / "leads.csv").write_text("lead_id,owner_id,created_at\nl1,r1,2024-01-02\n")
    return folder


def more(exports: Path, leads: int = 50) -> None:
    rows = "".join(f"l{i},r1,2024-02-{1 + i % 28:02}\n" for i in range(1, leads))
    (exports / "leads.csv").write_text("lead_id,owner_id,created_at\n" + rows)


def halted(home: Path, exports: Path, module: str, name: str) -> subprocess.Popen[str]:
    """A load that has come to a moment and stays there."""
    script = STOP.format(path=str(exports), module=module, name=name)
    process = subprocess.Popen(
        [sys.executable, "-c", script], env=environment(home), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "here\n", process.communicate(timeout=60)
    return process


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)


def test_killed_at_any_moment(tmp_path: Path, exports: Path) -> None:
    """What `status` shows is what it showed; the next load works and sweeps away what was left."""
    home = tmp_path / "home"
    assert headway(home, "load", str(exports), "--yes").returncode == 0
    before = status(home)
    more(exports)
    for moment, (module, name) in MOMENTS.items():
        kill(halted(home, exports, module, name))
        assert status(home) == before, moment
    assert list((home / "tmp").glob("load-*"))
    done = headway(home, "load", str(exports), "--yes", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["tables"]["leads"]["loaded"] == 48
    assert not list((home / "tmp").glob("load-*"))
    current = json.loads(headway(home, "status", "--json").stdout)["version"]
    assert sorted(p.name for p in (home / "facts").glob("*v0*")) == ["v000001", f"v{current:06d}"]


def test_two_loads_at_once_on_the_command_line(tmp_path: Path, exports: Path) -> None:
    """The second is told in one sentence and changes nothing."""
    home = tmp_path / "home"
    assert headway(home, "load", str(exports), "--yes").returncode == 0
    more(exports)
    first = halted(home, exports, "headway.facts.load", "write_version")
    try:
        second = headway(home, "load", str(exports), "--yes")
    finally:
        kill(first)
    assert second.returncode == 1
    assert "Another load is running" in second.stderr
    assert len(second.stderr.strip().splitlines()) == 1
    assert status(home)["version"] == 1


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are a thing of Unix")
def test_no_room_on_the_disk(tmp_path: Path, exports: Path) -> None:
    """Files may not grow: one sentence, nothing changed, nothing left behind."""
    home = tmp_path / "home"
    assert headway(home, "load", str(exports), "--yes").returncode == 0
    before = status(home)
    more(exports, 150_000)
    # The first file of the load is already larger than that.
    command = f"ulimit -f 200; exec {sys.executable} -m headway load {exports} --yes"
    done = subprocess.run(
        ["/bin/bash", "-c", command], env=environment(home), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 1, done.stderr
    assert "not enough room on the disk" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert status(home) == before
