"""One company with something behind every address, and everybody who might ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.test import Client

from headway.api.actions import make_token
from headway.core import clock
from headway.core.permissions import RULES
from headway.detection.models import SignalRecord
from headway.diagnosis.practice import actions as practice
from headway.diagnosis.practice.models import CoachingSession
from headway.facts.models import FactVersion, Load
from headway.metrics.models import AnalysisRun
from headway.outcomes import actions as outcome_actions
from headway.outcomes.models import FollowUp, Relapse
from headway.outcomes.states import Outcome
from headway.people.models import Person, User
from headway.plans import actions
from headway.plans.models import Plan, SignatureKind
from headway.plans.states import PlanKind, PlanState
from headway.running.models import Agreement, HalfDay, ScoredPractice
from tests.plans.jonas import jonas_plan
from tests.plans.stories import DAYS, on, plan_in, typed

CASE, NO_CASE = "P7", "P9"  # Jonas has a plan that HR reviewed; Ina of the same team has none

# Words that only HR may ever read, planted where HR writes or is told them.
SECRETS = {
    "protected": "zebra-complaint",
    "compared": "zebra-compared",
    "checklist": "zebra-checklist",
}


@dataclass
class Viewer:
    """Somebody who asks."""

    name: str
    role: str
    user: User

    @cached_property
    def browser(self) -> Client:
        """Signed in as this person; an error in a page is an answer of 500, not of the test."""
        client = Client(raise_request_exception=False)
        client.force_login(self.user)
        return client


@dataclass(frozen=True)
class World:
    """Who there is, and the ids that addresses need."""

    viewers: dict[str, Viewer]
    ids: dict[str, Any]


def viewers(people: dict[str, User]) -> dict[str, Viewer]:
    """Jonas himself, a rep of another team, his manager, another manager, the leader above, HR, RevOps, admin."""
    nils = Person.objects.get(person_id="M2")
    marta = Person.objects.get(person_id="M1")
    rival = Person.objects.create(person_id="P8", name="Ruben Kaya", role="rep", manager=nils)
    Person.objects.create(person_id=NO_CASE, name="Ina Holm", role="rep", manager=marta)

    def account(role: str, person: Person | None = None) -> User:
        return User.objects.create(email=f"{role}-x@x.example", name=f"The {role}", role=role, person=person)

    found = {
        "self": people["rep"],
        "rep_other": account("rep", rival),
        "manager": people["manager"],
        "manager_other": people["other"],
        "leader": people["leader"],
        "hr": people["hr"],
        "revops": account("revops"),
        "admin": account("admin"),
    }
    made = {name: Viewer(name, user.role, user) for name, user in found.items()}
    for viewer in made.values():
        assert viewer.browser is not None  # signed in now, so that no test undoes it
    return made


def build(people: dict[str, User], run: AnalysisRun) -> World:
    """The whole world, by the real actions."""
    found = viewers(people)
    jonas = SignalRecord.objects.get(run=run, person_id=CASE)
    for person_id in (NO_CASE, "P8"):
        SignalRecord.objects.create(
            run=run, person_id=person_id, evaluable=True, tier=jonas.tier, finding=jonas.finding,
            payload=jonas.payload.replace(CASE, person_id),
        )  # fmt: skip
    with clock.at(on(date(2026, 5, 20), 7)):
        practice.record_protected(
            person_id=CASE, kind="complaint", happened_on=date(2026, 5, 4), note=SECRETS["protected"], by=people["hr"]
        )
    plan = plan_in(PlanState.SHARED, people=people, run=run, kind=PlanKind.SUCCESS)
    ids = _talk(plan, people) | _reviewed(plan, people)
    ids |= _practice(people) | {
        "plan_id": plan.pk,
        "draft_id": _draft(people).pk,
        "person_id": CASE,
        "no_case": NO_CASE,
    }
    ids |= _ended(plan, people)
    ids |= {"token_id": make_token(name="own", by=people["rep"]).token.pk}
    version = FactVersion.objects.create(number=1, mode="add", is_current=True, content_hash="x", summary={})
    ids |= {"load_id": Load.objects.create(state=Load.State.FAILED, version=version, answers={"key": "k"}).pk}
    return World(found, ids)


def _talk(plan: Plan, people: dict[str, User]) -> dict[str, Any]:
    goal, promise = plan.goals.get(key="revenue"), plan.promises.first()
    assert promise is not None
    with clock.at(on(DAYS["share"], 12)):
        said = actions.comment(plan=plan, text="Thursdays are better.", by=people["rep"])
        change = actions.ProposedChange(text="An hour each Thursday")
        made = actions.propose(
            plan=plan, piece=f"promise:{promise.key}", change=change, why="Fridays are full.", by=people["rep"]
        )
        actions.answer_proposal(plan=plan, proposal=made, accept=True, by=people["manager"])
    return {"comment_id": said.pk, "proposal_id": made.pk, "goal": goal.key, "promise": promise.key}


def _reviewed(plan: Plan, people: dict[str, User]) -> dict[str, Any]:
    """To HR, approved, signed, running; HR's own papers carry a secret each."""
    from tests.plans import stories

    stories.submit(plan, people)
    stories.approve(plan, people)
    plan.reviews.update(checklist=[{"line": SECRETS["checklist"]}], compared=[SECRETS["compared"]])
    for walk in (stories.present, stories.acknowledge, stories.start):
        walk(plan, people)
    plan.refresh_from_db()
    assert plan.state == PlanState.ACTIVE
    version = plan.versions.filter(kind="signed").last()
    assert version is not None
    assert version.signatures.filter(kind=SignatureKind.ACKNOWLEDGED).exists()
    return {"paper": f"plan-v{version.number}", "number": version.number, "typed": typed(plan, people["rep"])}


