"""Figures to look at: a table and a map of a team, a person's weeks, one figure with what it is made of, open deals."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, cast
from urllib.parse import quote

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext as _

from headway.charts.weeks import table as weeks_table
from headway.core import company
from headway.core.errors import BadInput, NotFound
from headway.core.fiscal import FiscalYears
from headway.core.period import Grain
from headway.core.permissions import require
from headway.metrics import sentences
from headway.metrics.actions import note_export
from headway.metrics.age import age_for
from headway.metrics.catalogue import FAMILIES
from headway.metrics.explore.asking import Against, Question, day_of, question_of
from headway.metrics.explore.board import sheet_of
from headway.metrics.explore.course import course_in_words, course_of
from headway.metrics.explore.export import FORMATS, WRITERS, lines_of
from headway.metrics.explore.naming import grain_name, period_name, starts_named
from headway.metrics.explore.reading import figure_of, made_of_page
from headway.metrics.explore.standing import MARKS, standing_of
from headway.metrics.explore.wording import FLAW_WORDS, headline, made_of, outside_words, rows_of, sheet_title
from headway.metrics.figures import weeks_of
from headway.metrics.models import AnalysisRun
from headway.metrics.queries import everything, latest_run
from headway.metrics.spec import MetricSpec
from headway.metrics.values import MetricValue
from headway.people.actions import note_looked_at
from headway.people.models import User
from headway.people.queries import name_of, names_and_teams, rep_ids_of, teams_for

THINGS = 25
DEALS = 50
MOST_OWNERS = 2000


@dataclass(frozen=True)
class Tab:
    """One choice of a row of links."""

    label: str
    href: str
    current: bool


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


def _specs() -> tuple[MetricSpec, ...]:
    return everything(tuple(company.current().ladder))


def _person_link(person_id: str) -> str:
    before, after = _around_person(get_script_prefix())
    return before + quote(person_id, safe=_PLAIN) + after


# What `reverse` leaves as it is. A page has fifty such addresses, and `reverse` looks for each of them anew.
_PLAIN = "!$&'()*+,;=/~:@"


@cache
def _around_person(_prefix: str) -> tuple[str, str]:
    before, _person, after = reverse("figure-weeks", args=["person"]).rpartition("person")
    return before, after


def _about(key: str) -> str:
    return reverse("metric", args=[key])


def _tabs(question: Question, specs: tuple[MetricSpec, ...], where: str) -> list[Tab]:
    there = {spec.family for spec in specs}
    return [
        Tab(
            sentences.family_name(family),
            where + question.address(family=family, keys=(), page=1),
            family == question.family and not question.keys,
        )
        for family in FAMILIES
        if family in there
    ]


def explore(request: HttpRequest) -> HttpResponse:
    """Figures of everybody within reach in one period, beside comparable colleagues or the period before."""
    return _sheet_page(request, "metrics/explore.html", "figures")


def heat_map(request: HttpRequest) -> HttpResponse:
    """All metrics of a team at one glance: which lie outside the band of comparable colleagues."""
    return _sheet_page(request, "metrics/heat_map.html", "figures-map")


def _sheet_page(request: HttpRequest, template: str, name: str) -> HttpResponse:
    user, specs = _user(request), _specs()
    require(user, "figures.look")
    question = question_of(request.GET, specs)
    as_map = name == "figures-map"
    columns = specs if as_map and not question.keys else question.chosen(specs)
    if not columns:
        raise NotFound(_("There are no such metrics yet"), value=question.family, todo=_("See the list of metrics."))
    sheet = sheet_of(user, question, columns, link=_person_link, about=_about, as_map=as_map)
    if sheet is None:
        newer = latest_run() is not None
        return render(request, "metrics/no_figures.html", {"age": age_for(user), "newer": newer})
    here = reverse(name)
    context = {
        "sheet": sheet,
        "title": sheet_title(sheet, question, as_map=as_map),
        "question": question,
        "tabs": [] if as_map else _tabs(question, specs, here),
        "views": [
            Tab(_("Table"), reverse("figures") + question.address(page=1), not as_map),
            Tab(_("Map"), reverse("figures-map") + question.address(page=1, keys=()), as_map),
        ],
        "grains": _grains(),
        "starts": [("", _("newest complete")), *sheet.starts],
        "teams": [("", _("everybody")), *((team, team) for team in sheet.teams)],
        "besides": [(Against.PEERS.value, _("comparable colleagues")), (Against.PAST.value, _("the period before"))],
        "files": [(fmt, reverse("figures-file", args=[fmt]) + question.address(page=1)) for fmt in FORMATS],
        "before": here + question.address(page=sheet.page - 1) if sheet.page > 1 else "",
        "after": here + question.address(page=sheet.page + 1) if sheet.page < sheet.pages else "",
        "families": _headings(sheet.columns),
        "start": sheet.period.start.isoformat() if question.start else "",
        "chance": outside_words(sheet),
        "known_on": sheet.as_of,
        "age": age_for(user),
    }
    return render(request, template, context)


def _grains() -> list[tuple[str, str]]:
    years = FiscalYears.of(company.current())
    return [(grain.value, grain_name(grain, years=years)) for grain in Grain]


def _headings(columns: Any) -> list[tuple[str, int]]:
    """Families above the columns, with how many columns each spans."""
    found: list[tuple[str, int]] = []
    for column in columns:
        if found and found[-1][0] == column.family:
            found[-1] = (column.family, found[-1][1] + 1)
        else:
            found.append((column.family, 1))
    return found


def file(request: HttpRequest, fmt: str) -> HttpResponse:
    """The same figures as a file, of everybody on all pages. Who took them goes on record."""
    user, specs = _user(request), _specs()
    require(user, "figures.look")
    if fmt not in WRITERS:
        raise NotFound(_("There is no such kind of file"), value=fmt, todo=_("Choose csv, xlsx or parquet."))
    question = question_of(request.GET, specs)
    lines = lines_of(user, question, question.chosen(specs))
    note_export(figures=len(lines), fmt=fmt, by=user)
    answer = HttpResponse(WRITERS[fmt](lines), content_type=FORMATS[fmt])
    answer["Content-Disposition"] = f'attachment; filename="figures-{question.grain.value}.{fmt}"'
    return answer


def weeks(request: HttpRequest, person_id: str) -> HttpResponse:
    """One person's metrics of a family over the last quarter of a year, week by week."""
    user = _user(request)
    name = name_of(user, person_id)
    found = weeks_of(user, person_id, weeks=13)
    if found is None:
        return render(request, "metrics/no_figures.html", {"age": age_for(user)})
    question = question_of(request.GET, found.specs)
    note_looked_at(user, person_id, page="weeks")
    courses = [
        course_in_words(name, spec, series, href=reverse("figure", args=[person_id, spec.key]) + _A_WEEK)
        for spec in question.chosen(found.specs)
        if (series := found.series(spec.key))
    ]
    context = {
        "person_id": person_id, "name": name, "known_on": found.as_of, "own": user.person_id == person_id,
        "weeks": len(found.weeks), "age": age_for(user), "tabs": _tabs(question, found.specs, _person_link(person_id)),
        "drawn": [of for of in courses if of.picture], "untold": [of for of in courses if not of.picture],
    }  # fmt: skip
    return render(request, "metrics/weeks.html", context)


