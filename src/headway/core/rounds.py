"""What is done once a day, by the company's day. Rooms register their rounds; the worker makes them."""

from __future__ import annotations

from collections.abc import Callable

from headway.core import clock
from headway.core.models import DailyRound

_ROUNDS: dict[str, Callable[[], object]] = {}


def every_day(name: str, round_: Callable[[], object]) -> None:
    """Make this round once a day. It must be harmless to make it again: whoever is killed in it makes it again."""
    _ROUNDS[name] = round_


def make_rounds() -> list[str]:
    """Make the rounds that were not made today. Returns their names."""
    day, made = clock.today(), []
    before = set(DailyRound.objects.filter(day=day).values_list("name", flat=True))
    for name, round_ in _ROUNDS.items():
        if name in before:
            continue
        round_()
        DailyRound.objects.get_or_create(name=name, day=day)
        made.append(name)
    return made
