"""The written warning that goes with a formal plan: plain, without blame, with the person's rights in it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from headway.documents.letter import Block, Bullets, Heading, Letter, Words
from headway.plans.letter import fine_basis, frame, gap_blocks, goal_table, joined, promise_table
from headway.plans.papers.seal import Seal, own_words, signature_block
from headway.plans.plan_draft import PlanDraft
from headway.plans.wording import day


def warning_letter(plan: PlanDraft, seal: Seal) -> Letter:
    """The letter."""
    blocks = (*_blocks(plan), *own_words(seal), _signatures(plan, seal))
    return frame(plan, title=_("Written warning"), blocks=blocks, seal=seal, dated=seal.made_at.date())


def _signatures(plan: PlanDraft, seal: Seal) -> Block:
    manager = plan.manager.name if plan.manager else ""
    return signature_block(seal, person=plan.rep.name, manager=manager, company_name=plan.company)


def _blocks(plan: PlanDraft) -> list[Block]:
    told = {"company": plan.company, "start": day(plan.start), "end": day(plan.last_day, year=True)}
    return [
        Words(
            _(
                "This is a formal written warning from %(company)s. It says what is not as it has to be, what has to "
                "change from %(start)s to %(end)s, how %(company)s helps, and what happens then. It belongs to the "
                "plan that you have received with it."
            )
            % told
        ),
        *((Words(plan.doubt.text, tone="note"),) if plan.doubt else ()),
        Heading(_("What we saw")),
        Words(joined(plan.what_we_saw)),
        *gap_blocks(plan),
        Heading(_("What is not in your hands")),
        Words(joined(plan.not_yours)),
        Heading(_("What has to change")),
        goal_table(plan),
        Words(joined(plan.success)),
        Heading(_("What %s gives you") % plan.company),
        promise_table(plan),
        Heading(_("What happens then")),
        Words(joined(plan.outcomes)),
        Heading(_("Your rights")),
        Bullets(
            (
                _("You may bring somebody you trust to every meeting about this warning."),
                _("You may answer in writing, now or later; your words are kept with this letter as you write them."),
                _("You may appeal at any time. Somebody who did not decide answers."),
                _("You may see everything that is on record about you."),
                _("Signing says that you have received this letter. It does not say that you agree."),
            )
        ),
        fine_basis(plan),
    ]