_A_WEEK = f"?period={Grain.WEEK.value}"


def figure(request: HttpRequest, person_id: str, key: str) -> HttpResponse:
    """One figure of a person: where it stands, its course, and everything it is made of."""
    user = _user(request)
    name = name_of(user, person_id)
    grain = _grain(request.GET.get("period", Grain.MONTH.value))
    found = figure_of(user, person_id, key, grain=grain, start=day_of(request.GET.get("start", "")), nearest=True)
    run = latest_run()
    if found is None or run is None:
        return render(request, "metrics/no_figures.html", {"age": age_for(user)})
    value, board = found
    note_looked_at(user, person_id, page="figure")
    course = weeks_of(user, person_id, weeks=26)
    series = course.series(key) if course else ()
    picture = course_of(name, value.spec, series) if series else None
    mark = MARKS[standing_of(value)]
    context = {
        "person_id": person_id, "name": name, "value": value, "spec": value.spec,
        "own": user.person_id == person_id,
        "title": headline(value), "mark": mark.value if mark else "",
        "when": period_name(value.period, grain, years=FiscalYears.of(company.current())), "grain": grain.value,
        "grains": _grains(), "starts": starts_named(board.starts, grain),
        "start": board.period.start.isoformat(),
        "picture": picture,
        "course_table": weeks_table(picture, header=(_("Week from"), str(value.spec.name))) if picture else None,
        "likely": sentences.interval_shown(value).removeprefix(_("likely %(range)s") % {"range": ""}),
        "comparable": _comparable(value),
        "known_on": board.as_of, "age": age_for(user),
        **_things(run, value, request.GET.get("page")),
    }  # fmt: skip
    return render(request, "metrics/figure.html", context)


