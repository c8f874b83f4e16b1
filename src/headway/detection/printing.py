"""What `headway signals` prints: a table for people, one JSON document for scripts."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date

from django.utils.translation import gettext as _

from headway.detection import sentences as say
from headway.detection.serialise import contract
from headway.detection.signal import NotEvaluable, SignalReport
from headway.detection.watch import EarlyWarning

Out = Callable[[str], None]


def print_signals(report: SignalReport, *, json_out: bool, out: Out) -> None:
    """Write the report to `out`, a line at a time; people in the order of their ids, never ranked."""
    if json_out:
        out(json.dumps(contract(report), ensure_ascii=False, allow_nan=False))
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
