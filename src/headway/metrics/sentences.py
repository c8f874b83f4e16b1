"""What is said to a person about a number: formats, reasons, the comparison sentence."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.core.period import Grain, Period
from headway.metrics.catalogue.funnel import stage_name
from headway.metrics.spec import At, Direction, Unit
from headway.metrics.values import Measured, MetricValue, NotEvaluable, Peers
from headway.web import text
from headway.web.kept_words import kept_per_language


def _figure(value: float, decimals: int = 0) -> str:
    return text.grouped(round(value, decimals), decimals)


@kept_per_language(8192)
def shown(value: float, unit: Unit, currency: str) -> str:
    """A value as a person reads it, with its unit."""
    match unit:
        case Unit.MONEY:
            return text.money(value, currency=currency)
        case Unit.SHARE:
            return text.percent(value)
        case Unit.RATIO:
            return text.percent(value, digits=1 if 0 < abs(value) < 0.1 else 0)
        case Unit.PER_WEEK:
            return _("%(number)s a week") % {"number": _figure(value, 1)}
        case Unit.DAYS:
            return ngettext("%(number)s day", "%(number)s days", round(value)) % {"number": _figure(value)}
        case Unit.COUNT:
            return _figure(value)


def unit_name(unit: Unit) -> str:
    """The unit as the catalogue names it."""
    return {
        Unit.MONEY: _("money"),
        Unit.SHARE: _("share"),
        Unit.RATIO: _("ratio"),
        Unit.PER_WEEK: _("number per week"),
        Unit.DAYS: _("days"),
        Unit.COUNT: _("number"),
    }[unit]


def direction_name(direction: Direction) -> str:
    """Which way is better, as the catalogue names it."""
    return {
        Direction.HIGHER: _("more is better"),
        Direction.LOWER: _("less is better"),
        Direction.NEUTRAL: _("neither better nor worse by itself"),
    }[direction]


@kept_per_language(64)
def family_name(family: str) -> str:
    """Heading of a family of metrics."""
    return {
        "results": _("Results"),
        "funnel": _("Funnel"),
        "activity": _("Activity"),
        "pipeline": _("Pipeline"),
        "hygiene": _("CRM hygiene"),
        "own": _("Your company’s own"),
    }[family]


@kept_per_language(64)
def table_name(table: str) -> str:
    """What is in a canonical table, as a person calls it."""
    return {
        "opportunities": _("deals"),
        "leads": _("leads"),
        "activities": _("activities"),
        "stage_changes": _("stage history"),
        "quotas": _("quotas"),
        "accounts": _("accounts"),
    }.get(table, table)


def days_shown(period: Period) -> dict[str, str]:
    """First and last day in words, the year said once where it is the same."""
    first = "j F" if period.start.year == period.last_day.year else "j F Y"
    return {"first": date_format(period.start, first), "last": date_format(period.last_day, "j F Y")}


def span(period: Period, grain: Grain, at: At = At.IN_PERIOD) -> str:
    """When, within a sentence: "from January to March 2026"; for what holds on a day: "on 31 March 2026"."""
    if at in (At.NOW, At.AT_END):
        return _("on %(day)s") % {"day": date_format(period.last_day, "j F Y")}
    if grain is Grain.WEEK:
        return _("in the week from %(day)s") % {"day": date_format(period.start, "j F Y")}
    if grain is Grain.TRAILING:
        return _("in the 13 weeks to %(day)s") % {"day": date_format(period.last_day, "j F Y")}
    if not period.whole_months:
        return _("from %(first)s to %(last)s") % days_shown(period)
    if grain is Grain.MONTH:
        return _("in %(month)s") % {"month": date_format(period.start, "F Y")}
    first = "F" if period.start.year == period.last_day.year else "F Y"
    return _("from %(first)s to %(last)s") % {
        "first": date_format(period.start, first),
        "last": date_format(period.last_day, "F Y"),
    }


@kept_per_language(8192)
def _range(low: float, high: float, unit: Unit, currency: str) -> str:
    """Two values of a unit, the unit said once."""
    match unit:
        case Unit.MONEY:
            return _("%(low)s to %(high)s") % {"low": shown(low, unit, currency), "high": shown(high, unit, currency)}
        case Unit.SHARE | Unit.RATIO:
            bare = shown(low, unit, currency).removesuffix("%")
            return _("%(low)s to %(high)s") % {"low": bare, "high": shown(high, unit, currency)}
        case _:
            decimals = 1 if unit is Unit.PER_WEEK else 0
            return _("%(low)s to %(high)s") % {"low": _figure(low, decimals), "high": _figure(high, decimals)}


@kept_per_language(8192)
def peers_shown(peers: Peers, unit: Unit, currency: str) -> str:
    """Comparable colleagues in one phrase: "52% (44 to 61%)"."""
    return _("%(median)s (%(range)s)") % {
        "median": shown(peers.median, unit, currency),
        "range": _range(peers.low, peers.high, unit, currency),
    }


def interval_shown(value: MetricValue) -> str:
    """The nine-in-ten interval of the person's own figure, empty where there is none."""
    of = value.result
    if not isinstance(of, Measured) or of.low is None or of.high is None:
        return ""
    return _("likely %(range)s") % {"range": _range(of.low, of.high, value.spec.unit, value.currency)}


