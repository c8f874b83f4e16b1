"""A team's way through the deal: where it loses more than comparable colleagues, and whether that is one person's.

Pure. What people made of their chances is compared with what colleagues make of the same leads, segments and seasons.
A step counts as the system's where the whole team lies below beyond luck **and** most of its people do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scipy.special import betaincinv

from headway.detection.signal import StageEvidence
from headway.diagnosis import sentences as say

MOST, LEAST_PEOPLE, LEAST_EACH, LEAST_CHANCES = 0.60, 4, 5, 20


@dataclass(frozen=True)
class TeamStep:
    """One step of a team. rate: what the team made of its chances; expected: what colleagues make of the same ones;
    low, high: nine in ten around the team's rate; below: members under what was expected, of `members` with at least
    five chances. system: the gap is shared by most, so it is not one person's."""

    key: str
    passed: int
    chances: int
    rate: float
    expected: float
    low: float
    high: float
    below: int
    members: int
    system: bool
    lost: float
    sentence: str


def team_steps(stages: Mapping[str, Sequence[StageEvidence]]) -> tuple[TeamStep, ...]:
    """Every conversion that the team has enough chances in, in the order of the deal. stages: person -> rows."""
    keys = [row.key for rows in stages.values() for row in rows if "_to_" in row.key]
    found = [
        _step(key, [row for rows in stages.values() for row in rows if row.key == key]) for key in dict.fromkeys(keys)
    ]
    return tuple(step for step in found if step is not None)


def _step(key: str, rows: Sequence[StageEvidence]) -> TeamStep | None:
    chances = sum(row.n for row in rows)
    if chances < LEAST_CHANCES or len(rows) < LEAST_PEOPLE:
        return None
    passed = min(round(sum(row.observed for row in rows)), chances)
    expected = min(sum(row.expected for row in rows) / chances, 1.0)
    low, high = (float(v) for v in betaincinv(passed + 0.5, chances - passed + 0.5, [0.05, 0.95]))
    counted = [row for row in rows if row.n >= LEAST_EACH]
    below = sum(row.observed < row.expected for row in counted)
    system = high < expected and len(counted) >= LEAST_PEOPLE and below / len(counted) >= MOST
    rate = passed / chances
    return TeamStep(
        key,
        passed,
        chances,
        rate,
        expected,
        low,
        high,
        below,
        len(counted),
        system,
        expected * chances - passed,
        say.team_step_sentence(
            key, rate=rate, expected=expected, below=below, members=len(counted), system=system, clear=high < expected
        ),
    )


def shared_by_the_team(steps: Sequence[TeamStep], key: str) -> TeamStep | None:
    """The step, where most of the team shares its gap; None otherwise."""
    return next((step for step in steps if step.key == key and step.system), None)
