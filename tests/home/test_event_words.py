"""The record speaks in words: every event of the code has its own."""

import re
from pathlib import Path

from headway.home.event_words import EVENT_WORDS, event_words

SOURCE = Path(__file__).resolve().parents[2] / "src" / "headway"


def test_every_event_has_plain_words() -> None:
    found = {e for path in SOURCE.rglob("*.py") for e in re.findall(r'event="([a-z_]+\.[a-z_]+)"', path.read_text())}
    assert len(found) > 50
    assert sorted(found - set(EVENT_WORDS)) == [], "give these plain words in home/event_words.py"


def test_an_unknown_event_is_made_readable() -> None:
    assert event_words("plan.not_yet_known") == "Plan: not yet known"
