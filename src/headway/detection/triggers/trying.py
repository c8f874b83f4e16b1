"""A policy text tried on facts: checked against the ladder, compared with the policy in force."""

from dataclasses import replace

from headway.detection.engine import signals
from headway.detection.facts_port import FactsLike
from headway.detection.policy import Policy
from headway.detection.policy_file import check_stages, policy_of
from headway.detection.triggers.dry_run import DryRun, dry_run


def try_on_facts(facts: FactsLike, text: str | Policy, *, in_force: Policy) -> DryRun:
    """What the policy would do, and whose level it would change. Raises BadInput on a policy that does not fit."""
    policy = policy_of(text) if isinstance(text, str) else text
    check_stages(policy, facts.ladder)
    now = signals(facts, policy=in_force, history_weeks=0)
    under = now if same_thresholds(policy, in_force) else signals(facts, policy=policy, history_weeks=0)
    return dry_run(facts, policy=policy, under=under, in_force=now)


def same_thresholds(one: Policy, other: Policy) -> bool:
    """Whether two policies differ in nothing but their names and triggers: then the levels are the same."""
    return replace(one, version="", triggers=()) == replace(other, version="", triggers=())
