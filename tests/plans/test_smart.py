"""The SMART check: what it refuses, and the tricky sentences that it must let through."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from headway.core.language import vocabulary
from headway.plans.asking import question_of
from headway.plans.evidence import Unit
from headway.plans.smart import Letter, Mark, Question, SmartCheck, check, has_several_goals
from headway.plans.smart_sentences import better_wording, lines
from tests.plans.jonas import jonas_plan, words

WORDS = vocabulary("en")
START, LAST = date(2026, 6, 1), date(2026, 8, 28)


def question(text: str, **changes: object) -> Question:
    base = Question(
        text=text,
        kind="skill",
        metric_key="proposal_to_won",
        metric_name="Proposals won",
        unit=Unit.SHARE,
        baseline=0.32,
        target=0.43,
        start=START,
        by=LAST,
        plan_start=START,
        plan_last_day=LAST,
        gap_key="proposal_to_won",
        recorded_gaps=("proposal_to_won", "deal_size"),
        cycle_days=58,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def ask(text: str, **changes: object) -> SmartCheck:
    return check(question(text, **changes), vocabulary=WORDS)


def revenue(text: str, **changes: object) -> SmartCheck:
    values: dict[str, object] = {
        "kind": "revenue", "metric_key": "revenue", "metric_name": "Revenue", "unit": Unit.MONEY,
        "baseline": 70_000, "target": 150_000, "chance": 0.81,
    }  # fmt: skip
    return ask(text, **{**values, **changes})


GOOD = "Raise proposals won from 32% to 43% by 28 August."


def test_a_good_goal_passes_all_five() -> None:
    found = ask(GOOD, chance=0.84)
    assert [c.mark for c in found.letters] == [Mark.OK] * 5
    assert better_wording(found, question(GOOD)) is None


@pytest.mark.parametrize(
    ("text", "letter", "code"),
    [
        ("", Letter.SPECIFIC, "empty"),
        ("?", Letter.SPECIFIC, "empty"),
        ("Improve your attitude", Letter.SPECIFIC, "judging"),
        ("Improve your attitude", Letter.MEASURABLE, "no_number"),
        ("Close more deals", Letter.SPECIFIC, "vague"),
        ("Close more deals", Letter.MEASURABLE, "no_number"),
        ("Close 43% more deals soon", Letter.SPECIFIC, "vague"),
        ("Be more proactive with customers", Letter.SPECIFIC, "vague"),
        ("Try to win 43% of proposals", Letter.SPECIFIC, "vague"),
        ("Respond as soon as possible to 43% of customers", Letter.SPECIFIC, "vague"),
        ("Stop being lazy and win 43% of proposals", Letter.SPECIFIC, "judging"),
        ("Win 43% of proposals although you are too old for this", Letter.SPECIFIC, "biased"),
        ("Win 43% of proposals and book 12 demos by 28 August.", Letter.SPECIFIC, "several"),
        ("Win 43% of proposals; raise deal size to €30,000.", Letter.SPECIFIC, "several"),
        ("Make 40 calls and 5 meetings a week.", Letter.SPECIFIC, "several"),
        ("x" * 30 + " wins " + "word " * 100 + "43%", Letter.SPECIFIC, "too_long"),
        ("Raise proposals won by 28 August.", Letter.MEASURABLE, "no_number"),
        ("Raise proposals won from 32% to 60% by 28 August.", Letter.MEASURABLE, "number_differs"),
        ("Raise proposals won from 32% to 43% by 15 July.", Letter.TIME_BOUND, "date_differs"),
    ],
)
def test_the_words_are_refused_with_a_reason(text: str, letter: Letter, code: str) -> None:
    assert ask(text).of(letter).code == code


@pytest.mark.parametrize(
    ("changes", "letter", "code"),
    [
        ({"metric_key": None}, Letter.MEASURABLE, "no_metric"),
        ({"target": None}, Letter.MEASURABLE, "no_target"),
        ({"target": 0.20}, Letter.ACHIEVABLE, "below_baseline"),
        ({"target": 1.2}, Letter.ACHIEVABLE, "impossible"),
        ({"chance": 0.31}, Letter.ACHIEVABLE, "unlikely"),
        ({"gap_key": "lead_to_qualified"}, Letter.RELEVANT, "not_tied"),
        ({"gap_key": ""}, Letter.RELEVANT, "not_tied"),
        ({"by": None}, Letter.TIME_BOUND, "no_date"),
        ({"by": date(2026, 5, 1)}, Letter.TIME_BOUND, "ends_before_start"),
        ({"by": date(2026, 9, 30)}, Letter.TIME_BOUND, "after_plan"),
    ],
)
def test_what_a_goal_is_bound_to_is_checked(changes: dict[str, object], letter: Letter, code: str) -> None:
    found = ask(GOOD, **changes).of(letter)
    assert (found.code, found.mark) == (code, Mark.PROBLEM)


def test_lower_is_better_turns_the_baseline_round() -> None:
    days = {"unit": Unit.DAYS, "metric_key": "sales_cycle", "baseline": 58.0, "higher_is_better": False}
    better = ask("Bring the sales cycle to 50 days by 28 August.", target=50.0, **days)
    assert better.of(Letter.ACHIEVABLE).mark is Mark.OK
    worse = ask("Bring the sales cycle to 70 days by 28 August.", target=70.0, **days)
    assert worse.of(Letter.ACHIEVABLE).code == "below_baseline"


def test_a_thirty_day_revenue_goal_on_a_ninety_day_cycle_is_refused() -> None:
    found = revenue("Win €150,000 by 30 June.", by=date(2026, 6, 30), plan_last_day=date(2026, 6, 30), cycle_days=90)
    assert found.of(Letter.ACHIEVABLE).code == "too_short"
    assert found.of(Letter.ACHIEVABLE).values == {"days": 30, "cycle": 90, "needed": 135}


def test_ninety_days_fit_a_cycle_of_fifty_eight() -> None:
    assert revenue("Win €150,000 of new business between 1 June and 28 August.").passed


@pytest.mark.parametrize("written", ["€150,000", "€150k", "EUR 150,000", "150,000 €", "€150 000", "€150.000", "€0.15m"])
def test_an_amount_is_read_however_people_write_it(written: str) -> None:
    assert revenue(f"Win {written} of new business by 28 August.").of(Letter.MEASURABLE).mark is Mark.OK


@pytest.mark.parametrize(
    "text",
    [
        "Answer customers with an open proposal within two working days, at least 43% of the time.",
        "Improve proposals won from 32% to 43% by 28 August.",
        "Win 43% or more of proposals between 1 June and 28 August.",
        "Win more than 43% of proposals, each with a decision maker and a budget, by 28 August.",
        "Send a first offer as soon as the customer agrees, in at least 43% of deals.",
        "Reach 43% of proposals won in the healthcare segment by 28 August.",
        "Win 43% of proposals for the new product family by 28 August.",
        "Win 43% of proposals older than 30 days by 28 August.",
        "Win 43% of proposals to mature markets and young companies by 28 August.",
        "Raise the average share won at the proposal stage to 43% by 28 August.",
    ],
)
def test_sound_sentences_are_let_through(text: str) -> None:
    found = ask(text)
    assert not found.problems, [(c.letter, c.code, dict(c.values)) for c in found.problems]


@pytest.mark.parametrize(
    ("text", "several"),
    [
        ("Win €150,000 and raise the win rate to 40%.", True),
        ("Make 40 calls a week. Book 5 meetings a week.", True),
        ("Call 20 customers a week; write a plan", True),
        ("Win €150,000 of new business between 1 June and 28 August.", False),
        ("Raise it from 32% to 43% and keep the notes up to date", False),
        ("Score 3.5 of 5 or more for negotiation in the last two of six scored role-plays.", False),
        ("Reach 4.3 of 5 in the survey after proposals, with at least 8 replies.", False),
        ("Make between 40 and 50 calls a week.", False),
        ("Attend the training on 16 and 23 June.", False),
        ("Ask for the problem, the people and the steps in 9 of 10 first meetings.", False),
        ("Sell to research and development teams: 12 deals.", False),
    ],
)
def test_several_goals_in_one_are_found_and_lists_are_not(text: str, several: bool) -> None:
    assert has_several_goals(text) is several


def test_every_letter_has_a_sentence_and_problems_a_wording() -> None:
    asked = question("Improve your attitude")
    found = check(asked, vocabulary=WORDS)
    said = {line.letter: line.sentence for line in lines(found, asked)}
    judged = "“attitude” judges a person and nobody can measure it. Name what a customer would notice."
    assert said[Letter.SPECIFIC] == judged
    assert better_wording(found, asked) == "Raise “proposals won” from 32% to 43% by 28 August."


def test_the_better_wording_passes_the_check_itself() -> None:
    for text in ("Improve your attitude", "Close more deals", ""):
        asked = question(text)
        better = better_wording(check(asked, vocabulary=WORDS), asked)
        assert better is not None
        assert check(replace(asked, text=better), vocabulary=WORDS).passed


def test_what_was_never_counted_is_open_and_no_mistake() -> None:
    found = ask("Win at least 43% of proposals by 28 August.", baseline=None)
    assert found.of(Letter.ACHIEVABLE).mark is Mark.OPEN
    assert found.passed


def test_the_drafted_goals_pass_their_own_check() -> None:
    plan = jonas_plan()
    assert len(plan.goals) == 4
    for goal in plan.goals:
        found = check(question_of(plan, goal, words()), vocabulary=WORDS)
        assert found.passed, (goal.text, [(c.letter, c.code, dict(c.values)) for c in found.problems])
