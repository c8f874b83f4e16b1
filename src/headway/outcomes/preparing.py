"""What lies before everybody when a plan is judged: goals, verdict, support, circumstances, and what they speak for."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from headway.core import clock
from headway.core.actors import Actor
from headway.diagnosis.practice.competencies import competency_name
from headway.diagnosis.practice.models import FactorAnswer, Found, Observation, Rater
from headway.diagnosis.practice.queries import opened_ratings
from headway.outcomes import rules
from headway.outcomes.judged import NotEvaluable, Verdict, verdict_from_json
from headway.outcomes.models import VerdictRecord
from headway.outcomes.states import Outcome
from headway.people.models import Assignment
from headway.plans.evidence import Unit
from headway.plans.json_form import from_json, to_json
from headway.plans.keeping import draft_of
from headway.plans.models import Plan
from headway.plans.wording import figure_text
from headway.running.ledger import ledger_of
from headway.running.progress import GoalProgress, progress_of, reached


@dataclass(frozen=True)
class GoalJudged:
    """One goal: where it began, what was agreed, where it stands. met None: it cannot be told, `reason` says why."""

    key: str
    kind: str
    text: str
    weight: int
    unit: Unit
    baseline: float | None
    target: float
    value: float | None
    low: float | None
    high: float | None
    n: int
    met: bool | None
    reason: str


@dataclass(frozen=True)
class Seen:
    """Something seen or rated by people during the plan, with its day and source."""

    on: date
    source: str
    text: str


@dataclass(frozen=True)
class SupportLine:
    """One promise of the company: planned and given, what is short, and the answer for it."""

    key: str
    text: str
    owner: str
    due: date
    state: str
    planned: int
    given: int
    hours_planned: float | None
    hours_given: float
    short: bool
    answer: str


@dataclass(frozen=True)
class Circumstance:
    """Something that changed around the person while the plan ran."""

    on: date | None
    text: str
    holds_back: bool


@dataclass(frozen=True)
class Prepared:
    """Everything a decision may rest on, frozen. verdict: `Verdict.as_json`, None where there was no analysis.

    speaks_for: the outcome that the evidence speaks for, with `reasons`; the decision is the named person's.
    """

    as_of: date
    currency: str
    plan_name: str
    person_name: str
    start_on: date
    last_on: date
    goals: tuple[GoalJudged, ...]
    observations: tuple[Seen, ...]
    verdict: dict[str, Any] | None
    looks: int
    support: tuple[SupportLine, ...]
    circumstances: tuple[Circumstance, ...]
    speaks_for: str
    reasons: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """A JSON document; `from_json` gives the same again."""
        plain: dict[str, Any] = to_json({**self.__dict__, "verdict": None})
        return {**plain, "verdict": self.verdict}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Prepared:
        """Read what `as_json` wrote."""
        found: Prepared = from_json(cls, {**data, "verdict": None})
        return cls(**{**found.__dict__, "verdict": data["verdict"]})

    @property
    def judged(self) -> Verdict | NotEvaluable | None:
        """The verdict as data."""
        return verdict_from_json(self.verdict) if self.verdict is not None else None

    @property
    def unanswered(self) -> tuple[SupportLine, ...]:
        """Support that was due, not given, and not answered for."""
        return tuple(line for line in self.support if line.short and not line.answer)

    @property
    def met(self) -> int:
        """How many goals are met."""
        return sum(goal.met is True for goal in self.goals)


def text_and_hash(prepared: Prepared) -> tuple[str, str]:
    """What is kept, and the SHA-256 of its bytes."""
    text = json.dumps(prepared.as_json(), sort_keys=True, ensure_ascii=False, allow_nan=False)
    return text, hashlib.sha256(text.encode()).hexdigest()


def prepare(plan: Plan, *, by: Actor) -> Prepared:
    """Gather it all as of today, for somebody who may see the plan."""
    today = clock.today()
    draft = draft_of(plan)
    goals = tuple(_judged(found, on=today) for found in progress_of(plan, by=by, on=today))
    record = newest_verdict(plan, until=today)
    support = _support(plan, on=today)
    verdict = json.loads(record.payload) if record else None
    advice = rules.speaks_for(
        rules.Case(
            goals=len(goals),
            met=sum(goal.met is True for goal in goals),
            cannot_tell=sum(goal.met is None for goal in goals),
            answer=record.verdict if record else None,
            promised=sum(line.planned for line in support),
            given=sum(min(line.given, line.planned) for line in support),
            extended_before=plan.evaluations.filter(outcome=Outcome.EXTENDED).exists(),
        )
    )
    return Prepared(
        as_of=today,
        currency=draft.currency,
        plan_name=plan.name,
        person_name=plan.person.name,
        start_on=plan.start_on,
        last_on=plan.last_on,
        goals=goals,
        observations=_observations(plan, on=today, by=by),
        verdict=verdict,
        looks=plan.verdicts.filter(as_of__lte=today).count(),
        support=support,
        circumstances=_circumstances(plan, on=today),
        speaks_for=advice.outcome,
        reasons=tuple(_reason_words(code, plan.person.first_name) for code in advice.reasons),
    )


def _judged(found: GoalProgress, *, on: date) -> GoalJudged:
    goal = found.goal
    over = on >= goal.by
    there = reached(goal, found.value, on=found.as_of)
    met = None if found.value is None else True if there else False if over else None
    reason = found.reason if found.value is None else "" if met is not None else "day_to_come"
    return GoalJudged(
        key=goal.key, kind=str(goal.kind), text=goal.text, weight=goal.weight, unit=goal.unit, baseline=goal.baseline,
        target=goal.target, value=found.value, low=found.low, high=found.high, n=found.n, met=met, reason=reason,
    )  # fmt: skip


def _support(plan: Plan, *, on: date) -> tuple[SupportLine, ...]:
    return tuple(
        SupportLine(
            key=line.key, text=line.text, owner=line.owner, due=line.due, state=str(line.state), planned=line.planned,
            given=line.given, hours_planned=line.hours_planned, hours_given=line.hours_given, short=line.short,
            answer=f"{line.answer.by}: {line.answer.text}" if line.answer else "",
        )
        for line in ledger_of(plan, on=on).company
    )  # fmt: skip


def _observations(plan: Plan, *, on: date, by: Actor) -> tuple[Seen, ...]:
    """What was seen while the plan ran, in order of days; ratings once both sides have opened theirs."""
    seen = [
        Seen(row.seen_on, row.get_source_display(), row.text)
        for row in Observation.objects.filter(seen_on__range=(plan.start_on, on), person_id=plan.person_id)
    ]
    rated: dict[tuple[date, str], list[str]] = defaultdict(list)
    for row in opened_ratings(by, plan.person_id):
        if plan.start_on <= row.rated_on <= on:
            words = f"{competency_name(row.competency)} {row.level}"
            rated[row.rated_on, row.rater].append(f"{words} ({row.behaviour})" if row.behaviour else words)
    seen += [Seen(day, _side(rater), _("Levels of 5: %s.") % ", ".join(of)) for (day, rater), of in rated.items()]
    return tuple(sorted(seen, key=lambda one: one.on))


def _side(rater: str) -> str:
    return _("rating by the manager") if rater == Rater.MANAGER else _("own rating")


def _circumstances(plan: Plan, *, on: date) -> tuple[Circumstance, ...]:
    """Changes of place, pauses, and what the manager found outside the person's hands."""
    moves = Assignment.objects.filter(person_id=plan.person_id, valid_from__gt=plan.start_on, valid_from__lte=on)
    found = [
        Circumstance(move.valid_from, _("Moved to %(team)s, territory %(territory)s") % {
            "team": move.team or "–", "territory": move.territory_id or "–"}, True)
        for move in moves
    ]  # fmt: skip
    for pause in plan.pauses.all():
        back = pause.back_on.isoformat() if pause.back_on else "…"
        words = _("Paused until %(back)s: %(why)s") % {"back": back, "why": pause.reason}
        found.append(Circumstance(pause.from_on, words, False))
    answers = FactorAnswer.objects.filter(person_id=plan.person_id, answered_on__lte=on)
    newest = {row.factor: row for row in answers}
    for row in newest.values():
        if row.found == Found.HOLDS_BACK:
            found.append(Circumstance(row.answered_on, f"{row.text} {row.remedy}".strip(), True))
    return tuple(found)


def _reason_words(code: str, name: str) -> str:
    return {
        "all_met": _("Every goal is met."),
        "most_met": _("More than half of the goals are met."),
        "improved": _("%s really improved: more than luck would do.") % name,
        "support_short": _("The company gave less than it promised: the plan was not what was agreed."),
        "support_missing": _("The company gave less than half of what it promised: the plan cannot be judged fairly."),
        "cannot_tell": _("The figures cannot tell yet whether it worked: more time says more."),
        "not_improved": _("No real improvement shows, and the promised support was given."),
        "extended_before": _("The plan was extended once already."),
        "few_met": _("Not more than half of the goals are met."),
        "no_verdict": _("There is no verdict: too few figures, or none yet."),
    }[code]


def value_words(goal: GoalJudged, currency: str) -> str:
    """Where a goal stands, in its unit; in words where it was not measured."""
    if goal.value is None:
        return _("not measured")
    return figure_text(goal.value, goal.unit, currency)


def newest_verdict(plan: Plan, *, until: date) -> VerdictRecord | None:
    """The last look at the verdict of a plan, none after a day."""
    return plan.verdicts.filter(as_of__lte=until).order_by("as_of", "pk").last()
