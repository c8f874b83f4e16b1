"""What the SMART check says to a person: a sentence per letter, and a better wording."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from headway.plans.evidence import Unit
from headway.plans.freezing import stage_name
from headway.plans.smart import Letter, LetterCheck, Mark, Question, SmartCheck
from headway.plans.wording import chance, day, figure_text, number


@dataclass(frozen=True)
class LetterLine:
    """One line of the check as it is read."""

    letter: Letter
    mark: Mark
    name: str
    sentence: str


def letter_names() -> dict[Letter, str]:
    """The five letters in words."""
    return {
        Letter.SPECIFIC: _("Specific"),
        Letter.MEASURABLE: _("Measurable"),
        Letter.ACHIEVABLE: _("Achievable"),
        Letter.RELEVANT: _("Relevant"),
        Letter.TIME_BOUND: _("Time-bound"),
    }


def lines(result: SmartCheck, question: Question) -> tuple[LetterLine, ...]:
    """The five letters, each with its reason."""
    names = letter_names()
    return tuple(LetterLine(c.letter, c.mark, names[c.letter], sentence(c, question)) for c in result.letters)


def summary(result: SmartCheck) -> str:
    """ "5 of 5", or "4 of 5, open: achievable"."""
    names = letter_names()
    still_open = [names[check.letter].lower() for check in result.letters if check.mark is Mark.OPEN]
    if still_open:
        return _("%(ok)d of 5, open: %(open)s") % {"ok": result.ok, "open": ", ".join(still_open)}
    return _("%(ok)d of 5") % {"ok": result.ok}


def sentence(check: LetterCheck, question: Question) -> str:
    """Why the letter is fulfilled, not fulfilled, or open."""
    values = check.values

    def text(key: str) -> str:
        value = values.get(key)
        if isinstance(value, date):
            return day(value)
        if isinstance(value, float | int) and key in {"target", "baseline", "written", "fair_target"}:
            return figure_text(float(value), question.unit, question.currency)
        return str(value)

    return _SENTENCES[check.code](text, values)


_Text = Callable[[str], str]
_Values = object


_SENTENCES: dict[str, Callable[[_Text, object], str]] = {
    "specific": lambda t, v: _("One thing, said plainly."),
    "empty": lambda t, v: _("Say in one sentence what will be different."),
    "judging": lambda t, v: (
        _("“%(word)s” judges a person and nobody can measure it. Name %(instead)s.")
        % {"word": t("word"), "instead": t("instead")}
    ),
    "biased": lambda t, v: (
        _("“%(word)s” has no place in a plan. Write %(instead)s.") % {"word": t("word"), "instead": t("instead")}
    ),
    "vague": lambda t, v: (
        _("“%(word)s” can mean anything. Write %(instead)s.") % {"word": t("word"), "instead": t("instead")}
    ),
    "too_long": lambda t, v: (
        _("%(length)s characters. A goal that fits into %(longest)s is remembered.")
        % {"length": t("length"), "longest": t("longest")}
    ),
    "several": lambda t, v: _("These are several goals in one. Give each its own."),
    "measurable": lambda t, v: _("Counted as “%(metric)s”.") % {"metric": t("metric")},
    "no_metric": lambda t, v: _("Nothing is counted. Choose a metric."),
    "no_number": lambda t, v: _("No number in it. Say how much of “%(metric)s”.") % {"metric": t("metric")},
    "number_differs": lambda t, v: (
        _("The words say %(written)s, the target says %(target)s. Make them one.")
        % {"written": t("written"), "target": t("target")}
    ),
    "no_target": lambda t, v: _("No target yet."),
    "impossible": lambda t, v: _("%(target)s cannot be reached by anybody.") % {"target": t("target")},
    "too_short": lambda t, v: (
        _("%(days)s days, but a typical deal takes %(cycle)s. It needs %(needed)s days or more.")
        % {"days": t("days"), "cycle": t("cycle"), "needed": t("needed")}
    ),
    "below_baseline": lambda t, v: (
        _("%(target)s is less than today's %(baseline)s.") % {"target": t("target"), "baseline": t("baseline")}
    ),
    "no_step": lambda t, v: (
        _("The same as today: %(baseline)s. A goal asks for a step; say what will be different.")
        % {"baseline": t("baseline")}
    ),
    "unlikely": lambda t, v: (
        _("An adequate colleague reaches this %(chance)s: not a fair target.") % {"chance": _chance(v)}
    ),
    "likely": lambda t, v: _("An adequate colleague reaches this %(chance)s.") % {"chance": _chance(v)},
    "no_baseline": lambda t, v: _("Open: not counted before. The first check-ins set today's level."),
    "not_simulated": lambda t, v: _("A step from today's level. No chance can be told for this."),
    "closes_gap": lambda t, v: _("Belongs to the gap on record: %(gap)s.") % {"gap": stage_name(t("gap"))},
    "no_gap_on_record": lambda t, v: _("Open: no clear gap is on record. It builds a habit."),
    "not_tied": lambda t, v: _("It closes no gap that is on record. Choose the gap it belongs to."),
    "no_date": lambda t, v: _("No date. Say by when."),
    "ends_before_start": lambda t, v: _("It ends on %(by)s, before it starts.") % {"by": t("by")},
    "after_plan": lambda t, v: (
        _("It ends on %(by)s, after the plan's last day, %(last)s.") % {"by": t("by"), "last": t("last_day")}
    ),
    "date_differs": lambda t, v: _("The words name another day than %(by)s.") % {"by": t("by")},
    "by": lambda t, v: _("By %(by)s, %(weeks)s weeks.") % {"by": t("by"), "weeks": t("weeks")},
}


def _chance(values: object) -> str:
    found = values.get("chance") if isinstance(values, dict) else None
    return chance(float(found)) if isinstance(found, float | int) else ""


def better_wording(result: SmartCheck, question: Question) -> str | None:
    """A wording that would pass, from what the goal is bound to; None if nothing must be mended or nothing is bound."""
    target = _fair(result, question)
    if result.passed or question.metric_key is None or target is None:
        return None
    by = min(question.by or question.plan_last_day, question.plan_last_day)
    start = max(question.start or question.plan_start, question.plan_start)
    if any(check.code == "too_short" for check in result.problems):
        return None
    return _worded(question, target=target, start=start, by=by)


def _fair(result: SmartCheck, question: Question) -> float | None:
    """The target to propose: the fair one where the written one is out of reach or a step back."""
    if result.of(Letter.ACHIEVABLE).mark is Mark.PROBLEM:
        return question.fair_target
    return question.target if question.target is not None else question.fair_target


def _worded(question: Question, *, target: float, start: date, by: date) -> str:
    values = {
        "target": figure_text(target, question.unit, question.currency),
        "baseline": figure_text(question.baseline, question.unit, question.currency),
        "metric": question.metric_name[:1].lower() + question.metric_name[1:],
        "start": day(start),
        "by": day(by),
        "n": number(target),
    }
    if question.kind == "revenue" and question.unit is Unit.MONEY:
        return _("Win %(target)s of new business between %(start)s and %(by)s.") % values
    if question.unit is Unit.SCORE:
        return _("Reach %(target)s of 5 for “%(metric)s” by %(by)s.") % values
    if question.unit is Unit.PER_WEEK:
        return _("Reach %(target)s a week for “%(metric)s” by %(by)s.") % values
    if question.baseline is None or question.unit is Unit.COUNT:
        return _("Reach at least %(target)s for “%(metric)s” by %(by)s.") % values
    return _("Raise “%(metric)s” from %(baseline)s to %(target)s by %(by)s.") % values
