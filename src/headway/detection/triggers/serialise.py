"""Dry runs as JSON, for scripts and for the record."""

from dataclasses import asdict
from typing import Any

from headway.detection.triggers.dry_run import DryRun, TriggerRun
from headway.detection.triggers.trigger import TriggerKind

UNUSED = {
    TriggerKind.QUOTA: {"activity", "least"},
    TriggerKind.ACTIVITY: {"least"},
    TriggerKind.CONVERSION: {"activity"},
}


def contract(run: DryRun) -> dict[str, Any]:
    """The document that `headway policy dry-run --json` prints."""
    return {
        "as_of": run.as_of.isoformat(),
        "policy": run.policy,
        "against": run.against,
        "people": run.people,
        "levels": run.levels,
        "level_changes": [asdict(change) for change in run.changes],
        "triggers": [trigger_contract(item) for item in run.triggers],
        "sentences": list(run.sentences),
    }


def trigger_contract(run: TriggerRun) -> dict[str, Any]:
    """One trigger: its rule, whom it names now and named before, and what chance alone would do."""
    unused = {TriggerKind.QUOTA: {"activity", "least"}, TriggerKind.ACTIVITY: {"least"}}.get(
        run.trigger.kind, {"activity"}
    )
    given = asdict(run.trigger).items()
    rule = {key: value for key, value in given if value not in (None, "") and key not in unused}
    return {
        "name": run.trigger.name,
        "rule": rule,
        "words": run.words,
        "evaluable": run.reason is None,
        "reason": run.reason,
        "could_be_named": run.could,
        "named": [asdict(why) for why in run.now],
        "ramping": run.ramping,
        "by_chance": asdict(run.by_chance) if run.by_chance else None,
        "overlap": run.overlap,
        "overlooked": run.overlooked,
        "history": [
            {"last_day": p.last_day.isoformat(), "could_be_named": p.could, "named": list(p.people)}
            for p in run.history
        ],
        "sentences": list(run.sentences),
    }
