"""What every page about one person shares: who reads, about whom, the tabs, the look on record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from headway.core.actors import Actor
from headway.core.permissions import can, require
from headway.diagnosis.practice.models import ExceptionRequest, FormalReason
from headway.people.actions import note_seen
from headway.people.models import Person, User
from headway.people.queries import person_for, was_seen_lately


@dataclass(frozen=True)
class Tab:
    """One entry of a person's tabs."""

    label: str
    href: str
    current: bool


@dataclass(frozen=True)
class Reading:
    """Who reads a page about whom. `own`: about themselves; `side`: may write for the manager's side."""

    user: User
    person: Person
    own: bool
    side: bool

    def context(self, current: str) -> dict[str, Any]:
        """What the frame of the page needs."""
        return {
            "person": self.person,
            "own": self.own,
            "side": self.side,
            "tabs": tabs(self.user, self.person, current=current, own=self.own),
            "person_page": address("home") if self.own else address("person", self.person.pk),
        }


def reading(request: HttpRequest, person_id: str, *, page: str, permission: str = "practice.view") -> Reading:
    """Who reads about whom; NotFound outside the reach. A first look in an hour goes on record."""
    user = cast(User, request.user)
    require(user, permission, person_id)
    person = person_for(user, person_id)
    own = user.person_id == person_id
    if not own and request.method == "GET" and not was_seen_lately(user, person_id, page=page):
        note_seen(person_id=person_id, page=page, by=user)
    return Reading(user, person, own, side=bool(can(user, "practice.write", person_id)))


def address(name: str, *args: object) -> str:
    """The address of a page of any room, or nothing while no such page exists."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def tabs(actor: Actor, person: Person, *, current: str, own: bool) -> tuple[Tab, ...]:
    """The tabs of a person's pages, in the order in which a reader asks."""
    pages = [
        ("person", _("Where you stand") if own else _("What changed"), "home" if own else "person"),
        ("deals", _("Deals"), "person-deals"),
        ("coaching", _("Coaching"), "coaching"),
        ("observations", _("Observations"), "observations"),
        ("skills", _("Skills"), "skills"),
        ("why", _("From gap to coaching"), "why"),
    ]
    if not own or before_a_plan_matters(person.pk):
        pages.append(("gate", _("Before a plan"), "gate"))
    if not can(actor, "practice.view", person.pk):
        pages = pages[:2]
    found = [(key, label, address(name, *([] if name == "home" else [person.pk]))) for key, label, name in pages]
    return tuple(Tab(label, href, key == current) for key, label, href in found if href)


def before_a_plan_matters(person_id: str) -> bool:
    """Whether anybody has begun to ask for a formal plan: the person then reads the page too."""
    return (
        FormalReason.objects.filter(person_id=person_id).exists()
        or ExceptionRequest.objects.filter(person_id=person_id).exists()
    )
