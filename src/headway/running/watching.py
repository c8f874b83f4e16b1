"""What people should be told while plans run: the next check-in, and what on the process somebody can mend. Reads only.

Each thing is told to who can act, once: its key is the same however often it is looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.core import clock
from headway.core.actors import SYSTEM, Role
from headway.people.models import User
from headway.plans.models import Plan
from headway.plans.states import PlanState
from headway.plans.wording import day
from headway.running.ledger import ledger_of
from headway.running.models import CheckIn
from headway.running.progress import MEASURED, GoalProgress, progress_of
from headway.running.queries import BEHIND
from headway.running.rules import Standing

GRACE = timedelta(days=2)  # a check-in may be written down a little later
TEAM_OF, TEAM_SHARE = 3, 0.5
DUE_SOON = timedelta(days=3)


@dataclass(frozen=True)
class Told:
    """One thing for one person. required: cannot be switched off. notice: stays on the page until it is mended.

    numbers: the check-ins whose calendar entries go along.
    """

    key: str
    kind: str
    user: User
    plan: Plan | None
    words: str
    todo: str
    path: str
    required: bool = False
    notice: bool = True
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Reader:
    """Who is there to be told, by person and by name."""

    by_person: dict[str, User]
    by_name: dict[str, User]

    @classmethod
    def all(cls) -> Reader:
        """Everybody with a sign-in."""
        users = list(User.objects.filter(is_active=True).select_related("person"))
        return cls(
            {user.person_id: user for user in users if user.person_id},
            {user.name.strip().casefold(): user for user in users},
        )

    def manager(self, plan: Plan) -> User | None:
        """Who leads the plan."""
        return self.by_person.get(plan.manager_id or "")

    def leader(self, plan: Plan) -> User | None:
        """Who leads the manager."""
        above = plan.manager.manager_id if plan.manager else None
        return self.by_person.get(above or "")


def look() -> list[Told]:
    """Everything that is to be told today, over all running plans."""
    today, readers = clock.today(), Reader.all()
    rows = Plan.objects.filter(state__in=MEASURED).select_related("person", "manager__manager")
    plans = list(rows.prefetch_related(*BEHIND))
    found: list[Told] = []
    standing: dict[int, tuple[GoalProgress, ...]] = {}
    for plan in plans:
        standing[plan.pk] = progress_of(plan, by=SYSTEM)
        found += _of_plan(plan, standing[plan.pk], readers, today)
    found += _of_closed(readers, today)
    found += _of_teams(plans, standing, readers, today)
    found += _digests(plans, readers, today)
    return found


def _of_plan(plan: Plan, goals: Sequence[GoalProgress], readers: Reader, today: date) -> Iterator[Told]:
    meetings = list(plan.meetings.all())
    yield from _reminders(plan, meetings, readers, today)
    yield from _changed(plan, meetings, readers, today)
    yield from _missed(plan, meetings, readers, today)
    yield from _without_page(plan, meetings, readers)
    yield from _support(plan, readers, today)
    yield from _out_of_reach(plan, goals, readers)


def _reminders(plan: Plan, meetings: Iterable[CheckIn], readers: Reader, today: date) -> Iterator[Told]:
    """The day before, to both."""
    rep, manager = readers.by_person.get(plan.person_id), readers.manager(plan)
    for one in meetings:
        if one.state != CheckIn.PLANNED or not today < one.on <= _next_working_day(today):
            continue
        path = f"/plans/{plan.pk}/check-ins/{one.number}/"
        key = f"check-in:{one.pk}:{one.on.isoformat()}"
        when = {"on": day(one.on), "at": f"{one.at:%H:%M}", "n": one.number}
        if rep:
            words = _("Check-in %(n)d is on %(on)s at %(at)s.") % when
            todo = _("Your page is open: five minutes are enough, and you start the meeting.")
            yield Told(f"{key}:rep", "reminder", rep, plan, words, todo, path, notice=False, numbers=(one.number,))
        if manager:
            words = _("Check-in %(n)d with %(name)s is on %(on)s at %(at)s.") % {**when, "name": plan.person.name}
            todo = _("The agenda is prepared; read the page once it is shared.")
            yield Told(
                f"{key}:manager", "reminder", manager, plan, words, todo, path, notice=False, numbers=(one.number,)
            )


def _changed(plan: Plan, meetings: Iterable[CheckIn], readers: Reader, today: date) -> Iterator[Told]:
    """Moved or called off: to both, with the calendar entry that moves or goes away."""
    for one in meetings:
        skipped = one.state == CheckIn.SKIPPED
        if one.on < today or not (skipped or (one.moves and one.state == CheckIn.PLANNED)):
            continue
        values = {"n": one.number, "name": plan.person.name, "on": day(one.on), "at": f"{one.at:%H:%M}"}
        words = _("Check-in %(n)d with %(name)s is now on %(on)s at %(at)s.") % values
        todo = one.moves[-1]["why"] if one.moves else ""
        if skipped:
            words = _("Check-in %(n)d with %(name)s on %(on)s does not take place.") % values
            todo = one.skipped_why
        key = f"changed:{one.pk}:{len(one.moves)}:{one.state}"
        for side, user in (("rep", readers.by_person.get(plan.person_id)), ("manager", readers.manager(plan))):
            if user:
                yield Told(f"{key}:{side}", "moved", user, plan, words, todo,
                           f"/plans/{plan.pk}/check-ins/{one.number}/", required=True, notice=False,
                           numbers=(one.number,))  # fmt: skip


def _of_closed(readers: Reader, today: date) -> Iterator[Told]:
    """Check-ins that were still to come when a plan was closed: they leave both calendars."""
    rows = CheckIn.objects.filter(state=CheckIn.PLANNED, on__gte=today, plan__state=PlanState.CLOSED)
    by_plan: dict[int, list[CheckIn]] = defaultdict(list)
    for row in rows.select_related("plan__person", "plan__manager"):
        by_plan[row.plan_id].append(row)
    for some in by_plan.values():
        plan = some[0].plan
        words = _("%(plan)s is over: its check-ins leave the calendar.") % {"plan": plan}
        for side, user in (("rep", readers.by_person.get(plan.person_id)), ("manager", readers.manager(plan))):
            if user:
                yield Told(f"over:{plan.pk}:{side}", "moved", user, plan, words, "", f"/plans/{plan.pk}/progress/",
                           required=True, notice=False, numbers=tuple(row.number for row in some))  # fmt: skip


def _next_working_day(today: date) -> date:
    return today + timedelta(days={4: 3, 5: 2}.get(today.weekday(), 1))


def _missed(plan: Plan, meetings: Sequence[CheckIn], readers: Reader, today: date) -> Iterator[Told]:
    """A check-in nobody wrote anything about; two in a row that did not take place."""
    manager, leader = readers.manager(plan), readers.leader(plan)
    name = plan.person.name
    for one in meetings:
        if manager and one.state == CheckIn.PLANNED and one.on + GRACE < today:
            words = _("Check-in %(n)d with %(name)s was on %(on)s and nothing is on record.") % {
                "n": one.number, "name": name, "on": day(one.on)}  # fmt: skip
            todo = _("Say that it took place, move it, or say why not.")
            yield Told(f"missed:{one.pk}", "missed", manager, plan, words, todo,
                       f"/plans/{plan.pk}/check-ins/{one.number}/", required=True)  # fmt: skip
    for before, here in pairwise(meetings):
        if leader and before.state == here.state == CheckIn.SKIPPED:
            words = _("Two check-ins in a row with %(name)s did not take place (%(first)s and %(second)s).") % {
                "name": name, "first": day(before.on), "second": day(here.on)}  # fmt: skip
            todo = _("Talk with %s about time for them, or pause the plan.") % (
                plan.manager.first_name if plan.manager else _("the manager")
            )
            yield Told(f"skipped-twice:{here.pk}", "skipped", leader, plan, words, todo,
                       f"/plans/{plan.pk}/progress/", required=True)  # fmt: skip


def _without_page(plan: Plan, meetings: Sequence[CheckIn], readers: Reader) -> Iterator[Told]:
    """Two held in a row without the rep's page: something is in the way, and the manager can ask what."""
    held = [one for one in meetings if one.state == CheckIn.HELD]
    manager = readers.manager(plan)
    for before, here in pairwise(held):
        if manager and before.shared_at is None and here.shared_at is None:
            words = _("The last two check-ins began without %s’s own page.") % plan.person.first_name
            todo = _("Ask what is in the way: time, the phone, or the plan itself.")
            yield Told(f"no-page:{here.pk}", "no_page", manager, plan, words, todo, f"/plans/{plan.pk}/progress/")


