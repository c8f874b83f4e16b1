"""What the page of a plan's coaching shows: how each skill moves, half-days, scored talks, training, help promised."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.charts.levels import Levels, Rated
from headway.core import clock
from headway.core.actors import Actor
from headway.core.permissions import can
from headway.detection.models import SignalRecord
from headway.detection.signal import Finding
from headway.diagnosis.practice.competencies import competencies, competency_name, rubric_of
from headway.diagnosis.practice.models import CoachingSession, SessionKind
from headway.diagnosis.practice.queries import sessions_of
from headway.metrics.queries import latest_run
from headway.plans.models import Plan
from headway.running.ledger import ledger_of
from headway.running.models import HalfDay, ScoredPractice
from headway.running.progress import RUNNING
from headway.running.queries import is_rep
from headway.running.rules import Kept
from headway.running.sentences import line_chip
from headway.running.skill_trend import Agreement, Alike, Gain, agreement_of, gain_of
from headway.web.text import day

LEARNING = frozenset({"training", "mentor", "shadowing", "method", "coaching"})
PLACES = tuple(range(HalfDay.MOST))


@dataclass(frozen=True)
class Field:
    """One of a row of fields: which, its name in the form, and what was typed into it."""

    place: int
    name: str
    value: str


@dataclass(frozen=True)
class SkillCard:
    """One competency: its picture over time, and in words whether it rises and whether both sides see the same."""

    key: str
    name: str
    picture: Levels
    gain: str
    alike: str
    tone: str


@dataclass(frozen=True)
class Talk:
    """A scored talk as its reader may see it: the lines with both marks, or the form to give one's own."""

    row: ScoredPractice
    skill: str
    lines: tuple[tuple[str, str, str], ...]
    to_mark: bool


def context(plan: Plan, *, by: Actor, skill: str, typed: dict[str, Any], again: str = "") -> dict[str, Any]:
    """Everything the template needs. skill: the competency whose rubric is open; typed: what could not be
    kept in the form `again`."""
    own, open_now = is_rep(by, plan), plan.state in RUNNING
    leads = open_now and bool(can(by, "practice.score", plan))
    practices = list(plan.practices.all())
    cards = skill_cards(practices, name=plan.person.first_name)
    sessions = _sessions(plan, by)
    listed = competencies()
    chosen = typed.get("competency") or skill or (cards[0].key if cards else "")
    chosen = chosen if chosen in {one.key for one in listed} else listed[0].key
    return {
        "plan": plan,
        "person": plan.person,
        "own": own,
        "leads": leads,
        "title": _title(cards, practices),
        "ramp": _ramp(plan, practices),
        "cards": cards,
        "talks": [_talk(row, own=own, may_mark=own and open_now) for row in reversed(practices)],
        "half_days": list(reversed(plan.half_days.select_related("session"))),
        "sessions": sessions,
        "kinds_words": _kinds_words(sessions),
        "trainings": [(row, _score_words(row.score)) for row in plan.trainings.all()],
        "promised": [(line, *line_chip(line)) for line in ledger_of(plan).company if _is_learning(plan, line.key)],
        "skills": [(one.key, one.name) for one in listed],
        "chosen": chosen,
        "rubric": list(enumerate(rubric_of(chosen))),
        "marks": ("1", "2", "3", "4", "5"),
        "win_fields": _fields("win", typed),
        "improve_fields": _fields("improve", typed),
        "seen_fields": _fields("seen", typed),
        "visit_fields": list(zip(*(_fields(name, typed) for name in ("who", "at", "aim")), strict=True)),
        "kinds": SessionKind.choices,
        "talk_kinds": ScoredPractice.KINDS,
        "keeps": [("", _("none")), *_own_promises(plan)] if leads else [],
        "typed": typed,
        "again": again,
        "today": clock.today(),
    }


def _fields(name: str, typed: dict[str, Any]) -> list[Field]:
    """Three fields of a kind, with what was typed."""
    return [Field(place, f"{name}-{place}", typed.get(f"{name}-{place}", "")) for place in PLACES]


def _sessions(plan: Plan, by: Actor) -> list[CoachingSession]:
    """The coaching talks of the plan's days, where the reader may read them; the newest first."""
    if not can(by, "practice.view", plan.person_id):
        return []
    rows = sessions_of(by, plan.person_id).filter(held_on__gte=plan.start_on, held_on__lte=plan.last_on)
    return list(rows[:20])


def _kinds_words(sessions: Sequence[CoachingSession]) -> str:
    """How much was about a skill, and how much about single deals: deals won together are not yet a skill."""
    skill = sum(1 for row in sessions if row.kind == SessionKind.CAPABILITY)
    deals = len(sessions) - skill
    if not sessions:
        return _("No coaching talk is written down in the days of this plan.")
    return _("%(skill)s about a skill, %(deals)s about one deal.") % {
        "skill": ngettext("%d talk", "%d talks", skill) % skill,
        "deals": ngettext("%d talk", "%d talks", deals) % deals,
    }


def _is_learning(plan: Plan, key: str) -> bool:
    return any(row.key == key and row.kind in LEARNING for row in plan.promises.all())


def _own_promises(plan: Plan) -> list[tuple[str, str]]:
    """Promises that are not fulfilled yet and that a half-day could keep a part of."""
    lines = {line.key: line for line in ledger_of(plan).company}
    open_now = [row for row in plan.promises.all() if lines[row.key].state not in {Kept.KEPT, Kept.LATE}]
    return [(row.key, row.text) for row in open_now]


