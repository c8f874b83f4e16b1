"""What the first pages read, always for a named actor. Only the relational database is asked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from headway.core.actors import Actor
from headway.core.errors import NotFound
from headway.core.lists import Pages, among
from headway.core.permissions import require, scoped
from headway.detection import serialise as signal_json
from headway.detection.models import SignalRecord
from headway.detection.signal import MISSED, Finding, NotEvaluable, Signal
from headway.diagnosis import serialise as diagnosis_json
from headway.diagnosis.diagnosis import Diagnosis
from headway.diagnosis.models import DiagnosisRecord, EvidenceRecord
from headway.home.findings import NEEDS_SOMEBODY
from headway.home.under_way import under_way
from headway.home.week import PersonRow, row_of
from headway.metrics.models import AnalysisRun
from headway.people.models import Person
from headway.plans.models import Plan
from headway.plans.queries import plans_about
from headway.plans.states import OPEN
from headway.running.progress import RUNNING

NEEDS = sorted(f.value for f in NEEDS_SOMEBODY)


def newest_run() -> AnalysisRun | None:
    """The newest finished analysis: what every page shows."""
    return AnalysisRun.objects.filter(finished_at__isnull=False).order_by("-pk").first()


def _signals(actor: Actor, run: AnalysisRun) -> QuerySet[SignalRecord]:
    return scoped(actor, "person.view", SignalRecord.objects.filter(run=run))


def _coming(ids: Iterable[str]) -> dict[str, tuple[int, date]]:
    """The newest open plan of each person and its first day."""
    rows = Plan.objects.filter(person_id__in=list(ids), state__in=OPEN).order_by("pk")
    return {who: (pk, start_on) for who, pk, start_on in rows.values_list("person_id", "pk", "start_on")}


def _rows(records: Iterable[SignalRecord]) -> list[PersonRow]:
    found = list(records)
    people = Person.objects.in_bulk([record.person_id for record in found])
    coming, running = _coming(people), under_way(people)
    return [
        row_of(
            people[record.person_id],
            signal_json.from_json(record.payload),
            coming=coming.get(record.person_id),
            under_way=running.get(record.person_id),
        )
        for record in found
        if record.person_id in people
    ]


def team_rows(actor: Actor, run: AnalysisRun) -> list[PersonRow]:
    """Everybody below the actor, ready to be grouped."""
    return _rows(_signals(actor, run))


@dataclass(frozen=True)
class TeamLine:
    """One team on a leader's page: how many people, how many of them need somebody, and why not the rest."""

    team: str
    manager: str
    people: int
    needs: int
    not_theirs: int
    ramping: int
    not_enough: int


def teams(actor: Actor, run: AnalysisRun) -> list[TeamLine]:
    """Counts per team, by name of the team."""
    findings = dict(_signals(actor, run).values_list("person_id", "finding"))
    helped = set(_helped().values_list("person_id", flat=True))
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    needs: Counter[str] = Counter()
    managers: dict[str, str] = {}
    people = Person.objects.filter(pk__in=among(findings)).values_list("person_id", "team", "manager__name")
    for person_id, team, manager in people:
        counts[team][findings[person_id]] += 1
        needs[team] += findings[person_id] in NEEDS or person_id in helped
        managers.setdefault(team, manager or "")
    return [_team_line(team, managers[team], found, needs[team]) for team, found in sorted(counts.items())]


def _helped() -> QuerySet[Plan]:
    """The running plans: whoever has one is not left alone with it."""
    return Plan.objects.filter(state__in=RUNNING)


def _team_line(team: str, manager: str, found: Mapping[str, int], needs: int) -> TeamLine:
    return TeamLine(
        team=team,
        manager=manager,
        people=sum(found.values()),
        needs=needs,
        not_theirs=sum(found.get(key, 0) for key in MISSED),
        ramping=found.get(Finding.RAMPING, 0),
        not_enough=found.get(Finding.NOT_ENOUGH, 0),
    )


@dataclass(frozen=True)
class NeedsPage:
    """A page of the people who need somebody, below a leader."""

    rows: list[PersonRow]
    total: int
    page: Page[Any]


def needs_page(actor: Actor, run: AnalysisRun, *, number: int = 1, size: int = 12) -> NeedsPage:
    """People below who need somebody, a page at a time, by name."""
    need = Q(finding__in=NEEDS) | Q(person_id__in=_helped().values("person_id"))
    paginator = Pages(_signals(actor, run).filter(need).order_by("person_id"), size)
    page = paginator.get_page(number)
    return NeedsPage(_rows(page.object_list), paginator.count, page)


def team_page(actor: Actor, run: AnalysisRun, *, team: str | None, number: int = 1, size: int = 25) -> NeedsPage:
    """People of one team (or of all below), a page at a time, by name."""
    visible = scoped(actor, "person.view", Person.objects.filter(listed=True, role="rep"))
    if team:
        visible = visible.filter(team=team)
    ids = list(visible.order_by("name").values_list("person_id", flat=True))
    paginator: Paginator[str] = Paginator(ids, size)
    page = paginator.get_page(number)
    records = {r.person_id: r for r in SignalRecord.objects.filter(run=run, person_id__in=list(page.object_list))}
    rows = _rows(records[i] for i in page.object_list if i in records)
    return NeedsPage(rows, paginator.count, page)


@dataclass(frozen=True)
class Evidence:
    """Something somebody saw or said."""

    given_on: date
    from_role: str
    kind: str
    score: float | None
    text: str


@dataclass(frozen=True)
class PersonStory:
    """All that the person page shows."""

    person: Person
    entry: Signal | NotEvaluable
    diagnosis: Diagnosis | None
    evidence: tuple[Evidence, ...]
    plans: tuple[Plan, ...]


def story(actor: Actor, run: AnalysisRun, person: Person) -> PersonStory:
    """One person's signal, diagnosis, evidence and plans; NotFound outside the actor's reach."""
    require(actor, "person.view", person.person_id)
    record = SignalRecord.objects.filter(run=run, person_id=person.person_id).first()
    if record is None:
        raise NotFound("There is no analysis of this person yet", value=person.name)
    found = DiagnosisRecord.objects.filter(run=run, person_id=person.person_id, evaluable=True).first()
    evidence = EvidenceRecord.objects.filter(run=run, person_id=person.person_id).order_by("-given_on", "pk")[:8]
    plans = plans_about(actor, person.person_id)
    return PersonStory(
        person=person,
        entry=signal_json.from_json(record.payload),
        diagnosis=diagnosis_json.from_json(found.payload) if found else None,
        evidence=tuple(Evidence(e.given_on, e.from_role, e.kind, e.score, e.text) for e in evidence),
        plans=tuple(plans),
    )


def findings_count(actor: Actor, run: AnalysisRun) -> Counter[str]:
    """How many people have which finding, over everybody, without names."""
    require(actor, "overview.view")
    return Counter(SignalRecord.objects.filter(run=run).values_list("finding", flat=True))
