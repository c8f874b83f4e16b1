"""Both sides of a plan, kept or not: what the rep does beside what the company promised. Reads only.

A promise counts as given when its owner (or the manager) says so with a date; weekly coaching counts the check-ins
that took place. While a plan is paused nothing becomes late: looking stops at the first day of the pause.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from headway.core import clock
from headway.plans.keeping import draft_of, promise_of
from headway.plans.models import Plan, PlanPromise
from headway.plans.plan_draft import Promise, RepAction
from headway.running.models import CheckIn, LedgerEntry
from headway.running.rules import Given, Kept, kept, kept_of_many

# The drafted promise of regular coaching: it takes place at check-ins. Any other help is written down by hand.
REGULAR = "template: promise.coaching"
REVIEW_KEY = "self-review"


@dataclass(frozen=True)
class Answer:
    """What the manager answered for support that was not given."""

    on: date
    by: str
    text: str


@dataclass(frozen=True)
class LedgerLine:
    """One promise or action and how it stands.

    planned, given: how many times until the day of looking (1 for what is given once). hours_*: None where time is not
    the point. days_late: how late it was given, or is by now. automatic: counted from check-ins, not by hand.
    """

    key: str
    text: str
    owner: str
    due: date
    when: str
    state: Kept
    planned: int
    given: int
    hours_planned: float | None
    hours_given: float
    days_late: int
    note: str
    given_on: date | None
    automatic: bool = False
    answer: Answer | None = None

    @property
    def short(self) -> bool:
        """Whether something that was due by the day of looking is still missing."""
        return self.state in {Kept.OVERDUE, Kept.PARTLY} and (self.days_late > 0 or self.given < self.planned)


@dataclass(frozen=True)
class Ledger:
    """Both sides on a day."""

    on: date
    rep: tuple[LedgerLine, ...]
    company: tuple[LedgerLine, ...]

    @property
    def behind(self) -> tuple[LedgerLine, ...]:
        """What the company owes by now."""
        return tuple(line for line in self.company if line.short)

    @property
    def hours_planned(self) -> float:
        """Hours the company promised in all."""
        return sum(line.hours_planned or 0 for line in self.company)

    @property
    def hours_given(self) -> float:
        """Hours written down as given."""
        return sum(line.hours_given for line in self.company)


def action_key(action: RepAction) -> str:
    """Names an action of the rep by its words: it stays the same while they do."""
    return "a" + hashlib.sha256(action.text.encode()).hexdigest()[:10]


def ledger_of(plan: Plan, *, on: date | None = None) -> Ledger:
    """Both sides of a plan as of a day (today if None). Four queries, fewer where prefetched.

    Whoever calls this has asked for the plan by name of an actor (`plan_for`): no permission is asked here.
    """
    looked = min(on or clock.today(), plan.last_on)
    entries: dict[str, list[LedgerEntry]] = defaultdict(list)
    for entry in plan.ledger_entries.all():
        entries[entry.key].append(entry)
    meetings = [meeting for meeting in plan.meetings.all() if meeting.on <= looked]
    draft = draft_of(plan)
    company = tuple(_promise(p, entries[p.key], meetings, looked) for p in draft.promises)
    rep = tuple(_action(a, entries[action_key(a)], plan.last_on) for a in draft.actions)
    return Ledger(looked, (*rep, *_reviews(meetings, plan.last_on)), company)


def _given(entries: Iterable[LedgerEntry]) -> list[Given]:
    return [
        Given(entry.on, entry.hours, entry.whole, entry.kind == LedgerEntry.GIVEN)
        for entry in entries
        if entry.kind != LedgerEntry.ANSWER
    ]


def _answer(entries: Sequence[LedgerEntry]) -> Answer | None:
    last = next((entry for entry in reversed(entries) if entry.kind == LedgerEntry.ANSWER), None)
    return Answer(last.on, last.by_name, last.note) if last else None


def _promise(promise: Promise, entries: list[LedgerEntry], meetings: list[CheckIn], on: date) -> LedgerLine:
    seen = [entry for entry in entries if entry.on <= on]
    facts = _given(seen)
    good = [entry for entry in seen if entry.kind == LedgerEntry.GIVEN]
    if promise.source == REGULAR:
        return _coaching(promise, good, meetings, on, _answer(entries))
    state, late = kept(due=promise.due, on=on, planned=promise.hours, entries=facts)
    whole = state in {Kept.KEPT, Kept.LATE}
    return LedgerLine(
        key=promise.key,
        text=promise.text,
        owner=promise.owner,
        due=promise.due,
        when=promise.when,
        state=state,
        planned=1 if promise.due <= on else 0,
        given=1 if whole else 0,
        hours_planned=promise.hours,
        hours_given=sum(entry.hours or 0 for entry in good),
        days_late=late,
        note=next((entry.note for entry in reversed(seen) if entry.kind != LedgerEntry.ANSWER), ""),
        given_on=good[-1].on if good else None,
        answer=_answer(entries),
    )


def _coaching(
    promise: Promise, extra: Sequence[LedgerEntry], meetings: list[CheckIn], on: date, answer: Answer | None
) -> LedgerLine:
    """Coaching takes place at check-ins; what was caught up on another day is written down by hand."""
    over = [m for m in meetings if m.on < on or m.state != CheckIn.PLANNED]
    held = [m for m in over if m.state == CheckIn.HELD]
    given = min(len(over), len(held) + len(extra))
    state, late = kept_of_many(planned=len(over), given=given, on=on, due=promise.due)
    missed = [m for m in over if m.state != CheckIn.HELD]
    each = (promise.hours or 0) / max(1, round((promise.hours or 0) * 60 / 45)) if promise.hours else 0.0
    return LedgerLine(
        key=promise.key,
        text=promise.text,
        owner=promise.owner,
        due=promise.due,
        when=promise.when,
        state=state,
        planned=len(over),
        given=given,
        hours_planned=promise.hours,
        hours_given=round(each * len(held) + sum(entry.hours or each for entry in extra), 2),
        days_late=max((on - missed[0].on).days, late) if state is not Kept.KEPT and missed and given < len(over) else 0,
        note=_missed_words(missed) if given < len(over) else "",
        given_on=held[-1].held_on if held else None,
        automatic=True,
        answer=answer,
    )


def _missed_words(missed: Sequence[CheckIn]) -> str:
    """Which ones did not take place, and of which nobody has written anything yet."""
    from headway.plans.wording import day, listed

    skipped = [day(m.on) for m in missed if m.state == CheckIn.SKIPPED][-3:]
    silent = [day(m.on) for m in missed if m.state == CheckIn.PLANNED][-3:]
    words = [_("%s did not take place.") % listed(skipped)] if skipped else []
    return " ".join([*words, *([_("Nothing is on record for %s.") % listed(silent)] if silent else [])])


def _action(action: RepAction, entries: list[LedgerEntry], last_on: date) -> LedgerLine:
    """What the rep does is looked at in check-ins: each entry says kept or not since the last one."""
    said = [entry for entry in entries if entry.kind != LedgerEntry.ANSWER]
    good = [entry for entry in said if entry.kind == LedgerEntry.GIVEN]
    state = Kept.OPEN if not said else Kept.KEPT if len(good) == len(said) else Kept.PARTLY if good else Kept.OVERDUE
    return LedgerLine(
        key=action_key(action),
        text=action.text,
        owner="",
        due=last_on,
        when=action.when,
        state=state,
        planned=len(said),
        given=len(good),
        hours_planned=None,
        hours_given=0.0,
        days_late=0,
        note=said[-1].note if said else "",
        given_on=good[-1].on if good else None,
    )


def _reviews(meetings: list[CheckIn], last_on: date) -> tuple[LedgerLine, ...]:
    """The rep's page before each check-in that took place."""
    held = [m for m in meetings if m.state == CheckIn.HELD]
    if not held:
        return ()
    given = [m for m in held if m.shared_at is not None]
    state = Kept.KEPT if len(given) == len(held) else Kept.PARTLY if given else Kept.OVERDUE
    return (
        LedgerLine(
            key=REVIEW_KEY,
            text=_("Own page before the check-in"),
            owner="",
            due=last_on,
            when="",
            state=state,
            planned=len(held),
            given=len(given),
            hours_planned=None,
            hours_given=0.0,
            days_late=0,
            note="",
            given_on=given[-1].held_on if given else None,
            automatic=True,
        ),
    )


def promise_line(row: PlanPromise, *, on: date | None = None) -> LedgerLine:
    """One promise by itself, for its owner's list; coaching counts its entries there, not the check-ins."""
    looked = min(on or clock.today(), row.plan.last_on)
    entries = [entry for entry in row.plan.ledger_entries.all() if entry.key == row.key]
    return _promise(replace(promise_of(row), source=""), entries, [], looked)


def company_line(row: PlanPromise, *, on: date) -> LedgerLine:
    """One promise as the ledger of its plan shows it. No query where the plan's entries and meetings are read."""
    looked = min(on, row.plan.last_on)
    entries = [entry for entry in row.plan.ledger_entries.all() if entry.key == row.key]
    meetings = [meeting for meeting in row.plan.meetings.all() if meeting.on <= looked]
    return _promise(promise_of(row), entries, meetings, looked)


def unanswered(plan: Plan, *, on: date | None = None) -> tuple[LedgerLine, ...]:
    """Support that was due and not given, and that nobody has answered for: "not met" has to wait for an answer."""
    return tuple(line for line in ledger_of(plan, on=on).behind if line.answer is None)
