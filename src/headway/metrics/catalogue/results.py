"""Results: what was won, of how much, against which quota."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from headway.metrics.canonical import Canonical, Column, Rows
from headway.metrics.spec import At, Direction, Kind, Measure, MetricSpec, Source, Unit


def closed_rows(c: Canonical) -> Rows:
    """One row per deal won or lost, on its closing day; x is 1 if won, `amount` empty in another currency."""
    deals = c.table("opportunities")
    closed = deals.filter(deals.outcome.isin(["won", "lost"]) & deals.owner_id.notnull() & c.near(deals.closed_at))
    foreign = c.is_foreign(closed.currency)
    return closed.select(
        person_id=closed.owner_id,
        thing=closed.opportunity_id,
        day=c.day(closed.closed_at),
        x=c.flag(closed.outcome == "won"),
        of=c.ibis.literal(1.0),
        won=closed.outcome == "won",
        amount=c.ibis.ifelse(foreign, c.ibis.null("float64"), closed.amount),
        foreign_amount=foreign & closed.amount.notnull(),
    )


def won(_c: Canonical, rows: Rows) -> Column:
    """The won ones."""
    return rows.won


def amount(_c: Canonical, rows: Rows) -> Column:
    """The deal's amount."""
    return rows.amount


def amount_is_foreign(_c: Canonical, rows: Rows) -> Column:
    """Deals with an amount in another currency."""
    return rows.foreign_amount


def quota_rows(c: Canonical) -> Rows:
    """One row per revenue quota: its target per day, from its first day on."""
    quotas = c.table("quotas")
    revenue = quotas.filter((quotas.metric.fill_null("revenue") == "revenue") & quotas.target.notnull())
    days = revenue.period_end.delta(revenue.period_start, unit="day")
    foreign = c.is_foreign(revenue.currency)
    return revenue.filter(days > 0).select(
        person_id=revenue.person_id,
        thing=c.ibis.null("string"),
        since=revenue.period_start,
        until=revenue.period_end,
        x=c.ibis.ifelse(foreign, c.ibis.null("float64"), revenue.target / days),
        of=c.ibis.literal(1.0),
        foreign=foreign,
    )


def expansion_rows(c: Canonical) -> Rows:
    """One row per won deal with an account that was already a customer when it closed."""
    deals, accounts = c.table("opportunities"), c.table("accounts")
    won = deals.filter(
        (deals.outcome == "won") & deals.owner_id.notnull() & deals.account_id.notnull() & c.near(deals.closed_at)
    )
    # account_id is the key of accounts, so the join keeps one row per deal.
    known = accounts.filter(accounts.started_on.notnull()).select(customer_id="account_id", customer_since="started_on")
    both = won.inner_join(known, won.account_id == known.customer_id)
    both = both.mutate(day=c.day(both.closed_at))
    both = both.filter(both.customer_since < both.day)
    foreign = c.is_foreign(both.currency)
    return both.select(
        person_id=both.owner_id,
        thing=both.opportunity_id,
        day=both.day,
        x=c.ibis.ifelse(foreign, c.ibis.null("float64"), both.amount),
        of=c.ibis.literal(1.0),
        foreign=foreign & both.amount.notnull(),
    )


def account_rows(c: Canonical) -> Rows:
    """One row per account: customer from `since` up to `until`; a customer since unknown days counts from the start."""
    accounts = c.table("accounts")
    owned = accounts.filter(accounts.owner_id.notnull())
    return owned.select(
        person_id=owned.owner_id,
        thing=owned.account_id,
        since=owned.started_on.fill_null(c.ibis.date(1900, 1, 1)),
        until=owned.churned_on,
        x=c.ibis.literal(1.0),
        of=c.ibis.literal(1.0),
    )


def decision_rows(c: Canonical) -> Rows:
    """One row per deal: from the day it was opened to the day it was won or lost, NULL while open."""
    deals = c.table("opportunities")
    known = deals.filter(
        deals.owner_id.notnull()
        & deals.created_at.notnull()
        & ((deals.outcome == "open") | (deals.outcome.isin(["won", "lost"]) & deals.closed_at.notnull()))
    )
    return known.select(
        person_id=known.owner_id,
        thing=known.opportunity_id,
        since=c.day(known.created_at),
        until=c.ibis.ifelse(known.outcome == "open", c.ibis.null("date"), c.day(known.closed_at)),
        x=c.ibis.literal(1.0),
        of=c.ibis.literal(1.0),
    )


