"""What can be wrong with a row or a cell, in which words, and what it costs: the row, or only the cell.

A row is lost only where it would say something false or nothing at all: no key, an unknown person, a
negative amount, a span that ends before it starts. Everything else empties the cell; both are listed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from headway.facts.tables import Column, Kind, Table

# A pair out of order costs the row where the pair is a span, else one cell: of a deal closed before it was
# opened the opening is emptied, since the closing day carries result and revenue.
_SPANS = ("assignments", "territories", "quotas", "absences")


@dataclass(frozen=True)
class Check:
    """One thing that can be wrong.

    Args:
        level: `row` (the row is rejected) or `cell` (the cell is emptied).
        column: the canonical column it is about.
        empties: the column that is emptied (cell level).
        condition: SQL over the typed row `v_<column>`, its text `t_<column>`.
        reason, todo: for people.
    """

    level: str
    column: str
    empties: str
    condition: str
    reason: str
    todo: str


def _unreadable(column: Column) -> tuple[str, str]:
    if column.kind.is_time:
        return (
            _("Date does not exist, or nobody said whether day or month comes first"),
            _("Mend it in the CRM, or answer the question about the order, and load again."),
        )
    if column.kind in (Kind.NUMBER, Kind.COUNT):
        return _("Not a number"), _("Remove the letters or signs and load again.")
    if column.kind is Kind.CURRENCY:
        return _("Not a currency"), _("Write the code of three letters, such as EUR.")
    return _("Not one of: %s") % ", ".join(column.choices), _("Use one of these words, or map it.")


def _of_column(column: Column, today: date) -> list[Check]:
    made = []
    value, text = f"v_{column.name}", f"t_{column.name}"
    name = column.name
    cost = "row" if column.required else "cell"
    if column.required:
        reason = _("Owner is missing") if column.owner else _("The row has no %s") % name
        made.append(
            Check("row", name, name, f"{text} IS NULL AND {value} IS NULL", reason, _("Fill it in and load again."))
        )
    if column.owner:
        made.append(
            Check(
                "row",
                name,
                name,
                f"{text} IS NOT NULL AND {value} IS NULL",
                _("Owner is not known"),
                _("Add the person to the people file, or leave the row out."),
            )
        )
    elif column.kind not in (Kind.ID, Kind.TEXT):
        made.append(Check(cost, name, name, f"{text} IS NOT NULL AND {value} IS NULL", *_unreadable(column)))
    if column.past_only:
        cost_later = "row" if column.required or name == "created_at" else "cell"
        made.append(
            Check(
                cost_later,
                name,
                name,
                f"{value} >= DATE '{today.isoformat()}' + INTERVAL 2 DAY",
                _("Lies in the future"),
                _("It has not happened yet; mend the date, or load it when it has."),
            )
        )
    if column.at_least is not None:
        cost_low = "row" if name in ("amount", "target", "annual_value") else cost
        made.append(
            Check(
                cost_low,
                name,
                name,
                f"{value} < {column.at_least}",
                _("Amount below zero"),
                _("Credit note? Leave it out."),
            )
        )
    if column.at_most is not None:
        reason = _("More than %s") % f"{column.at_most:g}"
        made.append(Check(cost, name, name, f"{value} > {column.at_most}", reason, _("Mend it and load again.")))
    return made


def _order(table: Table, column: Column) -> Check:
    first, second = f"CAST(v_{column.not_before} AS DATE)", f"CAST(v_{column.name} AS DATE)"
    empties = "created_at" if (table.name, column.name) == ("opportunities", "closed_at") else column.name
    closed = (table.name, column.name) == ("opportunities", "closed_at")
    reason = _("Closed before it was created") if closed else _("Earlier than %s") % column.not_before
    # A period of no days is no period; a customer may leave on the day of coming.
    worse = "<=" if table.name in ("quotas",) else "<"
    return Check(
        "row" if table.name in _SPANS else "cell",
        column.name,
        empties,
        f"{second} {worse} {first}",
        reason,
        _("One of the two dates is wrong; mend it in the CRM and load again."),
    )


def checks_for(table: Table, present: frozenset[str], today: date) -> list[Check]:
    """The checks of a table over the columns that are there.

    Args:
        table: a canonical table.
        present: its columns that the source gives.
        today: what lies after it has not happened.
    """
    made: list[Check] = []
    for column in table.columns:
        if column.name in present:
            made.extend(_of_column(column, today))
            if column.not_before and column.not_before in present:
                made.append(_order(table, column))
        elif column.required:
            # The file does not say it at all, so no row of it can be used.
            reason = _("Owner is missing") if column.owner else _("The row has no %s") % column.name
            todo = _("Say which column it is, or export it too.")
            made.append(Check("row", column.name, column.name, "true", reason, todo))
    return made
