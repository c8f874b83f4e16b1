"""Words that are kept: each language by itself, and anew when the translations themselves change."""

from __future__ import annotations

from django.utils.translation import override

from headway.web.kept_words import forget_words, kept_per_language
from headway.web.text import grouped


def test_each_language_has_its_own_and_all_can_be_forgotten() -> None:
    made: list[int] = []

    @kept_per_language(10)
    def words(n: int) -> str:
        made.append(n)
        return f"{n} words"

    with override("en-gb"):
        assert words(1) == words(1) == "1 words"
    assert made == [1]
    with override("de"):
        words(1)
    assert made == [1, 1]
    forget_words()
    with override("de"):
        words(1)
    assert made == [1, 1, 1]


def test_numbers_are_those_of_the_language_and_zero_has_no_sign() -> None:
    with override("en-gb"):
        assert grouped(1234.5, 1) == "1,234.5"
        assert grouped(-0.0) == grouped(0.0) == "0"
    with override("de"):
        assert grouped(1234.5, 1) == "1.234,5"
