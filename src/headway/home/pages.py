"""Sign-in's other side: the first page of each role, the team, the person, the record, the company."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.core import clock, company
from headway.core.actors import Role
from headway.core.errors import HeadwayError, NotFound
from headway.core.models import AuditEntry
from headway.core.permissions import RULES, can, require
from headway.core.proof import prove
from headway.diagnosis.practice.queries import open_requests
from headway.home import journey, watching
from headway.home import overview as overview_of
from headway.home import person as person_page
from headway.home.deals import deals_of
from headway.home.event_words import event_words
from headway.home.forms import CompanyForm
from headway.home.queries import needs_page, newest_run, story, team_page, team_rows, teams
from headway.home.team_plot import team_picture
from headway.home.territories import balance_of
from headway.home.week import headline, week_of
from headway.metrics.models import AnalysisRun
from headway.outcomes.doing import to_do as outcomes_to_do
from headway.people.actions import change_company, note_seen
from headway.people.models import User
from headway.people.queries import person_for
from headway.plans.queries import plans_for
from headway.plans.states import PlanState


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


def _address(name: str, *, otherwise: str = "") -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return otherwise


def home(request: HttpRequest) -> HttpResponse:
    """The first page: what this role has to know this week."""
    user = _user(request)
    if user.role in {Role.REVOPS, Role.ADMIN}:
        return redirect(_address("data-health", otherwise=reverse("overview")))
    if user.role == Role.HR:
        return cases(request)
    run = newest_run()
    if run is None:
        return _nothing_yet(request)
    if user.role == Role.REP:
        return _own(request, run)
    return _leader_week(request, run) if user.role == Role.LEADER else _week(request, run)


def _nothing_yet(request: HttpRequest) -> HttpResponse:
    return render(request, "home/nothing_yet.html", {"may_load": bool(can(_user(request), "facts.load"))})


def _week(request: HttpRequest, run: AnalysisRun) -> HttpResponse:
    """A manager's people, grouped by what they need."""
    week = week_of(team_rows(_user(request), run))
    context = {"week": week, "run": run, "sure": overview_of.sure(run), "today": clock.today(), "known_on": run.as_of}
    return render(request, "home/week.html", context)


def _leader_week(request: HttpRequest, run: AnalysisRun) -> HttpResponse:
    """Teams below a leader, and the people in them who need somebody."""
    user = _user(request)
    page = needs_page(user, run, number=int(request.GET.get("page", "1") or 1))
    context = {
        "week": week_of(page.rows),
        "headline": headline_for_teams(page.total),
        "total": page.total,
        "page": page.page,
        "teams": teams(user, run),
        "run": run,
        "sure": overview_of.sure(run),
        "today": clock.today(),
        "known_on": run.as_of,
    }
    return render(request, "home/leader.html", context)


def headline_for_teams(needed: int) -> str:
    """The finding over all teams."""
    if needed == 0:
        return headline(0)
    return (
        ngettext("%s person in your teams needs somebody", "%s people in your teams need somebody", needed)
        % overview_of.spelled(needed).capitalize()
    )


def _own(request: HttpRequest, run: AnalysisRun) -> HttpResponse:
    """A rep's own page: the same facts the manager sees."""
    user = _user(request)
    if user.person_id is None:
        raise NotFound(_("No person in the data belongs to your account"), todo=_("Ask your administrator to link it."))
    person = person_for(user, user.person_id)
    return render(request, "home/person.html", person_page.context(user, run, story(user, run, person), own=True))


def person(request: HttpRequest, person_id: str) -> HttpResponse:
    """One person: what changed, where the gap is, what colleagues do, what people saw."""
    user = _user(request)
    found = person_for(user, person_id)
    run = newest_run()
    if run is None:
        return _nothing_yet(request)
    page = person_page.context(user, run, story(user, run, found), own=user.person_id == person_id)
    _write_down_that_it_was_seen(user, person_id)
    return render(request, "home/person.html", page)


def _write_down_that_it_was_seen(user: User, person_id: str, *, page: str = "person") -> None:
    """Once an hour for each reader and person: enough to know who looked, without a write per click."""
    if user.person_id == person_id:
        return
    since = clock.now() - timedelta(hours=1)
    seen = AuditEntry.objects.filter(event="person.seen", actor_id=user.pk, person_id=person_id, at__gte=since)
    if not seen.filter(detail__page=page).exists():
        note_seen(person_id=person_id, page=page, by=user)


def team(request: HttpRequest) -> HttpResponse:
    """Everybody below, by name, a page at a time."""
    user = _user(request)
    if user.role not in {Role.MANAGER, Role.LEADER}:
        raise NotFound(_("There is no such page"))
    run = newest_run()
    if run is None:
        return _nothing_yet(request)
    chosen = request.GET.get("team") or None
    page = team_page(user, run, team=chosen, number=int(request.GET.get("page", "1") or 1))
    week = week_of(page.rows)
    rows = sorted(page.rows, key=lambda row: row.name)
    context = {
        "picture": team_picture(user, run, team=chosen, page=[row.person_id for row in page.rows]),
        "balance": balance_of(page.rows),
        "rows": rows, "scale": week.scale, "team": chosen, "total": page.total, "run": run, "known_on": run.as_of,
        "page": page.page,
    }  # fmt: skip
    return render(request, "home/team.html", context)


