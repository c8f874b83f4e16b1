"""Numbers written by people: `1.234,56`, `1,234.56`, `€ 28.000`, `(1 200.00)`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Decimal(StrEnum):
    """Which sign stands before the decimals."""

    POINT = "point"
    COMMA = "comma"


CURRENCY_SIGNS = {
    "€": "EUR",
    "$": "USD",
    "£": "GBP",
    "¥": "JPY",
    "zł": "PLN",
    "₹": "INR",
    "R$": "BRL",
    "Kč": "CZK",
    "₺": "TRY",
}
CODES: tuple[str, ...] = tuple(
    (  # noqa: SIM905
        "EUR USD GBP CHF JPY CNY INR BRL CAD AUD NZD SEK NOK DKK PLN CZK HUF RON BGN TRY ZAR MXN "
        "SGD HKD KRW ILS AED SAR THB IDR MYR PHP VND CLP COP ARS PEN UAH RSD ISK EGP NGN KES MAD "
    ).split()
)

# A number with groups of three and a comma before the decimals, and the other way round.
# No group begins with a nought: `0.918` is nine tenths, in a column of territories for example.
_COMMA = re.compile(
    r"^\d{1,3}(\.\d{3})+,\d+$|^\d+,\d{1,2}$|^\d+,\d{4,}$|^\d{1,3}(\.\d{3}){2,}$|^\d{1,3}( \d{3})+,\d+$|^0,\d+$"
)
_POINT = re.compile(
    r"^\d{1,3}(,\d{3})+\.\d+$|^\d+\.\d{1,2}$|^\d+\.\d{4,}$|^\d{1,3}(,\d{3}){2,}$|^\d{1,3}('\d{3})+(\.\d+)?$|^0\.\d+$"
)
_GROUPED_POINT = re.compile(r"^[1-9]\d{0,2}\.\d{3}$")
_GROUPED_COMMA = re.compile(r"^[1-9]\d{0,2},\d{3}$")

_SIGNS = "[" + re.escape("€$£¥₹₺") + "]"
_NOISE = rf"(?i){_SIGNS}|\b({'|'.join(CODES)})\b|zł|Kč|R\$|[\s  ']|%$"


@dataclass(frozen=True)
class NumberStyle:
    """How a column writes numbers, and whether that is certain."""

    decimal: Decimal
    sure: bool
    why: str = ""


def bare(cell: str) -> str:
    """The cell without signs of currency, blanks and minus."""
    return re.sub(_NOISE, "", cell.replace("−", "-")).strip("()-+")


def style_of(cells: list[str], *, canonical: bool = False) -> NumberStyle:
    """Whether the column writes a point or a comma before the decimals, from all cells given.

    `1.234` alone could be either: where all cells look like that, the point stands between thousands, as in
    amounts of a foreign export.

    Args:
        cells: as they are written.
        canonical: the file is one of Headway's own, which has a decimal point unless some cell shows otherwise.
    """
    bares = [bare(c) for c in cells]
    comma = sum(1 for b in bares if _COMMA.match(b))
    point = sum(1 for b in bares if _POINT.match(b))
    if comma > point:
        return NumberStyle(Decimal.COMMA, point == 0, "1.234,56")
    if point:
        return NumberStyle(Decimal.POINT, comma == 0, "1,234.56")
    if any(_GROUPED_POINT.match(b) for b in bares):
        grouped = all(_GROUPED_POINT.match(b) or (b.isdigit() and len(b) <= 3) for b in bares if b)
        comma_before = grouped and not canonical
        return NumberStyle(Decimal.COMMA if comma_before else Decimal.POINT, canonical, "1.234 could be either")
    if any(_GROUPED_COMMA.match(b) for b in bares):
        return NumberStyle(Decimal.POINT, True, "1,234")
    return NumberStyle(Decimal.POINT, True, "")


def number_sql(column: str, decimal: Decimal) -> str:
    """A DuckDB expression: the cell as DOUBLE, NULL where it is no number (letters, nan, infinite).

    Args:
        column: SQL of the text.
        decimal: the sign before the decimals.
    """
    noise = _NOISE.replace("'", "''").replace("(?i)", "")
    text = f"regexp_replace(replace({column}, '−', '-'), '{noise}', '', 'gi')"
    as_comma, as_point = f"replace(replace({text}, '.', ''), ',', '.')", f"replace({text}, ',', '')"
    # A cell whose shape leaves no doubt is read by its shape; only `1.234` and `1,234` follow the column.
    text = (
        f"CASE WHEN regexp_matches({text}, '^[(+-]*[0-9]{{1,3}}(\\.[0-9]{{3}})+,[0-9]+|^[(+-]*[0-9]+,[0-9]{{1,2}}[)-]?$|^[(+-]*0,[0-9]+[)-]?$') "  # noqa: E501
        f"THEN {as_comma} "
        f"WHEN regexp_matches({text}, '^[(+-]*[0-9]{{1,3}}(,[0-9]{{3}})+\\.[0-9]+|^[(+-]*[0-9]+\\.[0-9]{{1,2}}[)-]?$|^[(+-]*0\\.[0-9]+[)-]?$') "  # noqa: E501
        f"THEN {as_point} ELSE {as_comma if decimal is Decimal.COMMA else as_point} END"
    )
    # (1,200.00) is how accountants write a negative number; a trailing minus comes from SAP.
    text = f"regexp_replace({text}, '^\\((.*)\\)$|^([0-9.]+)-$', '-\\1\\2')"
    plain = f"regexp_matches({column}, '^-?[0-9]+(\\.[0-9]+)?$')" if decimal is Decimal.POINT else "false"
    shaped = f"CASE WHEN regexp_matches({text}, '^[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{{1,2}})?$') THEN TRY_CAST({text} AS DOUBLE) END"  # noqa: E501
    return f"CASE WHEN {plain} THEN TRY_CAST({column} AS DOUBLE) ELSE {shaped} END"