def _was(value: MetricValue) -> str:
    """Names of things that are counted are plural."""
    many = value.spec.unit in (Unit.COUNT, Unit.PER_WEEK)
    return _("%(name)s were %(value)s %(when)s") if many else _("%(name)s was %(value)s %(when)s")


def comparison(value: MetricValue) -> str:
    """One plain sentence: the person's number, when, and what comparable reps have."""
    about = {"name": str(value.spec.name), "when": span(value.period, value.grain, value.spec.at)}
    if isinstance(value.result, NotEvaluable):
        about["reason"] = _lower_first(value.result.sentence)
        return _("%(name)s %(when)s can't be told: %(reason)s.") % about
    about["value"] = shown(value.result.value, value.spec.unit, value.currency)
    said = _was(value) % about
    if value.peers is not None:
        band = peers_shown(value.peers, value.spec.unit, value.currency)
        said = _("%(said)s; comparable reps: %(band)s.") % {"said": said, "band": band}
    elif value.no_peers is not None:
        said = _("%(said)s. %(reason)s.") % {"said": said, "reason": value.no_peers.sentence}
    else:
        said = _("%(said)s.") % {"said": said}
    return said + _left_out(value)


def own_past(value: MetricValue) -> str:
    """The same number one period earlier, or why it is not known; empty for the oldest."""
    if value.previous is None or value.spec.at is At.NOW:
        return ""
    if isinstance(value.previous, Measured):
        return _("The period before: %(value)s.") % {
            "value": shown(value.previous.value, value.spec.unit, value.currency)
        }
    return _("The period before can't be told: %(reason)s.") % {"reason": _lower_first(value.previous.sentence)}


def beside(value: MetricValue) -> str:
    """Comparable reps or why not, the own past, what the figure rests on; the reason where there is no figure."""
    if isinstance(value.result, NotEvaluable):
        return f"{value.result.sentence}."
    parts = []
    if value.peers is not None:
        band = peers_shown(value.peers, value.spec.unit, value.currency)
        parts.append(_("Comparable reps: %(band)s.") % {"band": band})
    elif value.no_peers is not None:
        parts.append(f"{value.no_peers.sentence}.")
    parts.append(own_past(value))
    parts.append(_rests_on(value))
    parts.append(_left_out(value).strip())
    return " ".join(part for part in parts if part)


def _rests_on(value: MetricValue) -> str:
    """How many things the figure rests on; empty for a count, which says so itself."""
    about = {"n": _figure(value.n), "things": value.spec.n_of, "weeks": _figure(value.weeks_present, 1)}
    if value.spec.unit is Unit.COUNT:
        return ""
    if value.spec.unit is Unit.PER_WEEK:
        return _("Weeks at work: %(weeks)s; %(things)s: %(n)s.") % about
    if value.n < 2:
        return _("Number of %(things)s it rests on: %(n)s.") % about
    return _("Rests on %(n)s %(things)s.") % about


def _left_out(value: MetricValue) -> str:
    if not value.unknown:
        return ""
    return " " + ngettext(
        "%(count)s more without a known amount is left out.",
        "%(count)s more without a known amount are left out.",
        value.unknown,
    ) % {"count": value.unknown}


def _lower_first(sentence: str) -> str:
    # A name at the start keeps its capital: only our own openings are lowered.
    first, _space, _rest = sentence.partition(" ")
    return (
        sentence[0].lower() + sentence[1:]
        if first in {"No", "Nobody", "Only", "Records", "More", "The", "Deals"}
        else sentence
    )


