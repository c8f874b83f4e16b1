"""From a goal on the desk to the questions of the SMART check, as it is kept or as it is being typed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from headway.core.errors import BadInput
from headway.core.language import Vocabulary
from headway.plans.achievability import reckon, with_target
from headway.plans.content import Content
from headway.plans.evidence import Unit
from headway.plans.plan_draft import Chance, Goal, PlanDraft
from headway.plans.quantities import numbers_in
from headway.plans.smart import Mark, Question, SmartCheck, check, target_in
from headway.plans.smart_sentences import LetterLine, better_wording, lines, summary


@dataclass(frozen=True)
class GoalTyped:
    """A goal's fields as a person typed them; target and by as text."""

    text: str
    target: str
    by: str


@dataclass(frozen=True)
class GoalChecked:
    """A goal with everything the page says about it."""

    goal: Goal
    check: SmartCheck
    lines: tuple[LetterLine, ...]
    summary: str
    first_problem: str
    wording: str | None
    chance: Chance | None

    @property
    def tone(self) -> str:
        """The chip's tone."""
        return "signal" if self.check.problems else "good"


def read_target(text: str, unit: Unit) -> float | None:
    """A target as typed: "150,000", "85%" or "85" for a share; None where there is no number.

    Raises:
        BadInput: there is something, but no number in it.
    """
    if not text.strip():
        return None
    found = numbers_in(text)
    if len(found) != 1:
        raise BadInput(_("The target is not a number"), value=text[:60], todo=_("Write it like 150,000 or 85%."))
    value = found[0].value
    if unit in {Unit.SHARE, Unit.RATIO} and found[0].kind != "share":
        return value / 100
    return value


MOST_HOURS = 2_000


def read_hours(text: str) -> float | None:
    """The hours of a promise as somebody typed them; None where time is not the point.

    Raises:
        BadInput: it is not one number, or more than anybody gives.
    """
    if not text.strip():
        return None
    found = numbers_in(text)
    if len(found) != 1:
        raise BadInput(_("The hours are not a number"), value=text[:40])
    if text.strip().startswith(("-", "−")) or not 0 <= found[0].value <= MOST_HOURS:
        raise BadInput(_("The hours lie between 0 and %s") % MOST_HOURS, value=text[:40])
    return float(found[0].value)


def read_day(text: str) -> date | None:
    """A day as a date field sends it.

    Raises:
        BadInput: there is something, but it is no day.
    """
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as wrong:
        raise BadInput(_("This is not a day"), value=text[:40], todo=_("Write it as YYYY-MM-DD.")) from wrong


def typed_goal(goal: Goal, typed: GoalTyped) -> Goal:
    """The goal as it would be with what was typed. A target plainly named in new words wins over an untouched field.

    Raises:
        BadInput: target or day cannot be read.
    """
    target = read_target(typed.target, goal.unit)
    named = target_in(typed.text, unit=goal.unit)
    untouched = target is None or abs(target - goal.target) < 1e-9
    if untouched and named is not None and typed.text.strip() != goal.text.strip():
        target = named
    changed = goal if target is None or target == goal.target else with_target(goal, target)
    return replace(changed, text=typed.text.strip(), by=read_day(typed.by) or goal.by)


def question_of(plan: PlanDraft, goal: Goal, content: Content) -> Question:
    """The goal as the SMART check needs it."""
    chance = reckon(goal.chance, target=goal.target, by=goal.by)
    return Question(
        text=goal.text,
        kind=str(goal.kind),
        metric_key=goal.metric_key or None,
        metric_name=goal.metric_name,
        unit=goal.unit,
        baseline=goal.baseline,
        target=goal.target,
        start=goal.start,
        by=goal.by,
        plan_start=plan.start,
        plan_last_day=plan.last_day,
        gap_key=goal.gap_key,
        recorded_gaps=plan.recorded_gaps,
        cycle_days=plan.cycle_days,
        cycles_needed=content.rule("cycles_needed"),
        chance=chance.adequate_colleague if chance else None,
        fair_chance=content.rule("fair_chance"),
        fair_target=chance.fair_target if chance else None,
        higher_is_better=goal.higher_is_better,
        currency=plan.currency,
    )


def checked(plan: PlanDraft, goal: Goal, *, content: Content, vocabulary: Vocabulary) -> GoalChecked:
    """Check a goal and put the answer into words."""
    question = question_of(plan, goal, content)
    result = check(question, vocabulary=vocabulary)
    said = lines(result, question)
    return GoalChecked(
        goal=goal,
        check=result,
        lines=said,
        summary=summary(result),
        first_problem=next((line.sentence for line in said if line.mark is Mark.PROBLEM), ""),
        wording=better_wording(result, question),
        chance=reckon(goal.chance, target=goal.target, by=goal.by),
    )


def better_goal(plan: PlanDraft, goal: Goal, *, content: Content, vocabulary: Vocabulary) -> Goal | None:
    """The goal with the better wording and the target it names; None where there is nothing better to say."""
    found = checked(plan, goal, content=content, vocabulary=vocabulary)
    if found.wording is None:
        return None
    fair = found.chance.fair_target if found.chance else None
    out_of_reach = any(line.letter == "achievable" and line.mark is Mark.PROBLEM for line in found.lines)
    target = fair if out_of_reach and fair is not None else goal.target
    better = with_target(goal, target) if target != goal.target else goal
    return replace(better, text=found.wording, by=min(goal.by, plan.last_day))
