"""How figures and days are written in a plan: €150,000, 41%, 1 June."""

from __future__ import annotations

import math
from datetime import date

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from headway.plans.content import fill_in, load
from headway.plans.evidence import Figure, GapLine, Unit

NARROW = "\N{NARROW NO-BREAK SPACE}"  # before a percent sign, where the language sets one
SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹"}


def number(value: float, *, decimals: int = 0) -> str:
    """A number with thousands separated, rounded (Django alone would cut off: 48.7 as 48)."""
    return str(number_format(round(value, decimals), decimal_pos=decimals, use_l10n=True, force_grouping=True))


def money(value: float, currency: str) -> str:
    """€150,000 or 150,000 SEK; the sign before the symbol."""
    sign = "−" if value < 0 else ""
    text = number(abs(round(value)))
    return sign + _with_currency(text, currency)


def _with_currency(text: str, currency: str) -> str:
    symbol = SYMBOLS.get(currency)
    if symbol and _plan_language() == "en":
        return f"{symbol}{text}"
    return f"{text}\N{NO-BREAK SPACE}{symbol}" if symbol else f"{text} {currency}"


def money_about(value: float, currency: str) -> str:
    """An estimate of money to three digits: €638,000 for 637,504."""
    return money(_to_unit(value, _unit_of(value, digits=3)), currency)


def line_money(line: GapLine, currency: str) -> tuple[str, str]:
    """A part of the gap and its likely range, as exactly as the range allows: two digits of its width, so −€330,000,
    "−€430,000 to −€210,000". A dash where there is no range. The exact numbers stay in the evidence."""
    if line.low is None or line.high is None:
        return signed_money(_to_unit(line.amount, _unit_of(line.amount, digits=3)), currency), "–"
    unit = _unit_of(line.high - line.low, digits=2)
    amount, low, high = (signed_money(_to_unit(value, unit), currency) for value in (line.amount, line.low, line.high))
    return amount, _said("to", _("%(low)s to %(high)s") % {"low": low, "high": high}, low=low, high=high)


def _unit_of(value: float, *, digits: int) -> float:
    """The power of ten that keeps so many leading digits of a value; never below one."""
    if not value:
        return 1.0
    return float(max(1.0, 10.0 ** (math.floor(math.log10(abs(value))) - digits + 1)))


def _to_unit(value: float, unit: float) -> float:
    return round(value / unit) * unit


def money_short(value: float, currency: str) -> str:
    """€150k, for pictures and narrow tables."""
    sign = "−" if value < 0 else ""
    size = abs(value)
    if size >= 1000 and _plan_language() != "en":
        return sign + _with_currency(number(round(size, -3)), currency)
    return sign + _with_currency(f"{size / 1000:.0f}k" if size >= 1000 else f"{size:.0f}", currency)


def signed_money(value: float, currency: str) -> str:
    """−€50,000 or +€10,000."""
    return f"+{money(value, currency)}" if value > 0 else money(value, currency)


def share(value: float) -> str:
    """0.41 as 41%."""
    return f"{number(value * 100)}{'' if _plan_language() == 'en' else NARROW}%"


def figure_text(value: float | None, unit: Unit, currency: str) -> str:
    """A value in its unit; a dash where there is none."""
    if value is None:
        return "–"
    if unit is Unit.MONEY:
        return money(value, currency)
    if unit in {Unit.SHARE, Unit.RATIO}:
        return share(value)
    if unit is Unit.COUNT:
        return number(value)
    if unit is Unit.DAYS:
        words = ngettext("%s day", "%s days", round(value)) % number(value)
        return _said("day" if round(value) == 1 else "days", words, n=number(value))
    return number(value, decimals=0 if float(value).is_integer() else 1)


def today_text(figure_value: float | None, unit: Unit, currency: str) -> str:
    """The baseline as the "today" of a goal, in words where it is not measured."""
    return (
        figure_text(figure_value, unit, currency)
        if figure_value is not None
        else _said("not_counted", _("not yet counted"))
    )


def day(on: date, *, year: bool = False) -> str:
    """1 June, or 1 June 2026; in other languages as they write it: 1. Juni 2026."""
    if _plan_language() == "en":
        return str(date_format(on, "j F Y" if year else "j F"))
    return str(date_format(on, "DATE_FORMAT" if year else "MONTH_DAY_FORMAT"))


def chance(value: float) -> str:
    """0.81 as "81 times in 100"; never certain, never impossible."""
    n = round(value * 100)
    if n < 1:
        return _said("less_than_once_in_100", _("less than once in 100 times"))
    if n > 99:
        return _said("more_than_99_in_100", _("more than 99 times in 100"))
    if n == 1:
        return _said("once_in_100", _("once in 100 times"))
    return _said("times_in_100", _("%(n)d times in 100") % {"n": n}, n=n)


def observed(figure: Figure) -> str:
    """The count behind a share: "9"."""
    return number(figure.observed if figure.observed is not None else (figure.value or 0) * (figure.n or 0))


def weekday(index: int) -> str:
    """0 as Monday."""
    if _plan_language() != "en":
        return str(WEEKDAYS[index])  # in the words that Django brings for the language
    names = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
    return names[index]


def every(weeks: int) -> str:
    """ "every week" or "every 2 weeks"."""
    if weeks == 1:
        return _said("every_week", _("every week"))
    return _said("every_weeks", _("every %(n)d weeks") % {"n": weeks}, n=weeks)


def a_week(weeks: int) -> str:
    """ "a week" or "every 2 weeks", after a length of time."""
    return _said("a_week", _("a week")) if weeks == 1 else every(weeks)


def _plan_language() -> str:
    return (get_language() or "en").split("-")[0]


def _said(key: str, usual: str, **values: object) -> str:
    """A small word in the language the plan is written in; `usual` in that of the program."""
    language = _plan_language()
    if language == "en":
        return usual
    template = load(language).tables.get("word", {}).get(key)
    return usual if template is None else fill_in(str(template), entry=f"word.{key}", values=values)


def listed(items: list[str]) -> str:
    """a, b and c."""
    if len(items) < 2:
        return "".join(items)
    first, last = ", ".join(items[:-1]), items[-1]
    joined = _said("and", "")
    return f"{first} {joined} {last}" if joined else _("%(first)s and %(last)s") % {"first": first, "last": last}


def capital(text: str) -> str:
    """The same words with a capital at the front."""
    return text[:1].upper() + text[1:]
