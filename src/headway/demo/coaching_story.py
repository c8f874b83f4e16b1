"""How Marta coaches Daniel in his running plan: calls marked by both, one half-day held, one planned."""

from __future__ import annotations

from datetime import date, timedelta

from headway.core import clock
from headway.demo.cast import at
from headway.people.models import User
from headway.plans.models import Plan
from headway.running.actions.coaching import (
    Appointment,
    HalfDayFound,
    hold_half_day,
    mark_own_practice,
    plan_half_day,
)
from headway.running.actions.measuring import score_practice

RUBRIC = ("Asks before proposing", "Finds out what the problem costs the customer", "Asks who decides, and how")
# Kind, days after the plan's first day, Marta's marks, Daniel's.
_TALKS: tuple[tuple[str, int, tuple[int, int, int], tuple[int, int, int]], ...] = (
    ("call_review", 3, (2, 1, 2), (2, 2, 2)),
    ("role_play", 11, (2, 2, 3), (3, 2, 3)),
    ("call_review", 22, (3, 2, 3), (3, 2, 3)),
    ("call_review", 30, (3, 3, 4), (4, 3, 4)),
    ("role_play", 38, (4, 3, 4), (4, 3, 4)),
)


def coach(plan: Plan, *, rep: User, manager: User) -> None:
    """Calls and role-plays so far, a half-day that was held, and the next one."""
    for kind, after, marks, own in _TALKS:
        on = plan.start_on + timedelta(days=after)
        if on < clock.today():
            _talk(plan, kind, on, marks, own, rep=rep, manager=manager)
    _held(plan, plan.start_on + timedelta(days=24), manager=manager)
    with clock.at(at((clock.today() - timedelta(days=2)).isoformat(), 11)):
        listed = (
            Appointment("Praxis Dr. Thiele", "09:00", "Second talk: who decides"),
            Appointment("Kinderzentrum Dahme", "10:30", "After the pilot: what it was worth"),
            Appointment("Pflegedienst Havel", "11:45", "First talk"),
        )
        plan_half_day(plan=plan, on=date(2026, 5, 27), appointments=listed, competency="discovery", by=manager)


def _talk(
    plan: Plan, kind: str, on: date, marks: tuple[int, ...], own: tuple[int, ...], *, rep: User, manager: User
) -> None:
    with clock.at(at(on.isoformat(), 14)):
        row = score_practice(
            plan=plan, kind=kind, competency="discovery", held_on=on,
            marks=list(zip(RUBRIC, (float(mark) for mark in marks), strict=True)), by=manager,
        )  # fmt: skip
    with clock.at(at(on.isoformat(), 16)):
        mark_own_practice(practice=row, marks=[float(mark) for mark in own], by=rep)


def _held(plan: Plan, on: date, *, manager: User) -> None:
    with clock.at(at((on - timedelta(days=4)).isoformat(), 9)):
        listed = (
            Appointment("Labor Spree", "09:00", "First talk"),
            Appointment("Klinik am See", "10:30", "Second talk, with the head nurse"),
            Appointment("Praxis Dr. Hansen", "12:00", "Offer"),
        )
        planned = plan_half_day(plan=plan, on=on, appointments=listed, competency="discovery", by=manager)
    with clock.at(at(on.isoformat(), 15)):
        found = HalfDayFound(
            held_on=on,
            wins=("Three prepared questions in every talk", "Waited after each question", "A dated next step twice"),
            improvements=("Ask what the problem costs", "Name who else decides", "Let the customer sum up"),
            seen=("She named two problems by herself.", "The head nurse asked for the trial.", "Price came up early."),
            agreed="Daniel asks for the cost of the problem in each first talk; Marta listens to two calls next week.",
        )
        hold_half_day(half_day=planned, found=found, by=manager)
