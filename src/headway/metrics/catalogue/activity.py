"""Activity: the leading indicators, per week that the person was at work."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext_lazy as _

from headway.metrics.canonical import Canonical, Column, Rows
from headway.metrics.spec import Direction, Kind, Measure, MetricSpec, Source, Unit, Words

# What a CRM writes when a meeting did not take place.
NOT_HELD = ("no_show", "no show", "no-show", "noshow", "cancelled", "canceled", "scheduled", "booked", "rescheduled")

# Follow-ups begin with a first contact within two days.
FOLLOW_UP_DAYS = 2


def activity_rows(c: Canonical) -> Rows:
    """One row per logged activity; x and `of` are how many it stands for (`count`, 1 if empty).

    Also its `kind`, whether it took place (`held`) and whether it was logged within 24 hours (`in_time`, NULL where
    the logging time is not known).
    """
    done = c.table("activities")
    done = done.filter(done.person_id.notnull() & c.near(done.occurred_at))
    number = done["count"].fill_null(1).cast("float64")
    return done.select(
        person_id=done.person_id,
        thing=done.activity_id,
        day=c.day(done.occurred_at),
        x=number,
        of=number,
        kind=done.kind,
        held=~done.outcome.fill_null("").lower().isin(list(NOT_HELD)),
        # A bare date was read as midnight: then days are all that is known, so the next day is in time.
        in_time=done.logged_at <= done.occurred_at + c.ibis.interval(hours=24),
    )


def of_kinds(_c: Canonical, rows: Rows, *, kinds: tuple[str, ...], held: bool = False) -> Column:
    """Activities of these kinds; `held`: only those that took place."""
    wanted = rows.kind.isin(list(kinds))
    return wanted & rows.held if held else wanted


def logging_known(_c: Canonical, rows: Rows) -> Column:
    """Activities whose logging time is known."""
    return rows.in_time.notnull()


def logged_in_time(c: Canonical, rows: Rows) -> Column:
    """The number of the activity if it was logged within 24 hours, else 0."""
    return rows.x * c.flag(rows.in_time)


def opened_rows(c: Canonical) -> Rows:
    """One row per deal, on the day it was opened."""
    deals = c.table("opportunities")
    owned = deals.filter(deals.owner_id.notnull() & c.near(deals.created_at))
    return owned.select(
        person_id=owned.owner_id,
        thing=owned.opportunity_id,
        day=c.day(owned.created_at),
        x=c.ibis.literal(1.0),
        of=c.ibis.literal(1.0),
    )


def follow_up_rows(c: Canonical) -> Rows:
    """One row per lead, on the day its two days are over; x is 1 if somebody was in touch with it by then."""
    leads, done = c.table("leads"), c.table("activities")
    owned = leads.filter(leads.owner_id.notnull() & c.near(leads.created_at, lag_days=FOLLOW_UP_DAYS))
    touched = done.filter(done.lead_id.notnull() & done.occurred_at.notnull())
    touched = touched.group_by(touched_lead="lead_id").agg(touched_at=touched.occurred_at.min())
    rows = owned.left_join(touched, owned.lead_id == touched.touched_lead)
    due = c.after(c.day(rows.created_at), FOLLOW_UP_DAYS)
    return rows.select(
        person_id=rows.owner_id,
        thing=rows.lead_id,
        day=due,
        x=c.flag(c.day(rows.touched_at) <= due),
        of=c.ibis.literal(1.0),
    )


_CLOCK = ("activities", "occurred_at")


def _measure(kinds: tuple[str, ...], *, held: bool = False) -> Measure:
    only = partial(of_kinds, kinds=kinds, held=held) if kinds else None
    return Measure(activity_rows, only=only, table="activities", clock=_CLOCK)


_DONE = Source("activities", ("person_id", "occurred_at"))


def _per_week(
    key: str, name: Words, words: Words, kinds: tuple[str, ...], *, held: bool = False, check: bool = True
) -> MetricSpec:
    return MetricSpec(
        key,
        1,
        name,
        words,
        _("Number in the period ÷ weeks at work in it. Days of leave are not weeks at work."),
        Unit.PER_WEEK,
        Direction.HIGHER,
        "activity",
        Kind.PER_WEEK,
        _measure(kinds, held=held),
        (_DONE,),
        _("activities"),
        checks=(f"kind:{','.join(kinds)}",) if check and kinds else (),
    )


_CALLS = _measure(("call",))
_MEETINGS = _measure(("meeting", "demo"), held=True)

SPECS: tuple[MetricSpec, ...] = (
    _per_week("calls", _("Calls"), _("Calls logged, per week at work."), ("call",)),
    _per_week("emails", _("E-mails"), _("E-mails logged, per week at work."), ("email",)),
    _per_week(
        "social_touches", _("Social touches"), _("Contacts over social networks, per week at work."), ("social",)
    ),
    _per_week(
        "meetings",
        _("Meetings held"),
        _("Meetings that took place, per week at work. Cancelled ones, no-shows and those still ahead do not count."),
        ("meeting",),
        held=True,
    ),
    _per_week(
        "meetings_booked",
        _("Meetings booked"),
        _("Meetings and demos in the calendar, per week at work, whether they took place or not."),
        ("meeting", "demo"),
    ),
    _per_week(
        "demos",
        _("Demos held"),
        _("Demos that took place, per week at work. Cancelled ones, no-shows and those still ahead do not count."),
        ("demo",),
        held=True,
    ),
    _per_week(
        "activities",
        _("Activities"),
        _("Everything logged (calls, e-mails, social, meetings, demos, other), per week at work."),
        (),
        check=False,
    ),
    MetricSpec(
        "call_to_meeting",
        1,
        _("Call-to-meeting conversion"),
        _(
            "Meetings and demos held for each call made. The CRM does not say which call led to which meeting, so both "
            "are counted side by side."
        ),
        _("Meetings and demos held in the period ÷ calls in the period."),
        Unit.RATIO,
        Direction.HIGHER,
        "activity",
        Kind.RATIO,
        _MEETINGS,
        (_DONE,),
        _("calls"),
        _CALLS,
        minimum_n=20,
        checks=("kind:call", "kind:meeting,demo"),
    ),
    MetricSpec(
        "follow_ups_on_time",
        1,
        _("Follow-ups on time"),
        _(
            "Share of leads that somebody was in touch with within two days. Each lead counts once, on the day its two "
            "days are over; only activities that name the lead count."
        ),
        _(
            "Leads whose second day fell in the period and that had an activity by then ÷ "
            "all leads whose second day fell in it."
        ),
        Unit.SHARE,
        Direction.HIGHER,
        "activity",
        Kind.SHARE,
        Measure(follow_up_rows, table="leads", clock=("leads", "created_at"), lag_days=FOLLOW_UP_DAYS),
        (Source("leads", ("owner_id", "created_at")), Source("activities", ("lead_id", "occurred_at"))),
        _("leads"),
        minimum_n=10,
    ),
    MetricSpec(
        "new_opportunities",
        1,
        _("New opportunities"),
        _("Deals a person opened, per week at work."),
        _("Deals opened in the period ÷ weeks at work in it."),
        Unit.PER_WEEK,
        Direction.HIGHER,
        "activity",
        Kind.PER_WEEK,
        Measure(opened_rows, clock=("opportunities", "created_at")),
        (Source("opportunities", ("owner_id", "created_at")),),
        _("deals"),
    ),
    MetricSpec(
        "logged_within_24h",
        1,
        _("Logged within 24 hours"),
        _("Share of activities written into the CRM within 24 hours. Activities without a logging time do not count."),
        _(
            "Activities logged at most 24 hours after they happened ÷ activities with a logging time, "
            "by the day they happened."
        ),
        Unit.SHARE,
        Direction.HIGHER,
        "hygiene",
        Kind.SHARE,
        Measure(activity_rows, only=logging_known, x=logged_in_time, table="activities", clock=_CLOCK),
        (Source("activities", ("person_id", "occurred_at", "logged_at")),),
        _("activities"),
        minimum_n=10,
    ),
)
