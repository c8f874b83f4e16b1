"""Written together: a plan is shared, the person comments and proposes, the manager answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from headway.core import audit, clock
from headway.core.action import action
from headway.core.actors import Actor, Role
from headway.core.errors import BadInput, Conflict
from headway.people.models import User
from headway.plans import checklist, keeping, states
from headway.plans.actions.drafting import GoalChange, SupportChange, goal_changed, support_changed
from headway.plans.actions.steps import check_step, clean, keep_version, required, take, touch
from headway.plans.models import (
    Comment,
    CommentState,
    Plan,
    PlanGoal,
    PlanPromise,
    Proposal,
    ProposalState,
    VersionKind,
)
from headway.plans.pieces import GOAL, PROMISE, piece_of
from headway.plans.retargeting import words_for
from headway.plans.states import PlanState


@dataclass(frozen=True)
class ProposedChange:
    """What the person would have instead; None leaves it. day: a goal's last day, or a promise's due day."""

    text: str | None = None
    target: float | None = None
    day: date | None = None


@action(permission="plan.share", event="plan.shared", locks="plan")
def share_plan(*, plan: Plan, message: str = "", by: Actor) -> Plan:
    """Let the person read the plan as it stands; every time a version is kept.

    Raises:
        Conflict: it cannot be shared from where it is.
        BadInput: a goal, a promise or a word still needs work.
    """
    check_step(plan, "share")
    todo = checklist.first_to_mend(plan)
    if todo:
        raise BadInput(_("This plan is not ready to be read"), value=todo, todo=_("Mend it, then share."))
    keep_version(plan, VersionKind.WORKING, reason=clean(message) or _("Shared"), by=by)
    plan.shared_at, plan.read_at = clock.now(), None
    return take(plan, "share", "shared_at", "read_at")


@action(permission="plan.comment", event="plan.commented", locks="plan")
def comment(*, plan: Plan, text: str, piece: str = "", answers_to: Comment | None = None, by: Actor) -> Comment:
    """Say something about a plan or a piece of it, or answer a comment. Kept word for word.

    Raises:
        Conflict: nobody else can read the plan yet, or it is over.
        BadInput: there are no words, or no such piece.
    """
    if plan.state not in states.OPEN or plan.state == PlanState.DRAFT:
        raise Conflict(_("This plan is %s, so nobody would read it") % plan.get_state_display())
    words = required(text, missing=_("A comment needs words"))
    if answers_to is not None and answers_to.plan_id != plan.pk:
        raise BadInput(_("There is no such comment in this plan"))
    first = answers_to.answers_to or answers_to if answers_to else None
    row = Comment(
        plan=plan,
        piece=first.piece if first else piece_of(plan, piece),
        text=words,
        answers_to=first,
        state=CommentState.SETTLED if first else CommentState.OPEN,
        by=by if isinstance(by, User) else None,
        by_name=by.name,
        by_role=by.role,
        said_at=clock.now(),
    )
    row.save()
    if first is not None and first.state == CommentState.OPEN and first.by_id != by.pk:
        first.state = CommentState.ANSWERED
        first.save(update_fields=["state"])
    audit.detail(comment=row.pk, piece=row.piece, text=words)
    return row


@action(permission="plan.comment", event="plan.comment_settled", locks="plan")
def settle_comment(*, plan: Plan, comment: Comment, by: Actor) -> Comment:
    """Close a point. Whoever raised it closes it; what the manager raised the manager's side closes."""
    if comment.plan_id != plan.pk:
        raise BadInput(_("There is no such comment in this plan"))
    if (by.role == Role.REP) != comment.is_the_persons:
        raise Conflict(_("Only whoever raised a point can say that it is settled"))
    comment.state = CommentState.SETTLED
    comment.save(update_fields=["state"])
    audit.detail(comment=comment.pk)
    return comment


@action(permission="plan.propose", event="plan.proposal_made", locks="plan")
def propose(*, plan: Plan, piece: str, change: ProposedChange, why: str, by: Actor) -> Proposal:
    """The person proposes another wording, target or day for a goal or a promise.

    Raises:
        Conflict: the plan can no longer be changed this way, or a proposal for this piece waits already.
        BadInput: no such goal or promise, nothing would change, or no reason is given.
    """
    if plan.state not in states.OPEN_TO_PROPOSALS:
        raise Conflict(
            _("This plan is %s, so its words are fixed") % plan.get_state_display(),
            todo=_("Write a comment instead."),
        )
    row = _row(plan, piece)
    before = _before(row)
    wanted = _wanted(change, before)
    reason = required(why, missing=_("A proposal needs a reason"), todo=_("Say in a sentence why."))
    if plan.proposals.filter(piece=piece, state=ProposalState.OPEN).exists():
        raise Conflict(_("A proposal for this waits for an answer already"), todo=_("Take it back to make another."))
    made = Proposal(
        plan=plan,
        piece=piece,
        why=reason,
        before=before,
        by=by if isinstance(by, User) else None,
        by_name=by.name,
        made_at=clock.now(),
        **wanted,
    )
    made.save()
    audit.detail(proposal=made.pk, piece=piece, before=before, text=made.text, target=made.target, why=reason)
    return made


