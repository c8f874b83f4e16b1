"""Finished periods of the company's calendar up to a day."""

from datetime import date

from headway.core.fiscal import FiscalYears
from headway.core.period import Grain, Period, back_from, last_complete
from headway.detection.triggers.trigger import Every, Trigger

LOOK_BACK = {Every.WEEK: 52, Every.MONTH: 18, Every.QUARTER: 8}


def periods_of(trigger: Trigger, *, as_of: date, first_day: date, years: FiscalYears) -> tuple[Period, ...]:
    """The newest finished periods, oldest first, none from before the facts begin."""
    grain = Grain(trigger.every.value)
    newest = last_complete(as_of, grain=grain, years=years)
    found = list(back_from(newest, grain=grain, count=LOOK_BACK[trigger.every], years=years))
    return tuple(p for p in reversed(found) if p.start >= first_day)
