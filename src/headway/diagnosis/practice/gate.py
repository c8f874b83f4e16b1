"""Is a formal plan the right step? What has to be there first, as one list that every room asks for here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.core import clock
from headway.core.actors import Actor
from headway.core.permissions import can, require
from headway.detection import serialise as signal_json
from headway.detection.models import SignalRecord
from headway.detection.signal import Finding, NotEvaluable, Signal, Tier
from headway.diagnosis.models import AbsenceRecord
from headway.diagnosis.practice.company_rules import PracticeRules, practice_rules
from headway.diagnosis.practice.factors import Factor, factors_of
from headway.diagnosis.practice.models import AxisDecision, CoachingSession, FormalReason, GateException, ProtectedEvent
from headway.diagnosis.practice.rules import Gate, GateItem, GateState, Given, enough_coaching
from headway.metrics.models import AnalysisRun
from headway.metrics.queries import latest_run
from headway.people.models import Person
from headway.web.text import day

DONE, TODO, OPEN = GateState.DONE, GateState.TODO, GateState.OPEN
# The exceptions for these are seen by HR alone, like the items themselves.
HR_ONLY = frozenset({"protected"})
LABELS_IN_ORDER = ("coaching", "ramp", "leave", "outside", "chance", "axis", "protected")


@dataclass(frozen=True)
class _Asked:
    """What every item needs."""

    person: Person
    as_of: date
    run: AnalysisRun | None
    entry: Signal | NotEvaluable | None
    rules: PracticeRules
    by: Actor

    @property
    def name(self) -> str:
        return self.person.first_name


def gate_for(person_id: str, *, as_of: date | None = None, by: Actor) -> Gate:
    """The gate before a formal plan for one person, as `by` may see it. A growth plan needs none.

    Items that only HR may know of are made for HR alone; for everybody else neither they nor their exceptions
    exist, and `may_go_on` does not speak of them. Rooms that check on HR's behalf ask with `by` an HR actor.

    Args:
        person_id: whom a plan would be for.
        as_of: the day it is asked for; today if None.
        by: who asks.

    Raises:
        NotFound: the person is none of the actor's business.
    """
    require(by, "gate.view", person_id)
    day_asked = as_of or clock.today()
    person = Person.objects.get(pk=person_id)
    run = latest_run()
    record = SignalRecord.objects.filter(run=run, person_id=person_id).first() if run else None
    entry = signal_json.from_json(record.payload) if record else None
    asked = _Asked(person, day_asked, run, entry, practice_rules(), by)
    items = [_coaching(asked), _ramp(asked), _leave(asked), _outside(asked), _chance(asked), _axis(asked)]
    sees_hr = bool(can(by, "protected.view"))
    if sees_hr:
        items.append(_protected(asked))
    return Gate(person_id, day_asked, tuple(items), _exceptions(asked, sees_hr=sees_hr))


def _exceptions(asked: _Asked, *, sees_hr: bool) -> tuple[Given, ...]:
    rows = GateException.objects.filter(person=asked.person, given_on__lte=asked.as_of, until__gte=asked.as_of)
    if not sees_hr:
        rows = rows.exclude(item__in=HR_ONLY)
    return tuple(Given(row.item, row.reason, row.made_by_name, row.given_on, row.until) for row in rows)


def item_label(key: str) -> str:
    """What an item of the gate is called."""
    return {
        "coaching": _("Coaching first."),
        "ramp": _("Ramp."),
        "leave": _("Leave."),
        "outside": _("Outside factors."),
        "chance": _("More than chance."),
        "axis": _("Skill or effort."),
        "protected": _("Protected events."),
    }[key]


def _item(key: str, state: GateState, sentence: str) -> GateItem:
    return GateItem(key, item_label(key), state, sentence, hr_only=key in HR_ONLY)


def _coaching(asked: _Asked) -> GateItem:
    rules = asked.rules
    held = CoachingSession.objects.filter(person=asked.person).values_list("held_on", flat=True)
    count, enough = enough_coaching(held, as_of=asked.as_of, needed=rules.coaching_sessions, days=rules.coaching_days)
    words = {"count": count, "needed": rules.coaching_sessions, "days": rules.coaching_days}
    if enough:
        text = ngettext(
            "%(count)s coaching talk in the last %(days)s days is written down.",
            "%(count)s coaching talks in the last %(days)s days are written down.",
            count,
        )
    else:
        text = _("%(count)s of %(needed)s coaching talks in the last %(days)s days are written down.")
    return _item("coaching", DONE if enough else TODO, text % words)


def _ramp(asked: _Asked) -> GateItem:
    if asked.entry is not None and asked.entry.finding is Finding.RAMPING:
        return _item("ramp", TODO, _("%s is still ramping: steady progress counts, not a missed quota.") % asked.name)
    return _item("ramp", DONE, _("%s is past the ramp.") % asked.name)


def _leave(asked: _Asked) -> GateItem:
    rows = AbsenceRecord.objects.filter(run=asked.run, person_id=asked.person.pk) if asked.run else []
    settled = asked.as_of - timedelta(days=asked.rules.settle_days)
    # Days off are no leave: only what is longer than two weeks keeps figures from counting.
    long = [row for row in rows if row.start_on <= asked.as_of and (row.end_on or date.max) > settled]
    for row in (row for row in long if row.end_on is None or row.end_on > asked.as_of):
        until = _("until %s") % day(row.end_on) if row.end_on else _("with no end known")
        return _item(
            "leave", TODO, _("%(name)s is away %(until)s: a plan waits.") % {"name": asked.name, "until": until}
        )
    for row in (row for row in long if row.end_on and (row.end_on - row.start_on).days > 14):
        return _item(
            "leave", TODO, _("%(name)s has been back since %(day)s: give it %(days)s days first.")
            % {"name": asked.name, "day": day(row.end_on), "days": asked.rules.settle_days},
        )  # fmt: skip
    return _item("leave", DONE, _("%s is at work; time away is left out of every figure.") % asked.name)


def _outside(asked: _Asked) -> GateItem:
    factors = factors_of(asked.person, as_of=asked.as_of, run=asked.run, rules=asked.rules)
    waiting = [factor.name for factor in factors if factor.state is not GateState.DONE]
    if waiting:
        return _item("outside", TODO, _("Not answered: %s.") % ", ".join(waiting))
    return _item("outside", DONE, _outside_answered(factors))


def _outside_answered(factors: tuple[Factor, ...]) -> str:
    holding = [factor.name for factor in factors if factor.holds_back]
    if holding:
        return _("All answered; something is being done about: %s.") % ", ".join(holding)
    return _("All looked at; none of them holds back.")


def _chance(asked: _Asked) -> GateItem:
    if isinstance(asked.entry, Signal) and asked.entry.tier is Tier.FORMAL:
        return _item("chance", DONE, _("The figures are clearly more than chance."))
    since = asked.as_of - timedelta(days=asked.rules.reason_days)
    reason = FormalReason.objects.filter(
        person=asked.person, given_on__gt=since, given_on__lte=asked.as_of
    ).last()  # fmt: skip
    if reason is not None:
        words = {"by": reason.made_by_name, "day": day(reason.given_on), "name": asked.name}
        text = _("The data alone is not enough. %(by)s recorded a reason on %(day)s, which %(name)s reads too.")
        return _item("chance", DONE, text % words)
    if asked.entry is None or isinstance(asked.entry, NotEvaluable):
        text = _("The data says nothing about %s: a formal plan needs a recorded reason.")
        return _item("chance", TODO, text % asked.name)
    if asked.entry.tier is Tier.SUPPORT:
        text = _("The evidence is enough for help, not for a formal plan: that needs a recorded reason.")
        return _item("chance", TODO, text)
    return _item("chance", TODO, _("The data cannot tell this from chance: a formal plan needs a recorded reason."))


def _axis(asked: _Asked) -> GateItem:
    decided = AxisDecision.objects.filter(person=asked.person, decided_on__lte=asked.as_of).last()
    if decided is None:
        return _item("axis", OPEN, _("Nobody has decided yet whether it is skill, effort or neither."))
    words = {"by": decided.made_by_name, "axis": decided.get_axis_display(), "day": day(decided.decided_on)}
    return _item("axis", DONE, _("%(by)s decided on %(day)s: %(axis)s.") % words)


def _protected(asked: _Asked) -> GateItem:
    since = asked.as_of - timedelta(days=asked.rules.protected_days)
    rows = ProtectedEvent.objects.filter(
        person=asked.person, happened_on__gt=since, happened_on__lte=asked.as_of, ended_at__isnull=True
    )
    first = rows.first()
    if first is None:
        return _item("protected", DONE, _("None on record in the last %s days.") % asked.rules.protected_days)
    words = {"kind": first.get_kind_display(), "day": day(first.happened_on)}
    text = _("On record: %(kind)s, %(day)s. A formal plan now could look like an answer to it.")
    return _item("protected", TODO, text % words)
