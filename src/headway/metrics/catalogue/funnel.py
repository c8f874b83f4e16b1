"""The funnel: leads in, and the conversion between each pair of stages of the company's ladder."""

from __future__ import annotations

from functools import cache, partial
from itertools import pairwise

from django.utils.functional import lazystr
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from headway.metrics.canonical import Canonical, Column, Rows
from headway.metrics.spec import Direction, Kind, Measure, MetricSpec, Source, Unit, Words

# A lead or deal is looked at once, when it has had this many days. Long enough for most answers,
# short enough that the figure still speaks of recent work.
LEAD_DAYS = 30
STAGE_DAYS = 60
CLOSING_DAYS = 90


def lead_rows(c: Canonical) -> Rows:
    """One row per lead, on the day it came in."""
    leads = c.table("leads")
    owned = leads.filter(leads.owner_id.notnull() & c.near(leads.created_at))
    return owned.select(
        person_id=owned.owner_id,
        thing=owned.lead_id,
        day=c.day(owned.created_at),
        x=c.ibis.literal(1.0),
        of=c.ibis.literal(1.0),
        source=owned.source,
    )


def own_leads(_c: Canonical, rows: Rows) -> Column:
    """Leads that the person found."""
    return rows.source.lower() == "self"


def qualifying_rows(c: Canonical) -> Rows:
    """One row per lead, on the day its 30 days are over; x is 1 if it qualified within them."""
    leads = c.table("leads")
    owned = leads.filter(leads.owner_id.notnull() & c.near(leads.created_at, lag_days=LEAD_DAYS))
    owned = owned.mutate(came=c.day(owned.created_at), passed=c.day(owned.qualified_at))
    due = c.after(owned.came, LEAD_DAYS)
    return owned.select(
        person_id=owned.owner_id, thing=owned.lead_id, day=due, x=c.flag(owned.passed <= due), of=c.ibis.literal(1.0)
    )


def passing_rows(c: Canonical, *, stage: str, days: int) -> Rows:
    """One row per deal that entered `stage`, on the day its time is over; x is 1 if it got further within it.

    Further is any later stage of the ladder, so a skipped stage does not count against anybody; a deal that went
    back and entered twice counts once, from its first entry.
    """
    here = c.ladder.index(stage)
    changes, deals = c.table("stage_changes"), c.table("opportunities")
    changes = changes.filter(changes.entered_at.notnull())
    entered = changes.filter(changes.stage == stage).group_by("opportunity_id").agg(entered_at=changes.entered_at.min())
    entered = entered.filter(c.near(entered.entered_at, lag_days=days))
    later = changes.filter(changes.stage.isin(list(c.ladder[here + 1 :])))
    further = later.group_by(deal="opportunity_id").agg(moved_at=later.entered_at.min())
    owned = deals.filter(deals.owner_id.notnull()).select("opportunity_id", "owner_id", "outcome", "closed_at")
    rows = owned.inner_join(entered, "opportunity_id")
    rows = rows.left_join(further, rows.opportunity_id == further.deal)
    won_at = c.ibis.ifelse(rows.outcome == "won", rows.closed_at, c.ibis.null("timestamp"))
    rows = rows.mutate(came=c.day(rows.entered_at), passed=c.day(c.earlier(rows.moved_at, won_at)))
    due = c.after(rows.came, days)
    return rows.select(
        person_id=rows.owner_id,
        thing=rows.opportunity_id,
        day=due,
        x=c.flag(rows.passed <= due),
        of=c.ibis.literal(1.0),
    )


def stage_name(stage: str) -> Words:
    """A stage as a person reads it."""
    known: dict[str, Words] = {
        "lead": _("Lead"),
        "qualified": _("Qualified"),
        "proposal": _("Proposal"),
        "won": _("Won"),
        "demo": _("Demo"),
        "trial": _("Trial"),
        "negotiation": _("Negotiation"),
        "meeting": _("Meeting"),
    }
    return known.get(stage, lazystr(stage.replace("_", " ").capitalize()))


_CAME = ("leads", "created_at")
_LEADS = Source("leads", ("owner_id", "created_at"))


def _from_lead(to: str) -> MetricSpec:
    return MetricSpec(
        f"lead_to_{to}",
        1,
        format_lazy(_("Lead to {stage}"), stage=stage_name(to)),
        _(
            "Share of leads that qualified within 30 days. Each lead counts once, on the day its 30 days are over, so "
            "young leads pull nobody down."
        ),
        _("Leads whose 30th day fell in the period and that qualified by then ÷ all leads whose 30th day fell in it."),
        Unit.SHARE,
        Direction.HIGHER,
        "funnel",
        Kind.SHARE,
        Measure(qualifying_rows, table="leads", clock=_CAME, lag_days=LEAD_DAYS),
        (_LEADS, Source("leads", ("qualified_at",))),
        _("leads"),
        minimum_n=10,
    )


def _between(stage: str, to: str, *, last: bool) -> MetricSpec:
    days = CLOSING_DAYS if last else STAGE_DAYS
    return MetricSpec(
        f"{stage}_to_{to}",
        1,
        format_lazy(_("{stage} to {next}"), stage=stage_name(stage), next=stage_name(to)),
        format_lazy(
            _(
                "Share of deals that got past the stage {stage} within {days} days. Each deal counts once, on the day "
                "its {days} days are over; skipping a stage counts as passing it."
            ),
            stage=stage_name(stage),
            days=days,
        ),
        format_lazy(
            _(
                "Deals whose day {days} after entering {stage} fell in the period and that had got further by then ÷ "
                "all deals whose day {days} fell in it."
            ),
            stage=stage_name(stage),
            days=days,
        ),
        Unit.SHARE,
        Direction.HIGHER,
        "funnel",
        Kind.SHARE,
        Measure(partial(passing_rows, stage=stage, days=days), clock=("stage_changes", "entered_at"), lag_days=days),
        (
            Source("stage_changes", ("stage", "entered_at")),
            Source("opportunities", ("owner_id", "outcome", "closed_at")),
        ),
        _("deals"),
        minimum_n=5,
        checks=(f"stage:{stage}",),
    )


@cache
def specs(ladder: tuple[str, ...]) -> tuple[MetricSpec, ...]:
    """Leads, and one conversion for each pair of neighbours on the ladder."""
    pairs = list(pairwise(ladder))
    found = [
        MetricSpec(
            "leads_received",
            1,
            _("Leads received"),
            _("Leads a person had to work on, per week at work."),
            _("Leads that came in during the period ÷ weeks at work in it."),
            Unit.PER_WEEK,
            Direction.NEUTRAL,
            "funnel",
            Kind.PER_WEEK,
            Measure(lead_rows, table="leads", clock=_CAME),
            (_LEADS,),
            _("leads"),
        ),
        MetricSpec(
            "own_leads_found",
            1,
            _("Own leads found"),
            _("Leads a person found without help, per week at work."),
            _("Leads with the source “self” that came in during the period ÷ weeks at work in it."),
            Unit.PER_WEEK,
            Direction.HIGHER,
            "funnel",
            Kind.PER_WEEK,
            Measure(lead_rows, only=own_leads, table="leads", clock=_CAME),
            (_LEADS, Source("leads", ("source",))),
            _("leads"),
            checks=("own_leads",),
        ),
    ]
    for position, (stage, to) in enumerate(pairs):
        last = position == len(pairs) - 1
        found.append(_from_lead(to) if stage == "lead" else _between(stage, to, last=last))
    return tuple(found)
