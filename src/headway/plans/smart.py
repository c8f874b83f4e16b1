"""The SMART check of one goal: its words and what it is bound to. Pure; the sentences are in smart_sentences."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from headway.core.language import Vocabulary, WordKind
from headway.plans.evidence import Unit
from headway.plans.quantities import Quantity, dates_in, numbers_in

LONGEST = 400


class Letter(StrEnum):
    """The five letters."""

    SPECIFIC = "specific"
    MEASURABLE = "measurable"
    ACHIEVABLE = "achievable"
    RELEVANT = "relevant"
    TIME_BOUND = "time_bound"


class Mark(StrEnum):
    """ok; problem: must be mended; open: the data cannot tell yet, which is no mistake."""

    OK = "ok"
    PROBLEM = "problem"
    OPEN = "open"


@dataclass(frozen=True)
class Question:
    """A goal to be checked.

    text: the words. kind: "revenue", "activity", "skill" or "customer". metric_key: None = bound to nothing.
    unit: how the metric is counted. baseline, target: in that unit (shares 0 to 1). start, by: the goal's days,
    `by` included. plan_start, plan_last_day: the plan's. cycle_days: a typical deal's length, None if not known.
    gap_key: the gap it should close; recorded_gaps: those on record. chance: how often an adequate colleague
    reaches the target (0 to 1), None if not computed. fair_target: what the fair-target rule proposes.
    """

    text: str
    kind: str
    metric_key: str | None
    metric_name: str
    unit: Unit
    baseline: float | None
    target: float | None
    start: date | None
    by: date | None
    plan_start: date
    plan_last_day: date
    gap_key: str
    recorded_gaps: Collection[str]
    cycle_days: float | None = None
    cycles_needed: float = 1.5
    chance: float | None = None
    fair_chance: float = 0.8
    fair_target: float | None = None
    higher_is_better: bool = True
    currency: str = "EUR"


@dataclass(frozen=True)
class LetterCheck:
    """One letter with its mark; `code` names the reason, `values` what it speaks of."""

    letter: Letter
    mark: Mark
    code: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class SmartCheck:
    """The five letters in order."""

    letters: tuple[LetterCheck, ...]

    @property
    def passed(self) -> bool:
        """True if nothing must be mended."""
        return not self.problems

    @property
    def problems(self) -> tuple[LetterCheck, ...]:
        """The letters that must be mended."""
        return tuple(check for check in self.letters if check.mark is Mark.PROBLEM)

    @property
    def ok(self) -> int:
        """How many of the five are fulfilled."""
        return sum(check.mark is Mark.OK for check in self.letters)

    def of(self, letter: Letter) -> LetterCheck:
        """One letter."""
        return next(check for check in self.letters if check.letter is letter)


def check(question: Question, *, vocabulary: Vocabulary) -> SmartCheck:
    """Check all five letters; every problem is found, not only the first."""
    return SmartCheck(
        (
            _specific(question, vocabulary),
            _measurable(question),
            _achievable(question),
            _relevant(question),
            _time_bound(question),
        )
    )


def _ok(letter: Letter, code: str, **values: object) -> LetterCheck:
    return LetterCheck(letter, Mark.OK, code, values)


def _problem(letter: Letter, code: str, **values: object) -> LetterCheck:
    return LetterCheck(letter, Mark.PROBLEM, code, values)


def _open(letter: Letter, code: str, **values: object) -> LetterCheck:
    return LetterCheck(letter, Mark.OPEN, code, values)


# --- S ------------------------------------------------------------------------------------------------


def _specific(question: Question, vocabulary: Vocabulary) -> LetterCheck:
    text = question.text.strip()
    if len(re.findall(r"\w{2,}", text)) < 2:
        return _problem(Letter.SPECIFIC, "empty")
    words = vocabulary.findings(text)
    grave = next((hit for hit in words if hit.kind is not WordKind.VAGUE), None)
    if grave:
        return _problem(Letter.SPECIFIC, str(grave.kind), word=grave.word, instead=grave.instead)
    if len(text) > LONGEST:
        return _problem(Letter.SPECIFIC, "too_long", longest=LONGEST, length=len(text))
    if has_several_goals(text):
        return _problem(Letter.SPECIFIC, "several")
    if words:
        return _problem(Letter.SPECIFIC, "vague", word=words[0].word, instead=words[0].instead)
    return _ok(Letter.SPECIFIC, "specific", metric=question.metric_name)


_VERBS = (
    "win|close|call|send|raise|increase|reach|score|find|book|make|hold|keep|answer|collect|write|get|sell|"
    "generate|create|grow|cut|reduce|lower|log|record|prepare|visit|add|finish|complete|pass|double|improve|"
    "attend|bring|build|deliver|achieve|convert|qualify|retain|renew|ask|run|do"
)
_JOINTS = re.compile(r";|\.\s+(?=[A-Z])|,?\s+(?:and|plus|as well as)\s+(?:also\s+|then\s+)?|\bas well as\b", re.I)
_RANGE = re.compile(r"\b(?:between|from)\s+\S+(?:\s\w+)?\s+(?:and|to)\s+\S+|\blast \w+ of \w+", re.I)
_SECOND = re.compile(rf"^\s*(?:(?:also|then|to)\s+)*(?:{_VERBS})\b", re.I)
# Two things to do without a number each are two goals as well: "Close the deals; book demos".
_TWO_ACTIONS = re.compile(rf";\s*(?:{_VERBS})\b", re.I)
_NEW_COUNT = re.compile(r"^\s*(?:at least\s+|with at least\s+)?[€$£]?\d", re.I)


def has_several_goals(text: str) -> bool:
    """Whether two targets are put into one sentence ("Win €150,000 and book 12 demos")."""
    masked = text
    for hit in dates_in(text):
        masked = masked[: hit.start] + "#" * (hit.end - hit.start) + masked[hit.end :]
    masked = _RANGE.sub(lambda match: re.sub(r"\S", "#", match[0]), masked)
    parts = _JOINTS.split(masked)
    counted = [part for part in parts if re.search(r"\d|#%", part) or numbers_in(part)]
    if len(counted) < 2:
        return bool(_TWO_ACTIONS.search(masked))
    return any(_SECOND.match(part) or _NEW_COUNT.match(part) for part in parts[1:] if part in counted)


# --- M ------------------------------------------------------------------------------------------------


def _measurable(question: Question) -> LetterCheck:
    if question.metric_key is None:
        return _problem(Letter.MEASURABLE, "no_metric")
    numbers = numbers_in(question.text)
    if not numbers:
        return _problem(Letter.MEASURABLE, "no_number", metric=question.metric_name)
    if question.target is None:
        return _problem(Letter.MEASURABLE, "no_target", metric=question.metric_name)
    if not any(_says(number, question) for number in numbers):
        written = _closest(numbers, question)
        return _problem(Letter.MEASURABLE, "number_differs", written=written, target=question.target)
    return _ok(Letter.MEASURABLE, "measurable", metric=question.metric_name)


def _in_unit(number: Quantity, unit: Unit) -> float:
    """The number as the metric counts it: "9 of 10" is a share of .9."""
    if unit is Unit.SHARE and number.whole:
        return number.value / number.whole
    return number.value


def _says(number: Quantity, question: Question) -> bool:
    target = question.target
    if target is None or (question.unit is Unit.SHARE and number.kind == "plain" and not number.whole):
        return False
    return math.isclose(_in_unit(number, question.unit), target, rel_tol=0.005, abs_tol=1e-9)


_KINDS = {Unit.MONEY: "money", Unit.SHARE: "share"}


def _closest(numbers: tuple[Quantity, ...], question: Question) -> float:
    wanted = _KINDS.get(question.unit, "plain")
    fitting = [number for number in numbers if number.kind == wanted] or list(numbers)
    return _in_unit(fitting[-1], question.unit)


def target_in(text: str, *, unit: Unit) -> float | None:
    """The target that the words name, where they name one plainly: the last number of the unit's kind."""
    wanted = _KINDS.get(unit, "plain")
    fitting = [number for number in numbers_in(text) if number.kind == wanted]
    return _in_unit(fitting[-1], unit) if fitting and wanted != "plain" else None


