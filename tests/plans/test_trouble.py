"""What goes wrong between people: at once, twice, too late, from an old page, in too many words; nothing half done."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.urls import reverse

from headway.core import clock, rounds
from headway.core.actors import SYSTEM
from headway.core.errors import BadInput, Conflict, NotAllowed, NotFound
from headway.core.models import AuditEntry
from headway.detection import serialise as signals_as_json
from headway.detection.models import SignalRecord
from headway.detection.signal import Tier
from headway.metrics.models import AnalysisRun
from headway.people.models import Person, User
from headway.plans import actions, differences, keeping
from headway.plans.amending import AmendedPlan
from headway.plans.models import Plan, PlanVersion, Signature, VersionKind
from headway.plans.queries import plan_for, plans_for
from headway.plans.starting import start_what_begins
from headway.plans.states import PlanKind, PlanState
from tests.plans import stories
from tests.plans.conftest import client_of
from tests.plans.jonas import jonas_plan, signal
from tests.plans.stories import on, plan_in, typed

pytestmark = pytest.mark.django_db
SIGNING = stories.DAYS["sign"]


def sign(plan: Plan, people: dict[str, User], *, day: date = SIGNING, **changes: object) -> Plan:
    signature = replace(typed(plan, people["rep"]), **changes)  # type: ignore[arg-type]
    with clock.at(on(day, 17)):
        return actions.acknowledge_plan(plan=plan, typed=signature, by=people["rep"])


@pytest.mark.parametrize(
    ("changes", "day", "said"),
    [
        ({"name": "J. Weber"}, SIGNING, "not the one you are signed in with"),
        ({"consent": False}, SIGNING, "needs your consent"),
        ({"content_hash": "0" * 64}, SIGNING, "another version"),
        ({}, SIGNING + timedelta(days=8), "last day to sign was"),
    ],
)
def test_a_signature_that_cannot_stand_leaves_nothing(
    people: dict[str, User], run: AnalysisRun, changes: dict[str, object], day: date, said: str
) -> None:
    plan = plan_in(PlanState.PRESENTED, people=people, run=run)
    before = (plan.version, PlanVersion.objects.count(), AuditEntry.objects.count())
    with pytest.raises((BadInput, Conflict), match=said):
        sign(plan, people, day=day, **changes)
    plan.refresh_from_db()
    assert (plan.version, PlanVersion.objects.count(), AuditEntry.objects.count()) == before
    assert not Signature.objects.exists()


def test_signing_twice_gives_one_sentence(people: dict[str, User], run: AnalysisRun) -> None:
    plan = plan_in(PlanState.PRESENTED, people=people, run=run)
    old_page = Plan.objects.get(pk=plan.pk)
    sign(plan, people)
    with pytest.raises(Conflict, match="was signed on 28 May"):
        sign(old_page, people)
    assert Signature.objects.count() == 1


def test_nobody_signs_for_another(people: dict[str, User], run: AnalysisRun) -> None:
    plan = plan_in(PlanState.PRESENTED, people=people, run=run)
    for role in ("manager", "leader", "hr", "other"):
        with pytest.raises((NotFound, NotAllowed)):
            actions.acknowledge_plan(plan=plan, typed=typed(plan, people[role]), by=people[role])
    assert not Signature.objects.exists()


def test_a_refusal_waits_for_a_witness_who_did_not_record_it(people: dict[str, User], run: AnalysisRun) -> None:
    plan = plan_in(PlanState.REFUSED, people=people, run=run)
    with clock.at(on(stories.DAYS["start"])):
        with pytest.raises(Conflict, match="no witness yet"):
            actions.start_plan(plan=plan, by=people["manager"])
        signed = actions.SignatureTyped(people["hr"].name, True, "")
        actions.witness_refusal(plan=plan, typed=signed, by=people["hr"])
        with pytest.raises(Conflict, match="its witness already"):
            actions.witness_refusal(plan=plan, typed=signed, by=people["hr"])
        assert actions.start_plan(plan=plan, by=people["manager"]).state == PlanState.ACTIVE


def test_approving_from_an_old_page_or_twice(people: dict[str, User], run: AnalysisRun) -> None:
    plan = plan_in(PlanState.HR_REVIEW, people=people, run=run)
    with pytest.raises(Conflict, match="has changed since"):
        actions.return_plan(plan=plan, reasons="Why?", seen_version=plan.version - 1, by=people["hr"])
    stories.approve(plan, people)
    with pytest.raises(Conflict, match="is approved now"):
        actions.return_plan(plan=plan, reasons="Why?", by=people["hr"])
    assert plan.reviews.count() == 1


def test_hr_needs_reasons_and_the_whole_list(people: dict[str, User], run: AnalysisRun) -> None:
    plan = stories.share(stories.drafted(people, run), people)
    with pytest.raises(BadInput, match=r"Coaching first|Outside factors"):
        actions.submit_plan(plan=plan, by=people["manager"])
    stories.submit(plan, people)
    with clock.at(on(stories.DAYS["review"])):
        for decide in (actions.return_plan, actions.approve_plan):
            with pytest.raises(BadInput, match="reason"):
                decide(plan=plan, reasons="  ", by=people["hr"])
    with clock.at(on(date(2026, 12, 1))), pytest.raises(BadInput, match=r"every line .* Coaching first"):
        actions.approve_plan(plan=plan, reasons="Fine.", by=people["hr"])
    plan.refresh_from_db()
    assert plan.state == PlanState.HR_REVIEW


@pytest.mark.parametrize(("kind", "sent"), [(PlanKind.FORMAL, False), (PlanKind.SUCCESS, True)])
def test_a_formal_plan_needs_every_item_of_the_gate(
    people: dict[str, User], run: AnalysisRun, kind: PlanKind, sent: bool
) -> None:
    entry = signal(tier=Tier.SUPPORT)
    SignalRecord.objects.filter(run=run).update(tier=entry.tier, payload=signals_as_json.to_json(entry))
    if sent:
        plan = stories.share(stories.drafted(people, run, kind=kind), people)
        assert stories.submit(plan, people).state == PlanState.HR_REVIEW
        return
    with pytest.raises((BadInput, Conflict), match="More than chance"):
        stories.drafted(people, run, kind=kind)
    plan = stories.drafted(people, run)
    Plan.objects.filter(pk=plan.pk).update(kind=kind)
    stories.share(plan, people)
    with pytest.raises(BadInput, match="More than chance"):
        stories.submit(plan, people)


def test_two_proposals_and_a_change_meanwhile(people: dict[str, User], run: AnalysisRun) -> None:
    plan = plan_in(PlanState.SHARED, people=people, run=run)
    wish = actions.ProposedChange(target=95_000.0)
    made = actions.propose(plan=plan, piece="goal:revenue", change=wish, why="Too much.", by=people["rep"])
    with pytest.raises(Conflict, match="waits for an answer already"):
        actions.propose(plan=plan, piece="goal:revenue", change=wish, why="Again.", by=people["rep"])
    row = plan.goals.get(key="revenue")
    change = actions.GoalChange(text="Win €110,000 of new business by 28 August, together.")
    actions.change_goal(plan=plan, goal_key="revenue", change=change, seen_version=row.version, by=people["manager"])
    with pytest.raises(Conflict, match="Somebody else has changed this"):
        actions.answer_proposal(plan=plan, proposal=made, accept=True, by=people["manager"])
    made.refresh_from_db()
    assert made.state == "open"
    with pytest.raises(BadInput, match="needs a reason"):
        actions.answer_proposal(plan=plan, proposal=made, accept=False, by=people["manager"])


@pytest.mark.parametrize("text", ["much to say " * 17_000, "<script>alert(1)</script>", "שלום 💪 مرحبا", "a" * 9_000])
def test_words_of_any_kind_are_kept_and_shown_as_words(people: dict[str, User], run: AnalysisRun, text: str) -> None:
    plan = plan_in(PlanState.SHARED, people=people, run=run)
    made = actions.comment(plan=plan, text=text, by=people["rep"])
    made.refresh_from_db()
    assert made.text == text.strip()
    page = client_of(people["manager"]).get(reverse("plan", args=[plan.pk])).content.decode()
    assert "<script>alert" not in page
    with pytest.raises(BadInput, match="too long"):
        actions.comment(plan=plan, text="x" * 300_001, by=people["rep"])


def test_a_pause_moves_every_later_day_and_keeps_what_was_signed(people: dict[str, User], run: AnalysisRun) -> None:
    plan = plan_in(PlanState.PAUSED, people=people, run=run)
    before = keeping.draft_of(plan)
    signed = plan.versions.get(kind=VersionKind.SIGNED)
    with clock.at(on(date(2026, 7, 6))):
        with pytest.raises(BadInput, match="no day to come"):
            actions.resume_plan(plan=plan, back_on=date(2026, 7, 7), by=people["manager"])
        actions.resume_plan(plan=plan, back_on=date(2026, 7, 6), by=people["manager"])
    after = keeping.draft_of(plan_for(people["manager"], plan.pk))
    assert after.end - before.end == timedelta(days=14)
    assert after.goals[0].by - before.goals[0].by == timedelta(days=14)
    assert after.check_ins[0].on == before.check_ins[0].on
    assert after.check_ins[-1].on - before.check_ins[-1].on == timedelta(days=14)
    assert all(m.on.weekday() < 5 for m in after.check_ins)
    signed.refresh_from_db()
    assert keeping.hash_of_text(signed.content_text) == signed.content_hash
    with pytest.raises(Conflict, match="never changed"):
        signed.save()


def test_an_appeal_is_answered_by_somebody_who_did_not_approve(people: dict[str, User], run: AnalysisRun) -> None:
    plan = plan_in(PlanState.ACTIVE, people=people, run=run)
    actions.appeal(plan=plan, text="The leads never came.", by=people["rep"])
    plan.refresh_from_db()
    assert plan.state == PlanState.ACTIVE
    page = client_of(people["manager"]).get(reverse("plan", args=[plan.pk])).content.decode()
    assert "The leads never came." in page
    with pytest.raises(Conflict, match="Whoever decided"):
        actions.answer_appeal(plan=plan, upheld=True, answer="Yes.", by=people["hr"])
    row = actions.answer_appeal(plan=plan, upheld=True, answer="Leads come from Monday.", by=people["leader"])
    assert row.state == "upheld"


def test_hr_knows_a_growth_plan_only_by_an_appeal(people: dict[str, User], run: AnalysisRun) -> None:
    plan = plan_in(PlanState.ACTIVE, people=people, run=run, kind=PlanKind.GROWTH)
    assert not plans_for(people["hr"]).exists()
    actions.appeal(plan=plan, text="This is no help.", by=people["rep"])
    assert plans_for(people["hr"]).exists()


def test_the_plan_says_that_people_have_moved_on(people: dict[str, User], run: AnalysisRun) -> None:
    plan = plan_in(PlanState.ACTIVE, people=people, run=run)
    Person.objects.filter(pk="P7").update(manager_id="M2", team="Mid-market South")
    assert client_of(people["manager"]).get(reverse("plan", args=[plan.pk])).status_code == 404
    page = client_of(people["other"]).get(reverse("plan", args=[plan.pk])).content.decode()
    assert "now reports to Nils Moe" in page
    assert "moved from Mid-market North to Mid-market South" in page
    with clock.at(on(stories.DAYS["running"])):
        actions.withdraw_plan(plan=plan, reason="Set for another team.", by=people["other"])


def test_the_program_starts_and_decides_nothing_else(people: dict[str, User], run: AnalysisRun) -> None:
    plan = plan_in(PlanState.ACKNOWLEDGED, people=people, run=run)
    for act in (actions.withdraw_plan, actions.close_plan):
        with pytest.raises((NotFound, NotAllowed, Conflict)):
            act(plan=plan, reason="x", by=SYSTEM)
    with clock.at(on(date(2026, 5, 31))), pytest.raises(Conflict, match="starts on"):
        actions.start_plan(plan=plan, by=SYSTEM)
    with clock.at(on(date(2026, 6, 1))):
        assert actions.start_plan(plan=plan, by=SYSTEM).state == PlanState.ACTIVE


def test_a_received_plan_starts_by_itself_on_its_first_day_and_only_once(
    people: dict[str, User], run: AnalysisRun
) -> None:
    plan = plan_in(PlanState.ACKNOWLEDGED, people=people, run=run)
    with clock.at(on(date(2026, 5, 31))):
        assert start_what_begins() == 0
        page = client_of(people["rep"]).get(reverse("plan", args=[plan.pk])).content.decode()
        assert "It starts by itself on 1 June" in page
    with clock.at(on(date(2026, 6, 1), 1)):
        assert [start_what_begins(), start_what_begins()] == [1, 0]
    plan.refresh_from_db()
    assert plan.state == PlanState.ACTIVE
    assert [(entry.actor_role, entry.actor_id) for entry in AuditEntry.objects.filter(event="plan.started")] == [
        ("system", None)
    ]
    assert "start plans" in rounds._ROUNDS


def test_a_refused_plan_starts_by_itself_once_it_has_its_witness(people: dict[str, User], run: AnalysisRun) -> None:
    plan = plan_in(PlanState.REFUSED, people=people, run=run)
    with clock.at(on(date(2026, 6, 3))):
        assert start_what_begins() == 0
        actions.witness_refusal(plan=plan, typed=actions.SignatureTyped(people["hr"].name, True, ""), by=people["hr"])
        assert start_what_begins() == 1


def test_words_for_a_form_that_has_closed_meanwhile_come_back(people: dict[str, User], run: AnalysisRun) -> None:
    plan = plan_in(PlanState.SHARED, people=people, run=run)
    goal = plan.goals.get(key="revenue")
    stories.submit(plan, people)
    marta, jonas = client_of(people["manager"]), client_of(people["rep"])
    typed = {"text": "Win a little more, my long words.", "target": "100000", "by": "2026-08-28"}
    posts = (
        (marta, reverse("plan-goal", args=[plan.pk, "revenue"]), {**typed, "version": goal.version}),
        (
            marta,
            reverse("plan-support-new", args=[plan.pk]),
            {"text": "My long words.", "owner": "M", "due": "2026-07-01"},
        ),
        (marta, reverse("plan-text", args=[plan.pk, "success"]), {"text": "My long words.", "seen": "x"}),
        (jonas, f"/plans/{plan.pk}/proposals/", {"piece": "goal:revenue", "target": "90000", "why": "My long words."}),
    )
    for browser, address, form in posts:
        page = browser.post(address, form).content.decode()
        assert "What you typed was not kept; here it is" in page, address
        assert "y long words." in page


def test_an_amendment_cannot_end_before_it_begins_or_wait_twice(people: dict[str, User], run: AnalysisRun) -> None:
    plan = plan_in(PlanState.AMENDED, people=people, run=run)
    change = AmendedPlan(last_on=date(2026, 5, 1))
    with pytest.raises(Conflict):
        actions.propose_amendment(plan=plan, change=change, reason="x", by=people["manager"])
    actions.take_amendment_back(plan=plan, by=people["manager"])
    for wrong, said in ((change, "end before it begins"), (AmendedPlan(last_on=date(2026, 7, 1)), "after the plan")):
        with pytest.raises(BadInput, match=said):
            actions.propose_amendment(plan=plan, change=wrong, reason="x", by=people["manager"])


def test_differences_give_both_texts_back() -> None:
    before, after = "Win €110,000 by 26 May 2026.", "Win €95,000 by 9 June 2026, together."
    runs = differences.words_between(before, after)
    assert "".join(r.text for r in runs if r.kind != "added") == before
    assert "".join(r.text for r in runs if r.kind != "removed") == after
    assert ("removed", "26 May 2026.") in [(r.kind, r.text) for r in runs]
    draft = jonas_plan()
    assert differences.between(draft, draft) == ()
    long = "\n".join(f"line {n} of many words to compare" for n in range(3_000))
    runs = differences.words_between(long, long.replace("line 7 ", "row 7 "))
    assert sum(r.kind == "same" for r in runs) == 2