def _score_words(score: float | None) -> str:
    return "–" if score is None else _("%s of 100") % f"{score:g}"


def skill_cards(practices: Sequence[ScoredPractice], *, name: str) -> list[SkillCard]:
    """One card per competency that was scored, the most scored first."""
    by_skill: dict[str, list[ScoredPractice]] = defaultdict(list)
    for row in practices:
        by_skill[row.competency].append(row)
    return [_card(key, rows, name) for key, rows in sorted(by_skill.items(), key=lambda one: -len(one[1]))]


def _card(key: str, rows: Sequence[ScoredPractice], name: str) -> SkillCard:
    gain = gain_of([(row.held_on, row.mean) for row in rows])
    alike = agreement_of(_pairs(rows))
    return SkillCard(
        key, competency_name(key), _picture(key, rows, name), _gain_words(gain, len(rows)), _alike_words(alike),
        "good" if gain and gain.steady else "",
    )  # fmt: skip


def _pairs(rows: Sequence[ScoredPractice]) -> list[tuple[float, float]]:
    return [
        (mark, own)
        for row in rows
        if row.own_marks is not None
        for (_line, mark), own in zip(row.marks, row.own_marks, strict=False)
    ]


def _gain_words(gain: Gain | None, n: int) -> str:
    if gain is None:
        words = ngettext(
            "%d scored talk: too few, or too close together, to say whether it rises.",
            "%d scored talks: too few, or too close together, to say whether it rises.", n,
        )  # fmt: skip
        return words % n
    values = {"gain": _signed(gain.estimate), "low": _signed(gain.low), "high": _signed(gain.high), "n": gain.n}
    if gain.steady:
        return _("A steady gain: %(gain)s in four weeks, likely %(low)s to %(high)s, from %(n)s talks.") % values
    return _("Up or down cannot be told yet: %(gain)s in four weeks, likely %(low)s to %(high)s, from %(n)s talks.") % (
        values
    )


def _signed(value: float) -> str:
    return f"{'+' if value >= 0 else '−'}{abs(value):.1f}"


def _alike_words(found: Agreement) -> str:
    words = {
        Alike.TOO_FEW: _("Too few lines marked by both to say whether you see the same."),
        Alike.ALIKE: _("Both mark the same lines alike."),
        Alike.MOSTLY: _("Both mark mostly alike; small differences are worth a word."),
        Alike.APART: _("Both mark the same lines differently: talk about what a 3 looks like."),
    }[found.alike]
    if found.alpha is None:
        return words
    return words + " " + _("Agreement %(alpha)s (1 is full, 0 is chance), from %(n)d lines.") % {
        "alpha": f"{found.alpha:.2f}".replace("-", "−"), "n": found.pairs,
    }  # fmt: skip


def _picture(key: str, rows: Sequence[ScoredPractice], name: str) -> Levels:
    start, end = rows[0].held_on, rows[-1].held_on
    if start == end:
        start -= timedelta(days=28)
    own = [row for row in rows if row.own_score is not None]
    return Levels(
        title=_("%(skill)s of %(name)s, scores 1 to 5") % {"skill": competency_name(key), "name": name},
        description=_spoken(rows[-1], rows[-1].score, rows[-1].by_name),
        first=tuple(Rated(row.held_on, row.score) for row in rows),
        second=tuple(Rated(row.held_on, row.own_score or 1.0) for row in own),
        start=start,
        end=end,
        ticks=tuple((on, day(on, short=True)) for on in dict.fromkeys((rows[0].held_on, rows[-1].held_on))),
        spoken=(
            *(_spoken(row, row.score, row.by_name) for row in rows),
            *(_spoken(row, row.own_score or 1.0, name) for row in own),
        ),
    )


def _spoken(row: ScoredPractice, score: float, who: str) -> str:
    return _("%(day)s, %(who)s: %(score)s of 5") % {"day": day(row.held_on), "who": who, "score": f"{score:.1f}"}


def _talk(row: ScoredPractice, *, own: bool, may_mark: bool) -> Talk:
    """Whoever still marks sees the lines alone: two marks say more when neither was copied."""
    to_mark = may_mark and row.own_marks is None
    marks = row.own_marks or [None] * len(row.marks)
    hidden = own and to_mark
    lines = tuple(
        (str(line), "" if hidden else f"{mark:g}", "" if mine is None else f"{mine:g}")
        for (line, mark), mine in zip(row.marks, marks, strict=False)
    )
    return Talk(row, competency_name(row.competency), lines, to_mark)


def _ramp(plan: Plan, practices: Sequence[ScoredPractice]) -> str:
    """For somebody who is still ramping: what counts is a steady gain in skill, not the quota."""
    run = latest_run()
    finding = SignalRecord.objects.filter(run=run, person_id=plan.person_id).values_list("finding", flat=True).first()
    if run is None or finding != Finding.RAMPING:
        return ""
    name = plan.person.first_name
    gain = gain_of([(row.held_on, row.mean) for row in practices])
    counts = _("%s is still ramping: what counts is a steady gain in skill and activity, not the quota.") % name
    if gain is None:
        return counts + " " + _("Too few scored talks yet to say.")
    return counts + " " + _gain_words(gain, gain.n)


def _title(cards: Sequence[SkillCard], practices: Sequence[ScoredPractice]) -> str:
    rising = [card.name for card in cards if card.tone == "good"]
    if rising:
        return _("A steady gain: %s") % ", ".join(rising)
    if not practices:
        return _("No call or role-play is scored yet")
    return ngettext("%d talk is scored so far", "%d talks are scored so far", len(practices)) % len(practices)
