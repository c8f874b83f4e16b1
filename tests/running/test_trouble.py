"""Fifty people saving at once, and a process killed in the middle of it: none refused, none lost."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.environment import __file__ as _here

ROOT = Path(_here).resolve().parent.parent
PEOPLE = 50

SETUP = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from datetime import date, time
from headway.people.models import Person, User
from headway.plans.models import Plan
from headway.running.models import CheckIn
for n in range({n}):
    p = Person.objects.create(person_id=f"P{{n}}", name=f"Rep {{n}}", role="rep")
    User.objects.create(email=f"p{{n}}@x.example", name=f"Rep {{n}}", role="rep", person=p)
    plan = Plan.objects.create(person=p, name="Plan", state="active", start_on=date(2026,6,1), last_on=date(2026,8,28),
                               body={{}}, evidence={{}}, evidence_hash="x")
    CheckIn.objects.create(plan=plan, number=1, planned_on=date(2026,6,4), on=date(2026,6,4), at=time(14))
"""
SAVE = """
import django, threading; django.setup()
from django.db import connection
from headway.people.models import User
from headway.running.models import CheckIn
from headway.running.actions.check_ins import Review, save_review
trouble = []
def one(n):
    try:
        user = User.objects.get(email=f"p{{n}}@x.example")
        for turn in range({turns}):
            meeting = CheckIn.objects.select_related("plan").get(plan__person_id=f"P{{n}}")
            save_review(check_in=meeting, review=Review(worked=f"words {{n}} {{turn}}"), seen_version=turn, by=user)
            {after}
    except Exception as error:
        trouble.append(f"{{n}}: {{error!r}}")
    finally:
        connection.close()
threads = [threading.Thread(target=one, args=(n,)) for n in range({start}, {stop})]
[t.start() for t in threads]; [t.join() for t in threads]
print("\\n".join(trouble))
"""
READ = """
import django; django.setup()
from headway.core import audit
from headway.core.models import AuditEntry
from headway.running.models import CheckIn
rows = list(CheckIn.objects.values_list("plan__person_id", "worked", "review_version"))
print(sum(1 for who, words, v in rows if words == f"words {who[1:]} {v - 1}"), min(v for *_x, v in rows),
      AuditEntry.objects.filter(event="checkin.review_saved").count(), sum(v for *_x, v in rows), audit.verify().whole)
"""


def child(code: str, env: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def done(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err[-2000:]
    return out.strip()


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    env = {**os.environ, "HEADWAY_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "headway.config.settings",
           "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}  # fmt: skip
    address = os.environ.get("HEADWAY_TEST_POSTGRES")  # an empty database of one's own, to try the same there
    env.pop("DATABASE_URL", None)
    if address:
        env["DATABASE_URL"] = address
    return env


def test_fifty_people_save_at_once_and_none_is_refused_or_lost(home: dict[str, str]) -> None:
    """Two processes of twenty-five threads, three saves each, as a server with several workers would."""
    done(child(SETUP.format(n=PEOPLE), home))
    half = PEOPLE // 2
    both = [child(SAVE.format(turns=3, start=s, stop=s + half, after="pass"), home) for s in (0, half)]
    assert [done(process) for process in both] == ["", ""]
    right, least, entries, versions, whole = done(child(READ, home)).split()
    assert (right, least, entries, versions, whole) == (str(PEOPLE), "3", str(PEOPLE * 3), str(PEOPLE * 3), "True")


def test_killed_in_the_middle_of_saving_nothing_is_half_written(home: dict[str, str], tmp_path: Path) -> None:
    """kill -9 while eight people save: what was answered is there, words and record agree, the rest can go on."""
    done(child(SETUP.format(n=8), home))
    die = "import os; (n == 3 and turn == 1) and os.kill(os.getpid(), 9)"
    process = child(SAVE.format(turns=50, start=0, stop=8, after=die), home)
    process.communicate(timeout=120)
    assert process.returncode == -signal.SIGKILL
    read = READ.replace('words == f"words {who[1:]} {v - 1}"', "bool(words) == bool(v)")
    right, _least, entries, versions, whole = done(child(read, home)).split()
    assert entries == versions  # every kept word has its line in the record, and no line stands for words that are lost
    assert whole == "True"
    if "DATABASE_URL" not in home:
        with sqlite3.connect(tmp_path / "records.sqlite3") as base:
            assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert int(right) == 8
