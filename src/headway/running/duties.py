"""What somebody has to do about plans this week: in which order, in how many minutes. Seven queries, and those of rooms
further on (`duty.SOURCES`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.core import clock
from headway.core.actors import Actor, Role
from headway.core.permissions import can
from headway.plans.models import PlanPromise
from headway.plans.wording import day
from headway.running.duty import SOURCES, Duty
from headway.running.ledger import REGULAR, promise_line
from headway.running.models import Agreement, CheckIn, HalfDay, Notice
from headway.running.queries import HEAVY, due_check_ins, promises_of_owner, recent_check_ins, running_plans_for
from headway.running.rules import Kept

WEEK = timedelta(days=6)
MOST = 8
READ, RECORD, CONFIRM, PREPARE, MEND, HALF_DAY = 5, 2, 2, 5, 5, 240


@dataclass(frozen=True)
class Duties:
    """The week's list, the earliest first; `more` do not fit."""

    items: tuple[Duty, ...]
    minutes: int
    more: int = 0

    @property
    def note(self) -> str:
        """ "about 55 minutes in all"."""
        return ngettext("about %d minute in all", "about %d minutes in all", self.minutes) % self.minutes


def duties_for(actor: Actor) -> Duties:
    """What this person has to do; empty for whoever has nothing to do with running plans."""
    if actor.role not in {Role.REP, Role.MANAGER, Role.LEADER, Role.HR}:
        return Duties((), 0)
    today = clock.today()
    meetings = list(due_check_ins(actor, until=today + WEEK)) if actor.role in {Role.REP, Role.MANAGER} else []
    silent = {one.plan_id for one in meetings if one.on < today}
    found = [*_of_check_ins(actor, meetings, today), *_support(actor, today, silent), *_told(actor)]
    found += _half_days(actor, today)
    if actor.role in {Role.REP, Role.MANAGER}:
        found += [*_to_confirm(actor), *_agreed(actor, today)]
    found += [duty for source in SOURCES for duty in source(actor, today)]
    found.sort(key=lambda one: (one.on, one.when != _("before the meeting"), one.text))
    return Duties(tuple(found[:MOST]), sum(one.minutes for one in found), max(0, len(found) - MOST))


def when_words(on: date, today: date) -> str:
    """ "today", "since 6 May" or the day."""
    if on == today:
        return _("today")
    return _("since %s") % day(on) if on < today else day(on)


def _of_check_ins(actor: Actor, meetings: Iterable[CheckIn], today: date) -> Iterator[Duty]:
    over: dict[int, list[CheckIn]] = defaultdict(list)
    for one in meetings:
        if one.on < today:
            over[one.plan_id].append(one)
            continue
        path = _path(one)
        values = {"n": one.number, "name": one.plan.person.name, "at": f"{one.at:%H:%M}"}
        when = when_words(one.on, today)
        if actor.role == Role.REP:
            text = _("Your page for check-in %(n)d") if not one.shared_at else _("Check-in %(n)d at %(at)s")
            yield Duty(one.on, text % values, when, path, PREPARE)
            continue
        if one.shared_at:
            text = _("Read what %(name)s wrote for check-in %(n)d") % values
            yield Duty(one.on, text, _("before the meeting"), path, READ)
        yield Duty(one.on, _("Check-in %(n)d with %(name)s, %(at)s") % values, when, path, one.minutes)
    if actor.role != Role.REP:  # who leads them says whether they took place
        yield from (_unrecorded(rows, today) for rows in over.values())


def _unrecorded(rows: Sequence[CheckIn], today: date) -> Duty:
    """Check-ins of one plan that are over and of which nothing is on record: one line."""
    oldest, values = rows[0], {"n": len(rows), "name": rows[0].plan.person.name, "number": rows[0].number}
    text = ngettext(
        "Check-in %(number)d with %(name)s: say whether it took place",
        "%(n)d check-ins with %(name)s: say which of them took place",
        len(rows),
    ) % values  # fmt: skip
    path = _path(oldest) if len(rows) == 1 else "/check-ins/"
    return Duty(oldest.on, text, when_words(oldest.on, today), path, RECORD * len(rows), late=True)


def _path(one: CheckIn) -> str:
    return f"/plans/{one.plan_id}/check-ins/{one.number}/"


def _half_days(actor: Actor, today: date) -> Iterator[Duty]:
    """Half-days side by side of this week, and those over of which nothing is written down."""
    if actor.role not in {Role.REP, Role.MANAGER}:
        return
    plans = running_plans_for(actor).order_by().values("pk")
    rows = HalfDay.objects.filter(plan__in=plans, session=None, on__lte=today + WEEK).select_related("plan__person")
    for row in rows.order_by("on", "pk"):
        path = f"/plans/{row.plan_id}/coaching/"
        count = len(row.appointments)
        words = (
            ngettext("Half-day side by side, %d appointment", "Half-day side by side, %d appointments", count) % count
        )
        if actor.role == Role.REP:
            if row.on >= today:
                yield Duty(row.on, words, when_words(row.on, today), path)
        elif row.on < today:
            text = _("Write down the half-day with %s") % row.plan.person.name
            yield Duty(row.on, text, when_words(row.on, today), path, MEND, late=True)
        else:
            yield Duty(row.on, f"{row.plan.person.name}: {words}", when_words(row.on, today), path, HALF_DAY)


