"""The groups that the company supplied and what was decided, for those who may read them: HR, and nobody else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from headway.core.actors import Actor
from headway.core.errors import NotFound
from headway.core.permissions import require
from headway.detection.equal_treatment import sentences as say
from headway.detection.equal_treatment.impact import Decided, Impact, Placed, compare_group, impact
from headway.detection.equal_treatment.sources import decided_elsewhere
from headway.detection.facts_port import FactsLike
from headway.detection.models import SignalRecord
from headway.detection.signal import Tier
from headway.facts.store import open_facts
from headway.metrics.queries import latest_run

NAMED = (Tier.SUPPORT.value, Tier.FORMAL.value)


def groups_in(facts: FactsLike, *, by: Actor) -> dict[str, dict[str, str]]:
    """Attribute -> person -> value. NotFound for everybody but HR."""
    require(by, "impact.view")
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for person, attribute, value in facts.con.execute(
        "SELECT person_id, attribute, value FROM groups WHERE coalesce(trim(value), '') <> '' ORDER BY ALL"
    ).fetchall():
        found[str(attribute)][str(person)] = str(value)
    return dict(found)


def placed_in(facts: FactsLike) -> dict[str, Placed]:
    """Manager and segment of everybody on the day."""
    rows = facts.con.execute(
        f"""SELECT p.person_id,
                   coalesce(max_by(a.manager_id, a.valid_from) FILTER (a.manager_id IS NOT NULL),
                            any_value(p.manager_id), ''),
                   coalesce(max_by(a.segment, a.valid_from) FILTER (a.segment IS NOT NULL), any_value(p.segment), '')
            FROM people p LEFT JOIN (
                SELECT person_id, manager_id, segment,
                       coalesce(CAST(valid_from AS DATE), DATE '1900-01-01') AS valid_from
                FROM assignments
                WHERE coalesce(CAST(valid_from AS DATE), DATE '1900-01-01') <= DATE '{facts.as_of}'
                  AND coalesce(CAST(valid_to AS DATE), DATE '9999-12-31') > DATE '{facts.as_of}') a USING (person_id)
            GROUP BY p.person_id"""
    ).fetchall()
    return {str(person): Placed(str(manager), str(segment)) for person, manager, segment in rows}


def decisions(as_of: date, tiers: Mapping[str, str]) -> list[Decided]:
    """Flags of the analysis (person -> level, everybody active), then what the rooms further on decided."""
    judged = frozenset(p for p, tier in tiers.items() if tier != Tier.NOT_EVALUABLE.value)
    named = frozenset(p for p, tier in tiers.items() if tier in NAMED)
    formal = frozenset(p for p, tier in tiers.items() if tier == Tier.FORMAL.value)
    found = [
        Decided("flags", say.decision_label("flags"), named, judged),
        Decided("formal_flags", say.decision_label("formal_flags"), formal, judged),
    ]
    return found + decided_elsewhere(as_of, frozenset(tiers))


def impact_of(facts: FactsLike, tiers: Mapping[str, str], *, by: Actor, attribute: str | None = None) -> Impact:
    """Every test over flags, plans and outcomes as of the facts' day. NotFound for everybody but HR."""
    return impact(
        decisions(facts.as_of, tiers),
        groups=groups_in(facts, by=by),
        placed=placed_in(facts),
        attribute=attribute,
    )


def note_for(person_id: str, *, by: Actor) -> tuple[str, ...]:
    """For HR's review of one plan: how the groups this person belongs to fare in plans (in flags, while there are no
    plans), a text per attribute.

    Empty where no groups were loaded or counts would point at persons. NotFound for everybody but HR.
    """
    require(by, "impact.view")
    run = latest_run()
    if run is None:
        return ()
    tiers = dict(SignalRecord.objects.filter(run=run).values_list("person_id", "tier"))
    try:
        with open_facts(as_of=run.as_of, version=run.facts_version) as facts:
            groups, placed = groups_in(facts, by=by), placed_in(facts)
    except NotFound:  # the load was undone since
        return ()
    made = decisions(run.as_of, tiers)
    chosen = [d for d in made if d.key == "plans"] or made[:1]
    told = []
    for decision in chosen:
        for attribute, values in sorted(groups.items()):
            if person_id not in values:
                continue
            found = compare_group(decision, attribute, values[person_id], values, placed)
            if found is not None:
                told.append(" ".join(found.sentences[:2]))
    return tuple(told)
