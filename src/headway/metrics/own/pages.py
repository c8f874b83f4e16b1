"""Define a metric of the company's own, change it, take it off the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from headway.core.errors import BadInput, CannotCompute, Conflict, HeadwayError, NotFound
from headway.core.permissions import require
from headway.facts.store import open_facts
from headway.metrics.actions import define_metric, retire_metric
from headway.metrics.own.forms import ROWS, fields_of, recipe_of, typed
from headway.metrics.own.queries import recipes
from headway.metrics.own.recipe import COLUMNS, Better, Recipe, Shape, Things, things_name
from headway.metrics.own.values import check_values, known_values
from headway.people.models import User


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new metric."""
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, key: str) -> HttpResponse:
    """A new version of a metric."""
    require(cast(User, request.user), "metric.define")
    recipe = recipes().get(key)
    if recipe is None:
        raise NotFound(_("The company has defined no such metric"), value=key, todo=_("See the list of metrics."))
    return _edit(request, recipe)


@require_POST
def retire(request: HttpRequest, key: str) -> HttpResponse:
    """Take a metric off the catalogue."""
    retire_metric(key=key, seen_version=_number(request.POST.get("seen", "")), by=cast(User, request.user))
    messages.success(request, _("The metric is off the catalogue. What it once showed stays on record."))
    return redirect("metrics")


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else -1


def _edit(request: HttpRequest, before: Recipe | None) -> HttpResponse:
    user = cast(User, request.user)
    require(user, "metric.define")
    if request.method != "POST":
        return _page(request, before, fields_of(before) if before else {"shape": "share", "things": "activities"})
    try:
        recipe = recipe_of(request.POST, key=before.key if before else "")
        with open_facts() as facts:
            if facts.last_day is not None:
                check_values(facts, recipe)
        define_metric(recipe=recipe, seen_version=_number(request.POST.get("seen", "0")), by=user)
    except (BadInput, Conflict, CannotCompute) as error:
        return _page(request, before, typed(request.POST), trouble=error)
    messages.success(request, _("The metric is defined. The next analysis, which starts now, computes it."))
    return redirect("metrics")


@dataclass(frozen=True)
class _Row:
    """One condition as its fields show it."""

    n: int
    part: str
    column: str
    negated: bool
    values: str


def _page(
    request: HttpRequest, before: Recipe | None, fields: dict[str, Any], *, trouble: HeadwayError | None = None
) -> HttpResponse:
    context = {
        "before": before,
        "fields": fields,
        "trouble": trouble,
        "seen": fields.get("seen", before.version if before else 0),
        "things": [(str(t), things_name(t).capitalize()) for t in Things],
        "shapes": _shapes(),
        "directions": _directions(),
        "countings": [("number", _("How many")), ("amount", _("Their amount, of deals only"))],
        "columns": [("", _("no condition")), *((c, c) for c in dict.fromkeys(sum(COLUMNS.values(), ())))],
        "whole": _rows(fields, "of"),
        "part": _rows(fields, "only"),
        "known": _known(),
    }
    return render(request, "metrics/own_form.html", context, status=trouble.status if trouble else 200)


def _rows(fields: dict[str, Any], part: str) -> list[_Row]:
    return [
        _Row(
            n, part, fields.get(f"{part}_column_{n}", ""), fields.get(f"{part}_is_{n}") == "not",
            fields.get(f"{part}_values_{n}", ""),
        )
        for n in range(1, ROWS + 1)
    ]  # fmt: skip


def _shapes() -> list[tuple[str, str]]:
    return [
        (str(Shape.SHARE), _("A share: part of a whole")),
        (str(Shape.PER_WEEK), _("A number per week at work")),
        (str(Shape.TOTAL), _("A total of the period")),
        (str(Shape.AVERAGE), _("An average amount")),
    ]


def _directions() -> list[tuple[str, str]]:
    return [
        (str(Better.HIGHER), _("Higher is better")),
        (str(Better.LOWER), _("Lower is better")),
        (str(Better.NEUTRAL), _("Neither by itself")),
    ]


def _known() -> list[tuple[str, list[tuple[str, str]]]]:
    """What the loaded facts hold, so that nobody has to guess how the CRM spells it."""
    with open_facts() as facts:
        if facts.last_day is None:
            return []
        found = [(things_name(t).capitalize(), known_values(facts, t)) for t in Things]
    return [(name, [(c, ", ".join(v[:12])) for c, v in values.items() if v]) for name, values in found]