def _support(actor: Actor, today: date, silent: set[int]) -> Iterator[Duty]:
    """Support that is due by the end of the week or late; what is late in one plan is one line.

    silent: plans with check-ins of which nothing is on record. Coaching that is behind there is asked for already.
    """
    promises = promises_of_owner(actor)
    late: dict[int, dict[str, Duty]] = defaultdict(dict)
    names: dict[int, str] = {}
    for row, duty in _own_promises(promises, today):
        names[row.plan_id] = row.plan.person.name
        if duty.late:
            late[row.plan_id][row.key] = duty
        else:
            yield duty
    asked_already = {(row.plan_id, row.key) for row in promises if row.source == REGULAR and row.plan_id in silent}
    rows = Notice.objects.filter(user_id=actor.pk or 0, settled_on=None, kind="support", plan__isnull=False)
    for told in rows.select_related("plan__person").defer(*HEAVY).order_by("made_on", "pk"):
        key = told.key.split(":")[2]
        if told.plan is not None and (told.plan.pk, key) not in asked_already:
            names[told.plan.pk] = told.plan.person.name
            late[told.plan.pk].setdefault(key, _of_notice(told))
    for plan_id, duties in late.items():
        yield _together(plan_id, names[plan_id], list(duties.values()), actor, today)


def _own_promises(promises: Iterable[PlanPromise], today: date) -> Iterator[tuple[PlanPromise, Duty]]:
    """What the own name stands beside, due by the end of the week and not given."""
    for row in promises:
        line = promise_line(row, on=today)
        if row.source == REGULAR or line.state in {Kept.KEPT, Kept.LATE} or row.due > today + WEEK:
            continue
        text = _("Promised to %(name)s: %(text)s") % {"name": row.plan.person.name, "text": row.text.rstrip(".")}
        yield row, Duty(row.due, text, when_words(row.due, today), "/promises/", RECORD, row.due < today)


def _together(plan_id: int, name: str, duties: list[Duty], actor: Actor, today: date) -> Duty:
    """One line for all that is late in a plan."""
    if len(duties) == 1:
        return duties[0]
    on = min(duty.on for duty in duties)
    text = ngettext(
        "Support for %(name)s is late, %(n)d promise: give it, ask for it, or answer for it",
        "Support for %(name)s is late, %(n)d promises: give it, ask for it, or answer for it",
        len(duties),
    ) % {"name": name, "n": len(duties)}
    path = f"/plans/{plan_id}/ledger/" if can(actor, "support.answer") else "/promises/"
    return Duty(on, text, when_words(on, today), path, MEND, late=True)


def _of_notice(row: Notice) -> Duty:
    return Duty(row.made_on, f"{row.words} {row.todo}", _("since %s") % day(row.made_on), row.about, MEND, late=True)


def _told(actor: Actor) -> Iterator[Duty]:
    """Warnings that are not mended yet; what a missed check-in or late support says already is not said twice."""
    rows = Notice.objects.filter(user_id=actor.pk or 0, settled_on=None).exclude(kind__in=("missed", "support"))
    yield from map(_of_notice, rows.order_by("made_on", "pk"))


def _to_confirm(actor: Actor) -> Iterator[Duty]:
    side = "rep_confirmed_at" if actor.role == Role.REP else "manager_confirmed_at"
    for one in recent_check_ins(actor).filter(state=CheckIn.HELD, **{side: None}):
        values = {"n": one.number, "name": one.plan.person.name}
        text = _("Confirm the notes of check-in %(n)d with %(name)s") % values
        if actor.role == Role.REP:
            text = _("Confirm the notes of check-in %d") % one.number
        yield Duty(one.held_on or one.on, text, day(one.held_on or one.on),
                   _path(one), CONFIRM)  # fmt: skip


def _agreed(actor: Actor, today: date) -> Iterator[Duty]:
    """Agreements of one's own side that are due this week."""
    side = "rep" if actor.role == Role.REP else "company"
    plans = running_plans_for(actor).order_by().values("pk")
    rows = Agreement.objects.filter(plan__in=plans, side=side, done_on=None, due__lte=today + WEEK)
    for row in rows.select_related("plan__person"):
        text = row.text if side == "rep" else f"{row.plan.person.name}: {row.text}"
        yield Duty(row.due, text, when_words(row.due, today), f"/plans/{row.plan_id}/ledger/", 0, row.due < today)


@dataclass(frozen=True)
class Owed:
    """A running plan in which the company is behind, for HR's list."""

    plan_id: int
    name: str
    words: str


def owed_in_plans(actor: Actor, *, most: int = 12) -> tuple[Owed, ...]:
    """Running plans the actor may see in which support is late: told once to who can act, shown here until given."""
    plans = running_plans_for(actor).order_by().values("pk")
    rows = Notice.objects.filter(plan__in=plans, kind="support", settled_on=None).order_by("made_on", "pk")
    # What is late is told to several people: the same promise stands here once.
    found: dict[str, Owed] = {}
    for plan_id, name, words, key in rows.values_list("plan_id", "plan__person__name", "words", "key"):
        found.setdefault(key.rsplit(":", 1)[0], Owed(plan_id, name, words))
    return tuple(found.values())[:most]
