"""Check-ins: on the calendar, prepared by the rep, led by the manager, moved or skipped on record, and confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from django.utils.translation import gettext as _

from headway.core import audit, clock
from headway.core.action import action
from headway.core.actors import Actor
from headway.core.errors import BadInput, Conflict
from headway.plans.models import Plan
from headway.running.models import Agreement, CheckIn
from headway.running.words import check_past, check_running, clean, needed

USUAL_TIME = time(14, 0)
LATEST_MOVE = timedelta(days=21)


@dataclass(frozen=True)
class Review:
    """The rep's own page. steps: next steps proposed, one a line. None leaves a piece as it is."""

    worked: str | None = None
    hard: str | None = None
    enough: str | None = None
    missing: str | None = None
    steps: str | None = None


@dataclass(frozen=True)
class Notes:
    """The manager's notes of the meeting. None leaves a piece as it is."""

    recognition: str | None = None
    roadblocks: str | None = None
    feedback: str | None = None


def _wanted(plan: Plan) -> list[tuple[date, str]]:
    return [(date.fromisoformat(one["on"]), str(one["kind"])) for one in plan.body.get("check_ins", [])]


def is_on_calendar(plan: Plan) -> bool:
    """Whether `schedule_check_ins` has nothing to do. No query where the plan's meetings are read already."""
    wanted, there = _wanted(plan), {row.number: row for row in plan.meetings.all()}
    in_place = all(
        number in there and (there[number].state != CheckIn.PLANNED or there[number].planned_on == on)
        for number, (on, _kind) in enumerate(wanted, 1)
    )
    return in_place and not any(
        row.number > len(wanted) and row.state == CheckIn.PLANNED and row.review_version == 0 for row in there.values()
    )


@action(permission="checkin.plan", event="checkin.planned", locks="plan")
def schedule_check_ins(*, plan: Plan, by: Actor) -> int:
    """Bring the calendar in line with the plan's check-ins; what took place or was skipped stays. Safe to repeat.

    Returns how many were added or put on another day.
    """
    wanted, there = _wanted(plan), {row.number: row for row in plan.meetings.all()}
    changed = 0
    for number, (on, kind) in enumerate(wanted, 1):
        row = there.get(number)
        if row is None:
            CheckIn(plan=plan, number=number, kind=kind, planned_on=on, on=on, at=USUAL_TIME).save()
            changed += 1
        elif row.state == CheckIn.PLANNED and row.planned_on != on:
            row.planned_on, row.kind = on, kind
            row.on = on if not row.moves else max(row.on, on)
            row.save(update_fields=["planned_on", "kind", "on"])
            changed += 1
    late = plan.meetings.filter(number__gt=len(wanted), state=CheckIn.PLANNED, review_version=0)
    changed += late.delete()[0]
    audit.detail(check_ins=len(wanted), changed=changed)
    return changed


def _check_open(check_in: CheckIn) -> None:
    check_running(check_in.plan)
    if check_in.state == CheckIn.SKIPPED:
        raise Conflict(
            _("This check-in is on record as not having taken place"), todo=_("Write into the next one instead.")
        )


def _check_seen(seen: int, now: int) -> None:
    if seen != now:
        raise Conflict(
            _("These words were changed somewhere else since you opened them"),
            todo=_("Your words are still in their fields: compare, then save again."),
        )


def _put(check_in: CheckIn, words: Review | Notes) -> list[str]:
    """Set what is given; the names of what changed."""
    changed = []
    for name, value in vars(words).items():
        if value is not None and getattr(check_in, name) != clean(value):
            setattr(check_in, name, clean(value))
            changed.append(name)
    return changed


