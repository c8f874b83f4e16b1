"""The written warning that goes with a formal plan: plain, without blame, with the person's rights in it."""

from __future__ import annotations

from headway.documents.letter import Block, Bullets, Heading, Letter, Words
from headway.plans.letter import fine_basis, frame, gap_blocks, goal_table, joined, promise_table
from headway.plans.letter_words import in_language, said
from headway.plans.papers.seal import Seal, own_words, signature_block
from headway.plans.plan_draft import PlanDraft
from headway.plans.wording import day


def warning_letter(plan: PlanDraft, seal: Seal) -> Letter:
    """The letter, in the plan's language."""
    with in_language(plan.language):
        blocks = (*_blocks(plan), *own_words(seal), _signatures(plan, seal))
        return frame(plan, title=said("warning"), blocks=blocks, seal=seal, dated=seal.made_at.date())


def _signatures(plan: PlanDraft, seal: Seal) -> Block:
    manager = plan.manager.name if plan.manager else ""
    return signature_block(seal, person=plan.rep.name, manager=manager, company_name=plan.company)


def _blocks(plan: PlanDraft) -> list[Block]:
    told = {"company": plan.company, "start": day(plan.start), "end": day(plan.last_day, year=True)}
    return [
        Words(said("warning_about", **told)),
        *((Words(plan.doubt.text, tone="note"),) if plan.doubt else ()),
        Heading(said("what_we_saw")),
        Words(joined(plan.what_we_saw)),
        *gap_blocks(plan),
        Heading(said("not_yours")),
        Words(joined(plan.not_yours)),
        Heading(said("must_change")),
        goal_table(plan),
        Words(joined(plan.success)),
        Heading(said("gives", company=plan.company)),
        promise_table(plan),
        Heading(said("then")),
        Words(joined(plan.outcomes)),
        Heading(said("rights")),
        Bullets(tuple(said(f"right_{key}") for key in ("companion", "answer", "appeal", "record", "receipt"))),
        fine_basis(plan),
    ]
