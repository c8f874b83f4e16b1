"""A signed plan with changes, as it would be. Pure; whether it holds is for the person to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.utils.translation import gettext as _

from headway.core.errors import BadInput
from headway.plans.achievability import with_target
from headway.plans.plan_draft import Goal, PlanDraft, Promise
from headway.plans.retargeting import words_for
from headway.plans.wording import day


@dataclass(frozen=True)
class GoalAmended:
    """What is new about a goal; None leaves it."""

    text: str | None = None
    target: float | None = None
    by: date | None = None


@dataclass(frozen=True)
class PromiseAmended:
    """What is new about a promise, or a new one; hours None leaves them."""

    text: str
    owner: str
    due: date
    hours: float | None = None


@dataclass(frozen=True)
class AmendedPlan:
    """Changes of a plan by key; `added` are new promises; last_on moves the end."""

    goals: Mapping[str, GoalAmended] = field(default_factory=dict)
    promises: Mapping[str, PromiseAmended] = field(default_factory=dict)
    added: tuple[PromiseAmended, ...] = ()
    last_on: date | None = None


def change_between(before: PlanDraft, after: PlanDraft) -> AmendedPlan:
    """What a changed plan changes: targets and days of its goals, and its support."""
    old = {goal.key: goal for goal in before.goals}
    goals = {
        goal.key: GoalAmended(
            target=goal.target if goal.target != old[goal.key].target else None,
            by=goal.by if goal.by != old[goal.key].by else None,
        )
        for goal in after.goals
        if goal.key in old
    }
    was = {promise.key: promise for promise in before.promises}
    changed = {p.key: PromiseAmended(p.text, p.owner, p.due, p.hours) for p in after.promises if was.get(p.key) != p}
    return AmendedPlan({key: one for key, one in goals.items() if one != GoalAmended()}, changed)


def amended(draft: PlanDraft, change: AmendedPlan, *, author: str) -> PlanDraft:
    """The plan with the changes.

    Raises:
        BadInput: nothing would change, a key is unknown, or a day lies outside the plan.
    """
    unknown = [
        *set(change.goals) - {g.key for g in draft.goals},
        *set(change.promises) - {p.key for p in draft.promises},
    ]
    if unknown:
        raise BadInput(_("There is no such goal or promise in this plan"), value=", ".join(sorted(unknown)))
    last = change.last_on or draft.last_day
    if last < draft.start:
        raise BadInput(_("The plan would end before it begins"), value=day(last))
    end = last + timedelta(days=1)
    result = replace(
        draft,
        end=end,
        days=(end - draft.start).days if change.last_on else draft.days,
        goals=tuple(_goal(goal, change.goals.get(goal.key), draft.currency, author) for goal in draft.goals),
        promises=(
            *(_promise(p, change.promises.get(p.key), author) for p in draft.promises),
            *_added(draft, change, author),
        ),
        check_ins=tuple(meeting for meeting in draft.check_ins if meeting.on <= last),
    )
    late = next((goal for goal in result.goals if goal.by > last), None)
    if late is not None:
        raise BadInput(_("A goal would end after the plan"), value=day(late.by))
    if result == draft:
        raise BadInput(_("This amendment changes nothing"))
    return result


def _goal(goal: Goal, change: GoalAmended | None, currency: str, author: str) -> Goal:
    if change is None:
        return goal
    if change.target is not None and change.target != goal.target:
        words = words_for(goal, change.target, currency=currency)
        goal = replace(with_target(goal, change.target), text=words)
    if change.text and change.text != goal.text:
        goal = replace(goal, text=change.text, source=f"person: {author}")
    return replace(goal, by=change.by or goal.by)


def _promise(promise: Promise, change: PromiseAmended | None, author: str) -> Promise:
    if change is None:
        return promise
    new = replace(
        promise,
        text=change.text,
        owner=change.owner,
        due=change.due,
        when=promise.when if change.due == promise.due else "",
        hours=promise.hours if change.hours is None else change.hours,
    )
    return new if new == promise else replace(new, source=f"person: {author}")


def _added(draft: PlanDraft, change: AmendedPlan, author: str) -> list[Promise]:
    taken = {promise.key for promise in draft.promises}
    free = (key for n in range(1, len(taken) + len(change.added) + 2) if (key := f"p{n}") not in taken)
    return [
        Promise(next(free), "other", new.text, new.owner, "", new.due, "", new.hours, f"person: {author}")
        for new in change.added
    ]
