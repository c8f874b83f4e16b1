"""What `headway signals` prints: a table for people, one JSON document for scripts."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date

from django.utils.translation import gettext as _

from headway.detection import sentences as say
from headway.detection.models import PolicyVersion
from headway.detection.policy import DEFAULT
from headway.detection.serialise import contract
from headway.detection.signal import NotEvaluable, SignalReport
from headway.detection.triggers.dry_run import DryRun, TriggerRun, names_now
from headway.detection.triggers.serialise import contract as dry_run_contract
from headway.detection.triggers.serialise import trigger_contract
from headway.detection.watch import EarlyWarning

Out = Callable[[str], None]


def print_signals(report: SignalReport, *, json_out: bool, out: Out, triggers: tuple[TriggerRun, ...] = ()) -> None:
    """Write the report to `out`, a line at a time; people in the order of their ids, never ranked."""
    if json_out:
        document = {**contract(report), "triggers": [trigger_contract(run) for run in triggers]}
        by_person = names_now(triggers)
        for person in document["people"]:
            person["triggers"] = [{"name": n, "sentence": why} for n, why in by_person.get(person["person_id"], ())]
        out(json.dumps(document, ensure_ascii=False, allow_nan=False))
        return
    for entry in report.people:
        if isinstance(entry, NotEvaluable):
            out(f"{entry.person_id}  {entry.tier.value}  {entry.sentence} {entry.what_would_help}")
        else:
            out(f"{entry.person_id}  {entry.tier.value}  {' '.join(entry.sentences)} {entry.what_would_clear}")
    for test in report.spread:
        out(test.sentence)
    for metric in report.not_evaluable_metrics:
        out(_("%(metric)s not evaluable: %(reason)s") % {"metric": metric.key, "reason": metric.reason})
    if report.expected_false_discovery_support is not None:
        out(say.false_discovery_sentence(report.expected_false_discovery_support))
    for run in triggers:
        _print_trigger(run, out=out)


def _print_trigger(run: TriggerRun, *, out: Out) -> None:
    out(f"{run.trigger.name}: {run.words}")
    for sentence in run.sentences:
        out(f"  {sentence}")
    for why in run.now:
        out(f"  {why.person_id}  {why.sentence}")


def print_dry_run(run: DryRun, *, json_out: bool, out: Out) -> None:
    """What a policy would have done: per trigger whom it names, when, and what chance alone does."""
    if json_out:
        out(json.dumps(dry_run_contract(run), ensure_ascii=False, allow_nan=False))
        return
    for sentence in run.sentences:
        out(sentence)
    for change in run.changes:
        out(f"  {change.person_id}  {change.before} -> {change.after}")
    for trigger in run.triggers:
        _print_trigger(trigger, out=out)
        for period in trigger.history:
            out(f"  {period.last_day}  {len(period.people)}/{period.could}  {' '.join(period.people)}")


def print_policies(found: tuple[PolicyVersion, ...], *, json_out: bool, out: Out) -> None:
    """Every version of the policy; where there is none the default counts."""
    if json_out:
        out(json.dumps({"policies": [policy_contract(p) for p in found]}, ensure_ascii=False, allow_nan=False))
        return
    for policy in found:
        made = _("%(name)s, %(day)s: %(reason)s") % {
            "name": policy.made_by_name,
            "day": policy.made_at.date().isoformat(),
            "reason": policy.reason,
        }
        out(f"{policy.version}  {policy.get_state_display()}  {made}")
    if not any(policy.state == PolicyVersion.State.ADOPTED for policy in found):
        out(_("The default policy is in force: %s") % DEFAULT.version)


def policy_contract(policy: PolicyVersion) -> dict[str, object]:
    """One version for scripts."""
    return {
        "version": policy.version,
        "state": policy.state,
        "reason": policy.reason,
        "made_by": policy.made_by_name,
        "made_at": policy.made_at.isoformat(),
        "decided_by": policy.decided_by_name or None,
        "decided_at": policy.decided_at.isoformat() if policy.decided_at else None,
        "text_hash": policy.text_hash,
        "tried": policy.dry_run is not None,
    }


def print_warnings(as_of: date, warnings: tuple[EarlyWarning, ...], *, json_out: bool, out: Out) -> None:
    """Write the early warnings; people in the order of their ids."""
    if json_out:
        listed = [{**asdict(w), "since": w.since.isoformat()} for w in warnings]
        out(json.dumps({"as_of": as_of.isoformat(), "warnings": listed}, ensure_ascii=False, allow_nan=False))
        return
    for warning in warnings:
        out(f"{warning.person_id}  {warning.kind}  {warning.sentence}")
    if not warnings:
        out(_("Nothing changed lately that is more than the usual up and down."))
