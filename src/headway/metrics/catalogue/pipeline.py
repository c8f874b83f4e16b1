"""The pipeline: what is open, how much of the quota it covers, and how well it is looked after."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from headway.metrics.canonical import Canonical, Column, Rows
from headway.metrics.catalogue.results import QUOTA, amount, amount_is_foreign
from headway.metrics.spec import At, Direction, Kind, Measure, MetricSpec, Source, Unit

STAGNANT_DAYS = 28


def owned_deals(c: Canonical) -> Rows:
    """Deals with an owner, a beginning, and an end unless they are open."""
    deals = c.table("opportunities")
    known_end = (deals.outcome == "open") | (deals.outcome.isin(["won", "lost"]) & deals.closed_at.notnull())
    return deals.filter(deals.owner_id.notnull() & deals.created_at.notnull() & known_end)


def _closed_day(c: Canonical, deals: Rows) -> Column:
    return c.ibis.ifelse(deals.outcome == "open", c.ibis.null("date"), c.day(deals.closed_at))


def open_rows(c: Canonical) -> Rows:
    """One row per deal: open from `since` up to `until`; `amount` is empty in another currency."""
    deals = owned_deals(c)
    foreign = c.is_foreign(deals.currency)
    return deals.select(
        person_id=deals.owner_id,
        thing=deals.opportunity_id,
        since=c.day(deals.created_at),
        until=_closed_day(c, deals),
        x=c.ibis.literal(1.0),
        of=c.ibis.literal(1.0),
        amount=c.ibis.ifelse(foreign, c.ibis.null("float64"), deals.amount),
        foreign_amount=foreign & deals.amount.notnull(),
    )


def stagnant_rows(c: Canonical) -> Rows:
    """One row per stretch in which a deal was open and had not moved for 28 days.

    A move is being opened or entering a stage. Two entries on one day are one move.
    """
    deals = owned_deals(c).select("opportunity_id", "owner_id", "created_at", "outcome", "closed_at")
    deals = deals.filter((deals.outcome == "open") | c.reaches_end(deals.closed_at))
    deals = deals.select(
        deal="opportunity_id", owner_id="owner_id", opened=c.day(deals.created_at), closed=_closed_day(c, deals)
    )
    changes = c.table("stage_changes")
    changes = changes.filter(changes.entered_at.notnull())
    changes = changes.semi_join(deals, changes.opportunity_id == deals.deal)
    moves = changes.select(deal=changes.opportunity_id, moved=c.day(changes.entered_at))
    moves = moves.union(deals.select(deal=deals.deal, moved=deals.opened), distinct=True)
    following = c.ibis.window(group_by="deal", order_by="moved")
    moves = moves.mutate(next_move=moves.moved.lead().over(following))
    rows = deals.inner_join(moves, "deal")
    # A history that begins before the deal was opened says nothing about an open deal.
    rows = rows.filter(rows.moved >= rows.opened)
    since = c.after(rows.moved, STAGNANT_DAYS)
    rows = rows.mutate(since=since, until=c.earlier(rows.next_move, rows.closed))
    rows = rows.filter(rows.until.isnull() | (rows.until > rows.since))
    return rows.select(
        person_id=rows.owner_id,
        thing=rows.deal,
        since=rows.since,
        until=rows.until,
        x=c.ibis.literal(1.0),
        of=c.ibis.literal(1.0),
    )


def open_now_rows(c: Canonical) -> Rows:
    """One row per deal that is open now, and whether it says what comes next."""
    deals = c.table("opportunities")
    now = deals.filter(deals.owner_id.notnull() & (deals.outcome == "open"))
    return now.select(
        person_id=now.owner_id,
        thing=now.opportunity_id,
        since=c.day(now.created_at).fill_null(c.ibis.date(1900, 1, 1)),
        until=c.ibis.null("date"),
        x=c.ibis.literal(1.0),
        of=c.ibis.literal(1.0),
        next_step_present=now.next_step.strip().length() > 0,
    )


def next_step_present(c: Canonical, rows: Rows) -> Column:
    """1 for deals that say what comes next."""
    return c.flag(rows.next_step_present)


def close_date_rows(c: Canonical) -> Rows:
    """One row per deal that is open now; until its expected closing day its date lies ahead."""
    deals = c.table("opportunities")
    now = deals.filter(deals.owner_id.notnull() & (deals.outcome == "open"))
    return now.select(
        person_id=now.owner_id,
        thing=now.opportunity_id,
        since=c.day(now.created_at).fill_null(c.ibis.date(1900, 1, 1)),
        until=c.after(now.expected_close_on.fill_null(c.ibis.date(1900, 1, 1)), 1),
        x=c.ibis.literal(1.0),
        of=c.ibis.literal(1.0),
    )


def dated_rows(c: Canonical) -> Rows:
    """One row per deal that is open now and says when it should close."""
    deals = c.table("opportunities")
    now = deals.filter(deals.owner_id.notnull() & (deals.outcome == "open") & deals.expected_close_on.notnull())
    opened = c.day(now.created_at).fill_null(c.ibis.date(1900, 1, 1))
    return now.select(
        person_id=now.owner_id,
        thing=now.opportunity_id,
        since=opened,
        until=c.ibis.null("date"),
        x=c.ibis.literal(1.0),
        of=c.ibis.literal(1.0),
    )


def slipped_rows(c: Canonical) -> Rows:
    """One row per deal that is open now, from the day after it should have closed."""
    deals = c.table("opportunities")
    now = deals.filter(deals.owner_id.notnull() & (deals.outcome == "open") & deals.expected_close_on.notnull())
    opened = c.day(now.created_at).fill_null(c.ibis.date(1900, 1, 1))
    return now.select(
        person_id=now.owner_id,
        thing=now.opportunity_id,
        since=c.ibis.greatest(opened, c.after(now.expected_close_on, 1)),
        until=c.ibis.null("date"),
        x=c.ibis.literal(1.0),
        of=c.ibis.literal(1.0),
    )


_OPEN = Source("opportunities", ("owner_id", "created_at", "outcome"))
_OPEN_VALUE = Source("opportunities", ("owner_id", "created_at", "outcome", "amount"))
_VALUE = Measure(open_rows, x=amount, foreign=amount_is_foreign, at=At.AT_END)

SPECS: tuple[MetricSpec, ...] = (
    MetricSpec(
        "pipeline_value",
        1,
        _("Pipeline value"),
        _("Value of the deals open at the end of the period."),
        _(
            "Add up the amounts of deals opened by the period's last day and not closed by then. "
            "The amount is the one known today."
        ),
        Unit.MONEY,
        Direction.HIGHER,
        "pipeline",
        Kind.TOTAL,
        _VALUE,
        (_OPEN_VALUE,),
        _("open deals"),
        checks=("open_amounts",),
    ),
    MetricSpec(
        "pipeline_coverage",
        1,
        _("Pipeline coverage"),
        _("How many times the open pipeline would fill a quota of this size."),
        _("Pipeline value at the end of the period ÷ quota of the period."),
        Unit.RATIO,
        Direction.HIGHER,
        "pipeline",
        Kind.RATIO,
        _VALUE,
        (Source("quotas", ("person_id", "target")), _OPEN_VALUE),
        _("open deals"),
        QUOTA,
        checks=("open_amounts",),
    ),
    MetricSpec(
        "stagnant_share",
        1,
        _("Stagnant share"),
        _("Share of open deals that have not changed stage for 28 days or more."),
        _(
            "Deals open at the period's end whose last move (opened, or entered a stage) is 28 days old or more ÷ "
            "all deals open then."
        ),
        Unit.SHARE,
        Direction.LOWER,
        "pipeline",
        Kind.SHARE,
        Measure(stagnant_rows, at=At.AT_END),
        (_OPEN, Source("stage_changes", ("stage", "entered_at"))),
        _("open deals"),
        Measure(open_rows, at=At.AT_END),
        minimum_n=5,
    ),
    MetricSpec(
        "slipped_close_dates",
        1,
        _("Slipped close dates"),
        _("Share of open deals whose expected closing day has passed. Deals without one do not count."),
        _("Deals open now that should have closed before today ÷ deals open now with an expected closing day."),
        Unit.SHARE,
        Direction.LOWER,
        "pipeline",
        Kind.SHARE,
        Measure(slipped_rows, at=At.NOW),
        (Source("opportunities", ("owner_id", "outcome", "expected_close_on")),),
        _("open deals"),
        Measure(dated_rows, at=At.NOW),
        minimum_n=3,
    ),
    MetricSpec(
        "next_step_present",
        1,
        _("Next step present"),
        _("Share of open deals that say what comes next. Known only as it stands now."),
        _("Deals open now with a next step ÷ deals open now."),
        Unit.SHARE,
        Direction.HIGHER,
        "hygiene",
        Kind.SHARE,
        Measure(open_now_rows, x=next_step_present, at=At.NOW),
        (Source("opportunities", ("owner_id", "outcome", "next_step")),),
        _("open deals"),
        minimum_n=5,
    ),
    MetricSpec(
        "close_date_ahead",
        1,
        _("Close date ahead"),
        _("Share of open deals whose expected closing day is today or later. A deal without one counts as not ahead."),
        _("Deals open now with an expected closing day that has not passed ÷ deals open now."),
        Unit.SHARE,
        Direction.HIGHER,
        "hygiene",
        Kind.SHARE,
        Measure(close_date_rows, at=At.NOW),
        (Source("opportunities", ("owner_id", "outcome", "expected_close_on")),),
        _("open deals"),
        Measure(open_now_rows, at=At.NOW),
        minimum_n=5,
    ),
)
