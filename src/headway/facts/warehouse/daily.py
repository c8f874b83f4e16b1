"""Once a day the warehouse's rows come home; the analysis follows as after every load."""

from __future__ import annotations

from headway.core import rounds


def bring_home_daily() -> None:
    """The round of the day. What goes wrong is kept for the pages and `headway status`, and tried again tomorrow."""
    from headway.core.actors import SYSTEM  # read where needed, not at start
    from headway.core.errors import HeadwayError
    from headway.facts.warehouse.address import configured
    from headway.facts.warehouse.bringing import bring_home

    if configured() is None:
        return
    try:
        bring_home(by=SYSTEM)
    except HeadwayError:
        # The sentence is kept (`bringing.brought`); the other rounds of the day are made all the same.
        return


def listen() -> None:
    """Called once at start."""
    rounds.every_day("warehouse", bring_home_daily)
