"""A plan's meetings as calendar invitations: a meeting keeps its name for ever, a change raises the number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _

from headway.core import clock, company
from headway.documents.calendar import Guest, Invitation, Meeting
from headway.people.models import User
from headway.plans.keeping import draft_of
from headway.plans.models import Plan
from headway.plans.states import PlanState

# A later room that plans the meetings itself (moved days, times) says so here; None = it has none of this plan yet.
Source = Callable[[Plan], Sequence[Meeting] | None]
_sources: list[Source] = []
NO_MORE = frozenset({PlanState.WITHDRAWN, PlanState.DISCARDED})


def ask_first(source: Source) -> None:
    """Let a room further on give the meetings. Registering twice changes nothing."""
    if source not in _sources:
        _sources.append(source)


def uid_of(plan: Plan, number: int) -> str:
    """The meeting's name in every calendar."""
    return f"plan-{plan.pk}-check-in-{number}@headway"


def invitation_of(plan: Plan) -> Invitation:
    """All meetings of a plan; those of a withdrawn plan, and those it no longer has, are cancelled."""
    kept = next((found for source in _sources if (found := source(plan)) is not None), None)
    meetings = list(kept if kept is not None else _planned(plan))
    if plan.state in NO_MORE:
        meetings = [_cancelled(meeting) for meeting in meetings]
    emails = dict(
        User.objects.filter(person_id__in=[plan.person_id, plan.manager_id]).values_list("person_id", "email")
    )
    manager, person = plan.manager, plan.person
    return Invitation(
        meetings=tuple(meetings),
        time_zone=company.current().time_zone,
        sequence=plan.version,
        stamp=clock.now(),
        organiser=Guest(manager.name, emails.get(manager.pk) or manager.email) if manager else None,
        guests=(Guest(person.name, emails.get(person.pk) or person.email),),
    )


def _planned(plan: Plan) -> list[Meeting]:
    """As the plan says: days without a time. A day that a change took away stays, cancelled."""
    now = [(meeting.on, meeting.kind) for meeting in draft_of(plan).check_ins]
    before: list[tuple[object, str]] = []
    for version in plan.versions.all():
        was = [(meeting["on"], meeting["kind"]) for meeting in version.content["check_ins"]]
        before = was if len(was) > len(before) else before
    made = [
        Meeting(uid_of(plan, number), title_of(plan, kind), _words(plan), on)
        for number, (on, kind) in enumerate(now, 1)
    ]
    for number, (on, kind) in enumerate(before[len(now) :], len(now) + 1):
        gone = Meeting(uid_of(plan, number), title_of(plan, kind), "", date.fromisoformat(str(on)))
        made.append(_cancelled(gone))
    return made


def title_of(plan: Plan, kind: str) -> str:
    """What stands in the calendar: nothing that others who see it should not read."""
    names = {"milestone": _("Half-way talk"), "final": _("Last check-in")}
    return _("%(meeting)s: %(first)s and %(manager)s") % {
        "meeting": names.get(kind, _("Check-in")),
        "first": plan.person.first_name,
        "manager": plan.manager.first_name if plan.manager else company.current().name,
    }


def _words(plan: Plan) -> str:
    return _("Private. What is talked about stands in Headway, not here.")


def _cancelled(meeting: Meeting) -> Meeting:
    return replace(meeting, cancelled=True)
