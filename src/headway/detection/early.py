"""Early warnings of an analysis: the charts on effort and results, who is beyond a limit, and the words."""

from dataclasses import dataclass
from datetime import date

from headway.detection.analysis import Analysis
from headway.detection.signal import Finding, Signal, SignalReport
from headway.detection.watch import EFFORT, EarlyWarning

# a chart is kept while it is, or lately was, beyond its limit
KEPT_WEEKS = 13


@dataclass(frozen=True)
class WatchSeen:
    """A chart beyond its limit within the last quarter, as it is kept: see `models.WatchRecord`."""

    person_id: str
    kind: str
    key: str
    since: date
    warns: bool
    levels: list[float]


def charts_kept(analysis: Analysis, report: SignalReport) -> tuple[WatchSeen, ...]:
    """Charts that the pages show, of people who are judged at all."""
    ids, judged = analysis.roster.ids, {e.person_id for e in report.people if isinstance(e, Signal)}
    return tuple(
        WatchSeen(ids[c.person], c.kind, c.key, analysis.roster.day(c.week), c.warns, list(c.levels))
        for c in analysis.charts
        if max(c.levels[-KEPT_WEEKS:]) > 1.0 and ids[c.person] in judged
    )


def early_warnings(report: SignalReport) -> tuple[EarlyWarning, ...]:
    """Falls that the evidence shows: in results (strength = their chance) or in effort."""
    found = []
    for entry in report.people:
        if not isinstance(entry, Signal) or entry.since is None or entry.since_kind is None:
            continue
        effort = entry.warned == EFFORT
        if not effort and entry.finding not in (Finding.EARLY_SIGN, Finding.REAL_DROP):
            continue
        words = entry.reasons[0] if entry.reasons else entry.sentences[0]
        found.append(
            EarlyWarning(
                entry.person_id,
                entry.since,
                "effort" if effort else "conversion",
                round(max(entry.p_change, entry.p_warning), 4),
                words,
            )
        )
    return tuple(found)
