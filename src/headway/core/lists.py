"""Long lists and the database: a thousand ids go in as one value, and of many rows only the first are read."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Model, QuerySet, TextField
from django.db.models.sql.compiler import SQLCompiler

M = TypeVar("M", bound=Model)
# So few that the database plans better when it sees each of them.
FEW = 20


class _Ids(Expression):
    """All ids in one parameter, unpacked by the database: a placeholder for each costs more than the query itself."""

    def __init__(self, ids: tuple[str, ...]) -> None:
        super().__init__(output_field=TextField())
        self.ids = ids

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        if connection.vendor == "postgresql":
            return "(SELECT unnest(%s::text[]))", (list(self.ids),)
        return "(SELECT value FROM json_each(%s))", (json.dumps(self.ids),)


def among(ids: Collection[str]) -> Any:
    """What stands behind `__in` of a text field for these ids: themselves where they are few or none."""
    return sorted(ids) if len(ids) <= FEW else _Ids(tuple(sorted(ids)))


def first(rows: QuerySet[M], most: int, *, start: int = 0) -> list[M]:
    """The first `most` rows (from `start` on) in their order.

    Their keys are found before the rows are read: else the database carries every row of the list, with all its
    columns, through the sorting.
    """
    keys = list(rows.values_list("pk", flat=True)[start : start + most])
    found = {row.pk: row for row in rows.filter(pk__in=keys).order_by()} if keys else {}
    return [found[key] for key in keys if key in found]


class Pages(Paginator):  # type: ignore[type-arg]
    """A queryset a page at a time, each page's rows found by their keys."""

    def page(self, number: int | str) -> Page[Any]:
        """One page, by number."""
        place = self.validate_number(number)
        rows: Any = self.object_list
        return Page(first(rows, self.per_page, start=(place - 1) * self.per_page), place, self)
