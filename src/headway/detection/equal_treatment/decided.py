"""What was decided about people, for the tests of equal treatment. Apart, so that starting reads no statistics."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Decided:
    """One thing decided about people: who could be hit, and who was. key: flags, plans, outcomes …"""

    key: str
    label: str
    hit: frozenset[str]
    of: frozenset[str]
