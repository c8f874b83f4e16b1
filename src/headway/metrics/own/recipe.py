"""A metric as a company writes it down: what is counted, which of it, and how. Pure: words and checks, no query."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from headway.core.errors import BadInput

MOST_CONDITIONS = 4
_KEY = re.compile(r"[a-z][a-z0-9_]{2,59}")


class Things(StrEnum):
    """What is counted, and on which day: activities when they happened, leads when they came, deals as named."""

    ACTIVITIES = "activities"
    LEADS = "leads"
    OPENED = "deals_opened"
    CLOSED = "deals_closed"


class Shape(StrEnum):
    """How the rows become a figure."""

    TOTAL = "total"
    PER_WEEK = "per_week"
    SHARE = "share"
    AVERAGE = "average"


class Better(StrEnum):
    """Which way is better."""

    HIGHER = "higher"
    LOWER = "lower"
    NEUTRAL = "neutral"


# What conditions may speak of, per kind of thing.
COLUMNS: Mapping[Things, tuple[str, ...]] = {
    Things.ACTIVITIES: ("kind", "outcome"),
    Things.LEADS: ("source", "disqualified_reason"),
    Things.OPENED: ("source", "product", "stage", "outcome", "lost_reason"),
    Things.CLOSED: ("source", "product", "outcome", "lost_reason"),
}
TABLE: Mapping[Things, str] = {
    Things.ACTIVITIES: "activities",
    Things.LEADS: "leads",
    Things.OPENED: "opportunities",
    Things.CLOSED: "opportunities",
}
WITH_AMOUNT = frozenset({Things.OPENED, Things.CLOSED})


@dataclass(frozen=True)
class Condition:
    """One column is (or, with `negated`, is not) one of these values. Case does not matter."""

    column: str
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True)
class Recipe:
    """One metric of the company.

    key: its name on the command line; name, words: as people read it; things: what is counted; `of`: which of them
    count at all; `only`: which of those count for the numerator (of a share); amount: money of deals, not their
    number; minimum_n: fewest things a value may rest on; version: raised with every change.
    """

    key: str
    name: str
    words: str
    things: Things
    shape: Shape
    of: tuple[Condition, ...] = ()
    only: tuple[Condition, ...] = ()
    amount: bool = False
    better: Better = Better.NEUTRAL
    minimum_n: int = 10
    owner: str = ""
    version: int = 1

    def as_json(self) -> dict[str, Any]:
        """A JSON document; `recipe_from` reads it again."""

        def conditions(some: tuple[Condition, ...]) -> list[dict[str, Any]]:
            return [{"column": c.column, "values": list(c.values), "negated": c.negated} for c in some]

        return {
            "key": self.key, "name": self.name, "words": self.words, "things": self.things.value,
            "shape": self.shape.value, "of": conditions(self.of), "only": conditions(self.only), "amount": self.amount,
            "better": self.better.value, "minimum_n": self.minimum_n, "owner": self.owner, "version": self.version,
        }  # fmt: skip


def did_you_mean(wanted: str, known: Iterable[str]) -> str:
    """A hint for something misspelt: the nearest, or all there are."""
    choices = sorted(known)
    near = difflib.get_close_matches(wanted.lower(), choices, n=1, cutoff=0.5)
    return _("Did you mean %s?") % near[0] if near else _("There are: %s.") % ", ".join(choices)


def one_of(kind: type[StrEnum], wanted: str, *, what: str) -> StrEnum:
    """The member called `wanted`.

    Raises:
        BadInput: there is none; names the nearest.
    """
    known = [str(member) for member in kind]
    if wanted not in known:
        raise BadInput(what, value=wanted, todo=did_you_mean(wanted, known))
    return kind(wanted)


def recipe_from(data: Mapping[str, Any]) -> Recipe:
    """Read and check what a page, a file or the record holds.

    Raises:
        BadInput: something is missing or does not fit; names the value and what would.
    """
    known = set(Recipe.__dataclass_fields__)
    unknown = next((key for key in data if key not in known), None)
    if unknown is not None:
        raise BadInput(_("A metric has no such part"), value=unknown, todo=did_you_mean(unknown, known))
    things = Things(one_of(Things, str(data.get("things", "")), what=_("Nothing of this name can be counted")))
    recipe = Recipe(
        key=str(data.get("key", "")).strip(),
        name=str(data.get("name", "")).strip(),
        words=str(data.get("words", "")).strip(),
        things=things,
        shape=Shape(one_of(Shape, str(data.get("shape", "")), what=_("A metric has no such shape"))),
        of=_conditions(data.get("of", ()), things),
        only=_conditions(data.get("only", ()), things),
        amount=bool(data.get("amount", False)),
        better=Better(one_of(Better, str(data.get("better", "neutral")), what=_("A metric has no such direction"))),
        minimum_n=_count(data.get("minimum_n", 10)),
        owner=str(data.get("owner", "")).strip(),
        version=_count(data.get("version", 1)),
    )
    check(recipe)
    return recipe


def check(recipe: Recipe) -> None:
    """Whether the parts fit together.

    Raises:
        BadInput: they do not.
    """
    if not _KEY.fullmatch(recipe.key):
        todo = _("Use 3 to 60 small letters, digits and _, as in demo_no_show_rate.")
        raise BadInput(_("This cannot be a metric's key"), value=recipe.key, todo=todo)
    if not recipe.name or not recipe.words:
        raise BadInput(_("A metric needs a name and a sentence that says what it means"), value=recipe.key)
    if recipe.shape is Shape.SHARE and not recipe.only:
        todo = _("Say which of the things count for it, for example those whose outcome is no_show.")
        raise BadInput(_("A share needs a part of a whole"), value=recipe.key, todo=todo)
    if recipe.shape is not Shape.SHARE and recipe.only:
        todo = _("Put the condition among those for all things, or make it a share.")
        raise BadInput(_("Only a share has a part and a whole"), value=recipe.key, todo=todo)
    if recipe.amount and recipe.things not in WITH_AMOUNT:
        raise BadInput(_("Only deals have an amount"), value=recipe.things.value, todo=_("Count how many instead."))
    if recipe.shape is Shape.AVERAGE and not recipe.amount:
        raise BadInput(_("An average is made of amounts"), value=recipe.key, todo=_("Choose the amount of deals."))
    if recipe.shape in (Shape.SHARE, Shape.PER_WEEK) and recipe.amount:
        todo = _("Choose how many, or make it a total or an average.")
        raise BadInput(_("A share or a figure per week counts things, not money"), value=recipe.key, todo=todo)
    if recipe.shape is Shape.AVERAGE and recipe.minimum_n < 2:
        raise BadInput(_("An average must rest on at least two deals"), value=recipe.minimum_n)
    if recipe.minimum_n < 1:
        raise BadInput(_("A value must rest on at least one thing"), value=recipe.minimum_n)


def _count(value: object) -> int:
    try:
        return int(str(value))
    except ValueError as error:
        raise BadInput(_("This is not a whole number"), value=value) from error


def _conditions(some: Iterable[Mapping[str, Any]], things: Things) -> tuple[Condition, ...]:
    found = tuple(_condition(one, things) for one in some)
    if len(found) > MOST_CONDITIONS:
        raise BadInput(_("A metric has at most %s conditions of a kind") % MOST_CONDITIONS, value=len(found))
    return found


def _condition(data: Mapping[str, Any], things: Things) -> Condition:
    column = str(data.get("column", "")).strip().lower()
    if column not in COLUMNS[things]:
        what = _("%(things)s have no such column to ask about") % {"things": things_name(things).capitalize()}
        raise BadInput(what, value=column, todo=did_you_mean(column, COLUMNS[things]))
    values = tuple(str(v).strip().lower() for v in data.get("values", ()) if str(v).strip())
    if not values:
        raise BadInput(_("A condition needs at least one value"), value=column)
    return Condition(column, values, bool(data.get("negated", False)))


def things_name(things: Things) -> str:
    """What is counted, plural, as people say it."""
    return {
        Things.ACTIVITIES: _("activities"),
        Things.LEADS: _("leads"),
        Things.OPENED: _("deals opened"),
        Things.CLOSED: _("deals closed"),
    }[things]


def condition_words(condition: Condition) -> str:
    """ "outcome is no_show or cancelled"."""
    values = _(" or ").join(condition.values)
    words = _("%(column)s is not %(values)s") if condition.negated else _("%(column)s is %(values)s")
    return words % {"column": condition.column, "values": values}


def _where(conditions: tuple[Condition, ...]) -> str:
    return _(" whose ") + _(" and whose ").join(condition_words(c) for c in conditions) if conditions else ""


def formula_of(recipe: Recipe) -> str:
    """How to get the number by hand, in words: made from what is computed."""
    things = things_name(recipe.things) + _where(recipe.of)
    match recipe.shape:
        case Shape.TOTAL if recipe.amount:
            return _("Add up the amounts of the %s in the period.") % things
        case Shape.TOTAL:
            return _("Count the %s in the period.") % things
        case Shape.PER_WEEK:
            return _("Number of %s in the period ÷ weeks at work in it.") % things
        case Shape.AVERAGE:
            return _("Amounts of the %s in the period ÷ their number.") % things
        case Shape.SHARE:
            part = things_name(recipe.things) + _where(recipe.of + recipe.only)
            text = _("Number of %(part)s ÷ number of %(all)s, both of the period.")
            return text % {"part": part, "all": things}
