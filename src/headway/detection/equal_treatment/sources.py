"""Where decisions about people come from. Rooms further on register theirs; this room brings the signals."""

from collections.abc import Callable
from datetime import date

from headway.detection.equal_treatment.impact import Decided

# Tells, as of a day, who could be hit by a decision and who was. None: the room has decided nothing yet.
Source = Callable[[date, frozenset[str]], Decided | None]
_SOURCES: dict[str, Source] = {}


def register(key: str, source: Source) -> None:
    """Add a kind of decision: `register("plans", people_with_plans)`. Registering again replaces it."""
    _SOURCES[key] = source


def decided_elsewhere(as_of: date, active: frozenset[str]) -> list[Decided]:
    """What the rooms further on have decided about the people active on a day."""
    found = (source(as_of, active) for source in _SOURCES.values())
    return [decided for decided in found if decided is not None]