def _support(plan: Plan, readers: Reader, today: date) -> Iterator[Told]:
    """Support: a word to its owner before the day; once it is late, to owner, manager and leader."""
    manager, leader = readers.manager(plan), readers.leader(plan)
    path = f"/plans/{plan.pk}/ledger/"
    for line in ledger_of(plan, on=today).company:
        owner = readers.by_name.get(line.owner.strip().casefold())
        values: dict[str, object] = {
            "text": line.text.rstrip("."), "owner": line.owner, "on": day(line.due), "name": plan.person.name
        }  # fmt: skip
        if owner and not line.given and not line.automatic and today <= line.due <= today + DUE_SOON:
            words = _("You promised for %(name)s: %(text)s, by %(on)s.") % values
            yield Told(f"promise:{plan.pk}:{line.key}", "promise", owner, plan, words,
                       _("Write down when it was given."), "/promises/", notice=False)  # fmt: skip
        # One check-in that was missed has a word of its own; weekly coaching is behind from the second one on.
        if not line.short or (line.automatic and line.planned - line.given < 2):
            continue
        key = f"support-late:{plan.pk}:{line.key}:{line.due.isoformat()}"
        late = _("Promised support for %(name)s is late: %(text)s (%(owner)s, by %(on)s).") % values
        if line.automatic:
            values |= {"given": line.given, "planned": line.planned}
            late = _("%(text)s for %(name)s took place %(given)d of %(planned)d times.") % values
        if owner and owner != manager:
            todo = _("Give it and write it down, or say what stands in the way.")
            yield Told(f"{key}:owner", "support", owner, plan, late, todo, "/promises/", required=True)
        if manager:
            todo = _("Ask for it, give it yourself, or answer for it and adjust the goals.")
            yield Told(f"{key}:manager", "support", manager, plan, late, todo, path, required=True)
        if leader and line.days_late > 7:
            yield Told(f"{key}:leader", "support", leader, plan, late,
                       _("It is more than a week late: it may need your word."), path, required=True)  # fmt: skip


