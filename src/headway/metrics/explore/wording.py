"""What the pages of the figures say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from headway.charts.table import Table
from headway.metrics import sentences
from headway.metrics.behind import Behind, Thing, Told
from headway.metrics.explore.asking import Question
from headway.metrics.explore.board import Sheet
from headway.metrics.explore.quality import Flaw
from headway.metrics.explore.standing import Standing, standing_of
from headway.metrics.spec import At, Kind
from headway.metrics.values import MetricValue
from headway.web import text

FLAW_WORDS: dict[Flaw, str | Promise] = {
    Flaw.STILL: gettext_lazy("no move for 28 days"),
    Flaw.PAST: gettext_lazy("close date has passed"),
    Flaw.NO_DATE: gettext_lazy("no close date"),
    Flaw.NO_STEP: gettext_lazy("no next step"),
    Flaw.NO_AMOUNT: gettext_lazy("no amount"),
    Flaw.UNQUALIFIED: gettext_lazy("not qualified yet"),
}


def sheet_title(sheet: Sheet, question: Question, *, as_map: bool) -> str:
    """The finding of a table or map, in one line."""
    who = question.team or ngettext("%(n)s person", "%(n)s people", sheet.total) % {"n": sheet.total}
    if as_map and sheet.compared:
        return _("%(who)s: %(outside)s of %(all)s figures lie outside the usual") % {
            "who": who, "outside": sheet.outside, "all": sheet.compared,
        }  # fmt: skip
    what = sheet.columns[0].name if len(sheet.columns) == 1 else sheet.columns[0].family
    return _("%(what)s, %(when)s, %(who)s") % {"what": what, "when": sheet.when, "who": who}


def headline(value: MetricValue) -> str:
    """The title of a figure's page: the number and where it stands."""
    name = str(value.spec.name)
    if value.value is None:
        return _("%(metric)s: can’t be told") % {"metric": name}
    said = {
        Standing.BEYOND: _("clearly outside what comparable colleagues have"),
        Standing.BELOW: _("outside what comparable colleagues have, which may be chance"),
        Standing.INSIDE: _("where comparable colleagues are"),
        Standing.AHEAD: _("ahead of most comparable colleagues"),
        Standing.OTHER: _("unlike most comparable colleagues"),
    }.get(standing_of(value), "")
    head = _("%(metric)s: %(figure)s") % {"metric": name, "figure": value.figure}
    return _("%(head)s, %(said)s") % {"head": head, "said": said} if said else head


def made_of(found: Behind, value: MetricValue) -> str:
    """The sum behind a figure in one line, as it would be done by hand."""
    spec, currency = value.spec, value.currency
    if spec.kind is Kind.MEDIAN:
        decided = sum(thing.fits for thing in found.things)
        return _(
            "%(decided)s of %(all)s deals are decided. Open ones count as undecided so far: half are decided by the "
            "day above."
        ) % {"decided": decided, "all": len(found.things)}
    top = _number(found.numerator, money=spec.unit.value == "money" or "amount" in _columns(value), currency=currency)
    if spec.kind is Kind.TOTAL:
        return _("Added up: %s.") % top
    if spec.kind is Kind.PER_WEEK:
        weeks = text.percent(value.weeks_present / 100, digits=1).rstrip("%").strip()
        return _("%(sum)s in %(weeks)s weeks at work.") % {"sum": top, "weeks": weeks}
    if not found.denominator:
        return _("Nothing to divide by in this period.")
    if spec.kind is Kind.SHARE:
        return _("%(some)s of %(all)s count.") % {"some": f"{found.numerator:g}", "all": f"{found.denominator:g}"}
    money = spec.kind is Kind.RATIO and "amount" in _columns(value)
    below = _number(found.denominator, money=money, currency=currency)
    return _("%(top)s ÷ %(below)s.") % {"top": top, "below": below}


def _columns(value: MetricValue) -> frozenset[str]:
    return frozenset(column for source in value.spec.sources for column in source.columns)


def _number(value: float, *, money: bool, currency: str) -> str:
    return text.money(value, currency=currency) if money else f"{round(value, 1):g}"


_HEADS: dict[str, tuple[tuple[str, str | Promise], ...]] = {
    "opportunities": (
        ("account", gettext_lazy("Account")),
        ("stage", gettext_lazy("Stage")),
        ("outcome", gettext_lazy("Outcome")),
        ("amount", gettext_lazy("Amount")),
        ("created_on", gettext_lazy("Opened")),
        ("closed_on", gettext_lazy("Closed")),
    ),
    "leads": (
        ("source", gettext_lazy("Source")),
        ("created_on", gettext_lazy("Came in")),
        ("qualified_on", gettext_lazy("Qualified")),
        ("disqualified_on", gettext_lazy("Disqualified")),
    ),
    "activities": (
        ("kind", gettext_lazy("Kind")),
        ("occurred_at", gettext_lazy("Happened")),
        ("logged_at", gettext_lazy("Logged")),
        ("outcome", gettext_lazy("Outcome")),
    ),
    "accounts": (
        ("account", gettext_lazy("Account")),
        ("segment", gettext_lazy("Segment")),
        ("started_on", gettext_lazy("Customer since")),
        ("churned_on", gettext_lazy("Left")),
    ),
}
_NAMES: dict[str, str | Promise] = {
    "opportunities": gettext_lazy("Deal"),
    "leads": gettext_lazy("Lead"),
    "activities": gettext_lazy("Activity"),
    "accounts": gettext_lazy("Account"),
}


def rows_of(name: str, things: Sequence[Thing], value: MetricValue) -> Table | None:
    """The things behind a figure as a table; None where the figure is made of none that could be listed."""
    heads = _HEADS.get(name)
    if heads is None or not things:
        return None
    divided = value.spec.kind is Kind.SHARE or value.spec.at is At.WAITS
    header = [str(_NAMES[name]), *(str(words) for _column, words in heads)]
    if divided:
        header.append(_("Decided") if value.spec.at is At.WAITS else _("Counts"))
    elif name == "activities":
        header.append(_("How many"))
    rows = []
    for thing in things:
        row = [thing.key, *(_shown(thing.about.get(column), thing, value) for column, _words in heads)]
        if divided:
            row.append(_("yes") if thing.fits else _("no"))
        elif name == "activities":
            row.append(f"{thing.x or 0:g}")
        rows.append(tuple(row))
    figures = frozenset(at + 1 for at, (column, _words) in enumerate(heads) if column == "amount")
    return Table(header=tuple(header), rows=tuple(rows), figures=figures)


def _unbroken(words: str) -> str:
    return words.replace(" ", "\u00a0")


def _shown(told: Told, thing: Thing, value: MetricValue) -> str:
    if told is None or told == "":
        return "–"
    if isinstance(told, datetime) and told.time() != time.min:  # midnight is what a bare day becomes
        return _unbroken(date_format(told, "j M Y, H:i"))
    if isinstance(told, date):
        return _unbroken(date_format(told, "j M Y"))
    if isinstance(told, str):
        return told
    return text.money(told, currency=str(thing.about.get("currency") or value.currency))


def outside_words(sheet: Sheet) -> str:
    """What chance alone would do, said beside a map."""
    return _(
        "The usual is the middle 80%% of comparable colleagues, so about 20 of 100 figures lie outside it by "
        "definition; here %(outside)s of %(all)s do."
    ) % {"outside": sheet.outside, "all": sheet.compared}


__all__ = ["FLAW_WORDS", "headline", "made_of", "outside_words", "rows_of", "sentences", "sheet_title"]
