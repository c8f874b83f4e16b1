"""The end of plans over the API: outcomes, follow-ups, renewed drops, lessons, portfolio; as the pages do it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from headway.core import clock, company
from headway.core.errors import BadInput, NotFound
from headway.core.permissions import require
from headway.documents.letter import MEDIA_TYPES, Format
from headway.outcomes import actions, queries
from headway.outcomes.case_file import case_file
from headway.outcomes.lessons import lessons_for
from headway.outcomes.letter import outcome_file
from headway.outcomes.models import Evaluation, FollowUp, Relapse
from headway.outcomes.portfolio import TeamFigures, portfolio_of, shown
from headway.outcomes.states import Outcome
from headway.plans.queries import plan_for
from headway.web.api import Page, PageNumber, PageSize, actor, page_of

router = Router(tags=["outcomes"])


class StepOut(Schema):
    """One step with its words, unedited. step: propose, answer, agree, return, confirm, appeal or decide_appeal."""

    step: str
    outcome: str
    words: str
    by_name: str
    by_role: str
    at: datetime


class OutcomeOut(Schema):
    """How one plan is judged. stage: prepared, proposed, answered, returned, confirmed, appealed or final."""

    plan_id: int
    person_id: str
    stage: str
    outcome: str = Field(description="met, partly, extended, not_met, role_change, transition, unfair; empty: none yet")
    as_of: date
    extended_to: date | None
    proposed_on: date | None
    decided_on: date | None


class OutcomeWhole(OutcomeOut):
    """The same with what lay before everybody, frozen, and every step. prepared_hash: SHA-256 of what was prepared."""

    prepared: dict[str, Any]
    prepared_hash: str
    steps: list[StepOut]


def _short(row: Evaluation) -> dict[str, Any]:
    return {name: getattr(row, name) for name in OutcomeOut.model_fields}


def _whole(row: Evaluation) -> dict[str, Any]:
    steps = [{name: getattr(step, name) for name in StepOut.model_fields} for step in row.steps.all()]
    return {**_short(row), "prepared": row.prepared, "prepared_hash": row.prepared_hash, "steps": steps}


@router.get("outcomes", response=Page[OutcomeOut])
def outcomes(request: HttpRequest, page: PageNumber, size: PageSize) -> dict[str, Any]:
    """Judged plans that the asker may see, the newest first."""
    return page_of(queries.evaluations_for(actor(request)).order_by("-pk"), page=page, size=size, shown=_short)


@router.get("plans/{int:plan_id}/outcome", response=OutcomeWhole)
def outcome(request: HttpRequest, plan_id: int) -> dict[str, Any]:
    """How a plan is judged: the newest evaluation."""
    return _whole(queries.evaluation_for(actor(request), plan_id)[1])


@router.get("plans/{int:plan_id}/outcome.{fmt}")
def letter(request: HttpRequest, plan_id: int, fmt: str) -> HttpResponse:
    """The outcome as a letter: pdf or docx."""
    plan, row = queries.evaluation_for(actor(request), plan_id)
    if fmt not in {str(one) for one in Format}:
        raise NotFound(_("There is no such file"), value=fmt)
    chosen = Format(fmt)
    return HttpResponse(outcome_file(plan, row, chosen), content_type=MEDIA_TYPES[chosen])


@router.post("plans/{int:plan_id}/case.zip")
def case(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The whole case as one ZIP that stands alone and checks itself (`python3 verify.py` in its folder): what its
    asker may see. A POST, as taking it along goes on record."""
    by = actor(request)
    made = case_file(plan_for(by, plan_id), by=by)
    answer = HttpResponse(made.content, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return answer


@router.post("plans/{int:plan_id}/outcome/prepare", response=OutcomeWhole)
def prepare(request: HttpRequest, plan_id: int) -> dict[str, Any]:
    """Gather the evidence as of today, again as long as nothing is proposed."""
    by = actor(request)
    return _whole(actions.prepare_evaluation(plan=plan_for(by, plan_id), by=by))


class OutcomeProposalIn(Schema):
    """Which outcome, why, and the `prepared_hash` it rests on. extended_to: for "extended" alone."""

    outcome: str
    words: str
    prepared_hash: str
    extended_to: date | None = None


@router.post("plans/{int:plan_id}/outcome/propose", response=OutcomeWhole)
def propose(request: HttpRequest, plan_id: int, body: OutcomeProposalIn) -> dict[str, Any]:
    """Say how the plan should end; the person answers next."""
    by = actor(request)
    _plan, row = queries.evaluation_for(by, plan_id)
    require(by, "outcome.propose", row)
    chosen = actions.OutcomeChosen(_outcome(body.outcome), body.words, body.prepared_hash, body.extended_to)
    return _whole(actions.propose_outcome(evaluation=row, chosen=chosen, by=by))


def _outcome(text: str) -> Outcome:
    if text not in {str(one) for one in Outcome}:
        raise BadInput(_("There is no such outcome"), value=text, todo=_("Use one of: %s.") % ", ".join(Outcome))
    return Outcome(text)


class WordsIn(Schema):
    """Words that stay on record, unedited."""

    words: str


@router.post("plans/{int:plan_id}/outcome/answer", response=OutcomeWhole)
def answer(request: HttpRequest, plan_id: int, body: WordsIn) -> dict[str, Any]:
    """The person's own words on the proposal."""
    by = actor(request)
    return _whole(actions.answer_outcome(evaluation=queries.evaluation_for(by, plan_id)[1], words=body.words, by=by))


@router.post("plans/{int:plan_id}/outcome/return", response=OutcomeWhole)
def send_back(request: HttpRequest, plan_id: int, body: WordsIn) -> dict[str, Any]:
    """HR sends the proposal back with reasons."""
    by = actor(request)
    return _whole(actions.return_outcome(evaluation=queries.evaluation_for(by, plan_id)[1], words=body.words, by=by))


@router.post("plans/{int:plan_id}/outcome/confirm", response=OutcomeWhole)
def confirm(request: HttpRequest, plan_id: int, body: WordsIn) -> dict[str, Any]:
    """HR confirms: it holds from then on."""
    by = actor(request)
    return _whole(actions.confirm_outcome(evaluation=queries.evaluation_for(by, plan_id)[1], words=body.words, by=by))


@router.post("plans/{int:plan_id}/outcome/appeal", response=OutcomeWhole)
def appeal(request: HttpRequest, plan_id: int, body: WordsIn) -> dict[str, Any]:
    """The person appeals; somebody who neither proposed nor confirmed decides."""
    by = actor(request)
    return _whole(actions.appeal_outcome(evaluation=queries.evaluation_for(by, plan_id)[1], words=body.words, by=by))


class AppealDecidedIn(Schema):
    """Upheld or not, with reasons; `outcome` is the new one where it is upheld."""

    upheld: bool
    words: str
    outcome: str | None = None


@router.post("plans/{int:plan_id}/outcome/decide-appeal", response=OutcomeWhole)
def decide(request: HttpRequest, plan_id: int, body: AppealDecidedIn) -> dict[str, Any]:
    """Decide the appeal against an outcome."""
    by = actor(request)
    _plan, row = queries.evaluation_for(by, plan_id)
    require(by, "outcome.decide_appeal", row)
    other = _outcome(body.outcome) if body.outcome else None
    return _whole(actions.decide_appeal(evaluation=row, upheld=body.upheld, words=body.words, outcome=other, by=by))


@router.post("plans/{int:plan_id}/outcome/extend", response=OutcomeWhole)
def extend(request: HttpRequest, plan_id: int) -> dict[str, Any]:
    """Write a confirmed extension for signature; it holds once the person has signed."""
    by = actor(request)
    _plan, row = queries.evaluation_for(by, plan_id)
    actions.extend_plan(evaluation=row, by=by)
    return _whole(row)


class FollowUpOut(Schema):
    """A refresher, a coaching talk or a look back after a plan. kind: refresher, coaching or look_back."""

    id: int
    plan_id: int
    person_id: str
    kind: str
    text: str
    due_on: date
    minutes: int
    done_on: date | None
    note: str


def _follow_up(row: FollowUp) -> dict[str, Any]:
    return {name: getattr(row, name) for name in FollowUpOut.model_fields}


Until = Annotated[date | None, Query(None, description="Due by this day; left out: today.")]


@router.get("follow-ups", response=list[FollowUpOut])
def follow_ups(request: HttpRequest, until: Until) -> list[dict[str, Any]]:
    """Follow-ups that are due and not done, of people within reach, the earliest first."""
    return [_follow_up(row) for row in queries.follow_ups_for(actor(request), until=until or clock.today())]


class DoneIn(Schema):
    """The day on which it took place."""

    on: date
    note: str = ""


@router.post("follow-ups/{int:follow_up_id}/done", response=FollowUpOut)
def done(request: HttpRequest, follow_up_id: int, body: DoneIn) -> dict[str, Any]:
    """Say that a follow-up took place."""
    by = actor(request)
    row = queries.follow_up_for(by, follow_up_id)
    return _follow_up(actions.do_follow_up(follow_up=row, on=body.on, note=body.note, by=by))


class DropOut(Schema):
    """A drop seen after a plan. It leads to a talk and the diagnosis, never straight to a plan."""

    id: int
    plan_id: int
    person_id: str
    seen_on: date
    since: date
    sentence: str
    answer: str = Field(description="open, outside, help, diagnosis or nothing")
    words: str


def _drop(row: Relapse) -> dict[str, Any]:
    return {name: getattr(row, name) for name in DropOut.model_fields}


@router.get("renewed-drops", response=list[DropOut])
def drops(request: HttpRequest) -> list[dict[str, Any]]:
    """Renewed drops that wait for a talk, of people within reach."""
    return [_drop(row) for row in queries.relapses_for(actor(request))]


class DropAnswerIn(Schema):
    """What the talk found: outside, help, diagnosis or nothing; and in words."""

    answer: str
    words: str


@router.post("renewed-drops/{int:drop_id}/answer", response=DropOut)
def answer_drop(request: HttpRequest, drop_id: int, body: DropAnswerIn) -> dict[str, Any]:
    """Say what a talk about a renewed drop found."""
    by = actor(request)
    row = queries.relapse_for(by, drop_id)
    if body.answer not in Relapse.Answer.values:
        raise BadInput(_("There is no such answer"), value=body.answer)
    return _drop(actions.answer_relapse(relapse=row, answer=Relapse.Answer(body.answer), words=body.words, by=by))


class LessonOut(Schema):
    """Plans for one gap in which one kind of support was given. Changes are shares; null: fewer than five plans."""

    gap: str
    support: str
    plans: int | None = Field(description="How many; null: fewer than five")
    change: float | None
    low: float | None
    high: float | None


@router.get("lessons", response=list[LessonOut])
def lessons(request: HttpRequest) -> list[dict[str, Any]]:
    """What helped which gap over finished plans, with its doubt; never by person."""
    _plans, found = lessons_for(actor(request))
    return [
        {
            "gap": one.gap, "support": one.support, "plans": one.plans if one.estimate is not None else None,
            "change": one.estimate, "low": one.low, "high": one.high,
        }
        for one in found
    ]  # fmt: skip


class TeamOut(Schema):
    """A team's plans in figures. Counts are text: a number, or "1-4" where fewer than five would name somebody."""

    team: str
    being_agreed: str
    running: str
    on_track: str
    behind: str
    outcomes: dict[str, str]
    support_given: float | None = Field(description="Share of what was promised and due; null: too few plans")
    hours_given: float | None
    hours_promised: float | None
    cost: float | None = Field(
        description="Hours given times the company's rate; null: no rate is set, or too few plans"
    )
    gain_a_year: float | None = Field(description="Bookings a year, luck taken out; null: fewer than five plans tell")
    gain_low: float | None
    gain_high: float | None


def _team(row: TeamFigures) -> dict[str, Any]:
    few, gain = 0 < row.plans < 5, row.returned
    rate = company.current().coaching_hour_cost
    return {
        "team": row.team,
        **{name: _count(getattr(row, name)) for name in ("being_agreed", "running", "on_track", "behind")},
        "outcomes": {str(one): _count(row.outcomes[one]) for one in Outcome if one is not Outcome.EXTENDED},
        "support_given": None if few or not row.promised else row.given / row.promised,
        "hours_given": None if few else row.hours,
        "hours_promised": None if few else row.hours_promised,
        "cost": None if few or not rate else row.hours * rate,
        "gain_a_year": gain.amount if gain else None,
        "gain_low": gain.low if gain else None,
        "gain_high": gain.high if gain else None,
    }


def _count(value: int) -> str:
    found = shown(value)
    return "1-4" if found is None else found


@router.get("portfolio", response=list[TeamOut])
def portfolio(request: HttpRequest) -> list[dict[str, Any]]:
    """The plans of the teams below, by team; small numbers protected."""
    return [_team(row) for row in portfolio_of(actor(request))]
