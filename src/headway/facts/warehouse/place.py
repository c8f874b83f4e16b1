"""Figures where the facts lie: in the company's warehouse if one is configured, else in the store on this machine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

import typer

from headway.facts.store import Facts, current_version, open_facts
from headway.facts.warehouse.address import configured
from headway.facts.warehouse.at_hand import age_sentence
from headway.facts.warehouse.bringing import brought
from headway.facts.warehouse.trouble import WarehouseTrouble
from headway.facts.warehouse.warehouse_facts import WarehouseFacts, open_warehouse

R = TypeVar("R")


def in_place(ask: Callable[[Facts | WarehouseFacts], R], as_of: date | None = None) -> R:
    """What `ask` makes of the facts as they were known at the end of `as_of`; it needs sums, not rows.

    Where the warehouse does not answer, at the start or in the middle, the rows brought home last are asked, and their
    age is said.

    Raises:
        NotFound: there are no facts.
        WarehouseTrouble: the warehouse does not answer, and nothing was brought home before.
    """
    if configured() is not None:
        try:
            with open_warehouse(as_of) as there:
                return ask(there)
        except WarehouseTrouble as error:
            if current_version() is None:
                raise
            typer.echo(f"{error.sentence} {age_sentence(brought())}", err=True)
    with open_facts(as_of) as here:
        return ask(here)