_MISSING_COLUMNS: dict[tuple[str, str], Callable[[], str]] = {
    ("opportunities", "owner_id"): lambda: _("No deal says who works it"),
    ("opportunities", "amount"): lambda: _("No deal carries an amount"),
    ("opportunities", "closed_at"): lambda: _("No deal has a closing date"),
    ("opportunities", "created_at"): lambda: _("No deal has an opening date"),
    ("opportunities", "outcome"): lambda: _("No deal says whether it is open, won or lost"),
    ("opportunities", "account_id"): lambda: _("No deal names its account"),
    ("opportunities", "next_step"): lambda: _("No deal says what comes next"),
    ("opportunities", "expected_close_on"): lambda: _("No deal has an expected closing day"),
    ("leads", "owner_id"): lambda: _("No lead says who works it"),
    ("leads", "created_at"): lambda: _("No lead has a date"),
    ("leads", "qualified_at"): lambda: _("No lead says when it qualified"),
    ("leads", "source"): lambda: _("No lead says where it came from"),
    ("activities", "person_id"): lambda: _("No activity says who did it"),
    ("activities", "logged_at"): lambda: _("No activity says when it was logged"),
    ("accounts", "owner_id"): lambda: _("No account says who looks after it"),
    ("accounts", "started_on"): lambda: _("No account says since when it is a customer"),
    ("accounts", "churned_on"): lambda: _("No account ever left, or nobody recorded when"),
}


def _missing_table(table: str) -> str:
    if table == "activities":
        return _("Nobody logged activities")
    if table == "stage_changes":
        return _("No stage history was loaded")
    return _("No %(things)s were loaded") % {"things": table_name(table)}


def _missing_column(table: str, column: str) -> str:
    known = _MISSING_COLUMNS.get((table, column))
    if known:
        return known()
    return _("The column %(column)s of the %(things)s is empty") % {"column": column, "things": table_name(table)}


_REASONS: dict[str, Callable[[], str]] = {
    "only_wins": lambda: _("Only won deals were loaded, so lost deals can't be counted"),
    "only_wins_owned": lambda: _("Only wins carry a rep, so lost deals can't be counted"),
    "few_losses_owned": lambda: _(
        "Only %(owned)s of %(all)s lost deals carry a rep, so a share of wins would look too good"
    ),
    "no_own_leads": lambda: _("No lead is marked as found by the rep (source “self”)"),
    "no_open_amounts": lambda: _("No open deal carries an amount"),
    "records_begin": lambda: _("Records begin on %(day)s, inside or after this period"),
    "records_end": lambda: _("Records end on %(day)s, before this period does"),
    "past_unknown": lambda: _("It is only known as it stands now"),
    "away": lambda: _("%(name)s was not at work in this period"),
    "no_rows": lambda: _("%(name)s has no %(things)s in the records"),
    "too_few": lambda: _("Only %(n)s of the %(needed)s %(things)s needed"),
    "unknown_amounts": lambda: _("%(n)s of %(all)s %(things)s have no amount"),
    "foreign_currency": lambda: _("%(n)s %(things)s are in another currency and no exchange rate is known"),
    "foreign_quota": lambda: _("The quota is in another currency and no exchange rate is known"),
    "no_quota": lambda: _("No quota for %(name)s in this period"),
    "zero_quota": lambda: _("The quota for this period is zero"),
    "part_quota": lambda: _("The quota covers only %(n)s of %(all)s days"),
    "undecided": lambda: _("More than half of the %(n)s deals are still open, so the middle can't be told yet"),
    "ramping": lambda: _(
        "%(name)s is in the first %(weeks)s weeks and is not compared with colleagues who are past them"
    ),
    "partly_away": lambda: _(
        "%(name)s was at work on %(n)s of %(all)s workdays, so what grows with time at work is not compared"
    ),
    "own_failed": lambda: _("This metric of the company could not be computed: %(error)s"),
    "own_slow": lambda: _("This metric of the company took longer than %(seconds)s seconds and was stopped"),
    "few_peers": lambda: _("Fewer than %(needed)s comparable reps have enough to compare with"),
}


def reason(why: NotEvaluable) -> str:
    """The sentence for a reason, without the final stop."""
    about = dict(why.about)
    if why.code == "no_table":
        return _missing_table(str(about["table"]))
    if why.code == "no_column":
        return _missing_column(str(about["table"]), str(about["column"]))
    if why.code == "no_kind":
        kinds = {
            "call": _("calls"),
            "email": _("e-mails"),
            "social": _("social touches"),
            "meeting": _("meetings"),
            "demo": _("demos"),
        }
        named = [kinds.get(kind, kind) for kind in str(about["kinds"]).split(",")]
        return _("No %(things)s were loaded") % {"things": _(" or ").join(named)}
    if why.code == "no_stage":
        return _("No deal entered the stage %(stage)s in the stage history") % {
            "stage": ", ".join(str(stage_name(stage)) for stage in str(about["stage"]).split(","))
        }
    if "day" in about:
        from datetime import date

        about["day"] = date_format(date.fromisoformat(str(about["day"])), "j F Y")
    if "table" in about:
        about["things"] = table_name(str(about["table"]))
    return _REASONS[why.code]() % about
