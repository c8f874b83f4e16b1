"""What a draft is made from: the records of an analysis run on pages, the facts themselves on the command line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import median

from django.utils import translation
from django.utils.translation import gettext as _

from headway.core import clock, company
from headway.core.actors import Actor
from headway.core.errors import NotFound
from headway.core.period import Grain
from headway.core.permissions import require
from headway.detection import serialise as signals_as_json
from headway.detection.models import SignalRecord
from headway.detection.signal import NotEvaluable, Signal
from headway.diagnosis import serialise as diagnoses_as_json
from headway.diagnosis.diagnosis import Diagnosis
from headway.diagnosis.models import DiagnosisRecord
from headway.diagnosis.practice.factors import with_answers
from headway.metrics.models import AnalysisRun, MetricValueRecord
from headway.metrics.queries import latest_run, metrics_of
from headway.metrics.spec import Direction
from headway.metrics.values import Measured, MetricValue
from headway.people.models import Person
from headway.plans.content import load
from headway.plans.draft import CompanyVoice, draft
from headway.plans.evidence import Figure, Unit
from headway.plans.holidays import days_off
from headway.plans.outlook.reach import Reach
from headway.plans.outlook.reaches import reach_of_run, reaches
from headway.plans.plan_draft import Party, PlanDraft
from headway.plans.states import PlanKind

CYCLE = "sales_cycle"


@dataclass(frozen=True)
class Basis:
    """Signal, diagnosis and figures of one person, from one run or straight from the facts (run None)."""

    signal: Signal | NotEvaluable
    diagnosis: Diagnosis | None
    figures: tuple[Figure, ...]
    run_id: int | None
    reach: Reach | None = None


def basis_of_run(actor: Actor, person_id: str) -> Basis:
    """The newest analysis of a person.

    Raises:
        NotFound: no analysis has been made, it does not speak of this person, or the actor may not see it.
    """
    require(actor, "person.view", person_id)
    run = latest_run()
    record = SignalRecord.objects.filter(run=run, person_id=person_id).first() if run else None
    if run is None or record is None:
        raise NotFound(_("There is no analysis of this person yet"), todo=_("Load the data first."))
    found = DiagnosisRecord.objects.filter(run=run, person_id=person_id, evaluable=True).first()
    figures = [figure_of(value) for value in metrics_of(actor, person_id, run=run)]
    return Basis(
        signal=signals_as_json.from_json(_text(record.payload)),
        diagnosis=diagnoses_as_json.from_json(_text(found.payload)) if found else None,
        figures=_with_cycle(figures, _cycles_of_run(run)),
        run_id=run.pk,
        reach=reach_of_run(run, person_id),
    )


def _text(payload: object) -> str:
    return payload if isinstance(payload, str) else json.dumps(payload)


def _cycles_of_run(run: AnalysisRun) -> list[float]:
    rows = MetricValueRecord.objects.filter(run=run, metric=CYCLE, newest=True, value__isnull=False)
    return [value for value in rows.values_list("value", flat=True) if value is not None]


def _with_cycle(figures: Sequence[Figure], everybody: Sequence[float]) -> tuple[Figure, ...]:
    """Where neither the person nor like colleagues have a typical cycle, the middle of everybody's."""
    known = next((f for f in figures if f.key == CYCLE), None)
    if not everybody or known is None or known.peer is not None or known.value is not None:
        return tuple(figures)
    middle = replace(known, peer=median(everybody))
    return tuple(middle if figure.key == CYCLE else figure for figure in figures)


def figure_of(value: MetricValue) -> Figure:
    """A metric's value as a frozen figure of a plan."""
    spec, measured = value.spec, value.result if isinstance(value.result, Measured) else None
    return Figure(
        key=spec.key,
        name=str(spec.name),
        version=str(spec.version),
        unit=Unit(str(spec.unit)),
        value=measured.value if measured else None,
        n=value.n,
        low=measured.low if measured else None,
        high=measured.high if measured else None,
        peer=value.peers.median if value.peers else None,
        peer_low=value.peers.low if value.peers else None,
        peer_high=value.peers.high if value.peers else None,
        start=value.period.start,
        end=value.period.end,
        higher_is_better=spec.direction is not Direction.LOWER,
        reason="" if measured or value.not_evaluable is None else value.not_evaluable.sentence,
    )


