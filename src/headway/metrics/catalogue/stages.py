"""Stages of the company's ladder over time: how long deals stay in each, and which never reached the first."""

from __future__ import annotations

from functools import cache, partial

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from headway.metrics.canonical import Canonical, Rows
from headway.metrics.catalogue.funnel import stage_name
from headway.metrics.catalogue.pipeline import open_rows, owned_deals
from headway.metrics.spec import At, Direction, Kind, Measure, MetricSpec, Source, Unit

_CHANGES = Source("stage_changes", ("stage", "entered_at"))
_DEALS = Source("opportunities", ("owner_id", "created_at", "outcome"))
_CLOCK = ("stage_changes", "entered_at")


def stay_rows(c: Canonical, *, stage: str) -> Rows:
    """One row per deal that entered `stage`: from its first entry to the day it went on, back, or was closed."""
    changes, deals = c.table("stage_changes"), owned_deals(c)
    changes = changes.filter(changes.entered_at.notnull())
    entered = changes.filter(changes.stage == stage).group_by("opportunity_id").agg(entered_at=changes.entered_at.min())
    others = changes.filter(changes.stage != stage).select(deal="opportunity_id", moved_at="entered_at")
    moves = entered.inner_join(
        others, [entered.opportunity_id == others.deal, others.moved_at > entered.entered_at]
    )  # fmt: skip
    left = moves.group_by(left_deal="opportunity_id").agg(left_at=moves.moved_at.min())
    rows = deals.inner_join(entered, "opportunity_id")
    rows = rows.left_join(left, rows.opportunity_id == left.left_deal)
    closed = c.ibis.ifelse(rows.outcome == "open", c.ibis.null("timestamp"), rows.closed_at)
    rows = rows.mutate(since=c.day(rows.entered_at), until=c.day(c.earlier(rows.left_at, closed)))
    # A deal closed before it entered the stage has a history that says nothing.
    rows = rows.filter(rows.until.isnull() | (rows.until >= rows.since))
    return rows.select(
        person_id=rows.owner_id,
        thing=rows.opportunity_id,
        since=rows.since,
        until=rows.until,
        x=c.ibis.literal(1.0),
        of=c.ibis.literal(1.0),
    )


def unqualified_rows(c: Canonical) -> Rows:
    """One row per deal: open and not yet at any stage of the ladder after the first."""
    changes, deals = c.table("stage_changes"), owned_deals(c)
    reached = changes.filter(changes.entered_at.notnull() & changes.stage.isin(list(c.ladder[1:])))
    reached = reached.group_by(deal="opportunity_id").agg(qualified_at=reached.entered_at.min())
    rows = deals.left_join(reached, deals.opportunity_id == reached.deal)
    closed = c.ibis.ifelse(rows.outcome == "open", c.ibis.null("timestamp"), rows.closed_at)
    return rows.select(
        person_id=rows.owner_id,
        thing=rows.opportunity_id,
        since=c.day(rows.created_at),
        until=c.day(c.earlier(rows.qualified_at, closed)),
        x=c.ibis.literal(1.0),
        of=c.ibis.literal(1.0),
    )


def _time_in(stage: str) -> MetricSpec:
    return MetricSpec(
        f"time_in_{stage}",
        1,
        format_lazy(_("Time in {stage}"), stage=stage_name(stage)),
        format_lazy(
            _(
                "Days until half of the deals that entered the stage {stage} have left it, forward, back, won or lost. "
                "Looks at first entries in the year before the period's end; a deal still there counts as there so far."
            ),
            stage=stage_name(stage),
        ),
        _("Kaplan-Meier median of days from entering to leaving; deals still there are censored on the last day."),
        Unit.DAYS,
        Direction.LOWER,
        "funnel",
        Kind.MEDIAN,
        Measure(partial(stay_rows, stage=stage), at=At.WAITS, clock=_CLOCK),
        (_CHANGES, Source("opportunities", ("owner_id", "created_at", "closed_at", "outcome"))),
        _("deals"),
        minimum_n=5,
        checks=(f"stage:{stage}",),
    )


@cache
def specs(ladder: tuple[str, ...]) -> tuple[MetricSpec, ...]:
    """Time in each stage of deals, and the share of open deals that are not qualified."""
    of_deals = [stage for stage in ladder[:-1] if stage != "lead"]
    found = [_time_in(stage) for stage in of_deals]
    found.append(
        MetricSpec(
            "unqualified_share",
            1,
            _("Unqualified share"),
            format_lazy(
                _("Share of open deals that have not reached the stage {stage} or a later one."),
                stage=stage_name(ladder[1] if len(ladder) > 1 else ladder[0]),
            ),
            _("Deals open at the period's end that never entered it or a later stage ÷ all deals open then."),
            Unit.SHARE,
            Direction.LOWER,
            "pipeline",
            Kind.SHARE,
            Measure(unqualified_rows, at=At.AT_END),
            (_DEALS, _CHANGES),
            _("open deals"),
            Measure(open_rows, at=At.AT_END),
            minimum_n=5,
            checks=(f"stage:{','.join(ladder[1:])}",),
        )
    )
    return tuple(found)
