"""The words of triggers; every number in them is one of the result's."""

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.detection.sentences import day_text, percent, step_label
from headway.detection.triggers.trigger import Every, Trigger, TriggerKind

if TYPE_CHECKING:
    from headway.detection.triggers.chance import ByChance


def trigger_words(trigger: Trigger) -> str:
    """What the rule says: 'Below 70% of quota in 2 quarters in a row.'"""
    return {
        TriggerKind.QUOTA: _("Below %(floor)s of quota in %(row)s."),
        TriggerKind.ACTIVITY: _("Fewer than %(floor)s %(what)s a %(period)s in %(row)s."),
        TriggerKind.CONVERSION: _("%(step)s below %(floor)s of colleagues’ rate in %(row)s."),
    }[trigger.kind] % {
        "floor": f"{trigger.at_least:g}" if trigger.kind is TriggerKind.ACTIVITY else percent(trigger.below or 0.0),
        "what": activity_words(trigger.activity),
        "period": every_word(trigger.every),
        "row": row_words(trigger),
        "step": _capital(step_label(f"{trigger.before}_to_{trigger.after}")),
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def every_word(every: Every) -> str:
    return {Every.WEEK: _("week"), Every.MONTH: _("month"), Every.QUARTER: _("quarter")}[every]


def activity_words(kind: str) -> str:
    return {
        "all": _("activities"),
        "call": _("calls"),
        "email": _("e-mails"),
        "social": _("social touches"),
        "meeting": _("meetings"),
        "demo": _("demos"),
    }.get(kind, kind)


def row_words(trigger: Trigger) -> str:
    n = trigger.in_a_row
    if n == 1:
        return {
            Every.WEEK: _("the last week"),
            Every.MONTH: _("the last month"),
            Every.QUARTER: _("the last quarter"),
        }[trigger.every]
    return {
        Every.WEEK: _("%(n)s weeks in a row"),
        Every.MONTH: _("%(n)s months in a row"),
        Every.QUARTER: _("%(n)s quarters in a row"),
    }[trigger.every] % {"n": n}


def named_sentence(trigger: Trigger, *, named: int, held: int, until: date) -> str:
    """'At the end of 31 March 2026 it names 12 of 40 people it could name.'"""
    return ngettext(
        "At the end of %(day)s it names %(named)s of the %(held)s person it could name.",
        "At the end of %(day)s it names %(named)s of the %(held)s people it could name.",
        held,
    ) % {"day": day_text(until), "named": named, "held": held}


def chance_alone_sentence(chance: "ByChance") -> str:
    """'Among identical people it names 40 of 100 by chance alone …'"""
    return _(
        "Among identical people under the same conditions it names %(n)s of 100 by chance alone "
        "(here %(expected)s, likely %(low)s to %(high)s)."
    ) % {
        "n": round(100 * chance.share),
        "expected": f"{chance.expected:.1f}",
        "low": chance.low,
        "high": chance.high,
    }


def overlap_sentence(*, named: int, agreed: int) -> str:
    """How far the engine sees the same people."""
    return ngettext(
        "Of the %(named)s person it names, the evidence supports naming %(agreed)s (support or formal level).",
        "Of the %(named)s people it names, the evidence supports naming %(agreed)s (support or formal level).",
        named,
    ) % {"named": named, "agreed": agreed}


def missed_sentence(name: str, overlooked: int) -> str:
    return ngettext(
        "It overlooks %(n)s person whom the evidence names.", "It overlooks %(n)s people whom the evidence names.",
        overlooked,
    ) % {"n": overlooked, "name": name}  # fmt: skip


def person_sentence(trigger: Trigger, *, values: tuple[float, ...], floors: tuple[float, ...], until: date) -> str:
    """Why a trigger names somebody, with the figures: '54%, 61% of quota in 2 quarters in a row until 31 March.'"""
    if trigger.kind is TriggerKind.ACTIVITY:
        shown = ", ".join(f"{v:.0f}" for v in values)
        return _("%(shown)s %(what)s a %(period)s, below %(floor)s, until %(day)s.") % {
            "shown": shown,
            "what": activity_words(trigger.activity),
            "period": every_word(trigger.every),
            "floor": f"{max(floors):.0f}",
            "day": day_text(until),
        }
    shown = ", ".join(_short_of(v, f) for v, f in zip(values, floors, strict=True))
    text = (
        _("%(shown)s of quota, below %(floor)s, in %(row)s until %(day)s.")
        if trigger.kind is TriggerKind.QUOTA
        else _("%(step)s: %(shown)s, below %(floor)s, in %(row)s until %(day)s.")
    )
    return text % {
        "shown": shown,
        "floor": percent(max(floors)),
        "row": row_words(trigger),
        "day": day_text(until),
        "step": _capital(step_label(f"{trigger.before}_to_{trigger.after}")),
    }


def _short_of(value: float, floor: float) -> str:
    """A share below a floor never reads like the floor itself: 0.8996 of 0.9 is 89.9%."""
    return percent(value) if percent(value) != percent(floor) else f"{int(1000 * value) / 10:.1f}%"


def reason_sentence(code: str) -> str:
    """Why a trigger cannot be asked of these facts."""
    return {
        "no_periods": _("The facts hold no finished period, so this trigger can’t be asked yet."),
        "no_quotas": _("No quotas were loaded, so this trigger can’t be asked."),
        "quota_longer": _("The quotas loaded are for longer than this trigger’s period, so it can’t be asked."),
        "no_activities": _("No such activities were loaded, so this trigger can’t be asked."),
        "no_stage": _("No decided chances of this step were loaded, so this trigger can’t be asked."),
        "nobody_held": _("Nobody was held to it long enough: new, away, or without a quota or enough chances."),
        "no_amounts": _("No won deal carries an amount, so this trigger can’t be asked."),
    }[code]


def ramping_sentence(people: int) -> str:
    return ngettext(
        "%(n)s person is ramping and is not held to it.", "%(n)s people are ramping and are not held to it.", people
    ) % {"n": people}


def level_change_sentence(moved: int, *, people: int) -> str:
    return ngettext(
        "Against the policy in force the level of %(moved)s of %(people)s person changes.",
        "Against the policy in force the level of %(moved)s of %(people)s people changes.",
        people,
    ) % {"moved": moved, "people": people}


def today_words() -> str:
    return _("The past is read from the facts as they are known today.")
