"""What people send that no form expects: kept as words, or refused in one plain sentence, on every form."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from headway.core import clock
from headway.core.errors import HeadwayError
from headway.metrics.models import AnalysisRun
from headway.people.models import Person, User
from headway.plans import actions
from headway.plans.models import Appeal, Comment, HrReview, Plan, PlanPromise, Proposal, Signature, VersionKind
from headway.plans.states import OPEN, PlanState
from tests.plans import stories
from tests.plans.conftest import client_of
from tests.plans.stories import on, plan_in

pytestmark = pytest.mark.django_db
People = dict[str, User]

LONG = "much to say " * 17_000  # 200 KB
NASTY = "a\x00b <script>alert(1)</script> שלום 💪 \u202eabc {company} %(x)s"
KEPT = NASTY.replace("\x00", "")


def send(browser: Client, address: str, form: dict[str, str], *, moment: date) -> str:
    with clock.at(on(moment, 16)):
        answer = browser.post(address, form, follow=True)
    assert answer.status_code == 200, (address, answer.content[:300])
    page = answer.content.decode()
    assert "<script>alert" not in page
    return page


@pytest.mark.parametrize("words", [NASTY, LONG], ids=["nasty", "long"])
def test_every_big_box_on_the_way_keeps_words_of_any_kind(people: People, run: AnalysisRun, words: str) -> None:
    kept, days = words.replace("\x00", "").strip(), stories.DAYS
    marta, jonas, hanne = (client_of(people[who]) for who in ("manager", "rep", "hr"))
    plan = plan_in(PlanState.SHARED, people=people, run=run)
    at = f"/plans/{plan.pk}/"
    send(jonas, f"{at}comments/", {"text": words}, moment=days["share"])
    send(jonas, f"{at}proposals/", {"piece": "goal:revenue", "target": "90000", "why": words}, moment=days["share"])
    proposal = Proposal.objects.get()
    form = {"do": "decline", "answer": words}
    send(marta, f"{at}proposals/{proposal.pk}/", form, moment=days["share"])
    promise = {"text": words, "owner": "Ines", "due": "2026-07-01", "hours": ""}
    send(marta, f"{at}support/", promise, moment=days["share"])
    proposal.refresh_from_db()
    added = PlanPromise.objects.get(owner="Ines")
    assert [Comment.objects.get().text, proposal.why, proposal.answer, added.text] == [kept] * 4
    with clock.at(on(days["share"], 17)):
        actions.remove_support(plan=plan, key=added.key, seen_version=added.version, by=people["manager"])
    stories.share(plan, people)
    stories.submit(plan, people)
    seen = str(Plan.objects.get().version)
    send(hanne, f"{at}review/", {"do": "approve", "reasons": words, "version": seen}, moment=days["review"])
    send(marta, f"{at}meeting/", {"held_on": "2026-05-28", "answer_by": "", "companion": "Elif", "notes": words},
         moment=days["sign"])  # fmt: skip
    version = plan.versions.get(kind=VersionKind.PRESENTED)
    form = {"name": "Jonas Weber", "consent": "on", "content_hash": version.content_hash, "statement": words}
    send(jonas, f"{at}sign/", form, moment=days["sign"])
    send(jonas, f"{at}appeal/", {"text": words}, moment=days["sign"])
    send(client_of(people["leader"]), f"{at}appeal/answer/", {"upheld": "no", "answer": words}, moment=days["sign"])
    appeal = Appeal.objects.get()
    said = [HrReview.objects.get().reasons, Signature.objects.get().statement, appeal.text, appeal.answer]
    assert said == [kept] * 4
    stories.start(plan, people)
    form = {"from_on": "2026-06-22", "expected_back_on": "", "reason": words}
    send(marta, f"{at}pause/", form, moment=days["running"])
    send(marta, f"{at}withdraw/", {"reason": words}, moment=days["running"])
    assert Plan.objects.get().state == PlanState.WITHDRAWN


@pytest.mark.parametrize("address", ["/plans/?page=%00", "/audit/?who=%00&event=%00", "/people/%00/", "/people/P%007/"])
def test_a_null_character_in_an_address_breaks_nothing(people: People, run: AnalysisRun, address: str) -> None:
    assert client_of(people["hr"]).get(address).status_code in {200, 404}


STATES = sorted(OPEN - {PlanState.APPEALED})


def test_somebody_leaves_or_changes_team_in_each_state(people: People, run: AnalysisRun) -> None:
    """The plan follows the person: the new manager reads what has changed and can end it; the old one is out."""
    plan = plan_in(PlanState.ACTIVE, people=people, run=run)
    address, marta = reverse("plan", args=[plan.pk]), Person.objects.filter(pk="M1")
    jonas = Person.objects.filter(pk="P7")
    old, new, leader = (client_of(people[who]) for who in ("manager", "other", "leader"))
    with clock.at(on(stories.DAYS["running"])):
        for state in STATES:
            with transaction.atomic():
                Plan.objects.filter(pk=plan.pk).update(state=state)
                jonas.update(manager_id="M2", team="Mid-market South")
                assert old.get(address).status_code == 404, state
                assert "now reports to Nils Moe" in new.get(address).content.decode(), state
                marta.update(listed=False)
                jonas.update(left_on=date(2026, 6, 1))
                page = leader.get(address).content.decode()
                assert "Marta Lindqvist no longer works here" in page, state
                assert "Jonas Weber no longer works here since 1 June" in page, state
                ended = actions.withdraw_plan(plan=plan, reason="Jonas has left.", by=people["leader"])
                assert ended.state == PlanState.WITHDRAWN, state
                transaction.set_rollback(True)


def test_signing_is_refused_in_one_sentence_from_an_old_page_and_after_the_day(
    people: People, run: AnalysisRun
) -> None:
    plan = plan_in(PlanState.PRESENTED, people=people, run=run)
    version = plan.versions.get(kind=VersionKind.PRESENTED)
    jonas, address = client_of(people["rep"]), f"/plans/{plan.pk}/sign/"
    form = {"name": "Jonas Weber", "consent": "on", "content_hash": version.content_hash, "statement": "My words."}
    with clock.at(on(date(2026, 6, 8))):
        late = jonas.post(address, form)
    assert (late.status_code, "The last day to sign was 4 June" in late.content.decode()) == (409, True)
    with clock.at(on(stories.DAYS["sign"], 16)):
        old = jonas.post(address, {**form, "content_hash": "0" * 64})
        assert (old.status_code, "My words." in old.content.decode()) == (409, True)
        assert jonas.post(address, form).status_code == 302
        again = jonas.post(address, form)
    assert (again.status_code, "was signed on 28 May" in again.content.decode()) == (409, True)
    assert Signature.objects.count() == 1


def test_nobody_who_left_signs(people: People, run: AnalysisRun) -> None:
    plan = plan_in(PlanState.PRESENTED, people=people, run=run)
    User.objects.filter(pk=people["rep"].pk).update(is_active=False)
    answer = client_of(people["rep"]).get(f"/plans/{plan.pk}/sign/")
    assert answer.status_code == 302  # to the sign-in
    with pytest.raises(HeadwayError):
        actions.acknowledge_plan(plan=plan, typed=stories.typed(plan, people["other"]), by=people["other"])