def _row(plan: Plan, piece: str) -> PlanGoal | PlanPromise:
    kind, _sep, key = piece.partition(":")
    row: PlanGoal | PlanPromise | None = None
    if kind == GOAL:
        row = plan.goals.filter(key=key).first()
    elif kind == PROMISE:
        row = plan.promises.filter(key=key).first()
    if row is None:
        raise BadInput(_("There is no such goal or promise in this plan"), value=piece)
    return row


def _before(row: PlanGoal | PlanPromise) -> dict[str, Any]:
    if isinstance(row, PlanGoal):
        return {"text": row.text, "target": row.target, "day": row.by.isoformat(), "version": row.version}
    return {"text": row.text, "target": None, "day": row.due.isoformat(), "version": row.version}


def _wanted(change: ProposedChange, before: dict[str, Any]) -> dict[str, Any]:
    """Only what differs from the piece as it is."""
    text = clean(change.text) if change.text is not None else None
    target = change.target if before["target"] is not None else None
    wanted = {
        "text": text if text and text != before["text"] else None,
        "target": target if target is not None and target != before["target"] else None,
        "day": change.day if change.day and change.day.isoformat() != before["day"] else None,
    }
    if all(value is None for value in wanted.values()):
        raise BadInput(_("This proposal changes nothing"), todo=_("Change the words, the target or the day."))
    return wanted


@action(permission="plan.answer", event="plan.proposal_answered", locks="plan")
def answer_proposal(*, plan: Plan, proposal: Proposal, accept: bool, answer: str = "", by: Actor) -> Proposal:
    """Accept a proposal (the piece changes, a version is kept) or decline it with a reason.

    Raises:
        Conflict: it has been answered, or the piece was changed since.
        BadInput: declined without a reason.
    """
    proposal = _open_one(plan, proposal)
    words = clean(answer)
    if not accept and not words:
        raise BadInput(_("Declining needs a reason"), todo=_("Say in a sentence why not."))
    if accept:
        _apply(plan, proposal, by=by)
    proposal.state = ProposalState.ACCEPTED if accept else ProposalState.DECLINED
    proposal.answer, proposal.answered_by_name, proposal.answered_at = words, by.name, clock.now()
    proposal.save(update_fields=["state", "answer", "answered_by_name", "answered_at"])
    if accept:
        touch(plan)
        reason = _("Proposal by %s accepted") % proposal.by_name
        keep_version(plan, VersionKind.WORKING, reason=reason, by=by)
    audit.detail(proposal=proposal.pk, accepted=accept, answer=words)
    return proposal


def _open_one(plan: Plan, proposal: Proposal) -> Proposal:
    found = plan.proposals.filter(pk=proposal.pk).first()
    if found is None:
        raise BadInput(_("There is no such proposal in this plan"))
    if found.state != ProposalState.OPEN:
        raise Conflict(_("This proposal is %s already") % found.get_state_display())
    return found


def _apply(plan: Plan, proposal: Proposal, *, by: Actor) -> None:
    row = _row(plan, proposal.piece)
    if isinstance(row, PlanGoal):
        text = proposal.text
        if text is None and proposal.target is not None:
            text = words_for(keeping.goal_of(row), proposal.target, currency=plan.body["currency"])
        change = GoalChange(text=text, target=proposal.target, by=proposal.day)
        goal_changed(plan, row, change, seen=proposal.before["version"], author=proposal.by_name)
        return
    new = SupportChange(
        text=proposal.text or row.text,
        owner=row.owner,
        due=proposal.day or row.due,
        when=row.when if proposal.day is None else "",
        hours=row.hours,
    )
    support_changed(plan, row, new, seen=proposal.before["version"], author=proposal.by_name)


@action(permission="plan.propose", event="plan.proposal_taken_back", locks="plan")
def take_proposal_back(*, plan: Plan, proposal: Proposal, by: Actor) -> Proposal:
    """The person no longer wants it. It stays on record."""
    proposal = _open_one(plan, proposal)
    proposal.state, proposal.answered_at = ProposalState.TAKEN_BACK, clock.now()
    proposal.save(update_fields=["state", "answered_at"])
    audit.detail(proposal=proposal.pk)
    return proposal