def team_journey(request: HttpRequest) -> HttpResponse:
    """Where a team loses deals, and what the best do differently."""
    user = _user(request)
    if user.role not in {Role.MANAGER, Role.LEADER}:
        raise NotFound(_("There is no such page"))
    run = newest_run()
    if run is None:
        return _nothing_yet(request)
    return render(request, "home/journey.html", journey.context(user, run, team=request.GET.get("team") or None))


def watch(request: HttpRequest) -> HttpResponse:
    """Early signs: of a manager's people, or one's own."""
    user = _user(request)
    require(user, "watch.view")
    run = newest_run()
    if run is None:
        return _nothing_yet(request)
    return render(request, "home/watch.html", watching.context(user, run))


def overview(request: HttpRequest) -> HttpResponse:
    """What the data can tell and what it cannot, without names."""
    require(_user(request), "overview.view")
    run = newest_run()
    if run is None:
        return _nothing_yet(request)
    return render(request, "home/overview.html", overview_of.context(_user(request), run))


def overview_panel(request: HttpRequest) -> HttpResponse:
    """The same as a panel for the page that has just loaded data; asks again until the analysis is there."""
    require(_user(request), "overview.view")
    run = newest_run()
    wanted = request.GET.get("version")
    ready = run is not None and (wanted is None or str(run.facts_version) == wanted)
    context = overview_of.context(_user(request), run) if ready and run else {"version": wanted}
    return render(request, "home/overview_panel.html", {**context, "ready": ready})


def cases(request: HttpRequest) -> HttpResponse:
    """HR's first page: open cases, and how the whole company stands without names."""
    user = _user(request)
    run = newest_run()
    context = overview_of.context(user, run) if run else {}
    waiting = list(plans_for(user).filter(state=PlanState.HR_REVIEW))
    asked = open_requests(user)
    count = len(waiting) + len(asked) + len(list(outcomes_to_do(user, clock.today())))
    title = ngettext("%d case waits for you", "%d cases wait for you", count) % count
    told = {
        "waiting": waiting,
        "asked": asked,
        "headline": title if count else _("No case waits for you"),
    }
    return render(request, "home/cases.html", {**context, **told})


def record(request: HttpRequest) -> HttpResponse:
    """The record of who saw and did what, newest first."""
    require(_user(request), "audit.view")
    entries = AuditEntry.objects.order_by("-pk")
    event, who = request.GET.get("event", ""), request.GET.get("who", "")
    if event:
        entries = entries.filter(event=event)
    if who:
        entries = entries.filter(actor_name__icontains=who)
    page = Paginator(entries, 40).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [(entry, event_words(entry.event)) for entry in page.object_list],
        "events": [("", _("everything")), *_events()],
        "event": event,
        "who": who,
        "proof": prove() if request.GET.get("verify") else None,
    }
    return render(request, "home/record.html", context)


def _events() -> list[tuple[str, str]]:
    """What can be chosen, in words and their order."""
    found = AuditEntry.objects.order_by().values_list("event", flat=True).distinct()
    return sorted(((event, event_words(event)) for event in set(found)), key=lambda pair: pair[1])


def settings_page(request: HttpRequest) -> HttpResponse:
    """The company's settings, and the table of who may do what."""
    user = _user(request)
    require(user, "company.view")
    form = CompanyForm(request.POST or None, initial=CompanyForm.from_company(company.current()))
    may_edit = can(user, "company.edit")
    if request.method == "POST":
        require(user, "company.edit")
    if request.method == "POST" and form.is_valid():
        try:
            change_company(change=form.change(), by=user)
        except HeadwayError as error:
            form.add_error(None, error.sentence)
        else:
            messages.success(request, _("The settings are saved."))
            return redirect("company")
    rules = sorted(RULES.values(), key=lambda rule: rule.permission)
    return render(request, "home/company.html", {"form": form, "may_edit": may_edit, "rules": rules})


def deals(request: HttpRequest, person_id: str) -> HttpResponse:
    """The deals behind the figures: what was won, lost and is open in the analysed span."""
    user = _user(request)
    found = person_for(user, person_id)
    run = newest_run()
    if run is None:
        return _nothing_yet(request)
    outcome = request.GET.get("outcome", "")
    page = deals_of(user, run, person_id=person_id, outcome=outcome, number=request.GET.get("page"))
    _write_down_that_it_was_seen(user, person_id, page="deals")
    words = {"open": _("Open"), "won": _("Won"), "lost": _("Lost")}
    context = {
        "person": found,
        "page": page,
        "outcomes": list(words.items()),
        "outcome": outcome,
        "run": run,
        "known_on": run.as_of,
        "currency": company.current().currency,
        "own": user.person_id == person_id,
    }
    return render(request, "home/deals.html", context)