def _comparable(value: MetricValue) -> str:
    if value.peers is not None:
        shown = sentences.peers_shown(value.peers, value.spec.unit, value.currency)
        return _("%(shown)s, %(n)s people") % {"shown": shown, "n": value.peers.count}
    return value.no_peers.sentence if value.no_peers else "–"


def _grain(text: str) -> Grain:
    try:
        return Grain(text)
    except ValueError:
        todo = _("Choose week, month, quarter or 13weeks.")
        raise BadInput(_("There is no such period"), value=text, todo=todo) from None


def _things(run: AnalysisRun, value: MetricValue, number: str | None) -> dict[str, Any]:
    """What the figure is made of, a page of it."""
    made = made_of_page(run, value, number=number, size=THINGS)
    return {
        "page": made.page,
        "table": rows_of(made.behind.table, made.shown, value),
        "made_of": made_of(made.behind, value),
        "total": len(made.behind.things),
        "things_name": sentences.table_name(made.behind.table),
    }


def pipeline(request: HttpRequest) -> HttpResponse:
    """Open deals within reach that somebody should look at, and why."""
    from headway.metrics.explore.quality import Flaw, quality_of

    user = _user(request)
    require(user, "figures.look")
    run = latest_run()
    if run is None:
        return render(request, "metrics/no_figures.html", {"age": age_for(user)})
    team, wanted = request.GET.get("team", ""), request.GET.get("flaw", "")
    if wanted and wanted not in set(Flaw):
        raise BadInput(_("There is no such question about deals"), value=wanted, todo=_("Choose one of those offered."))
    owners = rep_ids_of(user, team=team, at_most=MOST_OWNERS)
    if owners is None:
        owners = []
    found = quality_of(run, owners)
    deals = [deal for deal in found.deals if not wanted or wanted in deal.flaws]
    page = Paginator(deals, DEALS).get_page(request.GET.get("page"))
    names = names_and_teams(user, [deal.owner_id for deal in page.object_list])
    context = {
        "page": page, "open": found.open, "flawed": len(found.deals), "team": team,
        "too_many": not owners and not team,
        "teams": [("", _("everybody")), *((one, one) for one in teams_for(user))],
        "flaws": [
            {"key": of.value, "words": FLAW_WORDS[of], "count": found.counts.get(of, 0), "current": of == wanted}
            for of in found.known
            if found.counts.get(of) or of == wanted
        ],
        "wanted": wanted,
        "rows": [
            {"deal": deal, "owner": names.get(deal.owner_id, (deal.owner_id, ""))[0],
             "flaws": [FLAW_WORDS[flaw] for flaw in deal.flaws]}
            for deal in page.object_list
        ],
        "currency": company.current().currency, "known_on": run.as_of, "age": age_for(user),
    }  # fmt: skip
    return render(request, "metrics/pipeline.html", context)
