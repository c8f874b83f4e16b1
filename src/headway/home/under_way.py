"""How a person's running plan goes, as first pages tell it: while somebody is being helped, that is the news."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Min, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from headway.charts.marks import Kind
from headway.core import clock
from headway.home.findings import Verdict
from headway.outcomes.judged import Answer
from headway.outcomes.judged import Verdict as Look
from headway.outcomes.queries import newest_looks
from headway.outcomes.sentences import so_far
from headway.plans.models import Plan
from headway.plans.states import PlanState
from headway.plans.wording import listed
from headway.running.models import CheckIn, GoalSnapshot
from headway.running.progress import RUNNING, newest_snapshots
from headway.running.rules import Standing
from headway.running.sentences import standing_words, week_of

# In which order standings are counted up.
ORDER = (Standing.REACHED, Standing.ON_TRACK, Standing.AT_RISK, Standing.OUT_OF_REACH, Standing.CANNOT_TELL)


@dataclass(frozen=True)
class UnderWay:
    """A running plan in a few words. next_on: the next check-in, or the last day where none is to come."""

    plan_id: int
    next_on: date
    next_words: str
    verdict: Verdict
    sentences: tuple[str, ...]
    over: bool


def under_way(ids: Iterable[str]) -> dict[str, UnderWay]:
    """The running plan of each of these people (whom the reader may see). Three queries, however many."""
    today = clock.today()
    planned = Min("meetings__on", filter=Q(meetings__state=CheckIn.PLANNED, meetings__on__gte=today))
    rows = Plan.objects.filter(person_id__in=list(ids), state__in=RUNNING).defer("body", "evidence")
    plans = {plan.person_id: plan for plan in rows.annotate(next_on=planned).order_by("pk")}
    keys = [plan.pk for plan in plans.values()]
    looks, standings = (newest_looks(keys), _standings(keys)) if keys else ({}, {})
    return {
        person: _told(plan, looks.get(plan.pk), standings.get(plan.pk, Counter()), today)
        for person, plan in plans.items()
    }


def _standings(keys: Iterable[int]) -> dict[int, Counter[Standing]]:
    """How the goals stand that are measured from the facts, by plan."""
    found: dict[int, Counter[Standing]] = defaultdict(Counter)
    rows = newest_snapshots(GoalSnapshot.objects.filter(plan_id__in=list(keys)))
    for plan_id, status in rows.values_list("plan_id", "status"):
        found[plan_id][Standing(status)] += 1
    return found


def _told(plan: Plan, look: Look | None, standings: Mapping[Standing, int], today: date) -> UnderWay:
    next_on: date = getattr(plan, "next_on", None) or plan.last_on
    here, weeks = week_of(plan, today)
    week = _("plan under way, week %(n)d of %(all)d") % {"n": here, "all": weeks}
    over = today > plan.last_on
    return UnderWay(
        plan.pk, next_on, _("plan until %s") % _day(plan.last_on) if over else f"{week} · {_next_words(plan, next_on)}",
        _verdict(plan, look, over=over),
        tuple(text for text in (so_far(look) if look else "", _goals(standings)) if text), over,
    )  # fmt: skip


def _day(day: date) -> str:
    return date_format(day, "l j F")


def _next_words(plan: Plan, next_on: date) -> str:
    if plan.state == PlanState.PAUSED:
        return _("the clock stands still")
    if getattr(plan, "next_on", None) is None:
        return _("last day %s") % _day(next_on)
    return _("check-in %s") % _day(next_on)


def _verdict(plan: Plan, look: Look | None, *, over: bool) -> Verdict:
    if plan.state == PlanState.PAUSED:
        return Verdict(_("Plan paused"), Kind.SUPPORT)
    if over:
        return Verdict(_("The plan’s time is over: judge it together"), Kind.EARLY)
    if look is None:
        return Verdict(_("Being supported, too early to say"), Kind.SUPPORT)
    if look.verdict is Answer.IMPROVED:
        return Verdict(_("Really improved since the plan began"), Kind.GOOD)
    if look.verdict is Answer.NOT_IMPROVED:
        return Verdict(_("Being supported, no gain seen yet"), Kind.EARLY)
    likely = look.gain > 0 and look.improved_probability >= 0.5
    words = _("Recovering, too early to say") if likely else _("Being supported, too early to say")
    return Verdict(words, Kind.SUPPORT)


def _goals(standings: Mapping[Standing, int]) -> str:
    """ "Goals: one on track, two at risk." of those that the data measures; empty where none is."""
    parts = [f"{standings[one]} {standing_words(one)}" for one in ORDER if standings.get(one)]
    return _("Measured goals: %s.") % listed(parts) if parts else ""
