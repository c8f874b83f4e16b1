"""Every write to the company's policy: propose, keep what it would do, adopt, turn down; triggers of a run."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from django.utils.translation import gettext as _

from headway.core import audit, clock, company
from headway.core.action import action
from headway.core.actors import Actor
from headway.core.errors import BadInput, Conflict, NotAllowed
from headway.detection.models import PolicyVersion, TriggerRecord
from headway.detection.policy import DEFAULT
from headway.detection.policy_file import check_stages, policy_of
from headway.detection.triggers.dry_run import DryRun
from headway.detection.triggers.serialise import contract
from headway.metrics.models import AnalysisRun

LONGEST_REASON = 2000


@action(permission="policy.propose", event="policy.proposed")
def propose_policy(*, text: str, reason: str, by: Actor) -> PolicyVersion:
    """Write a policy down; it is then tried on the past and counts for nobody before it is adopted.

    Raises BadInput on a text that is no policy or without a reason, Conflict on a version used before.
    """
    policy = policy_of(text)
    check_stages(policy, tuple(company.current().ladder))
    if not reason.strip():
        raise BadInput(_("A policy needs a reason"), todo=_("Say in a sentence why it changes."))
    if policy.version == DEFAULT.version or PolicyVersion.objects.filter(version=policy.version).exists():
        raise Conflict(
            _("There is a policy of this version already"), value=policy.version, todo=_("Give it a new version.")
        )
    kept = PolicyVersion.objects.create(
        version=policy.version,
        text=text,
        text_hash=hashlib.sha256(text.encode()).hexdigest(),
        reason=reason.strip()[:LONGEST_REASON],
        made_by_id=by.pk,
        made_by_name=by.name,
        made_at=clock.now(),
    )
    audit.detail(version=policy.version, text_hash=kept.text_hash, reason=kept.reason)
    return kept


@action(permission="policy.dry_run", event="policy.tried", locks="policy")
def keep_dry_run(*, policy: PolicyVersion, result: DryRun, by: Actor) -> PolicyVersion:
    """Keep what the policy would have done."""
    policy.dry_run, policy.dry_run_trouble = contract(result), ""
    policy.save(update_fields=["dry_run", "dry_run_trouble"])
    audit.detail(version=policy.version, as_of=result.as_of.isoformat(), changes=len(result.changes))
    return policy


@action(permission="policy.dry_run", event="policy.not_tried", locks="policy")
def keep_trouble(*, policy: PolicyVersion, sentence: str, by: Actor) -> PolicyVersion:
    """Keep why the policy could not be tried."""
    policy.dry_run_trouble = sentence
    policy.save(update_fields=["dry_run_trouble"])
    audit.detail(version=policy.version, why=sentence)
    return policy


@action(permission="policy.adopt", event="policy.adopted", locks="policy")
def adopt_policy(*, policy: PolicyVersion, reason: str, by: Actor) -> PolicyVersion:
    """Let a proposed policy count from the next analysis on. Two people are needed: one proposes, another adopts.

    Raises Conflict unless it is proposed and was tried, NotAllowed for the one who proposed it.
    """
    if policy.state != PolicyVersion.State.PROPOSED:
        raise Conflict(
            _("This policy is not open for a decision"), value=policy.version, todo=_("Load the page again.")
        )
    if policy.dry_run is None:
        raise Conflict(
            _("This policy has not been tried on the past yet"),
            value=policy.version,
            todo=_("Wait for the dry run, and read whom it would name."),
        )
    if by.pk is not None and by.pk == policy.made_by_id:
        raise NotAllowed(
            _("Whoever proposes a policy does not adopt it"),
            value=policy.version,
            todo=_("Ask HR or RevOps to read the dry run and decide."),
        )
    before = PolicyVersion.objects.filter(state=PolicyVersion.State.ADOPTED).first()
    if before is not None:
        before.state = PolicyVersion.State.REPLACED
        before.save(update_fields=["state"])
    _decide(policy, PolicyVersion.State.ADOPTED, reason, by)
    audit.detail(version=policy.version, before=before.version if before else DEFAULT.version, reason=reason.strip())
    return policy


@action(permission="policy.adopt", event="policy.turned_down", locks="policy")
def turn_down_policy(*, policy: PolicyVersion, reason: str, by: Actor) -> PolicyVersion:
    """Close a proposal without adopting it; whoever proposed it may take it back in this way."""
    if policy.state != PolicyVersion.State.PROPOSED:
        raise Conflict(
            _("This policy is not open for a decision"), value=policy.version, todo=_("Load the page again.")
        )
    if not reason.strip():
        raise BadInput(_("Turning a policy down needs a reason"), todo=_("Say in a sentence why."))
    _decide(policy, PolicyVersion.State.REJECTED, reason, by)
    audit.detail(version=policy.version, reason=reason.strip())
    return policy


def _check_open(policy: PolicyVersion) -> None:
    if policy.state != PolicyVersion.State.PROPOSED:
        raise Conflict(
            _("This policy is not open for a decision"), value=policy.version, todo=_("Load the page again.")
        )


def _decide(policy: PolicyVersion, state: PolicyVersion.State, reason: str, by: Actor) -> None:
    policy.state, policy.decided_by_name, policy.decided_at = state, by.name, clock.now()
    policy.decision_reason = reason.strip()[:LONGEST_REASON]
    policy.save(update_fields=["state", "decided_by_name", "decided_at", "decision_reason"])


@action(permission="analysis.run", event="triggers.kept")
def keep_triggers(*, run: AnalysisRun, named: Mapping[str, tuple[tuple[str, str], ...]], by: Actor) -> AnalysisRun:
    """Keep whom the company's own triggers name in a run: per person (name of the trigger, why)."""
    TriggerRecord.objects.bulk_create(
        [
            TriggerRecord(run=run, person_id=person, trigger=name, sentence=why)
            for person, items in named.items()
            for name, why in items
        ],
        batch_size=500,
    )
    audit.detail(people=len(named))
    return run


@action(permission="impact.view", event="impact.seen")
def note_impact_seen(*, page: str, by: Actor) -> None:
    """Write down that somebody looked at how groups or managers compare."""
    audit.detail(page=page)
