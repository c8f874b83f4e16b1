"""Where else a plan is shown: rooms further on append what they have, and every page of a plan links to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from headway.core.actors import Actor
from headway.plans.models import Plan


@dataclass(frozen=True)
class Elsewhere:
    """A page about the same plan: what it is called, and its address."""

    text: str
    path: str


Finder = Callable[[Plan, Actor], Elsewhere | None]
# None: nothing there yet that this reader may see.
FINDERS: list[Finder] = []


def elsewhere(plan: Plan, by: Actor) -> tuple[Elsewhere, ...]:
    """The other pages of a plan that `by` may open now."""
    return tuple(found for find in FINDERS if (found := find(plan, by)) is not None)
