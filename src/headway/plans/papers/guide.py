"""The guide for the first meeting on paper: for whoever leads the talk, not part of the plan."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.documents.letter import Block, Bullets, Heading, Letter, Words
from headway.plans.first_meeting import FirstMeetingGuide, GuidePart, guide_for
from headway.plans.plan_draft import PlanDraft
from headway.plans.wording import day


def guide_letter(plan: PlanDraft, *, companion: str = "") -> Letter:
    """The guide as a document of its own."""
    guide = guide_for(plan, companion=companion)
    leader = plan.manager.name if plan.manager else plan.company
    return Letter(
        language=plan.language,
        title=guide.title,
        sender=plan.company,
        sender_lines=tuple(line for line in (plan.rep.team, leader) if line),
        corner=(_("Confidential"), _("For %s only") % leader),
        recipient=(leader,),
        dated=day(plan.drafted_on, year=True),
        greeting="",
        blocks=tuple(_blocks(guide)),
        reference=_("Guide for the first meeting · %(plan)s %(name)s") % {"plan": plan.name, "name": plan.rep.name},
        page_words=_("Page {n} of {total}"),
    )


def _blocks(guide: FirstMeetingGuide) -> list[Block]:
    lead = ngettext("%(lead)s About %(n)d minute.", "%(lead)s About %(n)d minutes.", guide.minutes)
    found: list[Block] = [Words(lead % {"lead": guide.lead, "n": guide.minutes})]
    found += [Heading(_("Bring")), Bullets(guide.bring)]
    for part in guide.parts:
        found += _part(part)
    return found


def _part(part: GuidePart) -> list[Block]:
    title = _("%(title)s (%(n)d minutes)") % {"title": part.title, "n": part.minutes}
    said: list[Block] = [Heading(title), *((Bullets(part.say),) if part.say else ())]
    return [*said, *(Words(text, tone="note") for text in part.remember)]
