"""The words of a verdict. Numbers in a sentence are those of the result."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.detection.sentences import step_label
from headway.outcomes.judged import Answer, NotEvaluable, Verdict


def in_100(share: float) -> str:
    """A chance in words: "71 in 100", never nought or all."""
    return _("%(n)d in 100") % {"n": min(99, max(1, round(100 * share)))}


def percent(change: float) -> str:
    """ "24%", without sign."""
    return f"{abs(round(100 * change)):d}%"


def upward(change: float) -> str:
    """ "up 24%", "down 3%" or "as before"."""
    if abs(round(100 * change)) < 1:
        return _("as before")
    return (_("up %s") if change > 0 else _("down %s")) % percent(change)


def verdict_sentences(found: Verdict) -> tuple[str, ...]:
    """What happened, what luck alone would make of it, how sure, and over what."""
    name = {"name": found.first_name or found.person_id}
    return (
        headline(found),
        _(
            "In the %(span)s before the start %(name)s’s leads and deals took %(n0)d steps forward where comparable "
            "colleagues’ would have taken %(usual0)s: %(before)s. Since then %(n1)d, where %(usual1)s were usual: "
            "%(after)s. That is %(change)s."
        )
        % {
            **name,
            "span": _("half year"),
            "n0": round(found.steps_before),
            "usual0": round(found.usual_before),
            "before": percent(found.before),
            "n1": round(found.steps_after),
            "usual1": round(found.usual_after),
            "after": percent(found.after),
            "change": upward(found.observed_change),
        },
        _luck(found),
        *_carrier(found),
        _(
            "The chance of a real gain is %(chance)s. In what such leads bring, where gains of several steps multiply, "
            "the best estimate of the real change is %(gain)s, likely between %(low)s and %(high)s."
        )
        % {
            "chance": in_100(found.improved_probability),
            "gain": signed(found.gain),
            "low": signed(found.gain_low),
            "high": signed(found.gain_high),
        },
        _(
            "Season and what the whole team did are taken out, by comparison with %(n)d colleagues. Over all weekly "
            "looks together, “improved” is said by luck in at most 5 of 100."
        )
        % {"n": found.colleagues},
    )


def signed(change: float) -> str:
    """ "+24%", "−3%", "0%"."""
    whole = round(100 * change)
    return f"+{whole}%" if whole > 0 else f"−{-whole}%" if whole < 0 else "0%"


def headline(found: Verdict) -> str:
    """The finding in one sentence."""
    weeks = ngettext("%d week", "%d weeks", found.weeks) % found.weeks
    words = {
        Answer.IMPROVED: _("%(name)s really improved in %(weeks)s: more than luck would do."),
        Answer.NOT_IMPROVED: _("%(name)s has not measurably improved in %(weeks)s."),
        Answer.INCONCLUSIVE: _("After %(weeks)s it cannot be told yet whether %(name)s improved."),
    }[found.verdict]
    return words % {"name": found.first_name or found.person_id, "weeks": weeks}


def so_far(found: Verdict) -> str:
    """A look in two sentences, for lists: the change since the start beside what luck alone would do, how sure."""
    values = {"change": upward(found.observed_change), "luck": signed(found.expected_from_luck)}
    if abs(found.expected_from_luck) >= 0.005:
        first = _("Since the plan began: %(change)s; %(luck)s was to be expected from luck alone.") % values
    else:
        first = _("Since the plan began: %(change)s; no change was to be expected from luck alone.") % values
    chance = _("The chance of a real gain is %s.") % in_100(found.improved_probability)
    return f"{first} {chance}"


def _luck(found: Verdict) -> str:
    luck = found.expected_from_luck
    if luck >= 0.005 and found.observed_change > luck:
        return _("Of that, %s is to be expected from luck alone: a low spell is usually followed by a better one.") % (
            signed(luck)
        )
    if luck >= 0.005:
        return _("From luck alone %s was to be expected: a low spell is usually followed by a better one.") % (
            signed(luck)
        )
    if luck <= -0.005:
        return _("From luck alone %s was to be expected: the weeks before were better than usual.") % signed(luck)
    return _("From luck alone no change was to be expected.")


def _carrier(found: Verdict) -> tuple[str, ...]:
    if found.verdict is not Answer.IMPROVED:
        return ()
    return (_("Most of the gain lies here: %s.") % step_label(found.carried_by),)


def refused(person_id: str, name: str, start: date, as_of: date, code: str) -> NotEvaluable:
    """The words for a verdict that cannot be given."""
    shown = name or person_id
    words = {
        "unknown": (
            _("%s is not among the sales people of these facts.") % shown,
            _("headway signals lists everybody with their id."),
        ),
        "no_conversion": (
            _("No step shows enough chances that went on and chances that did not, so nothing can be compared."),
            _("Load won, lost and open deals (or leads) with their owner, over a longer past."),
        ),
        "no_comparison": (
            _("There are too few colleagues to compare %s with.") % shown,
            _("At least five others with leads or deals are needed."),
        ),
        "too_soon": (
            _("It is too soon: less than four whole weeks have passed since the start."),
            _("Look again when four weeks have passed; a verdict usually needs half a year."),
        ),
        "no_past": (
            _("Too little is known of the time before the start to say what was to be expected of %s.") % shown,
            _("At least thirteen weeks and eight decided leads or deals before the start are needed."),
        ),
        "too_few": (
            _("Hardly any lead or deal of %s was decided since the start.") % shown,
            _("Look again when at least four more have been decided."),
        ),
    }[code]
    return NotEvaluable(person_id, name, start, as_of, code, *words)
