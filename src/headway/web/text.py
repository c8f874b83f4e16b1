"""Numbers, money and days in words, the way Headway writes them; used by templates and by sentences."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from math import floor

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from headway.web.kept_words import kept_per_language

MINUS, SPACE = "−", "\u00a0"
_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹"}
Amount = int | float | Decimal


def _rounded(value: float, digits: int) -> str:
    """Half away from zero, as people round; grouped and with the decimal sign of the language."""
    shift = 10**digits
    return grouped(floor(abs(value) * shift + 0.5) / shift, digits)


def grouped(value: float, digits: int = 0) -> str:
    """A number with so many decimals, grouped and with the decimal sign of the language."""
    return _grouped(value + 0.0, digits)  # adding zero takes the sign off a zero


@kept_per_language(8192)
def _grouped(value: float, digits: int) -> str:
    point, between, in_threes = _signs()
    if not in_threes or not abs(value) < 1e15:
        return formats.number_format(value, decimal_pos=digits, use_l10n=True, force_grouping=True)
    # The same, in a tenth of the time: a page of figures has hundreds that were never written before.
    whole, _point, rest = f"{value:,.{digits}f}".partition(".")
    return whole.replace(",", between) + (point + rest if rest else "")


@kept_per_language(64)
def _signs() -> tuple[str, str, bool]:
    """Decimal sign and what stands between groups in the language, and whether groups are of three digits."""
    names = ("DECIMAL_SEPARATOR", "THOUSAND_SEPARATOR", "NUMBER_GROUPING")
    point, between, grouping = (formats.get_format(name, use_l10n=True) for name in names)
    return str(point), str(between), grouping == 3


def _signed(value: float, text: str, *, plus: bool) -> str:
    if value < 0:
        return f"{MINUS}{text}"
    return f"+{text}" if plus and value > 0 else text


def money(value: Amount | None, *, currency: str = "EUR", short: bool = False, plus: bool = False) -> str:
    """€150,000 in text, €150k (or €1.2m) in pictures when `short`. None is a dash, never a zero."""
    if value is None:
        return "–"
    amount = float(value)
    size = abs(amount)
    if short and size >= 999_500:
        figure = _rounded(amount / 1e6, 0 if size >= 99_500_000 else 1).removesuffix(_tail()) + pgettext(
            "million, after a figure", "m"
        )
    elif short and size >= 1000:
        digits = 1 if size < 9_950 else 0
        figure = _rounded(amount / 1e3, digits).removesuffix(_tail()) + pgettext("thousand, after a figure", "k")
    else:
        figure = _rounded(amount, 0)
    sign = _SIGNS.get(currency)
    return _signed(amount, f"{sign}{figure}" if sign else f"{currency}{SPACE}{figure}", plus=plus)


def _tail() -> str:
    return f"{formats.get_format('DECIMAL_SEPARATOR')}0"


def percent(share: float | None, *, digits: int = 0) -> str:
    """A share (1 = 100%) as "55%". None is a dash."""
    if share is None:
        return "–"
    return _signed(share, f"{_rounded(share * 100, digits)}%", plus=False)


def range_percent(low: float | None, high: float | None) -> str:
    """Two shares as "likely 44 to 68%"; a dash where either is missing."""
    if low is None or high is None:
        return "–"
    return _("likely %(low)s to %(high)s%%") % {
        "low": _signed(low, _rounded(low * 100, 0), plus=False),
        "high": _signed(high, _rounded(high * 100, 0), plus=False),
    }


def in_hundred(chance: float) -> int:
    """A chance as a whole number of a hundred; never 0 or 100 unless it is certain."""
    rounded = floor(chance * 100 + 0.5)
    if rounded >= 100 and chance < 1:
        return 99
    if rounded <= 0 and chance > 0:
        return 1
    return rounded


def times_in_hundred(count: int) -> str:
    """31 as "31 times in 100", 1 as "once in 100 times"."""
    return _("once in 100 times") if count == 1 else _("%(count)s times in 100") % {"count": count}


def chances(chance: float | None) -> str:
    """A chance (0 to 1) as "56 in 100". None is a dash."""
    return "–" if chance is None else _("%(count)s in 100") % {"count": in_hundred(chance)}


def day(value: date | datetime | None, *, short: bool = False, today: date | None = None) -> str:
    """ "3 March", with the year when it is not this year; `short` for pictures: "3 Mar"."""
    if value is None:
        return "–"
    on = timezone.localtime(value).date() if isinstance(value, datetime) and timezone.is_aware(value) else value
    same_year = on.year == (today or timezone.localdate()).year
    if short:
        return formats.date_format(on, _("j M") if same_year else _("j M Y"))
    return formats.date_format(on, _("j F") if same_year else _("j F Y"))


def initials(name: str) -> str:
    """First letters of the first and the last name: "ML"; one letter for one name."""
    words = [word for word in name.replace("-", " ").split() if word[0].isalpha()]
    if not words:
        return "?"
    chosen = [words[0]] if len(words) == 1 else [words[0], words[-1]]
    return "".join(word[0] for word in chosen).upper()
