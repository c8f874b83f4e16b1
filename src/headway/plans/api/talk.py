"""Written together, over the API: comments and proposals, word for word."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Schema, Status
from pydantic import Field

from headway.core.errors import NotFound
from headway.plans import actions
from headway.plans.api.routing import router
from headway.plans.models import Comment, Plan, Proposal
from headway.plans.queries import plan_for
from headway.web.api import actor


class CommentOut(Schema):
    """Words on a piece of a plan ("goal:revenue", "promise:p2", "section:purpose", "" the whole)."""

    id: int
    piece: str
    text: str
    state: str
    answers_to: int | None
    by_name: str
    by_role: str
    said_at: datetime


class ProposalOut(Schema):
    """What the person would have instead; null leaves it as it is."""

    id: int
    piece: str
    text: str | None
    target: float | None
    day: date | None
    why: str
    state: str
    answer: str
    by_name: str
    made_at: datetime


def _comment(row: Comment) -> dict[str, Any]:
    shown = {name: getattr(row, name) for name in CommentOut.model_fields if name != "answers_to"}
    return {**shown, "answers_to": row.answers_to_id}


def _proposal(row: Proposal) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ProposalOut.model_fields}


def _comment_in(plan: Plan, comment_id: int) -> Comment:
    found = plan.comments.filter(pk=comment_id).first()
    if found is None:
        raise NotFound("There is no such comment in this plan", value=comment_id)
    return found


def _proposal_in(plan: Plan, proposal_id: int) -> Proposal:
    found = plan.proposals.filter(pk=proposal_id).first()
    if found is None:
        raise NotFound("There is no such proposal in this plan", value=proposal_id)
    return found


@router.get("plans/{int:plan_id}/comments", response=list[CommentOut])
def comments(request: HttpRequest, plan_id: int) -> list[dict[str, Any]]:
    """What was said about a plan, the oldest first."""
    return [_comment(row) for row in plan_for(actor(request), plan_id).comments.all()]


class CommentIn(Schema):
    """piece: what it is about; answers_to: the comment it answers."""

    text: str = Field(max_length=300_000)
    piece: str = Field("", max_length=60)
    answers_to: int | None = None


@router.post("plans/{int:plan_id}/comments", response={201: CommentOut})
def comment(request: HttpRequest, plan_id: int, sent: CommentIn) -> Any:
    """Say something about a plan or a piece of it, or answer a comment."""
    by = actor(request)
    plan = plan_for(by, plan_id)
    first = _comment_in(plan, sent.answers_to) if sent.answers_to is not None else None
    made = actions.comment(plan=plan, text=sent.text, piece=sent.piece, answers_to=first, by=by)
    return Status(201, _comment(made))


@router.post("plans/{int:plan_id}/comments/{int:comment_id}/settle", response=CommentOut)
def settle(request: HttpRequest, plan_id: int, comment_id: int) -> dict[str, Any]:
    """Close a point one has raised."""
    by = actor(request)
    plan = plan_for(by, plan_id)
    return _comment(actions.settle_comment(plan=plan, comment=_comment_in(plan, comment_id), by=by))


@router.get("plans/{int:plan_id}/proposals", response=list[ProposalOut])
def proposals(request: HttpRequest, plan_id: int) -> list[dict[str, Any]]:
    """What the person has proposed, the oldest first."""
    return [_proposal(row) for row in plan_for(actor(request), plan_id).proposals.all()]


class ProposalIn(Schema):
    """piece: "goal:revenue" or "promise:p2"; what is left out stays."""

    piece: str = Field(max_length=60)
    text: str | None = Field(None, max_length=300_000)
    target: float | None = Field(None, allow_inf_nan=False)
    day: date | None = None
    why: str = Field(max_length=300_000)


@router.post("plans/{int:plan_id}/proposals", response={201: ProposalOut})
def propose(request: HttpRequest, plan_id: int, sent: ProposalIn) -> Any:
    """Propose another wording, target or day."""
    by = actor(request)
    change = actions.ProposedChange(text=sent.text, target=sent.target, day=sent.day)
    made = actions.propose(plan=plan_for(by, plan_id), piece=sent.piece, change=change, why=sent.why, by=by)
    return Status(201, _proposal(made))


class AnswerIn(Schema):
    """accept, or decline with a reason."""

    accept: bool
    answer: str = Field("", max_length=300_000)


@router.post("plans/{int:plan_id}/proposals/{int:proposal_id}/answer", response=ProposalOut)
def answer(request: HttpRequest, plan_id: int, proposal_id: int, sent: AnswerIn) -> dict[str, Any]:
    """Accept or decline a proposal."""
    by = actor(request)
    plan = plan_for(by, plan_id)
    row = _proposal_in(plan, proposal_id)
    return _proposal(actions.answer_proposal(plan=plan, proposal=row, accept=sent.accept, answer=sent.answer, by=by))


@router.post("plans/{int:plan_id}/proposals/{int:proposal_id}/take-back", response=ProposalOut)
def take_back(request: HttpRequest, plan_id: int, proposal_id: int) -> dict[str, Any]:
    """Take one's own proposal back."""
    by = actor(request)
    plan = plan_for(by, plan_id)
    return _proposal(actions.take_proposal_back(plan=plan, proposal=_proposal_in(plan, proposal_id), by=by))
