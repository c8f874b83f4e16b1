"""The letter that tells how a plan ended: its numbers are the verdict's, its words those of the plan's language."""

from __future__ import annotations

import re

import pytest

from headway.core.actors import SYSTEM
from headway.core.templates import company_folder
from headway.documents.letter import Format
from headway.outcomes import actions
from headway.outcomes.judged import Answer, NotEvaluable, Verdict
from headway.outcomes.letter import outcome_file
from headway.outcomes.sentences import refused
from headway.outcomes.states import Outcome
from headway.plans.content import load
from headway.plans.models import Plan
from tests.outcomes.conftest import LAST_DAY, People, confirmed, proposed
from tests.outcomes.looks import a_verdict
from tests.plans import stories

PLACEHOLDER = re.compile(r"\{[a-z_]+\}")


@pytest.fixture(params=["en", "de"])
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(stories, "LANGUAGE", request.param)
    return str(request.param)


@pytest.fixture
def own(language: str, plan: Plan) -> Plan:
    """A running plan in the language."""
    return plan


def keep(plan: Plan, found: Verdict | NotEvaluable) -> None:
    documents = {plan.pk: found.as_json()}
    actions.keep_verdicts(documents=documents, as_of=LAST_DAY, facts_version=1, by=SYSTEM)


def text_of(plan: Plan) -> str:
    return outcome_file(plan, plan.evaluations.latest(), Format.MARKDOWN).decode()


SAID = {
    "en": (
        "ended: partly met",
        "Goals met: 0 of",
        "Jonas really improved in 13 weeks",
        "took 40 steps forward where comparable colleagues’ would have taken 50: 80%. Since then 30, where 28",
        "a change of +34%; from luck alone +10%",
        "is 86 in 100",
        "+22%, likely between +2% and +45%",
        "with 24 colleagues",
        "Decided",
    ),
    "de": (
        "endete: teilweise erreicht",
        "Erreichte Ziele: 0 von",
        "Jonas hat sich in 13 Wochen wirklich verbessert",
        "40 Schritte vorangekommen, wo bei vergleichbaren Kolleginnen und Kollegen 50 üblich waren: 80 %.",
        "eine Veränderung von +34 %; durch Glück allein waren +10 % zu erwarten",
        "ist 86 von 100",
        "+22 %, wahrscheinlich zwischen +2 % und +45 %",
        "mit 24 Kolleginnen",
        "Entschieden",
    ),
}


def test_the_numbers_are_those_of_the_verdict(own: Plan, people: People, language: str) -> None:
    keep(own, a_verdict())
    confirmed(own, people)
    text = text_of(own).replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert [words for words in SAID[language] if words not in text] == []


def test_no_english_heading_stands_in_a_german_letter(own: Plan, people: People, language: str) -> None:
    keep(own, a_verdict(verdict=Answer.INCONCLUSIVE))
    proposed(own, people, Outcome.EXTENDED, extended_to=LAST_DAY.replace(month=11, day=27))
    tables = load("en").tables
    english = {words for section in ("outcome", "letter") for words in tables[section].values()}
    text = text_of(own)
    lines = {line.strip("#|*_ ") for line in text.splitlines()}
    cells = {cell.strip("* ") for line in text.splitlines() if line.startswith("|") for cell in line.split("|")}
    left = {words for words in english & (lines | cells) if not PLACEHOLDER.search(words)} - {""}
    assert bool(left) == (language == "en"), left
    assert ("It goes on until 27 November 2026" in text) == (language == "en")
    assert ("bis zum 27. November 2026 weiter" in text) == (language == "de")
    assert (re.search(r"\d%|€\d", text) is None) == (language == "de")


@pytest.mark.parametrize("code", ["unknown", "no_conversion", "no_comparison", "too_soon", "no_past", "too_few"])
def test_a_gain_that_cannot_be_judged_says_why(own: Plan, people: People, language: str, code: str) -> None:
    keep(own, refused("P7", "Jonas", own.start_on, LAST_DAY, code))
    proposed(own, people)
    assert load(language).fill(f"outcome.refused_{code}", name="Jonas") in text_of(own)


@pytest.mark.parametrize("section", ["outcome", "guide"])
def test_every_word_has_its_german(section: str) -> None:
    english, german = load("en").tables[section], load("de").tables[section]
    assert german.keys() == english.keys()
    assert {key for key, words in english.items() if german[key] == words} <= {"expect_goal", "gives_promise"}
    for key, words in german.items():
        assert set(PLACEHOLDER.findall(words)) == set(PLACEHOLDER.findall(english[key])), key


def test_the_company_may_say_it_in_its_own_words(
    own: Plan, people: People, language: str, tmp_path, monkeypatch
) -> None:
    monkeypatch.setenv("HEADWAY_HOME", str(tmp_path))
    folder = company_folder()
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"plan.{language}.toml"
    file.write_text('[outcome]\nappeal = "Call us within ten days."\n', encoding="utf-8")
    proposed(own, people)
    assert "Call us within ten days." in text_of(own)
