"""Which values the loaded facts hold in the columns that conditions ask about: a misspelt one counts nothing."""

from __future__ import annotations

from django.utils.translation import gettext as _

from headway.core.errors import BadInput
from headway.metrics.canonical import FactsLike
from headway.metrics.own.recipe import COLUMNS, TABLE, Condition, Recipe, Things, did_you_mean

MOST_SHOWN = 40


def known_values(facts: FactsLike, things: Things) -> dict[str, tuple[str, ...]]:
    """Per column the values that occur, small letters, the most frequent first and at most 40."""
    found = {}
    for column in COLUMNS[things]:
        rows = facts.con.execute(
            f"SELECT lower(trim({column})) FROM {TABLE[things]} WHERE trim({column}) <> '' "
            f"GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT {MOST_SHOWN}"
        ).fetchall()
        found[column] = tuple(str(row[0]) for row in rows)
    return found


def check_values(facts: FactsLike, recipe: Recipe) -> None:
    """Whether every value of the conditions occurs in the facts.

    Raises:
        BadInput: one does not, so the condition would count nothing, or leave nothing out, and nobody would notice.
    """
    known = known_values(facts, recipe.things)
    for condition in recipe.of + recipe.only:
        _check(condition, known[condition.column])


def _check(condition: Condition, known: tuple[str, ...]) -> None:
    if not known:
        what = _("The loaded facts hold nothing in the column %s") % condition.column
        raise BadInput(what, todo=_("Load an export that has it, or ask about another column."))
    missing = next((value for value in condition.values if value not in known), None)
    if missing is not None and len(known) < MOST_SHOWN:
        what = _("No row of the loaded facts has this in the column %s") % condition.column
        raise BadInput(what, value=missing, todo=did_you_mean(missing, known))
