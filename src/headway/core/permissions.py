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
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from headway.core.actors import Actor, Role
from headway.core.errors import NotAllowed, NotFound
from headway.core.lists import among
from headway.core.remembered import remembered

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
    words: str | Promise
    reach: Mapping[Role, Reach]

    @property
    def in_words(self) -> list[tuple[str, str]]:
        """Who, and over whom, in the reader's language."""
        return [(str(ROLE_WORDS[role]), str(REACH_WORDS[over])) for role, over in self.reach.items()]


@dataclass(frozen=True)
class Decision:
    """Allowed or not, with the reason a person may read."""

    allowed: bool
    reason: str
    hidden: bool = False

    def __bool__(self) -> bool:
        return self.allowed


ROLE_WORDS: dict[Role, Promise] = {
    Role.REP: gettext_lazy("rep"),
    Role.MANAGER: gettext_lazy("manager"),
    Role.LEADER: gettext_lazy("leader"),
    Role.HR: gettext_lazy("HR partner"),
    Role.REVOPS: gettext_lazy("RevOps"),
    Role.ADMIN: gettext_lazy("administrator"),
    Role.SYSTEM: gettext_lazy("the program itself"),
}
REACH_WORDS: dict[Reach, Promise] = {
    Reach.ANYONE: gettext_lazy("everybody"),
    Reach.SELF: gettext_lazy("themselves"),
    Reach.BELOW: gettext_lazy("people below"),
    Reach.CASE: gettext_lazy("people with a case"),
}
RULES: dict[str, Rule] = {}

# A reach is resolved to person ids by the room that knows (people: self and below; plans: case).
# None means everybody.
Resolver = Callable[[Actor], frozenset[str] | None]
_RESOLVERS: dict[Reach, Resolver] = {
    Reach.ANYONE: lambda actor: None,
    Reach.SELF: lambda actor: frozenset([actor.person_id] if actor.person_id else []),
}


def allow(permission: str, *, words: str | Promise, **reach: Reach) -> None:
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
    return _ids(actor, over)


def _ids(actor: Actor, over: Reach) -> frozenset[str] | None:
    key = ("reach", over, actor.role, getattr(actor, "pk", None), actor.person_id)
    return remembered(key, lambda: _RESOLVERS[over](actor))


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
        return Decision(False, _("Please sign in first"), hidden=True)
    over = rule.reach.get(Role(actor.role))
    # Whoever may not look at a thing need not know that it exists.
    hidden = subject is not None or permission.endswith(".view")
    told = {"role": ROLE_WORDS[Role(actor.role)], "words": rule.words, "over": REACH_WORDS[over] if over else ""}
    if over is None:
        return Decision(False, _("Somebody with the role %(role)s may not %(words)s") % told, hidden=hidden)
    if subject is None or over is Reach.ANYONE:
        return Decision(True, _("Somebody with the role %(role)s may %(words)s") % told)
    ids = _ids(actor, over)
    if ids is None or about(subject) in ids:
        return Decision(True, _("Somebody with the role %(role)s may %(words)s for %(over)s") % told)
    return Decision(False, _("You may %(words)s only for %(over)s") % told, hidden=True)


def require(actor: Actor, permission: str, subject: object = None) -> None:
    """Raise unless allowed: NotFound where even the existence is none of the person's business."""
    decision = can(actor, permission, subject)
    if decision:
        return
    if decision.hidden:
        raise NotFound(_("There is no such page, or it is not yours to see"))
    raise NotAllowed(decision.reason, todo=_("Ask your administrator if you think you should be able to."))


def scoped(actor: Actor, permission: str, rows: QuerySet[M], *, field: str = "person_id") -> QuerySet[M]:
    """Only those rows that `can(actor, permission, row)` would allow."""
    ids = reachable(actor, permission)
    if ids is None:
        return rows
    condition: Any = Q(**{f"{field}__in": among(ids)})
    return rows.filter(condition)
