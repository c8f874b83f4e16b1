"""Reading people, always for a named actor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from django.db.models import QuerySet

from headway.core import clock
from headway.core.actors import Actor
from headway.core.errors import NotFound
from headway.core.kept import Kept
from headway.core.models import AuditEntry
from headway.core.permissions import Reach, reachable, require, resolve, scoped
from headway.people.models import Person, ReportingLines, Territory

Reports = dict[str, list[str]]


def ids_below(person_id: str | None) -> frozenset[str]:
    """Everybody who reports to the person, directly or through others; the person not included."""
    return _below_in(_reports(), person_id) if person_id else frozenset()


def _reports() -> Reports:
    """Who reports to whom directly, by manager."""
    reports: Reports = {}
    lines = Person.objects.filter(listed=True, manager__isnull=False).values_list("person_id", "manager_id")
    for child, parent in lines:
        reports.setdefault(str(parent), []).append(child)
    return reports


def _below_in(reports: Reports, person_id: str) -> frozenset[str]:
    found: set[str] = set()
    waiting = [person_id]
    while waiting:
        for child in reports.get(waiting.pop(), ()):
            if child not in found and child != person_id:
                found.add(child)
                waiting.append(child)
    return frozenset(found)


def _below(actor: Actor) -> frozenset[str]:
    # A page asks several times for the same actor: the answer is kept on the object of this request.
    kept = getattr(actor, "_ids_below", None)
    if kept is None:
        kept = _kept_below(actor.person_id)
        if hasattr(actor, "__dict__"):
            actor.__dict__["_ids_below"] = kept
    return frozenset(kept)


# Ten thousand people take a manager's page twenty milliseconds to go through: kept as long as no load changes them.
_BELOW: Kept[tuple[str, str], frozenset[str]] = Kept(1000)


def _kept_below(person_id: str | None) -> frozenset[str]:
    # The stamp is read before the people are: what is kept under it is never older than it says.
    stamp = ReportingLines.objects.values_list("stamp", flat=True).first()
    if stamp is None or not person_id:
        return ids_below(person_id)
    found = _BELOW.get((stamp, person_id))
    return _BELOW.put((stamp, person_id), _below_in(_reports_as_of(stamp), person_id)) if found is None else found


@lru_cache(maxsize=1)
def _reports_as_of(stamp: str) -> Reports:
    return _reports()


def wire_reach() -> None:
    """Teach the permission rules what "people below" means. Called once at start."""
    resolve(Reach.BELOW, _below)


def people_for(actor: Actor) -> QuerySet[Person]:
    """The people whose figures `actor` may see, by name."""
    return scoped(actor, "person.view", Person.objects.filter(listed=True)).order_by("name")


def reps_for(actor: Actor) -> QuerySet[Person]:
    """The reps among them who still work here."""
    return people_for(actor).filter(role="rep", left_on__isnull=True)


def person_for(actor: Actor, person_id: str) -> Person:
    """One person, or NotFound where there is none or it is none of the actor's business."""
    require(actor, "person.view", person_id)
    found = Person.objects.filter(pk=person_id, listed=True).select_related("manager").first()
    if found is None:
        raise NotFound("There is no such person", value=person_id)
    return found


def may_see(actor: Actor, person_id: str) -> bool:
    """Whether the actor may see this person's figures."""
    ids = reachable(actor, "person.view")
    return ids is None or person_id in ids


def rep_ids_of(actor: Actor, *, team: str = "", at_most: int) -> list[str] | None:
    """Reps whose figures `actor` may see, by name; None where there are more than `at_most` and no team is chosen."""
    reach = reachable(actor, "figures.view")
    reps = Person.objects.filter(listed=True, role="rep")
    if team:
        reps = reps.filter(team=team)
    elif reach is not None and len(reach) > at_most:
        return None
    elif reach is not None:
        reps = reps.filter(pk__in=reach)
    else:
        reps = reps[: at_most + 1]
    found = sorted((name, who) for who, name in reps.values_list("person_id", "name") if reach is None or who in reach)
    return None if not team and len(found) > at_most else [who for _name, who in found]


def name_of(actor: Actor, person_id: str) -> str:
    """A person's name, NotFound outside the actor's reach."""
    require(actor, "figures.view", person_id)
    found = Person.objects.filter(pk=person_id).values_list("name", flat=True).first()
    return str(found or person_id)


def teams_for(actor: Actor) -> tuple[str, ...]:
    """The teams of the reps whose figures `actor` may see, by name."""
    found = scoped(actor, "figures.view", Person.objects.filter(listed=True, role="rep")).exclude(team="")
    return tuple(found.order_by("team").values_list("team", flat=True).distinct())


def names_and_teams(actor: Actor, person_ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Name and team of those among the people whose figures `actor` may see."""
    reach = reachable(actor, "figures.view")
    # Asking for fifty is quicker than handing the database everybody within reach.
    asked = [who for who in person_ids if reach is None or who in reach]
    found = Person.objects.filter(pk__in=asked).values_list("person_id", "name", "team")
    return {who: (name, team) for who, name, team in found}


@dataclass(frozen=True)
class TerritoryNow:
    """A territory's name and potential on a day."""

    name: str
    potential: float | None


def territory_name(territory_id: str) -> str:
    """The territory's name, or its id where it has none."""
    found = Territory.objects.filter(territory_id=territory_id).order_by("-valid_from").first()
    return found.name if found and found.name else territory_id


def was_seen_lately(actor: Actor, person_id: str, *, page: str, within: timedelta = timedelta(hours=1)) -> bool:
    """Whether this reader's look at this page about a person already stands in the record of the last hour."""
    since = clock.now() - within
    mine = AuditEntry.objects.filter(event="person.seen", actor_id=actor.pk, person_id=person_id, at__gte=since)
    return mine.filter(detail__page=page).exists()
