"""What comes after a plan: verdicts on record, refreshers on the calendar, a renewed drop seen and answered."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from headway.core import audit, clock
from headway.core.action import action
from headway.core.actors import Actor
from headway.core.errors import BadInput, Conflict
from headway.outcomes import rules
from headway.outcomes.following_up import FOLLOW_UPS, follow_up_words
from headway.outcomes.models import Evaluation, FollowUp, PlanFigures, Relapse, VerdictRecord
from headway.outcomes.states import DECIDED, FOLLOWED_UP


@dataclass(frozen=True)
class RelapseSeen:
    """A drop that the newest analysis shows in somebody whose plan is over."""

    plan_id: int
    since: date
    kind: str
    strength: float
    sentence: str


@action(permission="outcome.look", event="verdict.kept")
def keep_verdicts(*, documents: Mapping[int, dict[str, Any]], as_of: date, facts_version: int, by: Actor) -> int:
    """Keep one look per plan (`documents` by plan id). The same look again changes nothing. How many are new."""
    there = set(
        VerdictRecord.objects.filter(plan_id__in=documents, as_of=as_of, facts_version=facts_version).values_list(
            "plan_id", flat=True
        )
    )
    rows = [
        VerdictRecord(
            plan_id=plan_id, as_of=as_of, facts_version=facts_version, verdict=document["verdict"],
            payload=json.dumps(document, ensure_ascii=False, allow_nan=False), made_at=clock.now(),
        )
        for plan_id, document in documents.items()
        if plan_id not in there
    ]  # fmt: skip
    VerdictRecord.objects.bulk_create(rows)
    audit.detail(looks=len(rows), as_of=as_of.isoformat())
    return len(rows)


@action(permission="outcome.look", event="plan_figures.kept")
def keep_figures(*, rows: Sequence[PlanFigures], by: Actor) -> int:
    """Keep what each plan adds to figures over many; the newest replaces the one before. How many."""
    names = [one.name for one in PlanFigures._meta.concrete_fields if one.name not in {"id", "plan"}]
    PlanFigures.objects.bulk_create(rows, update_conflicts=True, unique_fields=["plan"], update_fields=names)
    audit.detail(plans=len(rows))
    return len(rows)


@action(permission="followup.plan", event="followup.planned", locks="evaluation")
def plan_follow_ups(*, evaluation: Evaluation, by: Actor) -> int:
    """Put refreshers at growing intervals on the calendar after a plan that went well. Doing it twice adds nothing."""
    plan = evaluation.plan
    decided = evaluation.decided_on
    if evaluation.stage not in DECIDED or evaluation.outcome not in FOLLOWED_UP or decided is None:
        return 0
    if plan.follow_ups.exists():
        return 0
    days = rules.follow_up_days(decided)
    for number, (day, (kind, minutes)) in enumerate(zip(days, FOLLOW_UPS, strict=True), 1):
        words = follow_up_words(plan, kind, number)
        FollowUp(
            plan=plan, number=number, kind=kind, due_on=day, gap_key=words.gap_key, text=words.text, minutes=minutes
        ).save()
    audit.detail(plan=plan.pk, days=[day.isoformat() for day in days])
    return len(days)


@action(permission="followup.do", event="followup.done", locks="follow_up")
def do_follow_up(*, follow_up: FollowUp, on: date, note: str, by: Actor) -> FollowUp:
    """Say that a refresher took place.

    Raises:
        Conflict: it is on record already.
        BadInput: the day is to come.
    """
    if follow_up.done_on is not None:
        raise Conflict(_("This is on record already"), value=follow_up.done_on.isoformat())
    if on > clock.today():
        raise BadInput(_("This day is still to come"), value=on.isoformat())
    follow_up.done_on, follow_up.done_by_name, follow_up.note = on, by.name, note.strip()
    follow_up.save()
    audit.detail(number=follow_up.number, on=on.isoformat(), note=follow_up.note)
    return follow_up


@action(permission="outcome.look", event="relapse.seen")
def keep_relapses(*, seen: Sequence[RelapseSeen], by: Actor) -> int:
    """Keep drops that are new: none for a plan that has an open one, or had one since the same day. How many."""
    kept = 0
    for one in seen:
        before = Relapse.objects.filter(plan_id=one.plan_id)
        if before.filter(answer=Relapse.Answer.OPEN).exists() or before.filter(since__gte=one.since).exists():
            continue
        Relapse(
            plan_id=one.plan_id, seen_on=clock.today(), since=one.since, kind=one.kind, strength=one.strength,
            sentence=one.sentence,
        ).save()  # fmt: skip
        kept += 1
    audit.detail(seen=kept)
    return kept


@action(permission="relapse.answer", event="relapse.answered", locks="relapse")
def answer_relapse(*, relapse: Relapse, answer: Relapse.Answer, words: str, by: Actor) -> Relapse:
    """Say what a talk about a renewed drop found.

    Raises:
        Conflict: it is answered already.
        BadInput: no words.
    """
    if relapse.answer != Relapse.Answer.OPEN:
        raise Conflict(_("This is answered already"))
    kept = words.strip()
    if not kept or answer == Relapse.Answer.OPEN:
        raise BadInput(_("An answer needs words"), todo=_("Say in a sentence what you talked about."))
    relapse.answer, relapse.words = answer, kept
    relapse.answered_by_name, relapse.answered_on = by.name, clock.today()
    relapse.save()
    audit.detail(answer=str(answer), words=kept)
    return relapse
