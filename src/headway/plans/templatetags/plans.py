"""What every page of a plan shows."""

from __future__ import annotations

from django import template
from django.template import Context

from headway.plans.elsewhere import Elsewhere, elsewhere
from headway.plans.models import Plan

register = template.Library()


@register.simple_tag(takes_context=True)
def elsewhere_of(context: Context, plan: Plan) -> tuple[Elsewhere, ...]:
    """The other pages of a plan that the reader may open now."""
    return elsewhere(plan, context["request"].user)
