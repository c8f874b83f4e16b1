"""Pure decisions of this room."""

from __future__ import annotations

from collections.abc import Sequence

from headway.plans.evidence import Gap, GapLine

# Ranges that reach the plan as evidence say "support" or "formal" only where chance has been ruled out.
BEYOND_CHANCE = frozenset({"support", "formal"})


def is_certain(tier: str) -> bool:
    """Whether the finding goes beyond what ordinary luck explains."""
    return tier in BEYOND_CHANCE


# What a part has to take away, as a share of what was expected, to be worth working on, or a sentence.
WORTH_WORK, WORTH_WORDS = 0.03, 0.02


def largest_controllable(gap: Gap) -> GapLine | None:
    """The part in the person's own hands that takes away most; one that is clear before one that may be chance.
    None where none takes away 3 % of the expected: nobody is asked to work on a trifle, however sure it is."""
    worth = WORTH_WORK * abs(gap.expected)
    own = [line for line in gap.lines if line.controllable and line.amount <= -worth and line.amount < 0]
    clear = [line for line in own if line.clear]
    return min(clear or own, key=lambda line: line.amount, default=None)


def outside_hands(gap: Gap) -> tuple[GapLine, ...]:
    """The parts that take away, that the person cannot change, and that are worth a sentence (2 % of the expected)."""
    worth = WORTH_WORDS * abs(gap.expected)
    return tuple(line for line in gap.lines if not line.controllable and line.amount <= -worth)


def rest_of_hundred(weights: Sequence[int]) -> tuple[int, ...]:
    """Weights scaled to add up to exactly 100, largest remainders first. Empty stays empty."""
    total = sum(weights)
    if total <= 0:
        return tuple(0 for _ in weights)
    exact = [weight * 100 / total for weight in weights]
    floors = [int(value) for value in exact]
    order = sorted(range(len(exact)), key=lambda i: exact[i] - floors[i], reverse=True)
    for i in order[: 100 - sum(floors)]:
        floors[i] += 1
    return tuple(floors)
