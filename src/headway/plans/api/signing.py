"""Signatures over the API. What is signed is named by its hash: nobody signs a page that has changed meanwhile."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Schema
from pydantic import Field

from headway.plans import actions
from headway.plans.api.reading import PlanLine, line
from headway.plans.api.routing import router
from headway.plans.queries import plan_for
from headway.web.api import actor


class SignatureIn(Schema):
    """name: as you are signed in. consent: to sign electronically. content_hash: of the version you read
    (see `history`). statement: your own words, kept unedited."""

    name: str = Field(max_length=200)
    consent: bool
    content_hash: str = Field(max_length=64)
    statement: str = Field("", max_length=300_000)

    @property
    def typed(self) -> actions.SignatureTyped:
        """As the actions take it."""
        return actions.SignatureTyped(self.name, self.consent, self.content_hash, self.statement)


@router.post("plans/{int:plan_id}/acknowledge", response=PlanLine)
def acknowledge(request: HttpRequest, plan_id: int, sent: SignatureIn) -> dict[str, Any]:
    """Sign that the plan was received, with a statement or without. This is not agreement."""
    by = actor(request)
    return line(actions.acknowledge_plan(plan=plan_for(by, plan_id), typed=sent.typed, by=by))


@router.post("plans/{int:plan_id}/refuse", response=PlanLine)
def refuse(request: HttpRequest, plan_id: int, sent: SignatureIn) -> dict[str, Any]:
    """Record that the person does not sign; a witness confirms it afterwards."""
    by = actor(request)
    return line(actions.refuse_plan(plan=plan_for(by, plan_id), typed=sent.typed, by=by))


@router.post("plans/{int:plan_id}/witness", response=PlanLine)
def witness(request: HttpRequest, plan_id: int, sent: SignatureIn) -> dict[str, Any]:
    """Confirm that a refused plan was handed over."""
    by = actor(request)
    actions.witness_refusal(plan=plan_for(by, plan_id), typed=sent.typed, by=by)
    return line(plan_for(by, plan_id))


@router.post("plans/{int:plan_id}/amend/consent", response=PlanLine)
def consent(request: HttpRequest, plan_id: int, sent: SignatureIn) -> dict[str, Any]:
    """Sign for the proposed change: from now on it holds."""
    by = actor(request)
    return line(actions.consent_to_amendment(plan=plan_for(by, plan_id), typed=sent.typed, by=by))


class DeclineIn(Schema):
    """Why not."""

    answer: str = Field(max_length=300_000)


@router.post("plans/{int:plan_id}/amend/decline", response=PlanLine)
def decline(request: HttpRequest, plan_id: int, sent: DeclineIn) -> dict[str, Any]:
    """Do not agree to the change: the plan goes on as signed."""
    by = actor(request)
    return line(actions.decline_amendment(plan=plan_for(by, plan_id), answer=sent.answer, by=by))
