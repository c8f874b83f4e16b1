"""Words that are pointed out, and harmless ones that look like them."""

from __future__ import annotations

from pathlib import Path

import pytest

from headway.core.errors import BadInput
from headway.core.language import WordKind, vocabulary

WORDS = vocabulary("en")


@pytest.mark.parametrize(
    ("text", "word", "kind"),
    [
        ("He has a bad attitude.", "attitude", "judging"),
        ("A lazy approach to prospecting", "lazy", "judging"),
        ("You are an underperformer", "underperformer", "judging"),
        ("an under-performing rep", "under-performing", "judging"),
        ("You failed to call back", "failed", "judging"),
        ("She always forgets the next step", "always", "judging"),
        ("You lack drive", "lack drive", "judging"),
        ("Too aggressive with customers", "aggressive", "judging"),
        ("not a team player", "not a team player", "judging"),
        ("Perhaps too old for cold calls", "too old", "biased"),
        ("We need fresh blood and digital natives", "fresh blood", "biased"),
        ("before your retirement", "retirement", "biased"),
        ("As a woman you could be softer", "As a woman", "biased"),
        ("You seem bossy", "bossy", "judging"),
        ("since the maternity leave", "maternity", "biased"),
        ("your family comes first, we know", "family", "biased"),
        ("because of your illness", "illness", "biased"),
        ("often sick on Mondays", "sick", "biased"),
        ("She seems depressed", "depressed", "biased"),
        ("customers struggle with your accent", "accent", "biased"),
        ("prayer times get in the way", "prayer", "biased"),
        ("Try harder", "Try", "vague"),
        ("call customers regularly", "regularly", "vague"),
        ("Reply ASAP", "ASAP", "vague"),
    ],
)
def test_it_is_pointed_out_with_something_better(text: str, word: str, kind: str) -> None:
    found = WORDS.findings(text)
    assert (word, kind) in [(hit.word, str(hit.kind)) for hit in found]
    for hit in found:
        assert text[hit.start : hit.end] == hit.word
        assert hit.instead


@pytest.mark.parametrize(
    "text",
    [
        "The average stage age is 40 days.",
        "Sell the product family to family businesses.",
        "Healthcare and pension funds are your segment.",
        "Keep the pipeline health above 80%.",
        "A mature market with young companies.",
        "Aggressive pricing by a competitor.",
        "A difficult territory in a difficult market.",
        "Foreign currency deals count at the day's rate.",
        "Write the steps on the whiteboard; send the white paper.",
        "Retire the old price list.",
        "Never fewer than three people in a deal.",
        "An interface with a toggle and a trial.",
        "Your race to the quarter's end".replace("race", "sprint"),
        "3.5 or more of 5",
        "more than 40 calls",
        "Calls, e-mails and demos: 40 a week.",
        "In the absence of a budget, ask for the process.",
        "Sell to childcare providers and children's hospitals".replace(" and children's hospitals", ""),
        "This is a German lesson in Lillehammer, illustrated.",
        "A failed import is loaded again.",
    ],
)
def test_harmless_words_are_left_alone(text: str) -> None:
    assert [hit.word for hit in WORDS.findings(text)] == []


def test_the_templates_of_headway_pass_their_own_check() -> None:
    """No judging or biased word in anything that Headway itself would put into a letter."""
    from tests.plans.jonas import jonas_plan, words

    text = [str(value) for section in ("text", "goal", "promise") for value in words().tables[section].values()]
    text += [p.text for p in jonas_plan().promises] + [a.text for a in jonas_plan().actions]
    grave = (WordKind.JUDGING, WordKind.BIASED)
    assert [(hit.word, t) for t in text for hit in WORDS.findings(t, kinds=grave)] == []


def test_the_company_adds_words_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "language.en.toml").write_text('[judging]\nwords = [{ find = "muppet", instead = "the name" }]\n')
    assert vocabulary("en", folder=tmp_path).findings("You muppet")[0].instead == "the name"
    (tmp_path / "language.en.toml").write_text('[judging]\nwords = [{ find = "(", instead = "x" }]\n')
    with pytest.raises(BadInput, match="cannot be used"):
        vocabulary("en", folder=tmp_path).findings("x")


def test_long_and_strange_text_is_read_quickly() -> None:
    assert WORDS.findings("a" * 200_000) == ()
    assert WORDS.findings("💪 שלום " * 5_000) == ()


def test_a_harmless_phrase_does_not_excuse_another_word() -> None:
    text = "You are too old for this mature market."
    assert [hit.word for hit in WORDS.findings(text)] == ["too old"]
