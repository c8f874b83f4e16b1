"""Training modules that the CRM data says were completed while plans ran. Writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from headway.facts.store import Facts
from headway.plans.models import Plan
from headway.running.actions.coaching import Module

# The newest result of a module counts: taking it again is how one gets better.
_MODULES = """
SELECT person_id, module, max(completed_on), arg_max(score, completed_on)
FROM trainings WHERE person_id IN ({people}) AND completed_on BETWEEN DATE '{start}' AND DATE '{end}'
GROUP BY person_id, module ORDER BY person_id, module"""


def trainings_of(facts: Facts, plans: Sequence[Plan]) -> dict[int, Sequence[Module]]:
    """By plan the modules its person completed between the plan's first day and the day of the facts."""
    if not plans or not facts.has("trainings"):
        return {}
    # Written into the text: binding a parameter makes DuckDB import pandas, which takes a second.
    people = ", ".join("'" + one.replace("'", "''") + "'" for one in sorted({plan.person_id for plan in plans}))
    start = min(plan.start_on for plan in plans)
    text = _MODULES.format(people=people, start=start.isoformat(), end=facts.as_of.isoformat())
    by_person: dict[str, list[Module]] = defaultdict(list)
    for who, module, on, score in facts.con.execute(text).fetchall():
        by_person[str(who)].append(Module(str(module), on, None if score is None else float(score)))
    found = {
        plan.pk: [one for one in by_person[plan.person_id] if plan.start_on <= one.completed_on <= plan.last_on]
        for plan in plans
    }
    return {key: modules for key, modules in found.items() if modules}
