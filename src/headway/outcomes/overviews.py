"""Two pages over many plans: the leader's portfolio, and what helped. Neither ranks anybody."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from headway.core import clock, company
from headway.detection.sentences import step_label
from headway.outcomes.lessons import ENOUGH, Lesson, lessons_for
from headway.outcomes.models import OUTCOME_NAMES
from headway.outcomes.portfolio import Money, TeamFigures, portfolio_of, shown, total_may_be_shown
from headway.outcomes.sentences import signed
from headway.people.models import User
from headway.plans.wording import money_about, number, share

SUPPORT_NAMES = {
    "coaching": gettext_lazy("weekly coaching"),
    "training": gettext_lazy("training"),
    "mentor": gettext_lazy("a mentor"),
    "shadowing": gettext_lazy("shadowing"),
    "leads": gettext_lazy("more leads"),
    "content": gettext_lazy("material"),
    "tools": gettext_lazy("tools"),
    "method": gettext_lazy("a way of selling"),
    "other": gettext_lazy("other help"),
}


def _count(value: int) -> str:
    found = shown(value)
    return _("fewer than five") if found is None else found


@require_GET
def portfolio_page(request: HttpRequest) -> HttpResponse:
    """Plans by team, for a leader or HR."""
    teams = portfolio_of(cast(User, request.user))
    open_now = sum(team.being_agreed + team.running for team in teams)
    title = ngettext("%d plan is open", "%d plans are open", open_now) % open_now if open_now else _("No plan is open")
    if shown(open_now) is None:
        title = _("Fewer than five plans are open")
    promised, given = sum(team.promised for team in teams), sum(team.given for team in teams)
    kept = share(given / promised) if promised else ""
    lead = _("Of the support promised until now, %s was given.") % kept if kept else ""
    context = {
        "title": title,
        "lead": lead,
        "rows": [_row(team) for team in teams],
        "totals": _totals(teams),
        "outcome_names": [str(name) for _key, name in OUTCOME_NAMES if _key != "extended"],
        "priced": bool(company.current().coaching_hour_cost),
        "known_on": clock.today(),
    }
    return render(request, "outcomes/portfolio.html", context)


def _row(team: TeamFigures) -> dict[str, Any]:
    few = 0 < team.plans < 5
    return {
        "team": team.team,
        "being_agreed": _count(team.being_agreed),
        "running": _count(team.running),
        "on_track": _count(team.on_track),
        "behind": _count(team.behind),
        "outcomes": [_count(team.outcomes[key]) for key, _name in OUTCOME_NAMES if key != "extended"],
        "support": "–" if few or not team.promised else share(team.given / team.promised),
        "hours": "–" if few else _("%(given)s of %(promised)s h") % {
            "given": number(team.hours), "promised": number(team.hours_promised)},
        "cost": "–" if few else _cost(team.hours),
        "returned": _money(team.returned),
    }  # fmt: skip


def _cost(hours: float) -> str:
    """Hours times the company's rate; nothing where it has set none."""
    row = company.current()
    return money_about(hours * row.coaching_hour_cost, row.currency) if row.coaching_hour_cost else ""


def _money(found: Money | None) -> str:
    if found is None:
        return _("too few to say")
    currency = company.current().currency
    return _("%(amount)s a year, likely %(low)s to %(high)s") % {
        "amount": money_about(found.amount, currency),
        "low": money_about(found.low, currency),
        "high": money_about(found.high, currency),
    }


def _totals(teams: tuple[TeamFigures, ...]) -> dict[str, str]:
    """Sums over the teams, each only where no hidden number could be worked out from it."""

    def total(counts: list[int]) -> str:
        return _count(sum(counts)) if total_may_be_shown(counts) else "–"

    return {
        name: total([getattr(team, name) for team in teams])
        for name in ("being_agreed", "running", "on_track", "behind")
    }


@require_GET
def lessons_page(request: HttpRequest) -> HttpResponse:
    """What helped which gap, over finished plans."""
    plans, found = lessons_for(cast(User, request.user))
    told = [lesson for lesson in found if lesson.estimate is not None]
    clear = sum(lesson.clear for lesson in told)
    title = (
        ngettext("%d kind of support clearly helped", "%d kinds of support clearly helped", clear) % clear
        if clear
        else _("Too few finished plans to tell what helps")
        if not told
        else _("No kind of support stands out yet")
    )
    rows = [_lesson(lesson) for lesson in told]
    few = sum(lesson.estimate is None for lesson in found)
    plans_words = _("fewer than five") if 0 < plans < ENOUGH else str(plans)
    context = {"title": title, "rows": rows, "few": few, "plans": plans_words, "known_on": clock.today()}
    return render(request, "outcomes/lessons.html", context)


def _lesson(lesson: Lesson) -> dict[str, Any]:
    assert lesson.estimate is not None
    assert lesson.low is not None
    assert lesson.high is not None
    return {
        "gap": step_label(lesson.gap),
        "support": str(SUPPORT_NAMES.get(lesson.support, lesson.support)),
        "plans": lesson.plans,
        "estimate": signed(lesson.estimate),
        "range": _("%(low)s to %(high)s") % {"low": signed(lesson.low), "high": signed(lesson.high)},
        "clear": lesson.clear,
    }
