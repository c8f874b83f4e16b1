"""Reading the policy and what it would do, always for a named actor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from headway.core.actors import Actor
from headway.core.errors import NotFound
from headway.core.permissions import reachable, require, scoped
from headway.detection.models import PolicyVersion, TriggerRecord
from headway.detection.policy import DEFAULT, Policy
from headway.detection.policy_file import policy_of
from headway.metrics.models import AnalysisRun
from headway.people.models import Person


def policy_in_force() -> Policy:
    """The adopted policy, the default where the company has none. For the engine, not for pages."""
    found = PolicyVersion.objects.filter(state=PolicyVersion.State.ADOPTED).first()
    return policy_of(found.text) if found is not None else DEFAULT


def policies_for(actor: Actor) -> QuerySet[PolicyVersion]:
    """Every version there was, newest first."""
    require(actor, "policy.view")
    return PolicyVersion.objects.order_by("-pk")


def policy_for(actor: Actor, version: str) -> PolicyVersion:
    """One version. NotFound where there is none."""
    found = policies_for(actor).filter(version=version).first()
    if found is None:
        raise NotFound("There is no such policy", value=version)
    return found


@dataclass(frozen=True)
class NamedPerson:
    """Somebody a trigger names, for a reader who may see them."""

    person_id: str
    name: str
    sentence: str


@dataclass(frozen=True)
class TriggerView:
    """One trigger of a dry run as a reader may see it: names only of people within reach."""

    name: str
    words: str
    reason: str | None
    could: int
    named: int
    by_chance: Mapping[str, Any] | None
    overlap: Mapping[str, int]
    history: tuple[Mapping[str, Any], ...]
    sentences: tuple[str, ...]
    people: tuple[NamedPerson, ...]


@dataclass(frozen=True)
class LevelMove:
    """Somebody whose level would change, for a reader who may see them."""

    person_id: str
    name: str
    before: str
    after: str


@dataclass(frozen=True)
class DryRunView:
    """What a policy would do, as a reader may see it."""

    as_of: str
    against: str
    people: int
    levels: Mapping[str, int]
    changes: int
    moves: tuple[LevelMove, ...]
    triggers: tuple[TriggerView, ...]
    sentences: tuple[str, ...]


def dry_run_for(actor: Actor, kept: Mapping[str, Any]) -> DryRunView:
    """A kept dry run with the names the actor may see; counts are for everybody who may see the policy."""
    require(actor, "policy.view")
    ids = reachable(actor, "person.view")
    wanted = {c["person_id"] for c in kept["level_changes"]}
    wanted |= {w["person_id"] for t in kept["triggers"] for w in t["named"]}
    visible = wanted if ids is None else wanted & ids
    names = dict(Person.objects.filter(pk__in=visible).values_list("person_id", "name"))

    def shown(person_id: str) -> bool:
        return person_id in visible

    return DryRunView(
        kept["as_of"],
        kept["against"],
        kept["people"],
        kept["levels"],
        len(kept["level_changes"]),
        tuple(
            LevelMove(c["person_id"], names.get(c["person_id"], c["person_id"]), c["before"], c["after"])
            for c in kept["level_changes"]
            if shown(c["person_id"])
        ),
        tuple(
            TriggerView(
                t["name"],
                t["words"],
                t["reason"],
                t["could_be_named"],
                len(t["named"]),
                t["by_chance"],
                t["overlap"],
                tuple(
                    {"last_day": h["last_day"], "could": h["could_be_named"], "named": len(h["named"])}
                    for h in t["history"]
                ),
                tuple(t["sentences"]),
                tuple(
                    NamedPerson(w["person_id"], names.get(w["person_id"], w["person_id"]), w["sentence"])
                    for w in t["named"]
                    if shown(w["person_id"])
                ),
            )
            for t in kept["triggers"]
        ),
        tuple(kept["sentences"]),
    )


def triggers_about(actor: Actor, run: AnalysisRun, person_id: str) -> QuerySet[TriggerRecord]:
    """The company's own triggers that name a person in a run."""
    require(actor, "person.view", person_id)
    return scoped(actor, "person.view", TriggerRecord.objects.filter(run=run, person_id=person_id)).order_by("trigger")