def basis_of_facts(person_id: str, *, as_of: date | None) -> tuple[Basis, date]:
    """Compute everything for one person from the facts as of a day (their last one if None), and the day.

    Raises:
        NotFound: nothing is loaded, or nobody active on that day has this id.
    """
    found, day = bases_of_facts([person_id], as_of=as_of)
    return found[person_id], day


def bases_of_facts(ids: Sequence[str], *, as_of: date | None) -> tuple[dict[str, Basis], date]:
    """The same for several people in one pass.

    Raises:
        NotFound: nothing is loaded, or one of them was not active on that day.
    """
    from headway.detection.engine import analyse, report
    from headway.diagnosis.engine import diagnose_analysed
    from headway.facts.store import open_facts
    from headway.metrics.engine import metric_rows

    with open_facts(as_of) as facts:
        analysis = analyse(facts)
        everybody = report(facts, analysis)
        values = metric_rows(facts, grain=Grain.QUARTER, calendar=company.current(), back=0)
        bases = {}
        ahead = reaches(facts, people=ids, analysis=analysis)
        for person_id in ids:
            signal = everybody.of(person_id)
            if signal is None:
                raise NotFound(
                    _("No sales person has this id on that day"),
                    value=person_id,
                    todo=_("See headway signals for the ids."),
                )
            found = diagnose_analysed(facts, analysis, person_id, report=everybody)
            figures = [figure_of(value) for value in values if value.person_id == person_id]
            bases[person_id] = Basis(
                signal=signal,
                diagnosis=found if isinstance(found, Diagnosis) else None,
                figures=_with_cycle(figures, _cycles(values)),
                run_id=None,
                reach=ahead.get(person_id),
            )
        return bases, facts.as_of


def _cycles(values: Iterable[MetricValue]) -> list[float]:
    return [value.value for value in values if value.metric == CYCLE and value.value is not None]


def draft_for(
    actor: Actor,
    person: Person,
    basis: Basis,
    *,
    as_of: date,
    days: int | None = None,
    kind: PlanKind = PlanKind.SUCCESS,
    language: str = "",
) -> PlanDraft:
    """The draft for a person from a basis, in the company's words for this kind of plan.

    Args:
        actor: who drafts.
        person: whom it is for.
        basis: signal, diagnosis and figures.
        as_of: the day the figures are known up to.
        days: 30, 60 or 90; the advice if None.
        kind: whose words and name are used.
        language: of the plan; the company's (`Company.plan_language`) if empty.

    Raises:
        NotFound: the actor may not draft for this person.
    """
    require(actor, "plan.draft", person.person_id)
    content = load(language or company.current().plan_language, kind=kind)
    found = basis.diagnosis
    if found is not None and basis.run_id is not None:
        found = with_answers(found, person, as_of=clock.today(), run=latest_run())
    # Days, months and numbers are written as the plan's language writes them, whoever drafts it.
    with translation.override(content.language):
        return draft(
            party_of(person),
            basis.signal,
            found,
            basis.figures,
            as_of=as_of,
            days=days,
            company=voice_of(person),
            content=content,
            run_id=basis.run_id,
            reach=basis.reach,
        )


def party_of(person: Person) -> Party:
    """A person as a plan names them."""
    return Party(person.person_id, person.name, person.team, person.segment)


def voice_of(person: Person) -> CompanyVoice:
    """The company's side: its settings, the manager, and who answers for data and territories."""
    row = company.current()
    return CompanyVoice(
        name=row.name,
        currency=row.currency,
        plan_name=row.plan_name,
        manager=party_of(person.manager) if person.manager else None,
        owners=owners_of_company(),
        days_off=days_off([person.pk, *([person.manager.pk] if person.manager else [])]),
    )


def owners_of_company() -> dict[str, str]:
    """Who answers for which support, by role; the manager arranges the rest."""
    revops = Person.objects.filter(role="revops", listed=True, left_on__isnull=True).order_by("name").first()
    return {"RevOps": revops.name} if revops else {}
