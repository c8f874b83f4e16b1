"""What runs in the background: a proposed policy is tried on the past before anybody adopts it."""

from __future__ import annotations

from typing import Any

from django_q.tasks import async_task

from headway.core import events
from headway.core.actors import SYSTEM
from headway.core.errors import HeadwayError


def try_policy(number: int) -> None:
    """Try one proposed policy on the current facts and keep the result. Running it twice changes nothing."""
    from headway.detection.actions import keep_dry_run, keep_trouble  # read where needed, not at start
    from headway.detection.models import PolicyVersion
    from headway.detection.policy_queries import policy_in_force
    from headway.detection.triggers.trying import try_on_facts
    from headway.facts.store import open_facts

    found = PolicyVersion.objects.filter(pk=number, state=PolicyVersion.State.PROPOSED).first()
    if found is None:
        return
    try:
        with open_facts() as facts:
            result = try_on_facts(facts, found.text, in_force=policy_in_force())
    except HeadwayError as error:
        keep_trouble(policy=found, sentence=error.sentence, by=SYSTEM)
    else:
        keep_dry_run(policy=found, result=result, by=SYSTEM)


def try_later(policy: Any) -> None:
    """Ask the worker to try the policy."""
    async_task(f"{__name__}.try_policy", policy.pk, task_name="policy")


def listen() -> None:
    """Try every proposal."""
    events.on("policy.proposed", try_later)
