"""How sure the analysis is, and what the data cannot tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.core.actors import Actor
from headway.detection.signal import Finding
from headway.home.pictures import stage_label
from headway.home.queries import findings_count
from headway.home.words import count, percent, spelled
from headway.metrics.models import AnalysisRun

__all__ = ["context", "spelled", "sure"]


@dataclass(frozen=True)
class Sure:
    """How sure the list is, in the words of a small card."""

    sentences: tuple[str, ...]
    data_until: date | None
    policy: str


def sure(run: AnalysisRun) -> Sure:
    """What stands behind "How sure is this list?"."""
    said = []
    group = run.summary.get("comparison")
    if group:
        said.append(str(group))
    share = run.summary.get("false_discovery_support")
    named = run.summary.get("named", 0)
    if named and share is not None:
        said.append(_of_ten_named(float(share)))
    elif not named:
        said.append(_("Nobody in the company is named as a clear finding."))
    return Sure(tuple(said), run.last_day, run.policy_version)


def _of_ten_named(share: float) -> str:
    tenth = round(share * 10)
    if tenth < 1:
        return _("Of ten people named as a clear finding, fewer than one is expected to be fine.")
    return ngettext(
        "Of ten people named as a clear finding, about %s is expected to be fine.",
        "Of ten people named as a clear finding, about %s are expected to be fine.",
        tenth,
    ) % spelled(tenth)


@dataclass(frozen=True)
class FindingLine:
    """How many people have a finding."""

    words: str
    kind: str
    people: int
    meaning: str


def lines(counts: Mapping[str, int]) -> list[FindingLine]:
    """Findings with their number of people, in the order of care."""
    clear = counts.get(Finding.REAL_DROP, 0) + counts.get(Finding.BELOW, 0)
    fine = counts.get(Finding.STEADY, 0) + counts.get(Finding.WELL, 0)
    rows = [
        (_("Clear finding"), "signal", clear, _("more than chance, territory and leads explain")),
        (_("Early sign"), "early", counts.get(Finding.EARLY_SIGN, 0), _("something changed; talk, don’t judge")),
        (_("Recovering"), "support", counts.get(Finding.RECOVERING, 0), _("up again, too early to say")),
        (_("Territory first"), "luck", counts.get(Finding.TERRITORY, 0), _("the territory explains the shortfall")),
        (
            _("Shared by the team"),
            "luck",
            counts.get(Finding.SHARED, 0),
            _("most are behind their quota: no person’s gap"),
        ),
        (
            _("Quota out of reach"),
            "luck",
            counts.get(Finding.OUT_OF_REACH, 0),
            _("with the same leads a colleague would have missed it too"),
        ),
        (_("Bad luck so far"), "luck", counts.get(Finding.LUCK, 0), _("few deals; inside what chance does")),
        (_("Ramping"), "ramping", counts.get(Finding.RAMPING, 0), _("new; compared at equal tenure")),
        (_("Steady or going well"), "good", fine, _("where comparable colleagues are, or above")),
        (_("Not enough data"), "unknown", counts.get(Finding.NOT_ENOUGH, 0), _("no judgement is possible")),
    ]
    return [FindingLine(words, kind, people, meaning) for words, kind, people, meaning in rows]


def context(actor: Actor, run: AnalysisRun) -> dict[str, Any]:
    """All that the overview shows."""
    counts = findings_count(actor, run)
    total = sum(counts.values())
    evaluable = total - counts.get(Finding.NOT_ENOUGH, 0)
    return {
        "run": run,
        "known_on": run.as_of,
        "lines": lines(counts),
        "total": total,
        "evaluable": evaluable,
        "headline": _headline(evaluable, total),
        "spread": run.summary.get("spread", []),
        "missing": [(_measure(m["key"]), m["reason"]) for m in run.summary.get("not_evaluable_metrics", [])],
        "unjudged": [(_why(u["code"], u["people"]), u["people"]) for u in run.summary.get("unjudged", [])],
        "sure": sure(run),
        "share": percent(evaluable / total) if total else "",
    }


def _measure(key: str) -> str:
    """What a measure is called."""
    known = {"own_leads": _("Leads found alone"), "deal_size": _("Deal size"), "quotas": _("Quota attainment"),
             "activities": _("Activity"), "win_rate": _("Win rate")}  # fmt: skip
    return known.get(key) or stage_label(key, {})


def _why(code: str, people: int) -> str:
    """Why so many people cannot be judged."""
    texts = {
        "owns_nothing": ngettext(
            "owns no leads and no deals: away, new or in another job, the data don’t say",
            "own no leads and no deals: away, new or in another job, the data don’t say",
            people,
        ),
        "no_conversion": _("all chances that carry a name ended alike, so nobody’s conversion can be computed"),
        "too_little": _("too few leads and deals of everybody together have a known end"),
        "no_comparison": _("too few colleagues with results to compare with"),
        "too_new": ngettext("started too recently for results", "started too recently for results", people),
        "away": ngettext(
            "was away for most of the last three months", "were away for most of the last three months", people
        ),
        "too_few": ngettext(
            "has too few decided leads and deals for an estimate",
            "have too few decided leads and deals for an estimate",
            people,
        ),
    }
    return texts.get(code, code.replace("_", " "))


def _headline(evaluable: int, total: int) -> str:
    if total == 0:
        return _("The data names nobody who sells")
    if evaluable == total:
        return _("All %s people can be judged fairly") % count(total)
    if evaluable == 0:
        return _("Nobody can be judged on this data yet")
    return _("%(some)s of %(all)s people can be judged on this data") % {"some": count(evaluable), "all": count(total)}
