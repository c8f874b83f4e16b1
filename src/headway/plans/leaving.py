"""Somebody in a plan leaves or changes team: the plan says so, and what to do."""

from __future__ import annotations

from django.utils.translation import gettext as _

from headway.core import clock
from headway.people.models import Person
from headway.plans.models import Plan
from headway.plans.states import OPEN
from headway.plans.wording import day


def changes_of_people(plan: Plan) -> tuple[str, ...]:
    """What has changed about the person and the manager since the plan was drafted, each with what to do."""
    if plan.state not in OPEN:
        return ()
    person, led = plan.person, plan.manager
    found = []
    if _gone(person):
        found.append(
            _("%(name)s no longer works here%(since)s. Withdraw the plan; what was signed stays in the record.")
            % {"name": person.name, "since": _since(person)}
        )
    if led is not None and _gone(led):
        found.append(
            _("%(name)s no longer works here%(since)s. Whoever leads %(person)s now goes on with this plan.")
            % {"name": led.name, "since": _since(led), "person": person.first_name}
        )
    elif led is not None and person.manager_id != led.pk and not _gone(person):
        new = person.manager.name if person.manager else _("nobody yet")
        found.append(
            _("%(person)s now reports to %(new)s, not to %(old)s. Talk about whether goals and promises still fit.")
            % {"person": person.first_name, "new": new, "old": led.name}
        )
    before = plan.body.get("rep", {}).get("team", "")
    if before and person.team and before != person.team:
        found.append(
            _("%(person)s moved from %(old)s to %(new)s. Check the targets: they were set for another team.")
            % {"person": person.first_name, "old": before, "new": person.team}
        )
    return tuple(found)


def _gone(person: Person) -> bool:
    return not person.listed or (person.left_on is not None and person.left_on <= clock.today())


def _since(person: Person) -> str:
    return _(" since %s") % day(person.left_on) if person.left_on else ""
