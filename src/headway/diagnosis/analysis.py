"""One pass over the facts: metrics, signals, diagnoses, evidence. Computed first, then kept in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

import headway
from headway.core import company
from headway.core.actors import Actor
from headway.core.errors import CannotCompute
from headway.core.period import Grain
from headway.core.permissions import require
from headway.detection.actions import keep_triggers
from headway.detection.early import charts_kept
from headway.detection.engine import HISTORY_WEEKS
from headway.detection.engine import analyse as fit_everything
from headway.detection.engine import report as report_of
from headway.detection.policy_queries import policy_in_force
from headway.detection.sentences import adjusted_label
from headway.detection.signal import NotEvaluable, Signal, SignalReport, Tier
from headway.detection.triggers.dry_run import names_now, run_triggers
from headway.diagnosis.actions import keep_analysis
from headway.diagnosis.engine import diagnose_all
from headway.diagnosis.found import Away, Found, Said
from headway.facts.store import Facts, open_facts
from headway.metrics.catalogue import catalogue_version
from headway.metrics.cube.book import figure_book
from headway.metrics.engine import metric_rows
from headway.metrics.models import AnalysisRun
from headway.metrics.own.queries import own_specs
from headway.metrics.spec import MetricSpec

Progress = Callable[[float, str], None]


def _silent(done: float, message: str) -> None:
    """Progress nobody looks at."""


def analyse(*, by: Actor, as_of: date | None = None, progress: Progress = _silent) -> AnalysisRun:
    """Analyse the current facts as of a day (their last one if None) and keep the result for the pages.

    The same inputs give the same run: a second call finds the first one's and computes nothing.

    Raises:
        CannotCompute: no facts are loaded.
    """
    require(by, "analysis.run")
    with open_facts(as_of=as_of) as facts:
        if facts.last_day is None:
            raise CannotCompute(_("No facts are loaded"), todo=_("Load an export first."))
        before = _same_inputs(facts)
        if before is not None:
            return before
        found = find(facts, progress=progress)
    progress(0.95, _("Keeping the result"))
    run = keep_analysis(found=found, by=by)
    if found.triggers:
        keep_triggers(run=run, named=found.triggers, by=by)
    return run


def own_metrics() -> tuple[MetricSpec, ...]:
    """The metrics that the company defined beside the built-in ones."""
    return own_specs(tuple(company.current().ladder))


def _same_inputs(facts: Facts) -> AnalysisRun | None:
    run = AnalysisRun.objects.filter(
        as_of=facts.as_of,
        facts_version=facts.version,
        facts_hash=facts.content_hash,
        code_version=headway.__version__,
        policy_version=policy_in_force().version,
        metrics_version=catalogue_version(own=own_metrics()),
        finished_at__isnull=False,
    ).order_by("-pk").first()  # fmt: skip
    newest = AnalysisRun.objects.filter(finished_at__isnull=False).order_by("-pk").first()
    # An older run is not the newest any more (somebody undid a load): it is made again, so that pages show it.
    return run if run is not None and run == newest else None


def find(facts: Facts, *, progress: Progress = _silent) -> Found:
    """Compute everything; writes nothing."""
    progress(0.05, _("Comparing like with like"))
    policy = policy_in_force()
    fitted = fit_everything(facts, policy=policy)
    report = report_of(facts, fitted, history_weeks=HISTORY_WEEKS)
    progress(0.45, _("Finding where the gaps are"))
    diagnoses = diagnose_all(facts, report, analysis=fitted)
    progress(0.7, _("Computing the metrics"))
    metrics = metric_rows(facts, grain=Grain.QUARTER, calendar=company.current(), own=own_metrics())
    return Found(
        as_of=facts.as_of,
        facts_version=facts.version,
        facts_hash=facts.content_hash,
        code_version=headway.__version__,
        policy_version=report.policy,
        metrics_version=catalogue_version(own=own_metrics()),
        first_day=facts.first_day,
        last_day=facts.last_day,
        summary=summary_of(report),
        report=report,
        diagnoses=diagnoses,
        metrics=tuple(metrics),
        evidence=_evidence(facts),
        triggers=names_now(run_triggers(facts, policy=policy, report=report)),
        absences=_absences(facts),
        watched=charts_kept(fitted, report),
        book=figure_book(facts, calendar=company.current(), own=own_metrics()),
    )


def summary_of(report: SignalReport) -> dict[str, Any]:
    """What the pages say about the whole: how sure, what cannot be told. No names."""
    named = sum(1 for e in report.people if e.tier in {Tier.SUPPORT, Tier.FORMAL})
    one = next((e for e in report.people if isinstance(e, Signal)), None)
    return {
        "named": named,
        "false_discovery_support": report.expected_false_discovery_support,
        "false_discovery_formal": report.expected_false_discovery_formal,
        "comparison": _comparison(one) if one else "",
        "spread": [
            {
                "metric": s.metric,
                "statistic": s.statistic,
                "df": s.df,
                "p_value": s.p_value,
                "sentence": s.sentence,
                "more_than_chance": s.more_than_chance,
            }
            for s in report.spread
        ],
        "not_evaluable_metrics": [{"key": m.key, "reason": m.reason} for m in report.not_evaluable_metrics],
        "unjudged": _unjudged(report),
    }


def _comparison(entry: Signal) -> str:
    taken = ", ".join(adjusted_label(key) for key in entry.comparison.adjusted_for)
    if not taken:
        return _("Each person is compared with colleagues in the same segment.")
    return _("Each person is compared with colleagues in the same segment; taken into account: %s.") % taken


def _unjudged(report: SignalReport) -> list[dict[str, Any]]:
    """How many people cannot be judged for which reason."""
    counted = Counter(e.code for e in report.people if isinstance(e, NotEvaluable))
    return [{"code": code, "people": people} for code, people in counted.most_common()]


_FEEDBACK = """
    SELECT person_id, given_on, coalesce(from_role, ''), coalesce(kind, ''), score, coalesce(text, '')
    FROM feedback WHERE given_on > CAST(? AS DATE) - INTERVAL 26 WEEK AND coalesce(text, '') <> ''
    ORDER BY given_on
"""


def _evidence(facts: Facts) -> tuple[Said, ...]:
    """Feedback in words of the last half year."""
    if not facts.has("feedback"):
        return ()
    return tuple(Said(*row) for row in facts.con.execute(_FEEDBACK, [facts.as_of]).fetchall())


_AWAY = """
    SELECT person_id, start_on, end_on FROM {table}
    WHERE start_on IS NOT NULL AND coalesce(end_on, DATE '9999-12-31') > CAST(? AS DATE) - INTERVAL 26 WEEK
    ORDER BY start_on, person_id
"""


def _absences(facts: Facts) -> tuple[Away, ...]:
    """Days away since half a year ago; of the newest facts announced ones too: no meeting is set in them."""
    if not facts.has("absences"):
        return ()
    newest = facts.manifest.last_day is None or facts.as_of >= facts.manifest.last_day
    table = "raw_absences" if newest else "absences"
    return tuple(Away(*row) for row in facts.con.execute(_AWAY.format(table=table), [facts.as_of]).fetchall())