# --- A ------------------------------------------------------------------------------------------------


def _achievable(question: Question) -> LetterCheck:
    target, baseline = question.target, question.baseline
    if target is None:
        return _open(Letter.ACHIEVABLE, "no_target")
    if target < 0 or (question.unit is Unit.SHARE and target > 1):
        return _problem(Letter.ACHIEVABLE, "impossible", target=target)
    too_short = _too_short(question)
    if too_short:
        return too_short
    if baseline is not None:
        step = (target - baseline) * (1 if question.higher_is_better else -1)
        if step < -1e-9:
            return _problem(Letter.ACHIEVABLE, "below_baseline", target=target, baseline=baseline)
        # The tolerance by which words and target are one number: what reads the same asks for nothing.
        if step <= 0.005 * abs(baseline):
            return _problem(Letter.ACHIEVABLE, "no_step", baseline=baseline)
    if question.chance is not None and question.chance < question.fair_chance - 0.005:
        return _problem(Letter.ACHIEVABLE, "unlikely", chance=question.chance, fair_target=question.fair_target)
    if question.chance is not None:
        return _ok(Letter.ACHIEVABLE, "likely", chance=question.chance)
    if baseline is None:
        return _open(Letter.ACHIEVABLE, "no_baseline")
    return _ok(Letter.ACHIEVABLE, "not_simulated")


def _too_short(question: Question) -> LetterCheck | None:
    """A revenue goal needs time for deals that begin inside it."""
    if question.kind != "revenue" or question.cycle_days is None:
        return None
    start, by = question.start or question.plan_start, question.by or question.plan_last_day
    days = (by - start).days + 1
    needed = question.cycles_needed * question.cycle_days
    # A plan of 90 days ends on its last working day, up to two days earlier.
    if days + 2 >= needed:
        return None
    return _problem(
        Letter.ACHIEVABLE, "too_short", days=days, cycle=round(question.cycle_days), needed=math.ceil(needed)
    )


# --- R ------------------------------------------------------------------------------------------------


def _relevant(question: Question) -> LetterCheck:
    if question.gap_key and question.gap_key in question.recorded_gaps:
        return _ok(Letter.RELEVANT, "closes_gap", gap=question.gap_key)
    if not question.recorded_gaps:
        return _open(Letter.RELEVANT, "no_gap_on_record")
    return _problem(Letter.RELEVANT, "not_tied", gap=question.gap_key)


# --- T ------------------------------------------------------------------------------------------------


def _time_bound(question: Question) -> LetterCheck:
    written = [hit for hit in dates_in(question.text) if hit.day is not None]
    by = question.by
    if by is None:
        return _problem(Letter.TIME_BOUND, "no_date")
    if by < (question.start or question.plan_start):
        return _problem(Letter.TIME_BOUND, "ends_before_start", by=by)
    if by > question.plan_last_day:
        return _problem(Letter.TIME_BOUND, "after_plan", by=by, last_day=question.plan_last_day)
    if written and not any(hit.same_day(by) for hit in written):
        return _problem(Letter.TIME_BOUND, "date_differs", by=by)
    weeks = max(1, round(((by - (question.start or question.plan_start)).days + 1) / 7))
    return _ok(Letter.TIME_BOUND, "by", by=by, weeks=weeks)
