"""A plan in German is German on paper too: every heading, column and signed sentence, on each of its letters."""

from __future__ import annotations

import re

import pytest

from headway.documents.letter import Letter
from headway.documents.render import render
from headway.metrics.models import AnalysisRun
from headway.people.models import User
from headway.plans.content import load
from headway.plans.models import PaperKind, Plan
from headway.plans.papers.amendment import amendment_letter
from headway.plans.papers.freezing import letter_for
from headway.plans.papers.guide import guide_letter
from headway.plans.papers.seal import seal_of
from headway.plans.papers.warning import warning_letter
from headway.plans.signing import draft_in
from headway.plans.states import PlanState
from tests.plans import stories
from tests.plans.conftest import client_of
from tests.plans.stories import plan_in

People = dict[str, User]
PLACEHOLDER = re.compile(r"\{[a-z_]+\}")


@pytest.fixture
def german(people: People, run: AnalysisRun, monkeypatch: pytest.MonkeyPatch) -> Plan:
    """Jonas's plan, drafted in German, signed with a statement, with a change that waits."""
    monkeypatch.setattr(stories, "LANGUAGE", "de")
    plan = plan_in(PlanState.ACKNOWLEDGED_WITH_STATEMENT, people=people, run=run)
    for step in (stories.start, stories.amend):
        plan = step(plan, people)
    return plan


def letters(plan: Plan) -> dict[str, Letter]:
    signed = plan.versions.get(kind="signed")
    return {
        "plan": letter_for(signed, PaperKind.PLAN),
        "warning": warning_letter(draft_in(signed), seal_of(signed)),
        "change": amendment_letter(plan.amendments.get()),
        "guide": guide_letter(draft_in(signed), companion="Olga Petrova"),
    }


def test_every_word_of_the_letters_has_its_german(german: Plan) -> None:
    english, own = load("en").tables["letter"], load("de").tables["letter"]
    assert own.keys() == english.keys()
    same = {key for key, words in english.items() if own[key] == words}
    assert same <= {"definition", "reference_draft"}
    for key, words in own.items():
        assert set(PLACEHOLDER.findall(words)) <= {*PLACEHOLDER.findall(english[key]), "{plan}", "{name}"}, key


SAID = {
    "plan": (
        "Deine Ziele",
        "Was Alderwick dir gibt",
        "Fassung 5, erhalten",
        "Vertraulich",
        "28. Mai 2026",
        "Berücksichtigt: Segment, Herkunft der Leads.",
        "erhalten und gelesen. Meine Unterschrift heißt nicht, dass ich zustimme;",
    ),
    "warning": ("Schriftliche Abmahnung", "Deine Rechte", "Du kannst jederzeit Einspruch erheben."),
    "guide": (
        "Erstes Gespräch mit Jonas",
        "Einen Stuhl für Olga Petrova",
        "Nur für Marta Lindqvist",
        "Etwa 65 Minuten.",
        "1. Juni",
    ),
    "change": ("Eine Änderung: Erfolgsplan", "Bisher", "Ab jetzt", "schlägt diese Änderung vor"),
}


def test_no_english_heading_is_left_and_figures_are_german(german: Plan) -> None:
    tables = load("en").tables
    english = {
        words for part in ("letter", "guide") for words in tables[part].values() if not PLACEHOLDER.search(words)
    }
    for paper, letter in letters(german).items():
        text = render(letter, "md").decode()
        assert [words for words in SAID[paper] if words not in text] == []
        lines = {line.strip("#|*_ ") for line in text.splitlines()}
        cells = {cell.strip("* ") for line in text.splitlines() if line.startswith("|") for cell in line.split("|")}
        assert not (english - {"Definition"}) & (lines | cells)
        assert not re.search(r"\d%|€\d", text)
        if paper == "plan":
            assert re.search(r"\d\.\d{3}\N{NO-BREAK SPACE}€", text)


def test_the_sentence_that_is_signed_is_in_the_plans_language(people: People, run: AnalysisRun, monkeypatch) -> None:
    monkeypatch.setattr(stories, "LANGUAGE", "de")
    plan = plan_in(PlanState.PRESENTED, people=people, run=run)
    page = client_of(people["rep"]).get(f"/plans/{plan.pk}/sign/").content.decode()
    assert "Meine Unterschrift heißt nicht, dass ich zustimme." in page
