"""Numbers and dates as people write them in a goal: €150,000, 85%, 4.3 of 5, 28 August. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

MONTHS = (
    "january|jan", "february|feb", "march|mar", "april|apr", "may", "june|jun", "july|jul", "august|aug",
    "september|sept|sep", "october|oct", "november|nov", "december|dec",
)  # fmt: skip
_MONTH = "(?:" + "|".join(MONTHS) + ")"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATES = re.compile(
    rf"\b(?P<iso>\d{{4}}-\d{{2}}-\d{{2}})\b"
    rf"|\b(?P<dotted>\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}})\b"
    rf"|\b(?P<days>{_DAY}(?:(?:\s*,\s*|\s+(?:and|to)\s+|\s*[–-]\s*){_DAY})*)\s+(?:of\s+)?(?P<month>{_MONTH})\b\.?"
    rf"(?:,?\s+(?P<year>\d{{4}})\b)?"
    rf"|\b(?P<month2>{_MONTH})\.?\s+(?P<day2>{_DAY})\b(?:,?\s+(?P<year2>\d{{4}})\b)?",
    re.IGNORECASE,
)
_LOOSE_DATES = re.compile(
    rf"\b(?:end|middle|start|beginning) of (?:the )?(?:{_MONTH}|month|quarter|plan|year)\b|\bq[1-4](?:\s+\d{{4}})?\b"
    rf"|\b(?:by|until|in|before)\s+{_MONTH}(?:\s+\d{{4}})?\b",
    re.IGNORECASE,
)
_WORDS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "twice": 2, "half": 0.5,
}  # fmt: skip
_NUMBER = re.compile(
    r"(?P<before>[€$£¥]|\b(?:EUR|USD|GBP|CHF|SEK|DKK|NOK)\s?)?\s?"
    r"(?<![\w.,])(?P<digits>\d{1,3}(?:[ \u00a0\u202f'’]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)*)"
    r"(?P<scale>\s?(?:k|m|mio|million|thousand)\b)?"
    r"(?P<after>\s?%|\s?per ?cent\b|\s?(?:€|EUR|USD|GBP|CHF|SEK|DKK|NOK)\b|\s?€)?"
    r"|\b(?P<word>" + "|".join(_WORDS) + r")\b(?P<word_after>\s?per ?cent\b)?",
    re.IGNORECASE,
)
_OF = re.compile(r"\s*(?:out of|of|in)\s+(?P<whole>\d+|ten|twenty)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Quantity:
    """A number in a text. kind: "money", "share" (value 0 to 1) or "plain"; whole: 5 in "4.3 of 5"."""

    value: float
    kind: str
    start: int
    end: int
    whole: float | None = None


@dataclass(frozen=True)
class WrittenDate:
    """A date in a text; None where the words name no exact day ("end of August"); year 0 = not written."""

    day: int | None
    month: int | None
    year: int
    start: int
    end: int

    def same_day(self, on: date) -> bool:
        """Whether the words can mean this day."""
        if self.day is None:
            return True
        return (self.day, self.month) == (on.day, on.month) and self.year in (0, on.year)


def _month_number(name: str) -> int:
    return next(n for n, names in enumerate(MONTHS, 1) if name.lower() in names.split("|"))


def dates_in(text: str) -> tuple[WrittenDate, ...]:
    """Every date, in order. "16 and 23 June" gives its last day; impossible ones are no dates."""
    found = [hit for match in _DATES.finditer(text) if (hit := _date(match))]
    taken = [(hit.start, hit.end) for hit in found]
    for match in _LOOSE_DATES.finditer(text):
        if not any(match.start() < end and start < match.end() for start, end in taken):
            found.append(WrittenDate(None, None, 0, match.start(), match.end()))
    return tuple(sorted(found, key=lambda hit: hit.start))


def _date(match: re.Match[str]) -> WrittenDate | None:
    if match["iso"]:
        year, month, day = (int(part) for part in match["iso"].split("-"))
    elif match["dotted"]:
        day, month, year = (int(part) for part in re.split(r"[./]", match["dotted"]))
    elif match["days"]:
        day = int(re.findall(r"\d+", match["days"])[-1])
        month, year = _month_number(match["month"]), int(match["year"] or 0)
    else:
        day = int(re.findall(r"\d+", match["day2"])[0])
        month, year = _month_number(match["month2"]), int(match["year2"] or 0)
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return WrittenDate(day, month, year, match.start(), match.end())


def numbers_in(text: str) -> tuple[Quantity, ...]:
    """Every number that is not part of a date, in order."""
    masked = text
    for hit in dates_in(text):
        masked = masked[: hit.start] + " " * (hit.end - hit.start) + masked[hit.end :]
    found = []
    position = 0
    while (match := _NUMBER.search(masked, position)) is not None:
        quantity = _quantity(match, masked)
        found.append(quantity)
        position = max(quantity.end, match.end())
    return tuple(found)


def _quantity(match: re.Match[str], text: str) -> Quantity:
    if match["word"]:
        value, money, share = float(_WORDS[match["word"].lower()]), False, bool(match["word_after"])
    else:
        after = (match["after"] or "").strip().lower()
        share = after == "%" or after.startswith("per")
        money = bool(match["before"]) or bool(after and not share)
        value = _value(match["digits"], money=money) * _scale(match["scale"])
    whole = _OF.match(text, match.end())
    if share:
        return Quantity(value / 100, "share", match.start(), match.end())
    if whole and not money:
        total = float(_WORDS.get(whole["whole"].lower()) or whole["whole"])
        return Quantity(value, "plain", match.start(), whole.end(), total)
    return Quantity(value, "money" if money else "plain", match.start(), match.end())


def _scale(text: str | None) -> float:
    word = (text or "").strip().lower()
    return 1.0 if not word else 1000.0 if word in {"k", "thousand"} else 1_000_000.0


def _value(digits: str, *, money: bool) -> float:
    """150,000 and 150 000 are thousands; 4.3 and 4,3 are decimals; €150.000 is written by Germans."""
    plain = re.sub(r"[ \u00a0\u202f'’]", "", digits)
    groups = re.split(r"[.,]", plain)
    if len(groups) == 1:
        return float(plain)
    last = plain[len(plain) - len(groups[-1]) - 1]
    if len(groups) > 2:
        mixed = len({char for char in plain if char in ".,"}) > 1
        return float("".join(groups[:-1]) + "." + groups[-1]) if mixed else float("".join(groups))
    thousands = len(groups[1]) == 3 and (last == "," or money)
    return float("".join(groups)) if thousands else float(".".join(groups))
