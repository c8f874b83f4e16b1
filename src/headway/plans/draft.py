"""A complete plan, drafted from the diagnosis in one go. Nothing here decides: people edit and agree."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from headway.core.errors import BadInput
from headway.detection.signal import NotEvaluable, Signal
from headway.plans import durations, paragraphs, rules, support, timeline
from headway.plans.content import Content
from headway.plans.evidence import Evidence, Figure, GapLine
from headway.plans.freezing import Diagnosed, evidence_of, named
from headway.plans.goal_setting import GoalSetting
from headway.plans.goals import draft_goals
from headway.plans.outlook.reach import Reach
from headway.plans.plan_draft import GoalKind, Party, PlanDraft

CYCLE_KEYS = ("sales_cycle_days", "sales_cycle", "cycle_days")


@dataclass(frozen=True)
class CompanyVoice:
    """The company's side of a plan. owners: who gives which support ("RevOps": "Tomás Oliveira")."""

    name: str
    currency: str
    plan_name: str = "Growth plan"
    manager: Party | None = None
    owners: Mapping[str, str] = field(default_factory=dict)
    days_off: Collection[date] = ()

    @property
    def manager_name(self) -> str:
        """The manager's first name, or the company where nobody is known."""
        return self.manager.first_name if self.manager else self.name


def draft(
    person: Party,
    signal: Signal | NotEvaluable,
    diagnosis: Diagnosed | None,
    metrics: Sequence[Figure],
    *,
    as_of: date,
    days: int | None = None,
    company: CompanyVoice,
    content: Content,
    run_id: int | None = None,
    reach: Reach | None = None,
) -> PlanDraft:
    """Draft a plan for `person` as of a day.

    Args:
        person: who the plan is for.
        signal: what detection says, or why it says nothing; both give a plan that says so.
        diagnosis: where the gap lies; None where there is none to decompose.
        metrics: figures of the person; the key `sales_cycle_days` gives the typical deal's length.
        as_of: the day the facts are known up to; the plan starts after the company's notice.
        days: 30, 60 or 90; the advice from gap and sales cycle if None.
        company: its name, currency, people and days off.
        content: its templates and rules.
        run_id: the analysis run the figures come from.
        reach: what the pipeline may bring, from the day on which a plan of that day starts.

    Raises:
        BadInput: `days` is not 30, 60 or 90, or a template names something unknown.
    """
    if days is not None and days not in timeline.LENGTHS:
        raise BadInput(_("A plan runs 30, 60 or 90 days"), value=days)
    evidence = named(evidence_of(signal, diagnosis, metrics, run_id=run_id), content)
    line = rules.largest_controllable(evidence.gap) if evidence.gap else None
    gap_key = line.key if line else "general"
    gap = content.gap(gap_key)
    cycle = typical_cycle(metrics)
    advice = durations.advise(
        kind=gap.kind,
        usual_days=content.days_for(gap.key),
        cycle_days=cycle,
        cycles_needed=content.rule("cycles_needed"),
    )
    window = timeline.window_from(as_of, days=days or advice.days, notice_days=int(content.rule("notice_days")))
    meetings = timeline.check_ins(
        window,
        weekday=int(content.rule("check_in_weekday")),
        every_weeks=int(content.rule("check_in_every_weeks")),
        days_off=company.days_off,
    )
    currency = evidence.gap.currency if evidence.gap else company.currency
    goals, missing = draft_goals(
        GoalSetting(evidence, content, window, currency, gap_key, gap, cycle, within(reach, window))
    )
    words = paragraphs.Words(evidence, content, gap, line, window, company.name, company.manager_name, cycle, currency)
    given = support.SupportSetting(
        evidence,
        content,
        gap,
        window,
        company.manager.name if company.manager else company.name,
        company.owners,
        meetings,
        company.days_off,
    )
    return PlanDraft(
        name=content.kind_name or company.plan_name,
        company=company.name,
        currency=currency,
        language=content.language,
        rep=person,
        manager=company.manager,
        drafted_on=as_of,
        start=window.start,
        end=window.end,
        days=window.days,
        cycle_days=cycle,
        content_version=content.version,
        purpose=paragraphs.purpose(words),
        duration=paragraphs.duration(words, advice=advice, chosen=days),
        doubt=paragraphs.doubt(words),
        strengths=paragraphs.strengths(words),
        what_we_saw=paragraphs.what_we_saw(words),
        not_yours=paragraphs.not_yours(words),
        goals=goals,
        missing_kinds=missing,
        actions=support.rep_actions(gap),
        promises=support.promises(given),
        check_ins=meetings,
        how_we_talk=paragraphs.how_we_talk(words, meetings),
        how_measured=paragraphs.how_measured(words, has_revenue=any(g.kind is GoalKind.REVENUE for g in goals)),
        success=paragraphs.success(words),
        outcomes=paragraphs.outcomes(words),
        clear=paragraphs.clear(words),
        evidence=evidence,
        recorded_gaps=tuple(part.key for part in evidence.gap.lines if part.amount < 0)
        if evidence.gap and line
        else (),
        gap_name=gap.name if line else "",
    )


def _on_record(evidence: Evidence, line: GapLine | None) -> tuple[str, ...]:
    """The gaps that a goal may belong to: none where no part is worth working on, so that trifles bind no goal."""
    gap = evidence.gap if line is not None else None
    return tuple(part.key for part in gap.lines if part.amount < 0) if gap is not None else ()


def within(reach: Reach | None, window: timeline.Window) -> Reach | None:
    """The reach over the plan's days; None where it was made for other days."""
    if reach is None or reach.start != window.start or reach.end < window.end:
        return None
    return reach.until(window.last_day)


def typical_cycle(metrics: Sequence[Figure]) -> float | None:
    """Days of a typical deal: comparable colleagues' if known, else the person's own."""
    figure = next((f for key in CYCLE_KEYS for f in metrics if f.key == key), None)
    if figure is None:
        return None
    return figure.peer if figure.peer is not None else figure.value