@action(permission="checkin.prepare", event="checkin.review_saved", locks="check_in")
def save_review(*, check_in: CheckIn, review: Review, seen_version: int, by: Actor) -> CheckIn:
    """Keep the rep's own page as it is typed. The manager sees it from the moment it is shared.

    Raises:
        Conflict: it was changed on another device, both have confirmed the notes, or it did not take place.
        BadInput: a text is too long, or the answer is none of the three.
    """
    _check_open(check_in)
    _check_not_closed(check_in)
    _check_seen(seen_version, check_in.review_version)
    if review.enough and review.enough not in dict(CheckIn.ENOUGH):
        raise BadInput(_("Please answer yes, partly or no"), value=review.enough)
    changed = _put(check_in, review)
    if changed:
        check_in.review_version += 1
        check_in.review_saved_at = clock.now()
        check_in.save(update_fields=[*changed, "review_version", "review_saved_at"])
    audit.detail(check_in=check_in.number, changed=changed)
    return check_in


@action(permission="checkin.prepare", event="checkin.review_shared", locks="check_in")
def share_review(*, check_in: CheckIn, by: Actor) -> CheckIn:
    """Show the own page to the manager. Sharing again changes nothing.

    Raises:
        BadInput: nothing is written yet.
    """
    _check_open(check_in)
    if not (check_in.worked or check_in.hard or check_in.steps or check_in.missing):
        raise BadInput(_("Your page is still empty"), todo=_("Write a sentence or two, then share it."))
    if check_in.shared_at is None:
        check_in.shared_at = clock.now()
        check_in.save(update_fields=["shared_at"])
    audit.detail(check_in=check_in.number)
    return check_in


def _check_not_closed(check_in: CheckIn) -> None:
    if check_in.rep_confirmed_at and check_in.manager_confirmed_at:
        raise Conflict(_("Both of you have confirmed these notes"), todo=_("Write what is new into the next check-in."))


@action(permission="checkin.lead", event="checkin.notes_saved", locks="check_in")
def save_notes(*, check_in: CheckIn, notes: Notes, seen_version: int, by: Actor) -> CheckIn:
    """Keep the manager's notes as they are typed. A change after one has confirmed asks both again.

    Raises:
        Conflict: they were changed elsewhere, both have confirmed them, or it did not take place.
    """
    _check_open(check_in)
    _check_not_closed(check_in)
    _check_seen(seen_version, check_in.notes_version)
    changed = _put(check_in, notes)
    if changed:
        check_in.notes_version += 1
        check_in.notes_saved_at = clock.now()
        check_in.rep_confirmed_at = check_in.manager_confirmed_at = None
        check_in.save(
            update_fields=[*changed, "notes_version", "notes_saved_at", "rep_confirmed_at", "manager_confirmed_at"]
        )
    audit.detail(check_in=check_in.number, changed=changed)
    return check_in


@action(permission="checkin.lead", event="checkin.held", locks="check_in")
def hold_check_in(*, check_in: CheckIn, held_on: date, by: Actor) -> CheckIn:
    """Say that the meeting took place.

    Raises:
        Conflict: it is on record already, as held or as skipped.
        BadInput: the day lies ahead.
    """
    check_running(check_in.plan)
    check_past(held_on)
    if check_in.state != CheckIn.PLANNED:
        raise Conflict(_("This check-in is on record already: %s") % check_in.get_state_display())
    check_in.state, check_in.held_on, check_in.held_by = CheckIn.HELD, held_on, by.name
    check_in.save(update_fields=["state", "held_on", "held_by"])
    audit.detail(check_in=check_in.number, on=held_on.isoformat())
    return check_in


@action(permission="checkin.move", event="checkin.moved", locks="check_in")
def move_check_in(*, check_in: CheckIn, to: date, why: str, at: time | None = None, by: Actor) -> CheckIn:
    """Put a check-in on another day; who moved it and why stays on record.

    Raises:
        Conflict: it took place or was skipped already.
        BadInput: the day lies before today, on a weekend, or more than three weeks from the agreed one.
    """
    check_running(check_in.plan)
    if check_in.state != CheckIn.PLANNED:
        raise Conflict(_("This check-in is on record already: %s") % check_in.get_state_display())
    if to < clock.today() or to.weekday() >= 5:
        raise BadInput(_("Check-ins are on a working day, today or later"), value=to.isoformat())
    if to > check_in.planned_on + LATEST_MOVE:
        raise BadInput(
            _("This is more than three weeks after the agreed day"),
            value=to.isoformat(),
            todo=_("Say that it does not take place, or change the plan."),
        )
    move = {"from": check_in.on.isoformat(), "to": to.isoformat(), "by": by.name, "why": clean(why)[:500],
            "at": clock.now().isoformat()}  # fmt: skip
    check_in.moves = [*check_in.moves, move]
    check_in.on, check_in.at = to, at or check_in.at
    check_in.save(update_fields=["moves", "on", "at"])
    audit.detail(check_in=check_in.number, **{"from": move["from"], "to": move["to"], "why": move["why"]})
    return check_in


