"""What is wrong or missing in a version of the facts: counted once, when it is loaded, and kept with it.

Pages and `headway status` read what was kept; nothing here runs while somebody waits for a page.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

FORMAT = 1


class Trouble(StrEnum):
    """What can be noticed."""

    PAST_CLOSE = "past_close"
    DUPLICATES = "duplicates"
    SAME_NAME = "same_name"
    NO_DEALS = "no_deals"
    NEGATIVE_CYCLE = "negative_cycle"
    AFTER_LEAVING = "after_leaving"
    BEFORE_LEAD = "before_lead"
    WORK_AFTER_LEAVING = "work_after_leaving"
    NO_AMOUNT = "no_amount"
    CURRENCIES = "currencies"
    EMPTY_WEEKS = "empty_weeks"
    NO_OWNER = "no_owner"
    DEAL_NO_OWNER = "deal_no_owner"
    UNDATED = "undated"
    NO_OUTCOME = "no_outcome"
    AFTER_CLOSE = "after_close"
    NO_HIRE_DAY = "no_hire_day"


@dataclass(frozen=True)
class Example:
    """One row that shows a trouble: which record, and what about it."""

    ref: str
    detail: str = ""


@dataclass(frozen=True)
class Problem:
    """One kind of trouble.

    Args:
        kind: which.
        count: how many rows, people or weeks.
        of: of how many; None where a share says nothing.
        examples: up to three of them, or twelve people.
    """

    kind: Trouble
    count: int
    of: int | None
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class TableHealth:
    """What one table holds: rows, first and last day, and when it was loaded last."""

    table: str
    rows: int
    first_day: date | None
    last_day: date | None
    loaded_at: str


@dataclass(frozen=True)
class Health:
    """What a version holds and what is wrong with it. `holds` names the `needs.CONDITIONS` that are met."""

    last_day: date | None
    tables: tuple[TableHealth, ...]
    problems: tuple[Problem, ...]
    people: int
    currencies: dict[str, int]
    holds: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain data to be kept with the version."""
        raw = asdict(self)
        raw["format"] = FORMAT
        raw["last_day"] = _text(self.last_day)
        for table in raw["tables"]:
            table["first_day"], table["last_day"] = _text(table["first_day"]), _text(table["last_day"])
        return raw


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def from_json(raw: object) -> Health | None:
    """What `as_json` made; None where nothing was kept, or by another version of the program."""
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        return None
    return Health(
        last_day=_day(raw["last_day"]),
        tables=tuple(
            TableHealth(t["table"], t["rows"], _day(t["first_day"]), _day(t["last_day"]), t["loaded_at"])
            for t in raw["tables"]
        ),
        problems=tuple(
            Problem(Trouble(p["kind"]), p["count"], p["of"], tuple(Example(**e) for e in p["examples"]))
            for p in raw["problems"]
        ),
        people=raw["people"],
        currencies=dict(raw["currencies"]),
        holds=tuple((str(table), str(name)) for table, name in raw["holds"]),
    )
