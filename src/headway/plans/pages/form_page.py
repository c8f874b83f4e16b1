"""A page with one form for one step: what was typed comes back with the reason where it cannot be taken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from headway.core.errors import BadInput, Conflict
from headway.plans.models import Plan


@dataclass(frozen=True)
class Asked:
    """One field. kind: input, area, date, tick, select, hidden, or heading (asks nothing)."""

    name: str
    label: str = ""
    kind: str = "input"
    value: str = ""
    hint: str = ""
    optional: bool = False
    options: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class FormPage:
    """What the page says and asks. template: a page with more around the form; extra: its context.

    look: what a look ahead (`do=look`) adds to the context, from what was typed; it keeps nothing.
    """

    title: str
    lead: str
    button: str
    asked: tuple[Asked, ...]
    done: str
    heading: str = ""
    template: str = "plans/form.html"
    extra: dict[str, Any] = field(default_factory=dict)
    look: Callable[[dict[str, str]], dict[str, Any]] | None = None

    @property
    def looks(self) -> bool:
        """Whether there is something to look at before sending (a template would call `look` itself)."""
        return self.look is not None


Typed = dict[str, str]


def answer(
    request: HttpRequest, plan: Plan, page: FormPage, act: Callable[[Typed], object], *, back: str = "plan"
) -> HttpResponse:
    """Show the form, or take the step with what was typed and go back to the plan."""
    if request.method != "POST":
        return _shown(request, plan, page, page.asked)
    typed = {asked.name: request.POST.get(asked.name, "") for asked in page.asked}
    try:
        if page.look is not None and request.POST.get("do") == "look":
            seen = replace(page, extra={**page.extra, **page.look(typed)})
            return _shown(request, plan, seen, _again(page, typed))
        act(typed)
    except (BadInput, Conflict) as error:
        return _shown(request, plan, page, _again(page, typed), error=error.sentence, status=error.status)
    messages.success(request, page.done)
    return redirect(back, plan.pk)


def _again(page: FormPage, typed: Typed) -> tuple[Asked, ...]:
    """The fields with what was typed."""
    return tuple(asked if asked.kind == "hidden" else replace(asked, value=typed[asked.name]) for asked in page.asked)


def _shown(
    request: HttpRequest,
    plan: Plan,
    page: FormPage,
    asked: tuple[Asked, ...],
    *,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {"plan": plan, "page": page, "asked": asked, "error": error, **page.extra}
    return render(request, page.template, context, status=status)
