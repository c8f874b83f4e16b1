"""A policy tried on the past: whom each trigger would have named when, how many by chance alone, and how far the
engine agrees."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from headway.core import company
from headway.core.fiscal import FiscalYears
from headway.detection.deal_sizes import Sizes, sizes_by_segment
from headway.detection.facts_port import FactsLike
from headway.detection.policy import Policy
from headway.detection.roster import Roster, read_roster
from headway.detection.signal import Finding, SignalReport, Tier
from headway.detection.triggers import sentences as say
from headway.detection.triggers.chance import ByChance, by_chance
from headway.detection.triggers.measures import Looked, look
from headway.detection.triggers.periods import periods_of
from headway.detection.triggers.rules import can_be_named, named
from headway.detection.triggers.trigger import Trigger, TriggerKind
from headway.stats.arrays import Flags

NAMED_LEVELS = (Tier.SUPPORT, Tier.FORMAL)


@dataclass(frozen=True)
class PeriodNamed:
    """Who a trigger names at the end of one period, of how many it could name."""

    last_day: date
    could: int
    people: tuple[str, ...]


@dataclass(frozen=True)
class Why:
    """Why a trigger names somebody now."""

    person_id: str
    sentence: str


@dataclass(frozen=True)
class TriggerRun:
    """One trigger tried on the past. overlap: named now, by the engine's level; overlooked: people the evidence
    names and the trigger does not (of those it could name)."""

    trigger: Trigger
    words: str
    reason: str | None
    could: int
    now: tuple[Why, ...]
    ramping: int
    by_chance: ByChance | None
    overlap: dict[str, int]
    overlooked: int
    history: tuple[PeriodNamed, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class LevelChange:
    """A person whose level differs from the one under the policy in force."""

    person_id: str
    before: str
    after: str


@dataclass(frozen=True)
class DryRun:
    """Everything a policy would do, before it does anything."""

    as_of: date
    policy: str
    against: str
    people: int
    triggers: tuple[TriggerRun, ...]
    changes: tuple[LevelChange, ...]
    levels: dict[str, int] = field(default_factory=dict)
    sentences: tuple[str, ...] = ()


def dry_run(facts: FactsLike, *, policy: Policy, under: SignalReport, in_force: SignalReport) -> DryRun:
    """Try a policy. `under`: the report with it, `in_force`: with the policy that counts today (the same object
    where nothing but triggers differs)."""
    changes = level_changes(in_force, under)
    runs = run_triggers(facts, policy=policy, report=under)
    words = [say.level_change_sentence(len(changes), people=len(under.people))]
    if runs:
        words.append(say.today_words())
    return DryRun(
        facts.as_of,
        policy.version,
        in_force.policy,
        len(under.people),
        runs,
        changes,
        dict(Counter(entry.tier.value for entry in under.people)),
        tuple(words),
    )


def level_changes(before: SignalReport, after: SignalReport) -> tuple[LevelChange, ...]:
    """People whose level differs, in the order of their ids."""
    old = {entry.person_id: entry.tier.value for entry in before.people}
    return tuple(
        LevelChange(entry.person_id, old.get(entry.person_id, Tier.NOT_EVALUABLE.value), entry.tier.value)
        for entry in sorted(after.people, key=lambda e: e.person_id)
        if old.get(entry.person_id) != entry.tier.value
    )


def run_triggers(facts: FactsLike, *, policy: Policy, report: SignalReport) -> tuple[TriggerRun, ...]:
    """Every trigger of the policy on the past of these facts."""
    if not policy.triggers:
        return ()
    roster = read_roster(facts, policy=policy)
    sizes = sizes_by_segment(facts, roster)
    levels = {entry.person_id: entry.tier for entry in report.people}
    new = frozenset(entry.person_id for entry in report.people if entry.finding is Finding.RAMPING)
    return tuple(_run(facts, roster, trigger, policy, sizes, levels, new) for trigger in policy.triggers)


def _run(
    facts: FactsLike,
    roster: Roster,
    trigger: Trigger,
    policy: Policy,
    sizes: Sizes | None,
    levels: dict[str, Tier],
    new: frozenset[str],
) -> TriggerRun:
    years = FiscalYears.of(company.current())
    periods = periods_of(trigger, as_of=facts.as_of, first_day=facts.first_day or facts.as_of, years=years)
    looked = look(facts, roster, trigger, periods, ramp_weeks=policy.ramp_weeks)
    if trigger.kind is not TriggerKind.ACTIVITY:
        # the engine's ramp may be longer than the policy's: whoever it calls ramping is held to nothing here
        looked.seen.held[[r for r, person in enumerate(roster.ids) if person in new], -1:] = False
    code = looked.reason
    if not code and trigger.kind is TriggerKind.QUOTA and sizes is None:
        code = "no_amounts"
    could = can_be_named(looked.seen.held, in_a_row=trigger.in_a_row, bridge=trigger.bridge)
    if not code and not could[roster.active].any():
        code = "nobody_held"
    if code:
        return _refused(trigger, say.reason_sentence(code))
    found = named(looked.seen.missed, held=looked.seen.held, in_a_row=trigger.in_a_row, bridge=trigger.bridge)
    found = found & roster.active[:, None]
    could = could & roster.active[:, None]
    return _told(roster, trigger, looked, found, could, by_chance(looked, trigger, roster.segment, sizes), levels)


def _refused(trigger: Trigger, reason: str) -> TriggerRun:
    return TriggerRun(trigger, say.trigger_words(trigger), reason, 0, (), 0, None, {}, 0, (), (reason,))


def _told(
    roster: Roster,
    trigger: Trigger,
    looked: Looked,
    found: Flags,
    could: Flags,
    chance: ByChance | None,
    levels: dict[str, Tier],
) -> TriggerRun:
    last = looked.periods[-1].last_day
    now = np.flatnonzero(found[:, -1])
    tiers = [levels.get(roster.ids[r], Tier.NOT_EVALUABLE) for r in now]
    overlooked = sum(levels.get(roster.ids[r]) in NAMED_LEVELS for r in np.flatnonzero(could[:, -1] & ~found[:, -1]))
    held = int(could[:, -1].sum())
    ramping = int((looked.ramping[:, -1] & roster.active).sum()) if trigger.kind is not TriggerKind.ACTIVITY else 0
    words = [say.named_sentence(trigger, named=len(now), held=held, until=last)]
    if chance:
        words.append(say.chance_alone_sentence(chance))
    if len(now):
        words.append(say.overlap_sentence(named=len(now), agreed=sum(t in NAMED_LEVELS for t in tiers)))
    if overlooked:
        words.append(say.missed_sentence(trigger.name, overlooked))
    if ramping:
        words.append(say.ramping_sentence(ramping))
    return TriggerRun(
        trigger,
        say.trigger_words(trigger),
        None,
        held,
        tuple(Why(roster.ids[r], _why(trigger, looked, int(r))) for r in now),
        ramping,
        chance,
        dict(Counter(t.value for t in tiers)),
        overlooked,
        tuple(
            PeriodNamed(
                period.last_day,
                int(could[:, place].sum()),
                tuple(roster.ids[r] for r in np.flatnonzero(found[:, place])),
            )
            for place, period in enumerate(looked.periods)
        ),
        tuple(words),
    )


def _why(trigger: Trigger, looked: Looked, person: int) -> str:
    last = np.flatnonzero(looked.seen.held[person])[-trigger.in_a_row :]
    return say.person_sentence(
        trigger,
        values=tuple(float(v) for v in looked.seen.value[person, last]),
        floors=tuple(float(v) for v in looked.seen.floor[person, last]),
        until=looked.periods[-1].last_day,
    )


def names_now(runs: tuple[TriggerRun, ...]) -> dict[str, tuple[tuple[str, str], ...]]:
    """Per person the triggers that name them now: (name of the trigger, why)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for run in runs:
        for why in run.now:
            found.setdefault(why.person_id, []).append((run.trigger.name, why.sentence))
    return {person: tuple(items) for person, items in found.items()}
