"""The pages: who reads them, what they say, and that nothing typed is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from headway.core.models import AuditEntry
from headway.diagnosis.practice import actions
from headway.diagnosis.practice.actions import FactorGiven, LinkGiven, ObservationGiven, RatingGiven, SessionGiven
from headway.diagnosis.practice.models import (
    CoachingSession,
    ExceptionRequest,
    FactorAnswer,
    FormalReason,
    GateException,
    LinkValidation,
    ProtectedEvent,
)
from headway.metrics.models import AnalysisRun
from headway.people.models import User
from tests.practice.conftest import TODAY, client_of

People = dict[str, User]
PAGES = ["coaching", "observations", "skills", "outside", "why", "before-a-plan"]
ADDRESS = "/people/P7/{}/"


@pytest.mark.parametrize("page", [*PAGES, "skills/rate"])
@pytest.mark.parametrize("who", ["manager", "leader", "rep", "colleague", "other", "hr"])
def test_who_reads(people: People, run: AnalysisRun, page: str, who: str) -> None:
    answer = client_of(people[who]).get(ADDRESS.format(page))
    assert answer.status_code == (200 if who in {"manager", "leader", "rep"} else 404)


@pytest.mark.parametrize("page", PAGES)
def test_hr_reads_with_a_case_and_the_look_is_on_record(people: People, case: ExceptionRequest, page: str) -> None:
    browser = client_of(people["hr"])
    for _twice in range(2):
        assert browser.get(ADDRESS.format(page)).status_code == 200
    assert AuditEntry.objects.filter(event="person.seen", actor_name="Hanne Dijkstra").count() == 1


def test_a_talk_in_a_minute(people: People, run: AnalysisRun) -> None:
    browser = client_of(people["manager"])
    page = browser.get(ADDRESS.format("coaching"))
    assert 'value="2026-05-18"' in page.content.decode()
    typed = {"held_on": "2026-05-12", "kind": "capability", "wins": "Asked who signs.", "competency": "closing"}
    assert browser.post(ADDRESS.format("coaching"), typed).status_code == 302
    shown = client_of(people["rep"]).get(ADDRESS.format("coaching")).content.decode()
    assert "1 coaching talk in the last 90 days" in shown
    assert "Asked who signs." in shown
    assert "Answer in your own words" in shown


def test_nothing_typed_is_lost(people: People, run: AnalysisRun) -> None:
    typed = {"held_on": "2026-05-19", "kind": "deal", "wins": "A long sentence.", "minutes": "30"}
    answer = client_of(people["manager"]).post(ADDRESS.format("coaching"), typed)
    assert answer.status_code == 400
    assert "The day of the talk lies in the future: 2026-05-19." in answer.content.decode()
    assert "A long sentence." in answer.content.decode()
    assert not CoachingSession.objects.exists()


def test_the_rep_answers(people: People, run: AnalysisRun) -> None:
    given = SessionGiven(held_on=TODAY, notes="Silence after the price.")
    row = actions.note_coaching(person_id="P7", given=given, by=people["manager"])
    address = f"/coaching/{row.pk}/answer/"
    assert client_of(people["colleague"]).post(address, {"words": "x"}).status_code == 404
    browser = client_of(people["rep"])
    assert browser.post(address, {"words": " "}).status_code == 400
    assert browser.post(address, {"words": "<script>I tried</script>"}).status_code == 302
    shown = client_of(people["manager"]).get(ADDRESS.format("coaching")).content.decode()
    assert "&lt;script&gt;I tried&lt;/script&gt;" in shown


def test_observations_from_here_and_from_the_data(people: People, run: AnalysisRun) -> None:
    from headway.diagnosis.models import EvidenceRecord

    EvidenceRecord.objects.create(
        run=run, person_id="P7", given_on=TODAY, from_role="customer", kind="survey", score=3.0, text="We waited."
    )
    typed = {"seen_on": "2026-05-12", "source": "call", "text": "12% off before the buyer asked."}
    browser = client_of(people["manager"])
    assert browser.post(ADDRESS.format("observations"), typed).status_code == 302
    shown = browser.get(ADDRESS.format("observations")).content.decode()
    assert "2 observations on record" in shown
    assert "12% off before the buyer asked." in shown
    assert "customer · survey · 3 of 5 · from the data" in shown


def test_two_marks_for_each_skill(people: People, run: AnalysisRun) -> None:
    manager, rep = client_of(people["manager"]), client_of(people["rep"])
    empty = manager.post(ADDRESS.format("skills/rate"), {"behaviour-demo": "Shows all."})
    assert (empty.status_code, "Shows all." in empty.content.decode()) == (400, True)
    manager.post(ADDRESS.format("skills/rate"), {"level-demo": "2", "behaviour-demo": "Shows every feature."})
    assert "Shows every feature." not in rep.get(ADDRESS.format("skills")).content.decode()
    rep.post(ADDRESS.format("skills/rate"), {"level-demo": "4"})
    shown = rep.get(ADDRESS.format("skills")).content.decode()
    assert "You see it differently: Demo" in shown
    assert "Shows every feature." in shown
    assert "18 May, Marta Lindqvist: 2 of 5. 18 May, Jonas: 4 of 5" in shown


def test_the_outside_is_answered_on_one_page(people: People, run: AnalysisRun) -> None:
    browser = client_of(people["manager"])
    page = browser.get(ADDRESS.format("outside")).content.decode()
    assert "6 things outside have no answer yet" in page  # the data knows territory and leads
    typed = {"found-market": "clear", "text-market": "Others sell as before."}
    unsigned = browser.post(ADDRESS.format("outside"), typed)
    assert unsigned.status_code == 400
    assert "Others sell as before." in unsigned.content.decode()
    assert browser.post(ADDRESS.format("outside"), {**typed, "signed": "on"}).status_code == 302
    assert FactorAnswer.objects.get().text == "Others sell as before."
    assert client_of(people["rep"]).post(ADDRESS.format("outside"), {**typed, "signed": "on"}).status_code == 404


def test_a_chain_from_gap_to_coaching(people: People, run: AnalysisRun) -> None:
    seen = actions.note_observation(
        person_id="P7", given=ObservationGiven(TODAY, "call", "12% off.", "negotiation"), by=people["manager"]
    )
    actions.rate_competencies(person_id="P7", ratings=[RatingGiven("negotiation", 2)], by=people["manager"])
    browser = client_of(people["manager"])
    page = browser.get(ADDRESS.format("why")).content.decode()
    assert "€120,000 lost from proposal to order (likely €60,000 to €180,000)." in page
    assert "Negotiation rated 2 of 5 (manager, 18 May)." in page
    assert "1 observation about these skills." in page
    typed = {"do": "chain", "behaviour": "Gives in.", "coaching": "Role-plays.", "observations": [str(seen.pk)]}
    assert browser.post(ADDRESS.format("why"), typed).status_code == 302
    from headway.diagnosis.practice.models import PracticeLink

    link = PracticeLink.objects.get()
    assert [row.pk for row in link.observations.all()] == [seen.pk]
    rep = client_of(people["rep"])
    rep.post(f"/chains/{link.pk}/validate/", {"agrees": "yes", "version": "1"})
    browser.post(f"/chains/{link.pk}/validate/", {"agrees": "yes", "version": "1"})
    assert set(LinkValidation.objects.values_list("side", flat=True)) == {"self", "manager"}
    # Said better, it is asked anew; from an old page nothing is lost.
    better = {"behaviour": "Names 10% off before anybody asks.", "coaching": "Two role-plays a week.", "version": "1"}
    assert browser.post(f"/chains/{link.pk}/change/", better).status_code == 302
    again = browser.post(f"/chains/{link.pk}/change/", {**better, "behaviour": "Gives in too soon, I think."})
    assert again.status_code == 400
    assert "Somebody else has changed this" in again.content.decode()
    assert "Gives in too soon, I think." in again.content.decode()
    shown = rep.get(ADDRESS.format("why")).content.decode()
    assert "Names 10% off before anybody asks." in shown
    assert "Yes, that is it" in shown
    late = rep.post(f"/chains/{link.pk}/validate/", {"agrees": "no", "words": "It was once.", "version": "1"})
    assert "It was once." in late.content.decode()
    assert client_of(people["other"]).post(f"/chains/{link.pk}/end/", {"because": "x"}).status_code == 404
    decided = browser.post(ADDRESS.format("why"), {"do": "axis", "axis": "skill", "reason": ""})
    assert decided.status_code == 400
    assert browser.post(ADDRESS.format("why"), {"do": "axis", "axis": "skill", "reason": "Calls."}).status_code == 302


def test_the_gate_leads_on_or_to_the_calm_way(people: People, run: AnalysisRun) -> None:
    browser = client_of(people["manager"])
    page = browser.get(ADDRESS.format("before-a-plan")).content.decode()
    assert "2 things come before a formal plan for Jonas" in page
    assert "Something in the list is missing." in page
    assert "Write a coaching talk down" in page
    for ago in (20, 10, 1):
        given = SessionGiven(held_on=TODAY - timedelta(days=ago), notes="x")
        actions.note_coaching(person_id="P7", given=given, by=people["manager"])
    from headway.diagnosis.practice.factors import FACTORS

    answers = [FactorGiven(key, "clear", "Looked at.") for key in FACTORS]
    actions.answer_factors(person_id="P7", answers=answers, signed=True, by=people["manager"])
    page = browser.get(ADDRESS.format("before-a-plan")).content.decode()
    assert "A formal plan may be the right step for Jonas" in page
    assert 'value="formal"' in page


def test_hr_is_asked_and_answers_on_the_page(people: People, run: AnalysisRun) -> None:
    manager, hr, address = client_of(people["manager"]), client_of(people["hr"]), ADDRESS.format("before-a-plan")
    assert manager.post(address, {"do": "ask", "item": "coaching", "ask-reason": "Nobody wrote."}).status_code == 302
    assert "Nobody wrote." in hr.get(address).content.decode()
    assert manager.post(address, {"do": "except", "item": "coaching", "except-reason": "x"}).status_code in {403, 404}
    assert not GateException.objects.exists()
    assert hr.post(address, {"do": "except", "item": "coaching", "except-reason": "Seen it."}).status_code == 302
    shown = manager.get(address).content.decode()
    assert "Seen it." in shown
    assert "Lifted by Hanne Dijkstra until 17 July." in shown
    manager.post(address, {"do": "ask", "item": "outside", "ask-reason": "No time."})
    hr.post(address, {"do": "decline", "item": "outside", "decline-reason": "Takes ten minutes."})
    assert "Takes ten minutes." in manager.get(address).content.decode()


def test_the_rep_reads_the_recorded_reason(people: People, run: AnalysisRun) -> None:
    rep = client_of(people["rep"])
    assert "Before a plan" not in rep.get(ADDRESS.format("coaching")).content.decode()
    actions.record_reason(person_id="P7", text="Two customers left over missed dates.", by=people["manager"])
    assert "Before a plan" in rep.get(ADDRESS.format("coaching")).content.decode()
    assert "Two customers left over missed dates." in rep.get(ADDRESS.format("before-a-plan")).content.decode()
    assert FormalReason.objects.get().tier == "formal"


@pytest.mark.parametrize("who", ["manager", "leader", "rep", "other"])
def test_protected_events_have_no_page_for_others(people: People, who: str) -> None:
    browser = client_of(people[who])
    typed = {"person_id": "P7", "kind": "complaint", "happened_on": "2026-05-11"}
    assert browser.get("/protected/").status_code == browser.post("/protected/", typed).status_code == 404
    assert not ProtectedEvent.objects.exists()


def test_not_a_byte_of_a_page_tells_of_a_protected_event(people: People, case: ExceptionRequest) -> None:
    def page_of(who: str, page: str) -> str:
        return client_of(people[who]).get(ADDRESS.format(page)).content.decode().split("<main", 1)[1]

    watched = [(who, page) for who in ("manager", "rep", "leader") for page in PAGES]
    before = {pair: _without_tokens(page_of(*pair)) for pair in watched}
    typed = {"person_id": "P7", "kind": "complaint", "happened_on": "2026-05-11", "note": "About overtime."}
    hr: Client = client_of(people["hr"])
    assert hr.post("/protected/", typed).status_code == 302
    assert "About overtime." in hr.get("/protected/").content.decode()
    assert "seen by HR alone" in hr.get(ADDRESS.format("before-a-plan")).content.decode()
    for pair in watched:
        assert _without_tokens(page_of(*pair)) == before[pair], pair


def _without_tokens(page: str) -> str:
    import re

    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)


def test_a_link_that_nobody_may_see_is_not_there(people: People, run: AnalysisRun) -> None:
    given = LinkGiven("Gives in.", "Role-plays.")
    link = actions.make_link(person_id="P7", gap_key="g", gap_sentence="Gap.", given=given, by=people["manager"])
    for who in ("colleague", "other", "hr"):
        answer = client_of(people[who]).post(f"/chains/{link.pk}/validate/", {"agrees": "yes", "version": "1"})
        assert answer.status_code == 404
