"""What a person types to define a metric: fields by name, conditions in numbered rows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from headway.metrics.own.recipe import Condition, Recipe, recipe_from

ROWS = 3


def typed(post: Mapping[str, str]) -> dict[str, Any]:
    """The fields as typed, so that a page with a complaint shows them again."""
    return {key: value for key, value in post.items() if key != "csrfmiddlewaretoken"}


def recipe_of(post: Mapping[str, str], *, key: str = "") -> Recipe:
    """The recipe that the fields describe; `key` is given where an existing metric is changed.

    Raises:
        BadInput: something is missing or does not fit.
    """
    name = post.get("name", "").strip()
    return recipe_from(
        {
            "key": key or key_from(post.get("key", "") or name),
            "name": name,
            "words": post.get("words", ""),
            "things": post.get("things", ""),
            "shape": post.get("shape", ""),
            "amount": post.get("counting", "number") == "amount",
            "better": post.get("better", "neutral"),
            "minimum_n": post.get("minimum_n") or 10,
            "owner": post.get("owner", ""),
            "of": _conditions(post, "of"),
            "only": _conditions(post, "only"),
        }
    )


def key_from(name: str) -> str:
    """ "Demo no-show rate" -> "demo_no_show_rate"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:60]


def _conditions(post: Mapping[str, str], part: str) -> list[dict[str, Any]]:
    found = []
    for n in range(1, ROWS + 1):
        column = post.get(f"{part}_column_{n}", "").strip()
        if column:
            values = [v for v in re.split(r"[,;]", post.get(f"{part}_values_{n}", "")) if v.strip()]
            found.append({"column": column, "values": values, "negated": post.get(f"{part}_is_{n}") == "not"})
    return found


def fields_of(recipe: Recipe) -> dict[str, Any]:
    """The fields as they would have been typed."""
    fields: dict[str, Any] = {
        "key": recipe.key, "name": recipe.name, "words": recipe.words, "things": recipe.things.value,
        "shape": recipe.shape.value, "counting": "amount" if recipe.amount else "number", "better": recipe.better.value,
        "minimum_n": str(recipe.minimum_n), "owner": recipe.owner,
    }  # fmt: skip
    for part, conditions in (("of", recipe.of), ("only", recipe.only)):
        for n, condition in enumerate(conditions, 1):
            fields |= _row(part, n, condition)
    return fields


def _row(part: str, n: int, condition: Condition) -> dict[str, str]:
    return {
        f"{part}_column_{n}": condition.column,
        f"{part}_values_{n}": ", ".join(condition.values),
        f"{part}_is_{n}": "not" if condition.negated else "is",
    }
