"""Finished calendar periods up to a day."""

from datetime import date

from headway.core.period import Grain, Period, back_from, last_complete
from headway.detection.triggers.trigger import Every, Trigger

LOOK_BACK = {Every.WEEK: 52, Every.MONTH: 18, Every.QUARTER: 8}


def periods_of(
    trigger: Trigger, *, as_of: date, first_day: date, fiscal_start_month: int, week_start: int
) -> tuple[Period, ...]:
    """The newest finished periods, oldest first, none from before the facts begin."""
    grain = Grain(trigger.every.value)
    calendar = {"fiscal_start_month": fiscal_start_month, "week_start": week_start}
    newest = last_complete(as_of, grain=grain, **calendar)
    found = list(back_from(newest, grain=grain, count=LOOK_BACK[trigger.every], **calendar))
    return tuple(p for p in reversed(found) if p.start >= first_day)
