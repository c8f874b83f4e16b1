"""A plan walked to any state by the real actions, for everybody's tests.

`people` and `run` are fixtures of tests/plans/conftest.py (`from tests.plans.conftest import people, run`). The clock
of each step is set, so that days fit: drafted 18 May 2026, shared 19 May, with HR 20 May, approved 21 May, presented
and signed 28 May, started 1 June 2026.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

from headway.core import clock
from headway.diagnosis.practice.actions import FactorGiven, SessionGiven, answer_factors, note_coaching
from headway.diagnosis.practice.factors import FACTORS
from headway.diagnosis.practice.models import FactorAnswer
from headway.metrics.models import AnalysisRun
from headway.people.models import User
from headway.plans import actions
from headway.plans.amending import AmendedPlan, GoalAmended
from headway.plans.models import Plan, VersionKind
from headway.plans.queries import open_amendment
from headway.plans.states import PlanKind, PlanState
from tests.plans.jonas import jonas_plan

People = Mapping[str, User]
PERSON = "P7"
LANGUAGE = "en"  # of the plan


def on(day: date, hour: int = 9) -> datetime:
    """A moment of a day in UTC."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


DAYS = {
    "draft": date(2026, 5, 18),
    "share": date(2026, 5, 19),
    "submit": date(2026, 5, 20),
    "review": date(2026, 5, 21),
    "sign": date(2026, 5, 28),
    "start": date(2026, 6, 1),
    "running": date(2026, 6, 22),
    "end": date(2026, 8, 31),
}


def drafted(people: People, run: AnalysisRun | None, *, kind: PlanKind = PlanKind.SUCCESS) -> Plan:
    if kind is PlanKind.FORMAL:  # it is not opened without what comes first
        prepare(people)
    with clock.at(on(DAYS["draft"])):
        run_id = run.pk if run else None
        draft = jonas_plan(kind=kind, language=LANGUAGE)
        return actions.draft_plan(person_id=PERSON, draft=draft, run_id=run_id, kind=kind, by=people["manager"])


def typed(
    plan: Plan, user: User, *, kind: VersionKind = VersionKind.PRESENTED, statement: str = ""
) -> actions.SignatureTyped:
    """What somebody signs who has the right version before them."""
    version = plan.versions.filter(kind=kind).last()
    assert version is not None
    return actions.SignatureTyped(user.name, True, version.content_hash, statement)


def prepare(people: People) -> None:
    """What comes before a plan goes to HR: three coaching talks, and the outside factors answered and signed."""
    for day in (date(2026, 4, 14), date(2026, 4, 28), date(2026, 5, 12)):
        with clock.at(on(day)):
            given = SessionGiven(held_on=day, wins="Asked well.", improvements="Name the price later.")
            note_coaching(person_id=PERSON, given=given, by=people["manager"])
    with clock.at(on(DAYS["draft"], 8)):
        answers = [FactorGiven(factor=key, found="clear", text="Looked at, nothing found.") for key in FACTORS]
        answer_factors(person_id=PERSON, answers=answers, signed=True, by=people["manager"])


def share(plan: Plan, people: People) -> Plan:
    with clock.at(on(DAYS["share"])):
        actions.share_plan(plan=plan, by=people["manager"])
        return actions.note_seen(plan=plan, page="plan", by=people["rep"])


def submit(plan: Plan, people: People) -> Plan:
    if not FactorAnswer.objects.filter(person_id=PERSON).exists():
        prepare(people)
    with clock.at(on(DAYS["submit"])):
        return actions.submit_plan(plan=plan, by=people["manager"])


def send_back(plan: Plan, people: People) -> Plan:
    with clock.at(on(DAYS["review"])):
        return actions.return_plan(plan=plan, reasons="Name a deputy for August.", by=people["hr"])


def approve(plan: Plan, people: People) -> Plan:
    with clock.at(on(DAYS["review"])):
        return actions.approve_plan(plan=plan, reasons="In line with like cases.", by=people["hr"])


def present(plan: Plan, people: People) -> Plan:
    with clock.at(on(DAYS["sign"])):
        return actions.present_plan(plan=plan, held_on=DAYS["sign"], by=people["manager"])


