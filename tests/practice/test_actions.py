"""Every write about what people saw and did: happy, wrong role, wrong state, nothing changed on failure, on record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from headway.core.errors import BadInput, Conflict, NotAllowed, NotFound
from headway.core.models import AuditEntry
from headway.diagnosis.practice import actions
from headway.diagnosis.practice.actions import FactorGiven, LinkGiven, ObservationGiven, RatingGiven, SessionGiven
from headway.diagnosis.practice.factors import with_answers
from headway.diagnosis.practice.models import (
    CoachingSession,
    CompetencyRating,
    FactorAnswer,
    Observation,
    PracticeLink,
)
from headway.diagnosis.practice.queries import ratings_of, waits_for
from headway.metrics.models import AnalysisRun
from headway.people.models import Person, User
from tests.practice.conftest import TODAY, a_diagnosis

People = dict[str, User]
TALK = SessionGiven(held_on=TODAY, competency="negotiation", wins="Asked who signs.", agreed="Two calls by Friday.")
SEEN = ObservationGiven(seen_on=TODAY, source="call", text="12% off before the buyer asked.", competency="negotiation")
LINK = LinkGiven(behaviour="Offers a discount before being asked.", coaching="Two role-plays a week.")


def rate(by: User, **levels: int) -> None:
    actions.rate_competencies(person_id="P7", ratings=[RatingGiven(k, v) for k, v in levels.items()], by=by)


def test_a_talk_is_kept_with_its_author_and_on_record(people: People) -> None:
    row = actions.note_coaching(person_id="P7", given=TALK, by=people["manager"])
    assert (row.person_id, row.made_by_name, row.kind) == ("P7", "Marta Lindqvist", "capability")
    entry = AuditEntry.objects.get(event="coaching.noted")
    assert (entry.person_id, entry.detail["held_on"]) == ("P7", "2026-05-18")
    assert "Asked who signs" not in str(entry.detail)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (SessionGiven(held_on=TODAY), "needs words"),
        (SessionGiven(held_on=TODAY + timedelta(days=1), notes="x"), "lies in the future: 2026-05-19"),
        (SessionGiven(held_on=TODAY, notes="x", competency="charm"), "no such competency: charm. Use one of: prospec"),
        (SessionGiven(held_on=TODAY, notes="x", kind="gossip"), "not known: gossip"),
        (SessionGiven(held_on=TODAY, notes="x", minutes=0), "1 to 600: 0"),
        (SessionGiven(held_on=TODAY, notes="x" * 20_001), "too long: 20001 characters"),
    ],
)
def test_a_talk_that_cannot_be_kept_changes_nothing(people: People, given: SessionGiven, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        actions.note_coaching(person_id="P7", given=given, by=people["manager"])
    assert not CoachingSession.objects.exists()
    assert not AuditEntry.objects.filter(event="coaching.noted").exists()


Write = Callable[[User], Any]
WRITES: dict[str, Write] = {
    "talk": lambda by: actions.note_coaching(person_id="P7", given=TALK, by=by),
    "seen": lambda by: actions.note_observation(person_id="P7", given=SEEN, by=by),
    "axis": lambda by: actions.decide_axis(person_id="P7", axis="skill", reason="Calls.", by=by),
    "link": lambda by: actions.make_link(person_id="P7", gap_key="g", gap_sentence="Gap.", given=LINK, by=by),
    "reason": lambda by: actions.record_reason(person_id="P7", text="So.", by=by),
    "factors": lambda by: actions.answer_factors(
        person_id="P7", answers=[FactorGiven("market", "clear", "So.")], signed=True, by=by
    ),
    "rating": lambda by: rate(by, demo=3),
    "ask": lambda by: actions.ask_for_exception(person_id="P7", item="coaching", reason="So.", by=by),
}


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("who", ["manager", "leader", "rep", "colleague", "other", "hr"])
def test_who_may_write(people: People, run: AnalysisRun, write: str, who: str) -> None:
    if who in {"manager", "leader"} or (write, who) == ("rating", "rep"):
        WRITES[write](people[who])
        return
    with pytest.raises((NotFound, NotAllowed)):
        WRITES[write](people[who])


def test_the_persons_answer_is_kept_as_written_and_once(people: People) -> None:
    row = actions.note_coaching(person_id="P7", given=TALK, by=people["manager"])
    for who in ("manager", "colleague", "hr"):
        with pytest.raises((NotFound, NotAllowed)):
            actions.answer_coaching(session=row, words="x", by=people[who])
    words = "I see it differently: <b>they</b> asked first. 🙂"
    assert actions.answer_coaching(session=row, words=words, by=people["rep"]).answer == words
    with pytest.raises(Conflict, match="answered this already"):
        actions.answer_coaching(session=row, words="More.", by=people["rep"])
    row.refresh_from_db()
    assert row.answer == words


def test_both_sides_rate_blind_and_see_both_afterwards(people: People) -> None:
    def seen(who: str) -> set[tuple[str, int]]:
        return {(row.rater, row.level) for row in ratings_of(people[who], "P7")}

    rate(people["manager"], negotiation=2)
    assert (seen("manager"), seen("rep")) == ({("manager", 2)}, set())
    assert waits_for(people["rep"], "P7") == "self"
    rate(people["rep"], negotiation=4)
    assert seen("manager") == seen("rep") == {("manager", 2), ("self", 4)}
    assert waits_for(people["rep"], "P7") == ""
    assert set(CompetencyRating.objects.values_list("turn", flat=True)) == {1}
    rate(people["rep"], negotiation=5)  # a new turn: the manager does not see it before rating
    assert seen("manager") == {("manager", 2), ("self", 4)}
    rate(people["manager"], negotiation=3)
    assert set(CompetencyRating.objects.values_list("turn", flat=True)) == {1, 2}
    assert seen("manager") == {("manager", 2), ("self", 4), ("self", 5), ("manager", 3)}


def test_a_side_that_waits_too_long_loses_nothing(people: People) -> None:
    old = TODAY - timedelta(days=46)
    actions.rate_competencies(person_id="P7", ratings=[RatingGiven("demo", 2)], rated_on=old, by=people["manager"])
    assert [row.level for row in ratings_of(people["rep"], "P7")] == [2]
    rate(people["rep"], demo=4)
    assert set(CompetencyRating.objects.values_list("rater", "turn")) == {("manager", 1), ("self", 2)}


@pytest.mark.parametrize(
    ("ratings", "says"),
    [
        ([], "Nothing was rated"),
        ([RatingGiven("demo", 6)], "1 to 5: 6"),
        ([RatingGiven("", 3)], "no such competency: none"),
        ([RatingGiven("demo", 3), RatingGiven("demo", 4)], "rated twice: demo"),
    ],
)
def test_ratings_that_cannot_be_kept(people: People, ratings: list[RatingGiven], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        actions.rate_competencies(person_id="P7", ratings=ratings, by=people["manager"])
    assert not CompetencyRating.objects.exists()


def test_answers_about_the_outside_are_signed_or_not_kept(people: People, run: AnalysisRun) -> None:
    answers = [FactorGiven("market", "holds_back", "Two tenders were stopped.", "Targets are looked at in June.")]
    with pytest.raises(BadInput, match="not signed"):
        actions.answer_factors(person_id="P7", answers=answers, signed=False, by=people["manager"])
    bad = [*answers, FactorGiven("weather", "clear", "Sunny.")]
    with pytest.raises(BadInput, match="no such factor: weather"):
        actions.answer_factors(person_id="P7", answers=bad, signed=True, by=people["manager"])
    assert not FactorAnswer.objects.exists()
    actions.answer_factors(person_id="P7", answers=answers, signed=True, by=people["manager"])
    assert AuditEntry.objects.get(event="factors.answered").detail["signed"] == "Marta Lindqvist"
    found = with_answers(a_diagnosis(), Person.objects.get(pk="P7"), as_of=TODAY, run=run)
    market = next(factor for factor in found.external if factor.key == "market")
    assert market.state == "ok"
    assert market.sentence == (
        "Two tenders were stopped. What is done: Targets are looked at in June. (Marta Lindqvist, 18 May)"
    )


def test_the_decision_stands_beside_what_was_suggested(people: People, run: AnalysisRun) -> None:
    row = actions.decide_axis(person_id="P7", axis="skill", reason="Recorded calls.", by=people["manager"])
    assert row.suggested == {"skill": 0.84, "effort": 0.05, "cannot_tell": 0.11}
    with pytest.raises(BadInput, match="not known: lazy"):
        actions.decide_axis(person_id="P7", axis="lazy", reason="So.", by=people["manager"])


def chain(people: People) -> PracticeLink:
    seen = actions.note_observation(person_id="P7", given=SEEN, by=people["manager"])
    given = LinkGiven(LINK.behaviour, LINK.coaching, "negotiation", date(2026, 6, 15), (seen.pk,))
    return actions.make_link(
        person_id="P7", gap_key="proposal_to_won", gap_sentence="€120,000 lost.", given=given, by=people["manager"]
    )


def test_a_chain_is_validated_by_both_sides(people: People) -> None:
    link = chain(people)
    actions.validate_link(link=link, agrees=True, words="", seen_version=1, by=people["manager"])
    with pytest.raises(BadInput, match="What is different is empty"):
        actions.validate_link(link=link, agrees=False, words=" ", seen_version=1, by=people["rep"])
    said = actions.validate_link(link=link, agrees=False, words="They did ask.", seen_version=1, by=people["rep"])
    assert (said.side, said.words) == ("self", "They did ask.")
    actions.change_link(
        link=link, behaviour="Gives in early.", coaching=LINK.coaching, seen_version=1, by=people["manager"]
    )
    with pytest.raises(Conflict, match="Somebody else"):
        actions.validate_link(link=link, agrees=True, words="", seen_version=1, by=people["rep"])
    assert AuditEntry.objects.get(event="link.changed").detail["before"]["behaviour"] == LINK.behaviour
    actions.end_link(link=link, because="Two price talks without a discount.", by=people["manager"])
    with pytest.raises(Conflict, match="ended on"):
        actions.validate_link(link=link, agrees=True, words="", seen_version=2, by=people["rep"])


def test_a_chain_rests_on_notes_about_this_person_only(people: People) -> None:
    other = actions.note_observation(person_id="P8", given=SEEN, by=people["manager"])
    given = LinkGiven(LINK.behaviour, LINK.coaching, observations=(other.pk,))
    with pytest.raises(BadInput, match="not about this person"):
        actions.make_link(person_id="P7", gap_key="g", gap_sentence="Gap.", given=given, by=people["manager"])
    assert not PracticeLink.objects.exists()
    assert Observation.objects.count() == 1
