"""What HR wants to see before it approves, line by line; and what stops a plan from being read or sent."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.core import clock
from headway.core.actors import Actor
from headway.diagnosis.practice.gate import gate_for
from headway.diagnosis.practice.rules import Gate, GateItem
from headway.plans import readiness
from headway.plans.content import load
from headway.plans.keeping import draft_of
from headway.plans.models import Plan, ProposalState
from headway.plans.plan_draft import PlanDraft
from headway.plans.readiness import DONE, OPEN, TODO, ReadyLine
from headway.plans.states import FLOWS, PlanKind
from headway.plans.wording import day

# Of the gate before a formal plan, a success plan needs these; the rest is told and does not stand in the way.
NEEDED_BY_ALL = frozenset({"coaching", "outside"})


def lines(plan: Plan, *, by: Actor) -> tuple[ReadyLine, ...]:
    """The list as `by` may read it: the plan's own words first, then what came before it, then the two sides."""
    draft = draft_of(plan)
    own = readiness.ready_of(draft)
    if not FLOWS[PlanKind(plan.kind)].hr:
        return (*own, _read(plan))
    gate = gate_for(plan.person_id, as_of=clock.today(), by=by)
    return (*own, *_before(plan, gate), *_form(draft), _follows(plan, draft), _read(plan), _answered(plan))


def missing(plan: Plan, *, by: Actor) -> tuple[str, ...]:
    """What stops an approval, each in a sentence."""
    return tuple(f"{line.label} {line.sentence}" for line in lines(plan, by=by) if line.state == TODO)


def first_to_mend(plan: Plan) -> str:
    """The first thing in the plan's own words that keeps it from being read by others; empty where there is none."""
    own = readiness.ready_of(draft_of(plan))
    return next((f"{line.label} {line.sentence}" for line in own if line.state == TODO), "")


def _before(plan: Plan, gate: Gate) -> tuple[ReadyLine, ...]:
    lifted = {given.item: given for given in gate.exceptions}
    formal = plan.kind == PlanKind.FORMAL
    rows = []
    for item in gate.items:
        given = lifted.get(item.key)
        if item.state == TODO and given is not None:
            words = _("Exception by %(by)s: %(why)s") % {"by": given.by, "why": given.reason}
            rows.append(ReadyLine(DONE, item.label, words))
        else:
            rows.append(ReadyLine(_state_of(item, formal=formal), item.label, item.sentence))
    return tuple(rows)


def _state_of(item: GateItem, *, formal: bool) -> str:
    if item.state == TODO and not formal and item.key not in NEEDED_BY_ALL:
        return OPEN
    return str(item.state)


def _form(draft: PlanDraft) -> tuple[ReadyLine, ...]:
    """What a reader of the letter must find in it."""
    days = _("%(first)s to %(last)s, %(days)d days.") % {
        "first": day(draft.start),
        "last": day(draft.last_day),
        "days": draft.days,
    }
    meetings = len(draft.check_ins)
    told = ngettext("%d meeting has a day.", "%d meetings have a day.", meetings) % meetings
    return (
        ReadyLine(DONE, _("Dates."), days),
        ReadyLine(DONE if meetings else TODO, _("Check-ins."), told if meetings else _("None has a day yet.")),
        _words(draft.how_measured, _("How progress is measured.")),
        _words(draft.success, _("What success is.")),
        _words(draft.outcomes, _("How it can end.")),
    )


def _follows(plan: Plan, draft: PlanDraft) -> ReadyLine:
    """What it is and what may follow stands in the plan as its kind says it: nobody signs a warning that denies it."""
    content = load(draft.language, kind=PlanKind(plan.kind))
    manager = draft.manager.first_name if draft.manager else draft.company
    words = content.fill("text.outcome_consequence", company=draft.company, manager=manager)
    label = _("What may follow.")
    if any(paragraph.text == words for paragraph in draft.outcomes):
        return ReadyLine(DONE, label, _("Said as this kind of plan says it."))
    return ReadyLine(TODO, label, _("“How it can end” has to say: “%s”") % words)


def _words(found: tuple[object, ...], label: str) -> ReadyLine:
    return ReadyLine(DONE, label, _("Written down.")) if found else ReadyLine(TODO, label, _("Not written yet."))


def _read(plan: Plan) -> ReadyLine:
    label = _("%s has read it.") % plan.person.first_name
    if plan.read_at is not None:
        return ReadyLine(DONE, label, _("On %s.") % day(plan.read_at.date()))
    if plan.shared_at is not None:
        return ReadyLine(TODO, label, _("Shared on %s, not opened yet.") % day(plan.shared_at.date()))
    return ReadyLine(OPEN, label, _("Not shared yet."))


def _answered(plan: Plan) -> ReadyLine:
    waiting = plan.proposals.filter(state=ProposalState.OPEN).count()
    label = _("Proposals answered.")
    if waiting:
        words = ngettext("%d waits for an answer.", "%d wait for an answer.", waiting) % waiting
        return ReadyLine(TODO, label, words)
    told = plan.proposals.exclude(state=ProposalState.OPEN).count()
    words = ngettext("%d, answered.", "%d, all answered.", told) % told if told else _("None was made.")
    return ReadyLine(DONE, label, words)
