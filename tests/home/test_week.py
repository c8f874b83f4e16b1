from __future__ import annotations

from datetime import date

import pytest

from headway.detection.signal import ComparisonGroup, Finding, Index, NotEvaluable, Signal, Tier
from headway.home.findings import tenure, verdict
from headway.home.week import PersonRow, row_of, week_of
from headway.people.models import Person

AS_OF = date(2026, 5, 17)
GROUP = ComparisonGroup("mid-market", 23, 0.8, 1.22, date(2025, 12, 1), AS_OF, ("territory",))


def signal(person_id: str, finding: Finding, *, since: date | None = None, quota: float | None = None) -> Signal:
    return Signal(
        person_id=person_id, as_of=AS_OF, index=Index(0.55, 0.44, 0.68, 0.5, 0.6), p_under=0.97, p_fine=0.01,
        reliability=0.76, tier=Tier.SUPPORT, finding=finding, since=since, sentences=("One.", "Two.", "Three."),
        comparison=GROUP, what_would_clear="", stages=(), history=(), quota_attainment=quota,
        territory_potential=None, policy_version="1",
    )  # fmt: skip


def row(name: str, finding: Finding, **more: object) -> PersonRow:
    person = Person(person_id=name, name=name, team="North", hired_on=date(2023, 5, 1))
    return row_of(person, signal(name, finding, **more))  # type: ignore[arg-type]


def test_people_are_grouped_by_need_and_ordered_by_date_and_name_never_by_size() -> None:
    week = week_of([row("Zoe Z", Finding.REAL_DROP), row("Amy A", Finding.EARLY_SIGN), row("Bob B", Finding.STEADY)])
    assert [r.name for r in week.needs] == ["Amy A", "Zoe Z"]
    assert [r.name for r in week.calm] == ["Bob B"]
    assert week.headline == "Two people need you this week"


def test_the_lead_names_those_who_missed_a_quota_without_need_for_a_talk() -> None:
    week = week_of([
        row("Jonas W", Finding.REAL_DROP),
        row("Amira H", Finding.LUCK, quota=0.48),
        row("Nils O", Finding.OUT_OF_REACH, quota=0.5),
        row("Mateusz K", Finding.TERRITORY, quota=0.58),
        row("Clara N", Finding.STEADY, quota=0.7),
    ])  # fmt: skip
    assert week.headline == "One person needs you this week"
    assert week.lead.startswith("The other four don’t. Three of them missed their quota:")
    assert "Amira by bad luck so far" in week.lead
    assert "Mateusz because of the territory" in week.lead
    assert "Nils because the leads were not enough for it" in week.lead
    assert "Clara" not in week.lead


def test_nobody_in_need_is_a_finding_too() -> None:
    week = week_of([row("Bob B", Finding.STEADY)])
    assert week.headline == "Nobody needs you this week"
    assert week_of([]).lead == ""


def test_a_person_without_an_estimate_gets_the_reason_and_no_mark() -> None:
    entry = NotEvaluable("S", AS_OF, "few_deals", "Two deals closed since she is back.", "About nine more are needed.")
    shown = row_of(Person(person_id="S", name="Sofie Janssen"), entry)
    assert shown.verdict.words == "Not enough data"
    assert shown.picture.estimate is None
    assert shown.sentences == ("Two deals closed since she is back.", "About nine more are needed.")
    assert not shown.needs_somebody


@pytest.mark.parametrize(
    ("finding", "words"),
    [
        (Finding.REAL_DROP, "Real drop since 3 March"),
        (Finding.EARLY_SIGN, "Early sign since 3 March"),
        (Finding.LUCK, "Bad luck so far"),
        (Finding.OUT_OF_REACH, "Quota out of reach"),
        (Finding.TERRITORY, "Territory first"),
    ],
)
def test_verdicts_speak_plainly(finding: Finding, words: str) -> None:
    assert verdict(signal("x", finding, since=date(2026, 3, 3))).words == words


def test_a_date_of_another_year_says_so() -> None:
    assert verdict(signal("x", Finding.REAL_DROP, since=date(2025, 11, 3))).words == "Real drop since 3 November 2025"


@pytest.mark.parametrize(
    ("hired", "words"),
    [
        (date(2026, 5, 4), "first month"),
        (date(2026, 4, 10), "1 month"),
        (date(2026, 1, 12), "4 months"),
        (date(2023, 5, 17), "3 years"),
        (date(2023, 5, 18), "2 years"),
        (None, ""),
        (date(2027, 1, 1), ""),
    ],
)
def test_time_in_role(hired: date | None, words: str) -> None:
    assert tenure(hired, today=AS_OF) == words


@pytest.mark.parametrize("finding", list(Finding))
def test_every_finding_has_words_and_a_mark(finding: Finding) -> None:
    assert verdict(signal("x", finding)).words
