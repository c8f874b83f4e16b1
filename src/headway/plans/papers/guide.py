"""The guide for the first meeting on paper: for whoever leads the talk, not part of the plan."""

from __future__ import annotations

from headway.documents.letter import Block, Bullets, Heading, Letter, Words
from headway.plans.first_meeting import FirstMeetingGuide, GuidePart, guide_for, words
from headway.plans.letter_words import in_language, said
from headway.plans.plan_draft import PlanDraft
from headway.plans.wording import day


def guide_letter(plan: PlanDraft, *, companion: str = "") -> Letter:
    """The guide as a document of its own, in the plan's language."""
    guide = guide_for(plan, companion=companion)
    leader = plan.manager.name if plan.manager else plan.company
    with in_language(plan.language):
        return Letter(
            language=plan.language,
            title=guide.title,
            sender=plan.company,
            sender_lines=tuple(line for line in (plan.rep.team, leader) if line),
            corner=(said("confidential"), words(plan, "only", leader=leader)),
            recipient=(leader,),
            dated=day(plan.drafted_on, year=True),
            greeting="",
            blocks=tuple(_blocks(plan, guide)),
            reference=words(plan, "reference", plan=plan.name, name=plan.rep.name),
            page_words=said("page", n="{n}", total="{total}"),
        )


def _blocks(plan: PlanDraft, guide: FirstMeetingGuide) -> list[Block]:
    found: list[Block] = [Words(f"{guide.lead} {words(plan, 'minutes_in_all', n=guide.minutes)}")]
    found += [Heading(words(plan, "bring")), Bullets(guide.bring)]
    for part in guide.parts:
        found += _part(plan, part)
    return found


def _part(plan: PlanDraft, part: GuidePart) -> list[Block]:
    title = words(plan, "part", title=part.title, n=part.minutes)
    told: list[Block] = [Heading(title), *((Bullets(part.say),) if part.say else ())]
    return [*told, *(Words(text, tone="note") for text in part.remember)]