_WON = Source("opportunities", ("owner_id", "outcome", "closed_at"))
_WON_AMOUNT = Source("opportunities", ("owner_id", "outcome", "closed_at", "amount"))
_QUOTA = Source("quotas", ("person_id", "target"))

REVENUE = Measure(closed_rows, only=won, x=amount, foreign=amount_is_foreign)
QUOTA = Measure(quota_rows, at=At.ACCRUED, table="quotas")

SPECS: tuple[MetricSpec, ...] = (
    MetricSpec(
        "revenue",
        1,
        _("Revenue"),
        _("Value of the deals a person won, counted on the day they closed."),
        _("Add up the amounts of deals won in the period. Deals without an amount are named, not counted as zero."),
        Unit.MONEY,
        Direction.HIGHER,
        "results",
        Kind.TOTAL,
        REVENUE,
        (_WON_AMOUNT,),
        _("won deals"),
    ),
    MetricSpec(
        "deals_won",
        1,
        _("Deals won"),
        _("Number of deals a person won, counted on the day they closed."),
        _("Count the deals won in the period."),
        Unit.COUNT,
        Direction.HIGHER,
        "results",
        Kind.TOTAL,
        Measure(closed_rows, only=won),
        (_WON,),
        _("won deals"),
    ),
    MetricSpec(
        "quota_attainment",
        1,
        _("Quota attainment"),
        _("Revenue as a share of the quota for the same days. 100% means the quota was met exactly."),
        _("Revenue of the period ÷ quota of the period. A quota for longer is split evenly over its days."),
        Unit.RATIO,
        Direction.HIGHER,
        "results",
        Kind.RATIO,
        REVENUE,
        (_QUOTA, _WON_AMOUNT),
        _("won deals"),
        QUOTA,
    ),
    MetricSpec(
        "average_deal_size",
        1,
        _("Average deal size"),
        _("Average value of a won deal."),
        _("Revenue ÷ number of won deals with a known amount, both of the period."),
        Unit.MONEY,
        Direction.HIGHER,
        "results",
        Kind.MEAN,
        REVENUE,
        (_WON_AMOUNT,),
        _("won deals"),
        minimum_n=3,
    ),
    MetricSpec(
        "win_rate",
        1,
        _("Win rate"),
        _("Share of decided deals that were won. Deals count on the day they closed, whenever they were opened."),
        _("Deals won in the period ÷ deals won or lost in the period. Open deals do not count either way."),
        Unit.SHARE,
        Direction.HIGHER,
        "results",
        Kind.SHARE,
        Measure(closed_rows),
        (_WON,),
        _("closed deals"),
        minimum_n=5,
        checks=("lost_deals_owned",),
    ),
    MetricSpec(
        "sales_cycle",
        1,
        _("Sales cycle"),
        _(
            "Days until half of a person's deals are decided, won or lost. Looks at the deals opened in the year "
            "before the period's end; a deal still open counts as undecided so far, it is not left out."
        ),
        _("Kaplan-Meier median of days from opening to closing; open deals are censored on the period's last day."),
        Unit.DAYS,
        Direction.LOWER,
        "results",
        Kind.MEDIAN,
        Measure(decision_rows, at=At.WAITS),
        (Source("opportunities", ("owner_id", "created_at", "closed_at", "outcome")),),
        _("deals"),
        minimum_n=5,
        checks=("lost_deals_owned",),
    ),
    MetricSpec(
        "account_retention",
        1,
        _("Account retention"),
        _("Share of a person's customers at the start of the period who are still customers at its end."),
        _("Customers at the start that did not leave in the period ÷ customers at the start."),
        Unit.SHARE,
        Direction.HIGHER,
        "results",
        Kind.SHARE,
        Measure(account_rows, at=At.THROUGH, table="accounts"),
        (Source("accounts", ("owner_id", "churned_on")),),
        _("customers"),
        minimum_n=5,
    ),
    MetricSpec(
        "expansion_revenue",
        1,
        _("Expansion revenue"),
        _("Value of deals won with accounts that were customers already."),
        _("Add up the amounts of deals won in the period whose account became a customer before the deal closed."),
        Unit.MONEY,
        Direction.HIGHER,
        "results",
        Kind.TOTAL,
        Measure(expansion_rows),
        (_WON_AMOUNT, Source("opportunities", ("account_id",)), Source("accounts", ("started_on",))),
        _("won deals"),
    ),
)