def acknowledge(plan: Plan, people: People, *, statement: str = "") -> Plan:
    with clock.at(on(DAYS["sign"], 15)):
        return actions.acknowledge_plan(
            plan=plan, typed=typed(plan, people["rep"], statement=statement), by=people["rep"]
        )


def with_statement(plan: Plan, people: People) -> Plan:
    return acknowledge(plan, people, statement="The leads I was given fell by a third; please put that right first.")


def refuse(plan: Plan, people: People) -> Plan:
    with clock.at(on(DAYS["sign"], 15)):
        return actions.refuse_plan(plan=plan, typed=typed(plan, people["manager"]), by=people["manager"])


def start(plan: Plan, people: People) -> Plan:
    with clock.at(on(DAYS["start"])):
        return actions.start_plan(plan=plan, by=people["manager"])


def pause(plan: Plan, people: People) -> Plan:
    with clock.at(on(DAYS["running"])):
        return actions.pause_plan(plan=plan, from_on=DAYS["running"], reason="Parental leave.", by=people["manager"])


def amend(plan: Plan, people: People) -> Plan:
    with clock.at(on(DAYS["running"])):
        change = AmendedPlan(goals={"revenue": GoalAmended(target=90_000.0)})
        made = actions.propose_amendment(plan=plan, change=change, reason="Two weeks of fair.", by=people["manager"])
        return made.plan


def consent(plan: Plan, people: People) -> Plan:
    amendment = open_amendment(plan)
    assert amendment is not None
    with clock.at(on(DAYS["running"], 16)):
        signed = actions.SignatureTyped(people["rep"].name, True, amendment.version.content_hash)
        return actions.consent_to_amendment(plan=plan, typed=signed, by=people["rep"])


def close(plan: Plan, people: People) -> Plan:
    with clock.at(on(DAYS["end"])):
        return actions.close_plan(plan=plan, reason="The last day has passed.", by=people["manager"])


def appeal(plan: Plan, people: People) -> Plan:
    with clock.at(on(DAYS["end"], 16)):
        return actions.appeal(plan=plan, text="The promised leads never came.", by=people["rep"]).plan


def withdraw(plan: Plan, people: People) -> Plan:
    with clock.at(on(DAYS["review"])):
        return actions.withdraw_plan(plan=plan, reason="Jonas moves to another team.", by=people["manager"])


def discard(plan: Plan, people: People) -> Plan:
    with clock.at(on(DAYS["draft"])):
        return actions.discard_plan(plan=plan, by=people["manager"])


Walk = Callable[[Plan, People], Plan]
_TO_PRESENTED: tuple[Walk, ...] = (share, submit, approve, present)
WALKS: dict[PlanState, tuple[Walk, ...]] = {
    PlanState.DRAFT: (),
    PlanState.SHARED: (share,),
    PlanState.HR_REVIEW: (share, submit),
    PlanState.RETURNED: (share, submit, send_back),
    PlanState.APPROVED: (share, submit, approve),
    PlanState.PRESENTED: _TO_PRESENTED,
    PlanState.ACKNOWLEDGED: (*_TO_PRESENTED, acknowledge),
    PlanState.ACKNOWLEDGED_WITH_STATEMENT: (*_TO_PRESENTED, with_statement),
    PlanState.REFUSED: (*_TO_PRESENTED, refuse),
    PlanState.ACTIVE: (*_TO_PRESENTED, acknowledge, start),
    PlanState.PAUSED: (*_TO_PRESENTED, acknowledge, start, pause),
    PlanState.AMENDED: (*_TO_PRESENTED, acknowledge, start, amend),
    PlanState.CLOSED: (*_TO_PRESENTED, acknowledge, start, close),
    PlanState.APPEALED: (*_TO_PRESENTED, acknowledge, start, close, appeal),
    PlanState.WITHDRAWN: (share, submit, withdraw),
    PlanState.DISCARDED: (discard,),
}


def plan_in(state: PlanState, *, people: People, run: AnalysisRun | None, kind: PlanKind = PlanKind.SUCCESS) -> Plan:
    """Jonas's plan in a state, reached by the real actions."""
    plan = drafted(people, run, kind=kind)
    for step in WALKS[state]:
        if kind is PlanKind.GROWTH and step in (submit, approve):
            continue
        plan = step(plan, people)
    plan.refresh_from_db()
    return plan
