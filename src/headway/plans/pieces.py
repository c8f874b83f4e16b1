"""Pieces of a plan that people talk about: a goal, a promise, a section of words, or the whole."""

from __future__ import annotations

from django.utils.translation import gettext as _

from headway.core.errors import BadInput
from headway.plans.keeping import SECTIONS
from headway.plans.models import Plan

GOAL, PROMISE, SECTION = "goal", "promise", "section"


def piece_of(plan: Plan, piece: str) -> str:
    """The piece, if the plan has it ("" = the whole plan).

    Raises:
        BadInput: there is no such piece.
    """
    kind, _sep, key = piece.partition(":")
    there = {
        "": not piece,
        GOAL: plan.goals.filter(key=key).exists(),
        PROMISE: plan.promises.filter(key=key).exists(),
        SECTION: key in (*SECTIONS, "what_we_saw"),
    }
    if not there.get(kind, False):
        raise BadInput(_("There is no such piece in this plan"), value=piece[:60])
    return piece
