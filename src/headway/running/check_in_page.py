"""What the page of a check-in shows to the rep, the manager, or somebody who only reads."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from headway.core import clock, company
from headway.core.actors import Actor
from headway.core.permissions import can
from headway.plans.keeping import draft_of
from headway.plans.models import Plan
from headway.running.agenda import agenda_of, since_last, suggested_steps
from headway.running.ledger import ledger_of
from headway.running.models import CheckIn
from headway.running.progress import RUNNING, progress_of
from headway.running.queries import is_rep, may_read_review


def context(plan: Plan, check_in: CheckIn, *, by: Actor, typed: dict[str, Any]) -> dict[str, Any]:
    """Everything the template needs. typed: words that could not be saved, to be shown again."""
    own, leads = is_rep(by, plan), bool(can(by, "checkin.lead", plan))
    found = progress_of(plan, by=by, on=min(clock.today(), max(check_in.on, clock.today())))
    last = _last(plan, check_in)
    agreements = list(plan.agreements.all())
    reads = may_read_review(by, check_in)
    currency = plan.body.get("currency", company.current().currency)
    closed = bool(check_in.rep_confirmed_at and check_in.manager_confirmed_at)
    open_now = plan.state in RUNNING and check_in.state != CheckIn.SKIPPED and not closed
    draft = draft_of(plan)
    return {
        "plan": plan,
        "person": plan.person,
        "manager": plan.manager,
        "check_in": check_in,
        "of": len(plan.meetings.all()),
        "own": own,
        "leads": leads,
        "reads": reads,
        "writes_review": own and open_now,
        "writes_notes": leads and open_now,
        "notes_there": bool(check_in.recognition or check_in.roadblocks or check_in.feedback),
        "closed": closed,
        "title": _title(check_in, own=own, today=clock.today()),
        "tiles": since_last(found, agreements, last=last, currency=currency),
        "last": last if last >= plan.start_on else None,
        "agenda": agenda_of(
            check_in, found, ledger_of(plan), list(plan.wins.all()), agreements, last=last,
            company_name=company.current().name, read_review=reads,
        ),
        "review": _review(check_in, typed),
        "notes": {name: typed.get(name, getattr(check_in, name)) for name in ("recognition", "roadblocks", "feedback")},
        "steps": _steps(check_in, typed, suggested_steps(
            found, agreements, [a.text for a in draft.actions], person=plan.person.first_name)) if own else [],
        "agreed": [a for a in agreements if a.check_in_id == check_in.pk],
        "earlier": [a for a in agreements if a.check_in_id != check_in.pk and a.done_on is None],
        "enough": CheckIn.ENOUGH,
        "next_due": check_in.on + timedelta(days=7),
        "today": clock.today(),
        "may_move": check_in.state == CheckIn.PLANNED and plan.state in RUNNING and bool(can(by, "checkin.move", plan)),
        "mine_confirmed": check_in.rep_confirmed_at if own else check_in.manager_confirmed_at,
        "saved": saved_words(check_in.review_saved_at if own else check_in.notes_saved_at),
        "known_on": next((one.as_of for one in found if not one.by_hand), None),
    }  # fmt: skip


def _last(plan: Plan, check_in: CheckIn) -> date:
    """The day of the last check-in that took place before this one; the day before the plan where there is none."""
    held = [m.held_on or m.on for m in plan.meetings.all() if m.state == CheckIn.HELD and m.number < check_in.number]
    return max(held, default=plan.start_on - timedelta(days=1))


def _title(check_in: CheckIn, *, own: bool, today: date) -> str:
    if check_in.state == CheckIn.SKIPPED:
        return _("This check-in did not take place")
    if check_in.state == CheckIn.HELD:
        if check_in.rep_confirmed_at and check_in.manager_confirmed_at:
            return _("Held, and confirmed by both")
        return _("Held: are the notes right?")
    if own:
        return _("Your page for today") if check_in.on == today else _("Your page for the check-in")
    name = check_in.plan.person.first_name
    return _("%s’s page is ready") % name if check_in.shared_at else _("%s has not shared the page yet") % name


def _review(check_in: CheckIn, typed: dict[str, Any]) -> dict[str, str]:
    return {name: typed.get(name, getattr(check_in, name)) for name in ("worked", "hard", "enough", "missing")}


def _steps(check_in: CheckIn, typed: dict[str, Any], suggested: list[str]) -> list[tuple[str, bool]]:
    """Lines with a tick: what the rep proposes already, then what can be taken over."""
    mine = typed.get("steps") or [line for line in check_in.steps.split("\n") if line.strip()]
    return [(line, True) for line in mine] + [(line, False) for line in suggested if line not in mine]


def saved_words(at: datetime | None) -> str:
    """ "Saved 9:41", by the company's clock."""
    if at is None:
        return ""
    return _("Saved %s") % f"{at.astimezone(ZoneInfo(company.current().time_zone)):%H:%M}".removeprefix("0")