def _ended(plan: Plan, people: dict[str, User]) -> dict[str, Any]:
    """An outcome proposed to the person, and what would come after a plan."""
    with clock.at(on(DAYS["running"], 12)):
        made = outcome_actions.prepare_evaluation(plan=plan, by=people["manager"])
        chosen = outcome_actions.OutcomeChosen(Outcome.PARTLY, "Two of four goals.", made.prepared_hash)
        outcome_actions.propose_outcome(evaluation=made, chosen=chosen, by=people["manager"])
    follow_up = FollowUp.objects.create(
        plan=plan, number=1, kind="refresher", due_on=DAYS["running"], text="Half an hour.", minutes=30
    )
    drop = Relapse.objects.create(
        plan=plan, seen_on=DAYS["running"], since=DAYS["running"], strength=0.9, sentence="Fewer calls since May."
    )
    return {"follow_up_id": follow_up.pk, "drop_id": drop.pk, **_coached(plan)}


def _coached(plan: Plan) -> dict[str, Any]:
    """Something agreed at a check-in, a half-day to come and a talk that the coach has scored."""
    day = DAYS["running"]
    agreed = Agreement.objects.create(
        plan=plan, side="rep", owner="Jonas", text="Call first.", due=day, made_at=on(day)
    )
    half_day = HalfDay.objects.create(
        plan=plan, on=day, appointments=[{"at": "", "who": "Hansen", "aim": "", "seen": ""}], made_at=on(day)
    )
    talk = ScoredPractice.objects.create(
        plan=plan, kind="role_play", held_on=day, competency="discovery", marks=[["Asks", 3]], score=3, made_at=on(day)
    )
    return {"agreement_id": agreed.pk, "half_day_id": half_day.pk, "practice_id": talk.pk}


def _draft(people: dict[str, User]) -> Plan:
    """A second plan for Jonas that nobody but the manager's side has seen."""
    with clock.at(on(DAYS["running"])):
        return actions.draft_plan(
            person_id=CASE, draft=jonas_plan(), run_id=None, kind=PlanKind.GROWTH, by=people["manager"]
        )


def _practice(people: dict[str, User]) -> dict[str, Any]:
    by = people["manager"]
    with clock.at(on(DAYS["draft"], 8)):
        given = practice.LinkGiven(behaviour="Names the price first.", coaching="Practise the order.")
        link = practice.make_link(
            person_id=CASE, gap_key="proposal_to_won", gap_sentence="9 of 28.", given=given, by=by
        )
    from headway.diagnosis.practice.models import ProtectedEvent

    return {
        "link_id": link.pk,
        "session_id": CoachingSession.objects.filter(person_id=CASE).values_list("pk", flat=True).first(),
        "event_id": ProtectedEvent.objects.values_list("pk", flat=True).first(),
    }


def allowed(world: World, permission: str, *, case: bool = True) -> set[str]:
    """Who may do it to Jonas (`case`) or to Ina, of whom HR has no case: read off the rules themselves."""
    reach = {str(role): str(over) for role, over in RULES[permission].reach.items()}
    return {name for name, viewer in world.viewers.items() if _reaches(name, reach.get(viewer.role), case=case)}


def _reaches(name: str, over: str | None, *, case: bool) -> bool:
    if over is None:
        return False
    if over == "themselves" or over == "self":
        return name == "self" and case
    if over == "people below":
        return name in {"manager", "leader"}
    return case if over == "people with a case" else True
