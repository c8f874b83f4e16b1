"""A draft said again in the words of another kind of plan. What people wrote stays as they wrote it. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from headway.plans.content import Content, fill_in
from headway.plans.plan_draft import Paragraph, PlanDraft
from headway.plans.timeline import working_day
from headway.plans.wording import day

_MARK = "template: "


def retold(draft: PlanDraft, *, before: Content, after: Content, usual_name: str) -> PlanDraft:
    """The draft in the words of `after`'s kind: its name, and each template sentence that the kind says differently.

    Args:
        before: the content of the kind it was drafted as.
        after: the same language and company, of the new kind.
        usual_name: what a plan is called where the kind has no name of its own.
    """

    def said(paragraphs: tuple[Paragraph, ...]) -> tuple[Paragraph, ...]:
        return tuple(_said(paragraph, draft, before, after) for paragraph in paragraphs)

    return replace(
        draft,
        name=after.kind_name or usual_name,
        purpose=said(draft.purpose),
        doubt=_said(draft.doubt, draft, before, after) if draft.doubt else None,
        success=said(draft.success),
        outcomes=said(draft.outcomes),
    )


def _said(paragraph: Paragraph, draft: PlanDraft, before: Content, after: Content) -> Paragraph:
    _data, found, entry = paragraph.source.rpartition(_MARK)
    if not found or before.template(entry) == after.template(entry):
        return paragraph
    values: dict[str, object] = {
        "company": draft.company,
        "manager": draft.manager.first_name if draft.manager else draft.company,
        "gap_name": draft.gap_name,
        "reason": draft.evidence.why_not,
        "decided_by": day(working_day(draft.last_day + timedelta(days=7))),
    }
    text = fill_in(after.template(entry), entry=entry, values=values, origins=after.origins)
    return Paragraph(text, paragraph.source)