def _out_of_reach(plan: Plan, goals: Sequence[GoalProgress], readers: Reader) -> Iterator[Told]:
    manager = readers.manager(plan)
    for one in goals:
        if manager and one.standing is Standing.OUT_OF_REACH:
            words = _("“%(goal)s” has moved out of reach for %(name)s.") % {
                "goal": one.goal.metric_name, "name": plan.person.name}  # fmt: skip
            todo = _("Look at it together and change goal, time or support; waiting does not help.")
            yield Told(f"out-of-reach:{plan.pk}:{one.goal.key}", "out_of_reach", manager, plan, words, todo,
                       f"/plans/{plan.pk}/change/", required=True)  # fmt: skip


def _of_teams(
    plans: Sequence[Plan], goals: dict[int, tuple[GoalProgress, ...]], readers: Reader, today: date
) -> Iterator[Told]:
    """Most running plans of a team behind their path: that speaks of the team's situation, not of the people."""
    teams: dict[str, list[Plan]] = defaultdict(list)
    for plan in plans:
        teams[plan.manager_id or ""].append(plan)
    for manager_id, some in teams.items():
        behind = [plan for plan in some if any(one.ahead is False for one in goals[plan.pk])]
        leader = readers.leader(some[0])
        if not (leader and len(some) >= TEAM_OF and len(behind) / len(some) >= TEAM_SHARE):
            continue
        words = ngettext(
            "%(n)d of %(all)d running plan of one team is behind its path.",
            "%(n)d of %(all)d running plans of one team are behind their path.",
            len(some),
        ) % {"n": len(behind), "all": len(some)}
        month = today.strftime("%Y-%m")
        todo = _("Look at leads, market and tools before looking at people.")
        yield Told(f"team:{manager_id}:{month}", "team", leader, None, words, todo, "/check-ins/")


def _digests(plans: Sequence[Plan], readers: Reader, today: date) -> Iterator[Told]:
    """Mondays: what the week holds, for each manager with running plans."""
    if today.weekday() != 0:
        return
    by_manager: dict[int, list[Plan]] = defaultdict(list)
    users: dict[int, User] = {}
    for plan in plans:
        user = readers.manager(plan)
        if user is not None and user.role in {Role.MANAGER, Role.LEADER}:
            by_manager[user.pk].append(plan)
            users[user.pk] = user
    for pk, some in by_manager.items():
        yield Told(f"digest:{pk}:{today.isoformat()}", "digest", users[pk], None,
                   _("Your week with running plans"), _digest(some, today), "/", notice=False)  # fmt: skip


def _digest(plans: Sequence[Plan], today: date) -> str:
    lines = []
    for plan in plans:
        planned = [m for m in plan.meetings.all() if m.state == CheckIn.PLANNED]
        due = [m for m in planned if today <= m.on < today + timedelta(days=7)]
        behind = ledger_of(plan, on=today).behind
        words = [_("check-in on %s") % day(m.on) for m in due]
        words += [ngettext("%d promise late", "%d promises late", len(behind)) % len(behind)] if behind else []
        lines.append(f"{plan.person.name}: {', '.join(words) if words else _('nothing due')}")
    return "\n".join(lines)
