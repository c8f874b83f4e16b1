"""Facts with rows for a command: where a warehouse is configured they are brought home first, if they are old."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import typer
from django.utils.translation import gettext as _

from headway.core.actors import SYSTEM
from headway.core.errors import HeadwayError
from headway.facts.store import Facts, current_version, open_facts
from headway.facts.warehouse.address import Address, configured
from headway.facts.warehouse.bringing import Brought, bring_home, brought

FRESH = timedelta(hours=12)


@contextmanager
def facts_at_hand(as_of: date | None = None) -> Iterator[Facts]:
    """The facts on this machine as they were known at the end of `as_of`.

    Where the warehouse does not answer, those brought home last are given, and their age is said.

    Raises:
        NotFound: there are none.
        WarehouseTrouble: it does not answer, and nothing was brought home before.
    """
    refresh()
    with open_facts(as_of) as facts:
        yield facts


def refresh() -> None:
    """Bring the rows home if a warehouse is configured and they are older than half a day."""
    address = configured()
    if address is None or _is_fresh(address, brought()):
        return
    try:
        bring_home(by=SYSTEM)
    except HeadwayError as error:
        if current_version() is None:
            raise
        typer.echo(f"{error.sentence} {age_sentence(brought())}", err=True)


def _is_fresh(address: Address, state: Brought) -> bool:
    age = state.age(datetime.now(UTC))
    return current_version() is not None and age is not None and age < FRESH and state.shown == address.shown


def age_sentence(state: Brought) -> str:
    """How old the facts are that are used instead."""
    if state.at is None:
        return _("The facts loaded before are used.")
    hours = int((datetime.now(UTC) - state.at).total_seconds() // 3600)
    when = state.at.strftime("%Y-%m-%d %H:%M")
    return _("Used are the facts brought home on %(when)s UTC, %(hours)s hours ago.") % {"when": when, "hours": hours}
