"""Reading the company's own metrics. Definitions are no secret: whoever reads the catalogue reads them."""

from __future__ import annotations

from headway.core.errors import BadInput
from headway.metrics.catalogue import specs
from headway.metrics.models import OwnMetric
from headway.metrics.own.files import file_specs
from headway.metrics.own.recipe import Recipe, recipe_from
from headway.metrics.own.rows import spec_of
from headway.metrics.spec import MetricSpec


def recipes() -> dict[str, Recipe]:
    """The newest version of every metric defined on the page and not retired, by key."""
    found: dict[str, Recipe] = {}
    for row in OwnMetric.objects.order_by("pk"):
        if row.retired:
            found.pop(row.key, None)
        else:
            found[row.key] = recipe_from(row.recipe)
    return found


def own_specs(ladder: tuple[str, ...]) -> tuple[MetricSpec, ...]:
    """The company's own metrics, those of the page first. Built-in keys win: nobody's figures change unseen.

    A file that cannot be used is left out here; `file_trouble` says what is wrong with it.
    """
    taken = {spec.key for spec in specs(ladder)}
    found: dict[str, MetricSpec] = {}
    for spec in (*(spec_of(recipe) for recipe in recipes().values()), *_files()):
        if spec.key not in taken:
            found.setdefault(spec.key, spec)
    return tuple(found.values())


def _files() -> tuple[MetricSpec, ...]:
    try:
        return file_specs()
    except BadInput:
        return ()


def file_trouble() -> str:
    """What is wrong with the company's metric files, in one sentence; empty if nothing is."""
    try:
        file_specs()
    except BadInput as error:
        return error.sentence
    return ""
