"""The person page: what changed, where the gap is, how sure that is, what is not in their hands."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from headway.core import clock, company
from headway.core.actors import Actor
from headway.core.permissions import can
from headway.detection.policy_queries import triggers_about
from headway.detection.sentences import adjusted_label
from headway.detection.signal import Finding, NotEvaluable, Signal, Tier
from headway.diagnosis.diagnosis import Diagnosis
from headway.diagnosis.journey import team_steps
from headway.diagnosis.practice.pages.common import tabs
from headway.home import pictures
from headway.home.findings import NEEDS_SOMEBODY, tenure, verdict
from headway.home.journey import stages_of
from headway.home.queries import Evidence, PersonStory
from headway.home.under_way import under_way
from headway.home.watching import watched
from headway.home.words import likely, money_short, percent
from headway.metrics.models import AnalysisRun
from headway.metrics.queries import metrics_of
from headway.people.models import Person
from headway.people.queries import territory_name
from headway.running.progress import RUNNING
from headway.stats.gini import BALANCED
from headway.web.text import chances, day


def _roles() -> dict[str, str]:
    return {
        "customer": _("customer"),
        "peer": _("colleague"),
        "manager": _("manager"),
        "self": _("in their own words"),
    }


def context(actor: Actor, run: AnalysisRun, told: PersonStory, *, own: bool) -> dict[str, Any]:
    """Everything the template shows."""
    entry, person = told.entry, told.person
    currency = told.diagnosis.currency if told.diagnosis else company.current().currency
    seen = any(plan.state in RUNNING for plan in told.plans)
    running = under_way([person.person_id]).get(person.person_id) if seen else None
    page: dict[str, Any] = {
        "own": own,
        "run": run,
        "today": clock.today(),
        "known_on": run.as_of,
        "person": person,
        "tabs": tabs(actor, person, current="person", own=own),
        "meta": _meta(told, run),
        "verdict": verdict(entry),
        "entry": entry,
        "evaluable": isinstance(entry, Signal),
        "interval": pictures.interval_of(entry, name=person.name),
        "evidence": [_said(item) for item in told.evidence],
        "plans": told.plans,
        "triggers": list(triggers_about(actor, run, person.person_id)),
        "draft_url": "" if running else _draft_url(actor, person.person_id),
        "under_way": running,
        "metrics": metrics_of(actor, person.person_id),
        "currency": currency,
    }
    past = told.diagnosis.past if told.diagnosis else None
    page["past"] = past
    page["steps"] = pictures.steps_of(entry.stages, currency=currency, past=past)
    page["steps_table"] = pictures.steps_table(page["steps"]) if page["steps"] else None
    if isinstance(entry, Signal):
        page.update(_signal(entry))
    page["poor_territory"] = _poor_territory(entry, own=own, name=person.first_name)
    # the finding above counts before and after already
    page["watched"] = [replace(w, sentences=()) for w in watched(actor, run, person_id=person.person_id) if w.warns]
    page["shared"] = _shared_by_team(told, run)
    if told.diagnosis:
        page.update(_diagnosis(told.diagnosis, first_name=person.first_name))
        if entry.finding is Finding.EARLY_SIGN:
            # the half year's gap says nothing yet about what changed weeks ago
            page["chances_of"] = []
    return page


def _poor_territory(entry: Signal | NotEvaluable, *, own: bool, name: str) -> str:
    """The sentence on a territory with clearly less than the average; empty otherwise."""
    share = entry.territory_potential
    if share is None or share >= 1.0 - BALANCED - 1e-9:
        return ""
    text = (
        _("Your territory holds %(share)s of the average potential: that is to be mended first.")
        if own
        else _("%(name)s’s territory holds %(share)s of the average potential: mend that first.")
    )
    return text % {"name": name, "share": percent(share)}


def _shared_by_team(told: PersonStory, run: AnalysisRun) -> list[str]:
    """Steps in which this person is below and so is most of the team: those are the system's."""
    mine = {s.key for s in told.entry.stages if s.observed < s.expected}
    if not told.person.team or not mine:
        return []
    team = Person.objects.filter(listed=True, role="rep", team=told.person.team).values_list("person_id", flat=True)
    steps = team_steps(stages_of(run, list(team)))
    return [step.sentence for step in steps if step.system and step.key in mine]


def _draft_url(actor: Actor, person_id: str) -> str:
    if not can(actor, "plan.draft", person_id):
        return ""
    try:
        return reverse("plan-new", args=[person_id])
    except NoReverseMatch:
        return ""


def _meta(told: PersonStory, run: AnalysisRun) -> str:
    person = told.person
    years = tenure(person.hired_on, today=run.as_of)
    parts = [
        person.team,
        territory_name(person.territory_id) if person.territory_id else "",
        _("%s in role") % years if years else "",
        _("reports to %s") % person.manager.name if person.manager else "",
    ]
    return " · ".join(part for part in parts if part)


