"""What runs in the background: measuring after each analysis."""

from __future__ import annotations

from typing import Any

from headway.core import events, jobs, outbox, rounds
from headway.core.actors import SYSTEM
from headway.plans.models import Plan


def refresh_now() -> None:
    """Measure all running plans. Running it twice keeps nothing twice."""
    from headway.running.refreshing import refresh  # the engines are read where they are needed, not at start

    refresh(by=SYSTEM)


def remind_now() -> None:
    """Tell everybody what is new. Running it twice tells nobody twice."""
    from headway.running.reminding import remind

    remind(by=SYSTEM)


def daily() -> None:
    """The round of the day: calendar, measuring, telling."""
    put_in_line()
    refresh_now()
    remind_now()


def put_in_line() -> None:
    """Check-ins that a killed process left off the calendar. Where nothing is to mend, nothing is written."""
    from headway.running.actions.check_ins import is_on_calendar
    from headway.running.progress import RUNNING

    for plan in Plan.objects.filter(state__in=RUNNING).defer("evidence").prefetch_related("meetings"):
        if not is_on_calendar(plan):
            put_on_calendar(plan)


def refresh_later(_result: Any) -> None:
    """Ask the worker to measure; it does so as soon as it has time."""
    jobs.later(f"{__name__}.refresh_now", name="progress")


def remind_later(_result: Any) -> None:
    """Ask the worker to tell people what is new."""
    jobs.later(f"{__name__}.remind_now", name="reminders")


def put_on_calendar(plan: Any) -> None:
    """A plan that starts, goes on after a pause or was amended brings its check-ins in line."""
    from headway.running.actions.check_ins import schedule_check_ins

    if isinstance(plan, Plan):
        schedule_check_ins(plan=plan, by=SYSTEM)


def listen() -> None:
    """Measure after every analysis; when a plan starts, goes on or changes, its check-ins follow."""
    rounds.every_day("running", daily)
    jobs.every(10, rounds.make_rounds)
    jobs.every(10, outbox.deliver_due)
    for event in ("plan.started", "plan.resumed", "plan.amended"):
        events.on(event, put_on_calendar)
    for event in ("checkin.moved", "checkin.skipped", "plan.closed"):
        events.on(event, remind_later)
    for event in ("analysis.kept", "plan.started", "plan.resumed", "plan.amended"):
        events.on(event, refresh_later)
