"""Words that judge are pointed out to whoever writes about somebody else: advice while typing and after keeping."""

from __future__ import annotations

import pytest

from headway.diagnosis.practice.models import CoachingSession, Observation
from headway.metrics.models import AnalysisRun
from headway.people.models import User
from headway.plans.models import Comment
from headway.plans.states import PlanState
from tests.plans.conftest import client_of
from tests.plans.stories import plan_in

People = dict[str, User]
JUDGED = "He is lazy and has a bad attitude."


def test_a_note_is_kept_as_written_and_the_writer_gets_a_thought(people: People, run: AnalysisRun) -> None:
    browser = client_of(people["manager"])
    form = {"held_on": "2026-05-14", "kind": "capability", "improvements": JUDGED}
    page = browser.post("/people/P7/coaching/", form, follow=True).content.decode()
    assert CoachingSession.objects.get().improvements == JUDGED
    assert "Kept as you wrote it. A thought on “lazy”" in page
    assert "A thought on “attitude”" in page


@pytest.mark.parametrize(("source", "advised"), [("call", True), ("customer", False)])
def test_what_others_said_is_quoted_as_they_said_it(
    people: People, run: AnalysisRun, source: str, advised: bool
) -> None:
    browser = client_of(people["manager"])
    form = {"seen_on": "2026-05-14", "source": source, "text": JUDGED}
    page = browser.post("/people/P7/observations/", form, follow=True).content.decode()
    assert Observation.objects.get().text == JUDGED
    assert ("A thought on" in page) == advised
    typed = browser.post("/advice/", form).content.decode()
    assert ("“lazy”: write" in typed) == advised


def test_comments_of_the_managers_side_are_advised_and_the_reps_never(people: People, run: AnalysisRun) -> None:
    plan = plan_in(PlanState.SHARED, people=people, run=run)
    for who, advised in (("manager", True), ("rep", False)):
        browser = client_of(people[who])
        page = browser.get(f"/plans/{plan.pk}/").content.decode()
        assert ('hx-post="/advice/"' in page) == advised
        said = browser.post(f"/plans/{plan.pk}/comments/", {"text": JUDGED}, follow=True).content.decode()
        assert ("A thought on" in said) == advised
        assert ("“lazy”: write" in browser.post("/advice/", {"text": JUDGED}).content.decode()) == advised
    assert set(Comment.objects.values_list("text", flat=True)) == {JUDGED}


def test_nothing_is_said_about_plain_words(people: People, run: AnalysisRun) -> None:
    assert (
        client_of(people["manager"]).post("/advice/", {"text": "Named the price in minute two."}).content.strip() == b""
    )
