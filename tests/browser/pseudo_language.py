"""`headway` in a made-up language: each translated text is marked ⟦so⟧, with accents and a third longer.

What appears on a page without the marks was forgotten; what is cut off has no room for German.
"""

from __future__ import annotations

import re
import sys
from typing import Any

OPEN, CLOSE = "⟦", "⟧"
_ACCENTS = str.maketrans("aeiouAEIOUcn", "àéîöûÀÉÎÖÛçñ")
_KEEP = re.compile(r"(%\([a-z_0-9]+\)[a-z]|%[a-z%]|<[^>]*>|&[a-z]+;|\{[^}]*\})")


# Whether the made-up language is spoken just now.
SPEAKING = [True]


def pseudo(text: str) -> str:
    """The text in the made-up language; placeholders stay as they are."""
    if not text.strip() or not re.search(r"[A-Za-z]{2}", text):
        return text
    parts = [part if _KEEP.fullmatch(part) else part.translate(_ACCENTS) for part in _KEEP.split(text)]
    return f"{OPEN}{''.join(parts)}{_longer(len(text) // 3)}{CLOSE}"


def _longer(by: int) -> str:
    """So many signs more, in words of at most twelve: long ones exist, endless ones do not."""
    return " ".join("~" * min(12, by - start) for start in range(0, by, 12))


def switch_on() -> None:
    """From now on every translation of this process is in the made-up language."""
    from django.utils import formats
    from django.utils.translation import _trans

    plain = {name: getattr(_trans, name) for name in ("gettext", "ngettext", "pgettext", "npgettext")}
    formats_and_months = re.compile(r"^[A-Za-z ,.:]{1,9}$")

    def is_format(text: str) -> bool:
        # Formats of dates and numbers are looked up like texts; they must stay formats.
        return (
            text.isupper()
            or (text in {"j M", "j F", "j M Y", "j F Y"})
            or bool(formats_and_months.match(text) and text in formats.FORMAT_SETTINGS)
        )

    def marked(text: str) -> str:
        return pseudo(text) if SPEAKING[0] else text

    _trans.gettext = lambda text: text if is_format(text) else marked(plain["gettext"](text))
    _trans.ngettext = lambda one, many, n: marked(plain["ngettext"](one, many, n))
    _trans.pgettext = lambda context, text: marked(plain["pgettext"](context, text))
    _trans.npgettext = lambda context, one, many, n: marked(plain["npgettext"](context, one, many, n))


def tell_stories_in_plain_words() -> None:
    """What people of the demo company wrote stands in their language: a goal in marked letters would not be understood
    by its own checks."""
    from headway.demo import start
    from headway.web.kept_words import forget_words

    told = start.tell_stories

    def tell(**words: Any) -> None:
        SPEAKING[0] = False
        forget_words()
        try:
            told(**words)
        finally:
            SPEAKING[0] = True
            forget_words()

    start.tell_stories = tell


if __name__ == "__main__":
    import os

    os.environ["DJANGO_SETTINGS_MODULE"] = "headway.config.settings"
    import django

    django.setup()
    switch_on()
    tell_stories_in_plain_words()
    from headway.cli.main import build

    build()(sys.argv[1:], standalone_mode=True)