@action(permission="checkin.move", event="checkin.skipped", locks="check_in")
def skip_check_in(*, check_in: CheckIn, why: str, by: Actor) -> CheckIn:
    """Say that a check-in does not or did not take place, and why.

    Raises:
        Conflict: it is on record already.
        BadInput: no reason is given.
    """
    check_running(check_in.plan)
    if check_in.state != CheckIn.PLANNED:
        raise Conflict(_("This check-in is on record already: %s") % check_in.get_state_display())
    check_in.skipped_why = needed(why, what=_("A check-in that does not take place needs a reason"))
    check_in.state, check_in.skipped_by = CheckIn.SKIPPED, by.name
    check_in.save(update_fields=["state", "skipped_by", "skipped_why"])
    audit.detail(check_in=check_in.number, why=check_in.skipped_why)
    return check_in


@action(permission="checkin.confirm", event="checkin.confirmed", locks="check_in")
def confirm_notes(*, check_in: CheckIn, seen_version: int, by: Actor) -> CheckIn:
    """Say that the notes are right. Once both have, they can't be changed any more.

    Raises:
        Conflict: it has not taken place, or the notes changed since the page was opened.
    """
    if check_in.state != CheckIn.HELD:
        raise Conflict(_("This check-in has not taken place yet"))
    _check_seen(seen_version, check_in.notes_version)
    side = "rep_confirmed_at" if by.person_id == check_in.person_id else "manager_confirmed_at"
    if getattr(check_in, side) is None:
        setattr(check_in, side, clock.now())
        check_in.save(update_fields=[side])
    audit.detail(check_in=check_in.number, side=side.split("_")[0])
    return check_in


@action(permission="agreement.keep", event="checkin.agreed", locks="check_in")
def agree(*, check_in: CheckIn, text: str, side: str, owner: str, due: date, by: Actor) -> Agreement:
    """Write down what was agreed, with who does it and until when.

    Raises:
        BadInput: words or owner are missing, the side is unknown, or the day lies before the check-in.
        Conflict: the check-in is closed or did not take place.
    """
    _check_open(check_in)
    _check_not_closed(check_in)
    if side not in dict(Agreement.SIDES):
        raise BadInput(_("An agreement is kept by the rep or by the company"), value=side)
    if due < check_in.on:
        raise BadInput(_("An agreement is due on or after the day of the check-in"), value=due.isoformat())
    row = Agreement(
        plan=check_in.plan,
        check_in=check_in,
        side=side,
        owner=needed(owner, what=_("An agreement needs somebody who does it"))[:200],
        text=needed(text, what=_("An agreement needs words")),
        due=due,
        made_by=by.name,
        made_at=clock.now(),
    )
    row.save()
    audit.detail(check_in=check_in.number, side=side, due=due.isoformat())
    return row


@action(permission="agreement.keep", event="agreement.kept", locks="agreement")
def keep_agreement(*, agreement: Agreement, done_on: date, note: str = "", by: Actor) -> Agreement:
    """Say that an agreement was kept.

    Raises:
        BadInput: the day lies ahead.
        Conflict: that was said already.
    """
    check_past(done_on)
    if agreement.done_on is not None:
        raise Conflict(_("This is on record as done already"), value=agreement.done_on.isoformat())
    agreement.done_on, agreement.done_note = done_on, clean(note)[:300]
    agreement.save(update_fields=["done_on", "done_note"])
    audit.detail(agreement=agreement.pk, on=done_on.isoformat())
    return agreement
