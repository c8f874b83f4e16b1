"""From a company's recipe to a metric of the catalogue: rows of sufficient statistics as Ibis expressions."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext as _

from headway.facts.tables import BY_NAME
from headway.metrics.canonical import Canonical, Column, Rows
from headway.metrics.own.recipe import (
    COLUMNS,
    TABLE,
    Better,
    Condition,
    Recipe,
    Shape,
    Things,
    formula_of,
    things_name,
)
from headway.metrics.spec import OWNER, Direction, Kind, Measure, MetricSpec, Source, Unit

FAMILY = "own"
_KINDS = {Shape.TOTAL: Kind.TOTAL, Shape.PER_WEEK: Kind.PER_WEEK, Shape.AVERAGE: Kind.MEAN, Shape.SHARE: Kind.SHARE}
_DIRECTIONS = {Better.HIGHER: Direction.HIGHER, Better.LOWER: Direction.LOWER, Better.NEUTRAL: Direction.NEUTRAL}
# Per kind of thing: whose it is, and the instant whose day counts.
_OWNER = {"activities": "person_id", "leads": "owner_id", "opportunities": "owner_id"}
_CLOCK = {
    Things.ACTIVITIES: "occurred_at",
    Things.LEADS: "created_at",
    Things.OPENED: "created_at",
    Things.CLOSED: "closed_at",
}


def thing_rows(c: Canonical, *, things: Things) -> Rows:
    """One row per thing with its day, how many it stands for, its amount, and the columns conditions may ask about."""
    table = c.table(TABLE[things])
    owner, clock = table[_OWNER[TABLE[things]]], table[_CLOCK[things]]
    kept = owner.notnull() & c.near(clock)
    if things is Things.CLOSED:
        kept = kept & table.outcome.isin(["won", "lost"])
    number = table["count"].fill_null(1).cast("float64") if things is Things.ACTIVITIES else c.ibis.literal(1.0)
    money = table.amount if TABLE[things] == "opportunities" else c.ibis.null("float64")
    foreign = c.is_foreign(table.currency) if TABLE[things] == "opportunities" else c.ibis.literal(False)
    asked = {f"asks_{name}": table[name].fill_null("").lower() for name in COLUMNS[things]}
    return table.filter(kept).select(
        person_id=owner,
        thing=table[BY_NAME[TABLE[things]].key[0]],
        day=c.day(clock),
        x=number,
        of=number,
        money=money,
        in_other_currency=foreign,
        **asked,
    )


def that_fit(_c: Canonical, rows: Rows, *, conditions: tuple[Condition, ...]) -> Column:
    """Which rows meet every condition."""
    found = rows.person_id.notnull()
    for condition in conditions:
        among = rows[f"asks_{condition.column}"].isin(list(condition.values))
        found = found & (~among if condition.negated else among)
    return found


def contribution(c: Canonical, rows: Rows, *, conditions: tuple[Condition, ...], amount: bool) -> Column:
    """What a row adds to the numerator: 0 where the conditions of the part are not met."""
    worth = c.ibis.ifelse(rows.in_other_currency, c.ibis.null("float64"), rows.money) if amount else rows.x
    if not conditions:
        return worth
    return c.ibis.ifelse(that_fit(c, rows, conditions=conditions), worth, worth * 0.0)


def is_foreign(_c: Canonical, rows: Rows) -> Column:
    """Amounts in another currency."""
    return rows.in_other_currency


def _measure(recipe: Recipe) -> Measure:
    return Measure(
        partial(thing_rows, things=recipe.things),
        only=partial(that_fit, conditions=recipe.of) if recipe.of else None,
        x=partial(contribution, conditions=recipe.only, amount=recipe.amount),
        foreign=is_foreign if recipe.amount else None,
        table=TABLE[recipe.things],
        clock=(TABLE[recipe.things], _CLOCK[recipe.things]),
    )


def _unit(recipe: Recipe) -> Unit:
    if recipe.shape is Shape.SHARE:
        return Unit.SHARE
    if recipe.amount:
        return Unit.MONEY
    return Unit.PER_WEEK if recipe.shape is Shape.PER_WEEK else Unit.COUNT


def _sources(recipe: Recipe) -> tuple[Source, ...]:
    table = TABLE[recipe.things]
    asked = tuple(dict.fromkeys(condition.column for condition in recipe.of + recipe.only))
    money = ("amount",) if recipe.amount else ()
    return (Source(table, (_OWNER[table], _CLOCK[recipe.things], *asked, *money)),)


def spec_of(recipe: Recipe) -> MetricSpec:
    """The recipe as a metric of the catalogue, computed and compared like every other."""
    return MetricSpec(
        key=recipe.key,
        version=recipe.version,
        name=recipe.name,
        words=recipe.words,
        formula=formula_of(recipe),
        unit=_unit(recipe),
        direction=_DIRECTIONS[recipe.better],
        family=FAMILY,
        kind=_KINDS[recipe.shape],
        numerator=_measure(recipe),
        sources=_sources(recipe),
        n_of=things_name(recipe.things),
        minimum_n=recipe.minimum_n if recipe.shape in (Shape.SHARE, Shape.AVERAGE) else 0,
        owner=recipe.owner or OWNER,
        grain=_("one person and day, added up over the period"),
    )
