"""The one place that says who may do what, and why not.

Every room declares its rules with `allow`; pages show buttons by `can`, lists are filtered by `scoped`,
actions ask `require`: all three read the same table, which is also printed into the documentation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from headway.core.actors import Actor, Role
from headway.core.errors import NotAllowed, NotFound

M = TypeVar("M", bound=Model)


class Reach(StrEnum):
    """Over whom a right extends."""

    ANYONE = "anyone"
    SELF = "self"
    BELOW = "people below"
    CASE = "people with a case"


@dataclass(frozen=True)
class Rule:
    """One permission: what it allows in words, and for each role over whom."""

    permission: str
    words: str
    reach: Mapping[Role, Reach]


@dataclass(frozen=True)
class Decision:
    """Allowed or not, with the reason a person may read."""

    allowed: bool
    reason: str
    hidden: bool = False

    def __bool__(self) -> bool:
        return self.allowed


RULES: dict[str, Rule] = {}

# A reach is resolved to person ids by the room that knows (people: self and below; plans: case).
# None means everybody.
Resolver = Callable[[Actor], frozenset[str] | None]
_RESOLVERS: dict[Reach, Resolver] = {
    Reach.ANYONE: lambda actor: None,
    Reach.SELF: lambda actor: frozenset([actor.person_id] if actor.person_id else []),
}


def allow(permission: str, *, words: str, **reach: Reach) -> None:
    """Declare a permission: `allow("plan.draft", words="start a plan", manager=Reach.BELOW)`."""
    RULES[permission] = Rule(permission, words, {Role(role): over for role, over in reach.items()})


def resolve(reach: Reach, resolver: Resolver) -> None:
    """Tell how a reach is turned into person ids."""
    _RESOLVERS[reach] = resolver


def reachable(actor: Actor, permission: str) -> frozenset[str] | None:
    """Person ids that `actor` may use `permission` on; None = everybody; empty = nobody."""
    rule = RULES[permission]
    over = rule.reach.get(Role(actor.role)) if getattr(actor, "is_authenticated", True) else None
    if over is None:
        return frozenset()
    return _RESOLVERS[over](actor)


def about(subject: object) -> str | None:
    """The person a thing is about: its `person_id`, or the text itself."""
    if isinstance(subject, str):
        return subject
    found = getattr(subject, "person_id", None)
    return str(found) if found is not None else None


def can(actor: Actor, permission: str, subject: object = None) -> Decision:
    """May `actor` do `permission` (on `subject`)? With the reason."""
    rule = RULES[permission]
    if not getattr(actor, "is_authenticated", True):
        return Decision(False, "Please sign in first", hidden=True)
    over = rule.reach.get(Role(actor.role))
    if over is None:
        return Decision(False, f"The role {actor.role} may not {rule.words}", hidden=subject is not None)
    if subject is None or over is Reach.ANYONE:
        return Decision(True, f"The role {actor.role} may {rule.words}")
    ids = _RESOLVERS[over](actor)
    if ids is None or about(subject) in ids:
        return Decision(True, f"The role {actor.role} may {rule.words} for {over}")
    return Decision(False, f"You may {rule.words} only for {over}", hidden=True)


def require(actor: Actor, permission: str, subject: object = None) -> None:
    """Raise unless allowed: NotFound where even the existence is none of the person's business."""
    decision = can(actor, permission, subject)
    if decision:
        return
    if decision.hidden:
        raise NotFound("There is no such page, or it is not yours to see")
    raise NotAllowed(decision.reason, todo="Ask your administrator if you think you should be able to.")


def scoped(actor: Actor, permission: str, rows: QuerySet[M], *, field: str = "person_id") -> QuerySet[M]:
    """Only those rows that `can(actor, permission, row)` would allow."""
    ids = reachable(actor, permission)
    if ids is None:
        return rows
    condition: Any = Q(**{f"{field}__in": ids})
    return rows.filter(condition)
