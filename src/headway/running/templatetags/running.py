"""What other rooms' pages show of running plans."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from headway.core.actors import Role
from headway.running.duties import duties_for, owed_in_plans
from headway.running.promised import promised

register = template.Library()


@register.inclusion_tag("running/_duties.html", takes_context=True)
def running_duties(context: Context) -> dict[str, Any]:
    """What the reader has to do about running plans this week, in order, with minutes."""
    user = context["request"].user
    return {
        "duties": duties_for(user),
        "owed": owed_in_plans(user) if user.role == Role.HR else (),
        "rep": user.role == Role.REP,
    }


@register.inclusion_tag("running/_promised.html", takes_context=True)
def running_promised(context: Context) -> dict[str, Any]:
    """What the reader's side promised in running plans, to be written down as given with one click."""
    return {"promised": promised(context["request"].user), "csrf_token": context.get("csrf_token")}
