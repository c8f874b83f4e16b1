"""How outcomes, goals and looks are said: titles are findings."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.charts.interval import Interval, Scale, scale_for
from headway.charts.marks import Kind
from headway.outcomes.judged import Answer, Verdict
from headway.outcomes.models import OUTCOME_NAMES, Evaluation
from headway.outcomes.preparing import GoalJudged, Prepared
from headway.outcomes.sentences import in_100, signed
from headway.outcomes.states import DECIDED, Outcome, Stage
from headway.plans.wording import capital

KINDS = {Answer.IMPROVED: Kind.GOOD, Answer.NOT_IMPROVED: Kind.SIGNAL, Answer.INCONCLUSIVE: Kind.LUCK}


def outcome_name(outcome: str) -> str:
    """ "met, in good standing"."""
    return str(dict(OUTCOME_NAMES).get(Outcome(outcome), outcome)) if outcome else ""


def title_of(evaluation: Evaluation, prepared: Prepared) -> str:
    """The finding: what is decided, what is proposed, or how many goals are met and whether the gain is real."""
    if evaluation.stage in DECIDED:
        return capital(outcome_name(evaluation.outcome))
    if evaluation.stage == Stage.APPEALED:
        return _("Appealed against: %s") % outcome_name(evaluation.outcome)
    if evaluation.outcome and evaluation.stage != Stage.RETURNED:
        return _("Proposed: %s") % outcome_name(evaluation.outcome)
    return f"{goals_words(prepared)}, {gain_words(prepared)}"


def goals_words(prepared: Prepared) -> str:
    """ "2 of 4 goals are met"."""
    total = len(prepared.goals)
    return ngettext("%(met)d of %(n)d goal is met", "%(met)d of %(n)d goals are met", total) % {
        "met": prepared.met,
        "n": total,
    }


def gain_words(prepared: Prepared) -> str:
    """Whether the gain is real, as the second half of a title."""
    judged = prepared.judged
    if not isinstance(judged, Verdict):
        return _("and the figures cannot judge")
    return {
        Answer.IMPROVED: _("and the gain is real"),
        Answer.NOT_IMPROVED: _("and no real gain shows"),
        Answer.INCONCLUSIVE: _("and luck alone could look like this"),
    }[judged.verdict]


def met_words(goal: GoalJudged) -> tuple[str, str]:
    """A goal's chip: words and tone."""
    if goal.met is True:
        return _("met"), "good"
    if goal.met is False:
        return _("not met"), "signal"
    if goal.reason == "day_to_come":
        return _("not yet"), "line"
    return _("cannot be told"), "line"


def gain_picture(verdict: Verdict) -> Interval:
    """The real change as an interval around "no change"."""
    value, low, high = 1 + verdict.gain, 1 + verdict.gain_low, 1 + verdict.gain_high
    text = signed(verdict.gain)
    span = _("likely %(low)s to %(high)s") % {"low": signed(verdict.gain_low), "high": signed(verdict.gain_high)}
    return Interval(
        title=_("Real change since the start: %s") % text,
        description=_("Best estimate %(text)s, %(span)s. 100%% means no change. Chance of a real gain: %(chance)s.")
        % {"text": text, "span": span, "chance": in_100(verdict.improved_probability)},
        kind=KINDS[verdict.verdict],
        estimate=value,
        low=min(low, value),
        high=max(high, value),
        estimate_text=text,
        range_text=span,
    )


def gain_scale(picture: Interval, *, none: str | None = None) -> Scale:
    """The scale under it, labelled with changes; `none` is written where nothing changed."""
    middle = none if none is not None else _("no change")
    ticks = ((1.0, middle), (0.5, "−50%"), (1.5, "+50%"), (2.0, "+100%"), (0.25, "−75%"), (3.0, "+200%"))
    return scale_for([picture], least=Scale(ticks=((0.5, "−50%"), (1.0, middle), (1.5, "+50%"))), ticks=ticks)


def states_bar(evaluation: Evaluation | None) -> list[dict[str, str]]:
    """Where the decision is, step by step."""
    steps = [
        (_("Prepared"), {Stage.PREPARED}),
        (_("Proposed"), {Stage.PROPOSED, Stage.RETURNED}),
        (_("Answered"), {Stage.ANSWERED}),
        (_("Confirmed"), {Stage.CONFIRMED, Stage.APPEALED, Stage.FINAL}),
    ]
    stage = Stage(evaluation.stage) if evaluation else None
    here = next((n for n, (_label, stages) in enumerate(steps) if stage in stages), -1)
    note = str(evaluation.get_stage_display()) if evaluation and stage != Stage.CONFIRMED else ""
    return [
        {
            "label": label,
            "state": "done" if n < here or (n == here and n == 3) else "current" if n == here else "",
            "note": note if n == here else "",
        }
        for n, (label, _stages) in enumerate(steps)
    ]
