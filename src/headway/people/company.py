"""The company's settings: what a person typed, checked."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from headway.core import company as settings
from headway.core.errors import BadInput
from headway.core.fiscal import Pattern, YearEnd

WEEK_STARTS = {"monday": 0, "saturday": 5, "sunday": 6}


@dataclass(frozen=True)
class CompanyChange:
    """The settings to change; None leaves one as it is."""

    name: str | None = None
    currency: str | None = None
    time_zone: str | None = None
    fiscal_year_start_month: int | None = None
    week_start: int | None = None
    fiscal_pattern: str | None = None
    fiscal_year_end: str | None = None
    ladder: tuple[str, ...] | None = None
    plan_name: str | None = None
    plan_language: str | None = None
    coaching_hour_cost: float | None = None

    @property
    def empty(self) -> bool:
        """True if nothing is to be changed."""
        return all(value is None for value in asdict(self).values())

    @classmethod
    def from_texts(
        cls,
        *,
        name: str | None = None,
        currency: str | None = None,
        time_zone: str | None = None,
        fiscal_year_start: int | None = None,
        week_start: str | None = None,
        fiscal_pattern: str | None = None,
        fiscal_year_end: str | None = None,
        ladder: str | None = None,
        plan_name: str | None = None,
        plan_language: str | None = None,
        coaching_hour_cost: float | None = None,
    ) -> CompanyChange:
        """Read what a person typed; says plainly what cannot be used."""
        return cls(
            name=name.strip() or None if name else None,
            currency=_currency(currency),
            time_zone=_time_zone(time_zone),
            fiscal_year_start_month=_month(fiscal_year_start),
            week_start=_week_start(week_start),
            fiscal_pattern=_pattern(fiscal_pattern),
            fiscal_year_end=_year_end(fiscal_year_end),
            ladder=_ladder(ladder),
            plan_name=plan_name.strip() or None if plan_name else None,
            plan_language=plan_language or None,
            coaching_hour_cost=_cost(coaching_hour_cost),
        )


def _currency(text: str | None) -> str | None:
    if not text:
        return None
    code = text.strip().upper()
    if len(code) != 3 or not code.isalpha():
        raise BadInput(_("A currency has three letters"), value=text, todo=_("Write it like EUR or USD."))
    return code


def _time_zone(text: str | None) -> str | None:
    if not text:
        return None
    try:
        ZoneInfo(text.strip())
    except (KeyError, ValueError, OSError) as unknown:
        raise BadInput(_("There is no such time zone"), value=text, todo=_("Write it like Europe/Berlin.")) from unknown
    return text.strip()


def _month(number: int | None) -> int | None:
    if number is not None and not 1 <= number <= 12:
        raise BadInput(_("A month is a number from 1 to 12"), value=number)
    return number


def _cost(number: float | None) -> float | None:
    if number is not None and not 0 <= number <= 100_000:
        raise BadInput(_("An hour costs something from 0 (not set) to 100,000"), value=number)
    return number


def _week_start(text: str | None) -> int | None:
    if not text:
        return None
    if text.lower() not in WEEK_STARTS:
        raise BadInput(_("A week starts on monday, saturday or sunday"), value=text)
    return WEEK_STARTS[text.lower()]


def _pattern(text: str | None) -> str | None:
    if not text:
        return None
    if text.strip().lower() not in set(Pattern):
        raise BadInput(
            _("A fiscal year is not parted like this"), value=text, todo=_("Choose one of: %s.") % ", ".join(Pattern)
        )
    return text.strip().lower()


def _year_end(text: str | None) -> str | None:
    if not text:
        return None
    if text.strip().lower() not in set(YearEnd):
        raise BadInput(_("A fiscal year does not end like this"), value=text, todo=_("Choose nearest or last."))
    return text.strip().lower()


def _ladder(text: str | None) -> tuple[str, ...] | None:
    if not text:
        return None
    stages = tuple(part.strip().lower() for part in text.split(",") if part.strip())
    if len(stages) < 2 or len(set(stages)) != len(stages) or stages[-1] != "won":
        raise BadInput(
            _("A ladder has two or more different stages and ends with won"),
            value=text,
            todo=_("Write it like: lead, qualified, proposal, won."),
        )
    return stages


def settings_of() -> dict[str, Any]:
    """The settings as they are, for the command line."""
    row = settings.current()
    names = {number: name for name, number in WEEK_STARTS.items()}
    return {
        "name": row.name,
        "currency": row.currency,
        "time_zone": row.time_zone,
        "fiscal_year_start": row.fiscal_year_start_month,
        "week_start": names.get(row.week_start, "monday"),
        "fiscal_pattern": row.fiscal_pattern,
        "fiscal_year_end": row.fiscal_year_end,
        "ladder": row.ladder,
        "plan_name": row.plan_name,
        "plan_language": row.plan_language,
        "coaching_hour_cost": row.coaching_hour_cost,
    }