def _signal(entry: Signal) -> dict[str, Any]:
    course = pictures.change_of(entry)
    group = entry.comparison
    return {
        "estimate": round(entry.index.estimate * 100),
        "likely": likely(entry.index.low, entry.index.high),
        "course": course,
        "course_table": pictures.change_table(course) if course else None,
        "compared": _("Compared with %(n)s colleagues (%(label)s), %(start)s to %(end)s.")
        % {"n": group.n, "label": group.label, "start": day(group.start), "end": day(group.end)},
        "adjusted": ", ".join(adjusted_label(key) for key in group.adjusted_for),
        "rows": _how_sure(entry),
        "formal": entry.tier is Tier.FORMAL,
        "reasons": getattr(entry, "reasons", ()) or entry.sentences[:1],
        "how_known": entry.sentences,
        "grounds": _grounds(entry),
        "needs_somebody": entry.finding in NEEDS_SOMEBODY,
    }


def _grounds(entry: Signal) -> list[tuple[str, str]]:
    """What the finding rests on: who is compared, how sure it is, under which rule, and what would clear it."""
    group = entry.comparison
    return [
        (_("Compared with"), _("%(n)s colleagues: %(label)s") % {"n": group.n, "label": group.label}),
        (_("Taken into account"), ", ".join(adjusted_label(key) for key in group.adjusted_for) or _("nothing")),
        (_("Estimate"), f"{percent(entry.index.estimate)}, {likely(entry.index.low, entry.index.high)}"),
        (_("Middle 80% of colleagues"), f"{percent(group.band_low)}–{percent(group.band_high)}"),
        (_("Chance of being below 70%"), chances(entry.p_under)),
        (_("Reliability"), f"{entry.reliability:.2f}"),
        (_("Policy"), entry.policy_version),
        (_("What would clear it"), entry.what_would_clear),
    ]


def _how_sure(entry: Signal) -> list[tuple[str, str]]:
    tiers = {
        Tier.NONE: _("nothing to do"),
        Tier.WATCH: _("watch: talk, don’t judge"),
        Tier.SUPPORT: _("support"),
        Tier.FORMAL: _("a formal plan is possible"),
        Tier.NOT_EVALUABLE: _("not evaluable"),
    }
    rows = [
        (_("Below 70% of colleagues"), chances(entry.p_under)),
        (_("At 85% or above"), chances(entry.p_fine)),
        (_("Reliability"), f"{entry.reliability:.2f}".lstrip("0") if entry.reliability < 1 else "1"),
    ]
    if entry.quota_attainment is not None:
        rows.append((_("Quota reached"), percent(entry.quota_attainment)))
    if entry.territory_potential is not None:
        rows.append((_("Territory, of the average"), percent(entry.territory_potential)))
    return [*rows, (_("Level"), tiers[entry.tier]), (_("Policy"), entry.policy_version)]


def _diagnosis(found: Diagnosis, *, first_name: str) -> dict[str, Any]:
    fall = pictures.waterfall_of(found, first_name=first_name)
    gap = float(found.gap)
    skill, effort = (min(0.99, max(0.01, round(chance, 2))) for chance in (found.skill, found.effort))
    return {
        "diagnosis": found,
        "fall": fall,
        "fall_table": pictures.waterfall_table(fall),
        "gap_words": _("%(expected)s expected, %(actual)s won: %(gap)s")
        % {
            "expected": money_short(float(found.expected), found.currency),
            "actual": money_short(float(found.actual), found.currency),
            "gap": _gap_words(gap, found.currency),
        },
        "chances_of": [
            (_("Conversion"), skill, "signal" if found.skill >= 0.5 else "unknown"),
            (_("Effort"), effort, "signal" if found.effort >= 0.5 else "unknown"),
            # Nobody can know for certain; what is left of a hundred, so that the three shown numbers add up.
            (_("Cannot tell"), max(0.0, 1.0 - skill - effort), "unknown"),
        ],
        "external": [(_state(factor.state), factor.name, factor.sentence) for factor in found.external],
        "strengths": found.strengths,
        **_swap(found),
    }


def _swap(found: Diagnosis) -> dict[str, Any]:
    """The picture of a hundred colleagues in the person's place."""
    if found.swap is None:
        return {"swap": None}
    picture = pictures.swap_picture(found.swap, currency=found.currency)
    return {
        "swap": found.swap,
        "swap_picture": picture,
        "swap_table": pictures.swap_table(picture, found.swap, currency=found.currency),
    }


def _gap_words(gap: float, currency: str) -> str:
    if gap > 0:
        return _("a gap of %s") % money_short(gap, currency)
    return _("%s more") % money_short(-gap, currency)


def _state(state: str) -> str:
    return {"ok": "done", "todo": "todo"}.get(state, "open")


def _said(item: Evidence) -> dict[str, Any]:
    source = _roles().get(item.from_role, item.from_role)
    details = [source, item.kind.replace("_", " "), _("%g of 5") % item.score if item.score is not None else ""]
    return {
        "when": day(item.given_on, short=True),
        "datetime": item.given_on.isoformat(),
        "source": " · ".join(part for part in details if part),
        "quote": item.from_role in {"customer", "peer", "self"},
        "text": item.text,
    }


def why_not(entry: Signal | NotEvaluable) -> str:
    """The sentence of a person who cannot be judged."""
    return entry.sentence if isinstance(entry, NotEvaluable) else ""
