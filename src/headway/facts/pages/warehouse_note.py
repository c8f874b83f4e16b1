"""What the data page says of the warehouse, without asking it: a page never waits for another machine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from headway.core.actors import Actor
from headway.core.errors import HeadwayError
from headway.core.permissions import can
from headway.facts.warehouse.address import configured
from headway.facts.warehouse.bringing import brought


@dataclass(frozen=True)
class WarehouseNote:
    """The note.

    Args:
        address: without what is secret; empty for those who do not load facts.
        at: when its rows last came home; None before the first time.
        trouble: what went wrong since, one sentence; empty where nothing did or for those who cannot mend it.
        tried_at: when that was; None where nothing went wrong.
    """

    address: str
    at: datetime | None
    trouble: str
    tried_at: datetime | None


def note_for(actor: Actor) -> WarehouseNote | None:
    """The note for somebody; None where no warehouse is configured."""
    mends = bool(can(actor, "facts.load"))
    try:
        address = configured()
    except HeadwayError as error:
        return WarehouseNote("", brought().at, error.sentence if mends else "", None)
    if address is None:
        return None
    state = brought()
    return WarehouseNote(
        address.shown if mends else "",
        state.at,
        state.trouble if mends else "",
        state.tried_at if state.trouble else None,
    )
