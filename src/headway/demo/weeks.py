"""The demo company's clock: a week goes by, in its CRM and in its plans."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from headway.core import clock, company, outbox, rounds
from headway.core.actors import SYSTEM
from headway.core.errors import Conflict
from headway.demo.coming import Week, week_of
from headway.facts.load import commit_load, plan_load
from headway.facts.store import open_facts
from headway.outcomes.jobs import look_now
from headway.people.actions import set_demo_day

Say = Callable[[str], None]


def advance(*, weeks: int = 1, say: Say = lambda _text: None) -> None:
    """Let weeks go by: the CRM gets its rows, everything is analysed, plans are measured, people are told.

    What people would write in check-ins is theirs: nobody does it for them.

    Raises:
        Conflict: this is no demo company.
    """
    for _week in range(weeks):
        if not company.current().is_demo or company.current().demo_today is None:
            raise Conflict("Only the demo company has a clock of its own", todo="Use a home made by `headway demo`.")
        _one_week(say)


def _one_week(say: Say) -> None:
    from headway.diagnosis.analysis import analyse

    today = clock.today()
    monday = today - timedelta(days=today.weekday())
    say(f"A week goes by, from {monday:%d %B %Y} ...")
    with open_facts(monday - timedelta(days=1)) as facts:
        made = week_of(facts.con, monday)
    after = monday + timedelta(days=7)
    set_demo_day(day=after, by=SYSTEM)
    with tempfile.TemporaryDirectory(prefix="headway-week-") as folder:
        _write(made, Path(folder))
        commit_load(plan_load([Path(folder)]), by=SYSTEM)
    say("Reading what it says ...")
    analyse(by=SYSTEM)
    look_now()  # a command has no worker beside it that would
    rounds.make_rounds()
    outbox.deliver_due()
    say(f"It is {after:%A %d %B %Y} at Alderwick.")


def _write(week: Week, folder: Path) -> None:
    """One file per table that got rows; instants keep their type."""
    for table in fields(week):
        rows = getattr(week, table.name)
        if rows:
            pq.write_table(pa.Table.from_pylist(rows), folder / f"{table.name}.parquet")


def advance_now(weeks: int = 1) -> None:
    """For the worker."""
    advance(weeks=weeks)
