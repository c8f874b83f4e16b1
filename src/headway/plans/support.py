"""Both sides of a draft: what the rep does, and what the company gives and already owes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from headway.plans import rules
from headway.plans.content import Content, GapContent, PromiseTemplate, fill_in
from headway.plans.evidence import Evidence
from headway.plans.plan_draft import CheckIn, Promise, RepAction
from headway.plans.timeline import Window, working_day
from headway.plans.wording import a_week, day, weekday

# What a diagnosis calls an outside factor that does hold the person back.
HOLDING_BACK = frozenset({"todo"})


@dataclass(frozen=True)
class SupportSetting:
    """What support is chosen from. owners: name by role ("RevOps"); the manager arranges the rest."""

    evidence: Evidence
    content: Content
    gap: GapContent
    window: Window
    manager: str
    owners: Mapping[str, str]
    check_ins: tuple[CheckIn, ...]
    days_off: Collection[date] = ()

    def owner(self, role: str) -> str:
        """Who answers for it."""
        return self.owners.get(role) or self.manager

    def working_day(self, after_days: int) -> date:
        """A day after the plan's first one on which people work, inside the plan."""
        on = self.window.start + timedelta(days=after_days)
        return working_day(on, days_off=self.days_off, latest=self.window.last_day)


def rep_actions(gap: GapContent) -> tuple[RepAction, ...]:
    """What the rep does, from the company's library for this gap."""
    return tuple(RepAction(text, when, source) for text, when, source in gap.actions)


def promises(setting: SupportSetting) -> tuple[Promise, ...]:
    """What the company owes first, then coaching, then help for the gap. Every promise has an owner and a date."""
    found = [*_owed(setting), _coaching(setting), *(_from_library(setting, t) for t in setting.gap.promises)]
    return tuple(_keyed(promise, n) for n, promise in enumerate(found, 1))


def _keyed(promise: Promise, number: int) -> Promise:
    return Promise(**{**promise.__dict__, "key": f"p{number}"})


def _coaching(setting: SupportSetting) -> Promise:
    content, meetings = setting.content, setting.check_ins
    minutes = int(content.rule("coaching_minutes"))
    every = int(content.rule("check_in_every_weeks"))
    rhythm = a_week(every)
    return Promise(
        key="",
        kind="coaching",
        text=content.fill("promise.coaching", minutes=minutes, rhythm=rhythm),
        owner=setting.manager,
        owner_role="Manager",
        due=meetings[-1].on if meetings else setting.window.last_day,
        when=content.fill(
            "promise.coaching_when", weekday=weekday(int(content.rule("check_in_weekday"))), count=len(meetings)
        ),
        hours=round(minutes * len(meetings) / 60 * 2) / 2,
        source="template: promise.coaching",
    )


def _from_library(setting: SupportSetting, template: PromiseTemplate) -> Promise:
    due = setting.working_day(template.after_days)
    return Promise(
        key="",
        kind=template.kind,
        text=template.text,
        owner=setting.owner(template.role),
        owner_role=template.role,
        due=due,
        when=fill_in(template.when, entry=template.source, values={"due": day(due)}),
        hours=template.hours,
        source=template.source,
    )


def _owed(setting: SupportSetting) -> list[Promise]:
    lines = rules.outside_hands(setting.evidence.gap) if setting.evidence.gap else ()
    keys = {line.key for line in lines if line.clear}
    held = {factor.key for factor in setting.evidence.outside if factor.state in HOLDING_BACK}
    found = []
    if "leads" in keys or "lead_volume" in held:
        found.append(_debt(setting, "leads", due_days=0))
    if "territory" in keys | held:
        found.append(_debt(setting, "territory", due_days=11))
    return found


def _debt(setting: SupportSetting, entry: str, *, due_days: int) -> Promise:
    due = setting.working_day(due_days)
    return Promise(
        key="",
        kind=entry,
        text=setting.content.fill(f"promise.{entry}"),
        owner=setting.owner("RevOps"),
        owner_role="RevOps",
        due=due,
        when=setting.content.fill(f"promise.{entry}_when", due=day(due)),
        hours=None,
        source=f"template: promise.{entry}",
    )
